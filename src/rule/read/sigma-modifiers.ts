// Sigma's modifiers: from `Field|modifier` and its values to a match (Sigma specification 2.1, "Modifiers").

import { type Condition, type Keyword, type Match, not, type Position } from '../condition.ts';
import { networkOf } from '../network.ts';
import { ANY_MANY, ANY_ONE, joinPatterns, literalsOf, type TextPattern, type Wildcard } from '../pattern.ts';
import type { ValueTest } from '../value-test.ts';
import { RuleError } from './rule-error.ts';
import { ENCODINGS, encodingOf, offsetsInBase64, toBase64, withDashes } from './sigma-encodings.ts';
import type { YamlNode } from './yaml-node.ts';

const ORDERS = ['lt', 'lte', 'gt', 'gte'] as const;
const TIME_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
const PARTS = ['contains', 'startswith', 'endswith'] as const;
/** Flags of a regular expression, behind `re`. */
const FLAGS = ['i', 'm', 's', 'ignorecase', 'multiline', 'dotall'] as const;

const MODIFIERS = [
  ...PARTS,
  ...ORDERS,
  ...TIME_PARTS,
  ...ENCODINGS,
  ...FLAGS,
  'all',
  'base64',
  'base64offset',
  'cased',
  'cidr',
  'exists',
  'expand',
  'fieldref',
  'neq',
  're',
  'windash',
] as const;
/** Ours, not Sigma's: read where a selection is no part of a rule that other tools read too. */
const OWN_MODIFIERS = ['bits'] as const;
type Modifier = (typeof MODIFIERS)[number] | (typeof OWN_MODIFIERS)[number];

/** What a selection may say beyond Sigma. */
export interface SelectionOptions {
  /** `GrantedAccess|bits: 0x10`: all bits of the number are set. */
  readonly bits?: boolean;
}

/** `Image|endswith` taken apart; the field is "" for keywords. */
interface Key {
  readonly text: string;
  readonly field: string;
  readonly modifiers: readonly Modifier[];
  readonly at: Position;
}

/** The condition that one entry of a selection says. Throws RuleError. */
export function entryCondition(key: string, value: YamlNode, at: Position, options: SelectionOptions = {}): Condition {
  const parsed = readKey(key, at, options);
  const values = value.kind === 'list' ? value.of : [value];
  if (values.length === 0) throw new RuleError(`'${key}' has no value`, value.at);
  const has = new Set(parsed.modifiers);
  const tests = values.map((one) => valueTests(parsed, has, one));
  const matchOf = (of: readonly ValueTest[]): Match | Keyword =>
    parsed.field === '' ? { kind: 'keyword', values: of, at } : { kind: 'match', field: parsed.field, values: of, at };
  const whole =
    has.has('all') && tests.length > 1 ? ({ kind: 'and', of: tests.map(matchOf) } as const) : matchOf(tests.flat());
  return has.has('neq') ? not(whole) : whole;
}

function readKey(text: string, at: Position, { bits = false }: SelectionOptions): Key {
  const [field, ...words] = text.split('|').map((part) => part.trim());
  const all: readonly Modifier[] = bits ? [...MODIFIERS, ...OWN_MODIFIERS] : MODIFIERS;
  const modifiers = words.map((word): Modifier => {
    const known = all.find((one) => one === word);
    if (!known) throw new RuleError(`'${text}': the modifier '${word}' is not known; these are: ${all.join(', ')}`, at);
    return known;
  });
  if (modifiers.includes('expand'))
    throw new RuleError(`'${text}': placeholders have no values here ('expand')`, at, { kind: 'unsupported' });
  const problem = contradiction(modifiers);
  if (problem) throw new RuleError(`'${text}': ${problem}`, at);
  return { text, field, modifiers, at };
}

/** What compares otherwise than text with text: one of them at most, and nothing that makes other texts of the value. */
const COMPARISONS: readonly (readonly Modifier[])[] = [
  ['re'],
  ['cidr'],
  ['exists'],
  ['fieldref'],
  ['bits'],
  [...ORDERS, ...TIME_PARTS],
];
const TEXT_CHANGES: readonly Modifier[] = [...ENCODINGS, 'base64', 'base64offset', 'windash'];

/** Modifiers of which one would have to be passed over; undefined where all can be done. */
function contradiction(modifiers: readonly Modifier[]): string | undefined {
  const of = (words: readonly Modifier[]): Modifier | undefined => modifiers.find((one) => words.includes(one));
  const [first, second] = COMPARISONS.flatMap((words) => of(words) ?? []);
  const flag = of(FLAGS);
  if (flag && !modifiers.includes('re')) return `'${flag}' is for regular expressions, behind 're'`;
  if (first === undefined) return undefined;
  // A part of what an expression matches, or of another field, can be asked for.
  const change = of(first === 're' || first === 'fieldref' ? TEXT_CHANGES : [...TEXT_CHANGES, ...PARTS]);
  const other = second ?? change;
  return other && `'${first}' and '${other}' contradict each other`;
}

