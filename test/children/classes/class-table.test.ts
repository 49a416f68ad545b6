// A user's table of classes: what its rows say, and that what is no row of it is a note.
import { describe, expect, it } from 'vitest';
import { classKey, readClassTable } from '../../../src/children/classes/class-table.ts';
import { programOfLine } from '../../../src/children/classes/program-of-line.ts';

const ID = '1d2f3a40-1001-4c4e-8a11-0102030405aa';
const rows = (...cells: Record<string, unknown>[]) => cells.map((one, i) => ({ line: `row ${i + 2}`, cells: one }));

describe('a table of classes', () => {
  it('tells servers by CLSID or name; the kind follows from the file where it is not given', () => {
    const { servers, notes } = readClassTable(
      'host.csv',
      rows(
        { clsid: `{${ID.toUpperCase()}}`, server: 'C:\\Harbour\\reader.dll', kind: '', arguments: '' },
        { clsid: ID, server: '"C:\\Harbour Master\\writer.exe"', arguments: '-Embedding' },
        { clsid: 'Harbour.Crane', server: 'CraneService', kind: 'Service' },
        { clsid: 'harbour.crane', server: 'C:\\Harbour\\crane.dll', kind: 'surrogate' },
      ),
    );
    expect(notes).toEqual([]);
    expect(servers.get(classKey(`{${ID}}`))).toEqual([
      { source: 'host.csv', kind: 'in-process', path: 'C:\\Harbour\\reader.dll' },
      {
        source: 'host.csv',
        kind: 'local',
        path: 'C:\\Harbour Master\\writer.exe',
        commandLine: '"C:\\Harbour Master\\writer.exe" -Embedding',
      },
    ]);
    expect(servers.get('harbour.crane')?.map(({ kind }) => kind)).toEqual(['service', 'surrogate']);
  });

  it('has a note for each row that says nothing, up to a number', () => {
    const { servers, notes } = readClassTable(
      'odd.csv',
      rows(
        { clsid: '', server: 'a.dll' },
        { clsid: ID, server: '' },
        { clsid: ID, server: 'a.txt' },
        { clsid: ID, server: 'a.dll', kind: 'magic' },
        { clsid: ID, server: 'x'.repeat(5000), kind: 'local' },
        { clsid: 7, server: { a: 1 } },
        {},
        ...Array.from({ length: 40 }, () => ({ clsid: ID, server: '' })),
      ),
    );
    expect(servers.size).toBe(0);
    expect(notes.slice(0, 5).map(({ text }) => text)).toEqual([
      'row 2: it has no clsid; the row is left out',
      'row 3: it has no server; the row is left out',
      "row 4: its kind does not follow from the server's name (in-process, local, service, surrogate); the row is left out",
      'row 5: its kind is none of in-process, local, service, surrogate; the row is left out',
      'row 6: a value is longer than 2000 characters; the row is left out',
    ]);
    expect(notes).toHaveLength(21);
    expect(notes[20].text).toBe('27 more rows are left out for reasons like these');
  });

  it('takes names of an object for nothing else', () => {
    const { servers } = readClassTable('a.json', rows({ clsid: '__proto__', server: 'a.dll' }));
    expect([...servers.keys()]).toEqual(['__proto__']);
  });
});

describe('the program of a command line', () => {
  it.each([
    ['"C:\\A B\\c.exe" -x', 'C:\\A B\\c.exe'],
    ['C:\\A B\\c.exe -x', 'C:\\A B\\c.exe'],
    ['C:\\A B\\c.exe', 'C:\\A B\\c.exe'],
    ['server /a', 'server'],
    ['"unended', 'unended'],
    ['', ''],
  ])('%s', (line, program) => expect(programOfLine(line)).toBe(program));
});

it('says where a class has more servers than are kept', () => {
  const rows = Array.from({ length: 20 }, (_, i) => ({
    line: `row ${i}`,
    cells: { clsid: 'Harbour.Crane', server: `a${i}.dll` },
  }));
  const { servers, notes } = readClassTable('host.csv', rows);
  expect([...servers.values()].map((all) => all.length)).toEqual([16]);
  expect(notes).toEqual([
    { about: 'host.csv', text: 'Harbour.Crane has more than 16 servers; the others are left out' },
  ]);
});
