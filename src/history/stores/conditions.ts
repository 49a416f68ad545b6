// Questions as one expression of SQL: of each event, which of them have it as telemetry and which as a hit.

import { UnsupportedError } from '../../errors.ts';
import { systemNameOf } from '../../logs/event.ts';
import { type Condition, fieldsOf, walk } from '../../rule/condition.ts';
import { sqlCondition } from '../../rule/emit/sql.ts';
import { literal } from '../../rule/pattern.ts';
import type { ValueTest } from '../../rule/value-test.ts';
import type { Question } from '../question.ts';

/** Questions that are asked together: two bits of a BIGINT each. */
export const BATCH = 30;

/** Bits of a question's telemetry and hits in the mark of an event. */
export function bitsOf(index: number): { readonly telemetry: bigint; readonly hit: bigint } {
  return { telemetry: 1n << BigInt(2 * index), hit: 1n << BigInt(2 * index + 1) };
}

export interface Mark {
  readonly sql: string;
  /** The bits of hits of questions that want to know a field's values. */
  readonly wanting: (field: string) => bigint;
}

export function markSql(questions: readonly Question[]): Mark {
  const groups = new Map<string, number[]>();
  for (const [i, { telemetry }] of questions.entries()) {
    const key = telemetry === undefined ? 'true' : conditionSql(telemetry);
    groups.set(key, [...(groups.get(key) ?? []), i]);
  }
  const parts = [...groups].map(([telemetry, own]) => {
    const base = own.reduce((bits, i) => bits | bitsOf(i).telemetry, 0n);
    const hits = own.map((i) => `CASE WHEN ${conditionSql(questions[i].condition)} THEN ${bitsOf(i).hit} ELSE 0 END`);
    return `CASE WHEN ${telemetry} THEN ${[base, ...hits].join(' + ')} ELSE 0 END`;
  });
  return {
    sql: `CAST(${parts.join(' + ')} AS BIGINT)`,
    wanting: (field) =>
      questions.reduce(
        (bits, { fields }, i) =>
          fields.some((one) => one.toLowerCase() === field.toLowerCase()) ? bits | bitsOf(i).hit : bits,
        0n,
      ),
  };
}

/** Fields that questions need, each once whatever its letter case, in the order of their names. */
export function fieldsNamed(questions: readonly Question[]): readonly string[] {
  const named = new Map<string, string>();
  for (const { condition, telemetry, fields } of questions)
    for (const field of [...fields, ...fieldsOf(condition), ...(telemetry ? fieldsOf(telemetry) : [])])
      if (!named.has(field.toLowerCase())) named.set(field.toLowerCase(), field);
  return [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, field]) => field);
}

/** The condition over columns of text. Throws UnsupportedError for what cannot be asked of a table. */
export function conditionSql(condition: Condition): string {
  for (const node of walk(condition))
    if (node.kind === 'keyword')
      throw new UnsupportedError('a word in any field cannot be asked of a history: name the field');
  return sqlCondition(plainNumbers(condition));
}

/** Numbers of events are compared as the texts that they are, which costs a history of millions less. */
function plainNumbers(condition: Condition): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { ...condition, of: condition.of.map(plainNumbers) };
    case 'not':
    case 'named':
      return { ...condition, of: plainNumbers(condition.of) };
    case 'match':
      return systemNameOf(condition.field) === 'eventId'
        ? { ...condition, values: condition.values.map(plainNumber) }
        : condition;
    default:
      return condition;
  }
}

function plainNumber(test: ValueTest): ValueTest {
  if (test.kind === 'number' && test.op === 'eq' && Number.isInteger(test.than))
    return { kind: 'like', pattern: literal(String(test.than)), cased: true };
  return test.kind === 'like' && test.pattern.every((part) => typeof part === 'string' && /^\d+$/.test(part))
    ? { ...test, cased: true }
    : test;
}
