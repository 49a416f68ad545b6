// The children that Windows starts for any process, and for those that import certain functions.
import { describe, expect, it } from 'vitest';
import type { ParentImage } from '../../src/children/document.ts';
import { genericChildren } from '../../src/children/generic-children.ts';

type Image = Parameters<typeof genericChildren>[1][number];

const symbols = (names: readonly string[], kind: 'import' | 'delay') =>
  names.map((name, at) => ({ module: 'x.dll', name, slot: 8 * at, kind }));

function importing(imports: readonly string[], delayImports: readonly string[] = []): Image {
  return { imports: symbols(imports, 'import'), delayImports: symbols(delayImports, 'delay') };
}

function genericOf(more: Partial<ParentImage>, ...images: readonly Image[]): readonly string[] {
  const parent: ParentImage = {
    image: 'harbour.exe',
    path: 'harbour.exe',
    sha256: '',
    arch: 'x64',
    version: null,
    kind: 'program',
    console: false,
    ...more,
  };
  return genericChildren(parent, images).map(({ image }) => image);
}

const ALWAYS = ['WerFault.exe', 'WerFaultSecure.exe', 'wermgr.exe'];

describe('generic children', () => {
  it('are those of error reporting and the own image for any program', () => {
    expect(genericOf({}, importing(['AttachConsole']))).toEqual([...ALWAYS, 'harbour.exe']);
    expect(genericOf({ image: 'WERMGR.EXE' })).toEqual(ALWAYS);
  });

  it('are a console host, once, for a console program and for one that allocates a console, itself or by a module', () => {
    const expected = [...ALWAYS, 'conhost.exe', 'harbour.exe'];
    expect(genericOf({ console: true })).toEqual(expected);
    expect(genericOf({}, importing(['AllocConsole']))).toEqual(expected);
    expect(genericOf({}, importing([]), importing([], ['AllocConsole']))).toEqual(expected);
    expect(genericOf({ console: true }, importing(['AllocConsole']))).toEqual(expected);
  });

  it('are a printing host for a 32-bit program that prints', () => {
    const printing = importing(['OpenPrinterW', 'PrintDlgExW']);
    expect(genericOf({ arch: 'x86' }, printing)).toEqual([...ALWAYS, 'splwow64.exe', 'harbour.exe']);
    expect(genericOf({ arch: 'x64' }, printing)).not.toContain('splwow64.exe');
    expect(genericOf({ arch: 'x86' }, importing(['ClosePrinter']))).not.toContain('splwow64.exe');
  });
});
