// Delay import descriptors without a data directory: found by their shape, and nothing that lacks a part of it.
import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/pe/image.ts';
import { buildPe, CODE, Content } from './build-pe.ts';

const BASE = 0x140000000;
const DESCRIPTOR = 0x2010;

/** An image that imports `loader`, with a descriptor of late.dll (Beta and ordinal 3) among its data that `spoil` may change. */
function imageWith({ loader = 'GetProcAddress', spoil = (_: Content): unknown => undefined, directory = 0 } = {}) {
  const data = new Content(0x2000, 0x400);
  data.u32(DESCRIPTOR, 1, 0x2300, 0x2080, 0x20c0, 0x2100, 0, 0, 0);
  data.u64(0x20c0, BASE + 0x1010, BASE + 0x1020, 0).u64(0x2100, 0x2310, (1n << 63n) | 3n, 0);
  data.ascii(0x2300, 'late.dll').ascii(0x2312, 'Beta');
  data.u32(0x2200, 0x2230, 0, 0, 0x2320, 0x2250).ascii(0x2320, 'a.dll').ascii(0x2332, loader);
  data.u64(0x2230, 0x2330, 0).u64(0x2250, 0x2330, 0);
  spoil(data);
  return readImage(
    buildPe({
      directories: { 1: [0x2200, 40], 13: [directory, 64] },
      sections: [{ name: '.text', content: new Content(0x1000, 0x200), characteristics: CODE }, { content: data }],
    }),
  );
}

describe('delay descriptors', () => {
  it('are found among the data', () => {
    const image = imageWith();
    expect(image.delayImports).toEqual([
      { module: 'late.dll', name: 'Beta', slot: 0x20c0, kind: 'delay' },
      { module: 'late.dll', ordinal: 3, slot: 0x20c8, kind: 'delay' },
    ]);
    expect(image.importedModules.map(({ name }) => name)).toEqual(['a.dll', 'late.dll']);
    expect(image.notes).toEqual([]);
  });

  it('are not looked for where there is a directory, or nothing to load with', () => {
    expect(imageWith({ directory: 0x2280 }).delayImports).toEqual([]);
    expect(imageWith({ loader: 'Sleep' }).delayImports).toEqual([]);
  });

  it.each<[string, (data: Content) => unknown]>([
    ['another attribute', (data) => data.u32(DESCRIPTOR, 3)],
    ['a time stamp', (data) => data.u32(DESCRIPTOR + 28, 1)],
    ['a name that is no module', (data) => data.ascii(0x2300, 'late dll')],
    ['a name outside', (data) => data.u32(DESCRIPTOR + 4, 0x9000)],
    ['a handle among code', (data) => data.u32(DESCRIPTOR + 8, 0x1080)],
    ['slots outside', (data) => data.u32(DESCRIPTOR + 12, 0xfffffff0)],
    ['slots that hold no address of code', (data) => data.u64(0x20c0, BASE + 0x2010)],
    ['names outside', (data) => data.u32(DESCRIPTOR + 16, 0x9000)],
    ['no symbol', (data) => data.u32(0x2100, 0)],
  ])('are none with %s', (_, spoil) => {
    const image = imageWith({ spoil });
    expect(image.delayImports).toEqual([]);
    expect(image.notes).toEqual([]);
  });
});
