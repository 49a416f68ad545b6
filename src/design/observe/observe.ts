// What is there only with an action: kinds of events, tests of their fields and pairs of tests, the rarest before first.

import { compareTexts } from '../../bytes/text-order.ts';
import { OBSERVE_SCHEMA, type ObserveDocument, type Proposal, type ProposedTest } from './document.ts';
import { logOf, type PlainRecord } from './event-kinds.ts';
import { type FieldTest, TEST_FORMS } from './field-tests.ts';
import { type CountedTest, type KindCounts, TestCounts } from './test-counts.ts';

/** Tests of one kind that are paired, the rarest before; tests beside a proposal that are told. */
const MOST_PAIRED = 40;
const MOST_ALSO = 8;
/** Pairs that are counted, over all kinds; proposals made of them. */
const MOST_PAIRS = 200_000;
const MOST_PROPOSALS = 10_000;

/** Events with the action and events before it, which are read for each test, and again for pairs; those with the action once more before, for what is to be tested. */
export interface Recordings {
  readonly before: () => AsyncIterable<PlainRecord>;
  readonly after: () => AsyncIterable<PlainRecord>;
}

export interface ObserveOptions {
  /** Hits before that a proposal may have. */
  readonly atMost: number;
  /** Proposals that are told. */
  readonly top: number;
}

interface Found {
  readonly counts: KindCounts;
  readonly tests: readonly CountedTest[];
  readonly also: readonly CountedTest[];
  readonly after: number;
  readonly before: number;
  readonly of: number;
}

/** The same recordings give the same document to the byte. */
export async function observe(
  { before, after }: Recordings,
  { atMost, top }: ObserveOptions,
): Promise<ObserveDocument> {
  const counts = new TestCounts();
  for await (const record of after()) counts.learn(record);
  for await (const record of after()) counts.takeAfter(record);
  for await (const record of before()) counts.takeBefore(record);
  const found: Found[] = [];
  for (const kind of counts.kinds.values()) {
    const of = logBefore(kind, counts);
    // An operation is no log source of its own, and of a log that was not there before nothing is known.
    if (kind.before <= atMost && kind.kind.source === 'event' && of > 0) found.push(kindFound(kind, of));
    else {
      const singles = singlesFound(kind, atMost);
      // A kind of a new log whose fields tell nothing is new all the same.
      found.push(...(singles.length > 0 || kind.before > 0 ? singles : [kindFound(kind, of)]));
    }
  }
  found.push(...(await pairsFound(counts, { before, after }, atMost)));
  const proposals = [...found].sort(byRarity).map(proposalOf);
  return {
    schema: OBSERVE_SCHEMA,
    before: counts.before,
    after: counts.after,
    at_most: atMost,
    proposals: proposals.slice(0, top),
    more: Math.max(0, proposals.length - top),
    notes: notesOf(counts),
  };
}

/** Events before in the log that a kind is of. */
function logBefore({ kind }: KindCounts, { channels }: TestCounts): number {
  return channels.get(logOf(kind)) ?? 0;
}

/** A kind that is hardly there before: the kind itself, with the tests that hold in all its events. */
function kindFound(kind: KindCounts, of: number): Found {
  return {
    counts: kind,
    tests: [],
    also: [...kind.tests.values()].filter(({ after }) => after === kind.after).sort(byForm),
    after: kind.after,
    before: kind.before,
    of,
  };
}

