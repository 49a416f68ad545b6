// Random rules and random events: Sigma that is written and read again, and DuckDB's answer to the SQL, find the same events as the rule itself.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../src/errors.ts';
import { BY_NAME, type ValuesOf } from '../../src/rule/binding.ts';
import { and, type Condition, match, named, not, or } from '../../src/rule/condition.ts';
import { languages } from '../../src/rule/emit/index.ts';
import { compileCondition } from '../../src/rule/evaluate.ts';
import { networkOf } from '../../src/rule/network.ts';
import { ANY_MANY, ANY_ONE, joinPatterns } from '../../src/rule/pattern.ts';
import { eventQuery } from '../../src/rule/query.ts';
import { readSigma } from '../../src/rule/read/sigma.ts';
import { perlRegex } from '../../src/rule/regex.ts';
import { conditionOf, NOTHING_SAID, type Rule } from '../../src/rule/rule.ts';
import { sysmon } from '../../src/rule/taxonomy.ts';
import type { ValueTest } from '../../src/rule/value-test.ts';

const FIELDS = ['Image', 'CommandLine', 'User', 'Count'] as const;
type Event = Readonly<Partial<Record<(typeof FIELDS)[number], string>>>;

const piece = fc.constantFrom(
  'a',
  'B',
  'ab',
  '\\',
  '\\\\',
  '-',
  '/',
  '.',
  '%',
  '_',
  '!',
  "'",
  '"',
  '*',
  '?',
  ' ',
  '7',
  'Ä',
  '1',
);
const text = fc.array(piece, { maxLength: 5 }).map((parts) => parts.join(''));
const value = fc.oneof(
  text,
  fc.constantFrom('7', '12', '10.1.2.3', '192.168.0.9', 'true', 'False', '', 'ab\\a', 'a b'),
);
const event: fc.Arbitrary<Event> = fc.record(
  Object.fromEntries(FIELDS.map((field) => [field, value])) as Record<(typeof FIELDS)[number], typeof value>,
  { requiredKeys: [] },
);

const like: fc.Arbitrary<ValueTest> = fc.record({
  kind: fc.constant('like' as const),
  pattern: fc
    .array(fc.oneof(text, fc.constantFrom(ANY_ONE, ANY_MANY, ANY_MANY)), { maxLength: 4 })
    .map((parts) => joinPatterns(parts)),
  cased: fc.boolean(),
});
const other: fc.Arbitrary<ValueTest> = fc.oneof(
  fc.record({
    kind: fc.constant('regex' as const),
    source: fc.constantFrom('^a', 'b$', 'a.b', '(?:a|B)+', '[^a]\\d', '\\\\a?', '(?i)AB'),
    syntax: fc.constant('perl' as const),
    whole: fc.boolean(),
    cased: fc.boolean(),
    multiline: fc.constant(false),
    dotAll: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('number' as const),
    op: fc.constantFrom('eq' as const, 'lt' as const, 'lte' as const, 'gt' as const, 'gte' as const),
    than: fc.constantFrom(7, 11, 12),
  }),
  fc.constantFrom<ValueTest>(
    { kind: 'null' },
    { kind: 'exists', wanted: true },
    { kind: 'exists', wanted: false },
    { kind: 'boolean', wanted: true },
    { kind: 'boolean', wanted: false },
    { kind: 'cidr', network: networkOf('10.0.0.0/8')! },
    { kind: 'cidr', network: networkOf('192.168.0.8/30')! },
  ),
  fc.record({
    kind: fc.constant('field' as const),
    name: fc.constantFrom(...FIELDS),
    part: fc.constantFrom('whole' as const, 'start' as const, 'end' as const, 'anywhere' as const),
    cased: fc.boolean(),
  }),
);

const leaf: fc.Arbitrary<Condition> = fc
  .tuple(
    fc.constantFrom(...FIELDS),
    fc.oneof(
      fc.array(like, { minLength: 1, maxLength: 4 }),
      fc.array(fc.oneof(like, other), { minLength: 1, maxLength: 3 }),
    ),
  )
  .map(([field, values]) => match(field, ...values));
