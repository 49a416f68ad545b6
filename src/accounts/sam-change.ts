// One change between two states of a SAM, as winnow.accounts-sam-diff/1 has it.

import type { ChangeKind, Direction, Group, Principal, Setting } from './document.ts';

export interface SamChange {
  readonly kind: ChangeKind;
  readonly account: Principal | null;
  readonly group: Group | null;
  readonly member: Principal | null;
  readonly direction: Direction | null;
  /** Old and new values; of passwords only when they were set. */
  readonly settings: readonly Setting[];
  /** When its key was written last, ISO 8601, UTC: the change is not later. null of a key that is gone. */
  readonly keyLastWrite: string | null;
  readonly notes: readonly string[];
}

/** What is not given is null or empty. */
export function change(kind: ChangeKind, rest: Partial<SamChange>): SamChange {
  return {
    kind,
    account: null,
    group: null,
    member: null,
    direction: null,
    settings: [],
    keyLastWrite: null,
    notes: [],
    ...rest,
  };
}

export function setting(name: string, old: string | null, fresh: string): Setting {
  return { name, old, new: fresh };
}
