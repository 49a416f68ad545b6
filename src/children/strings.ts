// Every string of an image that names a program, document or URI: single-byte, UTF-16LE and resources, with its address and who refers to it.
import { latin1, utf16le } from '../bytes/text.ts';
import type { PeImage } from '../pe/image.ts';
import { ResourceType } from '../pe/resources.ts';
import { endsWithScheme, type NameInText, programNamesIn, uriScheme } from './names.ts';
import { findRangeReferrers, MOST_REFERRERS, type Operands, type Referrer } from './referrers.ts';

/** A string that names something which can be started. */
export interface FoundString {
  /** RVA of its first character. */
  readonly rva: number;
  readonly text: string;
  readonly encoding: 'utf-16' | 'ansi' | 'resource';
  /** Program and document names in it, in order; empty where the string is a URI. */
  readonly names: readonly NameInText[];
  /** The URI scheme, where the string is one ("ms-settings"). */
  readonly scheme?: string;
  /** At most 16, code before data; those that point into the string have another `target` than `rva`. */
  readonly referrers: readonly Referrer[];
  /** True where the text is longer than what is given here. */
  readonly cut?: boolean;
}

/** Characters looked at before and behind a name. */
const LONGEST = 0x8000;
/** Strings kept of one image; a note says so where there are more. */
const MOST_STRINGS = 20_000;
/** Starts told apart within one run of characters (strings without a zero between them). */
const MOST_STARTS = 8;

const DOT = 0x2e;
const COLON = 0x3a;
const EXTENSIONS = new Set(
  ['exe', 'com', 'scr', 'bat', 'cmd', 'cpl', 'msc', 'pif', 'lnk'].map((e) =>
    pack(e.charCodeAt(0), e.charCodeAt(1), e.charCodeAt(2)),
  ),
);

/** A run of characters around a hit. Offsets are of the file; `loose` is the earliest start that only a referrer can confirm. */
interface Run {
  readonly loose: number;
  readonly start: number;
  readonly end: number;
  readonly wide: boolean;
  readonly cut: boolean;
}

/** Bytes [start, end) of the file that are mapped at `rva`, and whether they are a resource. */
interface Region {
  readonly start: number;
  readonly end: number;
  readonly rva: number;
  readonly resource: boolean;
}

/** The named strings of an image by ascending RVA. Names in the import and export tables, version information and manifest are not strings of the program. */
export function findNamedStrings(image: PeImage, operands?: Operands): readonly FoundString[] {
  const found: FoundString[] = [];
  const runs: (Run & { readonly region: Region })[] = [];
  for (const region of regionsOf(image)) {
    const seen = new Set<number>();
    for (const run of runsIn(image.bytes, region, scriptsOf(image))) {
      if (!seen.has(run.end)) runs.push({ ...run, region });
      seen.add(run.end);
    }
    if (runs.length > MOST_STRINGS) {
      image.note('strings', `more than ${MOST_STRINGS} strings name a program or document; the rest is left out`);
      break;
    }
  }
  const ranges = runs.map(({ loose, end, region }) => ({
    start: region.rva + loose - region.start,
    end: region.rva + end - region.start,
  }));
  const referrers = findRangeReferrers(image, disjoint(ranges), operands);
  for (let i = 0; i < runs.length; i++) found.push(...stringsOf(image, runs[i], runs[i].region, referrers[i]));
  for (const { rva, text } of image.stringTable) {
    const named = nameIt(text);
    if (named !== undefined) found.push({ rva, text, encoding: 'resource', ...named, referrers: [] });
  }
  return withoutTables(image, found).sort((a, b) => a.rva - b.rva);
}

/** Whether any name of a program or document stands in the image: the cheap half of {@link findNamedStrings}, which stops at the first. */
export function hasNamedString(image: PeImage): boolean {
  const own = image.name.toLowerCase();
  const tables = tableNames(image);
  const counts = (text: string): boolean => {
    const named = nameIt(text);
    return named !== undefined && !tables.has(text.toLowerCase()) && text.toLowerCase() !== own;
  };
  if (image.stringTable.some(({ text }) => counts(text))) return true;
  for (const region of regionsOf(image)) {
    for (const run of runsIn(image.bytes, region, scriptsOf(image)))
      if (counts(textOf(image.bytes, run, run.start))) return true;
  }
  return false;
}

