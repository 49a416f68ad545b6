// Table of contents of the rule layer, for use from outside: the condition tree, the taxonomy and the languages.
export * from './condition.ts';
export { type LanguageId, languages } from './emit/index.ts';
export type { Language } from './emit/language.ts';
export { type Exclusion, exclusionsOf } from './exclusions.ts';
export { controlOf, type FieldControl } from './field-control.ts';
export { type JudgedExclusion, judgeExclusion, judgeExclusions } from './judge-exclusion.ts';
export { CLASSES, type ExclusionClass, type Judgement } from './judge-test.ts';
export * from './pattern.ts';
export { type ReaderId, readerFor, readers } from './read/index.ts';
export type { Rule, RuleNotes, Severity, Threat } from './rule.ts';
export { ecs, FIELD_MEANING, type Field, mde, sysmon, type Taxonomy, windows } from './taxonomy.ts';
export { uuidV5 } from './uuid-v5.ts';
