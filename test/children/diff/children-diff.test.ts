// What came, went and moved between two documents: made-up ones, any of a seed, and the fixtures' binaries of two machines.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { joinBuilds } from '../../../src/children/builds.ts';
import { diffChildren } from '../../../src/children/diff/children-diff.ts';
import type { ChildrenDiff } from '../../../src/children/diff/document.ts';
import type { ChildrenDocument } from '../../../src/children/document.ts';
import { findChildren, type ModuleFile } from '../../../src/children/find-children.ts';
import { blindSpot, child, evidence } from '../../rule/example-documents.ts';
import { made, numbers, randomDocument, said, site } from './made-up.ts';

const diff = (old: ChildrenDocument, now: ChildrenDocument): ChildrenDiff =>
  diffChildren(old, now, { rule: { languages: [] } });

const starting = (image: string, address: string, more: Parameters<typeof site>[1] = {}) => ({
  site: site(address, { arguments: { commandLine: [`${image} /run`] }, ...more }),
  child: child(image, { evidence: [evidence(address, { module: more.module ?? 'Lantern.exe' })] }),
});

function build(...all: readonly ReturnType<typeof starting>[]): ChildrenDocument {
  return made({ sites: all.map((one) => one.site), children: all.map((one) => one.child) });
}

const EMPTY: Partial<ChildrenDiff> = {
  children: [],
  sites: [],
  blindSpots: [],
  documents: [],
  modules: [],
  builds: [],
};

