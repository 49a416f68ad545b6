// The text that every match of a regular expression must hold: never more than is sure.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requiredText } from '../../src/hunt/regex-literal.ts';

describe('the text that a regular expression needs', () => {
  it.each([
    ['\\\\mimikatz\\.exe$', '\\mimikatz.exe'],
    ['^C:\\\\Users\\\\[^\\\\]+\\\\AppData', 'C:\\Users\\'],
    ['powershell.*-enc', 'powershell'],
    ['abc|def', ''],
    ['(abc|def)ghi', 'ghi'],
    ['(?i)hello', 'hello'],
    ['colou?r', 'colo'],
    ['ab{2,3}cde', 'cde'],
    ['xy+z', ''],
    ['wxy+z', 'wx'],
    ['\\x41bcdef', ''],
    ['[[:alpha:]]]word', ']word'],
    ['a', ''],
  ])('%s: %s', (source, text) => expect(requiredText(source)).toBe(text));

  it('is in every match', () => {
    const piece = fc.constantFrom(
      'ab',
      'c',
      'd?',
      'e*',
      'f+',
      'g{2}',
      '[xy]',
      '(h|i)',
      '(jk)',
      '(?:l)?',
      '\\.',
      '.',
      '|',
      '^',
      '$',
    );
    const subject = fc.string({ unit: fc.constantFrom(...'abcdefghijklxy.'), maxLength: 24 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), subject, (pieces, text) => {
        const source = pieces.join('');
        const match = new RegExp(source).exec(text);
        if (match) expect(text).toContain(requiredText(source));
      }),
      { numRuns: 5000 },
    );
  });
});
