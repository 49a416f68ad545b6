// Tests of values out of EQL's texts: patterns with wildcards, regular expressions, networks, and what functions say of them.

import type { Position } from '../condition.ts';
import { networkOf } from '../network.ts';
import { ANY_MANY, ANY_ONE, joinPatterns, type TextPattern } from '../pattern.ts';
import { perlRegex } from '../regex.ts';
import type { LikeTest, RegexTest, ValueTest } from '../value-test.ts';
import type { Syntax } from './eql-syntax.ts';
import type { EqlDialect } from './eql-tokens.ts';
import { placed, RuleError } from './rule-error.ts';

export const inTest = (text: string, cased: boolean): LikeTest => ({ kind: 'like', pattern: [text], cased });

/** `*` is any number of characters; `?` is any one in Elasticsearch only. Neither can be written as itself. */
export function likeTest(text: string, cased: boolean, dialect: EqlDialect): LikeTest {
  const parts = text.split(dialect === 'elastic' ? /([*?])/ : /(\*)/);
  const pattern: TextPattern = parts.map((part) =>
    part === '*' ? ANY_MANY : part === '?' && dialect === 'elastic' ? ANY_ONE : part,
  );
  return { kind: 'like', pattern: joinPatterns(pattern), cased };
}

/** Elasticsearch's `regex`, over the whole value. Throws RuleError for one that cannot be read. */
export function regexTest(source: string, cased: boolean, at: Position): RegexTest {
  const test: RegexTest = {
    kind: 'regex',
    source,
    syntax: 'lucene',
    whole: true,
    cased,
    multiline: false,
    dotAll: true,
  };
  return readable(test, at);
}

function readable(test: RegexTest, at: Position): RegexTest {
  try {
    perlRegex(test);
    return test;
  } catch (error) {
    throw placed(error, at);
  }
}

/** What a call says of its first argument where the others are constants; undefined where tests cannot say it. Throws RuleError. */
export function callTests(
  name: string,
  args: readonly Syntax[],
  cased: boolean,
  dialect: EqlDialect,
): readonly ValueTest[] | undefined {
  const texts: { readonly text: string; readonly at: Position }[] = [];
  for (const arg of args) {
    if (arg.kind !== 'literal' || typeof arg.value !== 'string') return undefined;
    texts.push({ text: arg.value, at: arg.at });
  }
  const patterns = (make: (text: string) => TextPattern): readonly ValueTest[] =>
    texts.map(({ text }) => ({ kind: 'like', pattern: joinPatterns(make(text)), cased }));
  switch (name) {
    case 'startsWith':
      return patterns((text) => [text, ANY_MANY]);
    case 'endsWith':
      return patterns((text) => [ANY_MANY, text]);
    case 'stringContains':
      return texts[0].text === '' ? undefined : patterns((text) => [ANY_MANY, text, ANY_MANY]);
    case 'wildcard':
      return texts.map(({ text }) => likeTest(text, cased, dialect));
    case 'arrayContains':
      return texts.map(({ text }) => inTest(text, cased));
    case 'cidrMatch':
      return texts.map(({ text, at }) => {
        const network = networkOf(text);
        if (!network) throw new RuleError(`a network such as 10.0.0.0/8 is expected, not '${text}'`, at);
        return { kind: 'cidr', network };
      });
    case 'match':
    case 'matchLite':
      return texts.map(({ text, at }) =>
        readable(
          {
            kind: 'regex',
            source: `^(?:${text})`,
            syntax: 'perl',
            whole: false,
            cased,
            multiline: false,
            dotAll: false,
          },
          at,
        ),
      );
    default:
      return undefined;
  }
}
