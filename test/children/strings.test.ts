// The strings that name programs, where each starts, and who refers to it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findReferrers } from '../../src/children/referrers.ts';
import { findNamedStrings, hasNamedString } from '../../src/children/strings.ts';
import { readImage } from '../../src/pe/image.ts';
import { cpuTime } from '../cpu-time.ts';
import type { Content } from '../pe/build-pe.ts';
import { CODE_RVA, DATA_RVA, type Imports, importingImage } from './importing-image.ts';

const NODE_PTY = fileURLToPath(new URL('../../node_modules/node-pty/prebuilds/', import.meta.url));
const FIXTURES = fileURLToPath(new URL('../../fixtures/children/bin/', import.meta.url));
const read = (path: string) => readImage(readFileSync(path), path.split('/').at(-1));
const made = (fill: Imports['fill'], more: Imports = {}) => readImage(importingImage({ fill, ...more }), 'made.exe');
const textsOf = (fill: Imports['fill'], more: Imports = {}) =>
  findNamedStrings(made(fill, more)).map(({ text }) => text);

/** `lea rcx, [rip+disp32]` of `target`, at `at`. */
const lea = (code: Content, at: number, target: number) => code.u8(at, 0x48, 0x8d, 0x0d).u32(at + 3, target - at - 7);

describe('findNamedStrings on real programs', () => {
  const console64 = read(`${NODE_PTY}win32-x64/conpty/OpenConsole.exe`);
  const va = (rva: number) => `0x${(console64.imageBase + rva).toString(16)}`;

  it('finds the programs of OpenConsole.exe with address and referrers', () => {
    const found = findNamedStrings(console64).map((s) => [
      va(s.rva),
      s.encoding,
      s.text,
      s.referrers.map((r) => va(r.at)),
    ]);
    expect(found).toEqual([
      ['0x1400e0f00', 'utf-16', '%WINDIR%\\system32\\cmd.exe', ['0x14001c48b']],
      ['0x1400e1098', 'utf-16', 'cmd.exe', ['0x14001dfcb', '0x1400458ec', '0x140045972']],
      ['0x1400e10a8', 'utf-16', 'pwsh.exe', ['0x14001e0c6']],
      ['0x1400e10c0', 'utf-16', 'powershell.exe', ['0x14001e04b']],
    ]);
  });

  it('follows ADRP and ADD in the ARM64 build', () => {
    const found = findNamedStrings(read(`${NODE_PTY}win32-arm64/conpty/OpenConsole.exe`));
    expect(found.map(({ text }) => text).sort()).toEqual([
      '%WINDIR%\\system32\\cmd.exe',
      'cmd.exe',
      'powershell.exe',
      'pwsh.exe',
    ]);
    for (const { referrers } of found) expect(referrers.length).toBeGreaterThan(0);
  });

  it('finds a literal that is copied by loads, with the loads as referrers', () => {
    const [agent, ...more] = findNamedStrings(read(`${NODE_PTY}win32-x64/winpty.dll`));
    expect(more).toEqual([]);
    expect(agent).toMatchObject({ text: '\\winpty-agent.exe', encoding: 'utf-16' });
    expect(agent.referrers.map((r) => [r.kind, r.target - agent.rva])).toEqual([
      ['read', 0],
      ['read', 16],
      ['read', 32],
    ]);
  });

  it('finds none in winpty-agent.exe, and both of conpty.dll', () => {
    expect(findNamedStrings(read(`${NODE_PTY}win32-x64/winpty-agent.exe`))).toEqual([]);
    expect(hasNamedString(read(`${NODE_PTY}win32-x64/winpty-agent.exe`))).toBe(false);
    expect(findNamedStrings(read(`${NODE_PTY}win32-x64/conpty/conpty.dll`)).map(({ text }) => text)).toEqual([
      '\\conhost.exe',
      'OpenConsole.exe',
    ]);
  });

  it.each(['clang-x64', 'clang-x86', 'mingw-x86'])('starts a glued string where %s code takes it', (build) => {
    const found = findNamedStrings(read(`${FIXTURES}${build}/glued-string.exe`));
    expect(found.map(({ text }) => text)).toContain('C:\\Harbour\\lantern.exe');
    expect(found.find(({ text }) => text === 'C:\\Harbour\\lantern.exe')?.referrers.length).toBeGreaterThan(0);
  });

  it('keeps the neighbour where code only adds to its address', () => {
    const [found, ...more] = findNamedStrings(read(`${FIXTURES}mingw-x64/glued-string.exe`));
    expect(more).toEqual([]);
    expect(found).toMatchObject({ text: 'TAG:kC:\\Harbour\\lantern.exe', names: [{ name: 'lantern.exe' }] });
  });

  it('takes a few milliseconds for a megabyte once warm', () => {
    findNamedStrings(console64);
    const started = cpuTime();
    for (let i = 0; i < 5; i++) findNamedStrings(console64);
    expect((cpuTime() - started) / 5).toBeLessThan(200);
  });
});

