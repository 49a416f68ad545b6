// Regular expressions of rules as JavaScript's own, with what their languages write differently; as automata where those may not end.

import { UnsupportedError } from '../errors.ts';
import { checkSize, RegexAutomaton } from './regex-automaton.ts';
import { longestTried } from './regex-cost.ts';
import { type RegexNode, regexTree, SCRIPT_SPACE } from './regex-tree.ts';
import type { RegexTest } from './value-test.ts';

/** Longest source that is compiled. */
const LONGEST = 1 << 16;

/** Says whether a text has a match. */
export interface Regex {
  test(text: string): boolean;
}

/** Time grows with the length of a text. Throws UnsupportedError for what cannot be read, and for what looks around or back and may take for ever. */
export function perlRegex(given: RegexTest): Regex {
  if (given.source.length > LONGEST)
    throw new UnsupportedError(`a regular expression of ${given.source.length} characters; ${LONGEST} are read`);
  const test = given.syntax === 'perl' ? withoutFlags(given) : given;
  const native = scriptRegex(test);
  const tree = treeOf(test);
  const longest = longestTried(tree ?? treeWithoutLooks(test));
  if (longest === 0 && !tree)
    throw new UnsupportedError(
      'a regular expression that looks around or back and repeats what is repeated: it may take for ever',
    );
  if (!tree || longest === Number.POSITIVE_INFINITY) return native;
  checkSize(tree);
  let automaton: RegexAutomaton | undefined;
  return {
    test: (text) => {
      if (text.length <= longest) return native.test(text);
      automaton ??= new RegexAutomaton(tree, test.whole);
      return automaton.test(text);
    },
  };
}

/** Undefined for what no tree can hold. */
function treeOf(test: RegexTest): RegexNode | undefined {
  try {
    return regexTree(test, SCRIPT_SPACE);
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    return undefined;
  }
}

/** The tree of what is at least as dear: groups for what looks around, a character for a back reference. */
function treeWithoutLooks(test: RegexTest): RegexNode {
  const source = test.source.replace(/\\k<\w+>|\\[1-9]\d*|\\[pP]\{[^}]*\}|\\[\s\S]|\(\?<?[=!]/g, (text) => {
    if (text.startsWith('(')) return '(?:';
    return /^\\(?:k<|[1-9])/.test(text) ? '.' : text.startsWith('\\p') || text.startsWith('\\P') ? '.' : text;
  });
  return treeOf({ ...test, source }) ?? ENDLESS;
}

const ANY: RegexNode = { kind: 'any', dotAll: true };
/** As dear as can be. */
const ENDLESS: RegexNode = {
  kind: 'repeat',
  of: { kind: 'repeat', of: ANY, least: 0, most: null },
  least: 0,
  most: null,
};

/** Flags for the whole, in front: (?i), (?ims), (?-s). */
function withoutFlags(test: RegexTest): RegexTest {
  let { source, cased, multiline, dotAll } = test;
  for (;;) {
    const [group, on, off = ''] = /^\(\?([imsux]*)(?:-([imsux]*))?\)/.exec(source) ?? [];
    if (group === undefined || on + off === '') break;
    if (`${on}${off}`.includes('x')) throw new UnsupportedError('a regular expression with (?x)');
    cased = on.includes('i') ? false : off.includes('i') || cased;
    multiline = on.includes('m') || (multiline && !off.includes('m'));
    dotAll = on.includes('s') || (dotAll && !off.includes('s'));
    source = source.slice(group.length);
  }
  return { ...test, source, cased, multiline, dotAll };
}

/** Throws UnsupportedError for one that JavaScript cannot say. */
function scriptRegex({ syntax, whole, cased, multiline, dotAll, ...test }: RegexTest): RegExp {
  let source = syntax === 'lucene' ? fromLucene(test.source) : fromPerl(test.source);
  if (whole) source = `^(?:${source})$`;
  const flags = `${cased ? '' : 'i'}${multiline ? 'm' : ''}${dotAll || syntax === 'lucene' ? 's' : ''}`;
  try {
    const regex = new RegExp(source, flags);
    // Only what is asked is compiled, and only then is it too large: for texts of bytes, and of units.
    regex.test('');
    regex.test('\u0100');
    return regex;
  } catch (error) {
    throw new UnsupportedError(`a regular expression that cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

const POSIX: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: '0-9A-Za-z',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
};

/** `\A`, `\z`, `\Z`, `\h`, `(?P<name>`, `(?P=name)`, `[[:alpha:]]` and atomic or possessive marks in JavaScript's words. */
function fromPerl(source: string): string {
  let text = '';
  let isClass = false;
  for (let at = 0; at < source.length; at++) {
    const c = source[at];
    const rest = source.slice(at, at + 16);
    if (c === '\\') {
      const next = source[++at];
      const [code, digits] = /^[xu]\{([\da-f]{1,4})\}/i.exec(source.slice(at, at + 7)) ?? [];
      if (code !== undefined) {
        text += `\\u${digits.padStart(4, '0')}`;
        at += code.length - 1;
        continue;
      }
      const word = { a: '\\x07', e: '\\x1b' }[next] ?? (isClass ? undefined : { A: '^', z: '$', Z: '$' }[next]);
      text += word ?? (next === 'h' ? (isClass ? ' \\t' : '[ \\t]') : `\\${next ?? ''}`);
      continue;
    }
    if (isClass) {
      const [posix, name] = /^\[:(\w+):\]/.exec(rest) ?? [];
      if (posix !== undefined && Object.hasOwn(POSIX, name)) {
        text += POSIX[name];
        at += posix.length - 1;
        continue;
      }
      if (c === ']') isClass = false;
    } else if (c === '[') {
      isClass = true;
      if (source[at + 1] === ']' || source.startsWith('^]', at + 1)) {
        const head = source[at + 1] === ']' ? '[' : '[^';
        text += `${head}\\]`;
        at += head.length;
        continue;
      }
    } else if (rest.startsWith('(?P<')) {
      text += '(?<';
      at += 3;
      continue;
    }
    text += c;
  }
  return text;
}

/** Lucene has no anchors, classes by letter or lazy marks; `~ & < > @ # "` are its own and are refused unless they stand for themselves. */
function fromLucene(source: string): string {
  let text = '';
  let isClass = false;
  for (let at = 0; at < source.length; at++) {
    const c = source[at];
    if (c === '\\') {
      const next = source[++at] ?? '\\';
      text += /[dDwWsS]/.test(next) ? `\\${next}` : escaped(next);
    } else if (isClass) {
      if (c === ']') isClass = false;
      text += c === '[' ? '\\[' : c;
    } else if (c === '[') {
      isClass = true;
      text += c;
    } else if (c === '^' || c === '$') text += `\\${c}`;
    else if (c === '"') {
      const end = source.indexOf('"', at + 1);
      if (end < 0) throw new UnsupportedError('a quotation mark in a regular expression that does not end');
      text += [...source.slice(at + 1, end)].map(escaped).join('');
      at = end;
    } else if (c === '@') text += '.*';
    else if (c === '#') text += '(?!)';
    else if (c === '~' || c === '&' || c === '<')
      throw new UnsupportedError(`Lucene's "${c}" in a regular expression is not read`);
    else text += c;
  }
  return text;
}

function escaped(character: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(character) ? `\\${character}` : character;
}
