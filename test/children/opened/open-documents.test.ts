// Documents, addresses and shortcuts followed to what opens them: by files that were given, else by what is usual, else to where a host says it.
import { describe, expect, it } from 'vitest';
import { blocks, items, writeLink } from '../../../fixtures/shortcuts/shell-link-writer.ts';
import { findExclusions } from '../../../src/children/child-rule-exclusions.ts';
import { openerNotes } from '../../../src/children/child-rule-openers.ts';
import type { ChildrenDocument, DocumentTarget, SiteEntry } from '../../../src/children/document.ts';
import { type OpenSources, openDocuments } from '../../../src/children/opened/open-documents.ts';
import { chosenBy, USUAL_BY_EXTENSION, USUAL_BY_SCHEME } from '../../../src/children/opened/usual-openers.ts';
import { InputError, type Note } from '../../../src/errors.ts';
import { openRegistry } from '../../../src/registry/open-registry.ts';
import { EXAMPLE } from '../../cli/example-document.ts';
import { CONSOLE } from '../../shortcuts/small-links.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const at = (target: string): DocumentTarget => ({
  target,
  module: 'a.exe',
  site: '0x140001000',
  sink: 'ShellExecuteW',
  reach: 'image',
});

function open(target: string, sources: OpenSources = {}, verb?: string): DocumentTarget & { notes: readonly Note[] } {
  const notes: Note[] = [];
  const site: SiteEntry = {
    module: 'a.exe',
    site: '0x140001000',
    sink: 'ShellExecuteW',
    via: 'import',
    function: '0x140001000',
    callers: [],
    arguments: { verb: verb === undefined ? ['NULL'] : [verb] },
  };
  const [opened] = openDocuments([at(target)], [site], sources, notes);
  return { ...opened, notes };
}

const folder = (files: Readonly<Record<string, Uint8Array>>): OpenSources => ({
  loadDocument: (name) => (Object.hasOwn(files, name) ? { name, path: `dir/${name}`, bytes: files[name] } : undefined),
});
const registry = (text: string): OpenSources => ({
  registry: openRegistry([{ name: 'host.reg', bytes: utf8(`Windows Registry Editor Version 5.00\r\n\r\n${text}\r\n`) }])
    .view,
});

describe('what is usual', () => {
  it('is fixed for a console, and runs it', () => {
    const { openedBy, lookIn } = open('%windir%\\system32\\quay.msc');
    expect(openedBy).toMatchObject([
      {
        image: 'mmc.exe',
        path: '%windir%\\system32\\mmc.exe',
        commandLine: '%windir%\\system32\\mmc.exe "%windir%\\system32\\quay.msc" *',
        confidence: 'likely',
        by: 'fixed',
      },
    ]);
    expect(lookIn).toBeUndefined();
  });

  it('of a Control Panel file is control.exe, whose child is rundll32.exe', () =>
    expect(open('quay.cpl').openedBy).toMatchObject([
      { image: 'control.exe', by: 'fixed', why: expect.stringMatching(/rundll32\.exe is a child of control\.exe/) },
    ]));

  it('of a script is told with where a host says otherwise', () =>
    expect(open('"C:\\x\\a.vbs" /b')).toMatchObject({
      openedBy: [{ image: 'wscript.exe', by: 'usual' }],
      lookIn: [
        { key: expect.stringMatching(/FileExts\\\.vbs\\UserChoice$/), value: 'ProgId' },
        { key: 'HKEY_CLASSES_ROOT\\.vbs', value: '' },
      ],
    }));

  it('of the settings is a process that another one starts', () =>
    expect(open('ms-settings:display').openedBy).toMatchObject([
      { image: 'SystemSettings.exe', parent: 'svchost.exe -k DcomLaunch' },
    ]));

  it('is none for a page, whose program the user chooses', () => {
    const { openedBy, lookIn } = open('https://quay.example');
    expect(openedBy).toBeUndefined();
    expect(lookIn?.[0]).toEqual({
      key: 'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\Shell\\Associations\\UrlAssociations\\https\\UserChoice',
      value: 'ProgId',
      why: "the user's browser",
    });
    expect(open('quay.unknown').lookIn?.[0].why).toBe('whatever the host has registered for it');
  });

  it('holds for the usual verb only', () => {
    expect(open('a.txt', {}, 'open').openedBy).toHaveLength(1);
    expect(open('a.txt', {}, 'print').openedBy).toBeUndefined();
  });

  it('has a source in each row, and no row for what the user chooses', () => {
    for (const row of [...Object.values(USUAL_BY_EXTENSION), ...Object.values(USUAL_BY_SCHEME)]) {
      expect(row.source.length).toBeGreaterThan(10);
      expect(row.image).toMatch(/^[\w]+\.exe$/);
      if (row.fixed) expect(row.path).not.toBeNull();
    }
    expect(chosenBy('ms-quay')).toMatch(/packaged application/);
  });
});

