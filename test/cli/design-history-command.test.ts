// The command lines of `winnow design funnel`, `report` and `diagram` on a history: what is measured, what a store elsewhere answered, and who accepted what.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { accessEvents } from '../../fixtures/history/access-events.ts';
import { asObject } from '../../fixtures/logs/text-writer.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import type { FunnelDocument } from '../../src/design/document.ts';
import { keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-design-history-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
async function design(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const kept = keptFace({ env: { WINNOW_CACHE: join(folder, 'cache') } });
  const code = await dispatch(['design', ...words], kept, '0.0.0');
  return { code, out: kept.stdout(), err: kept.stderr() };
}
const HISTORY = file(
  'events.json',
  accessEvents(800)
    .map((event) => JSON.stringify(asObject('nxlog', event)))
    .join('\n'),
);
const [TECHNIQUE, LAB] = readFileSync('fixtures/designs/lsass-handle.yaml', 'utf8')
  .replace(/^ +hosts: .*\n/m, '')
  .split('---\n');
const environment = (name: string, budget: number, more = ''): string =>
  file(name, `${LAB.slice(0, LAB.indexOf('budget:'))}budget: { max_hits_per_day: ${budget} }\n${more}`);
const DOSSIER = file('lsass.yaml', TECHNIQUE);
const LAB_1000 = environment('lab.yaml', 1000);

const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync('docs/formats/funnel-1.schema.json', 'utf8')),
);
async function funnel(...words: readonly string[]): Promise<FunnelDocument> {
  const { code, out, err } = await design('funnel', DOSSIER, ...words, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const document = JSON.parse(out);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return document;
}

describe('winnow design funnel --measure-cost', () => {
  const words = ['--environment', LAB_1000, '--history', HISTORY];

  it('measures the seconds of each query of the scope, and changes nothing else', async () => {
    const [plain, measured] = [await funnel(...words), await funnel(...words, '--measure-cost')];
    expect(plain.scope.map(({ observable }) => observable)).toEqual(['lsass-opened']);
    expect(plain.scope[0].cost).toMatchObject({ shape: '1 suffix of TargetImage', seconds: null });
    const { seconds, sample_events: events, ...rest } = measured.scope[0].cost;
    expect(seconds).toBeGreaterThan(0);
    expect(events).toBe(accessEvents(800).filter(({ eventId }) => eventId === 10).length);
    expect({ ...measured, scope: [{ ...measured.scope[0], cost: { ...rest, seconds: null } }] }).toEqual(plain);
  });

  it('is not asked for: the same to the byte', async () => {
    const run = (threads: string) => design('funnel', DOSSIER, ...words, '--threads', threads, '--json');
    expect(await run('1')).toEqual(await run('2'));
  });

  it('tells a list of names what gives the same rows for less, and what that takes', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `'\\agent${i === 0 ? '' : i}.exe'`);
    const many = file(
      'many.yaml',
      TECHNIQUE.replace("TargetImage|endswith: '\\lsass.exe'", `SourceImage|endswith: [${names}]`),
    );
    const { out } = await design('funnel', many, ...words, '--measure-cost', '--json');
    expect(JSON.parse(out).scope[0].cost).toMatchObject({
      shape: '40 suffixes of SourceImage',
      rewrite: expect.stringContaining('one regular expression of 40 alternatives'),
      rewrite_seconds: expect.any(Number),
      plan: [{ store: 'duckdb', cost: 'every event of the log source is looked at 40 times' }],
    });
    const text = await design('funnel', many, ...words, '--measure-cost');
    expect(text.out).toMatch(/40 suffixes of SourceImage, [\d.]+ s on \d+ events; cheaper: one regular .*, [\d.]+ s\n/);
    expect(text.out).toContain('in duckdb every event of the log source is looked at 40 times\n');
    const report = await design('report', many, ...words, '--measure-cost');
    expect(report.out).toMatch(/a run took [\d.]+ seconds on \d+ events of its log source/);
  });
});

/** The answer of a store: so many hits on each of 30 days, on one host. */
const counts = (name: string, hits: (day: number) => number): string =>
  file(
    name,
    `day,host,hits,telemetry\n${Array.from({ length: 30 }, (_, i) => `${new Date(Date.UTC(2026, 8, 1 + i)).toISOString().slice(0, 10)},ws-1,${hits(i)},500\n`).join('')}`,
  );

