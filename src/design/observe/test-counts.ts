// Counts of tests, kind by kind: which tests events with the action fulfil, in how many, and in how many before. Bounded, whatever the logs hold.

import { type EventKind, EventKinds, logOf, type PlainRecord } from './event-kinds.ts';
import { type FieldTest, isTelling, keysHeld, testKey, testsOf, textHeld } from './field-tests.ts';

/** Tests that are counted, over all kinds; values of one field of one kind; fields of one record. */
export const MOST_TESTS = 200_000;
const MOST_VALUES = 4000;
const MOST_FIELDS = 200;
const LONGEST_NAME = 100;
/** Values of which it is remembered which tests they fulfil. */
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
  /** Of each field its tests for a part in the middle. */
  readonly parts: Map<string, PartTests>;
  /** Values of each field, in lower case; undefined where there are too many. */
  readonly values: Map<string, Set<string> | undefined>;
  /** Fields that events with the action fill, each by how many. */
  readonly filled: Map<string, number>;
}

/** Length of the beginning by which tests for a part are found: no part is shorter. */
const BEGINNING = 2;

/** Tests for a part in the middle of a value, found in one walk over it. */
class PartTests {
  /** By beginning, then by length, then by the part. */
  readonly #by = new Map<string, Map<number, Map<string, CountedTest>>>();

  add(test: CountedTest): void {
    const part = test.test.value.toLowerCase();
    const beginning = part.slice(0, BEGINNING);
    const lengths = this.#by.get(beginning) ?? new Map<number, Map<string, CountedTest>>();
    this.#by.set(beginning, lengths);
    lengths.set(part.length, (lengths.get(part.length) ?? new Map<string, CountedTest>()).set(part, test));
  }

  /** Each once, whose part is in `text`, which is in lower case. */
  in(text: string): ReadonlySet<CountedTest> {
    const found = new Set<CountedTest>();
    for (let at = 0; at + BEGINNING <= text.length; at++)
      for (const [length, parts] of this.#by.get(text.slice(at, at + BEGINNING)) ?? []) {
        const test = parts.get(text.slice(at, at + length));
        if (test) found.add(test);
      }
    return found;
  }
}

/** First {@link learn} of all events with the action, then the counts: so each test is counted in every event that fulfils it, as what is emitted of it would be. */
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
  #remembered = new Map<string, readonly CountedTest[]>();
  readonly #tellingNames = new Map<string, boolean>();

  /** The tests that are counted: those of an event with the action. */
  learn(record: PlainRecord): void {
    const { kind, fields } = this.#of.of(record);
    const counts = this.#countsOf(kind);
    for (const [field, value] of this.#telling(fields)) {
      counts.filled.set(field, (counts.filled.get(field) ?? 0) + 1);
      const isKnown = this.#takesValue(counts, field, value);
      // Of a field with too many values only what is general about them is counted.
      for (const test of testsOf(field, value)) if (isKnown || test.form !== 'value') this.#addTest(counts, test);
    }
  }

  takeAfter(record: PlainRecord): void {
    const of = this.heldBy(record);
    if (!of) return;
    const number = ++this.after;
    of.counts.after++;
    const mark = [mixed(number, 0x9e3779b1), mixed(number, 0x85ebca77)];
    for (const own of of.held) {
      own.after++;
      own.mark[0] = (own.mark[0] + mark[0]) >>> 0;
      own.mark[1] = (own.mark[1] + mark[1]) >>> 0;
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
      for (const own of this.#heldOf(counts, field, value)) held.push(own);
    }
    return held;
  }

  #heldOf(counts: KindCounts, field: string, value: string): readonly CountedTest[] {
    const key = `${counts.kind.key}\n${field}\n${value}`;
    const known = this.#remembered.get(key);
    if (known) return known;
    const held = [
      ...keysHeld(field, value).flatMap((one) => counts.tests.get(one) ?? []),
      ...(counts.parts.get(field)?.in(textHeld(value)) ?? []),
    ];
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered = new Map();
    if (value.length < 300) this.#remembered.set(key, held);
    return held;
  }

  #countsOf(kind: EventKind): KindCounts {
    let counts = this.kinds.get(kind.key);
    if (!counts) {
      counts = { kind, after: 0, before: 0, tests: new Map(), parts: new Map(), values: new Map(), filled: new Map() };
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

  #addTest(counts: KindCounts, test: FieldTest): void {
    const key = testKey(test);
    if (counts.tests.has(key)) return;
    if (this.#tests >= MOST_TESTS) {
      this.left++;
      return;
    }
    const made: CountedTest = { id: this.#tests++, test, after: 0, before: 0, mark: [0, 0] };
    counts.tests.set(key, made);
    if (test.modifier !== 'contains') return;
    const parts = counts.parts.get(test.field) ?? new PartTests();
    counts.parts.set(test.field, parts);
    parts.add(made);
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
}

/** A number spread over 32 bits. */
function mixed(number: number, by: number): number {
  let h = Math.imul(number ^ (number >>> 16), by);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae3d);
  return (h ^ (h >>> 16)) >>> 0;
}
