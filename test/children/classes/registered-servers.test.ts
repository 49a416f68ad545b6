// Who serves a class by the registry: COM's order of servers, a user's classes, 32-bit views, ProgIDs, the Windows Runtime, and hives that lie.
import { describe, expect, it } from 'vitest';
import { hiveOf, type Keys } from '../../../fixtures/hives/key-tree.ts';
import { answerClasses } from '../../../src/children/classes/answer-classes.ts';
import { readClassTable } from '../../../src/children/classes/class-table.ts';
import { COM_LAUNCHER, RegisteredServers } from '../../../src/children/classes/registered-servers.ts';
import type { ClassEntry } from '../../../src/children/document.ts';
import { openRegistry } from '../../../src/registry/open-registry.ts';

const ID = '1d2f3a40-1001-4c4e-8a11-0102030405aa';
const OTHER = '1d2f3a40-1002-4c4e-8a11-0102030405bb';
const APP = '5b2c1d00-0001-4c4e-8a11-010203040506';
const CLASSES = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes';

const view = (files: Readonly<Record<string, Keys>>) =>
  openRegistry(
    Object.entries(files).map(([at, keys]) => ({ name: `${at.split('\\').at(-1)}.hiv`, at, bytes: hiveOf(keys) })),
  ).view;
const machine = (keys: Keys) => view({ 'HKLM\\SOFTWARE': keys });
const shown = (servers: ReturnType<RegisteredServers['ofClass']>) =>
  servers?.map(({ kind, path, commandLine, key }) => ({ kind, path, ...(commandLine ? { commandLine } : {}), key }));

function entry(more: Partial<ClassEntry>): ClassEntry {
  return {
    module: 'a.exe',
    site: '0x1',
    function: '0x1',
    api: 'CoCreateInstance',
    reach: 'image',
    classId: null,
    contexts: null,
    detail: '',
    ...more,
  };
}

