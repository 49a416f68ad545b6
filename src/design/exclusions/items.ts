// The items that exclusions are made of: what a value is, and what it is one of (its folders, its name, its network, its bits).

import type { Part } from '../../rule/alternatives.ts';
import { type Condition, like, match } from '../../rule/condition.ts';
import { controlOf, type Nature } from '../../rule/field-control.ts';
import { foldCase } from '../../rule/fold.ts';
import { networkOf, networkText } from '../../rule/network.ts';
import { ANY_MANY } from '../../rule/pattern.ts';
import { isNumber, isNumeric } from './forced-parts.ts';

/** Something that holds of a hit or not. */
export interface Item {
  /** The same for the same item. */
  readonly key: string;
  readonly field: string;
  readonly parts: readonly Part[];
  /** Of items that hold of the same hits, that with the highest stands for them: what says most. */
  readonly precision: number;
}

/** How the values of one field are generalised. */
export interface FieldForm {
  readonly field: string;
  readonly isPath: boolean;
  readonly isAddress: boolean;
  /** Bits that are told apart; 0 where the values are no masks. */
  readonly bits: bigint;
}

/** Longer values are no item, only what they are one of; a folder that lies deeper or is longer is none either. */
const LONGEST_VALUE = 1024;
const LONGEST_NAME = 260;
const DEEPEST_FOLDER = 16;

const PATHS: ReadonlySet<Nature> = new Set(['program', 'parent-program', 'file', 'object']);

/** What tells one event, process or moment from another: an exclusion of these is none of anything that comes again. */
const MOMENT =
  /(?:guid|processid|threadid|process_id|thread_id|logonid|recordid|recordnumber|time|timestamp)$|^(?:pid|eventid|event\.code|level|task|version|keywords|opcode)$/i;

/** Whether a field can stand in an exclusion. */
export function isMinable(field: string): boolean {
  return field !== '' && field.length <= 200 && !MOMENT.test(field) && controlOf(field)?.nature !== 'recorder';
}

/** By all values of a field; `isMask` where the dossier speaks of its bits. */
export function formOf(field: string, values: Iterable<string>, isMask: boolean): FieldForm {
  const nature = controlOf(field)?.nature;
  let bits = 0n;
  let paths = 0;
  let addresses = 0;
  let all = 0;
  for (const value of values) {
    all++;
    if ((isMask || /^0x/i.test(value)) && isNumber(value)) bits |= BigInt(value.trim());
    if (/^(?:[a-z]:\\|\\)/i.test(value)) paths++;
    if (value.length < 64 && !value.includes('/') && /^[\da-f:.]+$/i.test(value) && networkOf(value)) addresses++;
  }
  const isPath = nature === undefined ? paths * 2 > all : PATHS.has(nature);
  return {
    field,
    isPath,
    isAddress: nature === 'address' || (nature === undefined && addresses * 2 > all),
    bits: bits & ((1n << 64n) - 1n),
  };
}

/** Takes the items of a value: for every item of the field that is ever made, a value has it if and only if it is told here. */
export type ItemTaker = (key: string, make: () => Item) => void;

export function itemsOf(value: string, form: FieldForm, take: ItemTaker): void {
  const { field } = form;
  const prefix = `${field.toLowerCase()}\0`;
  const item = (key: string, condition: Condition, precision: number): Item => ({
    key,
    field,
    parts: partsOf(condition),
    precision,
  });
  if (value.length <= LONGEST_VALUE) {
    const key = `${prefix}=${foldCase(value)}`;
    take(key, () => item(key, like(field, [value]), 2000));
  }
  if (form.isPath)
    pathItems(value, prefix, (key, pattern, precision) => take(key, () => item(key, like(field, pattern), precision)));
  if (form.isAddress && value.length < 64 && !value.includes('/'))
    for (const [key, network] of networksOf(value, prefix))
      take(key, () => item(key, match(field, { kind: 'cidr', network }), 500 + network.bits));
  if (form.bits !== 0n && isNumber(value)) {
    const own = BigInt(value.trim());
    for (let bit = 1n; bit <= form.bits; bit <<= 1n) {
      if ((form.bits & bit) === 0n) continue;
      const test = match(field, { kind: 'bits', mask: bit, wanted: 'all' });
      const key = `${prefix}${(own & bit) === 0n ? '0' : '1'}${bit}`;
      const parts: readonly Part[] =
        (own & bit) === 0n ? [...partsOf(isNumeric(field)), { of: test, negated: true }] : partsOf(test);
      take(key, () => ({ key, field, parts, precision: 10 }));
    }
  }
}

function pathItems(
  value: string,
  prefix: string,
  take: (key: string, pattern: (string | typeof ANY_MANY)[], precision: number) => void,
): void {
  const last = value.lastIndexOf('\\');
  if (last < 0) return;
  const name = value.slice(last);
  if (name.length > 1 && name.length <= LONGEST_NAME) take(`${prefix}b${foldCase(name)}`, [ANY_MANY, name], 600);
  let depth = 0;
  for (let at = value.indexOf('\\', 1); at >= 0 && at < LONGEST_NAME; at = value.indexOf('\\', at + 1)) {
    // A drive, or the beginning of a path of the network, is no folder.
    const folder = value.slice(0, at + 1);
    if (/^(?:[a-z]:\\|\\+)$/i.test(folder)) continue;
    if (++depth > DEEPEST_FOLDER) return;
    take(`${prefix}d${foldCase(folder)}`, [folder, ANY_MANY], 1000 + at);
  }
}

/** The blocks of an address that are told apart. */
const BLOCKS = { 32: [24, 16, 8], 128: [64, 48, 32] } as const;

function* networksOf(value: string, prefix: string) {
  const address = networkOf(value);
  if (!address) return;
  for (const bits of BLOCKS[address.width]) {
    const shift = BigInt(address.width - bits);
    const network = { ...address, bits, address: (address.address >> shift) << shift };
    yield [`${prefix}n${networkText(network)}`, network] as const;
  }
}

/** Comparisons that hold together. */
export function partsOf(condition: Condition): readonly Part[] {
  if (condition.kind === 'and') return condition.of.flatMap(partsOf);
  if (condition.kind === 'not' && condition.of.kind === 'match') return [{ of: condition.of, negated: true }];
  if (condition.kind === 'match') return [{ of: condition, negated: false }];
  throw new TypeError(`no comparison: ${condition.kind}`);
}
