// How far the functions that use a name are from a call site, on a made image; and the view of a module that --explain looks through.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { NamedString, SiteEntry } from '../../src/children/document.ts';
import { findChildren } from '../../src/children/find-children.ts';
import { followFile } from '../../src/children/followed-module.ts';
import { ModuleView } from '../../src/children/module-view.ts';
import { buildPe, CODE, Content, DATA } from '../pe/build-pe.ts';

const BASE = 0x140000000;
const hex = (rva: number) => `0x${(BASE + rva).toString(16)}`;

/** Code at 0x1000: a chain of functions, each calling the next, 0x20 bytes apart; the last one holds the site. A name at 0x3000. */
function chain(length: number): { bytes: Uint8Array; site: SiteEntry; functions: number[] } {
  const code = new Content(0x1000, 0x1000);
  const functions = Array.from({ length }, (_, i) => 0x1000 + 0x20 * i);
  functions.forEach((at, i) => {
    code.u8(at, 0x48, 0x83, 0xec, 0x28, 0x48, 0x8d, 0x0d).u32(at + 7, 0x3000 - (at + 11)); // sub rsp, 28; lea rcx, [name]
    if (i + 1 < length) code.u8(at + 11, 0xe8).u32(at + 12, 0x1000 + 0x20 * (i + 1) - (at + 16));
    else code.u8(at + 11, 0xff, 0x15, 0, 0, 0, 0).u8(at + 17, 0x90); // the site: call [slot]
    code.u8(at + (i + 1 < length ? 16 : 18), 0x48, 0x83, 0xc4, 0x28, 0xc3);
  });
  // A function that takes the table at 0x3100 and calls nothing, and its caller.
  code
    .u8(0x1800, 0x48, 0x8d, 0x05)
    .u32(0x1803, 0x3100 - 0x1807)
    .u8(0x1807, 0xc3);
  code
    .u8(0x1840, 0xe8)
    .u32(0x1841, 0x1800 - 0x1845)
    .u8(0x1845, 0xc3);
  // Bytes in an immediate that only look like a call of the site's function: mov rax, imm64 in a function that is called.
  const last = functions[length - 1];
  code
    .u8(0x1880, 0x48, 0xb8, 0xe8)
    .u32(0x1883, last - 0x1887)
    .u8(0x1887, 0, 0, 0, 0xc3);
  code
    .u8(0x18c0, 0xe8)
    .u32(0x18c1, 0x1880 - 0x18c5)
    .u8(0x18c5, 0xc3);
  const data = new Content(0x3000, 0x200).utf16(0x3000, 'tool.exe\0').u64(0x3110, BASE + 0x3000);
  const bytes = buildPe({
    sections: [
      { name: '.text', content: code, characteristics: CODE },
      { name: '.data', content: data, characteristics: DATA },
    ],
  });
  const site = {
    module: 'made.exe',
    site: hex(last + 11),
    sink: 'CreateProcessW',
    via: 'import',
    function: hex(last),
    callers: [],
    arguments: {},
  } as const;
  return { bytes, site, functions };
}

const named = (...referrers: number[]): NamedString => ({
  text: 'tool.exe',
  module: 'made.exe',
  address: hex(0x3000),
  referrers: referrers.map(hex),
  why: 'x',
});

describe('the uses of a name', () => {
  const { bytes, site, functions } = chain(9);
  const view = new ModuleView(followFile({ name: 'made.exe', bytes }), [site]);
  const distances = (...referrers: number[]) =>
    view.usesOf(named(...referrers)).map((use) => [Number(use.function) - BASE, use.distance]);

  it('are as many calls from a site as lead to it, six at most, nearest first', () => {
    // The first two are eight and seven calls away.
    expect(distances(...functions.map((at) => at + 4))).toEqual([
      [functions[8], 0],
      [functions[7], 1],
      [functions[6], 2],
      [functions[5], 3],
      [functions[4], 4],
      [functions[3], 5],
      [functions[2], 6],
      [functions[0], null],
      [functions[1], null],
    ]);
    expect(view.usesOf(named(functions[7] + 4))[0]).toEqual({
      function: hex(functions[7]),
      distance: 1,
      sink: 'CreateProcessW',
      site: site.site,
    });
  });

  it('are found through a table of pointers, and have no distance where no call leads on', () => {
    expect(distances(0x3110)).toEqual([[0x1800, null]]);
  });

  it('take no bytes inside an instruction for a call', () => {
    expect(distances(0x1880)).toEqual([[0x1880, null]]);
  });

  it('leave out referrers outside the image and other modules’ sites', () => {
    expect(distances(0x7fffffff)).toEqual([]);
    const other = new ModuleView(followFile({ name: 'made.exe', bytes }), [{ ...site, module: 'other.dll' }]);
    expect(other.usesOf(named(functions[8] + 4))[0].distance).toBe(null);
  });
});

describe('the view of a module', () => {
  const { bytes, site, functions } = chain(3);
  const view = new ModuleView(followFile({ name: 'made.exe', bytes }), [site]);

  it('shows the code at an address, and for a text the code that refers to it, that of the asked function first', () => {
    expect(view.instructionsAround(site.site).find((line) => line.startsWith(site.site))).toMatch(/ {2}call \[0x/);
    const anywhere = view.instructionsAround(hex(0x3000));
    expect(anywhere.filter((line) => line.includes('; "tool.exe"'))).toHaveLength(2);
    const within = view.instructionsAround(hex(0x3000), hex(functions[2]));
    expect(within).toEqual([
      `${hex(functions[2])}  sub rsp, 0x28`,
      `${hex(functions[2] + 4)}  lea rcx, [${hex(0x3000)}]  ; "tool.exe"`,
      expect.stringMatching(`^${hex(functions[2] + 11)}  call`),
    ]);
    expect(view.instructionsAround('0x1')).toEqual([]);
    expect(view.instructionsAround('nowhere')).toEqual([]);
  });

  const file = new URL('../../node_modules/node-pty/prebuilds/win32-x64/conpty/OpenConsole.exe', import.meta.url);
  const present = existsSync(file);
  if (!present) console.log('skipped: the uses of names in OpenConsole.exe, node-pty is absent');
  it.skipIf(!present)('tells the uses of each name of OpenConsole.exe that code refers to', () => {
    const module = { name: 'OpenConsole.exe', bytes: new Uint8Array(readFileSync(file)) };
    const document = findChildren(module);
    const real = new ModuleView(followFile(module), document.sites);
    const inCode = document.strings.filter((string) =>
      string.referrers.some((at) => real.instructionsAround(at).length > 0),
    );
    expect(inCode.length).toBeGreaterThan(0);
    for (const string of inCode) expect(real.usesOf(string).length, string.text).toBeGreaterThan(0);
  });
});
