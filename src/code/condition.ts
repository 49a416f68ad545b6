// Whether a condition code holds after a comparison of known values.
import { Op } from './instruction.ts';
import type { ValueTable } from './value-table.ts';
import type { ValueId } from './values.ts';

/** The last comparison: `op` is Op.cmp or Op.test, or 0 when the flags are not known. */
export interface Flags {
  op: number;
  size: number;
  left: ValueId;
  right: ValueId;
}

/** The bits of a byte or a word of two. */
function narrow(size: number): number {
  return size === 1 ? 0xff : 0xffff;
}

/** Whether condition code `cc` holds, when both sides of the last comparison are numbers (or an address is compared with zero). */
export function decide(table: ValueTable, flags: Flags, cc: number): boolean | undefined {
  if (flags.op === 0) return undefined;
  const equality = cc === 4 || cc === 5;
  if (flags.op === Op.test && flags.left === flags.right && equality) {
    const kind = table.node(flags.left).kind;
    if (kind === 'frame') return cc === 5;
  }
  const a = table.number(flags.left);
  const b = table.number(flags.right);
  if (a === undefined || b === undefined) return undefined;
  if (flags.op === Op.test) {
    if (flags.size < 4) {
      const both = a & b & narrow(flags.size);
      return cc === 4 ? both === 0 : cc === 5 ? both !== 0 : undefined;
    }
    if (Math.abs(a) > 0x7fffffff * 2 || Math.abs(b) > 0x7fffffff * 2)
      return a === b && equality ? (cc === 4) === (a === 0) : undefined;
    const both = (a & b) >>> 0;
    if (cc === 4) return both === 0;
    if (cc === 5) return both !== 0;
    if (cc === 8 || cc === 12) return (both | 0) < 0;
    if (cc === 9 || cc === 13) return (both | 0) >= 0;
    if (cc === 14) return (both | 0) <= 0;
    if (cc === 15) return (both | 0) > 0;
    return undefined;
  }
  if (flags.size < 4) {
    const same = ((a ^ b) & narrow(flags.size)) === 0;
    return cc === 4 ? same : cc === 5 ? !same : undefined;
  }
  const signed = (n: number): number => (flags.size === 4 ? n | 0 : n);
  const unsigned = (n: number): number => (flags.size === 4 ? n >>> 0 : n < 0 ? n + 2 ** 64 : n);
  switch (cc) {
    case 2:
      return unsigned(a) < unsigned(b);
    case 3:
      return unsigned(a) >= unsigned(b);
    case 4:
      return signed(a) === signed(b);
    case 5:
      return signed(a) !== signed(b);
    case 6:
      return unsigned(a) <= unsigned(b);
    case 7:
      return unsigned(a) > unsigned(b);
    case 12:
      return signed(a) < signed(b);
    case 13:
      return signed(a) >= signed(b);
    case 14:
      return signed(a) <= signed(b);
    case 15:
      return signed(a) > signed(b);
    default:
      return undefined;
  }
}
