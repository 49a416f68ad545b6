import { describe, expect, it } from 'vitest';
import { perlRegex } from '../../src/rule/regex.ts';
import { RegexAutomaton } from '../../src/rule/regex-automaton.ts';
import { longestTried } from '../../src/rule/regex-cost.ts';
import { regexTree, SCRIPT_SPACE } from '../../src/rule/regex-tree.ts';
import type { RegexTest } from '../../src/rule/value-test.ts';

function test(source: string, options: Partial<RegexTest> = {}): RegexTest {
  return {
    kind: 'regex',
    source,
    syntax: 'perl',
    whole: false,
    cased: true,
    multiline: false,
    dotAll: false,
    ...options,
  };
}

/** Numbers from 0 to below `of`, the same each time. */
function numbers(seed: number): (of: number) => number {
  let state = seed;
  return (of) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * of);
  };
}

const ATOMS = [
  'a',
  'b',
  'K',
  'ä',
  '.',
  '\\w',
  '\\W',
  '\\s',
  '\\S',
  '\\d',
  '[a-c]',
  '[^aK]',
  '^',
  '$',
  '\\b',
  '\\B',
  '\\.',
  '-',
  'ſ',
  'k',
];
const LETTERS = [
  'a',
  'b',
  'c',
  'k',
  'K',
  'Ä',
  'ä',
  ' ',
  '\n',
  '.',
  '-',
  '1',
  '\u00a0',
  '\u212a',
  'ſ',
  's',
  '\u2028',
  '_',
];

function randomSource(next: (of: number) => number, depth: number): string {
  const parts = Array.from({ length: 1 + next(3) }, () => {
    const atom = depth > 0 && next(3) === 0 ? `(?:${randomSource(next, depth - 1)})` : ATOMS[next(ATOMS.length)];
    if (/^(?:[\^$]|\\[bB])$/.test(atom)) return atom;
    return `${atom}${['', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}', '*?'][next(11)]}`;
  });
  return parts.join(next(4) === 0 ? '|' : '');
}

describe('a regular expression as an automaton', () => {
  it('says what the expression says', () => {
    const next = numbers(8);
    for (let i = 0; i < 1200; i++) {
      const source = randomSource(next, 2);
      const [cased, multiline, dotAll, whole] = [next(2) === 0, next(2) === 0, next(2) === 0, next(4) === 0];
      const flags = `${cased ? '' : 'i'}${multiline && !whole ? 'm' : ''}${dotAll ? 's' : ''}`;
      const options = { cased, multiline: multiline && !whole, dotAll };
      const own = new RegexAutomaton(regexTree(test(source, options), SCRIPT_SPACE), whole);
      const native = new RegExp(whole ? `^(?:${source})$` : source, flags);
      for (let k = 0; k < 8; k++) {
        const text = Array.from({ length: next(9) }, () => LETTERS[next(LETTERS.length)]).join('');
        expect([source, flags, text, own.test(text)]).toEqual([source, flags, text, native.test(text)]);
      }
    }
  });

  it('is taken where tries may not end', () => {
    const long = 'a'.repeat(60_000);
    for (const source of [
      '(a+)+$',
      '(a|a)*b',
      '(a|aa)+$',
      '(a?){40}a{40}b',
      '(.*)*x',
      '(?:.*,){12}P',
      'a*a*a*a*a*a*b',
      '(\\w+\\s?)*!',
    ])
      expect([source, perlRegex(test(source)).test(`${long}~`)]).toEqual([source, false]);
    expect(perlRegex(test('(a+)+$')).test(long)).toBe(true);
    expect(perlRegex(test('.*.*.*=.*')).test(`${long}=`)).toBe(true);
  });

  it('is not taken for what ends soon', () => {
    expect(longestTried(regexTree(test('^abc(?:d|e)f')))).toBeGreaterThan(1 << 20);
    expect(longestTried(regexTree(test('abc.*def')))).toBeGreaterThan(8000);
    expect(longestTried(regexTree(test('(a+)+')))).toBe(0);
  });

  it('refuses what looks around and may not end, and what is too large, when it is read', () => {
    expect(() => perlRegex(test('(?=(a+)+$)b'))).toThrow('may take for ever');
    expect(() => perlRegex(test('(a+)\\1+$'))).not.toThrow();
    expect(perlRegex(test('foo(?!bar)')).test('foobaz')).toBe(true);
    expect(() => perlRegex(test('(a|b)'.repeat(13_000)))).toThrow('a regular expression');
    expect(() => perlRegex(test(`${'('.repeat(20_000)}a${')'.repeat(20_000)}`))).toThrow('a regular expression');
    expect(() => perlRegex(test('((a{1,1000}){1,1000}){1,1000}'))).toThrow('steps');
  });

  it('reads characters by number the same way', () => {
    expect(perlRegex(test('^\\x{41}\\u{e4}\\x07$')).test('A\u00e4\u0007')).toBe(true);
    expect(perlRegex(test('^\\a\\e$')).test('\u0007\u001b')).toBe(true);
  });
});
