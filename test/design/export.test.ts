// What is exported to the Navigator and to DeTT&CT: held against what the layer format's description and DeTT&CT's health check ask for.
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { FunnelDocument, PrimitiveState, ScopeEntry } from '../../src/design/document.ts';
import { dettectAdministration } from '../../src/design/export/dettect-administration.ts';
import { navigatorLayer } from '../../src/design/export/navigator-layer.ts';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';

const primitive = (id: string, state: PrimitiveState['state'], necessity: PrimitiveState['necessity'] = 'necessary') =>
  ({
    id,
    name: null,
    necessity,
    control: 'fixed',
    varies: null,
    state,
    colour: 'green',
    letter: 'G',
    evidence: {},
  }) as unknown as PrimitiveState;
const entry = (observable: string, of: string, level: ScopeEntry['level'], advice: ScopeEntry['advice'] = 'alert') =>
  ({ observable, primitive: of, level, advice }) as ScopeEntry;
function funnel(
  id: string,
  technique: string | null,
  primitives: readonly PrimitiveState[],
  scope: readonly ScopeEntry[] = [],
): FunnelDocument {
  return {
    schema: 'winnow.funnel/1',
    id,
    name: null,
    technique,
    attack_version: '18.1',
    environment: 'company',
    inputs_sha256: 'ab',
    engine: 'none',
    window: null,
    steps: [],
    primitives,
    baseline: [],
    exclusions: [],
    scope,
    resilience: null,
    gaps: [{ data_component: 'DC0021', blocked_primitives: ['P'], blocked_techniques: [id] }],
    side_rules: [],
    empty: null,
    notes: [],
  };
}
const DOCUMENTS = [
  funnel(
    'dump',
    'T1003.001',
    [primitive('A', 'scope'), primitive('B', 'gap'), primitive('C', 'optional', 'optional')],
    [entry('O1', 'A', 4)],
  ),
  funnel('clone', 'T1003.001', [primitive('A', 'gap')]),
  funnel('roast', 'T1558.003', [primitive('A', 'over_budget'), primitive('B', 'gap')]),
  funnel('task', 'T1053', [primitive('A', 'scope')], [entry('O9', 'A', null, 'hunt')]),
  funnel('own', null, [primitive('A', 'scope')], [entry('O8', 'A', 2)]),
];
const [ENVIRONMENT] = readDossiers(
  `schema: design.environment/1
id: company
attack_version: "18.1"
data_sources:
  - {id: sysmon, product: Sysmon, data_components: [DC0035, DC0032, DC9999], hosts: {scope: Workstations, covered: 60, total: 80}, fields: {Image: 1, GrantedAccess: 0.4}, checked_at: 2026-11-20T10:00:00Z}
  - {id: edr, product: "EDR: x", data_components: [DC0032], hosts: {scope: workstations}}
  - {id: firewall, data_components: [DC0085]}
budget: {max_hits_per_day: 10}
`,
  'x',
).environments;

