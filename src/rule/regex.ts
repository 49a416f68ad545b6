// Regular expressions of rules as JavaScript's own, with what their languages write differently.

import { UnsupportedError } from '../errors.ts';
import type { RegexTest } from './value-test.ts';

/** Longest source that is compiled. */
const LONGEST = 1 << 16;

/** Throws UnsupportedError for one that JavaScript cannot say. */
export function perlRegex(test: RegexTest): RegExp {
  if (test.source.length > LONGEST)
    throw new UnsupportedError(`a regular expression of ${test.source.length} characters; ${LONGEST} are read`);
  let { source, cased, multiline, dotAll } = test;
  if (test.syntax === 'lucene') {
    source = fromLucene(source);
    dotAll = true;
  } else {
    // Flags for the whole, in front: (?i), (?ims), (?-s).
    for (;;) {
      const [group, on, off = ''] = /^\(\?([imsux]*)(?:-([imsux]*))?\)/.exec(source) ?? [];
      if (group === undefined || on + off === '') break;
      if (`${on}${off}`.includes('x')) throw new UnsupportedError('a regular expression with (?x)');
      cased = on.includes('i') ? false : off.includes('i') || cased;
      multiline = on.includes('m') || (multiline && !off.includes('m'));
      dotAll = on.includes('s') || (dotAll && !off.includes('s'));
      source = source.slice(group.length);
    }
    source = fromPerl(source);
  }
  if (test.whole) source = `^(?:${source})$`;
  const flags = `${cased ? '' : 'i'}${multiline ? 'm' : ''}${dotAll ? 's' : ''}`;
  try {
    return new RegExp(source, flags);
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
      const word = isClass ? undefined : { A: '^', z: '$', Z: '$' }[next];
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
