// Labels of attack events: refused where they are chosen by what is to be tested, which would prove itself.

import type { Row } from '../../history/question.ts';
import { fieldsOf, walk } from '../../rule/condition.ts';
import { controlOf } from '../../rule/field-control.ts';
import { keyOf } from '../../rule/part-facts.ts';
import type { Observable, Predicate, Session } from '../technique.ts';
import type { AttackRow } from './mining.ts';
import { rowTest } from './row-values.ts';

/** What says which kind of event it is, and not which of them is the attack's. */
const KIND_OF_EVENT: ReadonlySet<string> = new Set([
  'eventid',
  'event.code',
  'event_id',
  'event.category',
  'event.type',
  'event.action',
]);

/** Why the labels prove nothing of this observable, in one sentence; undefined where they may be used. */
export function circularLabels(observable: Observable, attackEvents: Predicate): string | undefined {
  const { condition } = attackEvents;
  for (const node of walk(condition))
    if (node.kind === 'keyword')
      return `attack_events looks for a text anywhere in the event, so also in what ${observable.id} tests; name the attack by its tool's own field`;
  const tested = new Map<string, string>();
  for (const field of observable.predicate ? fieldsOf(observable.predicate.condition) : [])
    tested.set(keyOf(field), field);
  for (const forced of observable.forced) {
    const [field] = forced.field.split('|');
    tested.set(keyOf(field.trim()), field.trim());
  }
  const shared = fieldsOf(condition).find((field) => !isKindOfEvent(field) && tested.has(keyOf(field)));
  return shared === undefined
    ? undefined
    : `attack_events tests ${shared}, which ${observable.id} tests as well: labels that are derived from the predicate prove nothing; name the attack by its tool`;
}

function isKindOfEvent(field: string): boolean {
  return KIND_OF_EVENT.has(field.toLowerCase()) || controlOf(field)?.nature === 'recorder';
}

/** Each hit goes to the first attack session whose `attack_events` mark it; the others are taken for noise. */
export function labelRows(
  rows: readonly Row[],
  sessions: readonly Session[],
): { readonly attacks: AttackRow[]; readonly others: Row[] } {
  const marks = sessions.flatMap(({ id, label, attackEvents }) =>
    label === 'attack' && attackEvents ? [{ id, isMarked: rowTest(attackEvents.condition) }] : [],
  );
  const attacks: AttackRow[] = [];
  const others: Row[] = [];
  for (const row of rows) {
    const session = marks.find(({ isMarked }) => isMarked(row))?.id;
    if (session === undefined) others.push(row);
    else attacks.push({ ...row, session });
  }
  return { attacks, others };
}
