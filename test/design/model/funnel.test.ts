// `winnow design funnel` on random dossiers, held field by field against the model that was written apart from it.

import { afterAll, describe, expect, it } from 'vitest';
import type { FunnelDocument, FunnelDocuments } from '../../../src/design/document.ts';
import { Folder, type OnDisk, runDesign, writeCase } from './design-runs.ts';
import { type ModelFunnel, modelFunnel } from './funnel-model.ts';
import { Random } from './random.ts';
import { methodExample, type RandomCase, randomCase } from './random-dossiers.ts';
import { PLAIN_STYLE } from './yaml-writer.ts';

type Funnel = Omit<FunnelDocument, 'schema'>;

const CASES = 300;
const folder = new Folder();
afterAll(() => folder.remove());

async function funnelOf(dossiers: readonly string[], environment: string, ...words: readonly string[]) {
  return runDesign('funnel', ...dossiers, '--environment', environment, '--fixtures', ...words);
}

/** One funnel for each dossier, in the document's order. */
function funnelsIn(out: string, count: number): readonly Funnel[] {
  const document = JSON.parse(out) as FunnelDocument | FunnelDocuments;
  expect(document.schema).toBe('winnow.funnel/1');
  if (count === 1) {
    expect(document).not.toHaveProperty('dossiers');
    return [document as FunnelDocument];
  }
  expect(Object.keys(document).sort()).toEqual(['dossiers', 'schema']);
  return (document as FunnelDocuments).dossiers;
}

/** What the document says of what the model knows, in an order of our own. */
function said(funnel: Funnel) {
  return {
    id: funnel.id,
    steps: Object.fromEntries(
      funnel.steps.map((step) => [
        step.id,
        { kept: sorted(step.kept), dropped: sorted(step.dropped.map(({ id }) => id)) },
      ]),
    ),
    primitives: byId(
      funnel.primitives.map(({ id, necessity, evidence, control, state, colour, letter }) => ({
        id,
        necessity,
        procedures: sorted(evidence.procedures),
        control,
        state,
        colour,
        letter,
      })),
    ),
    scope: byObservable(
      funnel.scope.map(({ observable, primitive, level, column, verdict }) => ({
        observable,
        primitive,
        level,
        column,
        verdict,
      })),
    ),
    gaps: funnel.gaps
      .map((gap) => ({
        data_component: gap.data_component,
        blocked_primitives: sorted(gap.blocked_primitives),
        blocked_techniques: sorted(gap.blocked_techniques),
      }))
      .sort((a, b) => order(a.data_component, b.data_component)),
    emptiedBy: funnel.empty?.step ?? null,
  };
}

function expected(model: ModelFunnel): ReturnType<typeof said> {
  const { steps, primitives, scope, gaps } = model;
  return {
    id: model.id,
    steps: Object.fromEntries(
      Object.entries(steps).map(([id, { kept, dropped }]) => [id, { kept: sorted(kept), dropped: sorted(dropped) }]),
    ),
    primitives: byId(primitives.map((one) => ({ ...one, procedures: sorted(one.procedures) }))) as never,
    scope: byObservable(scope) as never,
    gaps: gaps.map((gap) => ({ ...gap, blocked_primitives: sorted(gap.blocked_primitives) })),
    emptiedBy: model.emptiedBy as never,
  };
}

function sorted(ids: readonly string[]): readonly string[] {
  return [...ids].sort();
}
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
function byId<T extends { readonly id: string }>(all: readonly T[]): readonly T[] {
  return [...all].sort((a, b) => order(a.id, b.id));
}
function byObservable<T extends { readonly observable: string }>(all: readonly T[]): readonly T[] {
  return [...all].sort((a, b) => order(a.observable, b.observable));
}

/** Verdicts of seen observables: all of those that step D kept, and of no other but optional primitives'. */
function checkBaseline(funnel: Funnel, model: ModelFunnel): void {
  const entries = funnel.baseline.map(({ observable, primitive, verdict, hits_per_day }) => ({
    observable,
    primitive,
    verdict,
    hits: hits_per_day?.p90 ?? null,
  }));
  expect(new Set(entries.map(({ observable }) => observable)).size).toBe(entries.length);
  for (const one of model.baseline) expect(entries).toContainEqual(one);
  for (const one of entries) expect(model.verdicts).toContainEqual(one);
  for (const { hits_per_day } of [...funnel.baseline, ...funnel.scope])
    if (hits_per_day) expect(hits_per_day.p50).toBe(hits_per_day.p90);
}

