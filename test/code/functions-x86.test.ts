// Functions of x86 code, which no table lists: cold parts, entries from words of data, and code made to cost without end.
import { describe, expect, it } from 'vitest';
import { ModuleCode } from '../../src/code/functions.ts';
import { readImage } from '../../src/pe/image.ts';
import { buildPe, Content } from '../pe/build-pe.ts';

const BASE = 0x1000;
const CODE = 0x60000020;
const DATA = 0xc0000040;
const RELOCS_STRIPPED = 0x0001;
const EXECUTABLE = 0x0102;

/** The functions of an x86 image whose code is `size` bytes of int3 that `write` fills; `words` stand in its data. */
function codeOf(size: number, write: (code: Content) => void, words: readonly number[] = []): ModuleCode {
  const code = new Content(BASE, size);
  code.bytes.fill(0xcc);
  write(code);
  const data = new Content(BASE + Math.ceil(size / 0x1000) * 0x1000, 0x1000);
  const imageBase = 0x400000;
  data.u32(data.rva, ...words.map((rva) => imageBase + rva));
  const bytes = buildPe({
    is64: false,
    imageBase,
    characteristics: EXECUTABLE | RELOCS_STRIPPED,
    sections: [
      { name: '.text', content: code, characteristics: CODE },
      { name: '.data', content: data, characteristics: DATA },
    ],
  });
  return new ModuleCode(readImage(bytes, 'test.exe'));
}

/** `je target` with 4 bytes of displacement. */
function je(code: Content, at: number, target: number): void {
  code.u8(at, 0x0f, 0x84).u32(at + 2, target - at - 6);
}

describe('functions without a table', () => {
  it('finds the function that jumps to a cold part', () => {
    const code = codeOf(0x4000, (c) => {
      je(c, 0x1000, 0x3803);
      c.u8(0x1006, 0xc3).u8(0x3802, 0).u8(0x3803, 0x90, 0xc3);
    });
    expect(code.functionHolding(0x3804)).toBe(0x1000);
  });

  it('ends where parts that nobody holds jump to one another', () => {
    const code = codeOf(0x8000, (c) => {
      c.u8(0x1000, 0xc3).u8(0x3002, 0).u8(0x6002, 0);
      je(c, 0x3003, 0x6003);
      je(c, 0x6003, 0x3003);
    });
    expect(code.functionHolding(0x3009)).toBe(-1);
  });

  it('takes a word of data for a function where relocations are stripped', () => {
    const code = codeOf(0x2000, (c) => c.u8(0x1000, 0xc3).u8(0x1810, 0x90, 0xc3), [0x1810]);
    expect(code.functionHolding(0x1811)).toBe(0x1810);
    expect(codeOf(0x2000, (c) => c.u8(0x1000, 0xc3).u8(0x1810, 0x90, 0xc3)).functionHolding(0x1811)).toBe(-1);
  });

  it('tells a function that goes further than is followed', () => {
    const long = codeOf(0x60000, (c) => c.bytes.fill(0x90));
    long.parts(0x1000);
    expect(long.skipped).toEqual([0x1000]);
    const short = codeOf(0x2000, (c) => c.bytes.fill(0x90, 0, 0x100));
    short.parts(0x1000);
    expect(short.skipped).toEqual([]);
  });
});
