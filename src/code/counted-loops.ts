// The values that a register takes in a short loop that counts, or walks a table, up to a number that the loop's end compares it with.
import { comparison, operand } from './definitions.ts';
import type { Frame } from './frame.ts';
import { NONE, Op, Operand } from './instruction.ts';
import { mergeBlock, type Reaching } from './reaching.ts';
import { UNSET, type ValueId } from './values.ts';

/** Rounds of a loop that are told apart: as many as a value may have alternatives. */
const ROUND_LIMIT = 12;
/** Condition codes: below, not equal, less. */
const BELOW = 2;
const NOT_EQUAL = 5;
const LESS = 12;

/** A loop that goes on while its register, moved by `step`, compares by `cc` at instruction `at`. */
interface Count {
  /** Name of what the register holds when the loop is entered. */
  readonly from: number;
  readonly step: number;
  readonly at: number;
  readonly cc: number;
}

/**
 * What register `r` takes at the merge `root`, one value a round; UNSET where that is no such loop. Only steps of pointers count: what goes by
 * characters or bytes is a text. `named` tells what the register holds by a name.
 */
export function countedValues(frame: Frame, r: number, root: number, named: (name: number) => ValueId): ValueId {
  const { table } = frame;
  const { pointerSize } = frame.initial;
  const count = countAt(frame, r, root);
  if (!count || count.step <= 0 || count.step % pointerSize !== 0) return UNSET;
  const start = table.number(named(count.from));
  if (start === undefined) return UNSET;
  const end = table.number(operand(frame, count.at, frame.code.src[count.at], pointerSize));
  if (end === undefined || !Number.isSafeInteger(start) || !Number.isSafeInteger(end)) return UNSET;
  const rounds = (end - start) / count.step;
  if (rounds <= 1 || rounds > ROUND_LIMIT) return UNSET;
  if (count.cc === NOT_EQUAL && !Number.isInteger(rounds)) return UNSET;
  const values: ValueId[] = [];
  for (let value = start; value < end; value += count.step) values.push(table.constant(value));
  return table.choice(values);
}

/** Reads the loop at a merge off its instructions. */
function countAt(frame: Frame, r: number, root: number): Count | undefined {
  const { code, reaching, initial } = frame;
  const head = mergeBlock(root);
  const ways = waysAt(reaching, r, head);
  if (!ways) return undefined;
  const { latch, from, moved } = ways;
  const adds = code.op[moved] === Op.add && code.dst[moved] === r && code.src[moved] === Operand.immediate;
  const leads =
    code.op[moved] === Op.lea && code.dst[moved] === r && code.base[moved] === r && code.index[moved] === NONE;
  if ((!adds && !leads) || code.size[moved] !== initial.pointerSize || reaching.at(r, moved) !== root) return undefined;
  const last = reaching.body.blocks[latch].end - 1;
  const cc = code.cc[last];
  if (code.op[last] !== Op.jcc || code.target[last] !== code.rva[reaching.body.blocks[head].first]) return undefined;
  if (cc !== BELOW && cc !== NOT_EQUAL && cc !== LESS) return undefined;
  const at = comparison(frame, last);
  if (at < 0 || code.op[at] !== Op.cmp || code.dst[at] !== r || code.size[at] !== initial.pointerSize) return undefined;
  if (reaching.at(r, at) !== moved) return undefined;
  return { from, step: adds ? code.immLo[moved] : code.disp[moved], at, cc };
}

/** The only way around a loop, what comes in from outside it, and the instruction that makes what comes around. */
function waysAt(
  reaching: Reaching,
  r: number,
  head: number,
): { readonly latch: number; readonly from: number; readonly moved: number } | undefined {
  let latch = -1;
  let from: number | undefined;
  for (let e = reaching.beforeAt[head]; e < reaching.beforeAt[head + 1]; e++) {
    const b = reaching.before[e];
    if (b >= head) {
      if (latch >= 0) return undefined;
      latch = b;
    } else {
      const name = reaching.atEnd(r, b);
      if (from !== undefined && from !== name) return undefined;
      from = name;
    }
  }
  if (latch < 0 || from === undefined) return undefined;
  const moved = reaching.atEnd(r, latch);
  return moved < 0 ? undefined : { latch, from, moved };
}
