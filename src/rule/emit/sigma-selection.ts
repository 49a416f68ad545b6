// Sigma selections: matches as maps of `Field|modifier` to values, alternatives as lists of maps, keywords as lists of texts.
import { UnsupportedError } from '../../errors.ts';
import { type Condition, type Keyword, type Match, unnamed } from '../condition.ts';
import { networkText } from '../network.ts';
import { joinPatterns, patternShape, type TextPattern } from '../pattern.ts';
import { withDashes } from '../read/sigma-encodings.ts';
import type { RegexTest, ValueTest } from '../value-test.ts';
import { pcreText, withoutLeadingFlags } from './regex-syntax.ts';
import { yamlString } from './yaml-text.ts';

/** `key: values` of a map; the values are YAML scalars. */
interface Entry {
  readonly key: string;
  readonly values: readonly string[];
  readonly isAll?: true;
}

/**
 * The YAML of one selection (a map, or a list of maps for alternatives), or null where one selection cannot say it or a part has a name of its own.
 * `isDense`: with `all`, `neq` and `windash`, as people write them.
 */
export function selectionLines(node: Condition, isDense: boolean): readonly string[] | null {
  const keywords = keywordLines(node, '    ');
  if (keywords !== null) return keywords;
  const map = mapLines(node, '    ', isDense);
  if (map !== null || node.kind !== 'or' || node.of.length === 0) return map;
  const items = node.of.map((part) => mapLines(part, '      ', isDense) ?? nestedLines(part));
  if (items.some((lines) => lines === null)) return null;
  return items.flatMap((lines) =>
    (lines ?? []).map((line, index) => (index === 0 ? `    - ${line.trimStart()}` : line)),
  );
}

/** An item of a list that is a keyword, or a list itself. */
function nestedLines(node: Condition): readonly string[] | null {
  if (node.kind === 'keyword' && node.values.length === 1) {
    const texts = keywordTexts(node);
    return texts === null ? null : [`      ${texts[0]}`];
  }
  return null;
}

function keywordLines(node: Condition, indent: string): readonly string[] | null {
  if (node.kind === 'keyword') {
    const texts = keywordTexts(node);
    if (texts !== null) return texts.map((text) => `${indent}- ${text}`);
    const entry = entryOf('', node.values, true);
    return entry === null ? null : entryLines(entry, indent);
  }
  const isAll =
    node.kind === 'and' &&
    node.of.length > 1 &&
    node.of.every((part): part is Keyword => part.kind === 'keyword' && part.values.length === 1);
  if (!isAll) return null;
  const texts = (node.of as readonly Keyword[]).map(keywordTexts);
  if (texts.some((text) => text === null)) return null;
  return [`${indent}'|all':`, ...texts.flatMap((text) => (text ?? []).map((one) => `${indent}  - ${one}`))];
}

/** Each keyword stands somewhere in a value, which is what a bare text means; null where one does not. */
function keywordTexts({ values }: Keyword): readonly string[] | null {
  const texts = values.map((test) => {
    if (test.kind !== 'like' || test.cased) return null;
    const parts = joinPatterns(test.pattern);
    const [first, last] = [parts[0], parts.at(-1)];
    const isInside = parts.length > 2 && isMany(first) && isMany(last);
    return isInside ? yamlString(sigmaText(parts.slice(1, -1))) : null;
  });
  return texts.includes(null) ? null : (texts as string[]);
}

function isMany(part: TextPattern[number] | undefined): boolean {
  return typeof part === 'object' && part.any === 'many';
}

/** A map of fields that all have to match. */
function mapLines(node: Condition, indent: string, isDense: boolean): readonly string[] | null {
  const isMap = node.kind === 'and' && (!isDense || allEntry(node.of) === null);
  const parts = isMap ? node.of : [node];
  if (parts.length === 0) return null;
  const taken = new Set<string>();
  const lines: string[] = [];
  for (const part of parts) {
    const entry = entriesOf(part, isDense).find(({ key }) => !taken.has(key));
    if (entry === undefined) return null;
    taken.add(entry.key);
    lines.push(...entryLines(entry, indent));
  }
  return lines;
}

