// Regular expressions taken from one syntax into another: they match the same texts, or are refused by what is missing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../src/errors.ts';
import { luceneText, pcreText, re2Text } from '../../src/rule/emit/regex-syntax.ts';
import { perlRegex } from '../../src/rule/regex.ts';
import type { RegexTest } from '../../src/rule/value-test.ts';

const perl = (source: string, more: Partial<RegexTest> = {}): RegexTest => ({
  kind: 'regex',
  source,
  syntax: 'perl',
  whole: false,
  cased: true,
  multiline: false,
  dotAll: false,
  ...more,
});
const lucene = (source: string): RegexTest => perl(source, { syntax: 'lucene', whole: true });

const SOURCES = [
  'a',
  '^a',
  'b$',
  '^a.b$',
  'a|^b|c$',
  '^(?:a|b)+$',
  '(a|b){2,3}',
  'a{2}|b{2,}',
  '[^a]b',
  '[a-c]\\d',
  '\\W1',
  '\\S\\s',
  '\\.\\\\',
  '"a"',
  '[\\]\\-a]',
  '(?i)aB',
  'a(?i:b)',
  'a??b*?',
  '[[:alpha:]]1',
  '\\x61',
  'a[\\s\\S]b',
  '[\\W_]a',
  '#|@|&|<|>|~',
  '',
];
const PIECES = ['a', 'b', 'B', 'A', 'c', '1', '.', '\\', '"', ' ', '-', ']', '#', '@', '&', '<', '~', '\n'];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((parts) => parts.join(''));

describe("Lucene's syntax", () => {
  for (const source of SOURCES) {
    it(`says ${source}`, () => {
      // A group with flags of its own is for the emitters alone: JavaScript has no such.
      const plain = source === 'a(?i:b)' ? 'a[bB]' : source;
      for (const cased of [true, false]) {
        const given = perlRegex(perl(plain, { cased }));
        const written = perlRegex(lucene(luceneText(perl(source, { cased }), true)));
        fc.assert(fc.property(text, (one) => written.test(one) === given.test(one)));
      }
    });
  }

  it('is taken back', () => {
    for (const source of ['a.*b', 'a@b', '"a.b"c', '[^a-b]+', '(a|b)?c{1,2}', 'a\\.b', '^a$']) {
      const given = perlRegex(lucene(source));
      const written = perlRegex(perl(pcreText(lucene(source), '$')));
      fc.assert(fc.property(text, (one) => written.test(one) === given.test(one)));
    }
  });

  it.each([
    ['a\\b', 'no edges of words'],
    ['a(?=b)', 'looking around'],
    ['(a)\\1', 'back references'],
    ['(?m)^a', 'no anchors of lines'],
    ['a(^b|c)', 'no anchor within'],
    ['a++', 'possessive'],
  ])('refuses %s', (source, reason) => {
    expect(() => luceneText(perl(source), true)).toThrow(UnsupportedError);
    expect(() => luceneText(perl(source), true)).toThrow(reason);
  });
});

describe('RE2', () => {
  it('is as it was written, with its flags', () => {
    expect(re2Text(perl('a\\b.', { cased: false, dotAll: true }))).toBe('(?is)a\\b.');
    expect(re2Text(perl('a|b', { whole: true }))).toBe('^(?:a|b)$');
  });

  it('has no looking around and no back references', () => {
    for (const source of ['a(?!b)', '(?<=a)b', '(a)\\1']) expect(() => re2Text(perl(source))).toThrow(UnsupportedError);
  });
});
