// Reads a Sigma selection: a map of fields with modifiers to values, or a list of such maps (Sigma specification 2, "Detection").

import { parse, YAMLParseError } from 'yaml';
import { UsageError } from '../../errors.ts';
import { ANY_MANY, ANY_ONE, joinPatterns, type TextPattern, type Wildcard } from '../pattern.ts';
import { type FieldTest, networkOf, type Selection, type ValueTest } from '../selection.ts';

/** The modifiers that are read. */
const MODIFIERS = [
  'all',
  'cased',
  'cidr',
  'contains',
  'endswith',
  'exists',
  'fieldref',
  'gt',
  'gte',
  'lt',
  'lte',
  'neq',
  're',
  'startswith',
  'windash',
] as const;
type Modifier = (typeof MODIFIERS)[number];
/** Flags of a regular expression, as modifiers behind `re`. */
const FLAGS = new Set(['i', 'm', 's']);
const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'];
const LONGEST = 1 << 16;

/** The selection of a text such as `Image|endswith: \net.exe`. Throws UsageError with what was expected. */
export function readSelection(text: string): Selection {
  if (text.length > LONGEST) throw new UsageError(`a selection of ${text.length} characters; ${LONGEST} are read`);
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 0, schema: 'core' });
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new UsageError(`'${text}' is no selection: ${error.message.split('\n')[0]}`, { cause: error });
  }
  const maps = Array.isArray(document) ? document : [document];
  return maps.map((map) => testsOf(map, text));
}

function testsOf(map: unknown, text: string): readonly FieldTest[] {
  if (typeof map !== 'object' || map === null || Array.isArray(map) || Object.keys(map).length === 0)
    throw new UsageError(
      `'${text}' is no selection: FIELD: VALUE is expected, for example 'Image|endswith: \\net.exe'`,
    );
  return Object.entries(map).map(([key, value]) => testOf(key, value));
}

function testOf(key: string, given: unknown): FieldTest {
  const [field, ...words] = key.split('|').map((part) => part.trim());
  if (field === '') throw new UsageError(`'${key}' names no field`);
  const flags = words.includes('re') ? words.filter((word) => FLAGS.has(word)).join('') : '';
  const modifiers = new Set<Modifier>();
  for (const word of words) {
    if (flags !== '' && FLAGS.has(word)) continue;
    const known = MODIFIERS.find((one) => one === word);
    if (!known)
      throw new UsageError(`'${key}': the modifier '${word}' is not read; these are: ${MODIFIERS.join(', ')}`);
    modifiers.add(known);
  }
  const values = (Array.isArray(given) ? given : [given]).flatMap((value) => valueTests(key, value, modifiers, flags));
  if (values.length === 0) throw new UsageError(`'${key}' has no value`);
  return { field, all: modifiers.has('all'), negated: modifiers.has('neq'), values };
}

function valueTests(
  key: string,
  value: unknown,
  modifiers: ReadonlySet<Modifier>,
  flags: string,
): readonly ValueTest[] {
  if (typeof value === 'object' && value !== null) throw new UsageError(`'${key}' takes texts and numbers as values`);
  const cased = modifiers.has('cased');
  if (modifiers.has('exists')) {
    if (typeof value !== 'boolean') throw new UsageError(`'${key}' takes true or false`);
    return [{ kind: 'exists', wanted: value }];
  }
  if (value === null || value === undefined) return [{ kind: 'null' }];
  const text = String(value);
  if (modifiers.has('fieldref')) return [{ kind: 'field', name: text, cased }];
  for (const op of ['lt', 'lte', 'gt', 'gte'] as const) {
    if (!modifiers.has(op)) continue;
    const than = Number(text);
    if (text.trim() === '' || Number.isNaN(than)) throw new UsageError(`'${key}' takes a number, not '${text}'`);
    return [{ kind: 'number', op, than }];
  }
  if (modifiers.has('cidr')) {
    const network = networkOf(text);
    if (!network) throw new UsageError(`'${key}' takes a network such as 10.0.0.0/8, not '${text}'`);
    return [{ kind: 'cidr', network }];
  }
  if (modifiers.has('re')) return [{ kind: 'regex', regex: regexOf(key, text, flags) }];
  const texts = modifiers.has('windash') ? withDashes(text) : [text];
  return texts.map((one) => ({ kind: 'like', pattern: around(patternOf(one), modifiers), cased }));
}

function regexOf(key: string, text: string, flags: string): RegExp {
  try {
    return new RegExp(text, flags);
  } catch (error) {
    throw new UsageError(`'${key}': ${(error as Error).message}`, { cause: error });
  }
}

function around(pattern: TextPattern, modifiers: ReadonlySet<Modifier>): TextPattern {
  const before = modifiers.has('contains') || modifiers.has('endswith') ? [ANY_MANY] : [];
  const after = modifiers.has('contains') || modifiers.has('startswith') ? [ANY_MANY] : [];
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

/** The text with each kind of dash in place of the first. */
function withDashes(text: string): readonly string[] {
  const at = text.search(/(?<![^\s])[-/]/);
  return at < 0 ? [text] : DASHES.map((dash) => text.slice(0, at) + dash + text.slice(at + 1));
}
