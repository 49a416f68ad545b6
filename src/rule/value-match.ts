// From the test of a value to a function over the values of a field.

import { isWithin } from './network.ts';
import { matchesPattern } from './pattern-match.ts';
import { perlRegex } from './regex.ts';
import { timePart, utcTime } from './time.ts';
import type { FieldTest, Order, ValueTest } from './value-test.ts';

/** A value of a field; logs of text have texts only. */
export type Value = string | number | boolean;

/** Whether one of a field's values meets the test. */
export type Meets = (values: readonly Value[]) => boolean;

/** Functions of tests that were asked for before. */
const KNOWN = new WeakMap<ValueTest, Meets>();

/** The function of a test, made once: for those who come to a test again and again. */
export function meetsOnce(test: Exclude<ValueTest, FieldTest>): Meets {
  let known = KNOWN.get(test);
  if (!known) {
    known = meets(test);
    KNOWN.set(test, known);
  }
  return known;
}

/** The function of a test that needs nothing but the field's own values. Throws UnsupportedError for a regular expression that cannot be read. */
export function meets(test: Exclude<ValueTest, FieldTest>): Meets {
  switch (test.kind) {
    case 'null':
      return (values) => values.every((value) => value === '');
    case 'exists':
      return (values) => values.length > 0 === test.wanted;
    case 'boolean': {
      const wanted = String(test.wanted);
      return some((text) => text.toLowerCase() === wanted);
    }
    case 'like':
      return some((text) => matchesPattern(test.pattern, text, test.cased));
    case 'regex': {
      const regex = perlRegex(test);
      return some((text) => regex.test(text));
    }
    case 'number': {
      if (test.op !== 'eq') return some((text) => inOrder(numberOf(text), test.op, test.than));
      const texts = numberTexts(test.than);
      return some((text) => texts.includes(text.toLowerCase()));
    }
    case 'cidr':
      return some((text) => isWithin(text, test.network));
    case 'bits':
      return some((text) => {
        const bits = wholeNumberOf(text);
        if (bits === undefined) return false;
        return test.wanted === 'all' ? (bits & test.mask) === test.mask : (bits & test.mask) !== 0n;
      });
    case 'time':
      return some((text) => {
        const time = utcTime(text);
        return time !== undefined && inOrder(timePart(time, test.part), test.op, test.than);
      });
  }
}

/** Whether one of a field's values is, begins with, ends with or has one of another's. */
export function meetsField({ part, cased }: FieldTest, values: readonly Value[], others: readonly Value[]): boolean {
  const text = (value: Value): string => (cased ? String(value) : String(value).toLowerCase());
  return values.some((value) => {
    const own = text(value);
    return others.some((other) => {
      if (part === 'whole') return own === text(other);
      if (part === 'start') return own.startsWith(text(other));
      return part === 'end' ? own.endsWith(text(other)) : own.includes(text(other));
    });
  });
}

function some(holds: (text: string) => boolean): Meets {
  return (values) => {
    for (const value of values) if (holds(typeof value === 'string' ? value : String(value))) return true;
    return false;
  };
}

/** The ways a number is written in logs: "4688", and of a whole one "0x1250". */
export function numberTexts(number: number): readonly string[] {
  return Number.isSafeInteger(number) && number >= 0 ? [String(number), `0x${number.toString(16)}`] : [String(number)];
}

/** "4688", "0x1f", "1e3"; NaN of any other text. */
export function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

const MOST_BITS = 2n ** 64n - 1n;

/** "4688", "0x1f", of 64 bits at most, with blanks around it or none, as of numbers in order. */
function wholeNumberOf(text: string): bigint | undefined {
  if (!/^\s*(?:\d{1,20}|0x[\da-f]{1,16})\s*$/i.test(text)) return undefined;
  const number = BigInt(text.trim());
  return number > MOST_BITS ? undefined : number;
}

export function inOrder(value: number, op: 'eq' | Order, than: number): boolean {
  switch (op) {
    case 'eq':
      return value === than;
    case 'lt':
      return value < than;
    case 'lte':
      return value <= than;
    case 'gt':
      return value > than;
    case 'gte':
      return value >= than;
  }
}
