// A test of a field put into a table's own terms: its column, and what that column holds when the test is met.
import { UnsupportedError } from '../errors.ts';
import { and, type Condition, type Match, match, or } from './condition.ts';
import { ANY_MANY, joinPatterns, literal, patternShape, type TextPattern } from './pattern.ts';
import type { ColumnType } from './taxonomy/column-types.ts';
import type { AccountColumns, Column, EitherColumn, HashColumns, Place, PlainColumn } from './taxonomy/event-kind.ts';
import { columnFor, type Taxonomy } from './taxonomy.ts';
import { fitsType, typedTests } from './typed-tests.ts';
import type { LikeTest, ValueTest } from './value-test.ts';

/** A match in a table's own terms. */
export interface PlacedMatch {
  readonly column: string;
  readonly values: readonly TextPattern[];
}

/**
 * A match of a logical field in a table's own terms. Where only a path stands for a file name, `name` becomes `*\name`; a name with a wildcard
 * inside cannot be said of a path (the wildcard would cross folders) and is refused.
 */
export function placeMatch({ field, values }: Match, taxonomy: Taxonomy): PlacedMatch {
  const column = columnFor(field, taxonomy);
  const patterns = values.map((test) => {
    if (test.kind === 'like' && !test.cased) return test.pattern;
    throw new UnsupportedError(`a test of ${field} by "${test.kind}" is not written yet`);
  });
  if (column.pathOf === undefined) return { column: column.name, values: patterns };
  return { column: column.name, values: patterns.map((pattern) => nameAtEnd(pattern, column.name)) };
}

/** The same tests of the value as a column says it, by literals of its type. Throws UnsupportedError for what the column cannot say exactly. */
export function placeTests(
  field: string,
  values: readonly ValueTest[],
  column: Column,
  typeOf: (name: string) => ColumnType | 'untyped' = () => 'untyped',
): Condition {
  if (typeof column === 'string') return match(column, ...typedTests(values, typeOf(column)));
  switch (column.form) {
    case 'account':
      return anyOf(values.map((test) => accountTest(field, test, column)));
    case 'hashes':
      return anyOf(values.map((test) => hashTest(field, test, column)));
    case 'either':
      return eitherTests(values, column, typeOf);
    default: {
      const tests = values.flatMap((test) => formTests(field, test, column));
      return match(column.name, ...typedTests(tests, typeOf(column.name)));
    }
  }
}

/** The value is in one of the columns: any of them meets the tests, or, of a value that is not there, all do. */
function eitherTests(
  values: readonly ValueTest[],
  { names, rest }: EitherColumn,
  typeOf: (name: string) => ColumnType | 'untyped',
): Condition {
  const isAbsence = (test: ValueTest): boolean => test.kind === 'null' || (test.kind === 'exists' && !test.wanted);
  const present = values.filter((test) => !isAbsence(test));
  const parts = names.flatMap((name): Match[] => {
    const fitting = present.filter((test) => fitsType(test, typeOf(name)));
    return fitting.length === 0 ? [] : [match(name, ...typedTests(fitting, typeOf(name)))];
  });
  const others = present.filter((test) => !names.some((name) => fitsType(test, typeOf(name))));
  if (rest !== undefined && others.length > 0) parts.push(match(rest, ...typedTests(others, typeOf(rest))));
  const all = rest === undefined ? names : [...names, rest];
  const absent = values.filter(isAbsence).map((test) => and(...all.map((name) => match(name, test))));
  return anyOf([...parts, ...absent]);
}

/** Alternatives, with those of one column in one match. */
function anyOf(parts: readonly Condition[]): Condition {
  const joined: Condition[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.kind === 'match' && last?.kind === 'match' && last.field === part.field)
      joined[joined.length - 1] = match(part.field, ...last.values, ...part.values);
    else joined.push(part);
  }
  return joined.length === 1 ? joined[0] : or(...joined);
}

/** More than one where the column says the same value in several ways. */
function formTests(field: string, test: ValueTest, column: PlainColumn): readonly ValueTest[] {
  if (column.form !== 'name-or-path' || test.kind !== 'like') return [formTest(field, test, column)];
  return [{ ...test, pattern: nameOfPath(test.pattern, field, column.name) }, test];
}

