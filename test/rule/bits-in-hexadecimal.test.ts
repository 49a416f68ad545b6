// Bits as regular expressions over hexadecimal text say of every number what the bits say, and only of fields that Windows writes so.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsRegex, withoutBits } from '../../src/rule/bits-in-hexadecimal.ts';
import { and, match, not, or } from '../../src/rule/condition.ts';

const bits = (mask: bigint, wanted: 'all' | 'any') => ({ kind: 'bits', mask, wanted }) as const;

describe('bits in hexadecimal', () => {
  it('hold of the same numbers, padded or not, in either letter case', () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 0xffff_ffffn),
        fc.bigInt(0n, 0xffff_ffff_ffn),
        fc.constantFrom('all' as const, 'any' as const),
        fc.nat(16),
        fc.boolean(),
        (mask, number, wanted, width, isUpper) => {
          const digits = number.toString(16).padStart(width, '0');
          const text = `0x${isUpper ? digits.toUpperCase() : digits}`;
          const holds = wanted === 'all' ? (number & mask) === mask : (number & mask) !== 0n;
          expect(new RegExp(bitsRegex(bits(mask, wanted)).source, 'i').test(text)).toBe(holds);
        },
      ),
      { numRuns: 2000, seed: 6 },
    );
  });

  it('are said within any condition, of fields that are known to be hexadecimal alone', () => {
    const other = match('Image', { kind: 'exists', wanted: true });
    const condition = and(other, not(or(match('GrantedAccess', bits(0x10n, 'all')), other)));
    const regex = bitsRegex(bits(0x10n, 'all'));
    expect(withoutBits(condition)).toEqual(and(other, not(or(match('GrantedAccess', regex), other))));
    expect(withoutBits(match('ProcessId', bits(1n, 'all')))).toBeNull();
    expect(withoutBits(other)).toBeNull();
  });
});