/** Tests that hold in the same events are one proposal, by the most general of them; where nothing is known of before, by the most particular. */
function singlesFound(kind: KindCounts, atMost: number): readonly Found[] {
  const groups = new Map<string, CountedTest[]>();
  for (const one of kind.tests.values()) {
    if (one.before > atMost) continue;
    const key = `${one.after} ${one.mark.join(' ')}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].map((group): Found => {
    const [first, ...also] = group.sort((a, b) =>
      kind.before === 0 ? byParticular(a, b) : a.before - b.before || byForm(a, b),
    );
    return { counts: kind, tests: [first], also, after: first.after, before: first.before, of: kind.before };
  });
}

/** Two tests of different fields that hold together only with the action, though each is there before. */
async function pairsFound(
  counts: TestCounts,
  { before, after }: Recordings,
  atMost: number,
): Promise<readonly Found[]> {
  const paired = new Map<KindCounts, ReadonlySet<CountedTest>>();
  for (const kind of counts.kinds.values()) {
    if (kind.before === 0) continue;
    const tests = [...kind.tests.values()]
      // What holds in every event before tells nothing apart.
      .filter((one) => one.before > atMost && one.before < kind.before)
      .sort((a, b) => a.before - b.before || byForm(a, b))
      .slice(0, MOST_PAIRED);
    if (tests.length > 1) paired.set(kind, new Set(tests));
  }
  if (paired.size === 0) return [];
  const pairs = new Map<
    string,
    {
      kind: KindCounts;
      tests: readonly [CountedTest, CountedTest];
      after: number;
      before: number;
      mark: [number, number];
    }
  >();
  let number = 0;
  for await (const record of after()) {
    number++;
    for (const [kind, one, other] of pairsOf(counts, paired, record)) {
      const key = `${one.id} ${other.id}`;
      if (pairs.size >= MOST_PAIRS && !pairs.has(key)) continue;
      const pair = pairs.get(key) ?? { kind, tests: [one, other], after: 0, before: 0, mark: [0, 0] };
      pair.after++;
      pair.mark[0] = (pair.mark[0] + Math.imul(number, 0x9e3779b1)) >>> 0;
      pair.mark[1] = (pair.mark[1] + Math.imul(number ^ 0x5bd1e995, 0x85ebca77)) >>> 0;
      pairs.set(key, pair);
    }
  }
  for await (const record of before())
    for (const [, one, other] of pairsOf(counts, paired, record)) {
      const pair = pairs.get(`${one.id} ${other.id}`);
      if (pair) pair.before++;
    }
  // Of pairs that hold in the same events the most general.
  const best = new Map<string, Found>();
  const rare = [...pairs.values()]
    .filter((pair) => pair.before <= atMost)
    .sort(
      (a, b) =>
        a.before - b.before ||
        pairForm(a.tests) - pairForm(b.tests) ||
        byForm(a.tests[0], b.tests[0]) ||
        byForm(a.tests[1], b.tests[1]),
    );
  for (const { kind, tests, after: hits, before: earlier, mark } of rare) {
    const key = `${kind.kind.key} ${hits} ${mark.join(' ')}`;
    if (!best.has(key) && best.size < MOST_PROPOSALS)
      best.set(key, { counts: kind, tests, also: [], after: hits, before: earlier, of: kind.before });
  }
  return [...best.values()];
}

function* pairsOf(
  counts: TestCounts,
  paired: ReadonlyMap<KindCounts, ReadonlySet<CountedTest>>,
  record: PlainRecord,
): Generator<readonly [KindCounts, CountedTest, CountedTest]> {
  const of = counts.heldBy(record);
  const wanted = of && paired.get(of.counts);
  if (!wanted) return;
  const held = of.held.filter((one) => wanted.has(one)).sort((a, b) => a.id - b.id);
  for (const [i, one] of held.entries())
    for (const other of held.slice(i + 1)) if (one.test.field !== other.test.field) yield [of.counts, one, other];
}

/** Tests of what is acted on, then the most general. */
function byForm(one: CountedTest, other: CountedTest): number {
  return (
    byObject(one, other) || formOf(one.test) - formOf(other.test) || compareTexts(textOf(one.test), textOf(other.test))
  );
}

function byParticular(one: CountedTest, other: CountedTest): number {
  return (
    byObject(one, other) || formOf(other.test) - formOf(one.test) || compareTexts(textOf(one.test), textOf(other.test))
  );
}

const byObject = (one: CountedTest, other: CountedTest): number =>
  Number(isObject(other.test)) - Number(isObject(one.test));

/** What is acted on, rather than who acts. */
const isObject = ({ field }: FieldTest): boolean => /^(?:target|object|path|imageloaded)/i.test(field);
const formOf = ({ form }: FieldTest): number => TEST_FORMS.indexOf(form);
const pairForm = ([one, other]: readonly [CountedTest, CountedTest]): number => formOf(one.test) + formOf(other.test);
const textOf = ({ field, modifier, value }: FieldTest): string => `${field}|${modifier}: ${value}`;

/** The rarest first, by what is known of the share before; then what changes something, then what comes oftener with the action. */
function byRarity(one: Found, other: Found): number {
  return (
    shareOf(one) - shareOf(other) ||
    Number(other.counts.kind.isChange) - Number(one.counts.kind.isChange) ||
    one.tests.length - other.tests.length ||
    other.after - one.after ||
    compareTexts(one.counts.kind.key, other.counts.kind.key) ||
    compareTexts(
      one.tests.map(({ test }) => textOf(test)).join('\n'),
      other.tests.map(({ test }) => textOf(test)).join('\n'),
    )
  );
}

/** Laplace's estimate, by which no hit in many events is rarer than no hit in few. */
const shareOf = ({ before, of }: Found): number => (before + 1) / (of + 2);

function proposalOf({ counts, tests, also, after, before, of }: Found): Proposal {
  const { source, channel, eventId, operation, component, logSource } = counts.kind;
  return {
    kind: { source, channel, event_id: eventId, operation },
    data_component: component,
    log_source: logSource,
    tests: tests.map(({ test }) => testOf(test)),
    also: also.slice(0, MOST_ALSO).map(({ test }) => testOf(test)),
    hits_after: after,
    hits_before: before,
    of_before: of,
    share_at_most: of === 0 ? null : Math.min(1, round(upperBound(before) / of)),
  };
}

const testOf = ({ field, form, modifier, value }: FieldTest): ProposedTest => ({
  field,
  form,
  key: modifier === '' ? field : `${field}|${modifier}`,
  value,
});

/** The most that a Poisson count can be expected to be, with 95 %, where this many were seen: 3 for none (the rule of three). */
function upperBound(hits: number): number {
  if (hits === 0) return 2.996;
  // Wilson and Hilferty's approximation of the chi-squared quantile.
  const n = hits + 1;
  return n * (1 - 1 / (9 * n) + 1.645 / (3 * Math.sqrt(n))) ** 3;
}

function round(share: number): number {
  return Number(share.toPrecision(3));
}

function notesOf({ before, after, crowded, left }: TestCounts): readonly string[] {
  return [
    ...(after === 0 ? ['no event with the action: nothing can be proposed'] : []),
    ...(before === 0 ? ['no event before: all that is there may be there every day'] : []),
    ...(crowded.size > 0
      ? [
          `too many values to count each: ${[...crowded].slice(0, 10).join(', ')}${crowded.size > 10 ? ' and others' : ''}`,
        ]
      : []),
    ...(left > 0 ? ['more tests than are counted: those that came last are left out'] : []),
  ];
}