const name = fc.constantFrom(
  'selection',
  'selection_a',
  'selection_b',
  'selection_2',
  'filter_main_x',
  'filter_main_y',
  'not',
  'all',
);
const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((parts) => and(...parts)),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((parts) => or(...parts)),
    tie('tree').map((part) => not(part)),
    fc.tuple(name, tie('tree')).map(([one, part]) => named(one, '', [], part)),
  ),
}));

function ruleOf(condition: Condition): Rule {
  return {
    ...NOTHING_SAID,
    title: 'A title',
    logSource: { category: 'process_creation', product: 'windows', service: null },
    taxonomy: 'sysmon',
    query: eventQuery(condition),
  };
}

function found(condition: Condition, events: readonly Event[]): readonly number[] {
  const holds = compileCondition<ValuesOf>(condition, BY_NAME);
  return events.flatMap((one, index) => {
    const values: ValuesOf = (field) => {
      const given = one[field as keyof Event];
      return given === undefined ? [] : [given];
    };
    return holds(values) === true ? [index] : [];
  });
}

const events = fc.array(event, { minLength: 1, maxLength: 12 });

describe('random rules over random events', () => {
  it('Sigma that is written and read again finds the same, and is written the same', () => {
    fc.assert(
      fc.property(tree, events, (condition, given) => {
        const written = languages.sigma.emit(ruleOf(condition));
        const { rules, errors } = readSigma(written);
        expect(errors).toEqual([]);
        expect(found(conditionOf(rules[0], 'a test'), given)).toEqual(found(condition, given));
        const again = languages.sigma.emit(rules[0]);
        expect(languages.sigma.emit(readSigma(again).rules[0])).toBe(again);
      }),
      { numRuns: 500 },
    );
  });
});

/** What Elasticsearch's documentation says of each query, over one event of texts. */
function dslHolds(
  query: Readonly<Record<string, unknown>>,
  one: Readonly<Record<string, string | undefined>>,
): boolean {
  const [[kind, body]] = Object.entries(query) as [[string, Readonly<Record<string, unknown>>]];
  if (kind === 'bool') {
    const { filter = [], must_not = [], should } = body as Readonly<Record<string, readonly never[]>>;
    return (
      filter.every((part) => dslHolds(part, one)) &&
      !must_not.some((part) => dslHolds(part, one)) &&
      (should === undefined || should.some((part) => dslHolds(part, one)))
    );
  }
  if (kind === 'exists') return one[body.field as string] !== undefined;
  const [[field, options]] = Object.entries(body) as [[string, { value: string; case_insensitive?: boolean }]];
  const given = one[field];
  if (given === undefined) return false;
  const [own, wanted] = [given, options.value].map((side) =>
    options.case_insensitive && kind !== 'regexp' ? side.replace(/[A-Z]/g, (c) => c.toLowerCase()) : side,
  );
  if (kind === 'term') return own === wanted;
  if (kind === 'prefix') return own.startsWith(wanted);
  if (kind === 'wildcard') {
    const source = wanted.replace(/\\(.)|[*?]|[.+^${}()|[\]]/gs, (whole, escaped: string | undefined) =>
      escaped !== undefined ? escaped.replace(/\W/, '\\$&') : whole === '*' ? '.*' : whole === '?' ? '.' : `\\${whole}`,
    );
    return new RegExp(`^(?:${source})$`, 's').test(own);
  }
  expect(kind).toBe('regexp');
  const regex = { kind: 'regex', syntax: 'lucene', whole: true, multiline: false, dotAll: true } as const;
  return perlRegex({ ...regex, source: wanted, cased: options.case_insensitive !== true }).test(own);
}

describe('the query DSL', () => {
  it('finds the same by what each query means', () => {
    let written = 0;
    fc.assert(
      fc.property(tree, events, (condition, given) => {
        let text: string;
        try {
          text = languages.dsl.emit(ruleOf(condition), sysmon);
        } catch (error) {
          if (!(error instanceof UnsupportedError)) throw error;
          return;
        }
        written++;
        const { query } = JSON.parse(text);
        const source = { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: '1' };
        const hits = given.flatMap((one, index) => (dslHolds(query, { ...source, ...one }) ? [index] : []));
        expect(hits).toEqual(found(condition, given));
      }),
      { numRuns: 1000 },
    );
    expect(written).toBeGreaterThan(200);
  });
});

