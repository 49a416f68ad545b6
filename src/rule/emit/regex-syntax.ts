// A rule's regular expression in the syntax of a language: RE2 (KQL, DuckDB), PCRE (Splunk, Sigma), or Lucene's, which covers the whole value.
import { UnsupportedError } from '../../errors.ts';
import { type CharacterRange, inverted, type RegexNode, regexTree } from '../regex-tree.ts';
import type { RegexTest } from '../value-test.ts';

/** With its flags in front, for PCRE. Only `whole` and Lucene's own syntax are written anew, the rest is as its author wrote it. */
export function pcreText(test: RegexTest, end = '\\z'): string {
  const flags = `${test.cased ? '' : 'i'}${test.multiline ? 'm' : ''}${test.dotAll || test.syntax === 'lucene' ? 's' : ''}`;
  const body = test.syntax === 'lucene' ? printPerl(regexTree(test)) : test.source;
  return `${flags === '' ? '' : `(?${flags})`}${test.whole ? `^(?:${body})${end}` : body}`;
}

/** The same test with the flags that its source begins with, such as `(?i)`, as its own: something may be put in front of it then. */
export function withoutLeadingFlags(test: RegexTest): RegexTest {
  let { source, cased, multiline, dotAll } = test;
  if (test.syntax === 'lucene') return test;
  for (;;) {
    const [group, on, off = ''] = /^\(\?([ims]*)(?:-([ims]*))?\)/.exec(source) ?? [];
    if (group === undefined) return { ...test, source, cased, multiline, dotAll };
    cased = on.includes('i') ? false : off.includes('i') || cased;
    multiline = on.includes('m') || (multiline && !off.includes('m'));
    dotAll = on.includes('s') || (dotAll && !off.includes('s'));
    source = source.slice(group.length);
  }
}

/** As `pcreText`, or UnsupportedError for what RE2 lacks: looking around, back references, possessive marks. */
export function re2Text(test: RegexTest): string {
  regexTree(test);
  return pcreText(test, test.multiline ? '\\z' : '$');
}

/**
 * Lucene's regular expression that takes the same whole values. `spell`: letters are written in both cases where case is ignored, for engines that
 * do not ignore it. Throws UnsupportedError for edges of words and lines.
 */
export function luceneText(test: RegexTest, spell: boolean): string {
  const tree = regexTree(test);
  const inner = tree.kind === 'group' ? tree.of : tree;
  const alternatives = inner.kind === 'alternatives' ? inner.of : [inner];
  const isCased = tree.kind === 'group' ? tree.cased : test.cased;
  return alternatives
    .map((one) => {
      const { start, body, end } = anchored(one, test.whole);
      const text = printLucene(body, { cased: isCased, spell }, alternatives.length > 1 || !start || !end);
      return `${start ? '' : ANYTHING}${text}${end ? '' : ANYTHING}`;
    })
    .join('|');
}

/** In Lucene `.` takes line ends too. */
const ANYTHING = '.*';

/** Anchors at both ends taken off; within, they are refused where they are printed. */
function anchored(node: RegexNode, whole: boolean): { start: boolean; body: RegexNode; end: boolean } {
  const parts = node.kind === 'sequence' ? [...node.of] : [node];
  let [start, end] = [whole, whole];
  const isAnchor = (part: RegexNode | undefined, at: 'start' | 'end'): boolean =>
    part?.kind === 'anchor' && part.at === at;
  while (isAnchor(parts[0], 'start')) {
    parts.shift();
    start = true;
  }
  while (isAnchor(parts.at(-1), 'end')) {
    parts.pop();
    end = true;
  }
  return { start, end, body: parts.length === 1 ? parts[0] : { kind: 'sequence', of: parts } };
}

interface LuceneOptions {
  readonly cased: boolean;
  readonly spell: boolean;
}

