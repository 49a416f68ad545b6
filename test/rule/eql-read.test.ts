// What EQL is read into, what is refused in which dialect and where, and that no text hangs or breaks the reader.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eqlQuery } from '../../src/rule/emit/eql-query.ts';
import { type EqlOptions, readEql, readEqlRule } from '../../src/rule/read/eql.ts';
import { RuleError } from '../../src/rule/read/rule-error.ts';
import { withoutPlaces } from './without-places.ts';

const bare = (value: unknown): unknown => JSON.parse(withoutPlaces(value));
const read = (text: string, options?: EqlOptions): unknown => bare(readEql(text, options));
const condition = (text: string, options?: EqlOptions): unknown =>
  (read(`any where ${text}`, options) as { condition: unknown }).condition;

/** "line:column: message" of what is wrong with a text. */
function problem(text: string, options?: EqlOptions): string {
  try {
    readEql(text, options);
  } catch (error) {
    if (error instanceof RuleError) return `${error.at?.line}:${error.at?.column}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('simple comparisons become matches', () => {
  const like = (text: string, cased: boolean): unknown => ({ kind: 'like', pattern: [text], cased });
  const match = (...values: readonly unknown[]): unknown => ({ kind: 'match', field: 'a.b', values });
  it.each<[string, unknown]>([
    ['a.b == "x"', match(like('x', true))],
    ['"x" == a.b', match(like('x', true))],
    ['a.b : "x"', match(like('x', false))],
    ['a.b != "x"', { kind: 'not', of: match(like('x', true)) }],
    ['a.b in ("x", 5)', match(like('x', true), { kind: 'number', op: 'eq', than: 5 })],
    ['5 < a.b', match({ kind: 'number', op: 'gt', than: 5 })],
    ['a.b == -5', match({ kind: 'number', op: 'eq', than: -5 })],
    ['a.b != null', match({ kind: 'exists', wanted: true })],
    ['a.b == null', match({ kind: 'exists', wanted: false })],
    ['a.b', match({ kind: 'boolean', wanted: true })],
    ['startsWith(a.b, "x")', match({ kind: 'like', pattern: ['x', { any: 'many' }], cased: true })],
    ['a.b : "x?y*"', match({ kind: 'like', pattern: ['x', { any: 'one' }, 'y', { any: 'many' }], cased: false })],
    ['not not a.b == "x"', match(like('x', true))],
    ['`a`.b == "x"', match(like('x', true))],
  ])('%s', (text, wanted) => expect(condition(text)).toEqual(wanted));

  it('keeps that a field may be missing', () =>
    expect(condition('?a.b == "x"')).toEqual({ ...(match(like('x', true)) as object), optional: true }));
});

describe('texts', () => {
  const text = (said: string, options?: EqlOptions): unknown =>
    (condition(`a == ${said}`, options) as { values: { pattern: unknown }[] }).values[0].pattern;
  it.each<[string, string]>([
    ['"tab\\t quote\\" back\\\\ \\u{200f} \\u{0001F600}"', 'tab\t quote" back\\ \u200f \u{1f600}'],
    ['"""raw \\n " text"""', 'raw \\n " text'],
    ['"""ends with a quote""""', 'ends with a quote"'],
    ['""', ''],
  ])('%s', (said, wanted) => expect(text(said)).toEqual([wanted]));

  it('knows those of the first dialect', () => {
    const endgame = { dialect: 'endgame' } as const;
    expect(text("'single'", endgame)).toEqual(['single']);
    expect(text('?"raw \\d"', endgame)).toEqual(['raw \\d']);
  });
});

describe('sequences and samples', () => {
  it('reads every part of a sequence', () => {
    const query = readEql(`sequence by host.id, ?user.id with maxspan=1m
      [process where a == 1] by process.pid
      ![file where true] by file.pid
      [network where true] by network.pid with runs=3
      until [process where event.type == "end"] by process.pid
      | head 10 | tail 2 // the last two of the first ten`);
    expect(bare(query)).toMatchObject({
      kind: 'piped',
      of: {
        kind: 'sequence',
        maxspan: 60_000,
        by: [
          { of: { kind: 'field', name: 'host.id', optional: false }, optional: false, cased: true },
          { of: { kind: 'field', name: 'user.id', optional: true }, optional: true, cased: true },
        ],
        steps: [
          { event: { category: 'process' }, missing: false, runs: 1 },
          { event: { category: 'file' }, missing: true, runs: 1 },
          { event: { category: 'network' }, missing: false, runs: 3 },
        ],
        until: { event: { category: 'process' } },
      },
      pipes: [
        { name: 'head', count: 10 },
        { name: 'tail', count: 2 },
      ],
    });
  });

  it('takes a category in quotes, and any for all', () => {
    expect(read('"my-events" where true')).toMatchObject({ category: 'my-events' });
    expect(read('any where true')).toMatchObject({ category: null });
  });
});

