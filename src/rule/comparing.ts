// Lists of tests compared with each other, within a bound: what is not compared is taken for what says the least.

import { literalsOf } from './pattern.ts';
import { patternOfTest, testCovers, testsOverlap } from './test-overlap.ts';
import type { ValueTest } from './value-test.ts';

/** Steps of comparing that one rule is worth: seconds at most, a thousand times what a rule of usual size takes. */
const MOST_STEPS = 20_000_000;

/** Of one rule: what it may still cost to compare. */
export class Comparing {
  #left = MOST_STEPS;

  /** There is no end to it: what is not compared yet stays so. */
  get isOver(): boolean {
    return this.#left < 0;
  }

  /** False where it is too much. */
  spend(steps: number): boolean {
    if (this.#left < 0 || steps > this.#left) {
      this.#left = -1;
      return false;
    }
    this.#left -= steps;
    return true;
  }

  /** Whether some value meets one of each list; true also where it cannot be told. */
  overlap(one: readonly ValueTest[], other: readonly ValueTest[]): boolean {
    if (!this.spend(stepsOf(one, other))) return true;
    return one.some((test) => other.some((against) => testsOverlap(test, against)));
  }

  /** Whether every value that meets one of `inner` meets one of `outer`; false also where it cannot be told. */
  covers(outer: readonly ValueTest[], inner: readonly ValueTest[]): boolean {
    if (!this.spend(stepsOf(outer, inner))) return false;
    return inner.every((test) => outer.some((against) => testCovers(against, test)));
  }
}

function stepsOf(one: readonly ValueTest[], other: readonly ValueTest[]): number {
  return one.length * other.length + (lengthOf(one) * lengthOf(other)) / 256;
}

const LENGTHS = new WeakMap<readonly ValueTest[], number>();

/** Of all their texts. */
function lengthOf(tests: readonly ValueTest[]): number {
  let length = LENGTHS.get(tests);
  if (length === undefined) {
    length = 0;
    for (const test of tests) for (const text of literalsOf(patternOfTest(test) ?? [])) length += text.length;
    LENGTHS.set(tests, length);
  }
  return length;
}
