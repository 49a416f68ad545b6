// An in-process server that is at hand is read as a module of the program: its children are reached as loaded, and without a table nothing is looked for.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readClassTable } from '../../../src/children/classes/class-table.ts';
import { findChildren, type ModuleFile } from '../../../src/children/find-children.ts';

const FOLDER = fileURLToPath(new URL('../../../fixtures/children/bin/', import.meta.url));
const READER = '1d2f3a40-1001-4c4e-8a11-0102030405aa';
const WRITER = '1d2f3a40-1002-4c4e-8a11-0102030405bb';

const table = (...servers: readonly (readonly [string, string])[]) =>
  readClassTable(
    'host.csv',
    servers.map(([clsid, server]) => ({ line: 'row', cells: { clsid, server } })),
  );

function analyse(build: string, classTable?: ReturnType<typeof table>) {
  const asked: string[] = [];
  const read = (name: string): ModuleFile | undefined => {
    const path = `${FOLDER}${build}/${name}`;
    return existsSync(path) ? { name, bytes: readFileSync(path) } : undefined;
  };
  const loadModule = (name: string) => {
    asked.push(name);
    return read(name);
  };
  const document = findChildren(read('com-class-ids.exe') as ModuleFile, { loadModule, classTable });
  return { ...document, asked };
}

describe.each(['clang-x64', 'mingw-x86'])('a program that asks for classes (%s)', (build) => {
  it('has the children of a server that is loaded into it', () => {
    const { children, modules, classes } = analyse(build, table([READER, 'C:\\Harbour\\module-reef.dll']));
    expect(children.map(({ image, reach }) => [image, reach])).toEqual(
      ['starfish.exe', 'urchin.exe', 'barnacle.exe'].map((image) => [image, 'loaded:module-reef.dll']),
    );
    expect(modules.at(-1)).toMatchObject({
      name: 'module-reef.dll',
      role: 'run-time',
      found: true,
      sites: 3,
      loadedBy: `COM for com-class-ids.exe, class {${READER}} by host.csv`,
    });
    expect(classes?.map(({ servers }) => servers?.map(({ kind }) => kind))).toEqual([
      ['in-process'],
      undefined,
      ['in-process'],
      undefined,
    ]);
  });

  it('names one that is missing, and reads none that serves any program or is a process of its own', () => {
    const { modules, asked, children } = analyse(
      build,
      table([READER, 'absent.dll'], [READER, 'C:\\Windows\\System32\\shell32.dll'], [WRITER, 'module-reef.exe']),
    );
    expect(
      modules.filter(({ loadedBy }) => loadedBy?.startsWith('COM')).map(({ name, role, found }) => [name, role, found]),
    ).toEqual([
      ['absent.dll', 'run-time', false],
      ['shell32.dll', 'generic', false],
    ]);
    expect(asked).not.toContain('shell32.dll');
    expect(asked).not.toContain('module-reef.exe');
    expect(children).toEqual([]);
  });

  it('looks for nothing without a table', () => {
    const { asked, classes } = analyse(build);
    expect(asked).toEqual([]);
    expect(classes?.every(({ servers }) => servers === undefined)).toBe(true);
  });
});