describe('what is not EQL is refused with its place', () => {
  it.each([
    ['process where a = 1', /^1:17: '==' or ':' is expected/],
    ['process where a ==', /^1:19: a value or a field is expected, not the end/],
    ['process where a == 1 b', /^1:22: 'and', 'or', '\|' or the end is expected, not 'b'/],
    ['process\nwhere (a == 1', /^2:14: '\)' is expected/],
    ['process where a == "x', /^1:20: a text does not end/],
    ['process where a == "\\q"', /^1:21: '\\q' is no escape/],
    ["process where a == 'x'", /^1:20: a text stands in double quotes/],
    ['process where a == ?"x"', /^1:20: .*raw text/],
    ['process where a : 5', /^1:19: a text in quotes is expected/],
    ['process where 5', /^1:15: a condition is expected/],
    ['process where a + 1', /^1:17: a condition is expected/],
    ['process where a < 1 < 2', /^1:21: comparisons are not chained/],
    ['process where nothing(a)', /^1:15: there is no function 'nothing'/],
    ['process where match(a, "b")', /^1:15: there is no function 'match'/],
    ['process where length(a, b) == 1', /^1:15: length takes 1 arguments, not 2/],
    ['process where length~(a) == 1', /^1:15: length takes no '~'/],
    ['process where a regex "("', /^1:23: a regular expression that cannot be read/],
    ['process where cidrMatch(a, "x")', /^1:28: a network such as/],
    ['process where child of [process where true]', /^1:15: 'child of' is not part of Elasticsearch/],
    ['process where a[0] == 1', /^1:16: a field without an index is expected/],
    ['process', /^1:1: an event is expected/],
    ['', /^1:1: an event is expected/],
    ['join [a where true] [b where true]', /^1:1: 'join' is not part/],
    ['process where true | unique a', /^1:22: the pipe 'unique' is not part/],
    ['process where true | head x', /^1:27: a whole number is expected/],
    ['sequence [a where true]', /^1:1: a sequence needs two steps/],
    ['sequence ![a where true] [b where true]', /^1:1: 'with maxspan' is expected/],
    ['sequence with maxspan=5m ![a where true]', /needs a step that is not missing/],
    ['sequence with maxspan=5x [a where true] [b where true]', /^1:24: a unit of time is expected/],
    ['sequence with maxspan=5m by x [a where true] [b where true]', /^1:26: 'by' is expected in front/],
    ['sequence [a where true] by x [b where true]', /the same number of keys/],
    ['sequence [a where true] with runs=101 [b where true]', /a whole number from 1 to 100/],
    ['sample [a where true] [b where true]', /'by' is expected/],
    ['sample by x with maxspan=5m [a where true] [b where true]', /a sample has no 'with'/],
    ['process where /* a', /^1:15: a comment does not end/],
    ['process where §', /^1:15: '§' is no part of EQL/],
  ])('%s', (text, wanted) => expect(problem(text)).toMatch(wanted));

  it('reads the first dialect only when it is asked for', () => {
    const texts = [
      'process where a = "x*"',
      'join by u [a where true] [b where true]',
      'a where child of [b where true]',
    ];
    for (const text of texts) {
      expect(problem(text)).not.toBe('none');
      expect(problem(text, { dialect: 'endgame' })).toBe('none');
    }
  });
});

