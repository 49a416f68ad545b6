// Observables and sessions for tests of exclusions, written as short as a dossier has them.

import type { Observable, Predicate } from '../../../src/design/technique.ts';
import { readSelection } from '../../../src/rule/read/selection.ts';

export const AT = { line: 1, column: 1 };

export function predicate(text: string): Predicate {
  return { at: AT, text, condition: readSelection(text, { bits: true }) };
}

export function observable(
  text: string,
  forced: Readonly<Record<string, string>>,
  free: readonly string[] = [],
  more: Partial<Observable> = {},
): Observable {
  return {
    at: AT,
    id: 'O3',
    dataComponent: 'DC0035',
    logSource: undefined,
    requiresFields: [],
    predicate: predicate(text),
    level: 4,
    column: 'U',
    forced: Object.entries(forced).map(([field, said]) => ({ at: AT, field, text: said })),
    free,
    context: { unrelatedTechniques: [], enrichment: [] },
    ...more,
  };
}

export const LSASS = "TargetImage|endswith: '\\lsass.exe'";
