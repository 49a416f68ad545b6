// An observable as conditions over events: what shows it, what its log source is, and the fields that both speak of.

import { logSourceCondition } from '../history/log-source-condition.ts';
import { type Condition, fieldsOf } from '../rule/condition.ts';
import type { Observable } from './technique.ts';

export interface ObservableCondition {
  /** Events that show it. */
  readonly hit: Condition;
  /** Events of its log source, whether they show it or not; undefined where the dossier names none that is a Windows event log. */
  readonly telemetry: Condition | undefined;
}

/** Undefined where the dossier names neither a predicate nor a log source that can be asked. */
export function observableCondition({ logSource, predicate }: Observable): ObservableCondition | undefined {
  const telemetry = logSourceCondition(logSource?.name, logSource?.channel);
  const own = predicate?.condition;
  if (own === undefined) return telemetry && { hit: telemetry, telemetry };
  return { hit: telemetry ? { kind: 'and', of: [telemetry, own] } : own, telemetry };
}

/** Fields by which its hits differ: those it requires, asks for, forces and leaves free, each once. */
export function fieldsOfObservable({ requiresFields, predicate, forced, free }: Observable): readonly string[] {
  const asked = predicate ? fieldsOf(predicate.condition) : [];
  const names = [...requiresFields, ...asked, ...forced.map(({ field }) => field), ...free.map(firstWord)];
  const seen = new Set<string>();
  return names.filter((name) => {
    const key = name.toLowerCase();
    return name !== '' && !seen.has(key) && seen.add(key);
  });
}

function firstWord(text: string): string {
  return text.trim().split(/\s+/)[0];
}
