// Files of rules in EQL and in Elastic's TOML: each is one rule, or what is wrong with it.

import type { Rule } from '../rule.ts';
import { readElastic } from './elastic.ts';
import { readEqlRule } from './eql.ts';
import type { EqlDialect } from './eql-tokens.ts';
import type { ReadRules } from './read-rules.ts';
import { RuleError } from './rule-error.ts';

/** A query in a file of its own, which is called by the file's name. Never throws for what the text says. */
export function readEqlRules(text: string, name: string, dialect: EqlDialect = 'elastic'): ReadRules {
  const title = name.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
  return oneRule(() => readEqlRule(text, title, { dialect }));
}

/** Never throws for what the text says. */
export function readElasticRules(text: string): ReadRules {
  return oneRule(() => readElastic(text));
}

function oneRule(read: () => Rule): ReadRules {
  try {
    return { rules: [read()], errors: [] };
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return { rules: [], errors: [error] };
  }
}
