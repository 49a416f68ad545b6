// Attack replay: each labelled attack event again, with what the attacker sets rewritten to what an exclusion lets pass.

import type { Row } from '../../history/question.ts';
import { alternativesOf, type Part } from '../../rule/alternatives.ts';
import type { Condition } from '../../rule/condition.ts';
import { exampleValue } from '../../rule/example-value.ts';
import { controlOf } from '../../rule/field-control.ts';
import { networkText } from '../../rule/network.ts';
import { factsOf } from '../../rule/part-facts.ts';
import type { TextPattern } from '../../rule/pattern.ts';
import { meetsOnce } from '../../rule/value-match.ts';
import { type Ground, strengthOfPart } from './classify.ts';
import { type ForcedPart, isNumber, meetsForced } from './forced-parts.ts';
import type { AttackRow } from './mining.ts';
import { rowTest, rowValue } from './row-values.ts';

/** Values of one field that are tried, the most frequent of those that the exclusion lets pass. */
const MOST_VALUES = 512;

export interface Replayed {
  /** The attack rows that could be rewritten so that the exclusion holds. */
  readonly evading: ReadonlySet<AttackRow>;
  /** Values that do it, of the first such row. */
  readonly example: readonly { readonly field: string; readonly value: string }[];
}

/** `benign` are hits that the exclusion lets pass, some of them at least. */
export function replay(
  condition: Condition,
  benign: readonly Row[],
  attacks: readonly AttackRow[],
  ground: Ground,
): Replayed {
  const evading = new Set<AttackRow>();
  let example: { field: string; value: string }[] = [];
  const alternatives = alternativesOf(condition);
  // What is not told apart is taken for what anybody can use.
  if (!alternatives) return { evading: new Set(attacks), example };
  const ways = alternatives.map((parts) => wayOf(parts, benign, ground));
  const holds = rowTest(condition);
  for (const attack of attacks) {
    if (holds(attack)) {
      evading.add(attack);
      continue;
    }
    for (const way of ways) {
      const values = way(attack);
      if (!values) continue;
      if (evading.size === 0) example = values;
      evading.add(attack);
      break;
    }
  }
  return { evading, example };
}

/** What an alternative asks of one field, and what can be done about it. */
interface Asked {
  readonly field: string;
  readonly parts: readonly Part[];
  readonly forced: readonly ForcedPart[];
  readonly isSettable: boolean;
  /** A value of those tried that does it; undefined where only the event's own can tell. */
  readonly value: string | undefined;
}

/** The values that have to be written into an attack event; undefined where it cannot be done. */
function wayOf(
  parts: readonly Part[],
  benign: readonly Row[],
  ground: Ground,
): (attack: AttackRow) => { field: string; value: string }[] | undefined {
  const fields = new Map<string, Part[]>();
  for (const part of parts) {
    if (part.of.kind !== 'match') return () => [];
    const key = part.of.field.toLowerCase();
    fields.set(key, [...(fields.get(key) ?? []), part]);
  }
  const facts = factsOf(parts);
  const asked = [...fields.values()].map((own): Asked => {
    const [{ of }] = own;
    const field = of.kind === 'match' ? of.field : '';
    const forced = ground.forced.filter((part) => part.field.toLowerCase() === field.toLowerCase());
    // A bit that is clear is asked for by its opposite.
    const isSettable = own.every((part) => strengthOfPart(part, facts, ground).class === 'free');
    const tried = [...frequentValues(benign, field), ...madeUp(own, field)];
    const value = tried.find((one) => meetsAll(own, one) && forced.every((part) => meetsForced(part, one)));
    return { field, parts: own, forced, isSettable, value };
  });
  return (attack) => {
    const values: { field: string; value: string }[] = [];
    for (const { field, parts: own, forced, isSettable, value } of asked) {
      const given = rowValue(attack, field);
      if (meetsAll(own, given)) continue;
      if (!isSettable) return undefined;
      const other = value ?? otherBits(own, given, forced);
      if (other === undefined) return undefined;
      values.push({ field, value: other });
    }
    return values;
  };
}

function meetsAll(parts: readonly Part[], value: string | undefined): boolean {
  const values = value === undefined ? [] : [value];
  return parts.every(({ of, negated }) => {
    if (of.kind !== 'match') return true;
    return of.values.some((test) => test.kind !== 'field' && meetsOnce(test)(values)) !== negated;
  });
}

function frequentValues(rows: readonly Row[], field: string): readonly string[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = rowValue(row, field);
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + row.count);
  }
  return [...counts]
    .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
    .slice(0, MOST_VALUES)
    .map(([value]) => value);
}

/** Values that no hit has, and that the comparisons ask for. */
function madeUp(parts: readonly Part[], field: string): readonly string[] {
  const patterns: (readonly TextPattern[])[] = [];
  const values: string[] = [];
  for (const { of, negated } of parts) {
    if (of.kind !== 'match' || negated) continue;
    const own = of.values.flatMap((test) => (test.kind === 'like' ? [test.pattern] : []));
    if (own.length > 0) patterns.push(own);
    for (const test of of.values) {
      if (test.kind === 'cidr') values.push(networkText(test.network).replace(/\/\d+$/, ''));
      if (test.kind === 'number') values.push(...[-1, 0, 1].map((by) => String(test.than + by)));
    }
  }
  const control = controlOf(field);
  const isPath = control?.of !== undefined || control?.nature === 'file';
  const example = patterns.length > 0 ? exampleValue(patterns, isPath) : 'x';
  return [...(example === undefined ? [] : [example]), ...values];
}

/** The event's own number, with the bits that the comparisons ask for and those that are forced left as they are. */
function otherBits(
  parts: readonly Part[],
  given: string | undefined,
  forced: readonly ForcedPart[],
): string | undefined {
  let number = given !== undefined && isNumber(given) ? BigInt(given.trim()) : 0n;
  for (const { of, negated } of parts)
    for (const test of of.kind === 'match' ? of.values : []) {
      if (test.kind === 'bits') number = negated ? number & ~test.mask : number | test.mask;
    }
  for (const { tests, isNegated } of forced)
    for (const test of tests) if (test.kind === 'bits') number = isNegated ? number & ~test.mask : number | test.mask;
  const value = `0x${number.toString(16)}`;
  return meetsAll(parts, value) && forced.every((part) => meetsForced(part, value)) ? value : undefined;
}
