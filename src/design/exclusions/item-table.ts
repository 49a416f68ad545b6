// Which hits have which frequent items: columns of values first, then a set of rows for each item.

import { compareTexts } from '../../bytes/text-order.ts';
import type { Row } from '../../history/question.ts';
import { controlOf } from '../../rule/field-control.ts';
import { addTo, type BitSet, emptySet } from './bit-set.ts';
import { complementOf, type ForcedPart, meetsForced } from './forced-parts.ts';
import { type FieldForm, formOf, type Item, isMinable, itemsOf, partsOf } from './items.ts';
import { rowTest, rowValue } from './row-values.ts';

/** An item with the hits that have it. */
export interface ItemRows extends Item {
  readonly benign: BitSet;
  readonly attacks: BitSet;
  /** Benign events. */
  readonly weight: number;
}

export interface ItemTable {
  readonly items: readonly ItemRows[];
  readonly notes: readonly string[];
}

/** Fields that are looked at, those that the observable names first. */
const MOST_FIELDS = 32;
/** Items of one field, and of all. */
const MOST_OF_FIELD = 160;
const MOST_ITEMS = 700;

/**
 * `benign` and `attacks` are numbered as they stand. An item is kept from `support` events on. `named`: fields that come first;
 * `masks`: fields whose bits the dossier speaks of, by their names in lower case.
 */
export function itemTable(
  benign: readonly Row[],
  attacks: readonly Row[],
  asked: {
    readonly support: number;
    readonly named: readonly string[];
    readonly masks: ReadonlySet<string>;
    readonly forced: readonly ForcedPart[];
  },
): ItemTable {
  const notes: string[] = [];
  const items: ItemRows[] = asked.forced.flatMap((part) => complementRows(part, benign, attacks) ?? []);
  const fields = fieldsOf(benign, asked.named);
  if (fields.length > MOST_FIELDS)
    notes.push(
      `of ${fields.length} fields the first ${MOST_FIELDS} are looked at, those that the dossier names before others`,
    );
  for (const field of fields.slice(0, MOST_FIELDS)) {
    const found = fieldItems(field, benign, attacks, asked.support, asked.masks.has(field.toLowerCase()));
    if (found.length > MOST_OF_FIELD)
      notes.push(`${field}: of ${found.length} frequent items the ${MOST_OF_FIELD} with the most events are combined`);
    items.push(...found.slice(0, MOST_OF_FIELD));
  }
  if (items.length > MOST_ITEMS) {
    notes.push(`of ${items.length} frequent items the ${MOST_ITEMS} with the most events are combined`);
    const own = items.splice(0, asked.forced.length);
    items.sort((one, other) => other.weight - one.weight || compareTexts(one.key, other.key));
    items.unshift(...own);
    items.length = MOST_ITEMS;
  }
  return { items, notes };
}

/** What rows tell that can stand in an exclusion: fields that are named, then those whose control is known, then others, each by name. */
function fieldsOf(rows: readonly Row[], named: readonly string[]): readonly string[] {
  const found = new Map<string, string>();
  for (const { values } of rows)
    for (const field in values) {
      if (found.size > 20_000) break;
      if (!Object.hasOwn(values, field)) continue;
      const key = field.toLowerCase();
      if (!found.has(key)) found.set(key, field);
    }
  const first = new Map(named.map((field, index) => [field.toLowerCase(), index - named.length]));
  const rank = (key: string): number => first.get(key) ?? (controlOf(key) ? 0 : 1);
  return [...found]
    .filter(([, field]) => isMinable(field))
    .sort(([one], [other]) => rank(one) - rank(other) || compareTexts(one, other))
    .map(([, field]) => field);
}

/** The rows of each value of a field, and the value's number of each row; -1 where it has none. */
function columnOf(
  rows: readonly Row[],
  field: string,
): { readonly values: readonly string[]; readonly of: Int32Array } {
  const numbers = new Map<string, number>();
  const of = new Int32Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    const value = rowValue(rows[row], field);
    if (value === undefined) {
      of[row] = -1;
      continue;
    }
    let number = numbers.get(value);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(value, number);
    }
    of[row] = number;
  }
  return { values: [...numbers.keys()], of };
}

function fieldItems(
  field: string,
  benign: readonly Row[],
  attacks: readonly Row[],
  support: number,
  isMask: boolean,
): readonly ItemRows[] {
  const column = columnOf(benign, field);
  const weights = new Float64Array(column.values.length);
  for (let row = 0; row < benign.length; row++) if (column.of[row] >= 0) weights[column.of[row]] += benign[row].count;
  const other = columnOf(attacks, field);
  const form = formOf(field, [...column.values, ...other.values], isMask);
  const frequent = frequentItems(column.values, weights, form, support);
  const rowsOf = new Map(
    [...frequent].map(([key, { item, weight }]) => [
      key,
      { ...item, weight, benign: emptySet(benign.length), attacks: emptySet(attacks.length) },
    ]),
  );
  const fill = (of: 'benign' | 'attacks', { values, of: numbers }: typeof column): void => {
    const sets = values.map((value) => {
      const own: BitSet[] = [];
      itemsOf(value, form, (key) => {
        const rows = rowsOf.get(key);
        if (rows) own.push(rows[of]);
      });
      return own;
    });
    for (let row = 0; row < numbers.length; row++)
      if (numbers[row] >= 0) for (const set of sets[numbers[row]]) addTo(set, row);
  };
  fill('benign', column);
  fill('attacks', other);
  return [...rowsOf.values()].sort((one, two) => two.weight - one.weight || compareTexts(one.key, two.key));
}

function frequentItems(values: readonly string[], weights: Float64Array, form: FieldForm, support: number) {
  const items = new Map<string, { readonly make: () => Item; weight: number }>();
  for (let number = 0; number < values.length; number++)
    itemsOf(values[number], form, (key, make) => {
      const known = items.get(key);
      if (known) known.weight += weights[number];
      else items.set(key, { make, weight: weights[number] });
    });
  const frequent = new Map<string, { readonly item: Item; readonly weight: number }>();
  for (const [key, { make, weight }] of items) if (weight >= support) frequent.set(key, { item: make(), weight });
  return frequent;
}

/** The item that no event has while the primitive is done; undefined where no hit has it. */
function complementRows(part: ForcedPart, benign: readonly Row[], attacks: readonly Row[]): ItemRows | undefined {
  const condition = complementOf(part);
  const test = rowTest(condition);
  const rows = { benign: emptySet(benign.length), attacks: emptySet(attacks.length) };
  let weight = 0;
  for (const [number, row] of benign.entries()) {
    if (meetsForced(part, rowValue(row, part.field)) || !test(row)) continue;
    addTo(rows.benign, number);
    weight += row.count;
  }
  if (weight === 0) return undefined;
  for (const [number, row] of attacks.entries()) if (test(row)) addTo(rows.attacks, number);
  return {
    key: `forced\0${part.field}\0${part.text}`,
    field: part.field,
    parts: partsOf(condition),
    precision: 5000,
    weight,
    ...rows,
  };
}