describe('a hostile text', () => {
  it('is bounded in depth and length', () => {
    const open = '('.repeat(100_000);
    for (const text of [
      `process where ${open}`,
      `process where ${'-'.repeat(100_000)}1 == a`,
      `process where ${'length('.repeat(50_000)}`,
      `process where a == ${'1 + '.repeat(50_000)}1`,
      `process where ${'child of [process where '.repeat(5000)}`,
      `process where a == "${'x'.repeat(1 << 20)}"`,
      `process where a.${'b.'.repeat(1000)}c`,
      '/*'.repeat(100_000),
    ])
      for (const dialect of ['elastic', 'endgame'] as const)
        expect(() => readEql(text, { dialect })).toThrow(RuleError);
    expect(readEql(`process where ${'not '.repeat(100_000)}a == 1`)).toBeDefined();
    // Each part is made once, also where it is looked at in more than one way.
    expect(readEql(`process where ${'endsWith(concat('.repeat(50)}a${'), "x")'.repeat(50)}`)).toBeDefined();
    const nested = `process where ${'('.repeat(100)}a${' == "x*")'.repeat(100)}`;
    expect(readEql(nested, { dialect: 'endgame' })).toBeDefined();
    expect(
      readEql(`process where ${Array.from({ length: 20_000 }, (_, i) => `a == ${i}`).join(' or ')}`),
    ).toBeDefined();
  });

  it('is read or refused, and what is read can be written or is refused by name', () => {
    const word = fc.constantFrom(
      ...'process where a . b == != : in ~ ( ) [ ![ ] , "x*" """r""" 5 .5 null true not and or like regex~ sequence by with maxspan = 1m runs until | head + - * / % ? sample length endsWith~ `q` of child'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 25 }), fc.boolean(), (words, isEndgame) => {
        const dialect = isEndgame ? 'endgame' : 'elastic';
        for (const text of [words.join(' '), `process where ${words.join(' ')}`]) {
          try {
            readEql(text, { dialect });
          } catch (error) {
            expect(error).toBeInstanceOf(RuleError);
            expect((error as RuleError).at).toBeDefined();
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a query that is written', () => {
  const written = (text: string): string => eqlQuery(readEqlRule(text, 'a rule'));
  it.each([
    'process where a == "x" and b != 5 and not c : ("d*", "e") and f in ("g", "h") and i not in (1, 2)',
    'any where a : "x" or (b == null and c != null) or not (d > 5 and e == true)',
    '"my-events" where `a-b`.c == "x" and ?d.`and` like "a?b*" and e regex~ ("[a-z]+", "x.y")',
    'any where cidrMatch(source.ip, "10.0.0.0/8", "::1") and not endsWith~(a, ".exe") and not (b == "c" and stringContains(d, "e"))',
    'any where length(a) > 5 and concat(a, "|", b, 4.0) == "x" and a + 2 * (b - 1) == -c and substring(a, -4) in ("x", "y")',
    'any where startsWith(a, "what?*") and in_between == "in~" and c in~ ("*", "?")',
    'any where (a == "x" and length(b) == 4) == true',
    'any where "abc" like "a*" and true',
    'sequence by host.id, ?user.id with maxspan=90s\n [a where true] by x\n ![b where y == 1] by y\n [c where z : "q"] by z with runs=3\n until [d where true] by w',
    'sample by host, user [a where true] [b where c == 1]',
    'process where @timestamp > "2024-05-01T00:00:00Z" | head 5 | tail 2',
    'any where a == "tab\\t \\u{200f} \\"q\\" back\\\\"',
  ])('%s is the same when it is read again', (text) => {
    const first = written(text);
    expect(read(first)).toEqual(read(text));
    expect(written(first)).toBe(first);
  });

  it('refuses by name what Elasticsearch has not', () => {
    const of = (text: string): string => eqlQuery(readEqlRule(text, 'a rule', { dialect: 'endgame' }));
    expect(of('process where name == "CMD*" and not x == 5')).toBe(
      'process where name : "CMD*" and\n  x != null and\n  x != 5',
    );
    expect(() => of('join [a where true] [b where true]')).toThrow(/no join/);
    expect(() => of('a where child of [b where true]')).toThrow(/no "child of"/);
    expect(() => of('a where true | unique x')).toThrow(/no pipe "unique"/);
    expect(() => of('a where arraySearch(l, x, x == 1)')).toThrow(/no arraySearch/);
    expect(() => of('a where l[0] == 1')).toThrow(/take a list apart/);
    expect(() => of('a where x == y')).toThrow(/letter case/);
  });
});
