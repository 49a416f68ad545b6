// Reads EQL: events, sequences, joins, samples and pipes, in Elasticsearch's dialect or the first one.

import type { Expression, Position } from '../condition.ts';
import { ANY_SOURCE } from '../log-source.ts';
import type { EventQuery, JoinKey, Pipe, Query, SampleQuery, SequenceQuery, Step } from '../query.ts';
import { NOTHING_SAID, type Rule } from '../rule.ts';
import { EqlConditions } from './eql-condition.ts';
import { EqlExpressionReader } from './eql-expression.ts';
import type { EqlDialect } from './eql-tokens.ts';
import { placed, RuleError } from './rule-error.ts';

export interface EqlOptions {
  readonly dialect?: EqlDialect;
  /** Letter case counts; without, as the dialect has it: in Elasticsearch's it does, in the first it does not. */
  readonly cased?: boolean;
  /** Where the text begins in its file. */
  readonly from?: Position;
}

const MOST_STEPS = 256;
const MOST_RUNS = 100;
const MOST_SAMPLED = 5;

/** The query of a text. Throws RuleError. */
export function readEql(text: string, options: EqlOptions = {}): Query {
  return new QueryReader(text, options).read();
}

/** A rule of a query alone, with nothing else to say; `title` is what to call it. Throws RuleError. */
export function readEqlRule(text: string, title: string, options: EqlOptions = {}): Rule {
  return {
    ...NOTHING_SAID,
    title,
    logSource: ANY_SOURCE,
    taxonomy: 'ecs',
    query: readEql(text, options),
  };
}

class QueryReader {
  readonly #reader: EqlExpressionReader;
  readonly #conditions: EqlConditions;
  readonly #dialect: EqlDialect;
  readonly #cased: boolean;

  constructor(text: string, { dialect = 'elastic', cased, from }: EqlOptions) {
    this.#dialect = dialect;
    this.#cased = cased ?? dialect === 'elastic';
    this.#reader = new EqlExpressionReader(text, dialect, from);
    this.#conditions = new EqlConditions(dialect, this.#cased);
  }

  read(): Query {
    const reader = this.#reader;
    const { at } = reader.token;
    try {
      const of = this.#base();
      if (of.kind === 'sample' && reader.is('|')) throw reader.error('the end is expected: a sample has no pipes');
      const pipes: Pipe[] = [];
      while (reader.takeIf('|')) pipes.push(this.#pipe());
      if (reader.token.kind !== 'end') throw reader.error("'and', 'or', '|' or the end is expected");
      return pipes.length === 0 ? of : { kind: 'piped', of, pipes };
    } catch (error) {
      throw placed(error, at);
    }
  }

  #base(): EventQuery | SequenceQuery | SampleQuery {
    const reader = this.#reader;
    const { text, at } = reader.token;
    const isHead = reader.ahead(1).text !== 'where';
    if (isHead && text === 'sequence') return this.#sequence('sequence');
    if (isHead && text === 'sample') return this.#sample();
    if (isHead && text === 'join') {
      if (this.#dialect === 'elastic')
        throw new RuleError("'join' is not part of Elasticsearch's EQL; --dialect endgame has it", at);
      return this.#sequence('join');
    }
    return this.#event();
  }

  #event(): EventQuery {
    const { category, condition } = this.#conditions.event(this.#reader.event());
    return { kind: 'event', category, condition };
  }

  #sequence(kind: 'sequence' | 'join'): SequenceQuery {
    const reader = this.#reader;
    const start = reader.take().at;
    let by = reader.is('by') ? this.#keys() : [];
    const maxspan = kind === 'sequence' && reader.is('with') ? this.#maxspan() : null;
    if (maxspan !== null && by.length === 0 && reader.is('by')) {
      if (this.#dialect === 'elastic') throw reader.error("'by' is expected in front of 'with maxspan'");
      by = this.#keys();
    }
    const steps = this.#steps();
    const until = reader.takeIf('until') ? this.#step() : null;
    const positive = steps.reduce((count, step) => count + (step.missing ? 0 : step.runs), 0);
    if (positive === 0) throw new RuleError(`a ${kind} needs a step that is not missing`, start);
    if (steps.length === 1 && positive < 2) throw new RuleError(`a ${kind} needs two steps or more`, start);
    if (maxspan === null && steps.some(({ missing }) => missing))
      throw new RuleError("'with maxspan' is expected where a step is missing", start);
    if (until?.missing || (until && until.runs > 1)) throw new RuleError("'until' takes a plain step", start);
    this.#sameKeys([...steps, ...(until ? [until] : [])], start);
    return { kind, by, maxspan, steps, until };
  }