/** The strings of one run: one for each address in it that code or data takes as a start, else one from the first plausible character. */
function stringsOf(image: PeImage, run: Run, region: Region, referrers: readonly Referrer[]): FoundString[] {
  const toRva = region.rva - region.start;
  const encoding = region.resource ? 'resource' : run.wide ? 'utf-16' : 'ansi';
  const starts = startsOf(image.bytes, run, referrers, toRva);
  const found: FoundString[] = [];
  for (let i = 0; i < starts.length; i++) {
    const named = nameIt(textOf(image.bytes, run, starts[i]));
    if (named === undefined) continue;
    const rva = starts[i] + toRva;
    const next = i + 1 < starts.length ? starts[i + 1] + toRva : Number.POSITIVE_INFINITY;
    const own = referrers.filter((r) => r.target >= rva && r.target < next).slice(0, MOST_REFERRERS);
    const text = textOf(image.bytes, run, starts[i]);
    found.push({ rva, text, encoding, ...named, referrers: own, ...(run.cut ? { cut: true } : {}) });
  }
  return found;
}

/** File offsets where strings of the run start, ascending, at least one. */
function startsOf(bytes: Uint8Array, run: Run, referrers: readonly Referrer[], toRva: number): readonly number[] {
  const unit = run.wide ? 2 : 1;
  const last = nameIt(textOf(bytes, run, run.start))?.names.at(-1);
  const nameStart = last === undefined ? run.end - unit : run.start + last.start * unit;
  const nameDot = last === undefined ? run.end - unit : run.start + (last.end - last.extension.length - 1) * unit;
  const targets = [
    ...new Set(
      referrers
        .filter((r) => r.kind !== 'read' && (r.target - toRva - run.start) % unit === 0)
        .map((r) => r.target - toRva)
        .sort((a, b) => a - b),
    ),
  ];
  // Up to the name, what is taken as a start is one. Inside the name it is one only if nothing before it is (data that looks like a letter
  // stands before the string; at the dot, an extension alone), and before the plausible characters only if it is text at all.
  const plain = targets.filter((at) => at >= run.start && at <= nameStart);
  if (plain.length > 0) return plain.slice(0, MOST_STARTS);
  const loose = targets.filter((at) => at < run.start && isForeignText(bytes, run, at));
  if (loose.length > 0) return loose.slice(0, 1);
  const inside = targets.find((at) => at > nameStart && at <= nameDot);
  return [inside ?? run.start];
}

// Characters of one script, as words are; addresses, identifiers and single-byte text read as UTF-16 mix them or are Chinese throughout.
const ONE_SCRIPT =
  /^(?:[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]+|\p{sc=Hangul}+|\p{sc=Arabic}+|\p{sc=Hebrew}+|\p{sc=Thai}+|\p{sc=Devanagari}+|\p{sc=Georgian}+|\p{sc=Armenian}+)$/u;

/** Whether the characters before the plausible ones can be words, not a neighbour that happens to read as letters. */
function isForeignText(bytes: Uint8Array, run: Run, start: number): boolean {
  if (!run.wide) return true;
  const stretch = bytes.subarray(start, run.start);
  return !stretch.every((byte) => isPlain(byte, false)) && ONE_SCRIPT.test(utf16le(bytes, start, run.start));
}

function nameIt(text: string): { names: readonly NameInText[]; scheme?: string } | undefined {
  const scheme = uriScheme(text);
  if (scheme !== undefined) return { names: [], scheme };
  const names = programNamesIn(text);
  return names.length > 0 ? { names } : undefined;
}

function textOf(bytes: Uint8Array, run: Run, start: number): string {
  return run.wide ? utf16le(bytes, start, run.end) : latin1(bytes, start, run.end);
}

/** What the loader's own tables hold: imported modules with the extension .exe or .cpl, and the image's name in its export table. */
function tableNames(image: PeImage): ReadonlySet<string> {
  const names = new Set(image.importedModules.map((m) => m.name.toLowerCase()));
  if (image.exports !== undefined) names.add(image.exports.name.toLowerCase());
  return names;
}

