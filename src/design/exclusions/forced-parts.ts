// What a dossier calls forced, as tests of values: "bit 0x10 set", "lsass.exe", or words that the predicate of the same field explains.

import { alternativesOf } from '../../rule/alternatives.ts';
import { and, type Condition, like, match, not } from '../../rule/condition.ts';
import { controlOf, type Nature } from '../../rule/field-control.ts';
import { keyOf } from '../../rule/part-facts.ts';
import { ANY_MANY, ANY_ONE, joinPatterns, literalsOf } from '../../rule/pattern.ts';
import { RuleError } from '../../rule/read/rule-error.ts';
import { entryCondition, patternOf } from '../../rule/read/sigma-modifiers.ts';
import { testsOverlap } from '../../rule/test-overlap.ts';
import { testText } from '../../rule/test-text.ts';
import { meetsOnce } from '../../rule/value-match.ts';
import type { FieldTest, ValueTest } from '../../rule/value-test.ts';
import type { Forced, Observable } from '../technique.ts';

export type OwnTest = Exclude<ValueTest, FieldTest>;

/** What the value of a field must be while the primitive is done. */
export interface ForcedPart {
  readonly field: string;
  /** One of them is met; none of them where it is negated. */
  readonly tests: readonly OwnTest[];
  readonly isNegated: boolean;
  /** As the dossier says it. */
  readonly text: string;
  /** A reading of words that only labelled events can bear out. */
  readonly needsEvidence: boolean;
}

export interface ForcedReading {
  readonly parts: readonly ForcedPart[];
  readonly notes: readonly string[];
}

export function readForced(observable: Observable): ForcedReading {
  const parts: ForcedPart[] = [];
  const notes: string[] = [];
  for (const forced of observable.forced) {
    const part = readPart(forced, observable);
    if (typeof part === 'string') notes.push(`forced ${forced.field}: ${forced.text} is not used: ${part}`);
    else parts.push(part);
  }
  return { parts, notes };
}

function readPart(forced: Forced, observable: Observable): ForcedPart | string {
  const text = forced.text.trim();
  const [field, ...modifiers] = forced.field.split('|').map((word) => word.trim());
  const base = { field, text, isNegated: false, needsEvidence: false };
  if (field === '' || text === '') return 'it says nothing of a field';
  if (modifiers.includes('bits')) {
    const mask = readMask(text);
    if (mask === undefined || modifiers.length > 1) return 'bits takes one number such as 0x10';
    return { ...base, tests: [{ kind: 'bits', mask, wanted: 'all' }] };
  }
  if (modifiers.length > 0) return readSelection(forced, base);
  const bits = readBits(text);
  if (bits) return { ...base, ...bits };
  const asked = testsOfPredicate(observable, field);
  const isFree = observable.free.some((free) => free.trim().toLowerCase() === field.toLowerCase());
  if (isFree) return 'the dossier calls the whole field free as well';
  const tests = text.split(/\s+or\s+/i).flatMap((value) => valueTests(field, value.trim()));
  if (!asked) return { ...base, tests, needsEvidence: true };
  const isSaid = tests.some((test) => asked.some((other) => testsOverlap(test, other)));
  return { ...base, tests: isSaid ? tests : asked };
}

/** `Field|modifier` as Sigma reads it. */
function readSelection(forced: Forced, base: Omit<ForcedPart, 'tests'>): ForcedPart | string {
  try {
    const condition = entryCondition(
      forced.field,
      { kind: 'scalar', value: forced.text, source: forced.text, at: forced.at },
      forced.at,
    );
    const inner = condition.kind === 'not' ? condition.of : condition;
    if (inner.kind !== 'match') return 'it is no test of one field';
    const tests = inner.values.filter((test): test is OwnTest => test.kind !== 'field');
    if (tests.length < inner.values.length) return 'it compares fields with each other';
    for (const test of tests) meetsOnce(test);
    return { ...base, tests, isNegated: condition.kind === 'not' };
  } catch (error) {
    if (error instanceof RuleError || error instanceof Error) return error.message;
    throw error;
  }
}

const NUMBER = '(?:0x[0-9a-f]{1,16}|\\d{1,20})';
const NUMBERS = `${NUMBER}(?:\\s*(?:,|\\||\\+|\\band\\b|\\bor\\b)\\s*${NUMBER}){0,63}`;
const STATE = '(?:(?:is|are|must\\s+be)\\s+)?(set|on|not\\s+set|clear|cleared|unset|off)';
/** "bit 0x10 set", "any of the bits 0x10, 0x20", "0x400 is clear". */
const BITS = [
  new RegExp(
    `^(?:has\\s+)?(?:(any|all|one)\\s+(?:of\\s+)?)?(?:the\\s+)?(?:bits?|masks?|flags?)\\s+(${NUMBERS})(?:\\s+${STATE})?$`,
    'i',
  ),
  new RegExp(`^()(${NUMBERS})\\s+${STATE}$`, 'i'),
];