describe('diffChildren', () => {
  it('finds a call again at another address, and tells what came and went', () => {
    const found = diff(
      build(starting('alpha.exe', '0x1000'), starting('beta.exe', '0x1100')),
      build(starting('gamma.exe', '0x1000'), starting('alpha.exe', '0x2000')),
    );
    expect(found.children.map(({ change, image }) => [change, image])).toEqual([
      ['came', 'gamma.exe'],
      ['went', 'beta.exe'],
      ['moved', 'alpha.exe'],
    ]);
    expect(found.sites.map(({ change, old, new: now }) => [change, old?.site, now?.site])).toEqual([
      ['came', undefined, '0x1000'],
      ['went', '0x1100', undefined],
      ['moved', '0x1000', '0x2000'],
    ]);
    expect(found.counts.children).toEqual({ same: 0, moved: 1, changed: 0, came: 1, went: 1 });
    expect(found.rule?.passes.map(({ image }) => image)).toEqual(['gamma.exe']);
    expect(found.rule?.noLongerPasses.map(({ image }) => image)).toEqual(['beta.exe']);
  });

  it('calls it changed where the place is the same', () => {
    const [old, now] = ['%windir%\\a\\alpha.exe', '%windir%\\b\\alpha.exe'].map((path) =>
      made({ sites: [site('0x1000')], children: [child('alpha.exe', { path, evidence: [evidence('0x1000')] })] }),
    );
    expect(diff(old, now).children).toMatchObject([{ change: 'changed', differs: ['path'] }]);
    expect(diff(old, now).rule?.passes).toMatchObject([{ by: 'path', beside: expect.stringContaining('\\a\\') }]);
  });

  it('finds a call again in another module', () => {
    const found = diff(
      build(starting('alpha.exe', '0x1000', { module: 'wick.dll' })),
      build(starting('alpha.exe', '0x1000', { module: 'oil.dll' })),
    );
    expect(found.sites).toMatchObject([{ change: 'moved', differs: ['module'] }]);
    expect(found.children).toMatchObject([{ change: 'moved', starts: [{ change: 'moved' }] }]);
  });

  it('takes the same folder for the same on two machines, and on one machine for two', () => {
    const of = (arch: 'x86' | 'x64', folder: string) => {
      const document = made({ children: [child('alpha.exe', { path: `%windir%\\${folder}\\alpha.exe` })] });
      return { ...document, parent: { ...document.parent, arch } };
    };
    expect(diff(of('x86', 'SysWOW64'), of('x64', 'system32')).children).toEqual([]);
    expect(diff(of('x64', 'SysWOW64'), of('x64', 'system32')).children).toMatchObject([{ differs: ['path'] }]);
  });

  it('tells the words of a command line that only one file has', () => {
    const of = (address: string, ...lines: readonly string[]) =>
      made({
        sites: [site(address, { arguments: { commandLine: lines } })],
        children: [child('alpha.exe', { evidence: [evidence(address)] })],
      });
    const [found] = diff(
      of('0x1', 'alpha.exe /old', 'alpha.exe /both'),
      of('0x2', 'alpha.exe /both <number>'),
    ).children;
    expect(found).toMatchObject({ change: 'moved', differs: ['command line'], words: { came: [], went: ['/old'] } });
  });

  it('compares what hides a name by what it is, a key with unknown parts by what it may be', () => {
    const at = (address: string, ...values: readonly (readonly [string, string])[]) =>
      made({
        sites: [site(address)],
        blindSpots: values.map(([key, value]) =>
          blindSpot('registry', { site: address, registry: [{ key, value }], detail: address }),
        ),
      });
    const old = at('0x10', ['HKEY_LOCAL_MACHINE\\Software\\A', 'Run'], ['HKEY_CURRENT_USER\\B', 'Old'], ['*\\C', 'x']);
    const now = at(
      '0x20',
      ['hkey_local_machine\\SOFTWARE\\a', 'run'],
      ['HKEY_CURRENT_USER\\B', 'New'],
      ['HKEY_USERS\\C', 'x'],
    );
    expect(diff(old, now).blindSpots).toMatchObject([
      {
        change: 'moved',
        stayed: [{ registry: [{ value: 'run' }] }, { registry: [{ key: 'HKEY_USERS\\C' }] }],
        came: [{ registry: [{ value: 'New' }] }],
        went: [{ registry: [{ value: 'Old' }] }],
      },
    ]);
  });

  it('tells by which arguments of the parent a blind spot is come to, where these differ', () => {
    const of = (...words: readonly string[]) =>
      made({
        sites: [site('0x10')],
        blindSpots: [
          blindSpot('data', {
            site: '0x10',
            ...(words.length === 0 ? {} : { when: { parentArguments: [{ anyOf: words, comparedAt: [] }] } }),
          }),
        ],
      });
    expect(diff(of('/a', '/b'), of('/B', '/A')).blindSpots).toEqual([]);
    expect(diff(of('/a'), of()).blindSpots).toMatchObject([{ change: 'changed', when: { old: [['/a']], new: null } }]);
  });

  it('compares builds with builds of the same name or machine, and tells which is only in one', () => {
    const of = (arch: 'x64' | 'x86', version: string, address: string) => {
      const { parent, ...rest } = build(starting('alpha.exe', address));
      return { ...rest, parent: { ...parent, arch, version } };
    };
    const both = joinBuilds([of('x64', '1.0', '0x1000'), of('x86', '1.0', '0x9000')]);
    const found = diff(of('x64', '2.0', '0x2000'), both);
    expect(found.builds).toEqual([{ change: 'came', name: 'x86 1.0' }]);
    expect(found.children).toMatchObject([
      {
        change: 'moved',
        differs: ['starts'],
        starts: [{ change: 'moved' }, { change: 'came', new: { build: 'x86 1.0' } }],
      },
    ]);
    expect(found.sites.map(({ change }) => change)).toEqual(['came', 'moved']);
    expect(diff(both, both)).toMatchObject({ ...EMPTY, notes: [] });
  });

  it('takes the own file of a renamed program for the own file', () => {
    const of = (image: string) => {
      const document = made({
        sites: [site('0x1000', { module: image })],
        children: [child(image, { evidence: [evidence('0x1000', { module: image })] })],
      });
      return { ...document, parent: { ...document.parent, image } };
    };
    const found = diff(of('Lantern.exe'), of('Lantern-old.exe'));
    expect(found).toMatchObject(EMPTY);
    expect(found.rule).toMatchObject({ passes: [], noLongerPasses: [] });
    expect(found.notes.map(({ text }) => text)).toEqual([expect.stringContaining('different names')]);
  });

  it('lists what documents have in lists of modules that are loaded and of classes', () => {
    const place = { module: 'Lantern.exe', site: '0x1000', function: '0x1000', api: 'LoadLibraryW' };
    const [old, now] = [
      { loads: [{ ...place, name: 'wick.dll' }] },
      { loads: [{ ...place, name: 'oil.dll' }], classes: [{ ...place, classId: '{A}', api: 'CoCreateInstance' }] },
    ].map((more): ChildrenDocument => ({ ...made({}), ...(more as object) }));
    const found = diff(old, now);
    expect(found.loads?.map(({ change, name }) => [change, name])).toEqual([
      ['came', 'oil.dll'],
      ['went', 'wick.dll'],
    ]);
    expect(found.classes).toMatchObject([{ change: 'came', name: '{A}', call: 'CoCreateInstance' }]);
    expect(Object.keys(diff(made({}), made({})))).not.toContain('loads');
  });

  it('writes the query of what only one rule lets pass, and none where both do', () => {
    const [old, now] = [build(starting('alpha.exe', '0x1')), build(starting('beta.exe', '0x1'))];
    const [query] = diffChildren(old, now, { rule: { languages: ['eql'] } }).rule?.queries ?? [];
    expect(query.passes).toMatch(/beta\.exe/);
    expect(query.passes).not.toMatch(/alpha\.exe/);
    expect(query.noLongerPasses).toMatch(/alpha\.exe/);
    expect(diffChildren(old, old, { rule: { languages: ['eql'] } }).rule?.queries).toEqual([
      { language: 'eql', passes: null, noLongerPasses: null },
    ]);
  });

  it('says where the parent became open', () => {
    const told = blindSpot('command-line', { detail: 'the command line' });
    const found = diff(made({}), made({ blindSpots: [told], sites: [site(told.site)] }));
    expect(found.verdict).toMatchObject({ old: 'closed', new: 'open', reason: expect.any(String) });
    expect(found.rule).toMatchObject({ old: 'unlisted-child', new: 'unprotected-child', queries: [] });
  });

  it('needs no long time for many calls that are nearly alike', () => {
    const many = (from: number, word: string) =>
      made({
        sites: [...Array(4000).keys()].map((i) =>
          site(`0x${(from + i).toString(16)}`, { arguments: { commandLine: [`${word}${i}.exe`] } }),
        ),
      });
    const found = diff(many(0x1000, 'a'), many(0x900000, 'b'));
    expect(found.counts.sites).toEqual({ same: 0, moved: 0, changed: 0, came: 4000, went: 4000 });
    expect(found.notes.map(({ about }) => about)).toContain('sites');
  });
});

