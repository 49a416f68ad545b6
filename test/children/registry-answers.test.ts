// The blind spots of the registry, answered by hives that are written here, and blind spots again without them.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hiveOf, type Keys, utf16File } from '../../fixtures/hives/key-tree.ts';
import { TRUTH_SEEDS } from '../../fixtures/hives/truth-registry.ts';
import type { ChildrenDocument } from '../../src/children/document.ts';
import { findChildren, type ModuleFile } from '../../src/children/find-children.ts';
import { moduleFolders } from '../../src/cli/files.ts';
import { openRegistry } from '../../src/registry/open-registry.ts';
import type { RegistryView } from '../../src/registry/view.ts';

const bin = (build: string, name: string) =>
  join(import.meta.dirname, '../../fixtures/children/bin', build, `${name}.exe`);
const software = (keys: Keys): RegistryView =>
  openRegistry([{ name: 'SOFTWARE', bytes: hiveOf({ Microsoft: {}, ...keys }) }]).view;
const exported = (text: string): RegistryView =>
  openRegistry([{ name: 'host.reg', bytes: utf16File(`Windows Registry Editor Version 5.00\r\n\r\n${text}`) }]).view;

function answered(name: string, registry: RegistryView, build = 'clang-x64'): ChildrenDocument {
  return findChildren(
    { name: `${name}.exe`, bytes: readFileSync(bin(build, name)) },
    { registry, rule: { languages: ['sigma'] } },
  );
}

const told = ({ children }: ChildrenDocument) =>
  children.map(({ image, path, commandLine, confidence }) => ({ image, path, commandLine, confidence }));

const BUILDS = ['clang-x64', 'mingw-x64', 'clang-x86', 'mingw-x86'];

