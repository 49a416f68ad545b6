// Fields that a question needs and that no event of its log source fills: without one of them no event could be a hit, which is unknown and never quiet.

import { and, type Condition, conjuncts, fieldsOf } from '../rule/condition.ts';
import type { Answer, AskOptions, HistoryStore, Question } from './question.ts';

/** What every event has, whatever its log source. */
const OF_EVERY_EVENT: ReadonlySet<string> = new Set(['eventid', 'channel', 'provider_name', 'computer']);

interface Asked {
  readonly question: Question;
  readonly answer: Answer;
}

/** By question: of those without a hit that have telemetry, the fields that are never filled and rule every hit out. */
export async function unfilledFields(
  store: HistoryStore,
  asked: readonly Asked[],
  options: AskOptions,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const parts = asked
    .filter(({ answer }) => answer.hits === 0 && answer.telemetry > 0)
    .flatMap(({ question }) => neededFields(question.condition).map((fields) => ({ question, fields })));
  if (parts.length === 0) return new Map();
  const answers = await store.ask(
    parts.map(({ question, fields }, i) => ({
      id: `filled ${i}`,
      condition: filled(question.telemetry, fields),
      telemetry: undefined,
      fields: [],
    })),
    options,
  );
  const unfilled = new Map<string, string[]>();
  for (const [i, { question, fields }] of parts.entries())
    if (answers[i].hits === 0) unfilled.set(question.id, [...(unfilled.get(question.id) ?? []), ...fields]);
  return unfilled;
}

/** Why nothing is known then. */
export function unfilledReason(fields: readonly string[]): string {
  return `no event of its log source fills ${fields.join(', ')}, so that none could be a hit`;
}

/** Of each part that has to hold, its fields, of which an event fills one at least; a part that denies something holds without them too. */
export function neededFields(condition: Condition): readonly (readonly string[])[] {
  return conjuncts(condition)
    .filter(({ kind }) => kind === 'match' || kind === 'or')
    .filter((part) => !denies(part))
    .map((part) => [...new Set(fieldsOf(part))])
    .filter((fields) => fields.length > 0 && !fields.some((field) => OF_EVERY_EVENT.has(field.toLowerCase())));
}

/** Whether it may hold of an event without its fields. */
function denies(condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.some(denies);
    case 'named':
      return denies(condition.of);
    case 'match':
      return condition.values.some((test) => test.kind === 'null' || (test.kind === 'exists' && !test.wanted));
    default:
      return true;
  }
}

/** Events of the log source in which one of the fields is there. */
function filled(telemetry: Condition | undefined, fields: readonly string[]): Condition {
  const any: Condition = {
    kind: 'or',
    of: fields.map((field) => ({ kind: 'match', field, values: [{ kind: 'exists', wanted: true }] }) as const),
  };
  return telemetry ? and(telemetry, any) : any;
}
