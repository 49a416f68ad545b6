// Who refers to what: calls and operands of every code section, x64 and x86.
import { describe, expect, it } from 'vitest';
import { readReferences } from '../../src/code/references.ts';
import { readImage } from '../../src/pe/image.ts';
import { buildPe, CODE, Content, DATA } from '../pe/build-pe.ts';

describe('references of a module', () => {
  // Two code sections, each with a call of its own, and data behind them.
  const build = (is64: boolean, write: (first: Content, second: Content) => void) => {
    const first = new Content(0x1000, 0x200);
    const second = new Content(0x2000, 0x200);
    write(first, second);
    const sections = [
      { name: '.text', content: first, characteristics: CODE },
      { name: 'PAGE', content: second, characteristics: CODE },
      { name: '.data', content: new Content(0x3000, 0x200), characteristics: DATA },
    ];
    return readReferences(readImage(buildPe({ is64, sections }), 'two.exe'));
  };

  it('finds the calls of each code section, by target and by place', () => {
    const { calls } = build(true, (first, second) => {
      first.u8(0x1010, 0xe8).u32(0x1011, 0x2b);
      second.u8(0x2010, 0xe8).u32(0x2011, 0x2b);
    });
    expect(calls.to(0x1040)).toEqual([0x1010]);
    expect(calls.to(0x2040)).toEqual([0x2010]);
    expect([...calls.from(0x2000, 0x2100)]).toEqual([0x2040]);
  });

  it('tells operands that name data, and addresses that are taken', () => {
    const { data, addresses } = build(true, (first, second) => {
      first.u8(0x1020, 0xff, 0x15).u32(0x1022, 0x3080 - 0x1026); // call [3080]
      second.u8(0x2020, 0x48, 0x8d, 0x0d).u32(0x2023, 0x1040 - 0x2027 + 0x100000000); // lea rcx, [1040]
    });
    expect(data.to(0x3080)).toEqual([0x1022]);
    expect(data.firstTargetBetween(0x3000, 0x3100)).toBe(0x3080);
    expect(addresses.to(0x1040)).toEqual([0x2023]);
  });

  it('reads absolute operands of x86 code', () => {
    const { data, calls } = build(false, (first, second) => {
      first.u8(0x1020, 0xff, 0x15).u32(0x1022, 0x403080);
      second.u8(0x2010, 0xe8).u32(0x2011, 0x2b);
    });
    expect(data.to(0x3080)).toEqual([0x1022]);
    expect(calls.to(0x2040)).toEqual([0x2010]);
  });
});
