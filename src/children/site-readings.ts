// What a site's arguments say: each combination of their alternatives read as a child, a document, or a name that stays hidden.
import type { ModuleFlow } from '../code/flow.ts';
import type { Outward } from '../code/outward.ts';
import type { Piece, TextPath } from '../code/pieces.ts';
import {
  type NamedChild,
  type OwnImage,
  type Reading,
  readApplication,
  readCommandLine,
  readFile,
} from './child-name.ts';
import { markedText, shown } from './command-text.ts';
import { opened } from './opened-by.ts';
import { commandInShell, isShell, programsInCommand } from './shell.ts';
import { type ArgumentValue, openArguments, readArguments, type SiteValues } from './site-values.ts';
import type { Site } from './sites.ts';

/** A site's arguments as one way of callers gives them. */
export interface OpenWay {
  readonly values: SiteValues;
  readonly via: readonly number[];
}

/** The site's arguments, as the function itself has them where that says all, else in every way that callers give. */
export function waysTo(site: Site, outward: Outward, flow: ModuleFlow, own: OwnImage): readonly OpenWay[] {
  if (!site.call) return [];
  flow.beginSite();
  const here = openArguments(site.sink, flow.table, readArguments(site.sink, site.call));
  if (saysAll(readSite(site, here, own)))
    return outward.isReached(site.call, site.function, site.values.testedParameters())
      ? [{ values: here, via: [] }]
      : [];
  const ways = outward.ways(
    site.call,
    site.function,
    () => site.values.testedParameters(),
    (call) => readArguments(site.sink, call),
  );
  return ways.map((way) => ({ values: openArguments(site.sink, flow.table, way.values), via: way.via }));
}

/**
 * Whether callers and global variables have nothing to add: the function names every child itself, or what hides one comes from outside
 * the module. A shell's command is worth asking for.
 */
function saysAll(readings: readonly Reading[]): boolean {
  return readings.length > 0 && readings.every(saysItself);
}

function saysItself(reading: Reading): boolean {
  if (reading.kind === 'document') return true;
  if (reading.kind === 'child') return !isShell(reading.child.image);
  return reading.piece.kind !== 'unknown' || reading.piece.why === 'data' || reading.piece.why === 'callee';
}

/** The reading with the calls on its way as steps. */
export function withVia(reading: Reading, via: readonly number[]): Reading {
  if (via.length === 0) return reading;
  const steps = [...via].reverse().map((site) => ({ site, by: 'caller' }));
  const longer = (path: TextPath): TextPath => ({ ...path, steps: [...steps, ...path.steps] });
  return reading.kind === 'child'
    ? { ...reading, child: { ...reading.child, from: longer(reading.child.from) } }
    : { ...reading, from: longer(reading.from) };
}

/** Readings that say the same, once, each with the texts of all of them; the way that is told is the first. */
export function distinctReadings(readings: readonly Reading[]): ReadonlyMap<Reading, readonly TextPath[]> {
  const seen = new Map<string, { readonly reading: Reading; readonly texts: TextPath[] }>();
  for (const reading of readings) {
    const key =
      reading.kind === 'child'
        ? `c|${reading.child.image}|${reading.child.path}|${reading.child.commandLine}|${reading.child.through}`
        : reading.kind === 'document'
          ? `d|${reading.target}`
          : `h|${JSON.stringify(reading.piece.kind === 'unknown' ? [reading.piece.why, reading.piece.detail] : reading.piece)}`;
    const text = reading.kind === 'child' ? reading.child.from : reading.from;
    const known = seen.get(key);
    if (known) known.texts.push(text);
    else seen.set(key, { reading, texts: [text] });
  }
  return new Map([...seen.values()].map(({ reading, texts }) => [reading, texts]));
}

/** What each combination of a site's alternatives says. */
export function readSite(site: Site, values: SiteValues, own: OwnImage): readonly Reading[] {
  const { application, commandLine, file, parameters } = values;
  const readings: Reading[] = [];
  if (site.sink.shell) {
    for (const path of commandLine?.paths ?? []) readings.push(...inShell('cmd.exe', path, 0, own, `cmd.exe /c `));
    return readings;
  }
  if (file) {
    for (const path of file.paths) {
      const reading = readFile(path, onlyPath(parameters), own);
      readings.push(...opened(reading, 'document'));
      if (reading.kind === 'child' && parameters) {
        for (const line of parameters.paths) readings.push(...shellPrograms(reading.child.image, line, own));
      }
    }
    return readings;
  }
  for (const path of application?.paths ?? []) {
    const reading = readApplication(path, onlyPath(commandLine), own, site.sink.extension);
    readings.push(...opened(reading, undefined));
    if (reading.kind === 'child')
      for (const line of commandLine?.paths ?? []) readings.push(...shellPrograms(reading.child.image, line, own));
  }
  // A run-time function without a program starts none, whatever its arguments are.
  if (site.sink.extension === undefined && (!application || application.none || application.paths.length === 0)) {
    for (const path of commandLine?.paths ?? []) {
      const reading = readCommandLine(path, own);
      readings.push(...opened(reading, undefined));
      if (reading.kind === 'child') readings.push(...shellPrograms(reading.child.image, path, own));
    }
  }
  return readings;
}

function onlyPath(value: ArgumentValue | undefined): TextPath | undefined {
  return value?.paths.length === 1 ? value.paths[0] : undefined;
}

/** The programs inside a shell's own command line. */
function shellPrograms(image: string, line: TextPath, own: OwnImage): readonly Reading[] {
  const marked = markedText(line.pieces);
  const start = commandInShell(image, marked.text);
  return start === undefined ? [] : inShell(undefined, line, start, own, '');
}

function inShell(
  shell: string | undefined,
  line: TextPath,
  from: number,
  own: OwnImage,
  prefix: string,
): readonly Reading[] {
  const marked = markedText(line.pieces);
  const readings: Reading[] = [];
  if (shell) {
    const pattern = shown(
      marked.text,
      (piece) => (piece.kind === 'source' && piece.source === 'own-image' ? own.name : undefined),
      marked.pieceAt,
    );
    readings.push({
      kind: 'child',
      child: {
        image: shell,
        path: `%windir%\\system32\\${shell}`,
        commandLine: `${prefix}${pattern}`,
        confidence: line.assumed ? 'likely' : 'proven',
        from: line,
      },
    });
  }
  const command = marked.text.slice(from);
  for (const { start, end } of programsInCommand(command)) {
    const token = command.slice(start, end);
    const pieces: Piece[] = [
      {
        kind: 'literal',
        text: token,
        rva: line.pieces.find((piece) => piece.kind === 'literal')?.rva ?? 0,
        wide: true,
        immediate: false,
      },
    ];
    if ([...token].some((character) => character >= '\ue000' && character <= '\uf8ff')) continue;
    const reading = readCommandLine({ ...line, pieces }, own);
    if (reading.kind !== 'child') continue;
    const child: NamedChild = { ...reading.child, commandLine: null, through: 'shell', from: line };
    readings.push(...opened({ kind: 'child', child }, 'shell'));
  }
  return readings;
}
