// API sets: the built-in table and the reader of the schema.
import { describe, expect, it } from 'vitest';
import { apiSetHost, builtInApiSets, isApiSet, readApiSet } from '../../src/pe/api-set.ts';
import { readImage } from '../../src/pe/image.ts';
import { buildPe, Content } from './build-pe.ts';

/** A schema with one contract that has a default host and one for kernel32.dll, and one without a host. */
function schema(version = 6, count = 2): Uint8Array {
  const c = new Content(0x1000, 0x1000);
  const name = (at: number, text: string): [number, number] => {
    c.utf16(0x1000 + at, text);
    return [at, text.length * 2];
  };
  c.u32(0x1000, version, 0x1000, 0, count, 0x20, 0, 31);
  const first = name(0x200, 'api-ms-win-core-io-l1-1-1');
  c.u32(0x1020, 0, ...first, first[1] - 4, 0x100, 2);
  const second = name(0x280, 'ext-ms-win-none-l1-1-0');
  c.u32(0x1038, 0, ...second, second[1] - 4, 0x140, 1);
  c.u32(0x1100, 0, 0, 0, ...name(0x300, 'KERNEL32.dll'));
  c.u32(0x1114, 0, ...name(0x340, 'kernel32.dll'), ...name(0x380, 'kernelbase.dll'));
  return buildPe({ sections: [{ name: '.apiset', content: c }] });
}

describe('built-in table', () => {
  const map = builtInApiSets();

  it('finds a host whatever the minor version, case and extension', () => {
    for (const contract of [
      'api-ms-win-core-file-l1-2-1',
      'API-MS-WIN-Core-File-L1-2-99.DLL',
      'api-ms-win-core-file-l1-2',
    ]) {
      expect(apiSetHost(map, contract)).toBe('kernelbase.dll');
    }
    expect(apiSetHost(map, 'ext-ms-win-wer-reporting-l1-1-3.dll')).toBe('wer.dll');
  });

  it('gives the importer its own host', () => {
    const contract = 'api-ms-win-core-processthreads-l1-1-0.dll';
    expect(apiSetHost(map, contract, 'a.exe')).toBe('kernel32.dll');
    expect(apiSetHost(map, contract, 'KERNEL32.DLL')).toBe('kernelbase.dll');
  });

  it('knows no host of an unknown contract', () => {
    expect([apiSetHost(map, 'api-ms-win-no-such-l1-1-0.dll'), apiSetHost(map, '__proto__')]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('has only well-formed entries', () => {
    const contracts = Object.entries(map.contracts);
    expect(contracts.length).toBeGreaterThan(800);
    for (const [contract, hosts] of contracts) {
      expect(contract).toMatch(/^(api|ext)-ms-[a-z0-9-]+-l\d+-\d+$/);
      for (const host of typeof hosts === 'string' ? [hosts] : Object.values(hosts))
        expect(host).toMatch(/^([\w.-]+\.\w+)?$/);
    }
  });
});

describe('schema', () => {
  it('reads contracts, importers and missing hosts', () => {
    const image = readImage(schema());
    const map = readApiSet(image);
    expect(apiSetHost(map, 'api-ms-win-core-io-l1-1-0.dll')).toBe('kernel32.dll');
    expect(apiSetHost(map, 'api-ms-win-core-io-l1-1-0.dll', 'Kernel32.dll')).toBe('kernelbase.dll');
    expect(apiSetHost(map, 'ext-ms-win-none-l1-1-0')).toBeUndefined();
    expect(Object.keys(map.contracts)).toEqual(['api-ms-win-core-io-l1-1', 'ext-ms-win-none-l1-1']);
    expect(image.notes).toEqual([]);
  });

  it('notes other versions, missing sections and lying counts', () => {
    const old = readImage(schema(4));
    const none = readImage(buildPe({ sections: [{ content: new Content(0x1000, 0x200) }] }));
    const lying = readImage(schema(6, 0xffffffff));
    for (const image of [old, none, lying]) {
      const map = readApiSet(image);
      expect(image.notes.length).toBeGreaterThan(0);
      expect(image.notes.every(({ about }) => about === 'api set')).toBe(true);
      expect(Object.keys(map.contracts).length > 0).toBe(image === lying);
    }
  });
});

it('tells a contract from a file', () => {
  expect(['api-ms-win-core-io-l1-1-0.dll', 'EXT-MS-x', 'apisetschema.dll', 'kernel32.dll'].map(isApiSet)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
