// Counts of tests, kind by kind: which tests events with the action fulfil, in how many, and in how many before. Bounded, whatever the logs hold.

import { type EventKind, EventKinds, logOf, type PlainRecord } from './event-kinds.ts';
import { type FieldTest, isTelling, testKey, testsOf } from './field-tests.ts';

/** Tests that are counted, over all kinds; values of one field of one kind; fields of one record. */
export const MOST_TESTS = 200_000;
const MOST_VALUES = 4000;
const MOST_FIELDS = 200;
const LONGEST_NAME = 100;
/** Values whose tests are remembered. */
const MOST_REMEMBERED = 20_000;

export interface CountedTest {
  readonly id: number;
  readonly test: FieldTest;
  after: number;
  before: number;
  /** The same for tests that hold in the same events: two sums over their numbers. */
  readonly mark: [number, number];
}

export interface KindCounts {
  readonly kind: EventKind;
  after: number;
  before: number;
  readonly tests: Map<string, CountedTest>;
  /** Values of each field, in lower case; undefined where there are too many. */
  readonly values: Map<string, Set<string> | undefined>;
  /** Fields that events with the action fill, each by how many. */
  readonly filled: Map<string, number>;
}

export class TestCounts {
  readonly kinds = new Map<string, KindCounts>();
  /** Events of each log before, by its channel in lower case. */
  readonly channels = new Map<string, number>();
  before = 0;
  after = 0;
  /** Fields with too many values, as "EventCode=10: TargetImage"; tests that found no place. */
  readonly crowded = new Set<string>();
  left = 0;
  readonly #of = new EventKinds();
  #tests = 0;
  #remembered = new Map<string, readonly FieldTest[]>();
  readonly #tellingNames = new Map<string, boolean>();

  takeAfter(record: PlainRecord): void {
    const { kind, fields } = this.#of.of(record);
    const counts = this.#countsOf(kind);
    const number = ++this.after;
    counts.after++;
    const mark = [mixed(number, 0x9e3779b1), mixed(number, 0x85ebca77)];
    for (const [field, value] of this.#telling(fields)) {
      counts.filled.set(field, (counts.filled.get(field) ?? 0) + 1);
      const isKnown = this.#takesValue(counts, field, value);
      for (const test of this.#testsOf(field, value)) {
        // Of a field with too many values only what is general about them is counted.
        if (!isKnown && test.form === 'value') continue;
        const own = this.#counted(counts, test);
        if (!own) continue;
        own.after++;
        own.mark[0] = (own.mark[0] + mark[0]) >>> 0;
        own.mark[1] = (own.mark[1] + mark[1]) >>> 0;
      }
    }
  }

  takeBefore(record: PlainRecord): void {
    const { kind, fields } = this.#of.of(record);
    this.before++;
    const channel = logOf(kind);
    if (this.channels.has(channel) || this.channels.size < MOST_VALUES)
      this.channels.set(channel, (this.channels.get(channel) ?? 0) + 1);
    const counts = this.kinds.get(kind.key);
    if (!counts) return;
    counts.before++;
    for (const one of this.#held(counts, fields)) one.before++;
  }

  /** The tests of `counts` that a record fulfils. */
  heldBy(record: PlainRecord): { counts: KindCounts; held: readonly CountedTest[] } | undefined {
    const { kind, fields } = this.#of.of(record);
    const counts = this.kinds.get(kind.key);
    return counts && { counts, held: this.#held(counts, fields) };
  }

  #held(counts: KindCounts, fields: PlainRecord): readonly CountedTest[] {
    const held: CountedTest[] = [];
    for (const [field, value] of this.#telling(fields)) {
      if (!counts.filled.has(field)) continue;
      for (const test of this.#testsOf(field, value)) {
        const own = counts.tests.get(testKey(test));
        if (own) held.push(own);
      }
    }
    return held;
  }

  #countsOf(kind: EventKind): KindCounts {
    let counts = this.kinds.get(kind.key);
    if (!counts) {
      counts = { kind, after: 0, before: 0, tests: new Map(), values: new Map(), filled: new Map() };
      this.kinds.set(kind.key, counts);
    }
    return counts;
  }

  #takesValue(counts: KindCounts, field: string, value: string): boolean {
    let values = counts.values.get(field);
    if (!values) {
      if (counts.values.has(field)) return false;
      values = new Set();
      counts.values.set(field, values);
    }
    values.add(value.toLowerCase().slice(0, 200));
    if (values.size <= MOST_VALUES) return true;
    counts.values.set(field, undefined);
    if (this.crowded.size < MOST_FIELDS)
      this.crowded.add(`${counts.kind.eventId ?? counts.kind.operation ?? ''} ${field}`.trim());
    return false;
  }

  #counted(counts: KindCounts, test: FieldTest): CountedTest | undefined {
    const key = testKey(test);
    const known = counts.tests.get(key);
    if (known) return known;
    if (this.#tests >= MOST_TESTS) {
      this.left++;
      return undefined;
    }
    const made: CountedTest = { id: this.#tests++, test, after: 0, before: 0, mark: [0, 0] };
    counts.tests.set(key, made);
    return made;
  }

  *#telling(fields: PlainRecord): Generator<readonly [string, string]> {
    let count = 0;
    for (const entry of fields) {
      if (count === MOST_FIELDS) return;
      if (!this.#isTelling(entry[0])) continue;
      count++;
      yield entry;
    }
  }

  #isTelling(field: string): boolean {
    let is = this.#tellingNames.get(field);
    if (is === undefined) {
      // These two are the kind itself.
      is = field.length <= LONGEST_NAME && field !== 'Channel' && field !== 'EventID' && isTelling(field);
      if (this.#tellingNames.size < MOST_REMEMBERED) this.#tellingNames.set(field, is);
    }
    return is;
  }

  #testsOf(field: string, value: string): readonly FieldTest[] {
    const key = `${field}\n${value}`;
    const known = this.#remembered.get(key);
    if (known) return known;
    const tests = testsOf(field, value);
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered = new Map();
    if (value.length < 300) this.#remembered.set(key, tests);
    return tests;
  }
}

/** A number spread over 32 bits. */
function mixed(number: number, by: number): number {
  let h = Math.imul(number ^ (number >>> 16), by);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae3d);
  return (h ^ (h >>> 16)) >>> 0;
}
