// Table of contents of the rule layer, for use from outside: the condition tree, the taxonomy and the languages.
export { type Binding, BY_NAME, type Truth, type ValuesOf } from './binding.ts';
export * from './condition.ts';
export { type LanguageId, languages } from './emit/index.ts';
export type { Language } from './emit/language.ts';
export { compileCondition } from './evaluate.ts';
export { type LogSource, logSourceText } from './log-source.ts';
export * from './pattern.ts';
export * from './query.ts';
export type { ReadRules } from './read/read-rules.ts';
export { RuleError } from './read/rule-error.ts';
export { readSigma } from './read/sigma.ts';
export { conditionOf, type Rule, type RuleNotes, type Severity, type Threat } from './rule.ts';
export { type EventKind, kindsOf } from './sources.ts';
export { ecs, FIELD_MEANING, type Field, mde, sysmon, type Taxonomy, windows } from './taxonomy.ts';
export { uuidV5 } from './uuid-v5.ts';
export type { Value } from './value-match.ts';
export * from './value-test.ts';
