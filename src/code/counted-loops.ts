// The values that a register takes in a short loop that counts, or walks a table, up to a number that the loop's end compares it with.
import { comparison, operand } from './definitions.ts';
import type { Frame } from './frame.ts';
import { NONE, Op, Operand } from './instruction.ts';
import { mergeBlock, type Reaching } from './reaching.ts';
import { UNSET, type ValueId } from './values.ts';

/** Rounds of a loop that are told apart: as many as a value may have alternatives. */
const ROUND_LIMIT = 12;
/** Bytes of the narrowest register that counts. */
const COUNTER_SIZE = 4;
/** Condition codes: below, not equal, below or equal, less, less or equal. */
const BELOW = 2;
const NOT_EQUAL = 5;
const BELOW_OR_EQUAL = 6;
const LESS = 12;
const LESS_OR_EQUAL = 14;
const GOES_ON: ReadonlySet<number> = new Set([BELOW, NOT_EQUAL, BELOW_OR_EQUAL, LESS, LESS_OR_EQUAL]);

/** How a register goes around a loop: what it holds on entry, what each round adds, and the instruction that adds it. */
interface Steps {
  /** Name of what the register holds when the loop is entered. */
  readonly from: number;
  readonly step: number;
  readonly moved: number;
  /** The block from which it goes around. */
  readonly latch: number;
}

/** The comparison at the end of a loop. */
interface Test {
  readonly at: number;
  readonly cc: number;
  /** The register that it compares, and the operand that is the end. */
  readonly counter: number;
  readonly end: number;
}

/**
 * What register `r` takes at the merge `root`, one value a round; UNSET where that is no such loop. It is compared with an end itself, or walks
 * beside another that is. Only steps of pointers count: what goes by characters or bytes is a text. `named` tells what a register holds by a name.
 */
export function countedValues(
  frame: Frame,
  r: number,
  root: number,
  named: (r: number, name: number) => ValueId,
): ValueId {
  const { table } = frame;
  const { pointerSize } = frame.initial;
  const steps = stepsAt(frame, r, root, pointerSize);
  if (!steps || steps.step <= 0 || steps.step % pointerSize !== 0) return UNSET;
  const test = testAt(frame, steps.latch, root, r);
  const counting = test && (test.counter === r ? steps : stepsAt(frame, test.counter, root, COUNTER_SIZE));
  if (!test || !counting || (test.at !== counting.moved && frame.reaching.at(test.counter, test.at) !== counting.moved))
    return UNSET;
  const start = table.number(named(r, steps.from));
  const rounds = roundsOf(frame, test, counting, (name) => named(test.counter, name));
  if (start === undefined || !Number.isSafeInteger(start) || rounds === undefined) return UNSET;
  const values: ValueId[] = [];
  for (let k = 0; k < rounds; k++) values.push(table.constant(start + k * steps.step));
  return table.choice(values);
}

/** How often a loop goes around by its counter; undefined where that is not known, only once, or too often. */
function roundsOf(
  frame: Frame,
  test: Test,
  { from, step, moved }: Steps,
  named: (name: number) => ValueId,
): number | undefined {
  const { code, table } = frame;
  const first = table.number(named(from));
  // What is taken off until nothing is left.
  const end = test.at === moved ? 0 : table.number(operand(frame, test.at, test.end, code.size[test.at]));
  if (first === undefined || end === undefined || !Number.isSafeInteger(first) || !Number.isSafeInteger(end))
    return undefined;
  const withEnd = test.cc === BELOW_OR_EQUAL || test.cc === LESS_OR_EQUAL;
  const rounds = (end - first) / step + (withEnd ? 1 : 0);
  if (test.cc === NOT_EQUAL && !Number.isInteger(rounds)) return undefined;
  return rounds <= 1 || rounds > ROUND_LIMIT ? undefined : withEnd ? Math.floor(rounds) : Math.ceil(rounds);
}

/** Reads off the instructions how register `r` goes around the loop at a merge; undefined where it is not by steps. */
function stepsAt(frame: Frame, r: number, root: number, size: number): Steps | undefined {
  const { code, reaching } = frame;
  const ways = waysAt(reaching, r, mergeBlock(root));
  if (!ways) return undefined;
  const { latch, from, moved } = ways;
  if (code.dst[moved] !== r || code.size[moved] < size || reaching.at(r, moved) !== root) return undefined;
  switch (code.op[moved]) {
    case Op.add:
      return code.src[moved] === Operand.immediate ? { from, step: code.immLo[moved], moved, latch } : undefined;
    case Op.sub:
      return code.src[moved] === Operand.immediate ? { from, step: -code.immLo[moved], moved, latch } : undefined;
    case Op.inc:
      return { from, step: 1, moved, latch };
    case Op.lea:
      return code.base[moved] === r && code.index[moved] === NONE
        ? { from, step: code.disp[moved], moved, latch }
        : undefined;
    default:
      return undefined;
  }
}

/** Reads the comparison off by which a loop goes around once more; register `r` may stand on either side of it. */
function testAt(frame: Frame, latch: number, root: number, r: number): Test | undefined {
  const { code, reaching } = frame;
  const last = reaching.body.blocks[latch].end - 1;
  if (code.op[last] !== Op.jcc) return undefined;
  const jumps = code.target[last] === code.rva[reaching.body.blocks[mergeBlock(root)].first];
  // Where the jump leads out, the loop goes on when its condition does not hold.
  const cc = jumps ? code.cc[last] : code.cc[last] ^ 1;
  if (!GOES_ON.has(cc)) return undefined;
  const at = comparison(frame, last);
  if (at < 0 || code.dst[at] >= 16 || code.size[at] < COUNTER_SIZE) return undefined;
  if (code.op[at] !== Op.cmp && (code.op[at] !== Op.sub || cc !== NOT_EQUAL)) return undefined;
  const turned = cc === NOT_EQUAL && code.op[at] === Op.cmp && code.src[at] === r;
  return { at, cc, counter: turned ? r : code.dst[at], end: turned ? code.dst[at] : code.src[at] };
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
