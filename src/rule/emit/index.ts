// The rule languages, one line each: what `--to` takes.
import { defender } from './defender.ts';
import { dsl } from './dsl.ts';
import { elastic } from './elastic.ts';
import { eql } from './eql.ts';
import { esql } from './esql.ts';
import type { Language } from './language.ts';
import { lucene } from './lucene.ts';
import { sentinel } from './sentinel.ts';
import { sigma } from './sigma.ts';
import { splunk } from './splunk.ts';
import { splunkCim } from './splunk-cim.ts';
import { sql } from './sql.ts';
import { sysmon } from './sysmon.ts';

export const languages = {
  eql,
  elastic,
  sigma,
  defender,
  sentinel,
  splunk,
  'splunk-cim': splunkCim,
  esql,
  dsl,
  lucene,
  sysmon,
  sql,
} as const satisfies Readonly<Record<string, Language>>;

/** The id of a language that a rule can be written in. */
export type LanguageId = keyof typeof languages;
