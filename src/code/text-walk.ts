// The loop that a compiler puts in place of wcscmp: it walks over two texts as long as their characters are the same, up to the end of one.
import { comparison } from './definitions.ts';
import type { Dominators } from './dominators.ts';
import type { FunctionValues } from './function-values.ts';
import { Op, Operand } from './instruction.ts';
import { characterRead, charactersCompared } from './text-comparison.ts';

export interface TextWalk {
  /** The comparison of the first characters. */
  readonly compare: number;
  /** The blocks of the loop. */
  readonly loop: ReadonlySet<number>;
}

/** A block that the loop is left from: by a jump where two characters differ, or where one is the end of a text. */
interface Exit {
  readonly block: number;
  readonly compare: number;
  /** Where control goes if the characters are the same; -1 at the end of a text. */
  readonly same: number;
  /** The instructions that read the characters. */
  readonly reads: readonly number[];
}

/** Condition codes of je and jne. */
const EQUAL = 4;
const NOT_EQUAL = 5;

/**
 * The walk that block `b` is in; undefined where it is in none. Nothing but these may end it: characters that differ, and the end of a text
 * in a character that was just found the same, so that it is the end of both. What looks at the next character of the one text ends where
 * that one is the shorter.
 */
export function textWalkAround(values: FunctionValues, dominators: Dominators, b: number): TextWalk | undefined {
  const loop = dominators.loopAround(b);
  const { blocks } = values.reaching.body;
  const exits: Exit[] = [];
  for (const block of loop) {
    if (!blocks[block]?.next.some((to) => !loop.has(to))) continue;
    const exit = exitOf(values, loop, block);
    if (!exit) return undefined;
    exits.push(exit);
  }
  const compares = exits.filter(({ same }) => same >= 0);
  const ends = exits.filter(({ same }) => same < 0);
  const isJustCompared = ({ block, reads: [read] }: Exit): boolean =>
    compares.some(
      ({ same, reads }) =>
        reads.includes(read) && dominators.before(same).length === 1 && dominators.dominates(same, block),
    );
  if (ends.length === 0 || !ends.every(isJustCompared)) return undefined;
  const first = compares.find(({ block }) => exits.every((exit) => dominators.dominates(block, exit.block)));
  return first && { compare: first.compare, loop };
}

function exitOf(values: FunctionValues, loop: ReadonlySet<number>, block: number): Exit | undefined {
  const { code, reaching } = values;
  const { end, next } = reaching.body.blocks[block];
  const jump = end - 1;
  const { op, cc } = code;
  const k = op[jump] === Op.jcc && next.length === 2 ? comparison(values, jump) : -1;
  if (k < 0 || (cc[jump] !== EQUAL && cc[jump] !== NOT_EQUAL)) return undefined;
  const goesBy = next.find((to) => isTarget(values, jump, to) === (cc[jump] === EQUAL)) ?? -1;
  const compared = charactersCompared(values, k);
  if (compared) {
    const isLeft = loop.has(goesBy);
    return isLeft ? { block, compare: k, same: goesBy, reads: [compared.left, compared.right] } : undefined;
  }
  const read = endRead(values, k);
  if (read < 0 || loop.has(goesBy)) return undefined;
  return { block, compare: k, same: -1, reads: [read] };
}

/** The instruction that reads the character that instruction `k` compares with the end of a text; -1 where it compares something else. */
export function endRead(values: FunctionValues, k: number): number {
  const { op, dst, src, size, immLo } = values.code;
  const isZero =
    (op[k] === Op.test && dst[k] === src[k]) || (op[k] === Op.cmp && src[k] === Operand.immediate && immLo[k] === 0);
  const read = isZero ? characterRead(values, dst[k], k) : -1;
  return read >= 0 && size[k] >= size[read] ? read : -1;
}

/** Whether a block is where the jump of instruction `i` goes to. */
export function isTarget({ code, reaching }: FunctionValues, i: number, block: number): boolean {
  return code.rva[reaching.body.blocks[block].first] === code.target[i];
}
