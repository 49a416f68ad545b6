// Plug-ins of a service's DLL: found by the entry points that it looks up, and given to the group of hosts that a registry names.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hiveOf } from '../../../fixtures/hives/key-tree.ts';
import { findServiceHosts } from '../../../src/children/hosts/find-service-hosts.ts';
import { registeredPlugIn } from '../../../src/children/hosts/plug-in-lists.ts';
import { PlugInFinder } from '../../../src/children/hosts/plug-ins.ts';
import type { HostedService } from '../../../src/children/hosts/service-hosts.ts';
import { readImage } from '../../../src/pe/image.ts';
import { openRegistry } from '../../../src/registry/open-registry.ts';
import { buildPe, Content } from '../../pe/build-pe.ts';

const BIN = join(import.meta.dirname, '../../../fixtures/children/bin/clang-x64');
const names = readdirSync(BIN).filter((name) => name.endsWith('.dll'));
const load = (name: string) =>
  names.includes(name) ? { name, path: name, bytes: readFileSync(join(BIN, name)) } : undefined;

const service = (name: string, serviceDll: string, group: string): HostedService => ({
  name,
  serviceDll,
  group,
  arguments: null,
  type: 'share',
  serviceMain: null,
  sources: [],
});

describe('a module that looks entry points up in modules of names it is told', () => {
  const source = { kind: 'table' as const, name: 'test', from: [] };
  const services = [service('Hub', 'module-hub.dll', 'harbour'), service('Still', 'module-still.dll', 'harbour')];
  const { document } = findServiceHosts(
    { name: 'svchost.exe' },
    { source, services, notes: [] },
    { loadModule: load, folder: { names: () => names, load } },
  );
  const [hub, still] = document.services;

  it('has those for plug-ins that export them; what they start by them is likely', () => {
    expect(hub.children).toMatchObject([
      { image: 'anchor.exe', confidence: 'likely', reach: 'loaded:module-berth.dll' },
      { image: 'flotsam.exe', reach: 'other-process' },
    ]);
    expect(hub.answer).toBe('starts');
    expect(hub.modules).toContainEqual(
      expect.objectContaining({ name: 'module-berth.dll', role: 'run-time', loadedBy: 'module-hub.dll, as a plug-in' }),
    );
    expect(document.notes).toContainEqual({
      about: 'module-berth.dll',
      text: expect.stringMatching(/HarbourOpen.*which host loads it is not known/),
    });
  });

  it('and one that looks nothing up has none', () => expect(still.answer).toBe('starts-nothing'));
});

describe('a list of plug-ins in the registry', () => {
  const view = (keys: Parameters<typeof hiveOf>[0]) =>
    openRegistry([{ name: 'SYSTEM', bytes: hiveOf({ Select: { Current: 1 }, ...keys }), at: 'HKLM\\SYSTEM' }]).view;
  const list = 'ControlSet001\\Control\\WDI\\DiagnosticModules';
  const one = view({
    [`${list}\\{a}`]: { ImagePath: '%windir%\\system32\\Lamp.dll', ExecutionContext: 'LocalSystemNetworkRestricted' },
    [`${list}\\{b}`]: { ImagePath: 'still.dll' },
    [`${list}\\{c}`]: { ImagePath: 7, ExecutionContext: 'x' },
  });

  it.each([
    ['lamp.dll', 'wdi.dll', 'localsystemnetworkrestricted', true],
    ['lamp.dll', 'wdi.dll', 'LocalService', false],
    ['still.dll', 'wdi.dll', 'LocalService', undefined],
    ['other.dll', 'wdi.dll', 'LocalService', false],
    ['lamp.dll', 'other.dll', 'LocalService', undefined],
    ['lamp.dll', 'wdi.dll', null, undefined],
  ] as const)('says of %s, loaded by %s, in the group %s: %s', (module, by, group, said) => {
    expect(registeredPlugIn(one, module, by, group)).toBe(said);
  });

  it('that is not there says nothing', () => {
    expect(registeredPlugIn(view({ 'ControlSet001\\Control': {} }), 'lamp.dll', 'wdi.dll', 'x')).toBeUndefined();
  });
});

/** A module that exports DllGetClassObject and holds these GUIDs as constants. */
function classServer(guids: readonly string[]): Uint8Array {
  const content = new Content(0x1000, 0x400);
  content.u32(0x1000 + 16, 1, 1, 1, 0x1040, 0x1044, 0x1048).u32(0x1000 + 12, 0x1070);
  content.u32(0x1040, 0x1300).u32(0x1044, 0x1050).u16(0x1048, 0).ascii(0x1050, 'DllGetClassObject');
  guids.forEach((guid, i) => {
    content.u8(0x1100 + i * 16, ...(guid.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)));
  });
  return buildPe({
    characteristics: 0x2022,
    directories: { 0: [0x1000, 0x40] },
    sections: [{ content, name: '.rdata', characteristics: 0x40000040 }],
  });
}

describe('class servers that share interfaces with a module', () => {
  const own = [1, 2, 3, 4].map((n) => `0${n}12233445566a478a9bacbdcedfe0f1`);
  const transfer = ['045d888aeb1cc9119fe808002b104860', '33057171babe37498319b5dbef9ccc36'];
  const host = readImage(classServer([...own, ...transfer]), 'hub.dll');
  const found = (files: Readonly<Record<string, readonly string[]>>, others = 0) => {
    const all = [...Object.keys(files), ...Array.from({ length: others }, (_, i) => `other${i}.dll`)];
    const one = (name: string) => files[name] && { name, path: name, bytes: classServer(files[name] ?? []) };
    return new PlugInFinder({ names: () => all, load: one }).byInterfaces(host).map(({ file }) => file.name);
  };

  it('are found where one alone is at hand, by three interfaces', () =>
    expect(found({ 'one.dll': own.slice(0, 3), 'two.dll': own.slice(0, 2) })).toEqual(['one.dll']));

  it('are not told by what every client of a remote procedure call holds', () =>
    expect(found({ 'one.dll': [...own.slice(0, 1), ...transfer] })).toEqual([]));

  it('are told by two interfaces that several have, and among many modules only so', () => {
    const five = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}.dll`, own.slice(0, 2)]));
    expect(found(five, 600)).toEqual(Object.keys(five));
    expect(found({ 'one.dll': own.slice(0, 3) }, 600)).toEqual([]);
  });
});
