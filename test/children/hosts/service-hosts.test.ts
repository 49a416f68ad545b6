// Services of a host: read from hives that may say anything, answered by their DLLs, and told in rules whose parent's command line names them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { hiveOf, type Keys } from '../../../fixtures/hives/key-tree.ts';
import type { ModuleFile } from '../../../src/children/find-children.ts';
import { findServiceHosts, type ServiceHosts } from '../../../src/children/hosts/find-service-hosts.ts';
import { serviceCommandLines } from '../../../src/children/hosts/host-instance.ts';
import { knownServices } from '../../../src/children/hosts/known-services.ts';
import { type FoundServices, MOST_SERVICES, registryServices } from '../../../src/children/hosts/registry-services.ts';
import type { HostedService } from '../../../src/children/hosts/service-hosts.ts';
import { openRegistry } from '../../../src/registry/open-registry.ts';
import { showPattern } from '../../../src/rule/pattern.ts';

const BIN = join(import.meta.dirname, '../../../fixtures/children/bin/mingw-x64');
const HOST = '%SystemRoot%\\system32\\svchost.exe';
const DLL = '%SystemRoot%\\System32\\';
const OWN = 0x10;
const SHARE = 0x20;
const USER = 0x40;
const INSTANCE = 0x80;

function loadModule(name: string): ModuleFile | undefined {
  const path = join(BIN, name);
  return existsSync(path) ? { name, path: name, bytes: readFileSync(path) } : undefined;
}

type Service = Readonly<Record<string, string | number>>;

/** A SYSTEM hive whose second control set is current; the first holds another service. */
function system(services: Readonly<Record<string, readonly [Service, Service?]>>): Keys {
  const keys: Record<string, Record<string, string | number>> = {
    Select: { Current: 2, Default: 2 },
    'ControlSet001\\Services\\Stale': { ImagePath: `${HOST} -k stale`, Type: SHARE },
    'ControlSet001\\Control': {},
    'ControlSet002\\Control': {},
  };
  for (const [name, [own, parameters]] of Object.entries(services)) {
    keys[`ControlSet002\\Services\\${name}`] = { ...own };
    if (parameters) keys[`ControlSet002\\Services\\${name}\\Parameters`] = { ...parameters };
  }
  return keys;
}

function servicesOf(keys: Keys): FoundServices {
  const { view } = openRegistry([{ name: 'SYSTEM', bytes: hiveOf(keys), at: 'HKLM\\SYSTEM' }]);
  const found = registryServices(view, 'svchost.exe');
  if (found === undefined) throw new Error('no services');
  return found;
}

const SOME = system({
  Lamp: [{ ImagePath: `${HOST} -k netsvcs -p`, Type: SHARE }, { ServiceDll: `${DLL}module-service.dll` }],
  Still: [
    { ImagePath: `"C:\\Windows\\system32\\svchost.exe" -k LocalService`, Type: SHARE },
    { ServiceDll: `${DLL}module-still.dll` },
  ],
  Alone: [
    { ImagePath: `${HOST} -k alonegroup`, Type: OWN },
    { ServiceDll: `${DLL}Module-Still.dll`, ServiceMain: 'StillTask' },
  ],
  Absent: [{ ImagePath: `${HOST} -k netsvcs -p`, Type: SHARE }, { ServiceDll: `${DLL}nowhere.dll` }],
  Without: [{ ImagePath: `${HOST} -k netsvcs`, Type: SHARE }],
  Older: [{ ImagePath: `${HOST} -k netsvcs`, Type: SHARE, ServiceDll: `${DLL}module-still.dll` }],
  Each: [{ ImagePath: `${HOST} -k users -p`, Type: SHARE | USER }, { ServiceDll: `${DLL}module-still.dll` }],
  Each_1a2b3: [{ ImagePath: `${HOST} -k users -p`, Type: SHARE | USER | INSTANCE }],
  Spooler: [{ ImagePath: '%SystemRoot%\\System32\\spoolsv.exe', Type: OWN }],
  Odd: [{ ImagePath: 7, Type: 'x' }],
});

function answer(found: FoundServices): ServiceHosts {
  return findServiceHosts({ name: 'svchost.exe' }, found, { loadModule, rule: { languages: ['eql'] } });
}

describe('services of a hive', () => {
  const { services, source, notes } = servicesOf(SOME);
  const of = (name: string) => services.find((service) => service.name === name);

  it('are those of the current control set that run in the host', () => {
    expect(source).toMatchObject({ kind: 'registry', name: 'HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet002\\Services' });
    expect(services.map(({ name }) => name).sort()).toEqual(
      ['Absent', 'Alone', 'Each', 'Lamp', 'Older', 'Still', 'Without'].sort(),
    );
  });

  it('have group, arguments, type, ServiceDll and ServiceMain', () => {
    expect(of('Lamp')).toMatchObject({
      group: 'netsvcs',
      arguments: '-k netsvcs -p',
      type: 'share',
      serviceDll: `${DLL}module-service.dll`,
      serviceMain: null,
      sources: ['SYSTEM'],
    });
    expect(of('Still')).toMatchObject({ group: 'LocalService', arguments: '-k LocalService' });
    expect(of('Alone')).toMatchObject({ type: 'own', serviceMain: 'StillTask' });
    expect(of('Without')?.serviceDll).toBeNull();
    expect(of('Older')?.serviceDll).toBe(`${DLL}module-still.dll`);
  });

  it('that each user gets are told by their template, and a note counts what is left out', () => {
    expect(of('Each')?.perUser).toBe(true);
    expect(notes).toMatchObject([{ text: expect.stringMatching(/^1 services of single users are left out/) }]);
  });

  it('beyond a limit are counted in a note', () => {
    const many: Record<string, readonly [Service]> = {};
    for (let i = 0; i < MOST_SERVICES + 3; i++) many[`S${i}`] = [{ ImagePath: `${HOST} -k g`, Type: SHARE }];
    const found = servicesOf(system(many));
    expect(found.services).toHaveLength(MOST_SERVICES);
    expect(found.notes).toMatchObject([{ text: expect.stringContaining('3 are not told') }]);
  });

  it('are none where no file holds the key', () => {
    const { view } = openRegistry([{ name: 'SOFTWARE', bytes: hiveOf({ Microsoft: {} }), at: 'HKLM\\SOFTWARE' }]);
    expect(registryServices(view, 'svchost.exe')).toBeUndefined();
  });
});

