// `winnow children --classes`: tables as CSV and JSON, what is wrong with them, and what the report says of classes and their servers.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openClassTables } from '../../src/cli/children-classes.ts';
import { classLines } from '../../src/cli/classes-text.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import { PLAIN_STYLE } from '../../src/cli/print.ts';
import { EXAMPLE, keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-classes-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const ID = '1d2f3a40-1001-4c4e-8a11-0102030405aa';
const PROGRAM = fileURLToPath(new URL('../../fixtures/children/bin/clang-x64/com-class-ids.exe', import.meta.url));

const read = (name: string, content: string | Uint8Array) => {
  const { table, failures } = openClassTables([file(name, content)]);
  return {
    servers: [...table.servers].map(([key, servers]) => [key, servers.map(({ kind, path }) => `${kind} ${path}`)]),
    notes: table.notes.map(({ text }) => text),
    failures: failures.map(({ message }) => message),
  };
};

describe('a table of classes', () => {
  const one = { servers: [[ID, ['in-process a.dll']]], notes: [], failures: [] };
  it('is CSV with names in any order and letter case', () => {
    expect(read('a.csv', `Server,Kind,CLSID\r\na.dll,,{${ID}}\r\n\r\n`)).toEqual(one);
    expect(read('b.csv', Buffer.from(`\ufeffclsid;server\r\n${ID};a.dll\r\n`, 'utf16le'))).toEqual(one);
  });
  it('is JSON: a list, or an object by CLSID', () => {
    expect(read('a.json', JSON.stringify([{ CLSID: ID, Server: 'a.dll' }]))).toEqual(one);
    expect(read('b.json', JSON.stringify({ [ID]: 'a.dll' }))).toEqual(one);
    expect(read('c.json', JSON.stringify({ [ID]: { server: 'a.dll', kind: 'in-process' } }))).toEqual(one);
  });
  it('has notes for rows that are none, and fails where it is no table', () => {
    expect(read('d.json', '[1, null, [], {"clsid": 1}]').notes).toHaveLength(4);
    expect(read('e.json', '{"a"').failures).toEqual([expect.stringContaining('as JSON')]);
    expect(read('f.csv', 'a,b\n1,2\n').failures).toEqual([expect.stringContaining('clsid and server')]);
    expect(read('g.csv', new Uint8Array([0, 1, 2, 255, 254])).failures).toHaveLength(1);
    expect(openClassTables([join(folder, 'absent.csv')]).failures).toHaveLength(1);
  });
});

describe('winnow children --classes', () => {
  const run = async (...words: string[]) => {
    const face = keptFace();
    const code = await dispatch(['children', PROGRAM, ...words], face, '1.2.3');
    return { code, stdout: face.stdout(), stderr: face.stderr() };
  };
  it('tells the servers, whose child each is, and goes on where a table cannot be read', async () => {
    const table = file('h.csv', `clsid,server\n${ID},C:\\Harbour\\reader.dll\n`);
    const { code, stdout } = await run('--classes', table);
    expect(code).toBe(0);
    expect(stdout).toContain('served by C:\\Harbour\\reader.dll, loaded into the program itself');
    const failed = await run('--classes', table, '--classes', join(folder, 'absent.csv'));
    expect(failed.code).toBe(3);
    expect(failed.stdout).toContain('served by C:\\Harbour\\reader.dll');
  });
  it('counts by default and lists with --com', async () => {
    expect((await run()).stdout).toContain(
      '4 calls ask for 2 named classes; 1 of them for one that is not told near the call; --com lists them.\n\n',
    );
    expect((await run('--com')).stdout).toContain(
      '  {1d2f3a40-1002-4c4e-8a11-0102030405bb}, INPROC_SERVER | LOCAL_SERVER | REMOTE_SERVER, by CoCreateInstanceEx',
    );
  });
});

describe('the section of classes', () => {
  const entry = {
    module: 'a.exe',
    site: '0x1',
    function: '0x1',
    api: 'CoGetObject',
    reach: 'image',
    classId: ID,
    moniker: 'Elevation:Administrator!new:{\u001b[2J}',
    contexts: null,
    elevated: true,
    detail: '',
    servers: [
      {
        source: 'a\u001b.hiv',
        kind: 'surrogate',
        path: 'b\u0007.dll',
        commandLine: 'DllHost.exe /Processid:{1}',
        parent: 'svchost.exe -k DcomLaunch',
        key: 'HKEY_LOCAL_MACHINE\\x',
        lastWritten: '2024-05-01T00:00:00.000Z',
      },
    ],
  } as const;
  it('says who starts an elevated class, and shows no control character of a file', () => {
    const lines = classLines({ ...EXAMPLE, classes: [entry] }, { style: PLAIN_STYLE, all: false, sites: true });
    expect(lines.join('\n')).toContain('the Application Information service starts consent.exe');
    expect(lines.join('\n')).toContain('loaded into a child of svchost.exe -k DcomLaunch, not of the program');
    expect(lines.join('\n')).toContain('HKEY_LOCAL_MACHINE\\x, last written 2024-05-01T00:00:00.000Z');
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f]/);
  });
  it('says that the given files have no server, and is absent without classes', () => {
    const lines = classLines(
      { ...EXAMPLE, classes: [{ ...entry, servers: [] }] },
      { style: PLAIN_STYLE, all: true, sites: false },
    );
    expect(lines.at(-1)).toContain('the given files have no server of it');
    expect(classLines(EXAMPLE, { style: PLAIN_STYLE, all: true, sites: false })).toEqual([]);
  });
});