describe('a blind spot with a hive', () => {
  it.each(BUILDS)('has the program that the value names, with its evidence (%s)', (build) => {
    const document = answered(
      'registry-value',
      software({ 'Harbour\\Pilot': { Launcher: '"C:\\Harbour Tools\\pilot.exe" -go' } }),
      build,
    );
    expect(told(document)).toEqual([
      {
        image: 'pilot.exe',
        path: 'C:\\Harbour Tools\\pilot.exe',
        commandLine: '"C:\\Harbour Tools\\pilot.exe" -go',
        confidence: 'likely',
      },
    ]);
    const answer = {
      source: 'SOFTWARE',
      key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Harbour\\Pilot',
      value: 'Launcher',
      data: '"C:\\Harbour Tools\\pilot.exe" -go',
      lastWritten: '2024-05-01T10:00:00.0000000Z',
      image: 'pilot.exe',
      path: 'C:\\Harbour Tools\\pilot.exe',
      commandLine: '"C:\\Harbour Tools\\pilot.exe" -go',
    };
    expect(document.blindSpots).toHaveLength(1);
    expect(document.blindSpots[0].answers).toEqual([answer]);
    expect(document.children[0].evidence[0].registry).toEqual(answer);
    expect(document.rule[0].text).toContain("Image: '?:\\Harbour Tools\\pilot.exe'");
    expect(document.rule[0].text).toContain('HKEY_LOCAL_MACHINE\\SOFTWARE\\Harbour\\Pilot, value Launcher');
  });

  it('says that a value is not there, and stays silent about keys that no file holds', () => {
    const absent = answered('registry-value', software({ 'Harbour\\Pilot': { Other: 'x.exe' } }));
    expect(absent.children).toEqual([]);
    expect(absent.blindSpots[0].answers).toEqual([
      {
        source: 'SOFTWARE',
        key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Harbour\\Pilot',
        value: 'Launcher',
        data: null,
        image: null,
        path: null,
        commandLine: null,
        detail: 'it has no such value',
      },
    ]);
    const other = answered('registry-value', exported('[HKEY_CURRENT_USER\\Software]\r\n'));
    expect(other.blindSpots[0]).not.toHaveProperty('answers');
  });

  it('reads a value that is a format, one with marks, an enumerated key and the default value', () => {
    const format = answered(
      'registry-format',
      software({ 'Harbour\\CrashPilot': { Debugger: 'dbg.exe -p %ld -e %ld' } }),
    );
    expect(told(format)).toMatchObject([{ image: 'dbg.exe', path: null, commandLine: 'dbg.exe -p * -e *' }]);
    const expanded = answered(
      'registry-expanded',
      software({ 'Harbour\\Pilot': { Launcher: '%SystemRoot%\\x\\a.exe' } }),
    );
    expect(told(expanded)).toMatchObject([{ image: 'a.exe', path: '%SystemRoot%\\x\\a.exe' }]);
    const many = answered(
      'registry-enumerated',
      software({ 'Harbour\\Tide': { a: 'C:\\a.exe', b: 'C:\\b.exe /q', c: 7 } }),
    );
    expect(told(many).map(({ image }) => image)).toEqual(['a.exe', 'b.exe']);
    expect(many.blindSpots[0].answers?.map(({ value, data, image, detail }) => [value, data, image, detail])).toEqual([
      ['a', 'C:\\a.exe', 'a.exe', undefined],
      ['b', 'C:\\b.exe /q', 'b.exe', undefined],
      ['c', '7', null, 'it holds a number, and no text'],
    ]);
    const command = { 'Classes\\Harbour.Chart\\shell\\open\\command': { '': '"C:\\Harbour\\chart.exe" "%1"' } };
    expect(told(answered('registry-unnamed-value', software(command)))).toMatchObject([
      { image: 'chart.exe', path: 'C:\\Harbour\\chart.exe', commandLine: '"C:\\Harbour\\chart.exe" "*"' },
    ]);
  });

  it('reads an export, a list, an indirect string, a document and text that names nothing', () => {
    const key = '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Harbour\\Pilot]\r\n';
    const launcher = (data: string) => answered('registry-value', exported(`${key}"Launcher"=${data}\r\n`));
    expect(told(launcher('"C:\\\\a.exe,b.exe,"'))).toMatchObject([{ image: 'a.exe' }, { image: 'b.exe' }]);
    expect(
      told(launcher('hex(7):61,00,2e,00,65,00,78,00,65,00,00,00,62,00,2e,00,65,00,78,00,65,00,00,00,00,00')),
    ).toMatchObject([{ image: 'a.exe' }, { image: 'b.exe' }]);
    const indirect = launcher('"@%SystemRoot%\\\\x.dll,-12"');
    expect(indirect.children).toEqual([]);
    expect(indirect.blindSpots[0].answers?.[0].detail).toContain('indirect string');
    const [nothing] = launcher('"%Nowhere%"').blindSpots;
    expect(nothing.answers).toMatchObject([{ image: null, data: '%Nowhere%', detail: 'it names no program' }]);
    const settings = exported('[HKEY_CURRENT_USER\\Software\\Harbour]\r\n"Editor"="https://harbour.example/"\r\n');
    const opened = answered('registry-get-value', settings);
    expect(opened.documents.map(({ target }) => target)).toEqual(['https://harbour.example/']);
  });

  it("has both of two users' values", () => {
    const user = (name: string, editor: string) => ({
      name,
      bytes: hiveOf({ 'Software\\Microsoft': {}, 'Software\\Harbour': { Editor: editor } }, { fileName: 'ntuser.dat' }),
    });
    const { view } = openRegistry([user('ann.dat', 'C:\\ann.exe'), user('bob.dat', 'C:\\bob.exe')]);
    const document = answered('registry-get-value', view);
    expect(document.blindSpots[0].answers?.map(({ source, image }) => [source, image])).toEqual([
      ['ann.dat', 'ann.exe'],
      ['bob.dat', 'bob.exe'],
    ]);
  });

  it('redirects a 32-bit program where the hive is of a 64-bit Windows, and doubts the other view', () => {
    const plain = { 'Harbour\\Pilot': { Launcher: 'C:\\native.exe' } };
    const both = { ...plain, 'WOW6432Node\\Harbour\\Pilot': { Launcher: 'C:\\wow.exe' } };
    const images = (keys: Keys, build: string) =>
      told(answered('registry-value', software(keys), build)).map(({ image, confidence }) => `${image} ${confidence}`);
    expect(images(both, 'clang-x64')).toEqual(['native.exe likely']);
    expect(images(both, 'clang-x86')).toEqual(['wow.exe likely']);
    expect(images(plain, 'clang-x86')).toEqual(['native.exe likely']);
    expect(images({ ...plain, WOW6432Node: {} }, 'clang-x86')).toEqual(['native.exe possible']);
  });
});