function entryLines({ key, values, isAll }: Entry, indent: string): readonly string[] {
  const name = /^[A-Za-z_][\w.@ -]*(?:\|\w+)*$/.test(key) ? key : yamlString(key);
  if (values.length === 1 && !isAll) return [`${indent}${name}: ${values[0]}`];
  return [`${indent}${name}:`, ...values.map((value) => `${indent}  - ${value}`)];
}

/** The ways to write one part of a map, the best one first; none where a map cannot hold it. */
function entriesOf(part: Condition, isDense: boolean): readonly Entry[] {
  if (part.kind === 'match') {
    const entry = entryOf(part.field, part.values, isDense);
    const plain = isDense && entry?.key.includes('|') ? plainEntry(part.field, part.values) : null;
    return [entry, plain].filter((one) => one !== null);
  }
  if (!isDense) return [];
  if (part.kind === 'and') {
    const all = allEntry(part.of);
    return all === null ? [] : [all];
  }
  if (part.kind === 'not' && part.of.kind === 'match') {
    const entry = entryOf(part.of.field, part.of.values, true);
    return entry === null ? [] : [{ ...entry, key: `${entry.key}|neq` }];
  }
  return [];
}

/** `Field|contains|all` of matches of one field with one value each. */
function allEntry(parts: readonly Condition[]): Entry | null {
  const matches = parts.filter((part): part is Match => part.kind === 'match' && part.values.length === 1);
  if (parts.length < 2 || matches.length < parts.length) return null;
  const [{ field }] = matches;
  if (matches.some((match) => match.field !== field)) return null;
  const tests = matches.map(({ values }) => values[0]);
  if (tests.some(({ kind }) => kind !== 'like' && kind !== 'regex')) return null;
  const entry = entryOf(field, tests, false) ?? plainEntry(field, tests);
  return entry === null ? null : { ...entry, key: `${entry.key}|all`, isAll: true };
}

/** `Field|modifier` with its values; null where not all values share the modifiers. */
function entryOf(field: string, values: readonly ValueTest[], isDense: boolean): Entry | null {
  if (values.length === 0) return null;
  const dashes = isDense ? dashEntry(field, values) : null;
  if (dashes !== null) return dashes;
  const written = values.map(writtenTest);
  const [{ modifiers }] = written;
  const key = [field, ...modifiers].join('|');
  if (written.every((one) => one.modifiers.join() === modifiers.join()))
    return { key, values: written.map((one) => one.text) };
  return plainEntry(field, values);
}

/** Without `contains` and its like: the wildcards stand in the values. */
function plainEntry(field: string, values: readonly ValueTest[]): Entry | null {
  const written = values.map((test) =>
    test.kind === 'like'
      ? { modifiers: casedModifier(test.cased), text: yamlString(sigmaText(test.pattern)) }
      : writtenTest(test),
  );
  const [{ modifiers }] = written;
  if (written.some((one) => one.modifiers.join() !== modifiers.join())) return null;
  return { key: [field, ...modifiers].join('|'), values: written.map((one) => one.text) };
}

/** Without flags, which are modifiers. */
function sourceText(test: Omit<RegexTest, 'cased' | 'multiline' | 'dotAll'>): string {
  return pcreText({ ...test, cased: true, multiline: false, dotAll: false }, '$').replace(/^\(\?s\)/, '');
}

function casedModifier(cased: boolean): readonly string[] {
  return cased ? ['cased'] : [];
}

const FIELD_PARTS = { whole: [], start: ['startswith'], end: ['endswith'], anywhere: ['contains'] } as const;

