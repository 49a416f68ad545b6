// Headers, sections and reads by RVA; and what is said of files that are no PE.
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../src/errors.ts';
import { isPortableExecutable, readImage } from '../../src/pe/image.ts';
import { buildOne, buildPe, CODE, Content, DATA } from './build-pe.ts';

const bytesOf = (text: string, length = text.length): Uint8Array => {
  const bytes = new Uint8Array(length);
  bytes.set([...text].map((character) => character.charCodeAt(0)));
  return bytes;
};

describe('headers', () => {
  it('reads a PE32+', () => {
    const image = readImage(
      buildOne(() => {}, {}),
      'a.exe',
    );
    expect(image).toMatchObject({
      name: 'a.exe',
      machine: 0x8664,
      arch: 'x64',
      is64: true,
      imageBase: 0x140000000,
      entryPoint: 0x1000,
      sizeOfImage: 0x10000,
      subsystem: 3,
      isDll: false,
      notes: [],
    });
    expect(image.sections).toEqual([
      {
        name: '.data',
        virtualAddress: 0x1000,
        virtualSize: 0x1000,
        pointerToRawData: 0x400,
        sizeOfRawData: 0x1000,
        characteristics: DATA,
      },
    ]);
  });

  it('reads a PE32 DLL', () => {
    const image = readImage(buildOne(() => {}, {}, { is64: false, characteristics: 0x2102 }));
    expect(image).toMatchObject({ arch: 'x86', is64: false, imageBase: 0x400000, isDll: true, pointerSize: 4 });
  });

  it('knows the machines by name', () => {
    const arch = (machine: number): string => readImage(buildOne(() => {}, {}, { machine })).arch;
    expect([0xaa64, 0x1c4, 0x200].map(arch)).toEqual(['arm64', 'arm', 'unknown']);
  });

  it('notes an image base that no address can have, and uses 0', () => {
    const image = readImage(buildOne(() => {}, {}, { imageBase: 0xffff_f800_0000_0000n }));
    expect(image.imageBase).toBe(0);
    expect(image.notes).toEqual([{ about: 'headers', text: expect.stringContaining('ImageBase') }]);
  });

  it('reads 16 directories however many are claimed', () => {
    const image = readImage(buildOne(() => {}, {}, { numberOfRvaAndSizes: 0xffffffff }));
    expect(image.directories).toHaveLength(16);
    expect(image.notes[0].text).toContain('NumberOfRvaAndSizes is 4294967295');
  });

  it('does not take a directory beyond the claimed number', () => {
    const image = readImage(buildOne((c) => c.u32(0x1000, 1), { 1: [0x1000, 20] }, { numberOfRvaAndSizes: 1 }));
    expect(image.directory(1)).toBeUndefined();
    expect(image.imports).toEqual([]);
  });
});

