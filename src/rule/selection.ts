// A selection as Sigma has it, over fields by any name: plain tagged data, and the test that it is turned into.

import type { TextPattern } from './pattern.ts';
import { matchesPattern } from './pattern-match.ts';

/** What a value of a field must be. */
export type ValueTest =
  /** The whole value fits the pattern. */
  | { readonly kind: 'like'; readonly pattern: TextPattern; readonly cased: boolean }
  | { readonly kind: 'regex'; readonly regex: RegExp }
  | { readonly kind: 'number'; readonly op: 'lt' | 'lte' | 'gt' | 'gte'; readonly than: number }
  | { readonly kind: 'cidr'; readonly network: Network }
  /** The field is not there, or is empty. */
  | { readonly kind: 'null' }
  | { readonly kind: 'exists'; readonly wanted: boolean }
  /** It is the value of another field. */
  | { readonly kind: 'field'; readonly name: string; readonly cased: boolean };

/** Addresses that begin with the same bits. */
export interface Network {
  readonly bits: number;
  /** 32 or 128 bits. */
  readonly address: bigint;
  readonly width: 32 | 128;
}

export interface FieldTest {
  readonly field: string;
  /** Each of the values must be met, not only one. */
  readonly all: boolean;
  /** None of them may be met. */
  readonly negated: boolean;
  readonly values: readonly ValueTest[];
}

/** One of these must hold, of each of which every test must. */
export type Selection = readonly (readonly FieldTest[])[];

/** Every value of a field by its name. */
export type ValuesOf = (name: string) => readonly string[];

export function selects(selection: Selection, valuesOf: ValuesOf): boolean {
  return selection.some((tests) => tests.every((test) => holds(test, valuesOf)));
}

function holds(test: FieldTest, valuesOf: ValuesOf): boolean {
  const given = valuesOf(test.field);
  const met = (value: ValueTest): boolean => meets(value, given, valuesOf);
  return (test.all ? test.values.every(met) : test.values.some(met)) !== test.negated;
}

function meets(test: ValueTest, given: readonly string[], valuesOf: ValuesOf): boolean {
  switch (test.kind) {
    case 'null':
      return given.every((text) => text === '');
    case 'exists':
      return given.length > 0 === test.wanted;
    case 'like':
      return given.some((text) => matchesPattern(test.pattern, text, test.cased));
    case 'regex':
      return given.some((text) => test.regex.test(text));
    case 'number':
      return given.some((text) => compares(numberOf(text), test.op, test.than));
    case 'cidr':
      return given.some((text) => isWithin(text, test.network));
    case 'field': {
      const others = valuesOf(test.name).map((text) => (test.cased ? text : text.toLowerCase()));
      return given.some((text) => others.includes(test.cased ? text : text.toLowerCase()));
    }
  }
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function compares(value: number, op: 'lt' | 'lte' | 'gt' | 'gte', than: number): boolean {
  switch (op) {
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

/** A network as "10.0.0.0/8" or "fe80::/10" gives it; undefined of another text. */
export function networkOf(text: string): Network | undefined {
  const [address, bits, ...more] = text.split('/');
  const parsed = addressOf(address);
  if (!parsed || more.length > 0) return undefined;
  const count = bits === undefined ? parsed.width : Number(bits);
  if (!Number.isInteger(count) || bits === '' || count < 0 || count > parsed.width) return undefined;
  return { ...parsed, bits: count };
}

function isWithin(text: string, network: Network): boolean {
  const parsed = addressOf(text);
  if (!parsed || parsed.width !== network.width) return false;
  const shift = BigInt(network.width - network.bits);
  return parsed.address >> shift === network.address >> shift;
}

function addressOf(text: string): { readonly address: bigint; readonly width: 32 | 128 } | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text.trim())?.[1] ?? text.trim();
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(mapped)) {
    const bytes = mapped.split('.').map(Number);
    if (bytes.some((byte) => byte > 255)) return undefined;
    return { address: bytes.reduce((all, byte) => all * 256n + BigInt(byte), 0n), width: 32 };
  }
  const halves = mapped.replace(/%.*$/, '').split('::');
  if (!mapped.includes(':') || halves.length > 2) return undefined;
  const [front, back] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - front.length - (back?.length ?? 0);
  if (back ? missing < 0 : missing !== 0) return undefined;
  const groups = [...front, ...Array<string>(back ? missing : 0).fill('0'), ...(back ?? [])];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return { address: groups.reduce((all, group) => all * 65_536n + BigInt(`0x${group}`), 0n), width: 128 };
}
