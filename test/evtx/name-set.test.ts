// Names compared with values byte by byte say the same as names compared as texts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameSet } from '../../src/evtx/name-set.ts';
import { valueText } from '../../src/evtx/value-text.ts';
import { ValueType } from '../../src/evtx/value-type.ts';

describe('a set of names', () => {
  const stringOf = (text: string, odd = false) => {
    const bytes = Uint8Array.from([7, 7, 7, ...Buffer.from(text, 'utf16le'), ...(odd ? [0x41] : [])]);
    return { bytes, type: ValueType.string, from: 3, size: bytes.length - 3 };
  };

  it.each([
    ['Security', true],
    ['SECURITY', true],
    ['security\0', true],
    ['security\0more', true],
    ['Securit', false],
    ['Security2', false],
    ['', false],
    ['\u00c4mter', true],
    ['\u00e4MTER', true],
    ['@', false],
    ['[', false],
  ])('has the value "%s": %s', (text, expected) => {
    const names = new NameSet(['Security', '\u00c4mter', '`', '{']);
    expect(names.hasValue(stringOf(text))).toBe(expected);
    expect(names.hasValue(stringOf(text, true))).toBe(expected);
  });

  it('has a value when it has its text', () => {
    const texts = fc.string({
      unit: fc.constantFrom('a', 'A', 'z', 'Z', '@', '[', '\0', '\u00e4', '\u00c4', '\u212a'),
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 3 }), texts, (names, text) => {
        const value = stringOf(text);
        expect(new NameSet(names).hasValue(value)).toBe(
          new Set(names.map((one) => one.toLowerCase())).has(valueText(value).toLowerCase()),
        );
      }),
      { numRuns: 3000 },
    );
  });
});