describe('findNamedStrings', () => {
  it('reads single-byte and UTF-16 text at any alignment', () => {
    const image = made((data) =>
      data
        .ascii(DATA_RVA + 3, 'alpha.exe')
        .utf16(DATA_RVA + 0x41, 'C:\\x\\beta.EXE -q')
        .utf16(DATA_RVA + 0x90, 'gamma.msc'),
    );
    expect(findNamedStrings(image)).toMatchObject([
      { rva: DATA_RVA + 3, encoding: 'ansi', text: 'alpha.exe', names: [{ name: 'alpha.exe' }], referrers: [] },
      { rva: DATA_RVA + 0x41, encoding: 'utf-16', text: 'C:\\x\\beta.EXE -q', names: [{ name: 'beta.EXE' }] },
      { rva: DATA_RVA + 0x90, text: 'gamma.msc', names: [{ kind: 'document' }] },
    ]);
  });

  it('finds URIs by their scheme, each once though it has a dot too', () => {
    const image = made((data) =>
      data
        .utf16(DATA_RVA + 0x10, 'ms-settings:display')
        .ascii(DATA_RVA + 0x80, 'https://example.com/a.exe')
        .ascii(DATA_RVA + 0xc0, 'ms-resource:x')
        .ascii(DATA_RVA + 0xe0, 'error: none'),
    );
    expect(findNamedStrings(image)).toMatchObject([
      { text: 'ms-settings:display', scheme: 'ms-settings', names: [] },
      { text: 'https://example.com/a.exe', scheme: 'https', names: [] },
    ]);
  });

  it("leaves out what only looks like a name, and the loader's own tables", () => {
    expect(
      textsOf(
        (data) =>
          data
            .ascii(DATA_RVA, '*.exe')
            .ascii(DATA_RVA + 0x20, '%s.exe')
            .ascii(DATA_RVA + 0x40, 'www.example.com'),
        { imports: { 'ntoskrnl.exe': ['f'] } },
      ),
    ).toEqual([]);
    expect(hasNamedString(made((data) => data.ascii(DATA_RVA, '.exe')))).toBe(false);
  });

  it('starts a string where code takes it, past a neighbour without a zero', () => {
    const start = DATA_RVA + 0x102;
    const image = made((data, code) => {
      data.u16(start - 2, 0x6b).utf16(start, '%systemroot%\\tool.exe');
      lea(code, CODE_RVA + 0x10, start);
    });
    expect(findNamedStrings(image)).toMatchObject([
      {
        rva: start,
        text: '%systemroot%\\tool.exe',
        referrers: [{ at: CODE_RVA + 0x10, target: start, kind: 'address' }],
      },
    ]);
  });

  it('starts a string where data points, before which other data looks like letters', () => {
    const start = DATA_RVA + 0x202;
    const image = made((data) => {
      data
        .u16(start - 2, 0x388)
        .utf16(start, 'host.exe')
        .u64(DATA_RVA + 0x400, 0x140000000 + start);
    });
    expect(findNamedStrings(image)).toMatchObject([
      { text: 'host.exe', referrers: [{ at: DATA_RVA + 0x400, kind: 'pointer' }] },
    ]);
  });

  it('takes a start in a script that is seldom seen only from a referrer', () => {
    const text = '打开 tool.exe';
    const fill =
      (withCode: boolean): Imports['fill'] =>
      (data, code) => {
        data.utf16(DATA_RVA + 0x100, text);
        if (withCode) lea(code, CODE_RVA, DATA_RVA + 0x100);
      };
    expect(textsOf(fill(true))).toEqual([text]);
    expect(textsOf(fill(false))).toEqual([' tool.exe']);
  });

  it('is not misled by a single-byte neighbour that is read as UTF-16', () => {
    const start = DATA_RVA + 0x108;
    const image = made((data, code) => {
      data.ascii(DATA_RVA + 0x104, '%lu').utf16(start, '\\route.exe');
      lea(code, CODE_RVA, DATA_RVA + 0x104);
      lea(code, CODE_RVA + 0x20, start);
    });
    expect(findNamedStrings(image)).toMatchObject([{ rva: start, text: '\\route.exe' }]);
  });

  it('does not take the end of a neighbour and an extension alone for a name', () => {
    const fill =
      (start: number): Imports['fill'] =>
      (data, code) => {
        data.u16(start - 2, 0x6c).utf16(start, '.exe');
        lea(code, CODE_RVA, start);
      };
    expect(textsOf(fill(DATA_RVA + 0x102))).toEqual([]);
  });

  it('ends single-byte text at what is no text', () => {
    expect(textsOf((data) => data.ascii(DATA_RVA + 0x100, 'a.exe').u8(DATA_RVA + 0x105, 0xeb, 0xed, 0xb8))).toEqual([
      'a.exe',
    ]);
  });

  it('keeps both strings of a run that code takes twice', () => {
    expect(
      textsOf((data, code) => {
        data.ascii(DATA_RVA + 0x100, 'runas tool.exe');
        lea(code, CODE_RVA, DATA_RVA + 0x100);
        lea(code, CODE_RVA + 0x20, DATA_RVA + 0x106);
      }),
    ).toEqual(['runas tool.exe', 'tool.exe']);
  });

  it('gives one string for a load into its middle', () => {
    const image = made((data, code) => {
      data.utf16(DATA_RVA + 0x100, 'C:\\x\\control.exe');
      for (const offset of [0, 16])
        code
          .u8(CODE_RVA + offset, 0x0f, 0x10, 0x05)
          .u32(CODE_RVA + offset + 3, DATA_RVA + 0x100 + offset - (CODE_RVA + offset + 7));
    });
    expect(findNamedStrings(image)).toMatchObject([
      { text: 'C:\\x\\control.exe', referrers: [{ kind: 'read' }, { kind: 'read', target: DATA_RVA + 0x110 }] },
    ]);
  });

  it('finds every name of a long text, and says nothing of it is cut', () => {
    const [found, ...more] = findNamedStrings(
      made((data) => data.ascii(DATA_RVA, `first.exe ${'x'.repeat(2000)} last.exe`)),
    );
    expect(more).toEqual([]);
    expect(found.names.map(({ name }) => name)).toEqual(['first.exe', 'last.exe']);
    expect(found.cut).toBeUndefined();
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 0x300 }),
        fc.constantFrom('.exe', 'a.exe', 'https://', 'ms-x:'),
        fc.nat(0x200),
        (bytes, text, at) => {
          const image = made((data, code) => {
            data.bytes.set(bytes);
            data.ascii(DATA_RVA + at, text);
            code.bytes.set(bytes);
          });
          for (const s of findNamedStrings(image)) expect(s.referrers.length).toBeLessThanOrEqual(16);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('findReferrers', () => {
  const target = DATA_RVA + 0x100;

  it('gives each RVA at most 16, in order', () => {
    const image = made((_, code) => {
      for (let i = 0; i < 20; i++) lea(code, CODE_RVA + i * 8, target);
    });
    const found = findReferrers(image, [target, target + 1, target]);
    expect(found.get(target)?.map(({ at }) => at)).toEqual(Array.from({ length: 16 }, (_, i) => CODE_RVA + i * 8));
    expect(found.get(target + 1)).toEqual([]);
  });

  it('counts an immediate behind the displacement', () => {
    const image = made((_, code) =>
      code
        .u8(CODE_RVA, 0x66, 0x83, 0x3d)
        .u32(CODE_RVA + 3, target - (CODE_RVA + 8))
        .u8(CODE_RVA + 7, 0),
    );
    expect(findReferrers(image, [target]).get(target)).toEqual([{ at: CODE_RVA, target, kind: 'read' }]);
  });

  it('ignores bytes that land on it without an opcode before them', () => {
    const image = made((_, code) => code.u8(CODE_RVA, 0x48, 0x90, 0x0d).u32(CODE_RVA + 3, target - CODE_RVA - 7));
    expect(findReferrers(image, [target]).get(target)).toEqual([]);
  });

  it('reads x86 operands and pointers without relocations', () => {
    const va = 0x400000 + target;
    const image = made(
      (data, code) => {
        code.u8(CODE_RVA + 3, 0x68).u32(CODE_RVA + 4, va); // push
        code.u8(CODE_RVA + 0x21, 0xc7, 0x45, 0xf8).u32(CODE_RVA + 0x24, va); // mov [ebp-8], imm32
        data.u32(DATA_RVA + 0x40, va);
      },
      { choices: { is64: false } },
    );
    const found = [...(findReferrers(image, [target]).get(target) ?? [])].sort((a, b) => a.at - b.at);
    expect(found).toEqual([
      { at: DATA_RVA + 0x40, target, kind: 'pointer' },
      { at: CODE_RVA + 3, target, kind: 'address' },
      { at: CODE_RVA + 0x21, target, kind: 'address' },
    ]);
  });

  it('accepts no RVAs and RVAs outside the image', () => {
    const image = made(() => {});
    expect(findReferrers(image, []).size).toBe(0);
    expect(findReferrers(image, [0xfffffff0, -1]).get(-1)).toEqual([]);
  });
});
