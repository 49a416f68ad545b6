// The rule languages, one line each: what `--to` takes.
import { defender } from './defender.ts';
import { elastic } from './elastic.ts';
import { eql } from './eql.ts';
import type { Language } from './language.ts';
import { sentinel } from './sentinel.ts';
import { sigma } from './sigma.ts';
import { splunk } from './splunk.ts';

export const languages = { eql, elastic, sigma, defender, sentinel, splunk } as const satisfies Readonly<
  Record<string, Language>
>;

/** The id of a language that a rule can be written in. */
export type LanguageId = keyof typeof languages;
