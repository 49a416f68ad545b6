// Which modules are specific, which generic and why; what is found, missing, skipped or another program's.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GENERIC_FAMILIES, genericFamilyOf } from '../../src/children/generic-modules.ts';
import {
  considerModules,
  hostsImportedBy,
  importedHosts,
  type ModuleFile,
  screenModule,
  sortModules,
} from '../../src/children/modules.ts';
import { isSinkName } from '../../src/children/sinks/index.ts';
import { InputError } from '../../src/errors.ts';
import { readImage } from '../../src/pe/image.ts';
import { DATA_RVA, type Imports, importingImage } from './importing-image.ts';

const NODE_PTY = fileURLToPath(new URL('../../node_modules/node-pty/prebuilds/win32-x64/', import.meta.url));
const real = (path: string) => readImage(readFileSync(NODE_PTY + path), path.split('/').at(-1));
const made = (imports: Imports, name = 'tool.exe') => readImage(importingImage(imports), name);
const rolesOf = (image: ReturnType<typeof made>, options = {}) =>
  Object.fromEntries(sortModules(image, options).map(({ name, role }) => [name, role]));

describe('sortModules', () => {
  it('takes what nearly every image imports for generic, with the count', () => {
    const image = made({
      imports: { 'KERNEL32.dll': ['ExitProcess'], 'vendor.dll': ['x'], 'wer.dll': ['WerReportCreate'] },
    });
    const [kernel, vendor, wer] = sortModules(image);
    expect(kernel).toMatchObject({ name: 'kernel32.dll', kind: 'import', role: 'generic' });
    expect(kernel.reason).toMatch(/^serves any program \(.*\); imported by 3,864 of 3,915 Windows images \(99 %\)$/);
    expect(vendor).toEqual({
      name: 'vendor.dll',
      kind: 'import',
      contracts: [],
      role: 'specific',
      reason: 'imported by fewer than 3 of 3,915 Windows images',
    });
    expect(wer).toMatchObject({ role: 'specific', reason: 'imported by 62 of 3,915 Windows images (1.6 %)' });
  });

  it('knows the base, the run-time libraries and the window system as generic, and the modules that restore or report as specific', () => {
    const generic =
      'ntdll kernelbase msvcrt ucrtbase vcruntime140 msvcp140 mfc140u user32 gdi32 shell32 shlwapi ole32 oleaut32 combase rpcrt4 advapi32 crypt32 ws2_32 setupapi comctl32 version d3d11 libstdc++-6'.split(
        ' ',
      );
    const specific = ['wer', 'faultrep', 'spp', 'srcore', 'reagent'];
    const imports = Object.fromEntries([...generic, ...specific].map((name) => [`${name}.dll`, ['f']]));
    const roles = rolesOf(made({ imports }));
    for (const name of generic) expect([name, roles[`${name}.dll`]]).toEqual([name, 'generic']);
    for (const name of specific) expect([name, roles[`${name}.dll`]]).toEqual([name, 'specific']);
  });

  it('resolves API sets, delayed ones too, and names each host once', () => {
    const image = made({
      imports: {
        'api-ms-win-core-file-l1-1-0.dll': ['f'],
        'api-ms-win-core-processthreads-l1-1-0': ['CreateProcessW'],
        'Kernelbase.DLL': ['g'],
      },
      delay: { 'ext-ms-win-wer-reporting-l1-1-0.dll': ['h'] },
    });
    expect(sortModules(image)).toMatchObject([
      { name: 'kernelbase.dll', kind: 'import', contracts: ['api-ms-win-core-file-l1-1-0.dll'], role: 'generic' },
      { name: 'kernel32.dll', contracts: ['api-ms-win-core-processthreads-l1-1-0'], role: 'generic' },
      { name: 'wer.dll', kind: 'delay', contracts: ['ext-ms-win-wer-reporting-l1-1-0.dll'], role: 'specific' },
    ]);
  });

  it('keeps an API set that no module implements, and says so', () => {
    const [module] = sortModules(made({ delay: { 'ext-ms-win-nowhere-l9-1-0.dll': ['f'] } }));
    expect(module).toMatchObject({
      name: 'ext-ms-win-nowhere-l9-1-0.dll',
      role: 'generic',
      reason: expect.stringMatching(/no module implements/),
    });
  });

  it('prefers the given API sets, with their host for this importer', () => {
    const apiSets = { contracts: { 'api-ms-win-core-file-l1-1': { '': 'other.dll', 'tool.exe': 'mine.dll' } } };
    const imports = { 'api-ms-win-core-file-l1-1-0.dll': ['f'] };
    expect(rolesOf(made({ imports }), { apiSets })).toEqual({ 'mine.dll': 'specific' });
    expect(rolesOf(made({ imports }, 'x.exe'), { apiSets })).toEqual({ 'other.dll': 'specific' });
  });

  it('is overruled by name, in any case and without extension', () => {
    const image = made({ imports: { 'user32.dll': ['f'], 'vendor.dll': ['f'] } });
    const modules = sortModules(image, { include: ['USER32', 'plugin.dll'], exclude: ['Vendor.DLL'] });
    expect(modules).toMatchObject([
      { name: 'user32.dll', role: 'specific', reason: expect.stringMatching(/^asked for \(--module\); imported by/) },
      { name: 'vendor.dll', role: 'generic', reason: 'left out (--no-module)' },
      {
        name: 'plugin.dll',
        kind: 'asked',
        role: 'specific',
        reason: expect.stringMatching(/the image does not import it/),
      },
    ]);
  });

  it('shows the counts of a folder in place of the kept ones, without letting them decide', () => {
    const importers = { total: 40, count: new Map([['vendor.dll', 38]]) };
    const image = made({ imports: { 'vendor.dll': ['f'], 'kernel32.dll': ['f'] } });
    const [vendor, kernel] = sortModules(image, { importers });
    expect(vendor).toMatchObject({ role: 'specific', reason: 'imported by 38 of 40 images of the folder (95 %)' });
    expect(kernel).toMatchObject({
      role: 'generic',
      reason: expect.stringMatching(/imported by 0 of 40 images of the folder \(0\.0 %\)$/),
    });
  });

  it('takes only the file name of an import with a path', () => {
    expect(rolesOf(made({ imports: { '..\\..\\x\\Evil': ['f'] } }))).toEqual({ 'evil.dll': 'specific' });
  });

  it('sorts the modules of real programs', () => {
    expect(rolesOf(real('winpty.dll'))).toEqual({
      'kernel32.dll': 'generic',
      'advapi32.dll': 'generic',
      'user32.dll': 'generic',
    });
    expect(importedHosts(real('conpty/OpenConsole.exe'))).toContain('user32.dll');
    const bytes = readFileSync(`${NODE_PTY}winpty.dll`);
    expect([...hostsImportedBy({ name: 'winpty.dll', bytes })].sort()).toEqual([
      'advapi32.dll',
      'kernel32.dll',
      'user32.dll',
    ]);
    expect(() => hostsImportedBy({ name: 'x', bytes: new Uint8Array(3) })).toThrow(/x/);
  });

  it('has families of lower-case names, each name in one of them', () => {
    const names = Object.values(GENERIC_FAMILIES).flatMap(({ modules }) => modules);
    expect(names.filter((name) => name !== name.toLowerCase())).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(genericFamilyOf('mfc140u.dll')).toMatch(/run-time/);
    expect(genericFamilyOf('mfcore-tool.dll')).toBeUndefined();
  });
});

