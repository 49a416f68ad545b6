// Keys, their lists of all kinds, and their values, as the writer of fixtures/hives puts them into hives.
import { describe, expect, it } from 'vitest';
import { type KeySpec, type ListKind, text16, WRITTEN, writeHive } from '../../fixtures/hives/hive-writer.ts';
import { openHive, RegType, valueContent } from '../../src/hive/index.ts';
import { MOST_LEVELS } from '../../src/hive/lineage.ts';
import { upperName } from '../../src/hive/upper-name.ts';
import { SEGMENT_SIZE } from '../../src/hive/value-bytes.ts';

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7) & 0xff);
const named = (count: number): KeySpec[] => Array.from({ length: count }, (_, i) => ({ name: `Key${i}` }));

describe('subkeys', () => {
  it.each<[ListKind, number]>([
    ['lf', 511],
    ['lh', 511],
    ['li', 511],
    ['lf', 7],
    ['lh', 7],
    ['li', 7],
  ])('in lists of kind %s, %i in a leaf', (list, leafSize) => {
    const hive = openHive(writeHive({ name: 'ROOT', subkeys: named(100), list, leafSize }));
    const names = [...hive.root.subkeys()].map(({ name }) => name);
    expect(names).toHaveLength(100);
    expect(names).toEqual([...names].sort((a, b) => (upperName(a) < upperName(b) ? -1 : 1)));
    for (const name of names) expect(hive.key(name)?.name).toBe(name);
    expect(hive.notes).toEqual([]);
  });

  it('are found by paths whatever their letter case, and have paths, times and classes', () => {
    const hive = openHive(
      writeHive({
        name: 'CMI-CreateHive{1}',
        subkeys: [{ name: 'Grün', subkeys: [{ name: 'Бук', lastWritten: WRITTEN + 1n, className: 'Shell' }] }],
      }),
    );
    const key = hive.key('\\gRÜN\\бУК\\');
    expect(key?.path).toBe('Grün\\Бук');
    expect(key?.lastWritten).toBe(WRITTEN + 1n);
    expect(key?.className).toBe('Shell');
    expect(hive.root.className).toBeUndefined();
    expect(hive.key('')).toBe(hive.root);
    expect(hive.key('Grün\\Бук\\x')).toBeUndefined();
    expect([...hive.keys()].map(({ path }) => path)).toEqual(['', 'Grün', 'Grün\\Бук']);
    expect(key?.securityDescriptor).toEqual(Uint8Array.of(1, 0, 4, 0x80, ...new Uint8Array(16)));
  });

  it('deeper than the registry lets them be are left out with a note', () => {
    let key: KeySpec = { name: 'k' };
    for (let i = 0; i < MOST_LEVELS + 5; i++) key = { name: 'k', subkeys: [key] };
    const hive = openHive(writeHive(key));
    expect([...hive.keys()]).toHaveLength(MOST_LEVELS + 1);
    expect(hive.notes.map(({ text }) => text)).toEqual([expect.stringMatching(/more than 512 levels/)]);
  });
});

describe('values', () => {
  const read = (data: Uint8Array, minor = 5, inCell = false) => {
    const hive = openHive(writeHive({ name: 'R', values: [{ name: 'x', type: 3, data, inCell }] }, { minor }));
    return { data: hive.root.value('X')?.data(), notes: hive.notes };
  };

  it.each([0, 1, 2, 3, 4, 5, 100, SEGMENT_SIZE, SEGMENT_SIZE + 1, SEGMENT_SIZE * 3, SEGMENT_SIZE * 3 + 17, 300_000])(
    'of %i bytes',
    (length) => expect(read(bytes(length))).toEqual({ data: bytes(length), notes: [] }),
  );
  it('of four bytes in a cell', () => expect(read(bytes(4), 5, true)).toEqual({ data: bytes(4), notes: [] }));
  it('of a hive without big data', () => expect(read(bytes(50_000), 3)).toEqual({ data: bytes(50_000), notes: [] }));
  it('that begin like big data and are none', () => {
    const data = bytes(100);
    data.set([0x64, 0x62, 2, 0]);
    expect(read(data).data).toEqual(data);
  });

  it('have names in any letters, any number as their type, and a default one without a name', () => {
    const hive = openHive(
      writeHive({
        name: 'R',
        values: [
          { name: '', type: 0x1f4, data: new Uint8Array(0) },
          { name: 'ключ', type: 0xffff_ffff, data: bytes(2) },
          { name: 'é', type: 7, data: bytes(1) },
        ],
      }),
    );
    expect([...hive.root.values()].map(({ name, type, size }) => [name, type, size])).toEqual([
      ['', 0x1f4, 0],
      ['ключ', 0xffff_ffff, 2],
      ['é', 7, 1],
    ]);
    expect(hive.root.value('')?.type).toBe(500);
    expect(hive.root.value('КЛЮЧ')?.data()).toEqual(bytes(2));
    expect(hive.root.value('É')?.type).toBe(7);
    expect(hive.root.value('no')).toBeUndefined();
  });
});

describe('what data says by its type', () => {
  it.each<[string, number, Uint8Array, unknown]>([
    ['REG_SZ', RegType.sz, text16('C:\\a\0rest'), 'C:\\a'],
    ['REG_EXPAND_SZ without its end', RegType.expandSz, text16('%a%'), '%a%'],
    ['REG_MULTI_SZ', RegType.multiSz, text16('a\0b\0\0c'), ['a', 'b']],
    ['REG_MULTI_SZ without its end', RegType.multiSz, text16('a\0b'), ['a', 'b']],
    ['REG_DWORD', RegType.dword, Uint8Array.of(1, 2, 0, 0x80), 0x8000_0201],
    ['REG_DWORD_BIG_ENDIAN', RegType.dwordBigEndian, Uint8Array.of(0x80, 0, 2, 1), 0x8000_0201],
    ['REG_QWORD', RegType.qword, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0x80), 0x8000_0000_0000_0001n],
    ['a number that is cut off', RegType.dword, Uint8Array.of(1), Uint8Array.of(1)],
    ['any other', 77, Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
  ])('%s', (_, type, data, content) => expect(valueContent(type, data)).toEqual(content));
});

it('letter case is that of single characters', () => {
  expect(upperName('straße ÿ бук')).toBe('STRAßE Ÿ БУК');
  expect(upperName('ß')).toBe('ß');
  expect(upperName('ı')).toBe('ı');
  expect(upperName('µ')).toBe('µ');
});
