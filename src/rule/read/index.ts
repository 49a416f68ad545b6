// The languages that rules are read from, by the names of their files.

import type { Rule } from '../rule.ts';
import { readElastic } from './elastic.ts';
import { readEqlRule } from './eql.ts';
import type { EqlDialect } from './eql-tokens.ts';
import type { ReadRules } from './read-rules.ts';
import { RuleError } from './rule-error.ts';
import { readSigma } from './sigma.ts';

export interface ReadOptions {
  /** What to call a rule that says nothing but its query. */
  readonly title: string;
  /** Of EQL; Elasticsearch's without. */
  readonly dialect?: EqlDialect;
}

interface RuleReader {
  /** With the dot. */
  readonly extensions: readonly string[];
  /** Never throws for what the text says. */
  readonly read: (text: string, options: ReadOptions) => ReadRules;
}

export const readers = {
  sigma: { extensions: ['.yml', '.yaml'], read: (text: string, _: ReadOptions) => readSigma(text) },
  elastic: { extensions: ['.toml'], read: (text: string, _: ReadOptions) => one(() => readElastic(text)) },
  eql: {
    extensions: ['.eql'],
    read: (text: string, { title, dialect }: ReadOptions) =>
      one(() => readEqlRule(text, title, dialect === undefined ? {} : { dialect })),
  },
} as const satisfies Readonly<Record<string, RuleReader>>;

/** The id of a language that rules are read from. */
export type ReaderId = keyof typeof readers;

/** The language that a file of this name is in; undefined for no file of rules. */
export function readerFor(name: string): ReaderId | undefined {
  const lower = name.toLowerCase();
  return (Object.keys(readers) as ReaderId[]).find((id) =>
    readers[id].extensions.some((extension) => lower.endsWith(extension)),
  );
}

function one(read: () => Rule): ReadRules {
  try {
    return { rules: [read()], errors: [] };
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return { rules: [], errors: [error] };
  }
}