describe('a registry that was given', () => {
  const quay = registry(
    '[HKEY_CLASSES_ROOT\\mscfile\\shell\\open\\command]\r\n@="C:\\\\Users\\\\Public\\\\evil.exe"\r\n\r\n[HKEY_CLASSES_ROOT\\.msc]\r\n@="mscfile"',
  );

  it('says what opens a type, also where every other Windows has another', () =>
    expect(open('quay.msc', quay).openedBy).toMatchObject([
      { image: 'evil.exe', by: 'registry', answers: [{ data: 'mscfile' }, { image: 'evil.exe' }] },
    ]));

  it('leaves the usual where it says nothing of the type', () =>
    expect(open('a.txt', quay).openedBy).toMatchObject([{ image: 'notepad.exe' }]));

  it('keeps what another process starts where it names a class', () => {
    const com = registry(
      '[HKEY_CLASSES_ROOT\\ms-settings\\Shell\\Open\\command]\r\n"DelegateExecute"="{4ed3a719-cea8-4bd9-910d-e252f997afc2}"',
    );
    const { openedBy, lookIn } = open('ms-settings:display', com);
    expect(openedBy).toMatchObject([{ image: 'SystemSettings.exe', parent: 'svchost.exe -k DcomLaunch' }]);
    expect(lookIn?.[0].answers?.[0]).toMatchObject({ value: 'DelegateExecute', image: null });
  });
});