/** Folder with the public images of the truth table: win11/, dll/, x86/. */
const BINARIES = process.env.WINNOW_TRUTH_BINARIES;
const TRUTH = join(import.meta.dirname, '../../../shared/children/truth.json');
const truthFile = [process.env.WINNOW_TRUTH, TRUTH].find((path) => path !== undefined && existsSync(path));

interface Truth {
  readonly parents: readonly {
    readonly file: string;
    readonly unresolved: readonly {
      readonly reason: string;
      readonly module_path: string;
      readonly call_site: string;
      readonly detail: string;
    }[];
  }[];
}

const isThere = BINARIES !== undefined && existsSync(BINARIES) && truthFile !== undefined;
if (!isThere)
  console.log(
    `skipped: the registry blind spots of the truth table are not answered, because WINNOW_TRUTH_BINARIES (its images) is not set or ${TRUTH} (or WINNOW_TRUTH) is absent`,
  );

describe.skipIf(!isThere)('the blind spots of the truth table', () => {
  const { parents } = JSON.parse(isThere ? readFileSync(truthFile as string, 'utf8') : '{"parents":[]}') as Truth;
  const spots = parents.flatMap(({ file, unresolved }) =>
    unresolved.filter(({ reason }) => reason === 'registry').map((spot) => ({ file, ...spot })),
  );
  const folders = new Map<string, ReturnType<typeof moduleFolders>>();

  function analyse(file: string, registry?: RegistryView): ChildrenDocument {
    const folder = join(BINARIES as string, file.startsWith('x86/') ? 'x86' : 'dll');
    const modules = folders.get(folder) ?? moduleFolders([folder]);
    folders.set(folder, modules);
    const loadModule = (name: string): ModuleFile | undefined => {
      const path = modules.find(name);
      return path === undefined ? undefined : { name: basename(path), path, bytes: readFileSync(path) };
    };
    return findChildren(
      { name: basename(file), bytes: readFileSync(join(BINARIES as string, file)) },
      { loadModule, registry },
    );
  }

  it('are sixteen, each with a seed of its own words', () => {
    expect(spots).toHaveLength(16);
    for (const { detail } of spots)
      expect(
        TRUTH_SEEDS.filter((seed) => detail.startsWith(seed.detail)),
        detail,
      ).toHaveLength(1);
  });

  it.each(spots)(
    '$module_path $call_site',
    ({ file, module_path, call_site, detail }) => {
      const seed = TRUTH_SEEDS.find((one) => detail.startsWith(one.detail));
      const at = ({ blindSpots }: ChildrenDocument) =>
        blindSpots.filter(
          ({ module, site, reason }) =>
            module.toLowerCase() === basename(module_path).toLowerCase() && site === call_site && reason === 'registry',
        );
      const keys = seed?.software ?? {};
      const wow = Object.fromEntries(Object.entries(keys).map(([key, values]) => [`WOW6432Node\\${key}`, values]));
      // As a 32-bit Windows has it, and as a 64-bit one.
      for (const hive of [keys, { ...keys, ...wow }]) {
        const document = analyse(file, software(hive));
        const images = at(document)
          .flatMap(({ answers }) => answers ?? [])
          .map(({ image }) => image);
        expect(images).toContain(seed?.image);
        const child = document.children.find(({ image }) => image === seed?.image);
        expect(child?.evidence.some(({ site, registry }) => site === call_site && registry !== undefined)).toBe(true);
      }
      const without = analyse(file);
      expect(at(without).length).toBeGreaterThan(0);
      expect(at(without).every(({ answers }) => answers === undefined)).toBe(true);
      expect(without.children.map(({ image }) => image)).not.toContain(seed?.image);
    },
    60_000,
  );
});
