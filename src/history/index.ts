// The door to histories: a store over logs and Parquet, questions to it, and what its counts say. Counting takes @duckdb/node-api, an optional dependency.

export { readSelection } from '../rule/read/selection.ts';
export { BASELINE_SCHEMA, type BaselineDocument, baselineDocument } from './baseline-document.ts';
export { logSourceCondition, logSourceOfText } from './log-source-condition.ts';
export { type CheaperQuery, cheaperQuery, type DerivedField } from './query-cost/cheaper-query.ts';
export { type QueryShape, queryShape } from './query-cost/query-shape.ts';
export { type PlanCost, planCosts } from './query-cost/store-costs.ts';
export type { Answer, AskOptions, HistoryStore, Question, QuestionTime, Row, TimedQuestion } from './question.ts';
export { type SourceCondition, sourceCondition } from './source-condition.ts';
export type { BaselineSummary } from './statistics/baseline-summary.ts';
export { type SummaryOptions, summarize } from './statistics/summarize.ts';
export { type DuckDbStore, openDuckDb, type StoreOptions } from './stores/duckdb.ts';
export type { HistorySource } from './stores/relations.ts';