describe('a shortcut in the folders', () => {
  const link = writeLink({
    items: [items.volume('C:\\'), items.file('Quay', { folder: true }), items.file('alpha.exe')],
    arguments: '/run',
  });

  it('leads to its program', () => {
    const { openedBy, leadsTo, notes } = open('%ProgramData%\\Start\\Alpha.lnk', folder({ 'alpha.lnk': link }));
    expect(leadsTo).toEqual([{ file: 'dir/alpha.lnk', target: 'C:\\Quay\\alpha.exe /run' }]);
    expect(openedBy).toEqual([
      {
        image: 'alpha.exe',
        path: 'C:\\Quay\\alpha.exe',
        commandLine: '"C:\\Quay\\alpha.exe" /run',
        confidence: 'likely',
        why: 'alpha.lnk, read from dir/alpha.lnk, leads to it by its item list',
        by: 'file',
      },
    ]);
    expect(notes).toEqual([]);
  });

  it('leads on to the program of a document, a page or another shortcut', () => {
    const toPage = folder({
      'a.lnk': writeLink({ blocks: [blocks.environment('%windir%\\b.url')] }),
      'b.url': utf8('[InternetShortcut]\r\nURL=https://quay.example/'),
    });
    const { leadsTo, lookIn } = open('a.lnk', toPage);
    expect(leadsTo?.map(({ target }) => target)).toEqual(['%windir%\\b.url', 'https://quay.example/']);
    expect(lookIn?.[0].why).toMatch(
      /a\.lnk, read from dir\/a\.lnk, .*; b\.url, read from dir\/b\.url, .*; the user's browser$/,
    );
    const toConsole = folder({
      'a.lnk': writeLink({ blocks: [blocks.environment('quay.msc')] }),
      'quay.msc': utf8(CONSOLE),
    });
    const opened = open('a.lnk', toConsole);
    expect(opened.openedBy).toMatchObject([{ image: 'mmc.exe' }]);
    expect(opened.leadsTo?.[1].target).toMatch(
      /^a console with the snap-ins \{C96401CC.*tasks that run quay\.exe \/a & \/b as children of mmc\.exe/,
    );
  });

  it('in a circle, or too long a chain, is told', () => {
    const to = (name: string) => writeLink({ blocks: [blocks.environment(`C:\\${name}`)] });
    expect(open('a.lnk', folder({ 'a.lnk': to('b.lnk'), 'b.lnk': to('a.lnk') })).notes).toEqual([
      { about: 'a.lnk', text: 'it leads back to itself' },
    ]);
    const chain = Object.fromEntries([...'abcdefg'].map((c, i) => [`${c}.lnk`, to(`${'bcdefgh'[i]}.lnk`)]));
    expect(open('a.lnk', folder(chain)).notes[0].text).toMatch(/followed over 4 steps/);
  });

  it('that is damaged, or cannot be read, is a note', () => {
    expect(open('a.lnk', folder({ 'a.lnk': utf8('nothing of that kind') })).notes[0].text).toMatch(/no shortcut/);
    expect(open('a.lnk', folder({ 'a.lnk': link.subarray(0, 90) })).notes.length).toBeGreaterThan(0);
    const broken: OpenSources = {
      loadDocument: () => {
        throw new InputError('cannot read it');
      },
    };
    expect(open('a.lnk', broken).notes).toEqual([{ about: 'a.lnk', text: 'cannot read it' }]);
  });
});

describe('the rule', () => {
  const document = (target: string, sources?: OpenSources, more: Partial<DocumentTarget> = {}): ChildrenDocument => {
    const { notes, ...opened } = open(target, sources);
    return {
      ...EXAMPLE,
      builds: undefined,
      children: [],
      blindSpots: [],
      generic: [],
      documents: [{ ...opened, ...more }],
    };
  };
  const passed = (target: string, sources?: OpenSources, more?: Partial<DocumentTarget>) =>
    findExclusions(document(target, sources, more), { minConfidence: 'likely' }).excluded.map(
      ({ image, by }) => `${image} by ${by}`,
    );
  const noted = (target: string) => openerNotes(document(target), 'likely').flatMap(({ lines }) => lines);

  it('lets pass by path what every Windows opens it with, and what a registry or shortcut names', () => {
    expect(passed('quay.msc')).toEqual(['mmc.exe by path']);
    expect(noted('quay.msc')).toEqual([]);
    expect(
      passed('a.q', registry('[HKEY_CLASSES_ROOT\\.q\\shell\\open\\command]\r\n@="C:\\\\Quay\\\\q.exe %1"')),
    ).toEqual(['q.exe by path']);
  });

  it('does not let pass what is only usual, another process starts, or is a shell, and says where to look', () => {
    expect(passed('a.txt')).toEqual([]);
    expect(noted('a.txt')).toEqual([
      expect.stringMatching(
        /notepad\.exe is not let pass: it is only usual.*look in HKEY_CURRENT_USER.*HKEY_CLASSES_ROOT\\\.txt, value \(default\)$/,
      ),
    ]);
    expect(passed('ms-settings:x')).toEqual([]);
    expect(noted('ms-settings:x')[0]).toMatch(/svchost\.exe -k DcomLaunch starts it/);
    expect(passed('a.bat')).toEqual([]);
    expect(noted('https://quay.example')[0]).toMatch(/look in .*\(the user's browser\)$/);
    expect(passed('quay.msc', {}, { reach: 'module-only' })).toEqual([]);
  });
});
