// What a gap tells of its component: the log sources, what switches each on, its volume, and which data source has it otherwise.
import { describe, expect, it } from 'vitest';
import { countObservables } from '../../src/design/counting/count-observables.ts';
import { logSourceKey } from '../../src/design/counting/log-source-counts.ts';
import { gapLogSources, gapsOf } from '../../src/design/funnel/gaps.ts';
import type { ComponentGap, GapsDocument } from '../../src/design/gaps-document.ts';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';
import { MemoryStore } from './memory-store.ts';

const observable = (id: string, component: string, source = '', more = '') =>
  `{id: ${id}, data_component: ${component}${source === '' ? '' : `, log_source: ${source}`}${more}}`;
const sysmon = (event: number | string) => `{name: "WinEventLog:Sysmon", channel: "EventCode=${event}"}`;
const security = (event: number | string) => `{name: "WinEventLog:Security", channel: "EventCode=${event}"}`;

function read(primitives: readonly (readonly string[])[], sources = '[]', technique = 'T0000') {
  const text = `schema: design.technique/1
id: d
attack: {version: "18.1", technique: ${technique}}
procedures: [{id: p, primitives: [${primitives.map((_, i) => `P${i}`).join(', ')}]}]
primitives:
${primitives.map((all, i) => `  - {id: P${i}, control: fixed, observables: [${all.join(', ')}]}`).join('\n')}
---
schema: design.environment/1
id: e
data_sources: ${sources}
budget: {max_hits_per_day: 1}
`;
  const { techniques, environments } = readDossiers(text, 'made.yaml');
  return { techniques, environment: environments[0] };
}

function gaps(primitives: readonly (readonly string[])[], sources?: string, technique?: string): GapsDocument {
  return gapsOf({ ...read(primitives, sources, technique), figures: new Map(), sessions: () => new Map(), floor: 1 });
}

const namesOf = ({ log_sources }: ComponentGap) =>
  log_sources.map(({ name, channel, enable }) => [name, channel, enable.map((one) => one.name)]);

