// What a reader of one dossier's funnel is told of its exclusions, and of those that nobody answers for.

import type { Mined } from './mining.ts';

/** A note begins with the observable that it is about: it stands with that one's dossier alone. `counted`: the observables of all dossiers. */
export function isOwnNote(note: string, own: readonly string[], counted: Pick<ReadonlySet<string>, 'has'>): boolean {
  const about = note.slice(0, Math.max(0, note.indexOf(': ')));
  return !counted.has(about) || own.includes(about);
}

/** Free exclusions that would help, apart from those that are proposed, each with how it is abused. */
export function heldBackNotes(observable: string, { heldBack }: Pick<Mined, 'heldBack'>): readonly string[] {
  return heldBack.map(
    ({ predicate, covers, abuse }) =>
      `${observable}: not proposed, as nobody answers for it (--owner and --expiry name who, and until when): ${predicate} covers ${covers}; abuse: ${abuse}`,
  );
}
