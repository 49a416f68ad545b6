// The export directory: names, aliases, ordinals only, forwarders, lies.
import { expect, it } from 'vitest';
import { readImage } from '../../src/pe/image.ts';
import { cpuTime } from '../cpu-time.ts';
import { buildOne, type Content } from './build-pe.ts';

/** "me.dll", base 10: function 10 named Zeta and Also, 11 a gap, 12 without name, 13 a forwarder named Fwd. */
function table(c: Content): void {
  c.u32(0x1000, 0, 0, 0, 0x1100, 10, 4, 3, 0x1200, 0x1300, 0x1400);
  c.ascii(0x1100, 'me.dll').ascii(0x1110, 'Zeta').ascii(0x1120, 'Also').ascii(0x1130, 'Fwd').ascii(0x1140, 'NTDLL.Rtl');
  c.u32(0x1200, 0x2000, 0, 0x2010, 0x1140).u32(0x1300, 0x1120, 0x1130, 0x1110).u16(0x1400, 0, 3, 0);
}

it('lists symbols in the order of ordinals', () => {
  const image = readImage(buildOne(table, { 0: [0x1000, 0x500] }));
  expect(image.exports).toEqual({
    name: 'me.dll',
    symbols: [
      { ordinal: 10, name: 'Also', rva: 0x2000 },
      { ordinal: 10, name: 'Zeta', rva: 0x2000 },
      { ordinal: 12, rva: 0x2010 },
      { ordinal: 13, name: 'Fwd', rva: 0x1140, forwarder: 'NTDLL.Rtl' },
    ],
  });
  expect(image.notes).toEqual([]);
});

it('is undefined without the directory', () => expect(readImage(buildOne(() => {}, {})).exports).toBeUndefined());

it('reads what the file holds of tables that claim 4 billion entries', () => {
  const file = buildOne(
    (c) => {
      table(c);
      c.u32(0x1014, 0xffffffff, 0xffffffff);
    },
    { 0: [0x1000, 0x500] },
  );
  const image = readImage(file);
  const { symbols } = image.exports!;
  expect(symbols.length).toBeLessThan(file.length);
  expect(symbols.filter(({ name }) => name !== undefined && name !== '').map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Also', 'Zeta', 'Fwd']),
  );
  expect(image.notes[0]).toEqual({ about: 'export', text: expect.stringContaining('4294967295 entries') });
});

it('does not search a large file over and over for names without an end', () => {
  const size = 0x800000;
  const file = buildOne(
    (c) => {
      c.bytes.fill(0xff);
      c.u32(0x1000, 0, 0, 0, 0x1100, 1, size / 8, size / 8, 0x2000, 0x2000, 0x2000);
      for (let at = 0x2000; at < 0x2000 + size / 2; at += 4) c.u32(at, 0x600000);
    },
    { 0: [0x1000, 0xffffffff] },
    { sizeOfImage: 0x1000000 },
    size,
  );
  const started = cpuTime();
  const image = readImage(file);
  expect(image.exports?.symbols.every(({ name }) => name === undefined)).toBe(true);
  expect(cpuTime() - started).toBeLessThan(1500);
  expect(image.notes.at(-1)?.text).toContain('overlap');
});
