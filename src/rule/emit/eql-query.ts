// Queries as EQL of Elasticsearch, over ECS fields: events, sequences, samples and pipes.

import { UnsupportedError } from '../../errors.ts';
import { type Match, mergeAlternatives } from '../condition.ts';
import { type LogSource, logSourceText } from '../log-source.ts';
import { placeMatch } from '../place-match.ts';
import type { EventQuery, JoinKey, Pipe, Query, Step } from '../query.ts';
import type { Rule } from '../rule.ts';
import { columnFor, ecs } from '../taxonomy.ts';
import { printWithin } from './boolean-text.ts';
import { EQL_TOKENS, eqlExpression, eqlTree } from './eql-condition.ts';
import { inEcs } from './eql-source.ts';
import { eqlCategory } from './eql-text.ts';

/** Units of a time span, the longest first, in milliseconds. */
const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** The query alone, without comments. Throws UnsupportedError for what EQL of Elasticsearch does not say. */
export function eqlQuery(rule: Rule): string {
  const isOwn = rule.taxonomy === 'winnow' || rule.taxonomy === 'ecs' || rule.query.kind === 'correlation';
  const own = isOwn ? rule : inEcs(rule);
  return queryText(own.query, own);
}

function queryText(query: Query, rule: Rule): string {
  switch (query.kind) {
    case 'event':
      return eventText(query, rule, 1);
    case 'sequence':
    case 'sample': {
      const maxspan = query.kind === 'sequence' ? query.maxspan : null;
      const until = query.kind === 'sequence' ? query.until : null;
      const head = `${query.kind}${keysText(query.by)}${maxspan === null ? '' : ` with maxspan=${spanText(maxspan)}`}`;
      const steps = query.steps.map((step) => `  ${stepText(step, rule)}`);
      return [head, ...steps, ...(until ? [`  until ${stepText(until, rule)}`] : [])].join('\n');
    }
    case 'join':
      throw new UnsupportedError('EQL of Elasticsearch has no join');
    case 'piped':
      return [queryText(query.of, rule), ...query.pipes.map(pipeText)].join('\n');
    case 'correlation':
      throw new UnsupportedError('EQL does not count what other rules find (a correlation)');
  }
}

function eventText({ category, condition }: EventQuery, { taxonomy, logSource }: Rule, depth: number): string {
  const isPlaced = taxonomy !== 'winnow';
  const tree = eqlTree(isPlaced ? condition : mergeAlternatives(condition), isPlaced ? (match) => match : placed);
  const parts = (tree.kind === 'and' ? tree.of : [tree]).map((part) => printWithin(part, EQL_TOKENS, depth));
  const head = category === null ? sourceHead(logSource) : `${eqlCategory(category)} where `;
  return `${head}${parts.join(` and\n${'  '.repeat(depth)}`)}`;
}

/** How an event query begins that names no category: by what the rule's log source is in Elasticsearch. */
function sourceHead(source: LogSource): string {
  switch (logSourceText(source)) {
    case 'any':
      return 'any where ';
    case 'windows/process_creation':
      return 'process where host.os.type == "windows" and event.type == "start" and\n  ';
    default:
      throw new UnsupportedError(`EQL: nothing says which events of Elasticsearch "${logSourceText(source)}" is`);
  }
}

/** A match of logical fields in ECS. */
function placed(match: Match): Match {
  if (match.values.length === 1 && match.values[0].kind === 'boolean')
    return { ...match, field: columnFor(match.field, ecs).name };
  const { column, values } = placeMatch(match, ecs);
  return { ...match, field: column, values: values.map((pattern) => ({ kind: 'like', pattern, cased: false })) };
}

function stepText({ event, by, missing, runs, fork }: Step, rule: Rule): string {
  if (fork) throw new UnsupportedError('EQL of Elasticsearch has no "fork"');
  const text = `${missing ? '!' : ''}[${eventText(event, rule, 2)}]${keysText(by)}`;
  return runs === 1 ? text : `${text} with runs=${runs}`;
}

function keysText(keys: readonly JoinKey[]): string {
  return keys.length === 0 ? '' : ` by ${keys.map((key) => keyText(key)).join(', ')}`;
}

function keyText({ of, optional, cased }: JoinKey): string {
  if (!cased) throw new UnsupportedError('EQL of Elasticsearch joins by keys with regard to letter case only');
  if (optional && !(of.kind === 'field' && of.optional))
    throw new UnsupportedError('EQL of Elasticsearch joins by nothing only where a field is optional');
  return eqlExpression(of);
}

function spanText(millis: number): string {
  const unit = UNITS.find(([, size]) => millis % size === 0);
  return unit ? `${millis / unit[1]}${unit[0]}` : `${millis}ms`;
}

function pipeText(pipe: Pipe): string {
  if (pipe.name === 'head' || pipe.name === 'tail') return `| ${pipe.name} ${pipe.count}`;
  throw new UnsupportedError(`EQL of Elasticsearch has no pipe "${pipe.name}"`);
}
