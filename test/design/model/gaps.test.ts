// `winnow design gaps` on random dossiers with planted pairs and triples of components, held field by field against the ranking by brute force.

import { afterAll, describe, expect, it } from 'vitest';
import type { GapsDocument } from '../../../src/design/gaps-document.ts';
import { Folder, type OnDisk, runDesign, writeCase } from './design-runs.ts';
import { greedySets, type ModelGaps, modelGaps } from './gaps-model.ts';
import { Random } from './random.ts';
import { methodExample, plantedCase, randomCase } from './random-dossiers.ts';

const PLANTED = 200;
const ANY = 150;
const folder = new Folder();
afterAll(() => folder.remove());

async function gapsOf({ dossiers, environment }: OnDisk, floor: number | undefined): Promise<GapsDocument> {
  const words = floor === undefined ? [] : ['--floor', String(floor)];
  const ran = await runDesign('gaps', ...dossiers, '--environment', environment, '--fixtures', '--json', ...words);
  expect({ code: ran.code, err: ran.err }, dossiers.join(' ')).toEqual({ code: 0, err: '' });
  return JSON.parse(ran.out) as GapsDocument;
}

/** Components and sets in the order they are ranked; all that is a set in an order of our own. */
function inOrder(document: GapsDocument | ModelGaps) {
  return {
    schema: document.schema,
    floor: document.floor,
    satisfied_now: [...document.satisfied_now].sort(),
    scope_now: [...document.scope_now].sort(),
    components: document.components.map((one) => ({
      data_component: one.data_component,
      blocked_primitives: one.blocked_primitives.map(({ technique, primitive }) => `${technique} ${primitive}`).sort(),
      blocked_techniques: [...one.blocked_techniques].sort(),
      justified: one.justified,
      satisfies: [...one.satisfies].sort(),
      unlocks: [...one.unlocks].sort(),
    })),
    best: document.best.map((one) => ({
      size: one.size,
      components: [...one.components].sort(),
      satisfies: [...one.satisfies].sort(),
      unlocks: [...one.unlocks].sort(),
    })),
  };
}

describe('winnow design gaps', () => {
  it('ranks exactly where pairs and triples are planted that a greedy choice misses', async () => {
    let missedByGreedy = 0;
    let pairs = 0;
    for (let seed = 1; seed <= PLANTED; seed++) {
      const random = new Random(seed + 30_000);
      const written = writeCase(folder, plantedCase(seed), random);
      const floor = random.chance(0.4) ? random.between(1, 6) : undefined;
      const model = modelGaps(written.techniques, written.environmentPlain, floor);
      const about = `seed ${seed}: ${written.dossiers.join(' ')}`;
      expect({ about, ...inOrder(await gapsOf(written, floor)) }).toEqual({ about, ...inOrder(model) });
      const greedy = greedySets(written.techniques, written.environmentPlain);
      const missed = model.best.filter(({ satisfies }, i) => satisfies.length > greedy[i].satisfies.length);
      if (missed.length > 0) missedByGreedy++;
      if (missed.some(({ size }) => size === 2)) pairs++;
    }
    expect(missedByGreedy).toBeGreaterThan(PLANTED * 0.8);
    expect(pairs).toBeGreaterThan(PLANTED * 0.4);
  }, 240_000);

  it('ranks exactly over dossiers of any kind', async () => {
    for (let seed = 2000; seed < 2000 + ANY; seed++) {
      const random = new Random(seed + 40_000);
      const written = writeCase(folder, randomCase(seed, 9), random);
      const floor = random.chance(0.5) ? random.between(1, 4) : undefined;
      const model = modelGaps(written.techniques, written.environmentPlain, floor);
      const about = `seed ${seed}: ${written.dossiers.join(' ')}`;
      expect({ about, ...inOrder(await gapsOf(written, floor)) }).toEqual({ about, ...inOrder(model) });
    }
  }, 240_000);

  it("names the two components of the method's example, which only together satisfy it", async () => {
    const written = writeCase(folder, methodExample(), new Random(1));
    const document = await gapsOf(written, undefined);
    expect(document).toMatchObject({ floor: 5, satisfied_now: [], scope_now: ['example-8'] });
    expect(
      document.components.map(({ data_component, satisfies, unlocks, justified }) => [
        data_component,
        satisfies,
        unlocks,
        justified,
      ]),
    ).toEqual([
      ['DC0021', [], [], false],
      ['DC0048', [], [], false],
    ]);
    expect(document.best).toMatchObject([
      { size: 1, components: ['DC0021'], satisfies: [], unlocks: [] },
      { size: 2, components: ['DC0021', 'DC0048'], satisfies: ['example-8'], unlocks: [] },
    ]);
  });
});