function withoutTables(image: PeImage, found: FoundString[]): FoundString[] {
  const tables = tableNames(image);
  return found.filter((s) => s.encoding !== 'ansi' || s.referrers.length > 0 || !tables.has(s.text.toLowerCase()));
}

/** Resource types that hold no text of the program: cursors, bitmaps, icons, fonts, accelerators; and those read elsewhere (string table) or that describe the file. */
const SILENT_RESOURCES: ReadonlySet<number | string> = new Set([
  1,
  2,
  3,
  7,
  8,
  9,
  12,
  14,
  21,
  22,
  ResourceType.string,
  ResourceType.version,
  ResourceType.manifest,
]);
const RESOURCE_DIRECTORY = 2;

/** Where strings may be: every section's bytes, but of the resource directory only the resources that can hold text. */
function regionsOf(image: PeImage): Region[] {
  const regions: Region[] = [];
  const resources = image.directory(RESOURCE_DIRECTORY);
  const add = (rva: number, size: number, resource: boolean): void => {
    const start = image.offsetOf(rva);
    const length = Math.min(size, image.bytesAt(rva));
    if (start >= 0 && length > 0) regions.push({ start, end: start + length, rva, resource });
  };
  for (const { virtualAddress: rva, sizeOfRawData } of image.sections) {
    const end = rva + Math.min(sizeOfRawData, image.bytesAt(rva));
    if (resources === undefined || resources.rva < rva || resources.rva >= end) add(rva, end - rva, false);
    else {
      add(rva, resources.rva - rva, false);
      const behind = Math.min(end, resources.rva + resources.size);
      add(behind, end - behind, false);
    }
  }
  // Resources may lie over one another; together they are not searched for more than the file is long.
  let left = image.bytes.length;
  const seen = new Set<number>();
  for (const { type, rva, size } of image.resources?.resources ?? []) {
    if (SILENT_RESOURCES.has(type) || seen.has(rva)) continue;
    seen.add(rva);
    left -= size;
    if (left < 0) {
      image.note('strings', 'the resources hold more than the file can; they overlap, the rest is not searched');
      break;
    }
    add(rva, size, true);
  }
  return regions;
}

/** Which characters a text may hold: of any script, or only the plain ones. */
type Scripts = 'any' | 'plain';

/** The strings of managed code have no zero between them but a mark and a length (ECMA-335, II.24.2.4), which read as a letter of some script. */
function scriptsOf(image: PeImage): Scripts {
  return image.clr === undefined ? 'any' : 'plain';
}

/** Runs of characters around each extension or URI scheme in a region, in order and apart from one another. */
function* runsIn(bytes: Uint8Array, region: Region, scripts: Scripts): Generator<Run> {
  // Single-byte and UTF-16 runs are told apart: one may stand inside what the other would take for characters.
  const done = { narrow: region.start, wide: region.start };
  const text = bytes.subarray(0, region.end);
  for (const [mark, isHit] of [
    [DOT, extensionAt],
    [COLON, schemeAt],
  ] as const) {
    done.narrow = region.start;
    done.wide = region.start;
    for (let at = text.indexOf(mark, region.start); at >= 0; at = text.indexOf(mark, at + 1)) {
      const wide = text[at + 1] === 0;
      if (at < (wide ? done.wide : done.narrow) || !isHit(text, at, wide, region.start)) continue;
      const run = runAround(text, at, wide, wide ? done.wide : done.narrow, scripts);
      if (wide) done.wide = run.end;
      else done.narrow = run.end;
      yield run;
    }
  }
}

function extensionAt(bytes: Uint8Array, dot: number, wide: boolean): boolean {
  if (!wide) return EXTENSIONS.has(pack(bytes[dot + 1], bytes[dot + 2], bytes[dot + 3]));
  if (bytes[dot + 3] !== 0 || bytes[dot + 5] !== 0 || bytes[dot + 7] !== 0) return false;
  return EXTENSIONS.has(pack(bytes[dot + 2], bytes[dot + 4], bytes[dot + 6]));
}

