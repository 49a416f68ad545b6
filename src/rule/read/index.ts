// The languages that rules are read from, by the names of their files.

import type { ReadRules } from './read-rules.ts';
import { readSigma } from './sigma.ts';

interface RuleReader {
  /** With the dot. */
  readonly extensions: readonly string[];
  /** Never throws for what the text says. */
  readonly read: (text: string, name: string) => ReadRules;
}

export const readers = {
  sigma: { extensions: ['.yml', '.yaml'], read: (text: string, _name: string) => readSigma(text) },
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
