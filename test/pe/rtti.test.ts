// Tables of virtual functions with their classes' names, of both ABIs, whole and damaged.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/pe/image.ts';

const bytesOf = (build: string) =>
  new Uint8Array(
    readFileSync(fileURLToPath(new URL(`../../fixtures/children/bin/${build}/hint-rtti-virtual.exe`, import.meta.url))),
  );
const tables = (bytes: Uint8Array) =>
  readImage(bytes, 'rtti.exe').virtualTables.map(({ className, methods }) => `${className} ${methods.length}`);

describe('the tables of virtual functions', () => {
  it.each(['clang-x64', 'clang-x86', 'mingw-x64', 'mingw-x86'])('have their class and functions in %s', (build) => {
    const found = tables(bytesOf(build));
    expect(found).toContain('Harbour::QuietPlugin 2');
    expect(found).toContain('Harbour::LanternPlugin 2');
  });

  it('are none where a locator does not name itself, as one of x64 has to', () => {
    const bytes = bytesOf('clang-x64');
    const image = readImage(bytes, 'rtti.exe');
    for (const { rva } of image.virtualTables) {
      const locator = image.offsetOf(image.rvaOf(image.readPointer(rva - 8)));
      bytes[locator + 20] ^= 1;
    }
    expect(tables(bytes)).toEqual([]);
  });

  it('are found without relocations, by every pointer there is', () => {
    const bytes = bytesOf('mingw-x64');
    const header = new DataView(bytes.buffer).getUint32(0x3c, true);
    // IMAGE_DIRECTORY_ENTRY_BASERELOC of PE32+
    bytes.fill(0, header + 24 + 112 + 5 * 8, header + 24 + 112 + 6 * 8);
    expect(tables(bytes)).toContain('Harbour::LanternPlugin 2');
  });
});