/** Three letters as a number, in lower case; NaN of a missing byte becomes 0, which no extension holds. */
function pack(a: number, b: number, c: number): number {
  return ((a | 0x20) << 16) | ((b | 0x20) << 8) | (c | 0x20);
}

function schemeAt(bytes: Uint8Array, colon: number, wide: boolean, floor: number): boolean {
  const unit = wide ? 2 : 1;
  let at = colon - unit;
  while (at >= floor && colon - at <= 41 * unit && isSchemeCharacter(bytes[at]) && (!wide || bytes[at + 1] === 0))
    at -= unit;
  if (colon - at <= 2 * unit) return false;
  return endsWithScheme(wide ? utf16le(bytes, at + unit, colon) : latin1(bytes, at + unit, colon));
}

function isSchemeCharacter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x2b && byte <= 0x39);
}

/** The run of characters around a hit at `mark`: back to `floor` at most, ahead to the end of the bytes. */
function runAround(bytes: Uint8Array, mark: number, wide: boolean, floor: number, scripts: Scripts): Run {
  const unit = wide ? 2 : 1;
  const any = scripts === 'any';
  const read = (at: number): number => (wide ? bytes[at] | (bytes[at + 1] << 8) : bytes[at]);
  const first = Math.max(floor, mark - LONGEST * unit);
  const last = Math.min(bytes.length, mark + LONGEST * unit);
  let start = mark;
  while (start - unit >= first && isPlain(read(start - unit), wide)) start -= unit;
  let loose = start;
  while (any && loose - unit >= first && isLetterOfAnyScript(read(loose - unit), wide)) loose -= unit;
  let end = mark;
  while (end + unit <= last && (isPlain(read(end), wide) || (any && wide && isLetterOfAnyScript(read(end), wide))))
    end += unit;
  return {
    loose,
    start,
    end,
    wide,
    cut: start - unit < first && first > floor ? true : end + unit > last && last < bytes.length,
  };
}

/** Characters of program texts that data of another kind seldom looks like: ASCII with tab and line ends; in UTF-16 also Latin, Greek, Cyrillic and typographic ones. */
function isPlain(unit: number, wide: boolean): boolean {
  if (unit < 0x7f) return unit >= 0x20 || unit === 9 || unit === 10 || unit === 13;
  if (!wide) return false;
  return (unit >= 0xa0 && unit <= 0x24f) || (unit >= 0x370 && unit <= 0x52f) || (unit >= 0x2010 && unit <= 0x2026);
}

/**
 * Blocks of letters and marks behind U+052F (Unicode, Blocks.txt), first and last. Whole blocks: the property \p{L} costs a cold start
 * more than all else that is done with strings.
 */
const LETTER_BLOCKS: readonly (readonly [number, number])[] = [
  [0x530, 0x1fff],
  [0x2c00, 0x2dff],
  [0x3041, 0x31bf],
  [0x31f0, 0x31ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xd7ff],
  [0xf900, 0xfdff],
  [0xfe70, 0xfefc],
  [0xff21, 0xff3a],
  [0xff41, 0xff5a],
  [0xff66, 0xffdc],
];

/** Further characters, which other data may look like (two ASCII bytes read as one unit are a Chinese character). */
function isLetterOfAnyScript(unit: number, wide: boolean): boolean {
  if (isPlain(unit, wide)) return true;
  if (!wide) return unit >= 0x80;
  return unit > 0x52f && LETTER_BLOCKS.some(([first, last]) => unit >= first && unit <= last);
}

/** The ranges in the same order, none reaching into another: where two do, the later one begins where the earlier ends. */
function disjoint(ranges: readonly { start: number; end: number }[]): { start: number; end: number }[] {
  const order = ranges
    .map((_, i) => i)
    .sort((a, b) => ranges[a].start - ranges[b].start || ranges[a].end - ranges[b].end);
  const apart = ranges.map(({ start, end }) => ({ start, end }));
  let reached = 0;
  for (const i of order) {
    apart[i].start = Math.min(apart[i].end, Math.max(apart[i].start, reached));
    reached = Math.max(reached, apart[i].end);
  }
  return apart;
}
