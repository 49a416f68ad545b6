// Where pointers in data lead: by relocations, by every word where there are none, and in files that are made to have too many.
import { describe, expect, it } from 'vitest';
import { AddressesInData } from '../../src/code/addresses-in-data.ts';
import { readImage } from '../../src/pe/image.ts';
import { buildPe, Content, DATA } from '../pe/build-pe.ts';

const BASE = 0x140000000;

/** A section of data full of pointers that all differ. */
function pointers(rva: number, size: number): Content {
  const content = new Content(rva, size);
  for (let at = rva; at < rva + size; at += 8) content.u32(at, (BASE % 2 ** 32) + at).u32(at + 4, 1);
  return content;
}

describe('addresses in data', () => {
  it('are those of words where no relocations tell pointers', () => {
    const image = readImage(
      buildPe({ sections: [{ content: pointers(0x1000, 0x100), characteristics: DATA }] }),
      'test.exe',
    );
    const addresses = new AddressesInData(image, true);
    expect(addresses.leadTo(0x1008, 0x1009)).toBe(true);
    expect(addresses.leadTo(0x1009, 0x1010)).toBe(false);
    expect(addresses.leadTo(0x1009, 0x1011)).toBe(true);
    expect(addresses.leadTo(0x1100, 0x2000)).toBe(false);
    expect(new AddressesInData(image, false).leadTo(0, 0x2000)).toBe(false);
  });

  it('may be any where sections lie over one another, and these are not all read', () => {
    const sections = [1, 2, 3, 4].map((at) => ({
      content: new Content(0x1000 * at, 0x10),
      virtualSize: 0x1000,
      sizeOfRawData: 0x600,
      pointerToRawData: 0x400,
      characteristics: DATA,
    }));
    const image = readImage(buildPe({ sections }), 'test.exe');
    expect(new AddressesInData(image, true).leadTo(0x5000, 0x5001)).toBe(true);
  });

  it('may be any where there are too many to keep', () => {
    const count = (1 << 21) + 1;
    const sections = [{ content: pointers(0x1000, 8 * count), characteristics: DATA }];
    const image = readImage(buildPe({ sections, sizeOfImage: 0x2000000 }), 'test.exe');
    expect(new AddressesInData(image, true).leadTo(0x10, 0x11)).toBe(true);
  });
});
