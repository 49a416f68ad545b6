// Every fixture's binary gives the answer that its source's first comment states; what does not yet is listed, and the list may only shrink.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { ChildrenDocument } from '../../src/children/document.ts';
import { findChildren, type ModuleFile } from '../../src/children/find-children.ts';
import { flowWithout, type Trap } from '../../truth/without.ts';
import { differences } from './fixtures-compare.ts';
import { BUILDS, binaryName, type Depth, type Expected, orphans, readExpected } from './fixtures-expected.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/children/', import.meta.url));
const OPEN_FILE = fileURLToPath(new URL('./fixtures-open.json', import.meta.url));

const sources = new Map<string, Expected>();
for (const file of readdirSync(FOLDER).sort())
  if (/\.(c|cpp)$/.test(file))
    sources.set(basename(file, extname(file)), readExpected(readFileSync(FOLDER + file, 'utf8'), file));

const binaries = readdirSync(`${FOLDER}bin`).flatMap((build) =>
  readdirSync(`${FOLDER}bin/${build}`).map((file) => `${build}/${file}`),
);

/** Fixtures ("build/idea") that are known not to pass yet. FIXTURES_OPEN=shrink takes those out that pass; nothing puts one in. */
const open = new Set(JSON.parse(readFileSync(OPEN_FILE, 'utf8')) as string[]);

/** Traps that are left unhandled, to see which fixtures then fail (npm run truth -- --without TRAP). */
const without = process.env.FIXTURES_WITHOUT?.split(',') as Trap[] | undefined;
const makeFlow = without && flowWithout(without);

function analyse(build: string, file: string): ChildrenDocument {
  const load = (name: string): ModuleFile | undefined => {
    const path = `${FOLDER}bin/${build}/${name}`;
    return existsSync(path) ? { name, path: name, bytes: readFileSync(path) } : undefined;
  };
  return findChildren(load(file)!, { loadModule: (name) => load(name.toLowerCase()), makeFlow });
}

const shrink = process.env.FIXTURES_OPEN === 'shrink';
function takeOut(id: string): void {
  open.delete(id);
  writeFileSync(OPEN_FILE, `${JSON.stringify([...open].sort(), null, 2)}\n`);
  console.log(`${id} passes and is taken out of the open fixtures.`);
}

const cases = (builds: readonly string[]) =>
  [...sources].flatMap(([idea, expected]) =>
    builds
      .filter((build) => expected.builds.includes(build) && binaries.includes(`${build}/${binaryName(idea, expected)}`))
      .map((build) => ({ id: `${build}/${idea}`, build, file: binaryName(idea, expected), expected })),
  );

describe('the fixtures as a set', () => {
  it('has a binary for every source and a source for every binary', () => {
    expect(orphans(sources, binaries)).toEqual([]);
  });

  it('would see an orphan of either kind', () => {
    const some = new Map([['lone', { ...[...sources.values()][0]!, kind: 'program' as const, builds: ['mingw-x64'] }]]);
    expect(orphans(some, ['mingw-x64/lone.exe'])).toEqual([]);
    expect(orphans(some, ['mingw-x64/other.exe'])).toHaveLength(2);
  });

  it('lists as open only fixtures that exist, each once, in order', () => {
    const ids = cases(BUILDS).map((c) => c.id);
    expect([...open].filter((id) => !ids.includes(id))).toEqual([]);
    const listed = JSON.parse(readFileSync(OPEN_FILE, 'utf8')) as string[];
    expect(listed).toEqual([...new Set(listed)].sort());
  });
});

describe.each(BUILDS)('fixtures of %s', (build) => {
  const later: { id: string; depth: Depth; why: string }[] = [];

  it.each(cases([build]))('$id: $expected.winnow', ({ id, file, expected }) => {
    const found = differences(analyse(build, file), expected, build);
    if (!open.has(id)) expect(found, found.join('; ')).toEqual([]);
    else if (shrink && found.length === 0) takeOut(id);
    else {
      expect(found, `${id} passes now: take it out of test/children/fixtures-open.json`).not.toEqual([]);
      later.push({ id, depth: expected.depth, why: found[0]! });
    }
  });

  afterAll(() => {
    if (later.length > 0)
      console.log(
        `Expected later, ${later.length} fixtures of ${build} (test/children/fixtures-open.json):\n` +
          later.map(({ id, depth, why }) => `  ${id} [${depth}] ${why}`).join('\n'),
      );
  });
});
