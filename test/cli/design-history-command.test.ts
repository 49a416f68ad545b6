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
