// What comparisons that hold together say of each field, or of each thing that several fields tell of, and where they contradict each other.

import type { Part } from './alternatives.ts';
import type { Comparing } from './comparing.ts';
import type { Match } from './condition.ts';
import { controlOf, type FieldControl } from './field-control.ts';
import { asPath } from './judge-test.ts';
import { ANY_MANY, joinPatterns, showPattern, type TextPattern } from './pattern.ts';
import { patternOfTest } from './test-overlap.ts';
import type { ValueTest } from './value-test.ts';

/** Each fact is a list of tests of which one holds. */
export type Facts = ReadonlyMap<string, readonly Fact[]>;

export interface Fact {
  readonly match: Match;
  /** Those of the match; of a file's name, as the end of a path. */
  readonly tests: readonly ValueTest[];
}

/** Fields of one thing have one key, and names become the ends of paths there. */
export function keyOf(field: string): string {
  const of = controlOf(field)?.of;
  return of === undefined ? field.toLowerCase() : `of ${of}`;
}

export function factOf(match: Match): Fact {
  if (controlOf(match.field)?.nature !== 'name') return { match, tests: match.values };
  const tests = match.values.map((test): ValueTest => {
    const pattern = patternOfTest(test);
    return pattern ? { kind: 'like', pattern: asPath(pattern, 'name'), cased: false } : test;
  });
  return { match, tests };
}

export function factsOf(parts: readonly Part[]): Facts {
  const facts = new Map<string, Fact[]>();
  for (const { of, negated } of parts) {
    if (of.kind !== 'match' || negated) continue;
    const key = keyOf(of.field);
    const known = facts.get(key);
    if (known) known.push(factOf(of));
    else facts.set(key, [factOf(of)]);
  }
  return facts;
}

/** Several values at once contradict nothing; of fields of ECS that are not known it is not known. */
export function mayBeList(field: string, control: FieldControl | undefined = controlOf(field)): boolean {
  return control?.list === true || (control === undefined && field.includes('.'));
}

/** The fact of another field that cannot hold as well: each argument stands in its command line. */
export function contradictionWithin(
  { field }: Match,
  test: ValueTest,
  facts: Facts,
  comparing: Comparing,
): Fact | undefined {
  if (!comparing.spend(facts.size)) return undefined;
  const whole = controlOf(field)?.within;
  if (whole !== undefined)
    return facts.get(whole)?.find((fact) => !comparing.overlap([bareOf(test).piece], wholesOf(fact.tests)));
  for (const [key, own] of facts) {
    if (controlOf(key)?.within !== field.toLowerCase()) continue;
    const against = own.find((fact) => !comparing.overlap(piecesOf(fact.tests), bareOf(test).wholes));
    if (against) return against;
  }
  return undefined;
}

/** What meets a test, without quotes and backslashes, as an argument loses some of them. */
interface Bare {
  /** The whole text; of several tests one holds. */
  readonly wholes: readonly ValueTest[];
  /** With anything before and behind. */
  readonly piece: ValueTest;
}

/** With more characters left open, anything may stand in their places. */
const MOST_OPEN = 4;

const ANYTHING: ValueTest = { kind: 'like', pattern: [ANY_MANY], cased: false };
const BARE = new WeakMap<ValueTest, Bare>();

function bareOf(test: ValueTest): Bare {
  let bare = BARE.get(test);
  if (bare === undefined) {
    bare = makeBare(test);
    BARE.set(test, bare);
  }
  return bare;
}

function makeBare(test: ValueTest): Bare {
  const pattern = patternOfTest(test);
  if (!pattern) return { wholes: [ANYTHING], piece: ANYTHING };
  const parts = pattern.map((part) => (typeof part === 'string' ? part.replace(/["\\]/g, '') : part));
  const isOpen = (part: TextPattern[number]): boolean => typeof part === 'object' && part.any === 'one';
  const loose = parts.map((part) => (isOpen(part) ? ANY_MANY : part));
  let wholes: readonly TextPattern[] = [[]];
  // One character may be a quote, and so be gone.
  for (const part of parts.filter(isOpen).length > MOST_OPEN ? loose : parts)
    wholes = wholes.flatMap((whole) => (isOpen(part) ? [[...whole, part], whole] : [[...whole, part]]));
  return { wholes: wholes.map(likeOf), piece: likeOf([ANY_MANY, ...loose, ANY_MANY]) };
}

function likeOf(pattern: TextPattern): ValueTest {
  return { kind: 'like', pattern: joinPatterns(pattern), cased: false };
}

const WHOLES = new WeakMap<readonly ValueTest[], readonly ValueTest[]>();
const PIECES = new WeakMap<readonly ValueTest[], readonly ValueTest[]>();

function wholesOf(tests: readonly ValueTest[]): readonly ValueTest[] {
  let made = WHOLES.get(tests);
  if (made === undefined) {
    made = tests.flatMap((test) => bareOf(test).wholes);
    WHOLES.set(tests, made);
  }
  return made;
}

function piecesOf(tests: readonly ValueTest[]): readonly ValueTest[] {
  let made = PIECES.get(tests);
  if (made === undefined) {
    made = tests.map((test) => bareOf(test).piece);
    PIECES.set(tests, made);
  }
  return made;
}

/** Two comparisons that cannot both hold; undefined where there are none, as far as can be told. */
export function contradictionIn(parts: readonly Part[], comparing: Comparing): readonly [Match, Match] | undefined {
  const facts = factsOf(parts);
  for (const own of facts.values())
    for (const [index, one] of own.entries()) {
      if (mayBeList(one.match.field)) continue;
      if (!comparing.spend(own.length - index)) return undefined;
      for (const other of own.slice(index + 1))
        if (!comparing.overlap(one.tests, other.tests)) return [one.match, other.match];
    }
  for (const { of, negated } of parts) {
    if (of.kind !== 'match' || !negated || mayBeList(of.field)) continue;
    const denied = factOf(of);
    const held = (facts.get(keyOf(of.field)) ?? []).find((fact) => comparing.covers(denied.tests, fact.tests));
    if (held) return [held.match, of];
  }
  return undefined;
}

/** For a person: "Image: *\net.exe, ...". */
export function matchText({ field, values }: Match): string {
  const shown = values.slice(0, 2).map((test) => {
    const pattern = patternOfTest(test);
    return test.kind === 'regex' ? `/${test.source}/` : pattern ? showPattern(pattern) : test.kind;
  });
  return `${field}: ${shown.join(', ')}${values.length > 2 ? ' ...' : ''}`;
}
