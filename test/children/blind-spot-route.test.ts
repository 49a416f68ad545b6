// The route of a blind spot: what was followed, and the step at which that ended, in the fixtures that have one.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { BlindSpot } from '../../src/children/document.ts';
import { findChildren } from '../../src/children/find-children.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/children/bin/clang-x64/', import.meta.url));
const spotsOf = (idea: string): readonly BlindSpot[] =>
  findChildren({ name: `${idea}.exe`, bytes: readFileSync(`${FOLDER}${idea}.exe`) }).blindSpots;

describe('the route of a blind spot', () => {
  it('ends at the call that gives a registry value, then at the site', () => {
    const [{ route = [], site }] = spotsOf('registry-value');
    expect(route.map(({ what, stop }) => [what, stop])).toEqual([
      ['RegQueryValueExW gives it, from outside the file', true],
      ['CreateProcessW is called', undefined],
    ]);
    expect(route[1].address).toBe(site);
  });

  it('has one stop in every fixture where a value was followed', () => {
    const ideas = readdirSync(FOLDER).filter((file) => file.endsWith('.exe'));
    const routes = ideas.flatMap((file) => spotsOf(file.slice(0, -4)).flatMap(({ route }) => (route ? [route] : [])));
    expect(routes.length).toBeGreaterThan(20);
    for (const route of routes) expect(route.filter(({ stop }) => stop)).toHaveLength(1);
  });
});