describe('a class of COM', () => {
  it('has its in-process server, and a program that COM starts', () => {
    const servers = new RegisteredServers(
      machine({
        [`Classes\\CLSID\\{${ID}}\\InprocServer32`]: { '': '%SystemRoot%\\system32\\reader.dll' },
        [`Classes\\CLSID\\{${ID}}\\LocalServer32`]: { '': '"C:\\Harbour Master\\quay.exe" -com' },
      }),
      false,
    ).ofClass(ID);
    expect(shown(servers)).toEqual([
      {
        kind: 'in-process',
        path: '%SystemRoot%\\system32\\reader.dll',
        key: `${CLASSES}\\CLSID\\{${ID}}\\InprocServer32`,
      },
      {
        kind: 'local',
        path: 'C:\\Harbour Master\\quay.exe',
        commandLine: '"C:\\Harbour Master\\quay.exe" -com -Embedding',
        key: `${CLASSES}\\CLSID\\{${ID}}\\LocalServer32`,
      },
    ]);
    expect(servers?.[0]).toMatchObject({ source: 'SOFTWARE.hiv', lastWritten: expect.stringMatching(/^20.*Z$/) });
  });

  it('is served by a service before a program, by a program before a surrogate', () => {
    const keys = (application: Record<string, string>, local: boolean): Keys => ({
      [`Classes\\CLSID\\{${ID}}`]: { AppID: `{${APP}}` },
      [`Classes\\CLSID\\{${ID}}\\InprocServer32`]: { '': 'reader.dll' },
      ...(local ? { [`Classes\\CLSID\\{${ID}}\\LocalServer32`]: { '': 'quay.exe' } } : {}),
      [`Classes\\AppID\\{${APP}}`]: application,
    });
    const local = (application: Record<string, string>, has: boolean) =>
      new RegisteredServers(machine(keys(application, has)), false)
        .ofClass(ID)
        ?.filter(({ kind }) => kind !== 'in-process')
        .map(({ kind, path, commandLine }) => [kind, path, commandLine]);
    expect(local({ LocalService: 'QuaySvc', DllSurrogate: '' }, true)).toEqual([['service', 'QuaySvc', undefined]]);
    expect(local({ DllSurrogate: '' }, true)).toEqual([['local', 'quay.exe', 'quay.exe -Embedding']]);
    expect(local({ DllSurrogate: '' }, false)).toEqual([
      ['surrogate', 'reader.dll', `%SystemRoot%\\system32\\DllHost.exe /Processid:{${APP.toUpperCase()}}`],
    ]);
    expect(local({ DllSurrogate: 'C:\\own.exe' }, false)).toEqual([['surrogate', 'reader.dll', 'C:\\own.exe']]);
    expect(local({}, false)).toEqual([]);
  });

  it("has a service's command line where the system's hive tells it", () => {
    const both = view({
      'HKLM\\SOFTWARE': {
        [`Classes\\CLSID\\{${ID}}`]: { AppID: `{${APP}}` },
        [`Classes\\AppID\\{${APP}}`]: { LocalService: 'QuaySvc', ServiceParameters: '-com' },
      },
      'HKLM\\SYSTEM': {
        Select: { Current: 1 },
        'ControlSet001\\Services\\QuaySvc': { ImagePath: '%SystemRoot%\\system32\\svchost.exe -k quays -p' },
      },
    });
    expect(new RegisteredServers(both, false).ofClass(ID)?.[0]).toMatchObject({
      kind: 'service',
      path: 'QuaySvc',
      commandLine: '%SystemRoot%\\system32\\svchost.exe -k quays -p -com',
    });
  });

  it("is a user's own before the machine's", () => {
    const both = view({
      'HKLM\\SOFTWARE': { [`Classes\\CLSID\\{${ID}}\\InprocServer32`]: { '': 'machine.dll' } },
      'HKCU\\Software\\Classes': { [`CLSID\\{${ID}}\\InprocServer32`]: { '': 'user.dll' } },
    });
    expect(new RegisteredServers(both, false).ofClass(ID)?.map(({ path }) => path)).toEqual([
      'user.dll',
      'machine.dll',
    ]);
  });

  it('is looked up in the view that the program has', () => {
    const two = machine({
      [`Classes\\CLSID\\{${ID}}\\InprocServer32`]: { '': 'wide.dll' },
      [`Classes\\WOW6432Node\\CLSID\\{${ID}}\\InprocServer32`]: { '': 'narrow.dll' },
      [`Classes\\WOW6432Node\\CLSID\\{${ID}}\\LocalServer32`]: { '': 'narrow.exe' },
    });
    const paths = (is32Bit: boolean) => new RegisteredServers(two, is32Bit).ofClass(ID)?.map(({ path }) => path);
    expect(paths(false)).toEqual(['wide.dll', 'narrow.exe']);
    expect(paths(true)).toEqual(['narrow.dll', 'narrow.exe']);
  });

  it('is none where the hive could hold it, and not told where no file could', () => {
    expect(new RegisteredServers(machine({ Classes: {} }), false).ofClass(ID)).toEqual([]);
    expect(new RegisteredServers(view({ 'HKLM\\SYSTEM': { Select: {} } }), false).ofClass(ID)).toBeUndefined();
  });

  it('follows TreatAs and ProgIDs, and comes out of their circles', () => {
    const servers = new RegisteredServers(
      machine({
        [`Classes\\CLSID\\{${ID}}\\TreatAs`]: { '': `{${OTHER}}` },
        [`Classes\\CLSID\\{${OTHER}}\\InprocServer32`]: { '': 'other.dll' },
        'Classes\\Harbour.Crane\\CurVer': { '': 'Harbour.Crane.2' },
        'Classes\\Harbour.Crane.2\\CLSID': { '': `{${OTHER}}` },
        'Classes\\Loop\\CurVer': { '': 'Loop' },
        [`Classes\\CLSID\\{${APP}}\\TreatAs`]: { '': `{${APP}}` },
      }),
      false,
    );
    expect(servers.ofClass(ID)?.map(({ path }) => path)).toEqual(['other.dll']);
    expect(servers.classOf('Harbour.Crane')).toBe(OTHER);
    expect(servers.classOf('Loop')).toBeUndefined();
    expect(servers.ofClass(APP)).toEqual([]);
    expect(servers.classOf('..\\..\\Loop')).toBeUndefined();
  });

  it('is not told by values of the wrong type', () => {
    const servers = new RegisteredServers(
      machine({
        [`Classes\\CLSID\\{${ID}}`]: { AppID: 7 },
        [`Classes\\CLSID\\{${ID}}\\InprocServer32`]: { '': ['a.dll', 'b.dll'] },
        [`Classes\\CLSID\\{${ID}}\\LocalServer32`]: { '': 5 },
      }),
      false,
    );
    expect(servers.ofClass(ID)).toEqual([]);
  });
});

