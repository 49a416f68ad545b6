// The smaller directories: load configuration, debug, CLR, relocations, TLS.
import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/pe/image.ts';
import { buildOne } from './build-pe.ts';

const BASE = 0x140000000;

describe('load config', () => {
  it('reads the fields that its Size covers', () => {
    const image = readImage(
      buildOne(
        (c) => {
          c.u32(0x1000, 0x140)
            .u64(0x1000 + 88, BASE + 0x1800)
            .u64(0x1000 + 112, BASE + 0x1810, BASE + 0x1818, BASE + 0x1900, 2);
          c.u32(0x1000 + 144, 0x10000500)
            .u64(0x1000 + 200, BASE + 0x1a00)
            .u64(0x1000 + 280, BASE + 0x1820, BASE + 0x1828, BASE + 0x1830);
          c.u32(0x1900, 0x2000).u8(0x1904, 9).u32(0x1905, 0x2010);
        },
        { 10: [0x1000, 0x140] },
      ),
    );
    expect(image.loadConfig).toEqual({
      securityCookie: 0x1800,
      guardCFCheckFunctionPointer: 0x1810,
      guardCFDispatchFunctionPointer: 0x1818,
      guardXFGCheckFunctionPointer: 0x1820,
      guardXFGDispatchFunctionPointer: 0x1828,
      guardXFGTableDispatchFunctionPointer: 0x1830,
      guardFlags: 0x10000500,
      guardCFFunctionTable: Uint32Array.of(0x2000, 0x2010),
      safeSEHHandlers: new Uint32Array(0),
      hybridMetadata: true,
    });
    expect(image.notes).toEqual([]);
  });

  it('leaves out what is behind its Size, outside the image or more than the file holds', () => {
    const image = readImage(
      buildOne(
        (c) => {
          c.u32(0x1000, 0x94)
            .u64(0x1000 + 88, 0x77000000)
            .u64(0x1000 + 128, BASE + 0x1f00, 0xffffffff);
          c.u64(0x1000 + 280, BASE + 0x1820);
        },
        { 10: [0x1000, 0x140] },
      ),
    );
    expect(image.loadConfig).toMatchObject({
      securityCookie: -1,
      guardXFGCheckFunctionPointer: -1,
      hybridMetadata: false,
    });
    expect(image.loadConfig?.guardCFFunctionTable).toHaveLength(0x100 / 4);
    expect(image.notes).toEqual([{ about: 'load config', text: expect.stringContaining('4294967295 entries') }]);
  });

  it('reads the exception handlers of an x86 image', () => {
    const image = readImage(
      buildOne(
        (c) =>
          c
            .u32(0x1000, 72)
            .u32(0x1000 + 60, 0x401800, 0x401900, 2)
            .u32(0x1900, 0x2000, 0x2010),
        { 10: [0x1000, 64] },
        { is64: false },
      ),
    );
    expect(image.loadConfig).toMatchObject({ securityCookie: 0x1800, guardCFCheckFunctionPointer: -1 });
    expect([...image.loadConfig!.safeSEHHandlers]).toEqual([0x2000, 0x2010]);
  });
});

describe('debug', () => {
  const guid = Array.from({ length: 16 }, (_, i) => i + 1);
  it('reads RSDS behind other entries', () => {
    const image = readImage(
      buildOne(
        (c) => {
          c.u32(0x1000 + 12, 13).u32(0x101c + 12, 2, 0x40, 0x1100, 0x500);
          c.ascii(0x1100, 'RSDS')
            .u8(0x1104, ...guid)
            .u32(0x1114, 5)
            .ascii(0x1118, 'c:\\b\\\xc3\xa9.pdb');
        },
        { 6: [0x1000, 56] },
      ),
    );
    expect(image.debug).toEqual({ pdb: 'c:\\b\\é.pdb', guid: '04030201-0605-0807-090a-0b0c0d0e0f10', age: 5 });
  });

  it('reads NB10 that is not mapped, by its file offset', () => {
    const image = readImage(
      buildOne(
        (c) => {
          c.u32(0x1000 + 12, 2, 0x40, 0, 0x500)
            .ascii(0x1100, 'NB10')
            .u32(0x1108, 77, 3)
            .ascii(0x1110, 'old.pdb');
        },
        { 6: [0x1000, 28] },
      ),
    );
    expect(image.debug).toEqual({ pdb: 'old.pdb', signature: 77, age: 3 });
  });

  it('notes a record that is outside the file', () => {
    const image = readImage(buildOne((c) => c.u32(0x1000 + 12, 2, 0x40, 0x9000, 0x99999), { 6: [0x1000, 28] }));
    expect([image.debug, image.notes.length]).toEqual([undefined, 1]);
  });
});