describe('winnow design --result', () => {
  const words = ['--environment', environment('lab-10.yaml', 10)];
  const quiet = counts('quiet.csv', (day) => day % 4);

  it('is the baseline of its observable, as a history would be', async () => {
    const document = await funnel(...words, '--result', `lsass-opened=${quiet}`);
    expect(document).toMatchObject({
      engine: 'a store elsewhere',
      window: { from: '2026-09-01', to: '2026-09-30' },
      scope: [{ observable: 'lsass-opened', verdict: 'few', cost: { seconds: null } }],
      baseline: [
        {
          observable: 'lsass-opened',
          verdict: 'few',
          hits_per_day: { p50: 1, p90: 3, max: 3 },
          measured: { question: 'lsass-opened', hits: 43, telemetry: 15_000, verdict: 'few' },
        },
      ],
    });
    const flood = await funnel(...words, '--result', `lsass-opened=${counts('flood.csv', () => 100)}`);
    expect(flood).toMatchObject({ scope: [], baseline: [{ verdict: 'flood', hits_per_day: { p90: 100 } }] });
    const cut = await funnel(...words, '--result', `lsass-opened=${quiet}`, '--until', '2026-09-10');
    expect(cut.baseline[0]).toMatchObject({ verdict: 'unknown', reason: expect.stringContaining('9 days') });
  });

  it('wins over the history for its observable, and the others are counted', async () => {
    const document = await funnel('--environment', LAB_1000, '--history', HISTORY, '--result', `lsass-opened=${quiet}`);
    expect(document.engine).toMatch(/^duckdb [\d.]+ and a store elsewhere$/);
    expect(document.baseline[0]).toMatchObject({ measured: { hits: 43 } });
    const other = await funnel('--environment', LAB_1000, '--history', HISTORY, '--result', `dump-written=${quiet}`);
    expect(other.baseline[0].measured).not.toMatchObject({ hits: 43 });
  });

  it('reaches the report and the diagram', async () => {
    const report = await design('report', DOSSIER, ...words, '--result', `lsass-opened=${quiet}`);
    expect(report).toMatchObject({ code: 0, err: '' });
    expect(report.out).toContain('a store elsewhere');
    const diagram = await design('diagram', DOSSIER, ...words, '--result', `lsass-opened=${quiet}`);
    expect(diagram.code).toBe(0);
    expect(diagram.out).not.toBe((await design('diagram', DOSSIER, ...words)).out);
  });

  it('names an observable that no data source shows', async () => {
    const document = await funnel(...words, '--result', `memory-copied=${quiet}`);
    expect(document.notes).toContain(
      'memory-copied: a store elsewhere answered about it, and no data source of the environment shows it',
    );
  });

  it.each([
    [['--result', `O1=${quiet}`], 2, /no dossier has such an observable; there are lsass-opened, memory-copied/],
    [['--result', quiet], 2, /OBSERVABLE=FILE\.csv is expected/],
    [['--result', `lsass-opened=${quiet}`, '--result', `lsass-opened=${quiet}`], 2, /names lsass-opened twice/],
    [['--result', `lsass-opened=${quiet}`, '--fixtures'], 2, /cannot be used with/],
    [['--result', `lsass-opened=${join(folder, 'none.csv')}`], 3, /cannot read .*none\.csv/],
    [
      ['--result', `lsass-opened=${file('bad.csv', 'day,host,hits,telemetry\n2026-09-01,a,9,3\n')}`],
      3,
      /bad\.csv:2: 9 hits/,
    ],
  ])('%j ends with %i', async (more, code, told) => {
    const ended = await design('funnel', DOSSIER, ...words, ...more, '--json');
    expect(ended.code).toBe(code);
    expect(ended.err).toMatch(told);
    // The steps before E are answered.
    if (code === 3) expect(JSON.parse(ended.out).steps).toHaveLength(6);
  });
});

