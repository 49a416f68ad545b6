import { expect, it } from 'vitest';
import { matchingKeys } from '../../src/registry/key-pattern.ts';
import type { RegistryView, RegistryViewKey } from '../../src/registry/view.ts';

const keyAt = (path: string, below: readonly RegistryViewKey[] = []) =>
  ({ path, subkeys: () => below }) as unknown as RegistryViewKey;

it('ends the search where the paths of the keys are too much to look through, and says so', () => {
  const path = `HKEY_LOCAL_MACHINE\\${'N'.repeat(100_000)}`;
  const leaves = Array.from({ length: 3000 }, (_, i) => keyAt(`${path}\\${i}`));
  const root = keyAt('HKEY_LOCAL_MACHINE', [keyAt(path, leaves)]);
  const view: RegistryView = { key: () => root, covers: () => true };
  expect(matchingKeys(view, 'HKLM\\**\\X', () => false)).toEqual({ found: [], isCut: true });
});
