// Forced parts held against labelled sessions: a part that a session's attack does not show is no longer called forced.

import { type ForcedPart, forcedText, meetsForced } from './forced-parts.ts';
import type { AttackRow } from './mining.ts';
import { rowValue } from './row-values.ts';

export interface ProvenParts {
  readonly parts: readonly ForcedPart[];
  /** Labelled rows that do the primitive. */
  readonly primitive: readonly AttackRow[];
  /** Labelled rows in which the tool does something else, such as a look at which processes there are. */
  readonly beside: readonly AttackRow[];
  readonly notes: readonly string[];
}

/** In each session with labelled rows, one at least has to be as all parts say. */
export function provenParts(read: readonly ForcedPart[], attacks: readonly AttackRow[]): ProvenParts {
  const notes: string[] = [];
  const sessions = [...new Set(attacks.map(({ session }) => session))].sort();
  const without = (parts: readonly ForcedPart[]): readonly string[] => {
    const shown = new Set<string>();
    for (const attack of attacks) if (meetsAllForced(parts, attack)) shown.add(attack.session);
    return sessions.filter((session) => !shown.has(session));
  };
  let parts = read.filter((part) => {
    if (part.needsEvidence && attacks.length === 0) {
      notes.push(
        `forced ${part.field}: ${part.text} is not used: the predicate does not test the field, and no labelled event shows what is meant`,
      );
      return false;
    }
    const broken = without([part]);
    if (broken.length === 0) return true;
    notes.push(
      `forced ${part.field}: ${part.text} (read as: ${forcedText(part)}) is refuted: no labelled event of ${broken.join(', ')} is so`,
    );
    return false;
  });
  const broken = without(parts);
  if (broken.length > 0) {
    notes.push(
      `the forced parts are refuted together: no one labelled event of ${broken.join(', ')} is as all of them say`,
    );
    parts = [];
  }
  const primitive: AttackRow[] = [];
  const beside: AttackRow[] = [];
  for (const attack of attacks) (meetsAllForced(parts, attack) ? primitive : beside).push(attack);
  return { parts, primitive, beside, notes };
}

function meetsAllForced(parts: readonly ForcedPart[], attack: AttackRow): boolean {
  return parts.every((part) => meetsForced(part, rowValue(attack, part.field)));
}