function valueTests(
  { text: key, field, modifiers }: Key,
  has: ReadonlySet<Modifier>,
  node: YamlNode,
): readonly ValueTest[] {
  const { at } = node;
  if (node.kind !== 'scalar') throw new RuleError(`'${key}' takes texts and numbers as values, not a ${node.kind}`, at);
  const { value, source } = node;
  const cased = has.has('cased');
  if (has.has('exists')) {
    if (typeof value !== 'boolean') throw new RuleError(`'${key}' takes true or false`, at);
    return [{ kind: 'exists', wanted: value }];
  }
  if (value === null) return [{ kind: 'null' }];
  if (has.has('fieldref')) {
    const part = has.has('startswith')
      ? 'start'
      : has.has('endswith')
        ? 'end'
        : has.has('contains')
          ? 'anywhere'
          : 'whole';
    return [{ kind: 'field', name: source, part, cased }];
  }
  const order = ORDERS.find((one) => has.has(one));
  const time = TIME_PARTS.find((one) => has.has(one));
  if (order || time) {
    const than = typeof value === 'number' ? value : source.trim() === '' ? Number.NaN : Number(source);
    if (Number.isNaN(than)) throw new RuleError(`'${key}' takes a number, not '${source}'`, at);
    return [time ? { kind: 'time', part: time, op: order ?? 'eq', than } : { kind: 'number', op: order!, than }];
  }
  if (has.has('cidr')) {
    const network = networkOf(source);
    if (!network) throw new RuleError(`'${key}' takes a network such as 10.0.0.0/8, not '${source}'`, at);
    return [{ kind: 'cidr', network }];
  }
  if (has.has('bits')) {
    const mask = /^(?:0x[\da-f]{1,16}|\d{1,20})$/i.test(source) ? BigInt(source) : 0n;
    if (mask === 0n || mask >= 1n << 64n)
      throw new RuleError(`'${key}' takes a number such as 0x10, not '${source}'`, at);
    return [{ kind: 'bits', mask, wanted: 'all' }];
  }
  if (has.has('re')) {
    const flag = (short: Modifier, long: Modifier): boolean => has.has(short) || has.has(long);
    return [
      {
        kind: 'regex',
        source,
        syntax: 'perl',
        whole: false,
        cased: !flag('i', 'ignorecase'),
        multiline: flag('m', 'multiline'),
        dotAll: flag('s', 'dotall'),
      },
    ];
  }
  const isKeyword = field === '';
  const hasText = isKeyword || modifiers.some((one) => one !== 'all' && one !== 'neq' && one !== 'cased');
  if (typeof value === 'number' && !hasText && String(value) === source)
    return [{ kind: 'number', op: 'eq', than: value }];
  if (typeof value === 'boolean' && !hasText) return [{ kind: 'boolean', wanted: value }];
  return encoded(key, source, modifiers, at).map((pattern) => ({
    kind: 'like',
    pattern: around(pattern, has, isKeyword),
    cased,
  }));
}

/** The texts that a value stands for, each modifier applied to what the one before gave. */
function encoded(key: string, text: string, modifiers: readonly Modifier[], at: Position): readonly TextPattern[] {
  let patterns: readonly TextPattern[] = [patternOf(text)];
  let bytes: Uint8Array | undefined;
  const plainText = (): string => {
    const [pattern] = patterns;
    if (literalsOf(pattern).length !== pattern.length)
      throw new RuleError(`'${key}' takes no wildcards: '${text}'`, at);
    return literalsOf(pattern).join('');
  };
  for (const modifier of modifiers) {
    const encoding = ENCODINGS.find((one) => one === modifier);
    if (encoding) bytes = encodingOf(encoding, plainText());
    else if (modifier === 'base64') patterns = [[toBase64(bytes ?? encodingOf('utf8', plainText()))]];
    else if (modifier === 'base64offset')
      patterns = offsetsInBase64(bytes ?? encodingOf('utf8', plainText())).map((one) => [one]);
    else if (modifier === 'windash') {
      const all = patterns.flatMap(withDashes);
      if (all.length === 0) throw new RuleError(`'${key}': more dashes than 'windash' is worked out for`, at);
      patterns = all;
    }
  }
  if (bytes && !modifiers.some((one) => one === 'base64' || one === 'base64offset'))
    throw new RuleError(`'${key}': an encoding is expected to be followed by base64 or base64offset`, at);
  return patterns;
}

function around(pattern: TextPattern, has: ReadonlySet<Modifier>, isKeyword: boolean): TextPattern {
  const isInside = has.has('contains') || has.has('base64offset') || (isKeyword && !PARTS.some((one) => has.has(one)));
  const before = isInside || has.has('endswith') ? [ANY_MANY] : [];
  const after = isInside || has.has('startswith') ? [ANY_MANY] : [];
  return joinPatterns(before, pattern, after);
}

/** Sigma's wildcards: `*` and `?`, taken as themselves behind a backslash, which is doubled only in front of one. */
export function patternOf(text: string): TextPattern {
  const parts: (string | Wildcard)[] = [];
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    const next = text[at + 1];
    if (c === '\\' && (next === '*' || next === '?' || next === '\\')) {
      parts.push(next);
      at++;
    } else if (c === '*') parts.push(ANY_MANY);
    else if (c === '?') parts.push(ANY_ONE);
    else parts.push(c);
  }
  return joinPatterns(parts);
}