describe('answers', () => {
  const { document, plans } = answer(servicesOf(SOME));
  const of = (name: string) => document.services.find((service) => service.name === name);

  it('start what their ServiceMain, classes and RPC interfaces come to', () => {
    expect(of('Lamp')).toMatchObject({ answer: 'starts', module: 'module-service.dll' });
    expect(of('Lamp')?.why).toMatch(/^it starts mussel\.exe, limpet\.exe, lantern\.exe/);
  });

  it('start nothing only where everything was read', () => {
    expect(of('Still')).toMatchObject({
      answer: 'starts-nothing',
      why: 'no call in it starts a program; read: module-still.dll',
    });
    expect(of('Older')?.answer).toBe('starts-nothing');
    expect(of('Absent')).toMatchObject({
      answer: 'not-read',
      why: 'its DLL nowhere.dll was not found among the modules',
    });
    expect(of('Without')).toMatchObject({ answer: 'not-read', why: 'no ServiceDll is named for it', module: null });
  });

  it('make a rule for those that start nothing and one for each of the others', () => {
    expect(document.rules.map(({ about, services }) => [about, services])).toEqual([
      ['starts-nothing', ['Alone', 'Each', 'Older', 'Still']],
      ['starts', ['Lamp']],
    ]);
    const [idle, lamp] = document.rules;
    expect(idle.text).toContain('Services That Start Nothing');
    expect(idle.text).toContain('Not in it, because not everything of them was read or told: Absent, Without.');
    expect(idle.text).toMatch(/process\.parent\.command_line : \([^)]*"\* -k LocalService\* -s Still"/);
    expect(idle.excluded.map(({ image }) => image)).toEqual([
      'WerFault.exe',
      'WerFaultSecure.exe',
      'wermgr.exe',
      'svchost.exe',
    ]);
    expect(lamp.text).toContain('"* -k netsvcs* -s Lamp"');
    expect(lamp.excluded.map(({ image }) => image)).toContain('lantern.exe');
    expect(lamp.excluded.map(({ image }) => image)).not.toContain('urchin.exe');
    expect(plans).toHaveLength(2);
  });

  it('are documents of the published schema', () => {
    const read = (name: string) => JSON.parse(readFileSync(`docs/formats/${name}.schema.json`, 'utf8'));
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true })
      .addSchema(read('children-1'), 'winnow.service-hosts/children-1.schema.json')
      .compile(read('service-hosts-1'));
    expect(validate(JSON.parse(JSON.stringify(document))), JSON.stringify(validate.errors)).toBe(true);
  });
});

describe('the command line of a service’s host', () => {
  const service = (more: Partial<HostedService>): HostedService => ({
    name: 'Lamp',
    group: 'harbour',
    arguments: null,
    type: 'share',
    serviceDll: null,
    serviceMain: null,
    sources: [],
    ...more,
  });
  const lines = (one: HostedService, ...others: HostedService[]) =>
    serviceCommandLines(one, [one, ...others]).map(showPattern);

  it('ends in -s and the name', () => {
    expect(lines(service({}))).toEqual(['* -k harbour* -s Lamp']);
    expect(lines(service({ group: null }))).toEqual(['* -s Lamp']);
  });

  it('of a process of its own is the ImagePath too, where no other service has the group', () => {
    const own = service({ type: 'own' });
    expect(lines(own)).toEqual(['* -k harbour* -s Lamp', '* -k harbour', '* -k harbour -p']);
    expect(lines(own, service({ name: 'Other', group: 'HARBOUR' }))).toEqual(['* -k harbour* -s Lamp']);
  });

  it('of a name that no rule can hold is none', () => {
    expect(lines(service({ name: 'x'.repeat(300) }))).toEqual([]);
    expect(lines(service({ name: 'a\ud800' }))).toEqual([]);
  });
});

describe('the table of Windows 10', () => {
  const found = knownServices('windows-10');

  it('has no service twice, and a group only where it was seen', () => {
    const names = found?.services.map(({ name }) => name.toLowerCase()) ?? [];
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(40);
    for (const { name, group, sources, serviceDll } of found?.services ?? []) {
      expect(serviceDll, name).toMatch(/^%SystemRoot%\\System32\\([\w.-]+\\)?[\w.-]+\.dll$/);
      expect(sources.length, name).toBeGreaterThan(0);
      if (group !== null)
        expect(
          sources.some((source) => source !== 'binary'),
          name,
        ).toBe(true);
    }
  });

  it('is the only one', () => expect(knownServices('windows-9')).toBeUndefined());
});