function formTest(field: string, test: ValueTest, { name, form, words }: PlainColumn): ValueTest {
  if (test.kind === 'exists' || test.kind === 'null') return test;
  if (words) return { kind: 'like', pattern: literal(wordFor(field, test, name, words)), cased: false };
  if (test.kind !== 'like')
    throw new UnsupportedError(`a test of ${field} by "${test.kind}" cannot be said of ${name}`);
  switch (form) {
    case 'end-of-path':
      return { ...test, pattern: nameAtEnd(test.pattern, name) };
    case 'name-of-path':
      return { ...test, pattern: nameOfPath(test.pattern, field, name) };
    case 'extension':
      return { ...test, pattern: extensionAtEnd(test.pattern, name) };
    case 'registry-data':
      return { ...test, pattern: registryData(test.pattern, name, (digits) => String(Number.parseInt(digits, 16))) };
    case 'registry-hex':
      return { ...test, pattern: registryData(test.pattern, name, (digits) => `0x${digits}`) };
    case 'device-path':
      if (typeof test.pattern[0] === 'object' && test.pattern[0].any === 'many') return test;
      throw new UnsupportedError(`${name} holds paths that begin with a device, not with a drive`);
    case 'json-text':
      if (/^[^<>&"'/\\]+$/.test(containedText(test.pattern))) return test;
      throw new UnsupportedError(`${name} is JSON where ${field} is XML: only a word within can be looked for`);
    case 'name-or-path':
    case undefined:
      return test;
  }
}

function wordFor(field: string, test: ValueTest, column: string, words: Readonly<Record<string, string>>): string {
  const text =
    test.kind === 'boolean'
      ? String(test.wanted)
      : test.kind === 'number' && test.op === 'eq'
        ? String(test.than)
        : test.kind === 'like'
          ? literalText(test.pattern)
          : null;
  if (text !== null && Object.hasOwn(words, text.toLowerCase())) return words[text.toLowerCase()];
  const own = Object.values(words).find((word) => word.toLowerCase() === text?.toLowerCase());
  if (own !== undefined) return own;
  throw new UnsupportedError(`${column} has other words for the values of ${field} than "${text ?? test.kind}"`);
}

function containedText(pattern: TextPattern): string {
  const shape = patternShape(pattern);
  return shape.shape === 'contains' ? shape.text : '';
}

function literalText(pattern: TextPattern): string | null {
  const shape = patternShape(pattern);
  return shape.shape === 'equals' ? shape.text : null;
}

function nameAtEnd(pattern: TextPattern, column: string): TextPattern {
  const parts = joinPatterns(pattern);
  const [first, ...rest] = parts;
  const leadingStar = typeof first === 'object' && first.any === 'many';
  const inner = leadingStar ? rest : parts;
  if (inner.some((part) => typeof part === 'object')) {
    throw new UnsupportedError(
      `a file name with a wildcard inside cannot be matched in ${column}, which holds a full path`,
    );
  }
  return leadingStar ? joinPatterns([ANY_MANY, '\\', ANY_MANY], inner) : joinPatterns([ANY_MANY, '\\'], inner);
}

/** `*\name.exe` of a path is `name.exe` of its name; nothing else is the same. */
function nameOfPath(pattern: TextPattern, field: string, column: string): TextPattern {
  const shape = patternShape(pattern);
  if (shape.shape === 'endswith' && shape.text.lastIndexOf('\\') === 0 && shape.text.length > 1)
    return literal(shape.text.slice(1));
  throw new UnsupportedError(`${column} holds the file name alone, and the rule asks for the path of ${field}`);
}

function extensionAtEnd(pattern: TextPattern, column: string): TextPattern {
  const text = literalText(pattern);
  if (text === null || text === '' || /[.\\]/.test(text))
    throw new UnsupportedError(`an extension with a wildcard or a dot cannot be matched in ${column}`);
  return [ANY_MANY, `.${text}`];
}

/** Sysmon writes `DWORD (0x00000001)` and `QWORD (0x00000000-0x00000001)`, others the number; other data is the same text. */
function registryData(pattern: TextPattern, column: string, numberText: (digits: string) => string): TextPattern {
  const text = literalText(pattern);
  const [, dword] = (text === null ? null : /^DWORD \(0x([\da-f]{8})\)$/i.exec(text)) ?? [];
  if (dword !== undefined) return literal(numberText(dword));
  const isSysmons = pattern.some(
    (part) => typeof part === 'string' && /word|0x|^[\da-f]{1,8}\)?$|binary data|\(empty\)/i.test(part),
  );
  if (isSysmons)
    throw new UnsupportedError(`${column} has numbers and binary data in another form than "${showPart(pattern)}"`);
  return pattern;
}

function showPart(pattern: TextPattern): string {
  return pattern.map((part) => (typeof part === 'string' ? part : part.any === 'one' ? '?' : '*')).join('');
}

/** "DOMAIN\name" where the two are apart: exactly where the text says on which side of the backslash it stands. */
function accountTest(field: string, test: ValueTest, { domain, name }: AccountColumns): Condition {
  if (test.kind === 'exists') return match(name, test);
  if (test.kind === 'null') return and(match(domain, test), match(name, test));
  if (test.kind !== 'like')
    throw new UnsupportedError(
      `${field} is kept as domain and name apart, so that "${test.kind}" cannot be said of it`,
    );
  const like = (column: string, ...pattern: TextPattern): Condition =>
    match(column, { ...test, pattern: joinPatterns(pattern) });
  const parts = joinPatterns(test.pattern);
  const backslashes = parts.reduce(
    (count, part) => count + (typeof part === 'string' ? part.split('\\').length - 1 : 0),
    0,
  );
  const shape = patternShape(parts);
  if (backslashes === 1) {
    const at = parts.findIndex((part) => typeof part === 'string' && part.includes('\\'));
    const [before, after] = (parts[at] as string).split('\\');
    const left = joinPatterns(parts.slice(0, at), [before]);
    const right = joinPatterns([after], parts.slice(at + 1));
    const isAny = (pattern: TextPattern): boolean =>
      pattern.length === 1 && typeof pattern[0] === 'object' && pattern[0].any === 'many';
    if (isAny(left)) return like(name, ...right);
    return isAny(right) ? like(domain, ...left) : and(like(domain, ...left), like(name, ...right));
  }
  if (backslashes === 0 && shape.shape === 'contains') return or(like(domain, ...parts), like(name, ...parts));
  if (backslashes === 0 && shape.shape === 'endswith') return like(name, ...parts);
  if (backslashes === 0 && shape.shape === 'startswith') return like(domain, ...parts);
  throw new UnsupportedError(`${field} is kept as domain and name apart, and "${showPart(parts)}" does not say which`);
}

const DIGITS: Readonly<Record<string, number>> = { md5: 32, sha1: 40, sha256: 64, imphash: 32 };

/** "…SHA256=hex…" where each algorithm has a column. */
function hashTest(field: string, test: ValueTest, { byAlgorithm }: HashColumns): Condition {
  if (test.kind === 'like') {
    const texts = test.pattern.filter((part): part is string => typeof part === 'string');
    const [, algorithm, digits] = (texts.length === 1 && /^,?(\w+)=([\da-f]+),?$/i.exec(texts[0])) || [];
    const columns = [byAlgorithm[algorithm?.toLowerCase() ?? ''] ?? []].flat();
    const isWhole = digits?.length === DIGITS[algorithm?.toLowerCase() ?? ''];
    const isAnywhere = joinPatterns(test.pattern).length === 3;
    if (algorithm !== undefined && columns.length === 0)
      throw new UnsupportedError(`there is no column for the ${algorithm.toUpperCase()} of ${field}`);
    if (
      columns.length > 0 &&
      isWhole &&
      isAnywhere &&
      !test.pattern.some((part) => typeof part === 'object' && part.any === 'one')
    )
      return anyOf(
        columns.map((column) =>
          match(column, { kind: 'like', pattern: literal(digits), cased: test.cased } satisfies LikeTest),
        ),
      );
  }
  throw new UnsupportedError(
    `${field} is kept with a column for each algorithm: ALGORITHM=HEX somewhere in it is expected`,
  );
}

/** What an event of a place has: one match a column; texts with their letter case, as the table always writes them. */
export function placeConditions({ has }: Place): readonly Match[] {
  return Object.entries(has).map(([column, values]) =>
    match(
      column,
      ...values.map((value) =>
        typeof value === 'number'
          ? ({ kind: 'number', op: 'eq', than: value } as const)
          : ({ kind: 'like', pattern: literal(value), cased: true } as const),
      ),
    ),
  );
}
