// Dossiers out of data models of Technique Research Reports and files of DeTT&CT, both as small as they can be; what is none of them is refused.
import { describe, expect, it } from 'vitest';
import { attackFactsFor } from '../../src/design/attack/attack-facts.ts';
import { dettectAdministration } from '../../src/design/export/dettect-administration.ts';
import { dettectEnvironment } from '../../src/design/import/dettect-environment.ts';
import { reportDossier } from '../../src/design/import/report-dossier.ts';
import { isReportModel, readReportModel } from '../../src/design/import/report-model.ts';
import { telemetryOf } from '../../src/design/import/telemetry.ts';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';
import { RuleError } from '../../src/rule/read/rule-error.ts';
import { yamlNodes } from '../../src/rule/read/yaml-node.ts';

const facts = attackFactsFor('18.1');

interface NodeOf {
  readonly id: string;
  readonly caption?: unknown;
  readonly labels?: unknown;
  readonly properties?: unknown;
  readonly style?: unknown;
}
const graph = (nodes: readonly NodeOf[], edges: readonly (readonly [string, string, string?])[] = []) => ({
  style: {},
  nodes,
  relationships: edges.map(([fromId, toId, type = '']) => ({ fromId, toId, type })),
});

const OPEN = { id: 'n0', caption: 'Open Key', properties: { Key: 'HKLM\\SAM' }, labels: ['Win 4656 (SACL)'] };
const WRITE = {
  id: 'n1',
  caption: 'Write File',
  properties: { Name: 'any' },
  labels: ['Sysmon 11 (FileCreate)', 'CS FileWritten'],
};
const CLEAN_UP = { id: 'n2', caption: 'Delete File', properties: {}, labels: [], style: { 'border-color': '#808080' } };
const FIRST = graph(
  [OPEN, WRITE, CLEAN_UP],
  [
    ['n0', 'n1'],
    ['n1', 'n2', 'if saved'],
  ],
);
const SECOND = graph(
  [
    { ...OPEN, id: 'x' },
    { id: 'y', caption: 'Send', labels: [] },
  ],
  [['x', 'y', 'if open']],
);

function imported(models: Readonly<Record<string, unknown>>) {
  const text = reportDossier(
    Object.entries(models).map(([name, value]) => ({ name, procedures: readReportModel(value) })),
    facts,
    facts.techniques.get('T1003.002'),
  );
  return { text, technique: readDossiers(text, 'x').techniques[0] };
}

