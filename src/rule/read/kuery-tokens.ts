// The words and signs of Kibana's query language (KQL), each with its place.

import type { Position } from '../condition.ts';
import { Places } from './places.ts';
import { RuleError } from './rule-error.ts';

export interface KueryToken {
  /** `word`: without quotes, escapes kept; `text`: between quotes. */
  readonly kind: 'word' | 'text' | 'sign' | 'end';
  readonly text: string;
  readonly at: Position;
}

const LONGEST = 1 << 20;
const SPACE = /\s+/y;
const SIGN = /[()]|[{}]|<=|>=|[<>:]/y;
const WORD = /(?:\\[\s\S]|[^\\\s()<>:"{}])+/y;
const TEXT = /"((?:\\[\s\S]|[^"\\])*)"/y;

/** The tokens of a text, which begins at `from` of its file, an `end` last. Throws RuleError. */
export function kueryTokens(text: string, from?: Position): readonly KueryToken[] {
  if (text.length > LONGEST) throw new RuleError(`a query of ${text.length} characters; ${LONGEST} are read`);
  const tokens: KueryToken[] = [];
  const places = new Places(text, from);
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  for (;;) {
    at += take(SPACE)?.[0].length ?? 0;
    const place = places.of(at);
    if (at >= text.length) {
      tokens.push({ kind: 'end', text: '', at: place });
      return tokens;
    }
    const quoted = take(TEXT);
    const sign = quoted ? null : take(SIGN);
    const word = quoted || sign ? null : take(WORD);
    if (quoted)
      tokens.push({
        kind: 'text',
        text: quoted[1].replace(/\\([\s\S])/g, (_, c: string) => ESCAPES[c] ?? c),
        at: place,
      });
    else if (sign) tokens.push({ kind: 'sign', text: sign[0], at: place });
    else if (word) tokens.push({ kind: 'word', text: word[0], at: place });
    else throw new RuleError(text[at] === '"' ? "a text does not end: '\"' is expected" : "a '\\' at the end", place);
    at += (quoted ?? sign ?? word)![0].length;
  }
}

const ESCAPES: Readonly<Partial<Record<string, string>>> = { n: '\n', r: '\r', t: '\t' };