describe('considerModules', () => {
  const sinkModule = importingImage({ imports: { 'kernel32.dll': ['CreateProcessW'], 'deeper.dll': ['f'] } });
  const plainModule = importingImage({ imports: { 'kernel32.dll': ['ReadFile'] } });
  const image = made({
    imports: { 'kernel32.dll': ['f'], 'starts.dll': ['f'], 'plain.dll': ['f'], 'gone.dll': ['f'] },
  });

  const consider = (files: Readonly<Record<string, Uint8Array | Error>>, options = {}, of = image) => {
    const asked: string[] = [];
    const loadModule = (name: string): ModuleFile | undefined => {
      asked.push(name);
      const bytes = files[name];
      if (bytes instanceof Error) throw bytes;
      return bytes && { name, bytes };
    };
    const considered = considerModules(of, { loadModule, isSinkName, ...options });
    return { asked, ...considered, notes: [...considered.notes, ...considered.further(considered.modules)] };
  };

  it('loads only specific modules, names what is missing and skips what can start nothing', () => {
    const { asked, modules, notes } = consider({ 'starts.dll': sinkModule, 'plain.dll': plainModule });
    expect(asked).toEqual(['starts.dll', 'plain.dll', 'gone.dll']);
    expect(modules).toMatchObject([
      { name: 'starts.dll', found: true, loadedBy: 'tool.exe' },
      { name: 'plain.dll', found: true, skipped: 'no process-creation API and no program name' },
      { name: 'gone.dll', found: false },
      { name: 'kernel32.dll', role: 'generic', found: false },
    ]);
    expect(modules.map((m) => m.image !== undefined)).toEqual([true, false, false, false]);
    expect(notes).toEqual([
      { about: 'starts.dll', text: expect.stringMatching(/not read \(--module takes one in\): deeper\.dll$/) },
    ]);
  });

  it('takes in a further module when it is asked for', () => {
    const { modules, notes } = consider(
      { 'starts.dll': sinkModule, 'deeper.dll': sinkModule },
      { include: ['deeper.dll'] },
    );
    expect(modules.find((m) => m.name === 'deeper.dll')).toMatchObject({
      kind: 'asked',
      loadedBy: '--module',
      found: true,
    });
    expect(notes).toEqual([]);
  });

  it('works without a way to load modules', () => {
    const { modules } = considerModules(image, { isSinkName });
    expect(modules.filter((m) => m.role === 'specific').every((m) => !m.found)).toBe(true);
  });

  it('goes on where a module is no PE file, unreadable, of another architecture or the image itself', () => {
    const of = made({ imports: { 'text.dll': ['f'], 'locked.dll': ['f'], 'arm.dll': ['f'], 'tool.exe': ['f'] } });
    const arm = importingImage({ choices: { machine: 0xaa64 } });
    const { asked, modules, notes } = consider(
      { 'text.dll': new Uint8Array(9), 'locked.dll': new InputError('locked.dll: no rights'), 'arm.dll': arm },
      {},
      of,
    );
    expect(asked).not.toContain('tool.exe');
    expect(modules).toMatchObject([
      { name: 'text.dll', found: true, skipped: expect.stringMatching(/text\.dll/) },
      { name: 'locked.dll', found: true, skipped: 'locked.dll: no rights' },
      { name: 'arm.dll', found: true, skipped: expect.stringMatching(/arm64.*tool\.exe \(x64\) cannot load/) },
      { name: 'tool.exe', found: true, skipped: 'it is the image itself' },
    ]);
    expect(notes.map(({ about }) => about)).toEqual(['text.dll', 'locked.dll']);
  });

  it('lets a failure that is none of its own through', () => {
    expect(() => consider({ 'starts.dll': new TypeError('a bug') })).toThrow('a bug');
  });

  it('asks for apisetschema.dll only where the image imports through API sets, and uses its schema', () => {
    const of = made({ imports: { 'api-ms-win-core-file-l1-1-0.dll': ['f'] } });
    const none = consider({}, {}, of);
    expect(none.asked).toEqual(['apisetschema.dll']);
    expect(none.modules).toMatchObject([{ name: 'kernelbase.dll' }]);
    const empty = consider({ 'apisetschema.dll': plainModule }, {}, of);
    expect(empty.modules).toMatchObject([{ name: 'kernelbase.dll' }]);
    expect(empty.notes).toMatchObject([{ text: expect.stringMatching(/no API-set schema/) }]);
  });

  it('says when there was nothing to leave out', () => {
    expect(consider({}, { exclude: ['other.dll', 'gone.dll'] }).notes).toEqual([
      { about: 'other.dll', text: expect.stringMatching(/does not import other\.dll/) },
    ]);
  });
});

