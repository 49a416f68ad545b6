// The resource tree and what stands on it: version information and string tables.
import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/pe/image.ts';
import { buildOne, type Content } from './build-pe.ts';

const SUB = 0x80000000;

/** A directory at `at` with numbered entries; ids above 2^31 are names. */
function directory(c: Content, at: number, entries: readonly (readonly [number, number])[]): void {
  const named = entries.filter(([id]) => id >= SUB).length;
  c.u16(at + 12, named, entries.length - named).u32(at + 16, ...entries.flat());
}

/** Type > name > language (0x409) > data, for one resource of `type` and `name`. */
function oneResource(c: Content, type: number, name: number, rva: number, size: number): void {
  directory(c, 0x1000, [[type, SUB + 0x40]]);
  directory(c, 0x1040, [[name, SUB + 0x80]]);
  directory(c, 0x1080, [[0x409, 0xc0]]);
  c.u32(0x10c0, rva, size, 1200, 0);
}

/** Writes a block of VS_VERSIONINFO at `at` and returns where it ends. */
function block(
  c: Content,
  at: number,
  key: string,
  value: (at: number) => [end: number, length: number],
  more: (at: number) => number = (end) => end,
): number {
  c.utf16(at + 6, key);
  const align = (rva: number): number => (rva + 3) & ~3;
  const [valueEnd, valueLength] = value(align(at + 6 + key.length * 2 + 2));
  const end = more(align(valueEnd));
  c.u16(at, end - at, valueLength, 1);
  return end;
}

const nothing = (at: number): [number, number] => [at, 0];
const text =
  (c: Content, value: string) =>
  (at: number): [number, number] => {
    c.utf16(at, value);
    return [at + value.length * 2 + 2, value.length + 1];
  };

function version(c: Content, fixed: boolean): number {
  const fixedInfo = (at: number): [number, number] => {
    if (!fixed) return [at, 0];
    c.u32(at, 0xfeef04bd, 0x10000, 0x000a0000, 0x4a610bd7);
    return [at + 52, 52];
  };
  return block(c, 0x1100, 'VS_VERSION_INFO', fixedInfo, (at) =>
    block(c, at, 'StringFileInfo', nothing, (inner) =>
      block(c, inner, '040904B0', nothing, (first) => {
        const second = block(c, first, 'CompanyName', text(c, 'Some Company'));
        const third = block(c, (second + 3) & ~3, '__proto__', text(c, 'x'));
        return block(c, (third + 3) & ~3, 'FileVersion', text(c, '10.0.1 (build)'));
      }),
    ),
  );
}

describe('tree', () => {
  it('lists leaves with numbers and names', () => {
    const image = readImage(
      buildOne(
        (c) => {
          directory(c, 0x1000, [
            [SUB + 0x200, SUB + 0x40],
            [24, SUB + 0x40 + 0x100],
          ]);
          directory(c, 0x1040, [[7, SUB + 0x80]]);
          directory(c, 0x1080, [[0x407, 0xc0]]);
          directory(c, 0x1140, [[1, SUB + 0x180]]);
          directory(c, 0x1180, [[0, 0xc0]]);
          c.u32(0x10c0, 0x1400, 12, 1252).u16(0x1200, 3).utf16(0x1202, 'REG');
        },
        { 2: [0x1000, 0x500] },
      ),
    );
    expect(image.resources?.resources).toEqual([
      { type: 'REG', name: 7, language: 0x407, rva: 0x1400, size: 12, codePage: 1252 },
      { type: 24, name: 1, language: 0, rva: 0x1400, size: 12, codePage: 1252 },
    ]);
    expect(image.notes).toEqual([]);
  });

  it('ends where the tree loops', () => {
    const image = readImage(
      buildOne(
        (c) =>
          directory(c, 0x1000, [
            [1, SUB],
            [2, SUB],
          ]),
        { 2: [0x1000, 0x500] },
      ),
    );
    expect(image.resources?.resources).toEqual([]);
    expect(image.notes).toEqual([{ about: 'resource', text: expect.stringContaining('loop') }]);
  });

  it('reads no more entries than the file has room for', () => {
    // Forty directories of 32 entries lie over one another, in a file with room for 512 entries.
    const image = readImage(
      buildOne(
        (c) => {
          directory(
            c,
            0x1000,
            Array.from({ length: 40 }, (_, i) => [i, SUB + 0x800 + i * 16] as const),
          );
          for (let at = 0x1800; at < 0x2000; at += 4) c.u16(at, 16, 0);
        },
        { 2: [0x1000, 0x500] },
      ),
    );
    expect(image.resources!.resources.length).toBeLessThanOrEqual(0x1000 / 8);
    expect(image.notes.map(({ text: said }) => said).join()).toContain('more entries than the file has room for');
  });
});

