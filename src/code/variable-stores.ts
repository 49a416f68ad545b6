// All that stores in a variable of a module, and whether something else may: through a pointer to it, or to an object that it may be a part of.
import { importCalled } from './call-instruction.ts';
import type { ModuleFlow } from './flow.ts';
import { READS } from './frame-stores.ts';
import type { FunctionValues } from './function-values.ts';
import { instructionAt } from './functions.ts';
import { BASE_RVA, NONE, Op, Operand, Reg } from './instruction.ts';

/** An instruction that stores in a variable. */
export interface VariableStore {
  /** RVA of the function, and the index of its instruction. */
  readonly start: number;
  readonly values: FunctionValues;
  readonly at: number;
  /** Whether it stores the variable alone, from its first byte on. */
  readonly isExact: boolean;
}

/** Bytes of an object of which a variable may be a field: of what is pointed to before it. */
const OBJECT_SIZE = 0x100;
/** Bytes of what an imported function is given, and may write, at least. */
const SMALL_SIZE = 16;
/** Registers of arguments (x64). */
const ARGUMENTS: ReadonlySet<number> = new Set([Reg.rcx, Reg.rdx, Reg.r8, Reg.r9]);
/** Bytes before a variable at which a store, or an array, may begin that reaches it. */
const WIDEST = 64;
/** Bytes of an immediate that may stand behind an operand: an address relative to the instruction's end is read as that many bytes less. */
const IMMEDIATES = [0, 1, 2, 4];
/** Places that refer to a variable and to what is near. */
const MOST_REFERENCES = 64;

/** What stores in the `size` bytes of a variable; undefined where not all of it can be told. */
export function variableStores(flow: ModuleFlow, rva: number, size: number): readonly VariableStore[] | undefined {
  const { image, references } = flow;
  const { data, addresses } = references;
  if (data.full || addresses.full || isPartOfObject(flow, rva)) return undefined;
  const places = new Set<number>();
  const before = image.is64 ? Math.max(...IMMEDIATES) : 0;
  const end = rva + size;
  let target = data.firstTargetBetween(rva - WIDEST - before, end);
  for (; target < end; target = data.firstTargetBetween(target, end))
    for (const place of data.to(target)) if (places.add(place).size > MOST_REFERENCES) return undefined;
  const stores: VariableStore[] = [];
  for (const place of places) {
    const found = referredAt(flow, place, rva, size);
    if (found === undefined) return undefined;
    stores.push(...found);
  }
  return stores;
}

/** Whether a pointer may lead to a variable, or to an object before it that it may be a field of. */
function isPartOfObject(flow: ModuleFlow, rva: number): boolean {
  const { image } = flow;
  const { addresses } = flow.references;
  // The cookie of the load configuration is a variable of its own: no object lies across it.
  const cookie = image.loadConfig?.securityCookie ?? -1;
  const from = Math.max(rva - OBJECT_SIZE, cookie < rva ? cookie : 0) + 1;
  if (image.exports?.symbols.some((symbol) => symbol.rva >= from && symbol.rva <= rva)) return true;
  if (flow.isPointedTo(rva, rva - from)) return true;
  for (let at = addresses.firstTargetBetween(from - 1, rva + 1); at <= rva; ) {
    const isOwn = rva - at >= SMALL_SIZE && addresses.to(at).every((place) => isGivenToImport(flow, place));
    if (!isOwn) return true;
    at = addresses.firstTargetBetween(at, rva + 1);
  }
  return false;
}

/** Whether the address that an instruction takes goes to an imported function at once, and nowhere else: what that one writes is of its own kind, and no variable behind it. */
function isGivenToImport(flow: ModuleFlow, place: number): boolean {
  const values = flow.values(flow.functionHolding(place));
  const i = values ? instructionAround(values, place) : -1;
  if (!values || i < 0) return false;
  const { op, dst, src, base, index } = values.code;
  const { blocks } = values.reaching.body;
  const r = dst[i];
  if (op[i] !== Op.lea || !ARGUMENTS.has(r)) return false;
  for (let k = i + 1; k < blocks[values.reaching.blockOf[i]].end; k++) {
    if (op[k] === Op.call) return importCalled(values, flow, k) !== undefined;
    if (src[k] === r || dst[k] === r || base[k] === r || index[k] === r) return false;
  }
  return false;
}

/** The instruction whose operand stands at `place`; -1 where none does. */
function instructionAround({ code }: FunctionValues, place: number): number {
  let i = -1;
  for (let back = 1; back < 12 && i < 0; back++) i = instructionAt(code, place - back);
  return i >= 0 && place + 4 <= code.rva[i] + code.length[i] ? i : -1;
}

/** What the instruction whose operand stands at `place` stores in the variable; undefined where it does something else than reading and writing. */
function referredAt(flow: ModuleFlow, place: number, rva: number, size: number): readonly VariableStore[] | undefined {
  const start = flow.functionHolding(place);
  const values = flow.values(start);
  if (!values) return undefined;
  const { code } = values;
  const { op, dst, src, base, index, disp } = code;
  const i = instructionAround(values, place);
  if (i < 0) return undefined;
  const { imageBase } = flow.image;
  const isNear = (at: number): boolean => at > rva - WIDEST && at < rva + size;
  const isTaken = src[i] === Operand.immediate && isNear((code.immLo[i] >>> 0) - imageBase);
  if (isTaken && op[i] !== Op.cmp && op[i] !== Op.test) return undefined;
  const isStore =
    (dst[i] === Operand.memory && !READS.has(op[i])) ||
    (src[i] === Operand.memory && (op[i] === Op.xchg || op[i] === Op.exchange));
  if (base[i] !== BASE_RVA) {
    // An array (x86): an element of it may be what is called the variable.
    const isArray = index[i] !== NONE && isNear((disp[i] >>> 0) - imageBase);
    return isArray && (isStore || op[i] === Op.lea) ? undefined : [];
  }
  const to = disp[i] >>> 0;
  if (!isNear(to)) return [];
  // Addresses at or before the variable have been looked at.
  if (op[i] === Op.lea) return to > rva ? undefined : [];
  if (index[i] !== NONE && isStore) return undefined;
  if (!isStore || to + code.size[i] <= rva) return [];
  return [{ start, values, at: i, isExact: to === rva && code.size[i] <= size }];
}
