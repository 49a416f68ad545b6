// Delay imports without a directory: found by their stubs, and not found in what only looks like them.
import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/pe/image.ts';
import { buildPe, CODE, Content, DATA } from './build-pe.ts';

const BASE = 0x140000000;
const BASE32 = 0x400000;
const TEXT = 0x1000;
const IDATA = 0x2000;

/** A descriptor at 0x2000 of A.dll with Alpha, its slot at 0x2300. */
function descriptor(idata: Content): Content {
  idata.u32(0x2000, 1, 0x2100, 0x2180, 0x2300, 0x2200, 0, 0, 0);
  return idata.ascii(0x2100, 'A.dll').ascii(0x2142, 'Alpha');
}

function image64(change: (text: Content, idata: Content) => void = () => {}, linker = 2) {
  // The stub at 0x1000, the code behind it at 0x1020.
  const text = new Content(TEXT, 0x200)
    .u8(0x1000, 0x48, 0x8d, 0x05)
    .u32(0x1003, 0x2300 - 0x1007)
    .u8(0x1007, 0xe9);
  text.u32(0x1008, 0x1020 - 0x100c).u8(0x1020, 0x48, 0x83, 0xec, 0x48, 0x48, 0x89, 0xc2, 0x48, 0x8d, 0x0d);
  text.u32(0x102a, 0x2000 - 0x102e);
  const idata = descriptor(new Content(IDATA, 0x400))
    .u64(0x2200, 0x2140)
    .u64(0x2300, BASE + 0x1000);
  change(text, idata);
  return readImage(
    buildPe({
      linker,
      sections: [
        { name: '.text', content: text, characteristics: CODE },
        { name: '.idata', content: idata, characteristics: DATA },
      ],
    }),
  );
}

const ALPHA = [{ module: 'A.dll', name: 'Alpha', slot: 0x2300, kind: 'delay' }];

describe('delay stubs', () => {
  it('lead to the descriptor in PE32+', () => {
    const image = image64();
    expect(image.delayImports).toEqual(ALPHA);
    expect(image.notes).toEqual([]);
  });

  it('lead to the descriptor in PE32', () => {
    const text = new Content(TEXT, 0x200)
      .u8(0x1000, 0xb8)
      .u32(0x1001, BASE32 + 0x2300)
      .u8(0x1005, 0xeb, 0x19);
    text
      .u8(0x1020, 0x51, 0x52, 0x50, 0x68)
      .u32(0x1024, BASE32 + 0x2000)
      .u8(0x1028, 0xe8);
    const idata = descriptor(new Content(IDATA, 0x400))
      .u32(0x2200, 0x2140)
      .u32(0x2300, BASE32 + 0x1000);
    const sections = [
      { name: '.text', content: text, characteristics: CODE },
      { name: '.idata', content: idata, characteristics: DATA },
    ];
    expect(readImage(buildPe({ is64: false, linker: 2, sections })).delayImports).toEqual(ALPHA);
  });

  it.each([
    ['of another linker', () => {}, 14],
    ['that load another address', (text: Content) => text.u32(0x1003, 0x2308 - 0x1007), 2],
    ['that jump out of the code', (text: Content) => text.u32(0x1008, 0x2000 - 0x100c), 2],
    ['whose descriptor is none', (_: Content, idata: Content) => idata.u32(0x2000, 0), 2],
    ['whose descriptor has another table', (_: Content, idata: Content) => idata.u32(0x200c, 0x2310), 2],
    ['whose descriptor is outside', (text: Content) => text.u32(0x102a, 0x7fff0000), 2],
  ])('are none: stubs %s', (_, change, linker) => {
    const image = image64(change, linker);
    expect(image.delayImports).toEqual([]);
    expect(image.notes).toEqual([]);
  });
});
