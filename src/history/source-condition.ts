// A rule's log source and condition as one over the fields that events of Windows logs have: for each kind of event its channel, numbers and names.

import { UnsupportedError } from '../errors.ts';
import { and, type Condition, like, match, or } from '../rule/condition.ts';
import type { LogSource } from '../rule/log-source.ts';
import { literal } from '../rule/pattern.ts';
import { type EventKind, kindsOf } from '../rule/sources.ts';

export interface SourceCondition {
  readonly hit: Condition;
  /** Undefined: every event. */
  readonly telemetry: Condition | undefined;
}

/** Throws UnsupportedError for a log source that is not among Windows logs, and for what an expression says of fields under other names. */
export function sourceCondition(source: LogSource, condition: Condition): SourceCondition {
  const kinds = kindsOf(source);
  if (typeof kinds === 'string') throw new UnsupportedError(kinds);
  const parts = kinds.map((kind) => ({ of: kindCondition(kind), hit: renamed(condition, kind.names ?? {}) }));
  const whole = parts.flatMap(({ of }) => of ?? []);
  if (whole.length < parts.length) return { hit: condition, telemetry: undefined };
  return {
    hit: anyOf(parts.map(({ of, hit }) => and(of!, hit))),
    telemetry: anyOf(whole),
  };
}

function anyOf(parts: readonly Condition[]): Condition {
  return parts.length === 1 ? parts[0] : or(...parts);
}

/** Undefined where any event is of the kind. */
function kindCondition({ channels, eventIds, where = {} }: EventKind): Condition | undefined {
  const parts = [
    ...(eventIds ? [match('EventID', ...eventIds.map((id) => ({ kind: 'number', op: 'eq', than: id }) as const))] : []),
    ...(channels.length > 0 ? [like('Channel', ...channels.map((one) => literal(one)))] : []),
    ...Object.entries(where).map(([field, values]) => like(field, ...values.map((one) => literal(one)))),
  ];
  return parts.length === 0 ? undefined : parts.length === 1 ? parts[0] : and(...parts);
}

function renamed(condition: Condition, names: Readonly<Record<string, string>>): Condition {
  const nameOf = (field: string): string => {
    const key = field.toLowerCase();
    return Object.hasOwn(names, key) ? names[key] : field;
  };
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { ...condition, of: condition.of.map((part) => renamed(part, names)) };
    case 'not':
    case 'named':
      return { ...condition, of: renamed(condition.of, names) };
    case 'match':
      return {
        ...condition,
        field: nameOf(condition.field),
        values: condition.values.map((test) => (test.kind === 'field' ? { ...test, name: nameOf(test.name) } : test)),
      };
    default:
      if (Object.keys(names).length === 0 || condition.kind === 'keyword') return condition;
      throw new UnsupportedError('an expression over fields that its log source has under other names');
  }
}
