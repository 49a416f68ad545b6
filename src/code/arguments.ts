// Where arguments are: in which registers and places of the stack, by index, for x64 and x86.
import { Reg } from './instruction.ts';

/** Registers that hold the first arguments (Microsoft x64), by index. */
export const REGISTER_ARGUMENTS: readonly number[] = [Reg.rcx, Reg.rdx, Reg.r8, Reg.r9];
/** Index of ecx as an argument of an x86 function (thiscall, fastcall); edx comes behind it. The lower indices are places on the stack. */
const FIRST_REGISTER_32 = 32;
const REGISTERS_32: readonly number[] = [Reg.rcx, Reg.rdx];

/** The register that holds an argument; undefined for one on the stack. */
export function registerOfIndex(index: number, pointerSize: 4 | 8): number | undefined {
  return pointerSize === 8 ? REGISTER_ARGUMENTS[index] : REGISTERS_32[index - FIRST_REGISTER_32];
}

/** The index of the argument that a register holds on entry; -1 where it holds none. */
export function indexOfRegister(register: number, pointerSize: 4 | 8): number {
  if (pointerSize === 8) return REGISTER_ARGUMENTS.indexOf(register);
  const place = REGISTERS_32.indexOf(register);
  return place < 0 ? -1 : FIRST_REGISTER_32 + place;
}

/** The indices at which a function may get the object that it works on: the first argument, and the one of thiscall (x86). */
export function objectIndices(pointerSize: 4 | 8): readonly number[] {
  return pointerSize === 8 ? [0] : [0, FIRST_REGISTER_32];
}

/** The lists of {@link argumentIndices} that were asked for, by number of arguments. */
const INDICES: Readonly<Record<4 | 8, (readonly number[])[]>> = { 4: [], 8: [] };

/** The indices of the arguments that a function of the module may take, when `given` are looked at by position. */
export function argumentIndices(given: number, pointerSize: 4 | 8): readonly number[] {
  const known = INDICES[pointerSize][given];
  if (known) return known;
  const indices = Array.from({ length: given }, (_, i) => i);
  if (pointerSize === 4) for (let i = 0; i < REGISTERS_32.length; i++) indices.push(FIRST_REGISTER_32 + i);
  INDICES[pointerSize][given] = indices;
  return indices;
}
