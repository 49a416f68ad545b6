// A shortcut in place of a program, and the shortcuts and documents beside one: found in the folders, or told with the way out.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { blocks, writeLink } from '../../fixtures/shortcuts/shell-link-writer.ts';
import { documentLines } from '../../src/cli/children-documents-text.ts';
import { documentsIn } from '../../src/cli/document-search.ts';
import { moduleFolders } from '../../src/cli/files.ts';
import { PLAIN_STYLE } from '../../src/cli/print.ts';
import { programOfShortcut } from '../../src/cli/shortcut-given.ts';
import { FormatError, InputError, type Note } from '../../src/errors.ts';
import { CONSOLE } from '../shortcuts/small-links.ts';
import { EXAMPLE } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-shortcut-'));
afterAll(() => rmSync(folder, { recursive: true }));
const programs = join(folder, 'programs');
mkdirSync(programs);
const put = (name: string, content: Uint8Array | string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const link = (path: string): Uint8Array => writeLink({ blocks: [blocks.environment(path)], arguments: '/run' });
const url = (text: string): string => `[InternetShortcut]\r\nURL=${text}\r\n`;
put('programs/Alpha.exe', 'MZ and more');
put('programs/text.exe', 'no program at all');

describe('a shortcut as FILE', () => {
  const follow = (path: string, notes: Note[] = []) => programOfShortcut(path, [programs], notes);

  it('is the program that it leads to, where a folder has it', () => {
    const notes: Note[] = [];
    expect(follow(put('a.lnk', link('%windir%\\system32\\ALPHA.exe')), notes)).toBe(join(programs, 'Alpha.exe'));
    expect(notes).toEqual([
      {
        about: 'a.lnk',
        text: `it is a shortcut to %windir%\\system32\\ALPHA.exe /run; ${join(programs, 'Alpha.exe')} is read for it`,
      },
    ]);
    expect(follow(put('a.url', url('file://quay/tools/alpha.exe')))).toBe(join(programs, 'Alpha.exe'));
  });

  it.each([
    [
      'b.lnk',
      link('C:\\Quay\\beta.exe'),
      /it is a shortcut to C:\\Quay\\beta\.exe \/run, and no program; run winnow children "beta\.exe" where that program is, or name its folder with --modules$/,
    ],
    ['c.lnk', link('C:\\Quay\\text.exe'), /it is a shortcut to C:\\Quay\\text\.exe/],
    ['d.lnk', link('C:\\$(rm -r x);.exe'), /what opens that is registered on the host/],
    [
      'e.url',
      url('https://quay.example'),
      /it is a shortcut to https:\/\/quay\.example, and no program; what opens that/,
    ],
    ['f.msc', CONSOLE, /it is a console with the snap-ins .*; mmc\.exe opens it, so run winnow children mmc\.exe$/],
    ['g.lnk', writeLink({ name: 'nothing' }), /it is a shortcut to nothing that it names/],
    ['h.url', '[InternetShortcut]\r\nIconIndex=1', /without an address/],
  ])('%s is refused with the way out', (name, content, message) => {
    const path = put(name, content);
    expect(() => follow(path)).toThrow(FormatError);
    expect(() => follow(path)).toThrow(message);
  });

  it('that is none stays what it is, as does any other file', () => {
    expect(follow(put('i.lnk', 'MZ'))).toBe(join(folder, 'i.lnk'));
    expect(follow(put('j.lnk', 'text'))).toBe(join(folder, 'j.lnk'));
    expect(follow('absent.exe')).toBe('absent.exe');
    expect(() => follow(join(folder, 'absent.lnk'))).toThrow(InputError);
  });
});

describe('documents beside a program', () => {
  it('are looked for in the folders, then beside it', () => {
    const find = documentsIn(moduleFolders([programs]), {
      name: 'x.exe',
      path: join(folder, 'x.exe'),
      bytes: new Uint8Array(),
    });
    expect(find('alpha.exe')?.path).toBe(join(programs, 'Alpha.exe'));
    expect(find('a.lnk')?.path).toBe(join(folder, 'a.lnk'));
    expect(find('no.lnk')).toBeUndefined();
  });

  it('are told with what opens them', () => {
    const lines = documentLines(EXAMPLE.documents, PLAIN_STYLE, ({ module }) => module).join('\n');
    expect(lines).toMatch(
      /ms-settings:privacy, by ShellExecuteExW in Report\.exe\n {6}opened by SystemSettings\.exe \(likely, started by svchost\.exe -k DcomLaunch, so no child\)/,
    );
    expect(lines).toMatch(/SOFTWARE: HKEY_LOCAL_MACHINE.*value DelegateExecute is \{4ed3a719.*written 2024-05-01T10/);
    expect(lines).toMatch(/report\.lnk is or leads to C:\\Quay\\quay\.exe \/run\n {6}opened by quay\.exe/);
    expect(documentLines([], PLAIN_STYLE, () => '')).toEqual([]);
    const hostile = documentLines(
      [{ ...EXAMPLE.documents[1], leadsTo: [{ file: 'a\u001b[2J', target: '\u202e' }] }],
      PLAIN_STYLE,
      () => 'm',
    ).join('');
    expect(hostile).not.toMatch(/[\u001b\u202e]/);
  });
});
