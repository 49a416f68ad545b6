// Which hits of a history are the attack's: those that a labelled session marks by its tool; all others are taken for noise.

import type { Row } from '../../history/question.ts';
import type { Binding } from '../../rule/binding.ts';
import { compileCondition } from '../../rule/evaluate.ts';
import type { AttackRow } from '../exclusions/mining.ts';
import type { Technique } from '../technique.ts';

const OF_ROW: Binding<Row> = {
  field: (name) => (row) => {
    const value = row.values[name];
    return value === undefined || value === null ? [] : [value];
  },
  all: (row) => Object.values(row.values).flatMap((value) => value ?? []),
};

/** `fields`: the ones that rows are told apart by afterwards. */
export function labelRows(
  rows: readonly Row[],
  { sessions }: Technique,
  fields: readonly string[],
): { readonly benign: readonly Row[]; readonly attacks: readonly AttackRow[] } {
  const marks = sessions.flatMap(({ id, label, attackEvents }) =>
    label === 'attack' && attackEvents ? [{ id, marks: compileCondition(attackEvents.condition, OF_ROW) }] : [],
  );
  const benign: Row[] = [];
  const attacks: AttackRow[] = [];
  for (const row of rows) {
    const session = marks.find((one) => one.marks(row) === true)?.id;
    const values = Object.fromEntries(fields.map((name) => [name, row.values[name] ?? null]));
    if (session === undefined) benign.push({ values, count: row.count });
    else attacks.push({ values, count: row.count, session });
  }
  return { benign, attacks };
}
