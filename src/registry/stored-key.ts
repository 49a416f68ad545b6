// A key as one file stores it: what a hive, an export and the places where they hang have in common below the view.

import type { RegistryViewValue } from './view.ts';

export interface StoredKey {
  readonly name: string;
  /** ISO 8601, UTC; undefined where the file has none. */
  readonly lastWritten: string | undefined;
  /** The path that a symbolic link leads to ("\Registry\Machine\..."); undefined of any other key. */
  readonly link: string | undefined;
  subkeys(): Iterable<StoredKey>;
  /** `upper`: the name as `upperName` has it. */
  subkey(upper: string): StoredKey | undefined;
  values(): Iterable<RegistryViewValue>;
  value(upper: string): RegistryViewValue | undefined;
}
