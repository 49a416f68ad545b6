// The registry values whose change adds a child of the program: into the document, with --watch the rules that watch them, and their section of the report.

import type { RuleOptions } from '../children/child-rule.ts';
import type { ChildrenDocument } from '../children/document.ts';
import type { OpenedRegistry } from '../children/registry-answers/given-registry.ts';
import { watchRules } from '../children/watched/watch-rule.ts';
import { watchedValues } from '../children/watched/watched-values.ts';
import type { Note } from '../errors.ts';

/** `rule`: with --watch, the languages; the rules that watch stand in place of those about children. */
export function withWatched(
  document: ChildrenDocument,
  host: string | undefined,
  registry: OpenedRegistry | undefined,
  rule: RuleOptions | undefined,
): ChildrenDocument {
  const found: Note[] = [];
  const watched = watchedValues(document, host, registry?.view, found);
  // A hive is read as it is asked, so that looking for these may have met more that is amiss.
  const known = new Set(document.notes.map(noteKey));
  const more = [...(registry?.notes ?? []), ...found].filter((note) => !known.has(noteKey(note)));
  const listed: ChildrenDocument = { ...document, watched, notes: [...document.notes, ...more] };
  if (rule === undefined) return listed;
  const nothing = {
    about: 'registry',
    text: 'no value is known whose change adds a child, so there is nothing to watch',
  };
  return {
    ...listed,
    rule: watchRules(listed, rule),
    notes: watched.length === 0 ? [...listed.notes, nothing] : listed.notes,
  };
}

function noteKey({ about, text }: Note): string {
  return `${about}\n${text}`;
}