describe('winnow design funnel', () => {
  it('gives what the definitions say of random dossiers, and the same bytes however they are written', async () => {
    const covered = new Set<string>();
    let compared = 0;
    const inOne = (written: OnDisk) => written.environment === written.dossiers[0];
    for (let seed = 1; seed <= CASES; seed++) {
      const random = new Random(seed + 10_000);
      const one = randomCase(seed);
      const same = seed % 3 === 0 ? ({ numbers: 'plain' } as const) : {};
      const { dossiers, environment, techniques, environmentPlain } = writeCase(folder, one, random, same);
      const { code, out, err } = await funnelOf(dossiers, environment, '--json');
      const about = `seed ${seed}: ${dossiers.join(' ')}`;
      expect({ about, code, err }).toEqual({ about, code: 0, err: '' });
      const funnels = byId(funnelsIn(out, techniques.length));
      const models = byId(techniques.map((technique) => modelFunnel(technique, environmentPlain)));
      expect({ about, funnels: funnels.map(said) }).toEqual({ about, funnels: models.map(expected) });
      for (const [i, funnel] of funnels.entries()) checkBaseline(funnel, models[i]);
      for (const { dropped } of funnels.flatMap(({ steps }) => steps))
        for (const { reason } of dropped) expect(reason).toBeTruthy();
      for (const { advice } of funnels.flatMap(({ scope }) => scope))
        expect(['alert', 'correlate', 'hunt']).toContain(advice);
      for (const model of models) {
        for (const { state, colour } of model.primitives) covered.add(state).add(colour);
        for (const { verdict } of model.verdicts) covered.add(verdict);
        covered.add(`emptied by ${model.emptiedBy}`);
      }
      // The same trees written in another way, files in the same order.
      if (seed % 3 === 0) {
        const again = writeCase(folder, one, new Random(seed + 20_000), same);
        if (again.dossiers.length !== dossiers.length || inOne(again) || environment === dossiers[0]) continue;
        const rewritten = (await funnelOf(again.dossiers, again.environment, '--json')).out;
        expect({ about, out: rewritten }).toEqual({ about, out });
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(CASES / 9);
    // Every corner was met.
    expect(sorted([...covered])).toEqual(
      sorted([
        ...['scope', 'gap', 'over_budget', 'unknown', 'optional', 'green', 'dark_green', 'purple', 'amber', 'grey'],
        ...['few', 'tunable', 'flood'],
        ...['emptied by null', 'emptied by B', 'emptied by D', 'emptied by E'],
      ]),
    );
  }, 240_000);

  it("gives the method's example 8, 5, 3/2, 3/2, 2 and a scope of 2/8, also with shuffled keys", async () => {
    const example: RandomCase = methodExample();
    let first: string | undefined;
    for (let seed = 0; seed < 12; seed++) {
      const style =
        seed === 0
          ? PLAIN_STYLE
          : { shuffle: true, flow: (seed % 4) / 3, comments: 0.1, quotes: 'any' as const, numbers: 'plain' as const };
      const { dossiers, environment } = writeCase(folder, example, new Random(seed), style);
      const { code, out, err } = await funnelOf(dossiers, environment, '--json');
      expect({ code, err }).toEqual({ code: 0, err: '' });
      first ??= out;
      expect(out).toBe(first);
      const [funnel] = funnelsIn(out, 1);
      const step = Object.fromEntries(
        funnel.steps.map(({ id, kept, dropped }) => [id, { kept, dropped: dropped.map(({ id }) => id) }]),
      );
      const control = (wanted: string) =>
        funnel.primitives.filter((one) => one.necessity === 'necessary' && one.control === wanted).map(({ id }) => id);
      expect(funnel.steps.map(({ id }) => id)).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
      expect(step.A.kept).toHaveLength(8);
      expect(step.B).toEqual({ kept: ['PM1', 'PM2', 'PM3', 'PM4', 'PM5'], dropped: ['PM6', 'PM7', 'PM8'] });
      expect([control('fixed'), control('attacker_controlled')]).toEqual([
        ['PM1', 'PM2', 'PM3'],
        ['PM4', 'PM5'],
      ]);
      expect(step.C).toEqual({ kept: step.B.kept, dropped: [] });
      expect(step.D).toEqual({ kept: ['PM1', 'PM2', 'PM4'], dropped: ['PM3', 'PM5'] });
      expect(step.E).toEqual({ kept: ['PM1', 'PM2'], dropped: ['PM4'] });
      expect(step.F).toEqual({ kept: ['PM1', 'PM2'], dropped: [] });
      expect(funnel.primitives.map(({ letter }) => letter).join('')).toBe('GGPAPOOO');
      expect(funnel.scope.map(({ observable, primitive }) => [observable, primitive])).toEqual([
        ['O1', 'PM1'],
        ['O2', 'PM2'],
      ]);
      expect(funnel.gaps.map(({ data_component }) => data_component)).toEqual(['DC0021', 'DC0048']);
      const text = await funnelOf(dossiers, environment);
      expect(text).toMatchObject({ code: 0, err: '' });
      expect(text.out).toContain('2/8');
    }
  });

  it('says of several dossiers what it says of each alone', async () => {
    for (let seed = 1000; seed < 1020; seed++) {
      const one = randomCase(seed);
      const separate = folder.write([
        ...one.dossiers.map((dossier, i) => ({ name: `${i}.yml`, text: JSON.stringify(dossierText(dossier)) })),
        { name: 'environment.yml', text: JSON.stringify(dossierText(one.environment)) },
      ]);
      const environment = separate[separate.length - 1];
      const dossiers = separate.slice(0, -1);
      const all = funnelsIn((await funnelOf(dossiers, environment, '--json')).out, dossiers.length);
      for (const dossier of dossiers) {
        const [alone] = funnelsIn((await funnelOf([dossier], environment, '--json')).out, 1);
        const among = all.find(({ id }) => id === alone.id);
        expect(among && said(among)).toEqual(said(alone));
        expect(among?.baseline).toEqual(alone.baseline);
      }
    }
  });
});

/** JSON is YAML; a hexadecimal number is its value. */
function dossierText(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(dossierText);
  if (tree === null || typeof tree !== 'object') return tree;
  if ('text' in tree && Object.keys(tree).length === 1) return Number(tree.text);
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, dossierText(value)]));
}