describe('a layer of the Navigator', () => {
  const layer = navigatorLayer(DOCUMENTS);

  it('has the fields that format 4.5 requires, and values that it takes', () => {
    expect(layer).toMatchObject({ versions: { attack: '18', layer: '4.5' }, domain: 'enterprise-attack' });
    expect(Number(layer.versions.navigator.split('.')[0])).toBeGreaterThanOrEqual(5);
    expect(layer.name).not.toBe('');
    expect(layer.gradient.colors.length).toBeGreaterThanOrEqual(2);
    expect(layer.gradient.maxValue).toBeGreaterThan(layer.gradient.minValue);
    for (const { color, label } of layer.legendItems)
      expect([color, label]).toEqual([expect.stringMatching(/^#[0-9a-f]{6}$/), expect.any(String)]);
    for (const { techniqueID, score, metadata, enabled } of layer.techniques) {
      expect(techniqueID).toMatch(/^T\d{4}(\.\d{3})?$/);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(100);
      expect(enabled).toBe(true);
      for (const { name, value } of metadata) expect([typeof name, typeof value]).toEqual(['string', 'string']);
    }
  });

  it('has one entry a technique, coloured and scored by its best dossier', () => {
    expect(layer.techniques.map(({ techniqueID, score, color }) => [techniqueID, score, color])).toEqual([
      ['T1003.001', 50, '#2e7d32'],
      ['T1053', 100, '#2e7d32'],
      ['T1558.003', 0, '#ffb300'],
    ]);
    expect(layer.techniques[0].comment).toBe(
      'dump: 1 of 2 necessary primitives in the scope; missing DC0021\nclone: 0 of 1 necessary primitives in the scope; missing DC0021',
    );
    expect(layer.techniques.map(({ showSubtechniques }) => showSubtechniques)).toEqual([false, true, false]);
    expect(layer.description).toContain('Without a technique: own.');
    const gapFirst = navigatorLayer([...DOCUMENTS].reverse());
    expect(gapFirst.techniques[0]).toMatchObject({ score: 50, color: '#2e7d32' });
  });

  it('of nothing is a layer without techniques', () => {
    expect(navigatorLayer([])).toMatchObject({ techniques: [], versions: { attack: '18' } });
  });
});

interface Score {
  readonly date: string | null;
  readonly score: number;
  readonly comment: string;
}

describe('administration files of DeTT&CT', () => {
  it('score visibility and detection of each technique, dated', () => {
    const { techniques } = dettectAdministration(DOCUMENTS, ENVIRONMENT, '2026-11-28');
    const file = parse(techniques);
    expect(file).toMatchObject({ version: 1.2, file_type: 'technique-administration', domain: 'enterprise-attack' });
    expect(file.platform).toEqual(['Windows', 'macOS', 'Linux', 'Containers', 'ESXi']);
    const scores = file.techniques.map(
      (one: Record<string, { applicable_to: string[]; location?: string[]; score_logbook: Score[] }[]>) => {
        const [detection, visibility] = [one.detection[0], one.visibility[0]];
        for (const object of [detection, visibility]) {
          expect(object.applicable_to).toEqual(['all']);
          for (const score of object.score_logbook) expect(Object.keys(score)).toEqual(['date', 'score', 'comment']);
        }
        expect(detection.location!.every((place) => typeof place === 'string')).toBe(true);
        return [one.technique_id, detection.score_logbook[0].score, visibility.score_logbook[0].score];
      },
    );
    expect(scores).toEqual([
      ['T1003.001', 4, 2],
      ['T1053', 0, 4],
      ['T1558.003', -1, 2],
    ]);
    expect(file.techniques[0]).toMatchObject({ technique_name: 'LSASS Memory', detection: [{ location: ['O1'] }] });
  });

  it('give no undated score that DeTT&CT refuses', () => {
    const [undated] = readDossiers(
      'schema: design.environment/1\nid: e\nbudget: {max_hits_per_day: 1}\n',
      'x',
    ).environments;
    for (const one of parse(dettectAdministration(DOCUMENTS, undated).techniques).techniques)
      expect([one.detection[0].score_logbook[0], one.visibility[0].score_logbook[0]]).toMatchObject([
        { date: null, score: -1 },
        { date: null, score: 0 },
      ]);
    expect(dettectAdministration(DOCUMENTS, ENVIRONMENT).techniques).toContain('date: 2026-11-20');
  });

  it('list data sources by name, each kind of systems once, with what was measured', () => {
    const file = parse(dettectAdministration([], ENVIRONMENT, '2026-11-28').dataSources);
    expect(file).toMatchObject({ version: 1.1, file_type: 'data-source-administration' });
    const named = new Set(file.systems.map((one: { applicable_to: string }) => one.applicable_to.toLowerCase()));
    expect(named).toEqual(new Set(['workstations']));
    const quality = ['device_completeness', 'data_field_completeness', 'timeliness', 'consistency', 'retention'];
    for (const { data_source: details } of file.data_sources)
      for (const one of details) {
        expect(Object.keys(one)).toEqual([
          'applicable_to',
          'date_registered',
          'date_connected',
          'products',
          'available_for_data_analytics',
          'comment',
          'winnow_data_sources',
          'data_quality',
        ]);
        expect(Object.keys(one.data_quality)).toEqual(quality);
        for (const where of one.applicable_to) expect(where === 'all' || named.has(where.toLowerCase())).toBe(true);
      }
    const told = file.data_sources.map(
      (one: {
        data_source_name: string;
        data_source: { products: string[]; data_quality: Record<string, number> }[];
      }) => [
        one.data_source_name,
        one.data_source.map(({ products, data_quality: q }) => [
          products,
          q.device_completeness,
          q.data_field_completeness,
        ]),
      ],
    );
    expect(told).toEqual([
      ['Network Traffic Content', [[['firewall'], 0, 0]]],
      ['Process Access', [[['Sysmon'], 3, 2]]],
      ['Process Creation', [[['Sysmon', 'EDR: x'], 3, 2]]],
    ]);
  });

  it('score no claims: what nobody measured has no quality', () => {
    const sourceOf = (more: string) => {
      const [environment] = readDossiers(
        `schema: design.environment/1\nid: e\ndata_sources: [{id: s, data_components: [DC0035], fields: {SourceImage: 1}, hosts: {covered: 3, total: 4}${more}}]\nbudget: {max_hits_per_day: 1}\n`,
        'x',
      ).environments;
      return parse(dettectAdministration([], environment).dataSources).data_sources[0].data_source[0].data_quality;
    };
    expect(sourceOf('')).toMatchObject({ device_completeness: 0, data_field_completeness: 0 });
    expect(sourceOf(', checked_at: 2026-11-20')).toMatchObject({ device_completeness: 3, data_field_completeness: 5 });
  });

  it('of nothing are files that DeTT&CT can read', () => {
    const [bare] = readDossiers(
      'schema: design.environment/1\nid: e\nbudget: {max_hits_per_day: 1}\n',
      'x',
    ).environments;
    const { techniques, dataSources } = dettectAdministration([], bare);
    expect(parse(techniques)).toMatchObject({ platform: ['all'], techniques: [] });
    expect(parse(dataSources)).toMatchObject({ systems: [{ applicable_to: 'e' }], data_sources: [] });
  });
});