describe('a gap', () => {
  it("names the component and the observables' log sources, with what switches each on", () => {
    const [component] = gaps([
      [observable('a', 'DC0035', sysmon(10)), observable('b', 'DC0035', security(4656))],
      [observable('c', 'DC0035', '{name: "WinEventLog:sysmon", channel: "EventCode=10"}')],
    ]).components;
    expect(component.name).toBe('Process Access');
    expect(component.log_sources).toMatchObject([
      {
        name: 'WinEventLog:Security',
        observables: ['b'],
        // 4656 is of files, keys and kernel objects: here of the last.
        enable: [
          {
            name: 'audit policy Kernel Object',
            command: 'auditpol /set /subcategory:"Kernel Object" /success:enable /failure:enable',
            policy: expect.stringMatching(/Audit Policies > Object Access > Audit Kernel Object$/),
            source: expect.stringMatching(/^https:.*audit-kernel-object$/),
          },
        ],
        enable_reason: null,
        volume: { basis: 'publisher', events_per_day: null, told: 'audit policy Kernel Object: High' },
      },
      {
        name: 'WinEventLog:Sysmon',
        observables: ['a', 'c'],
        enable: [
          { name: 'Sysmon <ProcessAccess>', also: expect.stringContaining('<ProcessAccess onmatch="include">') },
        ],
      },
    ]);
    expect(component.enough).toEqual(['WinEventLog:Sysmon, EventCode=10']);
  });

  it('takes the setting of the objects that the component is of', () => {
    const setting = (component: string) =>
      gaps([[observable('a', component, security('4656, 4663'))]]).components[0].log_sources[0].enable.map(
        ({ name }) => name,
      );
    expect(setting('DC0050')).toEqual(['audit policy Registry']);
    expect(setting('DC0055')).toEqual(['audit policy File System']);
    expect(setting('DC0032')).toEqual([
      'audit policy File System',
      'audit policy Kernel Object',
      'audit policy Registry',
    ]);
  });

  it('says what it does not know, and invents nothing', () => {
    const reasonOf = (source: string) => gaps([[observable('a', 'DC0032', source)]]).components[0].log_sources[0];
    expect(reasonOf('{name: "EDR:process"}')).toMatchObject({
      enable: [],
      enable_reason: 'it is no log whose settings are known here',
    });
    expect(reasonOf('{name: "WinEventLog:Security"}')).toMatchObject({
      enable: [],
      enable_reason: 'it names no event',
    });
    expect(reasonOf(security(9999))).toMatchObject({ enable: [], enable_reason: 'no setting is known for event 9999' });
    expect(reasonOf(security('4688, 9999'))).toMatchObject({
      enable: [{ name: 'audit policy Process Creation' }],
      enable_reason: 'no setting is known for event 9999',
    });
    expect(reasonOf('{name: "EDR:process"}').volume).toEqual({
      basis: null,
      events_per_day: null,
      events_per_host_day: null,
      told: null,
      source: null,
      reason: 'not counted, and no data source of the environment gives a figure',
    });
    expect(gaps([[observable('a', 'DC9999')]]).components[0]).toMatchObject({
      name: null,
      log_sources: [],
      log_sources_reason: 'neither the dossiers nor ATT&CK name a log source that is known here',
      volume: { events_per_day: null, unknown: [] },
    });
  });

  it("names ATT&CK's log sources where the observables name none, and the others beside them where they do", () => {
    const [bare] = gaps([[observable('a', 'DC0063')]], '[]', 'T1547.001').components;
    expect(namesOf(bare)).toContainEqual(['WinEventLog:Sysmon', 'EventCode=13, 14', ['Sysmon <RegistryEvent>']]);
    expect(bare.log_sources.every(({ analytics }) => analytics.length > 0)).toBe(true);
    const [named] = gaps([[observable('a', 'DC0063', security(4657))]], '[]', 'T1547.001').components;
    expect(namesOf(named)).toEqual([['WinEventLog:Security', 'EventCode=4657', ['audit policy Registry']]]);
    expect(named.other_log_sources).toContain('WinEventLog:Sysmon, EventCode=13, 14');
    // A technique that ATT&CK does not know: whatever its analytics for Windows name of the component.
    // Of those not what tells of files, keys and kernel objects alike.
    const [api] = gaps([[observable('a', 'DC0021')]]).components;
    expect(namesOf(api).length).toBeGreaterThan(5);
    expect(api.log_sources.filter(({ name }) => name === 'WinEventLog:Security')).toEqual([]);
    expect(api.enough).toEqual(['etw:Microsoft-Windows-Kernel-Process, API Calls']);
    const [far] = gaps([[observable('a', 'DC0048')]]).components;
    expect(namesOf(far)).toEqual([['WinEventLog:Sysmon', 'EventCode=17', ['Sysmon <PipeEvent>']]]);
  });

  it('tells a component that is collected, but from another log source or without a field', () => {
    const sources = `[{id: wmi, data_components: [DC0008], log_source: {name: "WinEventLog:WMI", channel: "EventCode=5861"}},
      {id: thin, data_components: [DC0008], log_source: ${sysmon(19)}, fields: {Query: 0}}, {id: other, data_components: [DC0032]}]`;
    const [component] = gaps(
      [[observable('a', 'DC0008', sysmon(19), ', requires_fields: [Query]')]],
      sources,
    ).components;
    expect(component.collected).toEqual([
      {
        data_source: 'wmi',
        log_source: 'WinEventLog:WMI, EventCode=5861',
        observables: [
          {
            observable: 'a',
            why: 'needs WinEventLog:Sysmon, EventCode=19, and this is WinEventLog:WMI, EventCode=5861',
          },
        ],
      },
      {
        data_source: 'thin',
        log_source: 'WinEventLog:Sysmon, EventCode=19',
        observables: [{ observable: 'a', why: 'needs Query, which it never fills' }],
      },
    ]);
  });

  it("has the volume that the environment tells, and a set's sum without what is not known", () => {
    const sources = `[{id: far, data_components: [DC0001], log_source: ${sysmon(10)}, events_per_day: 5000, hosts: {covered: 40}},
      {id: all, data_components: [DC0001], log_source: {name: "WinEventLog:Sysmon"}, events_per_day: 9}]`;
    const document = gaps([[observable('a', 'DC0035', sysmon(10))], [observable('b', 'DC0016', sysmon(7))]], sources);
    const [access] = document.components.filter(({ data_component }) => data_component === 'DC0035');
    expect(access.log_sources[0].volume).toEqual({
      basis: 'environment',
      events_per_day: 5000,
      events_per_host_day: 125,
      told: 'the claim of far',
      source: null,
      reason: null,
    });
    expect(document.best[1]).toMatchObject({
      components: ['DC0016', 'DC0035'],
      names: ['Module Load', 'Process Access'],
      enable: ['Sysmon <ImageLoad>', 'Sysmon <ProcessAccess>'],
      volume: { events_per_day: 5000, unknown: ['WinEventLog:Sysmon, EventCode=7'] },
    });
  });

  it('has the volume that a history counts, whatever the environment claims, and says where it has no event', async () => {
    const sources = `[{id: far, data_components: [DC0001], log_source: ${sysmon(10)}, events_per_day: 5000}]`;
    const { techniques, environment } = read(
      [[observable('a', 'DC0035', sysmon(10))], [observable('b', 'DC0016', sysmon(7))], [observable('c', 'DC0021')]],
      sources,
    );
    const logSources = gapLogSources(techniques, environment);
    expect(logSources.map(logSourceKey)).toContain(
      logSourceKey({ name: 'WinEventLog:Sysmon', channel: 'EventCode=10' }),
    );
    const event = (day: string, host: string, id: string) => ({
      day,
      host,
      fields: { EventID: id, Channel: 'Microsoft-Windows-Sysmon/Operational' },
    });
    const store = new MemoryStore([
      ...Array.from({ length: 9 }, () => event('2026-03-01', 'A', '10')),
      event('2026-03-02', 'B', '10'),
      event('2026-03-03', 'B', '1'),
      event('2026-03-04', 'B', '1'),
    ]);
    const counted = await countObservables({
      store,
      techniques,
      environment,
      sessions: () => ({ evidence: new Map(), attackRows: () => [] }),
      excludedDays: [],
      today: '2026-03-05',
      logSources,
    });
    const { components } = gapsOf({
      techniques,
      environment,
      figures: counted.figures,
      sessions: () => new Map(),
      floor: 1,
      counts: counted.logSources,
    });
    const volumeOf = (component: string) =>
      components.find(({ data_component }) => data_component === component)!.log_sources[0].volume;
    expect(volumeOf('DC0035')).toMatchObject({
      basis: 'history',
      events_per_day: 2.5,
      told: '10 events of 2 hosts on 4 days',
    });
    expect(volumeOf('DC0016')).toMatchObject({
      basis: 'publisher',
      events_per_day: null,
      reason: 'the history has no event of it',
    });
  });
});