describe('a class of the Windows Runtime', () => {
  const servers = new RegisteredServers(
    machine({
      'Microsoft\\WindowsRuntime\\ActivatableClassId\\Harbour.Boats.Ferry': { ActivationType: 0, DllPath: 'ferry.dll' },
      'Microsoft\\WindowsRuntime\\ActivatableClassId\\Harbour.Boats.Tug': { ActivationType: 1, Server: 'TugServer' },
      'Microsoft\\WindowsRuntime\\ActivatableClassId\\Harbour.Boats.Pilot': {
        ActivationType: 1,
        Server: 'PilotServer',
      },
      'Microsoft\\WindowsRuntime\\Server\\TugServer': { ExePath: 'C:\\Harbour\\tug.exe' },
      'Microsoft\\WindowsRuntime\\Server\\PilotServer': { ExePath: 'svchost.exe', ServiceName: 'PilotSvc' },
    }),
    false,
  );
  it.each([
    ['Harbour.Boats.Ferry', [['in-process', 'ferry.dll']]],
    ['harbour.boats.tug', [['local', 'C:\\Harbour\\tug.exe']]],
    ['Harbour.Boats.Pilot', [['service', 'PilotSvc']]],
    ['Harbour.Boats.Raft', []],
    ['..\\Server\\TugServer', undefined],
  ])('%s', (name, told) => expect(servers.ofRuntimeClass(name)?.map(({ kind, path }) => [kind, path])).toEqual(told));
});

describe('entries', () => {
  const registry = machine({
    [`Classes\\CLSID\\{${ID}}\\InprocServer32`]: { '': 'reader.dll' },
    [`Classes\\CLSID\\{${ID}}\\LocalServer32`]: { '': 'quay.exe' },
    'Classes\\Harbour.Crane\\CLSID': { '': `{${ID}}` },
  });
  const kinds = (more: Partial<ClassEntry>) =>
    answerClasses([entry(more)], { registry }, 'a.exe', false)[0].servers?.map(({ kind, parent }) => [kind, parent]);
  it('have the servers of the contexts that they ask for, each with its parent', () => {
    expect(kinds({ classId: ID })).toEqual([
      ['in-process', 'a.exe'],
      ['local', COM_LAUNCHER],
    ]);
    expect(kinds({ classId: ID, contexts: ['INPROC_SERVER'] })).toEqual([['in-process', 'a.exe']]);
    expect(kinds({ classId: ID, contexts: ['LOCAL_SERVER', 'REMOTE_SERVER'] })).toEqual([['local', COM_LAUNCHER]]);
    expect(kinds({ classId: ID, elevated: true })).toEqual([['local', COM_LAUNCHER]]);
    expect(kinds({ progId: 'harbour.crane' })).toHaveLength(2);
    expect(kinds({})).toBeUndefined();
    expect(kinds({ classId: OTHER })).toEqual([]);
  });

  it('are told by a table too, before the registry, and left alone without any', () => {
    const classTable = readClassTable('t.csv', [{ line: 'row 2', cells: { clsid: ID, server: 'mine.exe' } }]);
    const [told] = answerClasses([entry({ classId: ID })], { registry, classTable }, 'a.exe', false);
    expect(told.servers?.map(({ source, path }) => [source, path])).toEqual([
      ['t.csv', 'mine.exe'],
      ['SOFTWARE.hiv', 'reader.dll'],
      ['SOFTWARE.hiv', 'quay.exe'],
    ]);
    const same = [entry({ classId: ID })];
    expect(answerClasses(same, {}, 'a.exe', false)).toBe(same);
    expect(answerClasses([entry({ classId: OTHER })], { classTable }, 'a.exe', false)[0].servers).toBeUndefined();
  });
});
