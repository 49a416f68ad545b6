// Whether some value meets two tests, and whether every value that meets one meets the other.

import { isWithin, type Network } from './network.ts';
import { joinPatterns, type TextPattern } from './pattern.ts';
import { matchesPattern } from './pattern-match.ts';
import { covers, overlaps } from './pattern-overlap.ts';
import { meets } from './value-match.ts';
import type { ValueTest } from './value-test.ts';

/** True also where it cannot be told. */
export function testsOverlap(one: ValueTest, other: ValueTest): boolean {
  if (one.kind === 'field' || other.kind === 'field') return true;
  if (one.kind === 'like' && other.kind === 'like')
    return overlaps(one.pattern, other.pattern, one.cased && other.cased);
  for (const [first, second] of [
    [one, other],
    [other, one],
  ] as const) {
    const text = onlyText(first);
    // Letter case does not keep two apart where one of them ignores it.
    if (text !== undefined) return meets(second.kind === 'regex' ? { ...second, cased: false } : second)([text]);
    if (first.kind === 'null') return second.kind === 'null' || second.kind === 'exists' || fitsEmpty(second);
    if (first.kind === 'exists' && !first.wanted)
      return second.kind === 'null' || (second.kind === 'exists' && !second.wanted);
  }
  if (one.kind === 'cidr' && other.kind === 'cidr') return networksOverlap(one.network, other.network);
  if (one.kind === 'number' && other.kind === 'number') return numbersOverlap(one, other);
  return true;
}

/** Every value that meets `inner` meets `outer`; false also where it cannot be told. */
export function testCovers(outer: ValueTest, inner: ValueTest): boolean {
  if (outer.kind === 'field' || inner.kind === 'field') return false;
  const text = onlyText(inner);
  if (text !== undefined && !(inner.kind === 'like' && outer.kind === 'like' && outer.cased && !inner.cased))
    return meets(outer)([text]);
  if (outer.kind === 'like' && inner.kind === 'like')
    return (!outer.cased || inner.cased) && covers(outer.pattern, inner.pattern, outer.cased);
  if (outer.kind === 'exists' && outer.wanted) return inner.kind !== 'null' && inner.kind !== 'exists';
  return JSON.stringify(outer, bigints) === JSON.stringify(inner, bigints);
}

const bigints = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** The one value that meets a test; undefined where there are more. */
export function onlyText(test: ValueTest): string | undefined {
  if (test.kind === 'number' && test.op === 'eq') return String(test.than);
  if (test.kind === 'boolean') return String(test.wanted);
  if (test.kind !== 'like') return undefined;
  if (test.pattern.some((part) => typeof part === 'object')) return undefined;
  return test.pattern.join('');
}

function fitsEmpty(test: ValueTest): boolean {
  return test.kind === 'like' && matchesPattern(test.pattern, '', test.cased);
}

function networksOverlap(one: Network, other: Network): boolean {
  if (one.width !== other.width) return false;
  const shift = BigInt(one.width - Math.min(one.bits, other.bits));
  return one.address >> shift === other.address >> shift;
}

type NumberTest = ValueTest & { readonly kind: 'number' };

function numbersOverlap(one: NumberTest, other: NumberTest): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  const [low, high] = [Math.max(a.low, b.low), Math.min(a.high, b.high)];
  if (low !== high) return low < high;
  return [a, b].every((range) => (range.low !== low || range.hasLow) && (range.high !== low || range.hasHigh));
}

function rangeOf({ op, than }: NumberTest) {
  const low = op === 'lt' || op === 'lte' ? Number.NEGATIVE_INFINITY : than;
  const high = op === 'gt' || op === 'gte' ? Number.POSITIVE_INFINITY : than;
  return { low, high, hasLow: op !== 'gt', hasHigh: op !== 'lt' };
}

/** Whether the whole network lies within the other. */
export function networkWithin(inner: Network, outer: Network): boolean {
  return inner.width === outer.width && inner.bits >= outer.bits && networksOverlap(inner, outer);
}

/** Whether an address is one of a network's, by their texts. */
export function addressWithin(text: string, network: Network): boolean {
  return isWithin(text, network);
}

/** The pattern of a test of texts; undefined of any other. A regular expression counts by the text that it begins with. */
export function patternOfTest(test: ValueTest): TextPattern | undefined {
  if (test.kind === 'like') return test.pattern;
  if (test.kind === 'number' && test.op === 'eq') return [String(test.than)];
  if (test.kind !== 'regex') return undefined;
  const isAnchored = test.whole || test.source.startsWith('^');
  if (!isAnchored || test.source.includes('|')) return [{ any: 'many' }];
  const [literal] = /^\^?((?:\\[\\.:()[\]{}$ -]|[^\\.*+?()[\]{}|^$])*)(?![*?{])/.exec(test.source) ?? [''];
  const text = literal.replace(/^\^/, '').replace(/\\(.)/g, '$1');
  return joinPatterns([text, { any: 'many' }]);
}
