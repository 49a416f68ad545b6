// Default names as signatures: what the published tool does unless told otherwise, worth a rule, and never part of the scope.

import type { SideRule } from '../document.ts';
import type { Technique } from '../technique.ts';

export function sideRulesOf({ primitives }: Technique): readonly SideRule[] {
  return primitives.flatMap(({ id, varies }): SideRule[] =>
    varies?.field !== undefined && varies.default !== undefined
      ? [{ primitive: id, field: varies.field, value: varies.default, level: 1, kind: 'signature' }]
      : [],
  );
}
