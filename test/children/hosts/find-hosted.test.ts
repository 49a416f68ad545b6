// A host program with the modules in it: whose children are told, by which exports the host enters, and what the rule says of both.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChildrenDocument } from '../../../src/children/document.ts';
import type { FindOptions, ModuleFile } from '../../../src/children/find-children.ts';
import { findHosted, type Host } from '../../../src/children/hosts/find-hosted.ts';
import { documentValidator } from '../document-validator.ts';

const BIN = join(import.meta.dirname, '../../../fixtures/children/bin');

const load =
  (build: string) =>
  (name: string): ModuleFile => ({ name, path: name, bytes: readFileSync(join(BIN, build, name)) });

const BUILDS = ['mingw-x64', 'clang-x64'] as const;
const ELASTIC = { languages: ['sigma'] } as const;

function hosted(build: string, host: Host, exports?: readonly string[], options: FindOptions = {}): ChildrenDocument {
  return findHosted(host, [{ file: load(build)('module-service.dll'), ...(exports ? { exports } : {}) }], options);
}

const reaches = (document: ChildrenDocument) =>
  Object.fromEntries(document.children.map(({ image, reach }) => [image, reach]));

describe.each(BUILDS)('a service host without its file (%s)', (build) => {
  const document = hosted(build, { name: 'svchost.exe' }, undefined, { rule: ELASTIC });

  it('is the parent, with a note that it was not read', () => {
    expect(document.parent).toMatchObject({ image: 'svchost.exe', kind: 'program', arch: 'x64', sha256: '' });
    expect(document.modules.slice(0, 2)).toMatchObject([
      { name: 'svchost.exe', role: 'image', found: false },
      { name: 'module-service.dll', role: 'hosted', found: true, loadedBy: '--with', sites: 5 },
    ]);
    expect(document.notes[0]).toMatchObject({ about: 'svchost.exe', text: expect.stringContaining('was not found') });
    expect(documentValidator()(document)).toEqual([]);
  });

  it('enters by ServiceMain, by the class objects that COM asks for and by the routines of RPC, and by no task', () => {
    expect(reaches(document)).toEqual({
      'lantern.exe': 'export:ServiceMain',
      'mussel.exe': 'vtable',
      'limpet.exe': 'callback',
      'urchin.exe': 'other-process',
      'starfish.exe': 'other-process',
    });
  });

  it('gets a rule that is about the module in it, and lets pass what is started in it', () => {
    const [{ text, excluded }] = document.rule;
    expect(text).toContain('Unusual Child Process of svchost.exe Hosting module-service.dll');
    expect(text).toMatch(/static analysis of module-service\.dll shows/i);
    expect(text).toContain('Only the children of module-service.dll are let pass');
    expect(excluded.map(({ image }) => image).slice(0, 3)).toEqual(
      expect.arrayContaining(['lantern.exe', 'limpet.exe']),
    );
    expect(excluded.map(({ image }) => image)).not.toContain('urchin.exe');
  });
});

describe.each(BUILDS)('other hosts (%s)', (build) => {
  it('rundll32.exe calls the wide form of the export that it is given', () => {
    const found = reaches(hosted(build, { name: 'rundll32.exe' }, ['HarbourTask']));
    expect(found).toMatchObject({ 'starfish.exe': 'export:HarbourTaskW', 'urchin.exe': 'other-process' });
    expect(found['lantern.exe']).toBe('other-process');
  });

  it('any other host calls the export of that very name, or number', () => {
    expect(reaches(hosted(build, { name: 'other.exe' }, ['HarbourTask']))['urchin.exe']).toBe('export:HarbourTask');
    expect(reaches(hosted(build, { name: 'other.exe' }, ['#2']))['urchin.exe']).toBe('export:HarbourTask');
  });

  it('an export that is not there is a note, and all are entered', () => {
    const document = hosted(build, { name: 'rundll32.exe' }, ['Nowhere']);
    expect(document.notes).toContainEqual({
      about: 'module-service.dll',
      text: 'it exports no Nowhere; all its exports are taken',
    });
    expect(reaches(document)['urchin.exe']).toBe('export:HarbourTask');
  });

  it('dllhost.exe asks for class objects only', () => {
    const found = reaches(hosted(build, { name: 'dllhost.exe' }));
    expect(found).toMatchObject({ 'mussel.exe': 'vtable', 'lantern.exe': 'other-process' });
  });

  it('one that is not known may call every export', () => {
    expect(reaches(hosted(build, { name: 'harbour.exe' }))['urchin.exe']).toBe('export:HarbourTask');
  });

  it('one that exports nothing a host looks up may be entered by any', () => {
    const reef = load(build)('module-reef.dll');
    expect(reaches(findHosted({ name: 'svchost.exe' }, [{ file: reef }]))['starfish.exe']).toBe('export:ReefLaunch');
  });
});

describe('a host that was read', () => {
  const build = 'mingw-x64';
  const loadModule = (name: string) => (existsSync(join(BIN, build, name)) ? load(build)(name) : undefined);
  const host = { name: 'create-process-w.exe', file: load(build)('create-process-w.exe') };

  it('has its own children beside those of the modules', () => {
    const alone = findHosted(host, [], { loadModule });
    const document = findHosted(host, [{ file: load(build)('module-service.dll') }], { loadModule, rule: ELASTIC });
    expect(alone.children.length).toBeGreaterThan(0);
    expect(document.children.length).toBe(alone.children.length + 5);
    expect(document.parent.sha256).toBe(alone.parent.sha256);
    expect(document.rule[0].text).toContain(
      'Only the children of create-process-w.exe, module-service.dll are let pass',
    );
  });

  it('tells what two of its modules share once', () => {
    const reef = { file: load(build)('module-reef.dll') };
    const document = findHosted({ name: 'module-export.exe', file: load(build)('module-export.exe') }, [reef], {
      loadModule,
    });
    expect(document.modules.filter(({ name }) => name === 'module-reef.dll')).toMatchObject([{ role: 'hosted' }]);
    expect(document.sites.filter(({ module }) => module === 'module-reef.dll')).toHaveLength(3);
    // The program imports one export, the host may call all.
    expect(reaches(document)).toMatchObject({ 'starfish.exe': 'export:ReefLaunch', 'urchin.exe': 'export:ReefSpare' });
    expect(document.children.every(({ evidence }) => evidence.length === 1)).toBe(true);
  });

  it('is a program, and what it hosts are modules', () => {
    expect(() => findHosted({ name: 'module-reef.dll', file: load(build)('module-reef.dll') }, [])).toThrow(
      /is a module/,
    );
    expect(() => findHosted({ name: 'svchost.exe' }, [{ file: host.file }])).toThrow(/is a program/);
  });
});
