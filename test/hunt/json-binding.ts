// Events that are plain JSON, for the tests of queries: fields by their path, categories and times as Elastic has them.
import type { EventAccess } from '../../src/hunt/query-run.ts';
import type { Binding } from '../../src/rule/binding.ts';
import { partOf } from '../../src/rule/evaluate-expression.ts';
import type { Result } from '../../src/rule/functions.ts';
import type { Value } from '../../src/rule/value-match.ts';

export type JsonEvent = { readonly [name: string]: Result };

function valuesIn(result: Result): readonly Value[] {
  if (result === null) return [];
  if (typeof result !== 'object') return [result];
  return Array.isArray(result) ? result.flatMap(valuesIn) : ['{}'];
}

/** By the name as it stands, else by its parts. */
function wholeOf(event: JsonEvent, name: string): Result {
  return Object.hasOwn(event, name) ? event[name] : partOf(event, name.split('.'));
}

export const JSON_BINDING: Binding<JsonEvent> = {
  field: (name) => (event) => valuesIn(wholeOf(event, name)),
  all: (event) => Object.values(event).flatMap(valuesIn),
  part: (name, path) => (event) => partOf(wholeOf(event, name), path),
};

export const JSON_ACCESS: EventAccess<JsonEvent> = {
  binding: JSON_BINDING,
  timeOf: (event) => Number(event.time ?? 0),
  categoryOf: (event) => {
    const category = event['event.category'] ?? event.event_type;
    return valuesIn(category ?? null).map(String);
  },
};