describe('data models of a report', () => {
  it('become procedures, and operations of the same name and properties one primitive', () => {
    const { technique, text } = imported({ a: FIRST, b: SECOND });
    expect(technique.procedures).toMatchObject([
      { id: 'a', primitives: ['PM1', 'PM2'] },
      { id: 'b', primitives: ['PM1', 'PM4'] },
    ]);
    expect(technique.primitives).toMatchObject([
      {
        name: 'Open Key: Key HKLM\\SAM',
        control: 'fixed',
        observables: [
          { dataComponent: 'DC0055', logSource: { name: 'WinEventLog:Security', channel: 'EventCode=4656' } },
        ],
      },
      {
        name: 'Write File: Name any',
        control: 'attacker_controlled',
        varies: { field: 'Name', openEnded: true },
        observables: [{ dataComponent: 'DC0039' }],
      },
      { name: 'Delete File', observables: [] },
      { name: 'Send' },
    ]);
    expect(technique.attack).toMatchObject({
      technique: 'T1003.002',
      detectionStrategy: 'DET0085',
      analytics: ['AN0235'],
    });
    expect(text).toContain('# TODO: CS FileWritten: which data component and log source?');
    expect(text).toContain('# TODO: only "if open": a procedure of its own?');
    expect(text).toContain('# drawn in grey: optional');
  });

  it('with parts that nothing connects are a procedure for each part', () => {
    const parts = graph([OPEN, WRITE, { id: 'n3', caption: 'Other' }], [['n0', 'n1']]);
    expect(imported({ all: parts }).technique.procedures).toMatchObject([
      { id: 'all.1', primitives: ['PM1', 'PM2'] },
      { id: 'all.2', primitives: ['PM3'] },
    ]);
  });

  it('of one name, or of none, are procedures of different ids', () => {
    const procedures = ['a', 'a', '', ' '].map((name) => ({ name, procedures: readReportModel(FIRST) }));
    const [technique] = readDossiers(reportDossier(procedures, facts, undefined), 'x').techniques;
    expect(technique.procedures.map(({ id }) => id)).toEqual(['a', 'a-2', 'procedure-3', 'procedure-4']);
    expect(technique.id).toBe('imported-report');
  });

  it('bring hostile texts as texts', () => {
    const text = 'a: b #c\u001b[31m\n- {x: [\u202e"\'';
    const { technique, text: yaml } = imported({
      [text]: graph([{ id: 'n', caption: text, properties: { [text]: text }, labels: [text] }]),
    });
    expect(technique.procedures[0].id).toBe(text);
    expect(technique.primitives[0].name).toContain('a: b #c\u001b[31m - {x: [\u202e"\'');
    expect(yaml.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  const bad: readonly (readonly [string, unknown, RegExp])[] = [
    ['no list', { nodes: {}, relationships: [] }, /each a list/],
    ['no nodes', graph([]), /no nodes/],
    ['no id', graph([{} as NodeOf]), /node 1 has no "id"/],
    ['null for a node', { nodes: [null], relationships: [] }, /node 1 has no "id"/],
    ['an id twice', graph([OPEN, OPEN]), /two nodes have the id "n0"/],
    ['an edge to nowhere', graph([OPEN], [['n0', '__proto__']]), /relationship 1 joins a node that is not there/],
    ['a number for a caption', graph([{ id: 'n', caption: 4 }]), /the caption of node 1 is no text/],
    ['a text for labels', graph([{ id: 'n', labels: 'x' }]), /"labels" of node 1 are no list/],
    ['a list for properties', graph([{ id: 'n', properties: [] }]), /"properties" of node 1 are no map/],
    ['a long text', graph([{ id: 'n', caption: 'x'.repeat(3000) }]), /3000 characters; 2000 are read/],
    ['many nodes', graph(Array.from({ length: 6000 }, (_, i) => ({ id: `${i}` }))), /6000 nodes/],
    ['many labels', graph([{ id: 'n', labels: Array(20_000).fill('x') }]), /20000 labels/],
  ];
  it.each(bad)('are refused by what is wrong: %s', (_, value, message) => {
    expect(() => readReportModel(value)).toThrow(message);
  });

  it('are told from other JSON', () => {
    expect([FIRST, [], null, 'x', { nodes: [] }].map(isReportModel)).toEqual([true, false, false, false, false]);
  });
});

describe('a label of telemetry', () => {
  it.each([
    ['Sysmon 12', 'WinEventLog:Sysmon', 'EventCode=12', 'DC0056'],
    ['Sysmon 11 (FileCreate)', 'WinEventLog:Sysmon', 'EventCode=11', 'DC0039'],
    ['Windows 4688', 'WinEventLog:Security', 'EventCode=4688', 'DC0032'],
    ['WinEvent 1102', 'WinEventLog:Security', 'EventCode=1102', 'DC0038'],
    ['Event 5136 (SACL)', 'WinEventLog:Security', 'EventCode=5136', 'DC0066'],
  ])('%s', (label, name, channel, component) => {
    expect(telemetryOf(label, facts)).toMatchObject({ name, channel, component });
  });

  it.each(['CS PR2', 'Event 9', 'Sysmon 468', 'Sysmon 1e9', 'IDS Rule', ''])('%j is none of ATT&CK', (label) => {
    expect(telemetryOf(label, facts)).toBeUndefined();
  });
});

const ADMINISTRATION = `version: 1.1
file_type: data-source-administration
name: Our sources
domain: enterprise-attack
systems: [{applicable_to: Workstations, platform: [Windows]}]
data_sources:
  - data_source_name: Process Creation
    data_source:
      - {applicable_to: [Workstations], date_registered: 2021-06-08, date_connected: 2021-06-08, products: [Sysmon, EDR], available_for_data_analytics: true, comment: '', data_quality: {device_completeness: 3, retention: 1}}
      - {applicable_to: [Servers], date_connected: null, products: [Sysmon], available_for_data_analytics: false}
      - {applicable_to: [Kiosks], date_connected: null, products: [Sysmon], available_for_data_analytics: true}
  - data_source_name: process access
    data_source:
      - {applicable_to: [Workstations], date_connected: 2021-06-08, products: [Sysmon], available_for_data_analytics: true}
      - {applicable_to: [all], date_connected: 2021-06-08, products: [], available_for_data_analytics: false}
  - {data_source_name: "Web [DeTT&CT data source]", data_source: [{products: [x], date_connected: 2021-06-08, available_for_data_analytics: true}]}
`;

function environmentOf(text: string) {
  const [node] = yamlNodes(text);
  if (node instanceof RuleError) throw node;
  const yaml = dettectEnvironment(node, facts);
  return { yaml, environment: readDossiers(yaml, 'x').environments[0] };
}

describe("DeTT&CT's data source administration", () => {
  it('becomes an environment: a data source for each product and kind of systems, with what is left out and why', () => {
    const { yaml, environment } = environmentOf(ADMINISTRATION);
    expect(environment).toMatchObject({
      id: 'our-sources',
      attackVersion: '18.1',
      dataSources: [
        {
          id: 'sysmon-workstations',
          product: 'Sysmon',
          dataComponents: ['DC0032', 'DC0035'],
          hosts: { scope: 'Workstations' },
          checkedAt: undefined,
        },
        { id: 'edr-workstations', product: 'EDR', dataComponents: ['DC0032'] },
        // DeTT&CT takes a data source without a day for available.
        { id: 'sysmon-kiosks', product: 'Sysmon', dataComponents: ['DC0032'], hosts: { scope: 'Kiosks' } },
      ],
    });
    expect(environment.dataSources).toHaveLength(3);
    expect(yaml).toContain('# DC0032: Process Creation; device_completeness 3 of 5, retention 1 of 5');
    expect(yaml).toContain('# Left out: Process Creation, Servers: not connected');
    expect(yaml).toContain('# Left out: process access, all: not available for data analytics');
    expect(yaml).toContain('# Left out: Web [DeTT&CT data source]: no data component of ATT&CK 18.1');
  });

  it('is refused where it is another kind of file, by name', () => {
    expect(() => environmentOf('file_type: technique-administration\n')).toThrow(/holds scores and no primitives/);
    expect(() => environmentOf('file_type: constructor\n')).toThrow(/the kind 'constructor', which is not known/);
    expect(() => environmentOf(ADMINISTRATION.replace('products: [Sysmon, EDR]', 'products: [[x]]'))).toThrow(
      /"products" is a list of texts/,
    );
  });

  describe('that Winnow wrote', () => {
    const WRITTEN = `schema: design.environment/1
id: company
attack_version: "18.1"
data_sources:
  - {id: sysmon-10, product: Sysmon, log_source: {name: "WinEventLog:Sysmon", channel: "EventCode=10"}, data_components: [DC0035], hosts: {scope: Workstations, covered: 60, total: 80}, fields: {GrantedAccess: 0.4, "It's": 1}, retention_days: 30, lag_p95: 12.5, events_per_day: 41000, checked_at: "2026-11-20T10:00:00Z"}
  - {id: sysmon-1, product: Sysmon, log_source: {name: "WinEventLog:Sysmon"}, data_components: [DC0032, DC0035], hosts: {scope: workstations}}
  - {id: edr, product: "EDR: x", data_components: [DC0032]}
  - {id: bare, data_components: [DC0085, DC0078]}
budget: {max_hits_per_day: 10}
`;
    const sourcesOf = (text: string) =>
      readDossiers(text, 'x')
        .environments[0].dataSources.map(({ at: _, logSource, dataComponents, ...rest }) => ({
          ...rest,
          logSource: logSource && { name: logSource.name, channel: logSource.channel },
          dataComponents: [...dataComponents].sort(),
        }))
        .sort((one, other) => (one.id < other.id ? -1 : 1));
    const exported = dettectAdministration([], readDossiers(WRITTEN, 'x').environments[0]).dataSources;

    it('gives the same data sources back, measured or not', () => {
      const undated = WRITTEN.replace(/, checked_at: "[^"]*"/, '');
      const { dataSources } = dettectAdministration([], readDossiers(undated, 'x').environments[0]);
      expect(dataSources).toContain('date_connected: null');
      expect(sourcesOf(environmentOf(exported).yaml)).toEqual(sourcesOf(WRITTEN));
      expect(sourcesOf(environmentOf(dataSources).yaml)).toEqual(sourcesOf(undated));
    });

    it('goes by what DeTT&CT says where it was changed there', () => {
      const moved = exported.replace(/applicable_to: \[workstations\]/gi, 'applicable_to: [Servers]');
      expect(sourcesOf(environmentOf(moved).yaml)).toMatchObject([
        { id: 'bare' },
        { id: 'edr' },
        {
          id: 'sysmon-servers',
          logSource: undefined,
          hosts: { scope: 'Servers' },
          dataComponents: ['DC0032', 'DC0035'],
        },
      ]);
    });

    it('takes nothing but texts and numbers out of its own key', () => {
      const own = (value: string) =>
        environmentOf(`file_type: data-source-administration
data_sources:
  - data_source_name: Process Creation
    data_source:
      - {applicable_to: [all], products: [x], available_for_data_analytics: true, winnow_data_sources: '${value}'}
`).environment.dataSources;
      expect(
        own('[{"id":"x","product":7,"fields":[["a",2],["b",0.5],1],"events_per_day":-1,"hosts":[]}]'),
      ).toMatchObject([
        { id: 'x', product: undefined, fields: new Map([['b', 0.5]]), eventsPerDay: undefined, hosts: undefined },
      ]);
      for (const bad of ['[{"id":""}]', '[7]', '{', 'null', '[null]', '[]', '[{"id":"other"}]'])
        expect(own(bad), bad).toMatchObject([{ id: 'x', product: 'x', hosts: { scope: 'all' } }]);
    });
  });

  it('without anything that is collected is an environment without data sources', () => {
    expect(environmentOf('file_type: data-source-administration\n').environment).toMatchObject({
      id: 'environment',
      dataSources: [],
    });
  });
});