describe('addresses', () => {
  const code = new Content(0x1000, 0x200).u32(0x1000, 0x44332211);
  const data = new Content(0x3000, 0x200).u32(0x31fc, 0xaabbccdd);
  const file = buildPe({
    sections: [
      { name: '.text', content: code, characteristics: CODE },
      { name: '.data', content: data, virtualSize: 0x1800 },
    ],
  });
  const image = readImage(file);

  it('finds the file offset of an RVA', () => {
    expect(image.offsetOf(0)).toBe(0);
    expect(image.offsetOf(0x1000)).toBe(0x400);
    expect(image.offsetOf(0x11ff)).toBe(0x5ff);
    expect(image.offsetOf(0x3004)).toBe(0x604);
    // In turn, so that the remembered section is the wrong one each time.
    for (let i = 0; i < 3; i++) expect([image.offsetOf(0x1008), image.offsetOf(0x3008)]).toEqual([0x408, 0x608]);
  });

  it('has no offset outside the bytes', () => {
    expect([0x1200, 0x2000, 0x3200, 0x5000, 0xfffffff0, -1, Number.NaN].map((rva) => image.offsetOf(rva))).toEqual(
      new Array(7).fill(-1),
    );
  });

  it('reads numbers, zero in the zero-filled tail, -1 outside', () => {
    expect(image.readU8(0x1001)).toBe(0x22);
    expect(image.readU16(0x1001)).toBe(0x3322);
    expect(image.readU32(0x1000)).toBe(0x44332211);
    expect(image.readU32(0x31fc)).toBe(0xaabbccdd);
    expect(image.readPointer(0x31fc)).toBe(0xaabbccdd);
    expect(image.readU16(0x31ff)).toBe(0xaa);
    expect(image.readU32(0x3400)).toBe(0);
    expect(image.readU32(0x4ffe)).toBe(-1);
    expect([image.readU8(0x8000), image.readU16(0x8000), image.readU32(0x8000), image.readPointer(0x8000)]).toEqual([
      -1, -1, -1, -1,
    ]);
  });

  it('knows what may be executed and written', () => {
    expect([image.isCode(0x1010), image.isCode(0x3010), image.isCode(0x10)]).toEqual([true, false, false]);
    expect([image.isWritable(0x1010), image.isWritable(0x3010)]).toEqual([false, true]);
    expect(image.sectionOf(0x3200)?.name).toBe('.data');
    expect(image.sectionOf(0x9000)).toBeUndefined();
  });

  it('turns virtual addresses into RVAs', () => {
    expect([image.rvaOf(0x140001000), image.rvaOf(0x13fffffff), image.rvaOf(0x140010000)]).toEqual([0x1000, -1, -1]);
  });

  it('takes SizeOfRawData where VirtualSize is 0', () => {
    const old = readImage(buildPe({ sections: [{ content: code, virtualSize: 0 }] }));
    expect(old.offsetOf(0x11ff)).toBe(0x5ff);
  });

  it('gives no bytes to a section that points outside the file', () => {
    const cut = readImage(
      buildPe({ sections: [{ content: data, sizeOfRawData: 0xfffffff0, virtualSize: 0xfffffff0 }] }),
    );
    expect(cut.offsetOf(0x31ff)).toBe(0x5ff);
    expect([cut.offsetOf(0x3200), cut.readU32(0x3200)]).toEqual([-1, -1]);
    expect(cut.notes).toEqual([{ about: 'sections', text: expect.stringContaining('cut off') }]);
  });

  it('gives an overlapped address to the later section and says so', () => {
    const over = readImage(
      buildPe({
        sections: [
          { content: code, virtualSize: 0x9000 },
          { name: '.late', content: data },
        ],
      }),
    );
    expect(over.sectionOf(0x3000)?.name).toBe('.late');
    expect(over.notes).toEqual([{ about: 'sections', text: expect.stringContaining('overlap') }]);
  });
});

describe('not a PE', () => {
  const mz = (at: number, signature: string): Uint8Array => {
    const bytes = bytesOf('MZ', 0x200);
    bytes[0x3c] = at;
    bytes.set(bytesOf(signature), at);
    return bytes;
  };
  it.each([
    ['empty', new Uint8Array(0), 'empty'],
    ['two bytes', bytesOf('MZ'), 'inside the DOS header'],
    ['a DOS program', bytesOf('MZ', 0x200), 'no PE header'],
    ['16-bit Windows', mz(0x80, 'NE'), '16-bit NE'],
    ['a VxD', mz(0x80, 'LE'), 'LE driver'],
    ['OS/2', mz(0x80, 'LX'), 'OS/2'],
    ['ELF', bytesOf('\x7fELF', 0x200), 'ELF'],
    ['a ZIP', bytesOf('PK\x03\x04', 0x200), 'ZIP'],
    ['a script', bytesOf('#!/bin/sh\n', 0x200), 'script'],
    ['other bytes', bytesOf('hello', 0x200), '68 65 6c 6c'],
    ['a short text', bytesOf('hi'), '2 bytes'],
    ['a header cut off', buildOne(() => {}, {}).subarray(0, 0x60), 'cut off inside the PE header'],
  ])('%s', (_, bytes, words) => {
    expect(isPortableExecutable(bytes) && bytes.length !== 0x60).toBe(false);
    let message = '';
    try {
      readImage(bytes, 'sample.exe');
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError);
      message = (error as Error).message;
    }
    expect(message).toMatch(/^sample\.exe: [^\n]+$/);
    expect(message).toContain(words);
  });

  it('says yes to a PE', () => expect(isPortableExecutable(buildOne(() => {}, {}))).toBe(true));
});