function writtenTest(test: ValueTest): { readonly modifiers: readonly string[]; readonly text: string } {
  switch (test.kind) {
    case 'like': {
      const shape = patternShape(test.pattern);
      const cased = casedModifier(test.cased);
      if (shape.shape === 'other' || shape.shape === 'equals')
        return { modifiers: cased, text: yamlString(sigmaText(test.pattern)) };
      return { modifiers: [shape.shape, ...cased], text: yamlString(sigmaText([shape.text])) };
    }
    case 'regex': {
      const isPlain = test.syntax === 'perl' && !test.whole;
      const { cased, multiline, dotAll, ...rest } = isPlain ? test : withoutLeadingFlags(test);
      const flags = [
        ...(cased ? [] : ['i']),
        ...(multiline ? ['m'] : []),
        ...(dotAll || test.syntax === 'lucene' ? ['s'] : []),
      ];
      const source = isPlain ? test.source : sourceText(rest);
      return { modifiers: ['re', ...flags], text: yamlString(source) };
    }
    case 'number':
      return { modifiers: test.op === 'eq' ? [] : [test.op], text: String(test.than) };
    case 'time':
      return { modifiers: [test.part, ...(test.op === 'eq' ? [] : [test.op])], text: String(test.than) };
    case 'cidr':
      return { modifiers: ['cidr'], text: yamlString(networkText(test.network)) };
    case 'null':
      return { modifiers: [], text: 'null' };
    case 'exists':
      return { modifiers: ['exists'], text: String(test.wanted) };
    case 'boolean':
      return { modifiers: [], text: String(test.wanted) };
    case 'field':
      return {
        modifiers: ['fieldref', ...FIELD_PARTS[test.part], ...casedModifier(test.cased)],
        text: yamlString(test.name),
      };
    case 'bits':
      throw new UnsupportedError('Sigma has no words for bits of a number');
  }
}

/** `windash` where the values are just what it makes of some of them, in its order. */
function dashEntry(field: string, values: readonly ValueTest[]): Entry | null {
  const heads: TextPattern[] = [];
  const modifiers: (readonly string[])[] = [];
  for (let at = 0; at < values.length; ) {
    const test = values[at];
    if (test.kind !== 'like' || test.cased) return null;
    const shape = patternShape(test.pattern);
    if (shape.shape === 'other') return null;
    const [front, back] = [
      shape.shape === 'contains' || shape.shape === 'endswith',
      shape.shape === 'contains' || shape.shape === 'startswith',
    ];
    const forms = withDashes([shape.text]).map((form) =>
      joinPatterns(front ? [{ any: 'many' }] : [], form, back ? [{ any: 'many' }] : []),
    );
    if (forms.length === 0) return null;
    const isJust = forms.every((form, index) => {
      const other = values[at + index];
      return (
        other?.kind === 'like' && !other.cased && JSON.stringify(joinPatterns(other.pattern)) === JSON.stringify(form)
      );
    });
    if (!isJust) return null;
    heads.push([shape.text]);
    modifiers.push(shape.shape === 'equals' ? [] : [shape.shape]);
    at += forms.length;
  }
  if (heads.length === values.length || new Set(modifiers.map(String)).size > 1) return null;
  return {
    key: [field, ...modifiers[0], 'windash'].join('|'),
    values: heads.map((head) => yamlString(sigmaText(head))),
  };
}

/**
 * Sigma's escaping: a backslash is itself unless a backslash or a wildcard follows, where it must be doubled. Every doubled backslash is
 * one, so runs are doubled as a whole; a single one before ordinary text stays single, as rules are written by hand.
 */
export function sigmaText(pattern: TextPattern): string {
  let text = '';
  for (const [index, part] of pattern.entries()) {
    if (typeof part === 'object') text += part.any === 'one' ? '?' : '*';
    else {
      const last = index === pattern.length - 1;
      text += part.replace(/\\+(?=([*?])?)|[*?]/g, (run, wildcard: string | undefined, at: number) => {
        if (run === '*' || run === '?') return `\\${run}`;
        const end = at + run.length === part.length;
        return run.length > 1 || wildcard !== undefined || (end && !last) ? run + run : run;
      });
    }
  }
  return text;
}

/** Whether two conditions say the same, position and names aside. */
export function isSame(one: Condition, other: Condition): boolean {
  return textOf(one) === textOf(other);
}

function textOf(condition: Condition): string {
  return JSON.stringify(unnamed(condition), (key, value: unknown) =>
    key === 'at' ? undefined : typeof value === 'bigint' ? String(value) : value,
  );
}
