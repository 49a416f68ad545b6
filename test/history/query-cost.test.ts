// What queries cost: the shape that is told, rewrites that hold of the same events, costs by store, and seconds that are measured.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ENGINES } from '../../src/design/environment.ts';
import { type CheaperQuery, cheaperQuery } from '../../src/history/query-cost/cheaper-query.ts';
import { queryShape, TEST_KINDS } from '../../src/history/query-cost/query-shape.ts';
import { planCosts, STORE_COSTS } from '../../src/history/query-cost/store-costs.ts';
import type { Question } from '../../src/history/question.ts';
import { openDuckDb } from '../../src/history/stores/duckdb.ts';
import type { Binding } from '../../src/rule/binding.ts';
import { and, type Condition, not, or } from '../../src/rule/condition.ts';
import { compileCondition } from '../../src/rule/evaluate.ts';
import { foldCase } from '../../src/rule/fold.ts';
import { ANY_MANY, type TextPattern } from '../../src/rule/pattern.ts';
import { readSelection } from '../../src/rule/read/selection.ts';
import type { ValueTest } from '../../src/rule/value-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-cost-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Event = Readonly<Record<string, readonly string[]>>;

/** Fields of an event, and those that a rewrite derives from them. */
function binding({ derived }: Pick<CheaperQuery, 'derived'>): Binding<Event> {
  return {
    field: (name) => (event) => {
      const own = derived.find((one) => one.name === name);
      if (!own) return event[name] ?? [];
      return (event[own.of] ?? []).flatMap((value) => {
        const lower = foldCase(value);
        if (own.part === 'lower case') return [lower];
        const at = lower.lastIndexOf('\\');
        return at < 0 ? [] : [lower.slice(at + 1)];
      });
    },
    all: (event) => Object.values(event).flat(),
  };
}

/** Few letters, so that values meet tests, among them those that regular expressions and letter case make trouble with. */
const LETTERS = ['a', 'B', '\\', '.', '$', '|', '(', '-', '^', '\n', '/', 'k', '\u212a', 'ſ', 'ß', 'İ', 'Σ', 'ς'];
const text = fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 3 });
const patterns: Readonly<Record<string, fc.Arbitrary<TextPattern>>> = {
  names: text.map((name) => [ANY_MANY, `\\${name}`]),
  suffixes: text.map((one) => [ANY_MANY, one]),
  prefixes: text.map((one) => [one, ANY_MANY]),
  substrings: text.map((one) => [ANY_MANY, one, ANY_MANY]),
  wildcards: fc.tuple(text, text).map(([one, other]) => [one, ANY_MANY, other]),
};
const event: fc.Arbitrary<Event> = fc.record(
  {
    Image: fc.array(fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 6 }), { maxLength: 2 }),
    User: fc.constant(['a']),
  },
  { requiredKeys: [] },
);

/** The tests alone, beside others of the field, denied, and within more. */
const AROUND: readonly ((own: Condition, more: readonly ValueTest[]) => Condition)[] = [
  (own) => own,
  (own) => not(own),
  (own) => and(readSelection('User: a'), or(own, readSelection('User: b'))),
  (own, more) => (own.kind === 'match' ? { ...own, values: [...own.values, ...more] } : own),
];
const MORE: readonly ValueTest[] = [{ kind: 'like', pattern: ['ab'], cased: false }, { kind: 'null' }];

describe.each(
  Object.keys(patterns).flatMap((kind) => [[], ['elasticsearch', 'splunk']].map((engines) => ({ kind, engines }))),
)('a list of $kind, for the stores $engines', ({ kind, engines }) => {
  it.each([false, true])('is rewritten to a query that holds of the same events (letter case counts: %s)', (cased) => {
    let hits = 0;
    fc.assert(
      fc.property(
        fc.array(patterns[kind], { minLength: 8, maxLength: 12 }),
        fc.constantFrom(...AROUND),
        fc.array(event, { minLength: 20, maxLength: 20 }),
        (some, around, events) => {
          const own: Condition = {
            kind: 'match',
            field: 'Image',
            values: some.map((pattern) => ({ kind: 'like', pattern, cased })),
          };
          const condition = around(own, MORE);
          const { part } = queryShape(condition);
          const cheaper = cheaperQuery(condition, part, engines);
          expect(cheaper).toBeDefined();
          const [plain, after] = [condition, cheaper!.condition].map((one) => compileCondition(one, binding(cheaper!)));
          for (const one of events) {
            hits += Number(plain(one) === true);
            expect(after(one), `${cheaper!.text}: ${JSON.stringify(one)}`).toBe(plain(one));
          }
        },
      ),
      { numRuns: 200 },
    );
    expect(hits).toBeGreaterThan(50);
  });
});

const selection = (key: string, values: readonly string[]): Condition =>
  readSelection(`{${key}: [${values.map((value) => `'${value}'`).join(', ')}]}`);
const NAMES = Array.from({ length: 100 }, (_, i) => `\\tool${i}.exe`);

