// Where functions begin that no .pdata lists: call targets, exports, what the loader knows, and addresses of code in data or in operands.
import type { PeImage } from '../pe/image.ts';
import { sectionStretches } from '../pe/section-stretches.ts';
import { firstAtLeast } from './ascending.ts';
import type { References } from './references.ts';

/** Opcode of a call with a relative target. */
const CALL = 0xe8;
const NEAR_RETURN = 0xc3;
const NEAR_RETURN_POPPING = 0xc2;
const INT3 = 0xcc;
const NOP = 0x90;
const UD2 = 0x0b0f;
/** jmp [index*4 + table]: the opcode, the ModRM byte, and what the SIB byte is without its index register. */
const JUMP = 0xff;
const JUMP_BY_SIB = 0x24;
const SCALE_4_NO_BASE = 0x85;
const TABLE_LIMIT = 1024;
const PUSH_EBP = 0x55;
/** The two encodings of `mov ebp, esp`, and `mov edi, edi`, as little-endian words. */
const MOV_EBP_ESP = 0xec8b;
const MOV_EBP_ESP_STORE = 0xe589;
const MOV_EDI_EDI = 0xff8b;

/** Starts of functions, ascending; `certain` are those that something calls or names as a function, or that begin behind another's end. */
export interface Entries {
  readonly all: readonly number[];
  readonly certain: ReadonlySet<number>;
}

/** Reads the entries of an image; `isListed` says what .pdata covers already, `symbols` are where symbols say that functions begin. */
export function readEntries(
  image: PeImage,
  references: References,
  isListed: (rva: number) => boolean,
  symbols: Iterable<number>,
): Entries {
  const certain = new Set<number>();
  const possible = new Set<number>();
  const isEntry = (rva: number): boolean => rva > 0 && image.isCode(rva) && !isListed(rva);
  const add = (rva: number): void => {
    if (isEntry(rva)) certain.add(rva);
  };
  const { calls } = references;
  if (image.is64) calls.distinctTargets().forEach(add);
  else addCalled(image, references, add, (rva) => void (isEntry(rva) && possible.add(rva)));
  add(image.entryPoint);
  for (const start of symbols) add(start);
  for (const symbol of image.exports?.symbols ?? []) if (symbol.forwarder === undefined) add(symbol.rva);
  image.tlsCallbacks.forEach(add);
  image.loadConfig?.guardCFFunctionTable.forEach(add);
  const labels = image.is64 ? new Set<number>() : jumpLabels(image, references);
  const named = (rva: number): void => {
    if (!isEntry(rva) || labels.has(rva)) return;
    if (image.is64 || isBehindEnd(image, rva)) certain.add(rva);
    else possible.add(rva);
  };
  image.pointers.forEach(named);
  if (!image.is64) {
    references.addresses.targets.forEach(named);
    if (image.relocations.length === 0) for (const rva of wordsOfData(image)) named(rva);
  }
  return { all: [...new Set([...certain, ...possible])].sort((a, b) => a - b), certain };
}

/**
 * The targets of calls in x86 code. What was found as a call may be the displacement of another instruction (`push [ebp-0x418]` has the
 * bytes of a call to near by): a function surely begins where two calls lead, or where its first bytes or those before look like it.
 */
function addCalled(
  image: PeImage,
  { calls }: References,
  certain: (rva: number) => void,
  possible: (rva: number) => void,
): void {
  const once = new Set<number>();
  const { places, targets } = calls;
  for (let i = 0; i < places.length; i++) {
    if (image.readU8(places[i]) !== CALL) continue;
    const target = targets[i];
    if (once.has(target) || isBehindEnd(image, target) || isPrologue(image, target)) certain(target);
    else possible(target);
    once.add(target);
  }
}

/** Whether a function begins as compilers have it: `push ebp; mov ebp, esp`, also behind `mov edi, edi`. */
function isPrologue(image: PeImage, rva: number): boolean {
  const at = image.readU16(rva) === MOV_EDI_EDI ? rva + 2 : rva;
  if (image.readU8(at) !== PUSH_EBP) return false;
  const move = image.readU16(at + 1);
  return move === MOV_EBP_ESP || move === MOV_EBP_ESP_STORE;
}

/** Where the aligned words of data lead that are addresses of code: pointers, where no relocations say which words are. */
function* wordsOfData(image: PeImage): Generator<number> {
  for (const { begin, end } of sectionStretches(image, ({ virtualAddress }) => !image.isCode(virtualAddress))) {
    for (let at = begin; at + 4 <= end; at += 4) {
      const to = image.rvaOf(image.readU32(at));
      if (to > 0 && image.isCode(to)) yield to;
    }
  }
}

/** Whether the byte before an address is the end of another function, or padding. */
function isBehindEnd(image: PeImage, rva: number): boolean {
  const before = image.readU8(rva - 1);
  return (
    before === INT3 ||
    before === NOP ||
    before === NEAR_RETURN ||
    image.readU16(rva - 2) === UD2 ||
    image.readU8(rva - 3) === NEAR_RETURN_POPPING ||
    rva % 16 === 0
  );
}

/** Every label that the tables of indexed jumps lead to (x86). */
function jumpLabels(image: PeImage, references: References): ReadonlySet<number> {
  const labels = new Set<number>();
  const { places, targets } = references.data;
  const read = new Set<number>();
  let left = image.bytes.length;
  for (let i = 0; i < places.length && left > 0; i++) {
    if (!isTableJump(image, places[i]) || read.has(targets[i])) continue;
    read.add(targets[i]);
    for (const label of tableLabels(image, references, targets[i])) {
      labels.add(label);
      left -= 4;
    }
  }
  return labels;
}

/** Whether the operand at `place` is the table of an indexed jump. */
function isTableJump(image: PeImage, place: number): boolean {
  return (
    (image.readU8(place - 1) & 0xc7) === SCALE_4_NO_BASE &&
    image.readU8(place - 2) === JUMP_BY_SIB &&
    image.readU8(place - 3) === JUMP
  );
}

/** The addresses of code in a table of 4-byte pointers, up to the next address that an operand names. */
export function tableLabels(image: PeImage, references: References, table: number): readonly number[] {
  const labels: number[] = [];
  const end = references.data.firstTargetBetween(table, table + TABLE_LIMIT * 4);
  for (let at = table; at < end; at += 4) {
    const to = image.rvaOf(image.readU32(at));
    if (to < 0 || !image.isCode(to)) break;
    labels.push(to);
  }
  return labels;
}

/** The nearest entries at or before `rva`, nearest first, at most `count`. */
export function entriesBefore(entries: readonly number[], rva: number, count: number): readonly number[] {
  const behind = firstAtLeast(entries, rva + 1);
  return entries.slice(Math.max(0, behind - count), behind).reverse();
}