it('reads the CLR header', () => {
  const image = readImage(
    buildOne((c) => c.u32(0x1000, 72).u16(0x1004, 2, 5).u32(0x1008, 0x1200, 0x300, 1, 0x06000001), {
      14: [0x1000, 72],
    }),
  );
  expect(image.clr).toEqual({
    majorRuntimeVersion: 2,
    minorRuntimeVersion: 5,
    flags: 1,
    metadata: { rva: 0x1200, size: 0x300 },
    entryPointToken: 0x06000001,
  });
  const damaged = readImage(buildOne(() => {}, { 14: [0x1ff0, 72] }));
  expect([damaged.clr, damaged.notes[0].about]).toEqual([undefined, 'clr']);
});

describe('relocations', () => {
  it('keeps the pointer-sized ones of each kind of image, ascending', () => {
    const write = (entries: number[]) => (c: import('./build-pe.ts').Content) => {
      c.u32(0x1000, 0x4000, 8 + entries.length * 2).u16(0x1008, ...entries);
      c.u32(0x1010, 0x3000, 12).u16(0x1018, 0xa001, 0x3002);
    };
    const entries = [0xa008, 0x3010, 0xa020, 0];
    const of64 = readImage(buildOne(write(entries), { 5: [0x1000, 0x1c] }));
    expect([...of64.relocations]).toEqual([0x3001, 0x4008, 0x4020]);
    const of32 = readImage(buildOne(write(entries), { 5: [0x1000, 0x1c] }, { is64: false }));
    expect([...of32.relocations]).toEqual([0x3002, 0x4010]);
    expect([...of64.notes, ...of32.notes]).toEqual([]);
  });

  it('ends at a block that does not move forward, and at the end of the file', () => {
    const stuck = readImage(buildOne((c) => c.u32(0x1000, 0x4000, 4), { 5: [0x1000, 0x100] }));
    expect([stuck.relocations.length, stuck.notes.length]).toEqual([0, 1]);
    const endless = readImage(
      buildOne((c) => c.u32(0x1000, 0x4000, 0xffffffff).u16(0x1008, 0xa001), { 5: [0x1000, 0xffffffff] }),
    );
    expect([[...endless.relocations], endless.notes.length]).toEqual([[0x4001], 1]);
  });
});

describe('TLS callbacks', () => {
  it('reads the list up to its zero', () => {
    const of64 = readImage(
      buildOne((c) => c.u64(0x1018, BASE + 0x1100).u64(0x1100, BASE + 0x2000, BASE + 0x2010, 0), { 9: [0x1000, 40] }),
    );
    const of32 = readImage(
      buildOne((c) => c.u32(0x100c, 0x401100).u32(0x1100, 0x402000, 0), { 9: [0x1000, 24] }, { is64: false }),
    );
    expect([of64.tlsCallbacks, of32.tlsCallbacks]).toEqual([[0x2000, 0x2010], [0x2000]]);
    expect([...of64.notes, ...of32.notes]).toEqual([]);
  });

  it('notes a list that points out of the image', () => {
    const image = readImage(
      buildOne((c) => c.u64(0x1018, BASE + 0x1100).u64(0x1100, BASE + 0x2000, 5), { 9: [0x1000, 40] }),
    );
    expect([image.tlsCallbacks, image.notes.length]).toEqual([[0x2000], 1]);
  });
});
