// What a function catches, by the tables of each run-time.
import { describe, expect, it } from 'vitest';
import { caughtByUnwind, isScopeTableX86 } from '../../src/pe/caught-exceptions.ts';
import { readImage } from '../../src/pe/image.ts';
import { buildPe, CODE, Content, DATA } from './build-pe.ts';

const UNWIND = 0x2000;
/** Where the routine's data stands behind three unwind codes. */
const TABLE = 0x2010;

function imageOf(write: (data: Content) => void, is64 = true) {
  const data = new Content(0x2000, 0x200).u8(UNWIND, 1 | (3 << 3), 0, 3, 0).u32(UNWIND + 12, 0x1100);
  write(data);
  const sections = [
    { name: '.text', content: new Content(0x1000, 0x200), characteristics: CODE },
    { name: '.rdata', content: data, characteristics: DATA },
  ];
  return readImage(buildPe({ is64, sections }), 'test.exe');
}
const caught = (write: (data: Content) => void) => caughtByUnwind(imageOf(write), UNWIND);

describe('x64', () => {
  it('reads where the scopes of C go on', () => {
    expect(caught((c) => c.u32(TABLE, 2, 0x1000, 0x1010, 1, 0x1020, 0x1000, 0x1010, 1, 0x1030))).toEqual({
      goesOnAt: [0x1020, 0x1030],
      writesFrame: false,
    });
  });

  it('knows that a filter or the code of a finally may write the frame', () => {
    expect(caught((c) => c.u32(TABLE, 1, 0x1000, 0x1010, 0x1100, 0x1020))?.writesFrame).toBe(true);
    expect(caught((c) => c.u32(TABLE, 1, 0x1000, 0x1010, 0x1100, 0))).toEqual({ goesOnAt: [], writesFrame: false });
  });

  it('sees whether C++ has try blocks', () => {
    const info = (tryBlocks: number) => (c: Content) =>
      c.u32(TABLE, 0x2100).u32(0x2100, 0x19930522, 4, 0x2140, tryBlocks);
    expect(caught(info(1))).toEqual({ goesOnAt: 'by-catch', writesFrame: true });
    expect(caught(info(0))).toBeUndefined();
    const packed = (header: number) => (c: Content) => c.u32(TABLE, 0x2100).u8(0x2100, header);
    expect(caught(packed(0x38))).toEqual({ goesOnAt: 'unknown', writesFrame: true });
    expect(caught(packed(0x28))).toBeUndefined();
  });

  it('takes the place of a cookie for none of these, nor what is no routine', () => {
    expect(caught((c) => c.u32(TABLE, 0x43, 0, 0))).toBeUndefined();
    expect(caught((c) => c.u32(TABLE, 1, 0x1010, 0x1000, 1, 0x1020))).toBeUndefined();
    expect(caught((c) => c.u32(TABLE, 0xffffffff))).toBeUndefined();
    expect(caught((c) => c.u8(UNWIND, 1).u32(TABLE, 1, 0x1000, 0x1010, 1, 0x1020))).toBeUndefined();
    expect(
      caughtByUnwind(
        imageOf(() => undefined),
        0x7ffffff0,
      ),
    ).toBeUndefined();
  });
});

describe('x86', () => {
  const isTable = (...words: number[]) =>
    isScopeTableX86(
      imageOf((c) => c.u32(TABLE, ...words), false),
      TABLE,
    );

  it('knows the records of both run-times that catch something', () => {
    expect(isTable(0xffffffff, 0x401100, 0x401110)).toBe(true);
    expect(isTable(0xfffffffe, 0, 0xffffffd8, 0, 0xfffffffe, 0, 0x401100, 0, 0x401110, 0x401120)).toBe(true);
  });

  it('takes nothing else for them', () => {
    expect(isTable(0xffffffff, 0, 0x401110, 0xffffffff, 0, 0)).toBe(false);
    expect(isTable(0x401100, 0x401110, 0x401120)).toBe(false);
    expect(isTable(0xffffffff, 0x402100, 0x401110)).toBe(false);
  });
});