const duckdb = await import('@duckdb/node-api').catch(() => null);
if (duckdb === null) console.log('skipped: the SQL is not run, because @duckdb/node-api is not installed');

/** What DuckDB takes for a number and what a log means by one are not the same. */
const numeral = fc.oneof(
  fc.constantFrom(
    '7',
    '17',
    '4688',
    '0x7',
    '0X7',
    '0x1f',
    '0X1F',
    '0x1_f',
    '1_7',
    '4688.0',
    '1.5',
    '6.5',
    '7e0',
    '1e3',
    '+7',
    '-1',
    '007',
  ),
  fc.constantFrom(
    ' 7',
    '7 ',
    '0x7 ',
    '',
    '31',
    '0x',
    'x7',
    '18446744073709551615',
    '18446744073709551616',
    '0xffffffffffffffff',
  ),
);
const numeralTest: fc.Arbitrary<ValueTest> = fc.oneof(
  fc.record({
    kind: fc.constant('number' as const),
    op: fc.constantFrom('eq' as const, 'lt' as const, 'lte' as const, 'gt' as const, 'gte' as const),
    than: fc.constantFrom(0, 1, 1.5, 2, 7, 17, 31, 1000, 4688, -1),
  }),
  fc.record({
    kind: fc.constant('bits' as const),
    mask: fc.constantFrom(1n, 2n, 6n, 8n, 0x10n, 0x1fn, 1n << 63n),
    wanted: fc.constantFrom('all' as const, 'any' as const),
  }),
);
const numeralTree = fc.tuple(fc.array(fc.oneof(numeralTest, like), { minLength: 1, maxLength: 3 }), fc.boolean());

describe.skipIf(duckdb === null)('DuckDB', () => {
  /** `count` rules over some events each: the SQL finds what the rule finds, and none is refused. */
  async function findsTheSame(trees: fc.Arbitrary<Condition>, of: typeof events, count: number): Promise<void> {
    const connection = await (await duckdb!.DuckDBInstance.create(':memory:')).connect();
    const columns = ['number', 'Channel', 'EventID', ...FIELDS];
    await connection.run(`CREATE TABLE events (${columns.map((column) => `"${column}" VARCHAR`).join(', ')})`);
    const quoted = (one: string | undefined): string => (one === undefined ? 'NULL' : `'${one.replaceAll("'", "''")}'`);
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(trees, of, async (condition, given) => {
        let query: string;
        try {
          query = languages.sql.emit(ruleOf(condition));
        } catch (error) {
          if (!(error instanceof UnsupportedError)) throw error;
          refused++;
          return;
        }
        const rows = given.map((one, index) => {
          const cells = [
            String(index),
            'Microsoft-Windows-Sysmon/Operational',
            '1',
            ...FIELDS.map((field) => one[field]),
          ];
          return `(${cells.map(quoted).join(', ')})`;
        });
        await connection.run('DELETE FROM events');
        await connection.run(`INSERT INTO events VALUES ${rows.join(', ')}`);
        const result = (await connection.runAndReadAll(query)).getRows().map(([number]) => Number(number));
        expect(result.sort((a, b) => a - b)).toEqual(found(condition, given));
      }),
      { numRuns: count },
    );
    expect(refused).toBe(0);
  }

  it('finds with the SQL what the rule finds', { timeout: 120_000 }, () => findsTheSame(tree, events, 400));

  it('takes the numbers that the rule takes, and no other text', { timeout: 120_000 }, () =>
    findsTheSame(
      numeralTree.map(([values, isDenied]) => (isDenied ? not(match('Count', ...values)) : match('Count', ...values))),
      fc.array(fc.record({ Count: numeral }, { requiredKeys: [] }), { minLength: 1, maxLength: 30 }),
      400,
    ),
  );
});
