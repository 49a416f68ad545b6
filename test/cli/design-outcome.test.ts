// The command lines of design diagram, report and rules, and the funnel in words: what they print and write, and how they end.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { funnelText } from '../../src/cli/design-text.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import { gapsText } from '../../src/cli/gaps-text.ts';
import { PLAIN_STYLE, styleFor } from '../../src/cli/print.ts';
import type { GapsDocument } from '../../src/design/gaps-document.ts';
import { languages } from '../../src/rule/emit/index.ts';
import { fixture, HOSTILE, subjectOf } from '../design/designs.ts';
import { keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-design-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function winnow(...words: readonly string[]) {
  const kept = keptFace({});
  const code = await dispatch(words, kept, '0.0.0');
  return { code, out: kept.stdout(), err: kept.stderr() };
}

const EXAMPLE = 'fixtures/designs/example-8.yaml';
const EXPORTS = ['dettect-data-sources.yaml', 'dettect-techniques.yaml', 'navigator-layer.json'];
const LSASS = 'fixtures/designs/lsass-handle.yaml';

/** The JSON that is printed, held against its schema. */
async function documentOf(name: string, ...words: readonly string[]) {
  const { code, out, err } = await winnow(...words, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const schema = (own: string) => JSON.parse(readFileSync(`docs/formats/${own}.schema.json`, 'utf8'));
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  const validate = ajv
    .addSchema(schema('funnel-1'), 'funnel-1.schema.json')
    .compile({ ...schema(name), $id: undefined });
  const document = JSON.parse(out);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return document;
}

describe('winnow design diagram', () => {
  it('gives the picture and its funnels as JSON', async () => {
    const { svg, dossiers } = await documentOf('design-diagram-1', 'design', 'diagram', EXAMPLE, '--fixtures');
    expect(svg).toBe(readFileSync('test/golden/design/example-8.svg', 'utf8'));
    expect(dossiers).toMatchObject([{ dossier: 'example-8', funnel: { schema: 'winnow.funnel/1' } }]);
    const refused = await winnow('design', 'diagram', EXAMPLE, '--fixtures', '--json', '--out', join(folder, 'x.svg'));
    expect(refused).toMatchObject({ code: 2, out: '' });
  });

  it('prints the picture, or writes it', async () => {
    const golden = readFileSync('test/golden/design/example-8.svg', 'utf8');
    expect(await winnow('design', 'diagram', EXAMPLE, '--fixtures')).toEqual({ code: 0, out: golden, err: '' });
    const path = join(folder, 'funnel.svg');
    expect((await winnow('design', 'diagram', EXAMPLE, '--fixtures', '--out', path)).out).toBe(`${path}\n`);
    expect(readFileSync(path, 'utf8')).toBe(golden);
  });

  it('ends with 3 for a dossier that is not there, and for figures that are no history', async () => {
    expect((await winnow('design', 'diagram', join(folder, 'none.yaml'), '--fixtures')).code).toBe(3);
    const { code, err } = await winnow('design', 'diagram', EXAMPLE);
    expect(code).toBe(3);
    expect(err).toContain('baseline_results');
  });
});

describe('winnow design report', () => {
  it('prints Markdown, HTML or JSON', async () => {
    expect((await winnow('design', 'report', LSASS, '--fixtures')).out).toMatch(/^# Detection strategy: Read LSASS/);
    expect((await winnow('design', 'report', LSASS, '--fixtures', '--html')).out).toMatch(
      /^<!doctype html>[\s\S]*<svg [\s\S]*<\/html>\n$/,
    );
    const { dossiers } = await documentOf('design-report-1', 'design', 'report', LSASS, '--fixtures');
    expect(dossiers[0].markdown).toContain('## Response');
    expect(dossiers[0].funnel.id).toBe('lsass-handle');
  });

  it('writes everything of one dossier into the folder, and the rules pass their tests', async () => {
    const own = join(folder, 'one');
    expect((await winnow('design', 'report', LSASS, '--fixtures', '--write', own)).code).toBe(0);
    expect(readdirSync(own).sort()).toEqual([...EXPORTS, 'diagram.svg', 'report.html', 'report.md', 'rules'].sort());
    expect(readFileSync(join(own, 'report.md'), 'utf8')).toContain('](diagram.svg)');
    const tested = await winnow('test', join(own, 'rules'));
    expect(tested).toMatchObject({ code: 0, err: '' });
    expect(tested.out).toContain('2 of 2 tests hold');
  });

  it('gives each of several dossiers a folder of its own, and refuses one HTML file for them', async () => {
    const [technique] = fixture('example-8').split('---\n');
    const other = join(folder, 'other.yaml');
    writeFileSync(other, technique.replace('id: example-8', 'id: "../other"').replaceAll(/\bO(\d)\b/g, 'X$1'));
    const own = join(folder, 'several');
    expect((await winnow('design', 'report', other, EXAMPLE, '--fixtures', '--write', own)).code).toBe(0);
    expect(readdirSync(own).sort()).toEqual([...EXPORTS, 'example-8', 'other'].sort());
    expect(existsSync(join(folder, 'other', 'report.md'))).toBe(false);
    expect((await winnow('design', 'report', other, EXAMPLE, '--fixtures', '--html')).code).toBe(2);
  });
});

describe('winnow design rules', () => {
  it.each(['sigma', 'eql', 'elastic'])('writes rules in %s that pass their tests', async (id) => {
    const own = join(folder, `rules-${id}`);
    expect((await winnow('design', 'rules', LSASS, '--fixtures', '--to', id, '--write', own)).code).toBe(0);
    const { code, out } = await winnow('test', own);
    expect(out).toContain('2 of 2 tests hold');
    expect(code).toBe(0);
  });

  it('names what a language cannot say, and what is no rule', async () => {
    const sentinel = await winnow('design', 'rules', LSASS, '--fixtures', '--to', 'sentinel');
    expect(sentinel).toMatchObject({ code: 0, out: '' });
    expect(sentinel.err).toContain('lsass-handle-lsass-opened is not written:');
    expect((await winnow('design', 'rules', EXAMPLE, '--fixtures')).err.match(/has no predicate/g)).toHaveLength(2);
  });

  it('says in JSON of each rule what it is for', async () => {
    const { schema, language, dossiers } = await documentOf('design-rules-1', 'design', 'rules', LSASS, '--fixtures');
    expect([schema, language]).toEqual(['winnow.design-rules/1', 'sigma']);
    expect(
      dossiers[0].rules.map(({ kind, observable }: { kind: string; observable: string | null }) => [kind, observable]),
    ).toEqual([
      ['scope', 'lsass-opened'],
      ['signature', null],
    ]);
  });

  it('knows every language of convert', async () => {
    const { out } = await winnow('design', 'rules', '--help');
    for (const id of Object.keys(languages)) expect(out.replaceAll(/\s+/g, ' ')).toContain(`"${id}"`);
  });
});

describe('a funnel in words', () => {
  const { funnel } = subjectOf(fixture('example-8'));

  it('has the steps with their counts, what was dropped and why, the primitives, the scope and the gaps', () => {
    const text = funnelText(funnel, { style: PLAIN_STYLE });
    for (const line of [
      /^A {4}8 {2}primitives$/m,
      /^C {2}3\/2 {2}fixed \/ attacker-controlled$/m,
      /^D {2}3\/2 {2}visible \/ gaps$/m,
      /^F {2}2\/8 {2}in the initial detection scope$/m,
      /- PM4: over budget: O4 has 41000 hits a day/,
      /^ {2}A {2}PM4 {2}over budget {2}leave a library on the disk +attacker-controlled \(file\.name: 23 known values, open-ended\)$/m,
      /^Scope 2\/8$/m,
      /^ {2}O1 of PM1 4U: alert, /m,
      /^ {2}DC0021 would show PM3$/m,
    ])
      expect(text).toMatch(line);
  });

  it('tells an empty scope with its step and the smallest change, exclusions with their proof, sessions and side rules', () => {
    const empty = subjectOf(fixture('lsass-handle').replace('[DC0035, DC0039]', '[DC0082]')).funnel;
    const proof = { attack_events_hidden: 0, evadable: 22, attack_events: 22, why: 'it is free' };
    const told = {
      ...empty,
      exclusions: [
        {
          observable: 'o',
          predicate: '{a: b}',
          class: 'free',
          covers: 7,
          proof,
          owner: 'ann',
          expiry: '2027-01-01',
          abuse: 'wear the name',
        } as const,
      ],
      primitives: empty.primitives.map((one) => ({
        ...one,
        evidence: { ...one.evidence, sessions_hit: ['s1'], sessions_total: 2, broken_by: ['s2'], cannot_tell: ['s3'] },
      })),
      notes: ['a note'],
    };
    const text = funnelText(told, { style: PLAIN_STYLE });
    for (const part of [
      'Scope 0/3: empty',
      'step D emptied it: ',
      'smallest change: collect ',
      'free on o: {a: b}',
      'covers 7 events; hides 0 and lets 22 of 22 attack events be rewritten to pass; it is free',
      'owner ann, until 2027-01-01; abuse: wear the name',
      'in 1 of 2 sessions, not in s2; 1 cannot tell',
      'TargetFilename is lsass.dmp',
      'a note',
    ])
      expect(text).toContain(part);
  });

  it('shows several dossiers, and a step alone without a scope that was not asked for', () => {
    const { schema: _, ...rest } = funnel;
    const text = funnelText({ schema: 'winnow.funnel/1', dossiers: [rest, rest] }, { style: PLAIN_STYLE });
    expect(text.match(/^Scope 2\/8$/gm)).toHaveLength(2);
    const alone = funnelText({ ...funnel, steps: funnel.steps.filter(({ id }) => id === 'D') }, { style: PLAIN_STYLE });
    expect(alone).not.toContain('Scope');
  });

  describe('of gaps', () => {
    const volume = { events_per_day: 1200, unknown: ['b'] };
    const gaps = (text: string): GapsDocument => ({
      schema: 'winnow.gaps/1',
      floor: 5,
      satisfied_now: ['a'],
      scope_now: [],
      components: [
        {
          data_component: text,
          name: text,
          blocked_primitives: [{ technique: text, primitive: 'p' }],
          blocked_techniques: ['b'],
          justified: false,
          satisfies: ['b'],
          unlocks: [],
          log_sources: [
            {
              name: text,
              channel: 'EventCode=1',
              observables: ['o'],
              analytics: ['AN0001'],
              enable: [
                { name: 'a setting', command: 'do it', policy: 'A > B', also: text, source: 'https://example.org' },
              ],
              enable_reason: 'no setting is known for event 9',
              volume: {
                basis: 'environment',
                events_per_day: 1200,
                events_per_host_day: 6,
                told: `the claim of ${text}`,
                source: null,
                reason: null,
              },
            },
          ],
          log_sources_reason: text,
          other_log_sources: [text],
          collected: [{ data_source: 'edr', log_source: text, observables: [{ observable: 'o', why: 'needs Image' }] }],
          enough: [text],
          volume,
        },
      ],
      best: [
        {
          size: 1,
          components: [text],
          names: [text],
          satisfies: ['b'],
          unlocks: [],
          enough: [text],
          enable: ['a setting'],
          volume,
        },
      ],
      notes: [text],
    });

    it('is a table, then what each component takes, and each setting once', () => {
      const text = gapsText(gaps('DC1'), { style: PLAIN_STYLE });
      for (const part of [
        '1 dossier fully seen (a), 0 dossiers with a scope',
        '  component  fully sees  gives a scope  in the way of             events a day    floor of 5 dossiers\n',
        '  DC1 DC1    1           0              1 primitive of 1 dossier  1,200 and more  below\n',
        'is collected by edr (DC1), but not as it is needed:\n      o needs Image\n',
        "  DC1, EventCode=1 (for o; ATT&CK's AN0001)\n      enable  a setting; unknown: no setting is known for event 9\n",
        "volume  1,200 events a day, 6 on a host's day; the claim of DC1",
        'ATT&CK also names DC1',
        'Best sets',
        'fully sees: b',
        'volume: 1,200 events a day, without b, of which no figure is known',
        'How each is enabled\n  a setting\n      do it\n      A > B\n',
      ])
        expect(text).toContain(part);
      const empty = { ...gaps('DC1'), components: [], best: [] };
      expect(gapsText(empty, { style: PLAIN_STYLE })).toContain('no gap');
    });

    it('is a document of its schema, with volumes counted from a history', async () => {
      const line = (day: string, host: string) =>
        JSON.stringify({
          '@timestamp': `2026-03-${day}T10:00:00Z`,
          Channel: 'Microsoft-Windows-Sysmon/Operational',
          EventID: 17,
          Hostname: host,
          PipeName: 'x',
        });
      const log = join(folder, 'history.jsonl');
      const lines = [line('01', 'A'), line('01', 'A'), line('01', 'B'), line('03', 'A')];
      writeFileSync(log, `${[...lines, line('05', 'C').replace('17', '1')].join('\n')}\n`);
      const dossier = join(folder, 'pipe.yaml');
      writeFileSync(dossier, fixture('example-8').replace(/\nbaseline_results:[\s\S]*$/, '\n'));
      const { code, out, err } = await winnow('design', 'gaps', dossier, '--history', log, '--json');
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const document = JSON.parse(out) as GapsDocument;
      const schema = JSON.parse(readFileSync('docs/formats/gaps-1.schema.json', 'utf8'));
      const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
      expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
      const [pipe] = document.components.filter(({ data_component }) => data_component === 'DC0048');
      expect(pipe.log_sources[0]).toMatchObject({
        name: 'WinEventLog:Sysmon',
        channel: 'EventCode=17',
        volume: {
          basis: 'history',
          events_per_day: 1.333,
          events_per_host_day: 1.333,
          told: '4 events of 2 hosts on 3 days',
        },
      });
      expect((await winnow('design', 'gaps', dossier, '--history', log)).out).toContain(
        "volume  1.33 events a day, 1.33 on a host's day; counted, 4 events of 2 hosts on 3 days",
      );
    });

    it('lets nothing of a dossier or an environment reach the terminal', () => {
      for (const text of HOSTILE) {
        const written = gapsText(gaps(text), { style: PLAIN_STYLE });
        expect(written).not.toMatch(/[\p{Cf}\p{Cs}]|[^\P{Cc}\n]/u);
        expect(Math.max(...written.split('\n').map((line) => line.length))).toBeLessThan(2000);
      }
    });
  });

  it('is coloured on a terminal alone, and lets nothing of a dossier reach it', () => {
    const colours = styleFor({ ...keptFace({}), outIsTerminal: true, env: {} }, true);
    expect(funnelText(funnel, { style: colours })).toContain('\x1b[35mP\x1b[39m');
    for (const text of HOSTILE) {
      const hostile = {
        ...funnel,
        name: text,
        technique: text,
        notes: [text],
        primitives: funnel.primitives.map((one) => ({ ...one, name: text })),
        gaps: [{ data_component: text, blocked_primitives: [text], blocked_techniques: [text] }],
      };
      const written = funnelText(hostile, { style: PLAIN_STYLE });
      expect(written).not.toMatch(/[\p{Cf}\p{Cs}]|[^\P{Cc}\n]/u);
      expect(Math.max(...written.split('\n').map((line) => line.length))).toBeLessThan(2000);
    }
  });
});