describe('a shape', () => {
  it.each<[string, Condition, string | undefined]>([
    ['1 suffix of Image', selection('Image|endswith', ['\\a.exe']), undefined],
    ['7 suffixes of Image', selection('Image|endswith', NAMES.slice(0, 7)), undefined],
    ['100 suffixes of Image', selection('Image|endswith', NAMES), 'one regular expression of 100'],
    ['9 suffixes of Image', selection('Image|endswith', [...NAMES.slice(0, 8), '.ps1']), 'one regular expression of 9'],
    ['100 names of Image', selection('Image', NAMES), undefined],
    ['1 regular expression of Image', readSelection("Image|re: 'a|b'"), undefined],
    [
      '8 patterns with wildcards of Image',
      selection(
        'Image',
        NAMES.slice(0, 8).map((one) => `?${one}`),
      ),
      undefined,
    ],
    [
      '8 substrings of every field',
      { kind: 'keyword', values: Array(8).fill({ kind: 'like', pattern: [ANY_MANY, 'a', ANY_MANY], cased: false }) },
      undefined,
    ],
    [
      '8 substrings of Image',
      {
        kind: 'match',
        field: 'Image',
        values: Array(8).fill({ kind: 'like', pattern: [ANY_MANY, 'a'.repeat(5000), ANY_MANY], cased: false }),
      },
      undefined,
    ],
  ])('%s', (told, condition, rewrite) => {
    const { text: shape, part } = queryShape(condition);
    expect(shape).toBe(told);
    const cheaper = cheaperQuery(condition, part, [])?.text;
    if (rewrite === undefined) expect(cheaper).toBeUndefined();
    else expect(cheaper).toContain(rewrite);
  });

  it('is rewritten under no name that the condition has', () => {
    const own = and(selection('Image|endswith', NAMES), readSelection('{Image (file name): a}'));
    expect(cheaperQuery(own, queryShape(own).part, ['splunk'])).toBeUndefined();
  });

  it('of names of files is a look-up where every store has an index', () => {
    const own = selection('Image|endswith', NAMES);
    const rewrite = (...engines: string[]) => cheaperQuery(own, queryShape(own).part, engines)?.text;
    expect(rewrite('splunk', 'elasticsearch')).toContain('behind the last backslash of Image');
    for (const engines of [['duckdb'], ['splunk', 'duckdb'], ['sentinel']])
      expect(rewrite(...engines)).toContain('one regular expression of 100');
  });
});

describe('the cost by store', () => {
  it('is told of every engine and kind of test, with the page of its vendor', () => {
    for (const store of ENGINES) {
      expect(Object.keys(STORE_COSTS[store].growth).sort()).toEqual([...TEST_KINDS].sort());
      expect(STORE_COSTS[store].source).toMatch(/^https:\/\//);
    }
  });

  it('grows with the tests where each is looked at, and is that of DuckDB where no store is named', () => {
    const costs = (condition: Condition, ...engines: string[]) =>
      planCosts(queryShape(condition).part, engines).map(({ store, cost }) => [store, cost]);
    const suffixes = selection('Image|endswith', NAMES);
    expect(costs(suffixes)).toEqual([['duckdb', 'every event of the log source is looked at 100 times']]);
    expect(costs(suffixes, 'splunk', 'elasticsearch', 'splunk')).toEqual([
      ['elasticsearch', 'every different value of the field is looked at 100 times'],
      ['splunk', 'every event of the log source is looked at 100 times'],
    ]);
    expect(costs(selection('Image', NAMES), 'splunk', 'duckdb')).toEqual([
      ['duckdb', 'every event of the log source is looked at once'],
      ['splunk', 'an index leads to the hits'],
    ]);
    expect(planCosts(undefined, ['defender'])[0].cost).toBe('every event of the log source is looked at once');
  });
});

describe('what a query takes in DuckDB', () => {
  const path = join(folder, 'events.csv');
  const names = ['\\tool3.exe', '\\tool3.exe.bak', 'tool4.exe', '\\x/tool5.exe', '\\TOOL99.EXE', '\\other.exe'];
  const images = Array.from({ length: 3000 }, (_, i) => `C:\\Program Files\\App${i % 50}${names[i % names.length]}`);
  writeFileSync(
    path,
    [
      'UtcTime,EventID,Channel,Computer,Image',
      ...images.map((image, i) => `2026-03-01 10:00:00,${i % 3 === 0 ? 1 : 2},Sysmon,h,${image}`),
    ].join('\n'),
  );
  const timed = async (condition: Condition, engine: string, most: number) => {
    const telemetry = readSelection('EventID: 1');
    const question: Question = { id: 'q', condition: and(telemetry, condition), telemetry, fields: [] };
    const store = await openDuckDb([{ kind: 'csv', files: [path] }]);
    try {
      return await store.time(
        [{ question, cheaper: cheaperQuery(question.condition, queryShape(condition).part, [engine]) }],
        most,
      );
    } finally {
      await store.close();
    }
  };

  it.each([
    ['names of files', selection('Image|endswith', NAMES), 'splunk'],
    ['suffixes', selection('Image|endswith', [...NAMES, '.bak'])],
    [
      'prefixes',
      selection(
        'Image|startswith',
        NAMES.map((_, i) => `c:\\program files\\app${i}`),
      ),
    ],
    [
      'patterns',
      selection(
        'Image',
        NAMES.map((one) => `C:*${one}`),
      ),
    ],
  ])(
    'is measured on so many events of its log source, and the cheaper one has the same hits: %s',
    async (_, condition, engine = 'duckdb') => {
      const [all] = await timed(condition, engine, 100_000);
      expect(all.events).toBe(1000);
      expect(all.seconds).toBeGreaterThan(0);
      expect(all.cheaperSeconds).toBeGreaterThan(0);
      expect((await timed(condition, engine, 10))[0].events).toBe(10);
    },
  );

  it('is a fault where a rewrite has other hits', async () => {
    const store = await openDuckDb([{ kind: 'csv', files: [path] }]);
    const question: Question = { id: 'q', condition: readSelection('EventID: 1'), telemetry: undefined, fields: [] };
    const cheaper = { text: 'something else', condition: readSelection('EventID: 7'), derived: [] };
    await expect(store.time([{ question, cheaper }], 100)).rejects.toThrow(/something else has 0 hits/);
    await store.close();
  });
});
