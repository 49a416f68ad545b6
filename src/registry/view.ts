// What hives and .reg exports have in common: keys by their full paths, with their values, the time of their last write and the file that says so.

import type { ValueContent } from '../hive/value-content.ts';

/** Some of a machine's registry, as the files that were given hold it. Nothing of the machine that Winnow runs on is ever looked up. */
export interface RegistryView {
  /**
   * The key of a full path, letter case aside: "HKEY_LOCAL_MACHINE\SOFTWARE\Classes" or "HKLM\Software\Classes"; undefined where no given file holds it.
   * HKEY_CLASSES_ROOT is the user's classes over the machine's, CurrentControlSet the set that Select names, HKEY_CURRENT_USER any user's hive that was given.
   */
  key(path: string): RegistryViewKey | undefined;
  /** Whether any file that was given could hold that path: false means that absence says nothing. */
  covers(path: string): boolean;
}

export interface RegistryViewKey {
  /** Full path in the file's own case, beginning with HKEY_. */
  readonly path: string;
  /** ISO 8601, UTC, of a hive; an export has none. */
  readonly lastWritten: string | undefined;
  /** The file that holds it, by its name as given. */
  readonly source: string;
  subkeys(): Iterable<RegistryViewKey>;
  subkey(name: string): RegistryViewKey | undefined;
  values(): Iterable<RegistryViewValue>;
  /** '' asks for the default value. */
  value(name: string): RegistryViewValue | undefined;
  /** The key as each file holds it, the one that `source` names first, where several do: two users' hives, a hive and an export. */
  heldBy?(): readonly RegistryViewKey[];
}

export interface RegistryViewValue {
  readonly name: string;
  /** RegType (winnt.h). */
  readonly type: number;
  readonly content: ValueContent;
}
