// The differences between real builds that were written down by hand, item by item: what is not equal is listed here, and the list may only shrink.
import { describe, expect, it } from 'vitest';
import { diffChildren } from '../../../src/children/diff/children-diff.ts';
import { findChildren, type ModuleFile } from '../../../src/children/find-children.ts';

interface Side {
  readonly file: ModuleFile;
  readonly modules: ReadonlyMap<string, ModuleFile>;
}
interface Item {
  readonly item: string;
  readonly equal: boolean;
  readonly found?: string;
}
// Scripts, which have no types.
const script = (name: string) => import(`../../../truth/${name}.mjs`);
const { compareItems }: { compareItems: (expected: unknown, diff: unknown) => readonly Item[] } =
  await script('children-diff-items');
const {
  expectedDifferences,
  readSides,
}: {
  expectedDifferences: () => readonly { readonly name: string; readonly expected: unknown }[];
  readSides: (
    expected: unknown,
    root?: string,
    second?: string,
  ) => { readonly sides?: readonly [Side, Side]; readonly missing?: readonly string[] };
} = await script('children-diff-sides');

/** Items that differ, by what is found of one of the two files: docs/children-diff.md says why. */
const DIFFERING: Readonly<Record<string, readonly RegExp[]>> = {
  'userinit-x86-x64': [
    /^child explorer\.exe: command line same/,
    /^child shellappruntime\.exe: nothing else starts it/,
  ],
};

describe('differences between real builds', () => {
  const { WINNOW_TRUTH_BINARIES: root, WINNOW_SECOND_WERFAULT: second } = process.env;
  for (const { name, expected } of expectedDifferences()) {
    const { sides, missing } = readSides(expected, root, second);
    if (sides === undefined) {
      console.log(
        `skipped: the expected differences ${name}, because ${missing?.join(', ')} is absent (WINNOW_TRUTH_BINARIES, WINNOW_SECOND_WERFAULT)`,
      );
      it.skip(name, () => {});
      continue;
    }
    it(name, { timeout: 180_000 }, () => {
      const [old, now] = sides.map(({ file, modules }) =>
        findChildren(file, { loadModule: (wanted) => modules.get(wanted) }),
      );
      const items = compareItems(expected, diffChildren(old, now, { rule: { languages: [] } }));
      expect(items.length).toBeGreaterThan(10);
      const known = (item: string) => (DIFFERING[name] ?? []).some((pattern) => pattern.test(item));
      expect(items.filter(({ item, equal }) => !equal && !known(item))).toEqual([]);
    });
  }

  it('a comparison that finds nothing is no success', () => {
    for (const { expected } of expectedDifferences()) {
      const items = compareItems(expected, { children: [], sites: [], blindSpots: [], documents: [], rule: null });
      expect(items.filter(({ equal }) => equal)).toEqual([]);
    }
  });
});
