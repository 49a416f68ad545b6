// Dossiers and environments that are wrong in one place: `winnow design` ends with 3 and says the file, the line and the column.

import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { cpuTime } from '../../cpu-time.ts';
import { type BadCase, badCases, WHOLE_DOSSIER, WHOLE_ENVIRONMENT } from './bad-dossiers.ts';
import { Folder, runDesign, writeCase } from './design-runs.ts';
import { Random } from './random.ts';
import type { Place } from './yaml-writer.ts';

const CASES = badCases(new Random(7));
const folder = new Folder();
afterAll(() => folder.remove());

async function run({ files, dossiers, environment, fixtures }: BadCase, verb: 'funnel' | 'gaps') {
  const written = folder.write(files);
  const path = (name: string) => written[files.findIndex((file) => file.name === name)];
  const words = [...dossiers.map(path), '--environment', path(environment), '--json'];
  return { path, ...(await runDesign(verb, ...words, ...(fixtures ? ['--fixtures'] : []))) };
}

describe('a bad dossier', () => {
  it('is one that is good but for one thing', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const one = { dossiers: [WHOLE_DOSSIER], environment: WHOLE_ENVIRONMENT };
      const { dossiers, environment } = writeCase(folder, one, new Random(seed));
      const { code, err } = await runDesign(
        'funnel',
        ...dossiers,
        '--environment',
        environment,
        '--fixtures',
        '--json',
      );
      expect({ code, err }).toEqual({ code: 0, err: '' });
    }
  });

  for (const [i, one] of CASES.entries())
    it(one.name, async () => {
      const { told } = one;
      const started = cpuTime();
      const { path, code, err } = await run(one, i % 4 === 0 ? 'gaps' : 'funnel');
      expect(cpuTime() - started).toBeLessThan(5000);
      // Lines with nothing that a terminal would obey; what follows from the fault may be told as well, each at its place.
      expect({ code, err }).toEqual({ code: 3, err: expect.stringMatching(/^(winnow: [^\x00-\x1f\x7f-\x9f]+\n)+$/) });
      const places = err
        .trimEnd()
        .split('\n')
        .map((line): Place | undefined => {
          const [, start, where, column] = line.match(/^(winnow: .*?\.yml:)(\d+):(\d+): \S/) ?? [];
          const here = start === `winnow: ${path(told.file)}:`;
          return here ? { line: Number(where), column: Number(column) } : undefined;
        })
        .filter((place) => place !== undefined);
      expect(places.length, err).toBeGreaterThan(0);
      if (told.places.length === 0) return;
      const found = places.some((place) => told.places.some((wanted) => isDeepStrictEqual(wanted, place)));
      expect(found, `${err}is not at ${JSON.stringify(told.places)}`).toBe(true);
    });

  it('is not said to be none where a key in it is wrong', async () => {
    const wrong = CASES.filter(({ name, told }) => /^unknown key|^environment budget/.test(name) && told.places.length);
    expect(wrong.length).toBeGreaterThan(40);
    for (const one of wrong) expect((await run(one, 'funnel')).err).not.toMatch(/no (environment|technique|dossier)\b/);
  });
});
