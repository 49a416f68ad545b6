// Who refers to what: calls and operands of every code section, x64 and x86.
import { describe, expect, it } from 'vitest';
import { readReferences } from '../../src/code/references.ts';
import { readImage } from '../../src/pe/image.ts';
import { buildPe, CODE, Content, DATA } from '../pe/build-pe.ts';

describe('references of a module', () => {
  // Two code sections, each with a call of its own, and data behind them.
  const build = (is64: boolean, write: (first: Content, second: Content) => void) => {
    const first = new Content(0x1000, 0x200);
    const second = new Content(0x2000, 0x200);
    write(first, second);
    const sections = [
      { name: '.text', content: first, characteristics: CODE },
      { name: 'PAGE', content: second, characteristics: CODE },
      { name: '.data', content: new Content(0x3000, 0x200), characteristics: DATA },
    ];
    return readReferences(readImage(buildPe({ is64, sections }), 'two.exe'));
  };

  it('finds the calls of each code section, by target and by place', () => {
    const { calls } = build(true, (first, second) => {
      first.u8(0x1010, 0xe8).u32(0x1011, 0x2b);
      second.u8(0x2010, 0xe8).u32(0x2011, 0x2b);
    });
    expect(calls.to(0x1040)).toEqual([0x1010]);
    expect(calls.to(0x2040)).toEqual([0x2010]);
    const told: (readonly number[])[] = [];
    calls.eachFrom(0x2000, 0x2100, (target, place) => told.push([target, place]));
    expect(told).toEqual([[0x2040, 0x2010]]);
  });

  it('tells operands that name data, and addresses that are taken', () => {
    const { data, addresses } = build(true, (first, second) => {
      first.u8(0x1020, 0xff, 0x15).u32(0x1022, 0x3080 - 0x1026); // call [3080]
      second.u8(0x2020, 0x48, 0x8d, 0x0d).u32(0x2023, 0x1040 - 0x2027 + 0x100000000); // lea rcx, [1040]
    });
    expect(data.to(0x3080)).toEqual([0x1022]);
    expect(data.firstTargetBetween(0x3000, 0x3100)).toBe(0x3080);
    expect(addresses.to(0x1040)).toEqual([0x2023]);
  });

  it('reads absolute operands of x86 code', () => {
    const { data, calls } = build(false, (first, second) => {
      first.u8(0x1020, 0xff, 0x15).u32(0x1022, 0x403080);
      second.u8(0x2010, 0xe8).u32(0x2011, 0x2b);
    });
    expect(data.to(0x3080)).toEqual([0x1022]);
    expect(calls.to(0x2040)).toEqual([0x2010]);
  });

  it('tells the address of a function that x86 code passes on the stack from a displacement', () => {
    const { addresses } = build(false, (first) => {
      first.u8(0x1020, 0xc7, 0x04, 0x24).u32(0x1023, 0x401040); // mov [esp], 401040
      first.u8(0x1030, 0xc7, 0x44, 0x24, 0x04).u32(0x1034, 0x401050); // mov [esp+4], 401050
      first.u8(0x1040, 0xc7, 0x04, 0x85).u32(0x1043, 0x401060).u32(0x1047, 1); // mov [eax*4+401060], 1
    });
    expect(addresses.to(0x1040)).toEqual([0x1023]);
    expect(addresses.to(0x1050)).toEqual([0x1034]);
    expect(addresses.to(0x1060)).toEqual([]);
  });

  it('reads code where the loader maps it: PointerToRawData is rounded down, and a page goes on behind VirtualSize', () => {
    const code = new Content(0x1000, 0x400);
    for (const at of [0x1010, 0x1310]) code.u8(at, 0xe8).u32(at + 1, 0x1b);
    const sections = [{ name: '.text', content: code, characteristics: CODE, virtualSize: 0x80 }];
    const bytes = buildPe({ is64: true, sections });
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const table = view.getUint32(0x3c, true) + 24 + view.getUint16(view.getUint32(0x3c, true) + 20, true);
    view.setUint32(table + 20, view.getUint32(table + 20, true) + 0x10, true);
    const { calls } = readReferences(readImage(bytes, 'raw.exe'));
    expect([...calls.places]).toEqual([0x1010, 0x1310]);
    expect([...calls.targets]).toEqual([0x1030, 0x1330]);
  });

  it('reads code sections that lie over one another for no more than the file is long, and says so', () => {
    const image = readImage(overlapping(12), 'many.exe');
    const { calls } = readReferences(image);
    expect(calls.places.length).toBeGreaterThan(0);
    expect(calls.places.length).toBeLessThanOrEqual(image.bytes.length / 5);
    expect(image.notes.map(({ about }) => about)).toContain('code');
  });
});

/** A program with that many code sections, which all have the same bytes of the file: calls from end to end. */
function overlapping(count: number): Uint8Array {
  const contents = Array.from({ length: count }, (_, i) => {
    const content = new Content(0x1000 * (i + 1), 0x200);
    for (let at = 0; at + 5 < 0x200; at += 5) content.u8(0x1000 * (i + 1) + at, 0xe8).u32(0x1000 * (i + 1) + at + 1, 0);
    return content;
  });
  const bytes = buildPe({
    is64: true,
    sections: contents.map((content, i) => ({ name: `.t${i}`, content, characteristics: CODE })),
  });
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const table = view.getUint32(0x3c, true) + 24 + view.getUint16(view.getUint32(0x3c, true) + 20, true);
  const first = view.getUint32(table + 20, true);
  // Each section claims the bytes of all: SizeOfRawData and VirtualSize up to the end of the file, from the first one's on.
  for (let i = 0; i < count; i++) {
    view.setUint32(table + 40 * i + 8, bytes.length - first, true);
    view.setUint32(table + 40 * i + 16, bytes.length - first, true);
    view.setUint32(table + 40 * i + 20, first, true);
  }
  return bytes;
}