  #sample(): SampleQuery {
    const reader = this.#reader;
    const { at } = reader.take();
    const by = reader.is('by') ? this.#keys() : [];
    if (reader.is('with')) throw reader.error("a step is expected: a sample has no 'with'");
    const steps = this.#steps();
    if (reader.is('until')) throw reader.error("a step is expected: a sample has no 'until'");
    if (steps.some(({ missing, runs }) => missing || runs > 1))
      throw new RuleError('a sample has no missing steps and no runs', at);
    if (steps.length < 2) throw new RuleError('a sample needs two steps or more', at);
    if (steps.length > MOST_SAMPLED) throw new RuleError('a sample has up to five steps', at);
    if (by.length + steps[0].by.length === 0)
      throw new RuleError("'by' is expected: the events of a sample share a key", at);
    this.#sameKeys(steps, at);
    return { kind: 'sample', by, steps };
  }

  #sameKeys(steps: readonly Step[], at: RuleError['at']): void {
    const [{ by }] = steps;
    const other = steps.find((step) => step.by.length !== by.length);
    if (other)
      throw new RuleError(
        `each step has the same number of keys: one has ${by.length}, another ${other.by.length}`,
        at,
      );
  }

  #steps(): readonly Step[] {
    const reader = this.#reader;
    const steps: Step[] = [];
    while (reader.is('[') || reader.is('![')) {
      if (steps.length >= MOST_STEPS) throw reader.error(`at most ${MOST_STEPS} steps are expected`);
      steps.push(this.#step());
    }
    if (steps.length === 0) throw reader.error('a step in brackets is expected, such as [process where true]');
    return steps;
  }

  #step(): Step {
    const reader = this.#reader;
    const missing = reader.takeIf('![');
    if (!missing) reader.expect('[', 'in front of an event');
    const event = this.#event();
    reader.expect(']', "or 'and', 'or' behind a condition");
    const isForked = this.#dialect === 'endgame' && this.#fork();
    const by = reader.is('by') ? this.#keys() : [];
    let runs = 1;
    if (reader.is('with')) {
      reader.take();
      if (reader.token.text !== 'runs') throw reader.error("'runs' is expected");
      reader.take();
      this.#equals();
      runs = this.#wholeNumber(1, MOST_RUNS);
      if (missing) throw new RuleError('a missing step has no runs', reader.token.at);
    }
    const step = { event, by, missing, runs };
    return isForked ? { ...step, fork: true } : step;
  }

  /** `fork` or `fork=true`. */
  #fork(): boolean {
    const reader = this.#reader;
    if (!reader.takeIf('fork')) return false;
    if (!reader.takeIf('=') || reader.takeIf('true')) return true;
    reader.expect('false', "or 'true' behind 'fork='");
    return false;
  }

  #keys(): readonly JoinKey[] {
    const reader = this.#reader;
    reader.expect('by', 'in front of keys');
    const keys: JoinKey[] = [];
    do {
      const isOptional = this.#dialect === 'endgame' || reader.is('?');
      keys.push({ of: this.#conditions.expression(reader.expression()), optional: isOptional, cased: this.#cased });
    } while (reader.takeIf(','));
    return keys;
  }

  #equals(): void {
    if (this.#reader.is('=') || this.#reader.is('==')) this.#reader.take();
    else throw this.#reader.error("'=' is expected");
  }

  #wholeNumber(least: number, most: number): number {
    const reader = this.#reader;
    const number = reader.token.kind === 'number' ? Number(reader.token.text) : Number.NaN;
    if (!Number.isInteger(number) || number < least || number > most)
      throw reader.error(`a whole number${most === MOST_RUNS ? ` from ${least} to ${most}` : ''} is expected`);
    reader.take();
    return number;
  }

  #maxspan(): number {
    const reader = this.#reader;
    reader.expect('with', "in front of 'maxspan'");
    reader.expect('maxspan', "behind 'with'");
    this.#equals();
    const amount = reader.token.kind === 'number' ? Number(reader.token.text) : Number.NaN;
    if (!(amount > 0)) throw reader.error('a time such as 5m is expected');
    reader.take();
    const unit = reader.token;
    const isUnit = unit.kind === 'name' && unit.text !== 'by';
    const millis = isUnit ? unitOf(unit.text, this.#dialect) : this.#dialect === 'endgame' ? 1000 : undefined;
    if (millis === undefined) throw reader.error('a unit of time is expected: ms, s, m, h or d');
    if (isUnit) reader.take();
    return amount * millis;
  }

  #pipe(): Pipe {
    const reader = this.#reader;
    const { text: name, at } = reader.take();
    if (name === 'head' || name === 'tail') return { name, count: this.#wholeNumber(0, Number.MAX_SAFE_INTEGER) };
    const isPipe = name === 'unique' || name === 'unique_count' || name === 'count' || name === 'sort';
    if ((isPipe || name === 'filter') && this.#dialect === 'elastic')
      throw new RuleError(`the pipe '${name}' is not part of Elasticsearch's EQL; --dialect endgame has it`, at);
    if (name === 'filter') return { name, condition: this.#conditions.condition(reader.expression()) };
    if (!isPipe)
      throw new RuleError(
        `a pipe is expected: head or tail${this.#dialect === 'endgame' ? ', unique, unique_count, count, filter or sort' : ''}, not '${name}'`,
        at,
      );
    const of: Expression[] = [];
    while (reader.token.kind !== 'end' && !reader.is('|')) {
      of.push(this.#conditions.expression(reader.expression()));
      reader.takeIf(',');
    }
    if (of.length === 0 && name !== 'count') throw reader.error(`what to ${name} by is expected`);
    return { name, of };
  }
}

const UNITS: Readonly<Record<string, number>> = {
  micros: 0.001,
  nanos: 0.000001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const LONG_UNITS = /^(s)(?:ec(?:onds?)?)?$|^(m)(?:in(?:utes?)?)?$|^(h)(?:(?:ou)?rs?)?$|^(d)(?:ays?)?$|^(ms)$/;

/** Milliseconds of a unit. */
function unitOf(name: string, dialect: EqlDialect): number | undefined {
  const short =
    dialect === 'elastic'
      ? name
      : LONG_UNITS.exec(name)
          ?.slice(1)
          .find((part) => part !== undefined);
  return short !== undefined && Object.hasOwn(UNITS, short) ? UNITS[short] : undefined;
}