function readBits(text: string): Pick<ForcedPart, 'tests' | 'isNegated'> | undefined {
  if (text.length > 2000) return undefined;
  for (const form of BITS) {
    const found = form.exec(text);
    if (!found) continue;
    const [, how = '', numbers, state = 'set'] = found;
    const masks = [...numbers.matchAll(new RegExp(NUMBER, 'gi'))].map(([one]) => readMask(one) ?? 0n);
    const mask = masks.reduce((all, one) => all | one, 0n);
    if (mask === 0n) return undefined;
    if (!/^(?:set|on)$/i.test(state)) return { tests: [{ kind: 'bits', mask, wanted: 'any' }], isNegated: true };
    const isAny = /any|one/i.test(how) || (how === '' && /\bor\b/i.test(numbers));
    return { tests: [{ kind: 'bits', mask, wanted: isAny ? 'any' : 'all' }], isNegated: false };
  }
  return undefined;
}

function readMask(text: string): bigint | undefined {
  if (!new RegExp(`^${NUMBER}$`, 'i').test(text.trim())) return undefined;
  const mask = BigInt(text.trim());
  return mask > 0n && mask < 1n << 64n ? mask : undefined;
}

const PATHS: ReadonlySet<Nature> = new Set(['program', 'parent-program', 'file', 'object']);

function valueTests(field: string, text: string): readonly OwnTest[] {
  const pattern = patternOf(text);
  const whole: OwnTest = { kind: 'like', pattern, cased: false };
  if (/^(?:0x[0-9a-f]{1,13}|\d{1,15})$/i.test(text)) return [whole, { kind: 'number', op: 'eq', than: Number(text) }];
  const isName = PATHS.has(controlOf(field)?.nature ?? 'text') && /^[^\\]+\.\w{1,8}$/.test(text);
  return isName ? [whole, { kind: 'like', pattern: joinPatterns([ANY_MANY, '\\'], pattern), cased: false }] : [whole];
}

/** What the predicate asks of the field in each of its alternatives; undefined where one of them asks nothing. */
function testsOfPredicate({ predicate }: Observable, field: string): readonly OwnTest[] | undefined {
  const tests: OwnTest[] = [];
  const alternatives = predicate && alternativesOf(predicate.condition);
  if (!alternatives || alternatives.length === 0) return undefined;
  for (const parts of alternatives) {
    const part = parts.find(({ of, negated }) => !negated && of.kind === 'match' && keyOf(of.field) === keyOf(field));
    if (part?.of.kind !== 'match') return undefined;
    for (const test of part.of.values) {
      if (test.kind === 'field') return undefined;
      tests.push(test);
    }
  }
  return tests;
}

/** Whether a value is as the part says; a value that is not there is not. */
export function meetsForced({ tests, isNegated }: ForcedPart, value: string | undefined): boolean {
  if (value === undefined) return false;
  const isMet = tests.some((test) => meetsOnce(test)([value]));
  return isNegated ? !isMet && isThere(tests, value) : isMet;
}

/** Whether a value says anything of what the tests ask: what a sensor leaves empty does not, nor does a text of a number's bits. */
export function isThere(tests: readonly ValueTest[], value: string): boolean {
  return value !== '' && value !== '-' && (!hasBits(tests) || isNumber(value));
}

export function isNumber(value: string): boolean {
  return /^\s*(?:0x[0-9a-f]{1,16}|\d{1,20})\s*$/i.test(value);
}

export function hasBits(tests: readonly ValueTest[]): boolean {
  return tests.some(({ kind }) => kind === 'bits');
}

/** What no event has while the primitive is done: the value is there, and is otherwise. What a sensor leaves empty is let pass by nothing. */
export function complementOf({ field, tests, isNegated }: ForcedPart): Condition {
  if (isNegated) return match(field, ...tests);
  if (hasBits(tests)) return and(isNumeric(field), not(match(field, ...tests)));
  const isPath = tests.some(
    (test) => test.kind === 'like' && literalsOf(test.pattern).some((text) => text.includes('\\')),
  );
  if (isPath) return and(like(field, [ANY_MANY, '\\', ANY_MANY]), not(match(field, ...tests)));
  return and(
    like(field, [ANY_ONE, ANY_MANY]),
    not(match(field, ...tests, { kind: 'like', pattern: ['-'], cased: false })),
  );
}

/** That the value is a number, so that a bit that is not set is one that is clear. */
export function isNumeric(field: string): Condition {
  return match(field, { kind: 'number', op: 'gte', than: 0 });
}

/** For a person: "GrantedAccess has all of the bits 0x10". */
export function forcedText({ field, tests, isNegated }: ForcedPart): string {
  return `${field} ${isNegated ? 'not: ' : ''}${tests.map(testText).join(' or ')}`;
}
