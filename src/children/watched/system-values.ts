// Registry values of Windows that name a program which somebody starts: where they stand, which program reads them, and the ATT&CK technique of changing them.

import table from '../../../data/registry-values.json' with { type: 'json' };

export interface SystemValue {
  /** Full path; "*" is one key whose name may be any; "{child}" the file name of a child of the program that was read, "{type}" what it opens. */
  readonly key: string;
  /** '' is the default value, "*" any. */
  readonly value: string;
  /**
   * Who starts what the value names: programs by their file names in lower case; "any", whichever starts the child or opens the type that
   * the key is named after; "command-processor", whichever calls system() and its kin.
   */
  readonly readBy: readonly string[];
  /** In words, for a sentence that begins with the value. */
  readonly why: string;
  /** Of ATT&CK. */
  readonly technique?: string;
  /** Who documents it. */
  readonly source: string;
}

/** Rows say what Windows does with a value, of whatever program; which of them concern a program follows from its name and its children. */
export const SYSTEM_VALUES: readonly SystemValue[] = table.values;