function printLucene(node: RegexNode, options: LuceneOptions, inside = false): string {
  switch (node.kind) {
    case 'empty':
      return '()';
    case 'text':
      return [...node.text].map((c) => character(c, options)).join('');
    case 'any':
      return node.dotAll ? '.' : '[^\n]';
    case 'class':
      return luceneClass(node.negated, node.ranges, options);
    case 'anchor':
      throw new UnsupportedError(`Lucene's regular expressions have no ${ANCHORS[node.at]}`);
    case 'group':
      return `(${printLucene(node.of, { ...options, cased: node.cased })})`;
    case 'repeat': {
      const of = printLucene(node.of, options);
      const isOne = node.of.kind === 'any' || node.of.kind === 'class' || node.of.kind === 'group';
      const bare = isOne || (node.of.kind === 'text' && [...node.of.text].length === 1);
      return `${bare ? of : `(${of})`}${marks(node.least, node.most)}`;
    }
    case 'sequence':
      return node.of.map((part) => printLucene(part, options, true)).join('');
    case 'alternatives': {
      const text = node.of.map((part) => printLucene(part, options)).join('|');
      return inside ? `(${text})` : text;
    }
  }
}

const ANCHORS = {
  start: 'anchor within',
  end: 'anchor within',
  'line-start': 'anchors of lines',
  'line-end': 'anchors of lines',
  word: 'edges of words',
  'no-word': 'edges of words',
} as const;

function marks(least: number, most: number | null): string {
  if (most === null) return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`;
  if (least === 0 && most === 1) return '?';
  return least === most ? `{${least}}` : `{${least},${most}}`;
}

const LUCENE_SPECIAL = /[.?+*|{}[\]()"\\#@&<>~^$]/;

function character(c: string, { cased, spell }: LuceneOptions): string {
  const cases = cased ? [c] : [...new Set([c.toLowerCase(), c.toUpperCase()])].filter((one) => [...one].length === 1);
  if (cases.length > 1 && (spell || c > '\u007f')) return `[${cases.join('')}]`;
  return LUCENE_SPECIAL.test(c) ? `\\${c}` : c;
}

function luceneClass(negated: boolean, ranges: readonly CharacterRange[], { cased, spell }: LuceneOptions): string {
  const listed = cased || !spell ? ranges : ranges.flatMap(bothCases);
  // What goes on to the last character there is, is said by what it leaves out.
  const isOpen = listed.some(([, to]) => to > 0xffff);
  const all = isOpen ? inverted(listed) : listed;
  if (isOpen && all.length === 0 && !negated) return '.';
  if (all.length === 0) throw new UnsupportedError('a class without characters');
  const one = (code: number): string => {
    const c = String.fromCodePoint(code);
    return /[\\\]^[\-"&~#@<>]/.test(c) ? `\\${c}` : c;
  };
  const text = all.map(([from, to]) => (from === to ? one(from) : `${one(from)}-${one(to)}`)).join('');
  return `[${negated !== isOpen ? '^' : ''}${text}]`;
}

/** A range with the other case of its ASCII letters. */
function bothCases([from, to]: CharacterRange): readonly CharacterRange[] {
  const cut = (first: number, last: number, by: number): readonly CharacterRange[] => {
    const [low, high] = [Math.max(from, first), Math.min(to, last)];
    return low <= high ? [[low + by, high + by]] : [];
  };
  return [[from, to], ...cut(65, 90, 32), ...cut(97, 122, -32)];
}

/** A tree in the words of Perl; flags are those of the whole. */
function printPerl(node: RegexNode): string {
  switch (node.kind) {
    case 'empty':
      return '';
    case 'text':
      return node.text.replace(/[.?+*|{}[\]()^$\\/]/g, '\\$&');
    case 'any':
      return '.';
    case 'class': {
      const one = (code: number): string => {
        const c = String.fromCodePoint(code);
        return /[\\\]^[-]/.test(c) ? `\\${c}` : code < 32 || code > 126 ? `\\x{${code.toString(16)}}` : c;
      };
      return `[${node.negated ? '^' : ''}${node.ranges.map(([from, to]) => (from === to ? one(from) : `${one(from)}-${one(to)}`)).join('')}]`;
    }
    case 'anchor':
      return { start: '\\A', end: '\\z', 'line-start': '^', 'line-end': '$', word: '\\b', 'no-word': '\\B' }[node.at];
    case 'group':
      return `(?:${printPerl(node.of)})`;
    case 'repeat': {
      const of = printPerl(node.of);
      const bare =
        node.of.kind === 'any' || node.of.kind === 'class' || node.of.kind === 'group' || [...of].length === 1;
      return `${bare ? of : `(?:${of})`}${marks(node.least, node.most)}`;
    }
    case 'sequence':
      return node.of
        .map((part) => (part.kind === 'alternatives' ? `(?:${printPerl(part)})` : printPerl(part)))
        .join('');
    case 'alternatives':
      return node.of.map(printPerl).join('|');
  }
}
