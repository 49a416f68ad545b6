// What a program loads at run time: the entries of the document, the modules that are read for them, and the names that paths give.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type FindOptions, findChildren, type ModuleFile } from '../../src/children/find-children.ts';
import { moduleNameOf } from '../../src/children/loads/module-name.ts';
import { childrenText } from '../../src/cli/children-text.ts';
import { PLAIN_STYLE } from '../../src/cli/print.ts';
import type { Piece } from '../../src/code/pieces.ts';

const BIN = fileURLToPath(new URL('../../fixtures/children/bin/', import.meta.url));
const BUILDS = ['mingw-x64', 'clang-x64', 'mingw-x86', 'clang-x86'] as const;

function analyse(build: string, idea: string, options: FindOptions = {}, without: readonly string[] = []) {
  const load = (name: string): ModuleFile | undefined => {
    const path = `${BIN}${build}/${name}`;
    return existsSync(path) && !without.includes(name) ? { name, path: name, bytes: readFileSync(path) } : undefined;
  };
  return findChildren(load(`${idea}.exe`)!, { loadModule: load, ...options });
}

describe.each(BUILDS)('loads of %s', (build) => {
  it('tells the call, the name and how the module is loaded', () => {
    const { loads, modules } = analyse(build, 'module-loaded');
    expect(loads).toHaveLength(1);
    expect(loads?.[0]).toMatchObject({
      module: 'module-loaded.exe',
      api: 'LoadLibraryW',
      name: 'module-reef.dll',
      reach: 'image',
      detail: 'module-reef.dll',
    });
    expect(modules.find(({ role }) => role === 'run-time')).toMatchObject({
      name: 'module-reef.dll',
      found: true,
      loadedBy: `module-loaded.exe by LoadLibraryW at ${loads?.[0]?.site}`,
      sites: 3,
    });
  });

  it('adds .dll to a name without extension', () => {
    expect(analyse(build, 'load-without-extension').loads?.map(({ name }) => name)).toEqual(['module-reef.dll']);
  });

  it('names each module that callers give', () => {
    const names = analyse(build, 'load-from-caller').loads?.map(({ name }) => name);
    expect(names?.sort()).toEqual(['module-reef.dll', 'module-shoal.dll']);
  });

  it('reads nothing of what is loaded as data', () => {
    const { loads, modules, children } = analyse(build, 'load-as-data');
    expect(loads).toMatchObject([
      { name: 'module-reef.dll', asData: 'LOAD_LIBRARY_AS_DATAFILE' },
      { name: 'module-shoal.dll', asData: 'LOAD_LIBRARY_AS_IMAGE_RESOURCE' },
    ]);
    expect(modules.some(({ role }) => role === 'run-time')).toBe(false);
    expect(children).toEqual([]);
  });

  it('names the value of the registry that gives the name', () => {
    expect(analyse(build, 'load-registry').loads).toMatchObject([
      {
        name: null,
        reason: 'registry',
        registry: [{ key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Harbour\\Plugins', value: 'Module' }],
      },
    ]);
  });

  it('lists one that is absent as missing', () => {
    const document = analyse(build, 'module-loaded', {}, ['module-reef.dll']);
    expect(document.modules.find(({ role }) => role === 'run-time')).toMatchObject({ found: false, sites: 0 });
    const text = childrenText(document, { style: PLAIN_STYLE, sites: false, strings: false, defaultLanguage: true });
    expect(text).toMatch(/missing +module-reef\.dll +not found/);
    expect(text).toContain("'module-reef.dll' | ForEach-Object");
  });

  it('leaves out one that is named with --no-module', () => {
    const { modules, children } = analyse(build, 'module-loaded', { exclude: ['module-reef.dll'] });
    expect(modules.find(({ name }) => name === 'module-reef.dll')).toMatchObject({ role: 'generic', found: false });
    expect(children).toEqual([]);
  });
});

describe('moduleNameOf', () => {
  const literal = (text: string): Piece => ({ kind: 'literal', text, rva: 1, wide: true, immediate: false });
  const folder: Piece = { kind: 'source', source: 'system-directory', detail: '', site: 1, folderOnly: false };
  const unknown: Piece = { kind: 'unknown', why: 'data', detail: '' };
  const number: Piece = { kind: 'source', source: 'number', detail: '', site: 1, folderOnly: false };
  it.each([
    ['a name', [literal('wer.dll')], { name: 'wer.dll', assumed: false }],
    ['a name without extension', [literal('C:\\x\\wer')], { name: 'wer.dll', assumed: false }],
    ['a name that ends in a dot has none', [literal('wer.')], { name: 'wer', assumed: false }],
    ['a known folder', [folder, literal('\\wer.dll')], { name: 'wer.dll', assumed: false }],
    ['a folder that is not known', [unknown, literal('wer.dll')], { name: 'wer.dll', assumed: true }],
    ['a number within the name', [literal('plug'), number, literal('.dll')], { hiddenBy: number }],
    ['a folder alone', [folder, literal('\\')], { hiddenBy: folder }],
    ['a pattern', [literal('%s.dll')], { hiddenBy: undefined }],
    ['what no file can be called', [literal('a\u0007.dll')], { hiddenBy: undefined }],
  ])('%s', (_, pieces, expected) => {
    expect(moduleNameOf({ pieces, steps: [] })).toEqual(expected);
  });
});
