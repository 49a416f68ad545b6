// Dossiers and environments that are wrong in one place: `winnow design` ends with 3 and says the file, the line and the column.

import { afterAll, describe, expect, it } from 'vitest';
import { badCases, WHOLE_DOSSIER, WHOLE_ENVIRONMENT } from './bad-dossiers.ts';
import { Folder, runDesign, writeCase } from './design-runs.ts';
import { Random } from './random.ts';

const folder = new Folder();
afterAll(() => folder.remove());

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

  const verbs = ['funnel', 'gaps'] as const;
  it.each(badCases(new Random(7)).map((one, i) => ({ ...one, verb: verbs[i % 4 === 0 ? 1 : 0] })))(
    '$name',
    async ({ verb, files, dossiers, environment, fixtures, told }) => {
      const written = folder.write(files);
      const path = (name: string) => written[files.findIndex((file) => file.name === name)];
      const words = [...dossiers.map(path), '--environment', path(environment), '--json'];
      const started = performance.now();
      const { code, err } = await runDesign(verb, ...words, ...(fixtures ? ['--fixtures'] : []));
      expect(performance.now() - started).toBeLessThan(5000);
      // One line, with nothing that a terminal would obey.
      expect({ code, err }).toEqual({ code: 3, err: expect.stringMatching(/^winnow: [^\x00-\x1f\x7f-\x9f]+\n$/) });
      const where = err.slice(`winnow: ${path(told.file)}:`.length).match(/^(\d+):(\d+): \S/);
      expect(err.startsWith(`winnow: ${path(told.file)}:`) && where !== null, err).toBe(true);
      const place = { line: Number(where?.[1]), column: Number(where?.[2]) };
      if (told.places.length > 0) expect(told.places, err).toContainEqual(place);
    },
  );
});
