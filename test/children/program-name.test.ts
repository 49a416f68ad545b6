// By which names Windows starts a program, and which texts only look like the end of one.
import { describe, expect, it } from 'vitest';
import { readCommandLine, readFile } from '../../src/children/child-name.ts';
import { imageByName } from '../../src/children/program-name.ts';
import { commandInShell } from '../../src/children/shell.ts';
import type { Piece, TextPath } from '../../src/code/pieces.ts';

const OWN = { name: 'lantern.exe' };
const UNKNOWN: Piece = { kind: 'unknown', why: 'data', detail: '' };
const SYSTEM: Piece = {
  kind: 'source',
  source: 'system-directory',
  detail: 'GetSystemDirectoryW',
  site: 0,
  folderOnly: false,
};

/** A text of literals and other pieces. */
function textOf(...parts: readonly (string | Piece)[]): TextPath {
  const pieces = parts.map(
    (part): Piece =>
      typeof part === 'string' ? { kind: 'literal', text: part, rva: 0, wide: true, immediate: false } : part,
  );
  return { pieces, steps: [] };
}

describe('the image by a name', () => {
  it.each([
    ['alpha.exe', 'alpha.exe'],
    ['alpha', 'alpha.exe'],
    ['notepad++', 'notepad++.exe'],
    ['Übung', 'Übung.exe'],
    ['alpha.tmp', 'alpha.tmp'],
  ])('%s is %s', (name, image) => {
    expect(imageByName(name, true)).toBe(image);
  });

  it.each([
    '',
    '1028',
    '0x404',
    '&pk=',
    '-quiet',
    'beta.dll',
    'beta.ocx',
    'places.sqlite',
    'alpha.exeBeta',
    'alpha.exe.com',
    'Harbour Pilot',
    'beta.cpl @1',
    '::{a8a91a66-3a7d-4424-8d24-04e180695c7a}',
    'a'.repeat(129),
  ])('%s is none', (name) => {
    expect(imageByName(name, true)).toBeUndefined();
  });

  it('is none without an extension where none is added', () => {
    expect(imageByName('alpha', false)).toBeUndefined();
    expect(imageByName('alpha.exe', false)).toBe('alpha.exe');
  });
});

describe('a command line', () => {
  it.each<[string, TextPath]>([
    ['a word behind a blank', textOf(' LAMP')],
    ['a word behind a quote and a blank', textOf('" LAMP')],
    ['a folder and the end of a quote', textOf(SYSTEM, '" LAMP')],
    ['an option', textOf('/lamp 1')],
    ['a key of the registry', textOf('Software\\Harbour\\Pilot Boats\\Lamp')],
  ])('of %s names no program', (_, line) => {
    expect(readCommandLine(line, OWN).kind).toBe('hidden');
  });

  it('of a blank and a whole name does', () => {
    expect(readCommandLine(textOf(' alpha.exe -x'), OWN)).toMatchObject({
      kind: 'child',
      child: { image: 'alpha.exe' },
    });
  });
});

describe('the file of ShellExecute', () => {
  it.each([['::{a8a91a66-3a7d-4424-8d24-04e180695c7a}'], ['harbour-pilot:berth'], ['ms-aad-brokerplugin:x']])(
    '%s is a document',
    (file) => {
      expect(readFile(textOf(file), undefined, OWN).kind).toBe('document');
    },
  );

  it.each<[string, TextPath]>([
    ['an option behind something unknown', textOf(UNKNOWN, ' /LAMP')],
    ['the end of an address', textOf(UNKNOWN, '/LAMP')],
  ])('that is %s names no program', (_, file) => {
    expect(readFile(file, undefined, OWN).kind).toBe('hidden');
  });

  it('may lie on a drive', () => {
    expect(readFile(textOf('c:\\alpha.exe'), undefined, OWN).kind).toBe('child');
  });
});

describe('the command inside of a line of cmd.exe', () => {
  it.each([
    ['cmd /c cobalt.exe', 'cobalt.exe'],
    ['cmd /c kestrel', 'kestrel'],
    ['cmd.exe /q /d /s /c "alpha.exe"', '"alpha.exe"'],
    ['cmd /t:0a /v:on/k alpha', 'alpha'],
    ['cmd /Calpha', 'alpha'],
    [' /k alpha', 'alpha'],
  ])('%s is %s', (line, command) => {
    const start = commandInShell('cmd.exe', line);
    expect(line.slice(start)).toBe(command);
  });

  it('is none without the switch', () => {
    expect(commandInShell('cmd.exe', 'cmd.exe /q /d')).toBeUndefined();
    expect(commandInShell('alpha.exe', 'alpha.exe /c beta.exe')).toBeUndefined();
  });
});
