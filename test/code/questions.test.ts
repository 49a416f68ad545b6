// What a question may cost: answers worked out within it are counted, and past its limit it is told that one made an answer unknown.
import { describe, expect, it } from 'vitest';
import { FIRST, PATIENT, SECOND } from '../../src/code/effort.ts';
import { Answers, type Budget, Questions } from '../../src/code/questions.ts';
import { ValueTable } from '../../src/code/value-table.ts';
import { UNKNOWN } from '../../src/code/values.ts';

/** Asks one question that needs `answers` others, no two within one another. */
function askFor(answers: number, ofOne: number): { value: number; limited: boolean } {
  const budget: Budget = { left: 1e6, effort: Number.POSITIVE_INFINITY, pool: 0, depth: 0, short: false };
  const table = new ValueTable(8);
  const questions = new Questions(table, 1e6, ofOne, budget);
  const kept = new Answers();
  const value = questions.ask(kept, 0, () => {
    let last = UNKNOWN;
    for (let key = 1; key <= answers; key++) last = questions.ask(kept, key, () => table.constant(key));
    return last;
  });
  return { value: table.number(value) ?? UNKNOWN, limited: questions.limited };
}

describe('a question', () => {
  it('is answered when what it needs is within its limit', () => {
    expect(askFor(99, 100)).toEqual({ value: 99, limited: false });
  });

  it('is not answered past its limit, and says so', () => {
    expect(askFor(101, 100)).toEqual({ value: UNKNOWN, limited: true });
  });

  it('that comes to its limit may take more when it is asked patiently', () => {
    expect(PATIENT.question).toBeGreaterThan(Math.max(FIRST.question, SECOND.question));
    expect(askFor(PATIENT.question - 1, SECOND.question).limited).toBe(true);
    expect(askFor(PATIENT.question - 1, PATIENT.question).limited).toBe(false);
  });
});
