// How many bytes an operand has, by the size that the opcode tables give it, REX.W, the operand-size prefix and the mode.
import { Size } from './opcode-entry.ts';

/** Operand bytes by size << 3 | REX.W << 2 | 66 << 1 | 64-bit mode; vectors count as SSE's. */
export const SIZES: Uint8Array = operandSizes();

function operandSizes(): Uint8Array {
  const sizes = new Uint8Array(16 * 8);
  for (let k = 0; k < 8; k++) {
    const w = (k & 4) !== 0;
    const small = (k & 2) !== 0 && !w;
    const x64 = (k & 1) !== 0;
    const set = (kind: number, size: number) => {
      sizes[(kind << 3) | k] = size;
    };
    set(Size.v, w ? 8 : small ? 2 : 4);
    set(Size.b, 1);
    set(Size.w, 2);
    set(Size.d, 4);
    set(Size.q, 8);
    set(Size.vec, 16);
    set(Size.y, w && x64 ? 8 : 4);
    set(Size.stack, small ? 2 : x64 ? 8 : 4);
    set(Size.branch, x64 ? 8 : small ? 2 : 4);
    set(Size.o16, 16);
    set(Size.o32, 32);
    set(Size.o64, 64);
    set(Size.db, 4);
    set(Size.dw, 4);
    set(Size.maskWord, w ? 8 : 2);
    set(Size.maskByte, w ? 4 : 1);
  }
  return sizes;
}

/** A branch with operand size 16 stays in the first 64 KiB of the address space. */
export function wrap16(target: number, imageBase: number): number {
  return ((((target + imageBase) & 0xffff) >>> 0) - imageBase) >>> 0;
}
