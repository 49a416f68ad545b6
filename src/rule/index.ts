// Table of contents of the rule layer, for use from outside: the condition tree, the taxonomy and the languages.
export * from './condition.ts';
export { type LanguageId, languages } from './emit/index.ts';
export type { Language } from './emit/language.ts';
export * from './pattern.ts';
export type { Rule, RuleNotes, Severity, Threat } from './rule.ts';
export { ecs, FIELD_MEANING, type Field, mde, sysmon, type Taxonomy, windows } from './taxonomy.ts';
export { uuidV5 } from './uuid-v5.ts';
