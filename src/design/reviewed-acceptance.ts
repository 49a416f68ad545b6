// The hand-written list of accepted exclusions, as it is read: which exclusion of which observable, who answers for it, why and until when.

import type { Acceptance } from './exclusions/mining.ts';
import type { Placed } from './technique.ts';

export const ACCEPTANCES_SCHEMA = 'design.acceptances/1';

export interface ReviewedAcceptance extends Acceptance, Placed {
  /** The file it was read from, as it was given. */
  readonly file: string;
  /** The id of an observable. */
  readonly observable: string;
  readonly reason: string;
}