describe('of any two documents', () => {
  it('a document has no difference from itself, and new and old can be turned round', () => {
    const next = numbers(11);
    for (let round = 0; round < 300; round++) {
      const [old, now] = [randomDocument(next), randomDocument(next)];
      expect(diff(old, old)).toMatchObject({ ...EMPTY, rule: { passes: [], noLongerPasses: [] } });
      expect(said(diff(old, now)), `round ${round}`).toEqual(said(diff(now, old), true));
    }
  });
});

describe("the fixtures' binaries", () => {
  const folder = new URL('../../../fixtures/children/bin/', import.meta.url);
  const open = new Set(
    JSON.parse(readFileSync(new URL('../fixtures-open.json', import.meta.url), 'utf8')) as readonly string[],
  );
  const analysed = (build: string, name: string): ChildrenDocument => {
    const load = (file: string): ModuleFile | undefined => {
      const path = new URL(`${build}/${file}`, folder);
      return existsSync(path) ? { name: file, bytes: readFileSync(path) } : undefined;
    };
    return findChildren(load(name)!, { loadModule: load });
  };
  const ideas = readdirSync(new URL('clang-x64/', folder)).filter((name) => name.endsWith('.exe'));

  it('of one idea for two machines have the same children, calls and blind spots', { timeout: 120_000 }, () => {
    const differing = ideas
      .filter((name) => existsSync(new URL(`clang-x86/${name}`, folder)))
      .filter((name) => !['clang-x64', 'clang-x86'].some((build) => open.has(`${build}/${name.replace('.exe', '')}`)))
      .flatMap((name) => {
        const found = diff(analysed('clang-x86', name), analysed('clang-x64', name));
        const all = [...found.children, ...found.sites, ...found.blindSpots, ...found.documents];
        const { passes = [], noLongerPasses = [] } = found.rule ?? {};
        return all.some(({ change }) => change === 'came' || change === 'went') ||
          passes.length + noLongerPasses.length > 0
          ? [name]
          : [];
      });
    expect(differing).toEqual([]);
  });

  it('of two ideas differ by what these start', () => {
    const found = diff(analysed('clang-x86', 'cmov-two.exe'), analysed('clang-x64', 'printf-system-directory.exe'));
    expect(found.children.map(({ change, image, differs }) => [change, image, differs])).toEqual([
      ['went', 'gamma.exe', []],
      ['moved', 'alpha.exe', ['path', 'command line']],
    ]);
    expect(found.rule?.noLongerPasses.map(({ about }) => about)).toEqual([
      'alpha.exe by name, in any folder',
      'gamma.exe by name, in any folder',
    ]);
  });
});