describe('screenModule', () => {
  const screen = (imports: Imports, name = 'm.dll') => screenModule(made(imports, name), isSinkName);
  const nothing = 'no process-creation API and no program name';

  it('keeps a module with a sink among its imports or delay imports', () => {
    expect(screen({ imports: { 'kernel32.dll': ['CreateProcessW'] } })).toBeUndefined();
    expect(screen({ delay: { 'shell32.dll': ['ShellExecuteExW'] } })).toBeUndefined();
    expect(screen({ imports: { 'kernel32.dll': ['CreateFileW'] } })).toBe(nothing);
  });

  it('keeps a module that can look a sink up by name: the whole name, not a part of another', () => {
    const withText = (text: string, api: string) =>
      screen({ imports: { 'kernel32.dll': [api] }, fill: (data) => data.ascii(DATA_RVA + 9, text) });
    expect(withText('CreateProcessW', 'GetProcAddress')).toBeUndefined();
    expect(withText('CreateProcessW', 'GetModuleHandleW')).toBe(nothing);
    expect(withText('SxCreateProcessW', 'GetProcAddress')).toBe(nothing);
    expect(withText('CreateProcessWithNothing', 'GetProcAddress')).toBe(nothing);
  });

  it('keeps a module that names a program, other than itself and its imports', () => {
    expect(screen({ fill: (data) => data.utf16(DATA_RVA + 8, 'tool.exe') })).toBeUndefined();
    expect(screen({ fill: (data) => data.utf16(DATA_RVA + 8, 'tool.exe') }, 'tool.exe')).toBe(nothing);
    expect(screen({ imports: { 'ntoskrnl.exe': ['f'] } })).toBe(nothing);
  });

  it('screens real modules', () => {
    expect(screenModule(real('conpty/conpty.dll'), isSinkName)).toBeUndefined();
    expect(screenModule(real('conpty.node'), isSinkName)).toBeUndefined();
  });
});
