// The import and delay import directories, good and bad.
import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/pe/image.ts';
import { cpuTime } from '../cpu-time.ts';
import { buildOne, type Content } from './build-pe.ts';

const ORDINAL64 = 1n << 63n;

/** One module "A.dll" with Alpha and ordinal 7: names at 0x1200 (INT) and slots at 0x1300 (IAT). */
function twoSymbols(c: Content, lookup = 0x1200, stamp = 0): void {
  c.u32(0x1000, lookup, stamp, 0, 0x1100, 0x1300).ascii(0x1100, 'A.dll').ascii(0x1112, 'Alpha');
  c.u64(0x1200, 0x1110, ORDINAL64 | 7n).u64(0x1300, 0x1110, ORDINAL64 | 7n);
}

describe('imports', () => {
  it('reads names and ordinals of PE32+', () => {
    const image = readImage(buildOne((c) => twoSymbols(c), { 1: [0x1000, 40] }));
    expect(image.imports).toEqual([
      { module: 'A.dll', name: 'Alpha', slot: 0x1300, kind: 'import' },
      { module: 'A.dll', ordinal: 7, slot: 0x1308, kind: 'import' },
    ]);
    expect(image.importedModules).toEqual([{ name: 'A.dll', kind: 'import' }]);
    expect(image.notes).toEqual([]);
    expect(image.imports).toBe(image.imports);
  });

  it('reads names and ordinals of PE32', () => {
    const image = readImage(
      buildOne(
        (c) => {
          c.u32(0x1000, 0x1200, 0, 0, 0x1100, 0x1300).ascii(0x1100, 'A.dll').ascii(0x1112, 'Alpha');
          c.u32(0x1200, 0x1110, 0x80000007);
        },
        { 1: [0x1000, 40] },
        { is64: false },
      ),
    );
    expect(image.imports.map(({ name, ordinal, slot }) => [name ?? ordinal, slot])).toEqual([
      ['Alpha', 0x1300],
      [7, 0x1304],
    ]);
  });

  it('takes the names from the address table where there is no name table', () => {
    const image = readImage(buildOne((c) => twoSymbols(c, 0), { 1: [0x1000, 40] }));
    expect(image.imports.map(({ name, ordinal }) => name ?? ordinal)).toEqual(['Alpha', 7]);
    expect(image.notes).toEqual([]);
  });

  it('marks bound imports', () => {
    const image = readImage(buildOne((c) => twoSymbols(c, 0x1200, 0xffffffff), { 1: [0x1000, 40] }));
    expect(image.imports.map(({ bound }) => bound)).toEqual([true, true]);
  });

  it('lists a module without symbols', () => {
    const image = readImage(
      buildOne((c) => c.u32(0x1000, 0x1200, 0, 0, 0x1100, 0x1300).ascii(0x1100, 'empty.dll'), { 1: [0x1000, 40] }),
    );
    expect([image.imports, image.importedModules]).toEqual([[], [{ name: 'empty.dll', kind: 'import' }]]);
  });

  it('goes on behind a symbol and a module whose names cannot be read', () => {
    const image = readImage(
      buildOne(
        (c) => {
          twoSymbols(c);
          c.u64(0x1200, 0x7fff0000)
            .u32(0x1014, 0x1200, 0, 0, 0x7fff0000, 0x1400)
            .u32(0x1028, 0x1200, 0, 0, 0x1100, 0x1500);
        },
        { 1: [0x1000, 60] },
      ),
    );
    expect(image.imports.map(({ name, ordinal, slot }) => [name, ordinal, slot])).toEqual([
      [undefined, undefined, 0x1300],
      [undefined, 7, 0x1308],
      [undefined, undefined, 0x1500],
      [undefined, 7, 0x1508],
    ]);
    expect(image.notes.map(({ text }) => text.replace(/ \(.*/, ''))).toEqual([
      '1 names of symbols of A.dll cannot be read',
      "a module's name cannot be read",
      '1 names of symbols of A.dll cannot be read',
    ]);
  });

  it('notes a directory outside the file', () => {
    const image = readImage(buildOne(() => {}, { 1: [0x7fff0000, 40], 13: [0x7fff0000, 40] }));
    expect([image.imports, image.delayImports]).toEqual([[], []]);
    expect(image.notes.map(({ about }) => about)).toEqual(['import', 'delay import']);
  });

  it('stops at tables that hold more than the file can', () => {
    // Every descriptor names the same endless table of one long name.
    const size = 0x10000;
    const file = buildOne(
      (c) => {
        for (let at = 0x1000; at < 0x9000; at += 20) c.u32(at, 0x9000, 0, 0, 0xf000, 0x9000);
        for (let at = 0x9000; at < 0xf000; at += 8) c.u64(at, 0xf000);
        c.ascii(0xf000, 'x'.repeat(500));
      },
      { 1: [0x1000, 0x8000] },
      {},
      size,
    );
    const started = cpuTime();
    const image = readImage(file);
    expect(image.imports.length).toBeLessThanOrEqual(file.length / 8);
    expect(cpuTime() - started).toBeLessThan(1000);
    expect(image.notes.at(-1)?.text).toContain('loop or overlap');
  });
});

describe('delay imports', () => {
  it('reads descriptors of RVAs', () => {
    const image = readImage(
      buildOne(
        (c) => {
          c.u32(0x1000, 1, 0x1100, 0x1180, 0x1300, 0x1200, 0, 0, 0).ascii(0x1100, 'late.dll').ascii(0x1112, 'Beta');
          c.u64(0x1200, 0x1110, ORDINAL64 | 3n);
        },
        { 13: [0x1000, 64] },
      ),
    );
    expect(image.delayImports).toEqual([
      { module: 'late.dll', name: 'Beta', slot: 0x1300, kind: 'delay' },
      { module: 'late.dll', ordinal: 3, slot: 0x1308, kind: 'delay' },
    ]);
    expect(image.importedModules).toEqual([{ name: 'late.dll', kind: 'delay' }]);
    expect(image.imports).toEqual([]);
  });

  it('reads the older descriptors of virtual addresses, also where they look like ordinals', () => {
    for (const base of [0x400000, 0x90000000]) {
      const image = readImage(
        buildOne(
          (c) => {
            const tables = [0x1100, 0x1180, 0x1300, 0x1200].map((rva) => rva + base);
            c.u32(0x1000, 0, ...tables, 0, 0, 0)
              .ascii(0x1100, 'late.dll')
              .ascii(0x1112, 'Beta');
            c.u32(0x1200, base + 0x1110, 0x80000003);
          },
          { 13: [0x1000, 64] },
          { is64: false, imageBase: base },
        ),
      );
      expect(image.delayImports.map(({ name, ordinal, slot }) => [name ?? ordinal, slot])).toEqual([
        ['Beta', 0x1300],
        [3, 0x1304],
      ]);
      expect(image.notes).toEqual([]);
    }
  });
});
