import { describe, expect, it } from 'vitest';
import { RvaSet } from '../../src/pe/rva-set.ts';

describe('RvaSet', () => {
  it('holds the members of its list and nothing else', () => {
    const members = Array.from({ length: 5000 }, (_, i) => (i * 8 * 7919) % 0xffff_fff0);
    const set = new RvaSet(Float64Array.from(members));
    const plain = new Set(members);
    for (const member of members) expect(set.has(member)).toBe(true);
    for (let rva = 0; rva < 100_000; rva += 3) expect(set.has(rva)).toBe(plain.has(rva));
  });

  it('holds the lowest and the highest RVA, leaves out what is none, and ends where all collide', () => {
    const set = new RvaSet([0, 0xffff_fffe, -1, 0x8000_0000, 0x8000_0000]);
    expect([0, 0xffff_fffe, 0x8000_0000].every((rva) => set.has(rva))).toBe(true);
    expect([-1, 1, 0x7fff_ffff, 0xffff_ffff].some((rva) => set.has(rva))).toBe(false);
    expect(new RvaSet([]).has(0)).toBe(false);
  });
});