describe('version', () => {
  it('reads the fixed version and the strings', () => {
    const image = readImage(
      buildOne((c) => oneResource(c, 16, 1, 0x1100, version(c, true) - 0x1100), { 2: [0x1000, 0x500] }),
    );
    const info = image.versionInfo!;
    expect([info.fileVersion, info.fixed]).toEqual(['10.0.1 (build)', '10.0.19041.3031']);
    expect(Object.entries(info.strings)).toEqual([
      ['CompanyName', 'Some Company'],
      ['__proto__', 'x'],
      ['FileVersion', '10.0.1 (build)'],
    ]);
    expect(image.notes).toEqual([]);
  });

  it('does without the fixed part', () => {
    const image = readImage(
      buildOne((c) => oneResource(c, 16, 1, 0x1100, version(c, false) - 0x1100), { 2: [0x1000, 0x500] }),
    );
    expect(image.versionInfo).toMatchObject({ fileVersion: '10.0.1 (build)', fixed: null });
  });

  it('falls back to the fixed version where the strings are cut off', () => {
    const image = readImage(
      buildOne((c) => oneResource(c, 16, 1, 0x1100, version(c, true) && 0x60), { 2: [0x1000, 0x500] }),
    );
    expect(image.versionInfo).toMatchObject({ fileVersion: '10.0.19041.3031', fixed: '10.0.19041.3031' });
  });

  it('notes a resource that is no version', () => {
    const image = readImage(buildOne((c) => oneResource(c, 16, 1, 0x1400, 0x80), { 2: [0x1000, 0x500] }));
    expect(image.versionInfo).toBeUndefined();
    expect(image.notes.map(({ about }) => about)).toEqual(['version']);
  });
});

describe('string table', () => {
  it('numbers the texts as LoadString does', () => {
    const image = readImage(
      buildOne(
        (c) => {
          oneResource(c, 6, 3, 0x1200, 0x60);
          c.u16(0x1200, 0, 2).utf16(0x1204, 'hi').u16(0x1208, 0, 3).utf16(0x120c, 'a\ud800b');
        },
        { 2: [0x1000, 0x500] },
      ),
    );
    expect(image.stringTable).toEqual([
      { id: 33, language: 0x409, text: 'hi', rva: 0x1204 },
      { id: 35, language: 0x409, text: 'a\\u{d800}b', rva: 0x120c },
    ]);
    expect(image.notes).toEqual([]);
  });

  it('notes a table that is cut off', () => {
    const image = readImage(
      buildOne(
        (c) => {
          oneResource(c, 6, 1, 0x1200, 0x10);
          c.u16(0x1200, 1, 0x41, 0xffff);
        },
        { 2: [0x1000, 0x500] },
      ),
    );
    expect(image.stringTable).toEqual([{ id: 0, language: 0x409, text: 'A', rva: 0x1202 }]);
    expect(image.notes).toEqual([{ about: 'string table', text: 'table 1 is cut off after 1 of 16 texts' }]);
  });
});
