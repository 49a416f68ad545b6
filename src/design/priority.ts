// How urgent a hit of the scope is: a row for each advice of the funnel, with what it rests on.

import type { Severity } from '../rule/rule.ts';
import type { ScopeEntry } from './document.ts';

export interface Priority {
  readonly severity: Severity;
  /** What is to be done with a hit. */
  readonly act: string;
  readonly why: string;
}

/** From this level on an observable stands for the technique itself rather than for a tool of it. */
const CORE_LEVEL = 4;

export function priorityOf({ advice, advice_reason, level }: ScopeEntry): Priority {
  const why = level === null ? `${advice_reason}; no level is given` : advice_reason;
  switch (advice) {
    case 'alert':
      return {
        severity: level !== null && level >= CORE_LEVEL ? 'high' : 'medium',
        act: 'raise an alert for each hit',
        why,
      };
    case 'correlate':
      return { severity: 'low', act: 'count a hit together with others, and raise no alert for it alone', why };
    case 'hunt':
      return { severity: 'informational', act: 'look at hits in a hunt, and raise no alert', why };
  }
}