describe('winnow design --acceptances', () => {
  const words = ['--environment', environment('lab-1.yaml', 1), '--history', HISTORY];
  const accepted = (name: string, ...items: readonly string[]): string =>
    file(name, `schema: design.acceptances/1\nacceptances:\n${items.map((item) => `  - { ${item} }\n`).join('')}`);
  const item = (predicate: string, more = 'owner: soc, expiry: 2099-01-31, reason: updates'): string =>
    `observable: lsass-opened, predicate: ${predicate}, ${more}`;
  const AGENT = `{SourceImage|endswith: '\\agent.exe'}`;

  it('gives free exclusions the owner, the day and the reason of each', async () => {
    const plain = await funnel(...words);
    expect(plain.exclusions).toEqual([]);
    const path = accepted('all.yaml', item(AGENT, 'owner: soc, expiry: 2099-01-31, reason: updates, ticket: T-1'));
    const document = await funnel(...words, '--acceptances', path);
    expect(document.exclusions).toMatchObject([
      {
        observable: 'lsass-opened',
        predicate: '{"SourceImage|endswith": "\\\\agent.exe"}',
        class: 'free',
        owner: 'soc',
        expiry: '2099-01-31',
        reason: 'updates',
        ticket: 'T-1',
        abuse: expect.any(String),
      },
    ]);
    expect(document.scope).toMatchObject([{ verdict: 'tunable' }]);
    expect(document.baseline[0].after_exclusions).toMatchObject({ p90: 0 });
    expect(document.notes.join()).not.toContain('accepted');
    const report = await design('report', DOSSIER, ...words, '--acceptances', path);
    expect(report.out).toMatch(/soc answers for it until 2099-01-31, since updates \(T-1\)\. How to abuse it/);
    const quoted = accepted('quoted.yaml', item(JSON.stringify(AGENT)));
    expect((await funnel(...words, '--acceptances', quoted)).exclusions).toMatchObject([{ predicate: AGENT }]);
  });

  it('takes them from among the dossiers, too', async () => {
    const together = join(folder, 'together.yaml');
    writeFileSync(together, [TECHNIQUE, readFileSync(accepted('own.yaml', item(AGENT)), 'utf8')].join('---\n'));
    const { out } = await design('funnel', together, ...words, '--json');
    expect(JSON.parse(out).exclusions).toMatchObject([{ owner: 'soc' }]);
  });

  it('applies none that has ended, covers nothing, tests what nobody looked at, or is not needed, and names each', async () => {
    const path = accepted(
      'odd.yaml',
      item(AGENT, 'owner: soc, expiry: 2020-01-31, reason: updates'),
      item("{SourceImage|endswith: '\\nothing.exe'}"),
      item('{NoSuchField: x}'),
      'observable: memory-copied, predicate: {Image: x}, owner: soc, expiry: 2099-01-31, reason: r',
    );
    const { exclusions, notes } = await funnel(...words, '--acceptances', path);
    expect(exclusions).toEqual([]);
    const named = notes.filter((note) => note.includes('accepted'));
    expect(named).toHaveLength(4);
    expect(named[0]).toMatch(/agent\.exe"} that soc accepted is not applied: it ended on 2020-01-31$/);
    expect(named[1]).toMatch(/nothing\.exe"} that soc accepted is stale: it is not proposed any more/);
    expect(named[2]).toMatch(/is not applied: exclusions of this observable are not made of NoSuchField$/);
    expect(named[3]).toMatch(/^memory-copied: /);
    const few = await funnel(
      '--environment',
      LAB_1000,
      '--history',
      HISTORY,
      '--acceptances',
      accepted('few.yaml', item(AGENT)),
    );
    expect(few.notes.join()).toMatch(/that soc accepted is stale: .* no exclusion is looked for/);
  });

  it.each([
    [item(AGENT, 'owner: soc, reason: r'), /bad\.yaml:3:5: an acceptance needs 'expiry'/],
    [item(AGENT, 'expiry: 2099-01-31, reason: r'), /bad\.yaml:3:5: an acceptance needs 'owner'/],
    [item(AGENT, 'owner: soc, expiry: 2099-01-31'), /bad\.yaml:3:5: an acceptance needs 'reason'/],
    [
      item(AGENT, 'owner: soc, expiry: 2099-02-31, reason: r'),
      /bad\.yaml:3:\d+: 'expiry' is a day such as 2027-01-31, not '2099-02-31'/,
    ],
    [
      item(AGENT, 'owner: soc, expiry: 2099-01-31, reason: r, until: x'),
      /bad\.yaml:3:\d+: an acceptance has no key 'until'/,
    ],
    [item("{SourceImage|re: '('}"), /bad\.yaml:3:\d+: /],
    [
      'observable: O9, predicate: {a: b}, owner: o, expiry: 2099-01-31, reason: r',
      /bad\.yaml:3:19: 'O9' is not the id of an observable/,
    ],
    [
      `${item(AGENT)} }\n  - { ${item(AGENT)}`,
      /bad\.yaml:4:19: this exclusion of 'lsass-opened' stands twice, first at 3:19/,
    ],
  ])('refuses %j with its place', async (text, told) => {
    const { code, err } = await design('funnel', DOSSIER, ...words, '--acceptances', accepted('bad.yaml', text));
    expect(code).toBe(3);
    expect(err).toMatch(told);
  });

  it('refuses a file without any, and what stands for a history', async () => {
    expect(await design('funnel', DOSSIER, ...words, '--acceptances', DOSSIER)).toMatchObject({
      code: 3,
      err: expect.stringContaining('no accepted exclusion'),
    });
    expect((await design('funnel', DOSSIER, '--fixtures', '--acceptances', DOSSIER)).code).toBe(2);
  });
});
