// The store that needs no server: DuckDB in this process, over Parquet, JSON lines, CSV, and whatever Winnow's readers give.

import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { InputError, type Note } from '../../errors.ts';
import { quoted } from '../../rule/emit/sql.ts';
import type { Answer, AskOptions, HistoryStore, Question, QuestionTime, Row, TimedQuestion } from '../question.ts';
import { answersOf, distinctFields } from './answers.ts';
import { BATCH, conditionSql, fieldsNamed, markSql } from './conditions.ts';
import { loadEvents } from './load-events.ts';
import { timeOf } from './query-time.ts';
import { type HistorySource, type Relation, relationsOf } from './relations.ts';

type DuckDb = typeof import('@duckdb/node-api');

export interface StoreOptions {
  /** Threads that count; 2 without. The answer is the same whatever their number. */
  readonly threads?: number;
  /** Memory that DuckDB may take, "3GB"; beyond, it uses the disk. */
  readonly memory?: string;
  /** A folder for what does not fit; the system's own without. */
  readonly temporary?: string;
  /** The field that tells an event's time, where it is another one than usual. */
  readonly timeField?: string;
  /** Told how much of a question is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

export const INSTALL = 'npm install @duckdb/node-api';

/** Throws InputError where DuckDB is not installed. */
function loadDuckDb(): DuckDb {
  try {
    // Not import(): the command's program is a script of its own, which Node lets import nothing.
    return createRequire(import.meta.url)('@duckdb/node-api') as DuckDb;
  } catch (error) {
    throw new InputError(`a history is counted by DuckDB, which is not installed here: ${INSTALL}`, { cause: error });
  }
}

/** Opens a history. Throws InputError where DuckDB is not installed, or a source cannot be read. */
export async function openDuckDb(sources: readonly HistorySource[], options: StoreOptions = {}): Promise<DuckDbStore> {
  const duckdb = loadDuckDb();
  const temporary = join(options.temporary ?? tmpdir(), `winnow-history-${randomUUID()}`);
  const instance = await duckdb.DuckDBInstance.create(':memory:', {
    threads: String(options.threads ?? 2),
    memory_limit: options.memory ?? '3GB',
    temp_directory: temporary,
    // Nothing is fetched or run that the query does not name.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
  });
  const connection = await instance.connect();
  const store = new DuckDbStore({ duckdb, instance, connection, sources, options, temporary });
  try {
    await connection.run("SET TimeZone = 'UTC'");
    await store.open();
  } catch (error) {
    await store.close();
    throw inputErrorOf(error);
  }
  return store;
}

interface Parts {
  readonly duckdb: DuckDb;
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  readonly sources: readonly HistorySource[];
  readonly options: StoreOptions;
  /** Where DuckDB keeps what does not fit into memory. */
  readonly temporary: string;
}

export class DuckDbStore implements HistoryStore {
  readonly engine: string;
  readonly notes: Note[] = [];
  readonly #parts: Parts;
  #relations: readonly Relation[] = [];
  readonly #expected: string[] = [];
  /** Of each source that is loaded: the table, the fields in it, and how many events have their time by `timeField`. */
  readonly #loaded = new Map<HistorySource, { readonly table: string; fields: readonly string[]; timed: number }>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.engine = `duckdb ${parts.duckdb.version().replace(/^v/, '')}`;
  }

  async open(): Promise<void> {
    const { sources, connection } = this.#parts;
    const found: Relation[] = [];
    for (const source of sources) if (source.kind !== 'events') found.push(...(await relationsOf(source, connection)));
    this.#relations = found;
  }

  async ask(questions: readonly Question[], options: AskOptions): Promise<readonly Answer[]> {
    if (questions.length === 0) return [];
    const answers: Answer[] = [];
    for (let at = 0; at < questions.length; at += BATCH)
      answers.push(...(await this.#guarded(() => this.#askSome(questions.slice(at, at + BATCH), options))));
    return answers;
  }

  async #askSome(questions: readonly Question[], options: AskOptions): Promise<readonly Answer[]> {
    const { connection } = this.#parts;
    const fields = fieldsNamed(questions);
    const events = await this.#events(fields);
    const mark = markSql(questions);
    const told = fields.filter((field) => mark.wanting(field) !== 0n);
    const own = told.map((field) => {
      const wanted = mark.wanting(field);
      return `CASE WHEN m & ${wanted} <> 0 THEN ${quoted(field)} END AS ${quoted(field)}`;
    });
    const kept = ['d', 'h', 'void', 'm', ...told.map(quoted)];
    await this.#run(`CREATE OR REPLACE TEMP TABLE counted AS
      SELECT ${kept.join(', ')}, count(*) AS n FROM (
        SELECT ${['d', 'h', 'void', 'm', ...own].join(', ')} FROM (
          SELECT CAST(t AS DATE) AS d, h, void, ${mark.sql} AS m${told.map((field) => `, ${quoted(field)}`).join('')}
          FROM (${events}) AS events${windowSql(options)}))
      GROUP BY ALL`);
    await this.#withoutVoid();
    return answersOf(connection, questions, options);
  }

  /** Takes what is no event out of the count. */
  async #withoutVoid(): Promise<void> {
    const [[empty]] = await this.#read('SELECT coalesce(sum(n), 0) FROM counted WHERE void');
    this.#tellVoid('the files', Number(empty));
    await this.#run('DELETE FROM counted WHERE void');
  }

  /** Told once, since every question reads the same lines. */
  #tellVoid(about: string, count: number): void {
    if (count === 0 || this.notes.some((note) => note.about === about)) return;
    const text = `${count} ${count === 1 ? 'line or row is no event and is' : 'lines or rows are no events and are'} not counted: no JSON, or without time, host, channel and number`;
    this.notes.push({ about, text });
  }

  /** What is loaded is loaded with these fields too. */
  expect(fields: readonly string[]): void {
    this.#expected.push(...fields);
  }

  async rows(question: Question, fields: readonly string[], limit: number): Promise<readonly Row[]> {
    return this.#guarded(async () => {
      const all = fieldsNamed([{ ...question, fields }]);
      const events = await this.#events(all);
      const names = fields.map(quoted);
      const order = ['n DESC', ...names.map((name) => `${name} NULLS FIRST`)];
      const table = await this.#read(`SELECT ${[...names, 'count(*) AS n'].join(', ')} FROM (${events}) AS events
        WHERE NOT void AND ${conditionSql(question.condition)} GROUP BY ALL ORDER BY ${order.join(', ')} LIMIT ${Math.max(0, Math.trunc(limit))}`);
      return table.map((row) => ({
        values: Object.fromEntries(fields.map((field, i) => [field, row[i] as string | null])),
        count: Number(row.at(-1)),
      }));
    });
  }

  async time(questions: readonly TimedQuestion[], most: number): Promise<readonly QuestionTime[]> {
    return this.#guarded(async () => {
      const times: QuestionTime[] = [];
      for (const one of questions) {
        const { question, cheaper } = one;
        const fields = fieldsNamed([{ ...question, fields: [] }]);
        const events = await this.#events(fields);
        times.push(
          await timeOf({ run: (sql) => this.#run(sql), read: (sql) => this.#read(sql) }, events, {
            question,
            cheaper,
            fields,
            most,
          }),
        );
      }
      return times;
    });
  }

  /** After a question. Throws InputError where no event has a time by the field that was named for it: a name that is wrong would go unseen. */
  async checkTimeField(): Promise<void> {
    const { timeField } = this.#parts.options;
    if (timeField === undefined || [...this.#loaded.values()].some(({ timed }) => timed > 0)) return;
    // What nothing was asked of was not read.
    if (this.#parts.sources.some((source) => source.kind === 'events' && !this.#loaded.has(source))) return;
    for (const { timedBy } of this.#relations)
      if ((await this.#guarded(() => this.#read(timedBy(timeField)))).length > 0) return;
    throw new InputError(`no event of the history has a time in the field '${timeField}'`);
  }

  async close(): Promise<void> {
    this.#parts.connection.closeSync();
    this.#parts.instance.closeSync();
    rmSync(this.#parts.temporary, { recursive: true, force: true });
  }

  /** A query for all events, with these fields. */
  async #events(fields: readonly string[]): Promise<string> {
    const { sources, options, connection, duckdb } = this.#parts;
    const selects = this.#relations.map(({ select }) => select(fields, options.timeField));
    for (const source of sources) {
      if (source.kind !== 'events') continue;
      const before = this.#loaded.get(source);
      const known = new Set(before?.fields.map((field) => field.toLowerCase()));
      const table = before?.table ?? `loaded_${this.#loaded.size}`;
      if (!before || fields.some((field) => !known.has(field.toLowerCase()))) {
        const all = distinctFields([...(before?.fields ?? []), ...fields, ...this.#expected]);
        const { timeField } = options;
        const { passedOver, timed } = await loadEvents(source.open(), all, {
          name: table,
          connection,
          duckdb,
          timeField,
        });
        this.#tellVoid(source.name, passedOver);
        this.#loaded.set(source, { table, fields: all, timed });
      }
      selects.push(`SELECT ${['t', 'h', 'false AS void', ...fields.map(quoted)].join(', ')} FROM ${table}`);
    }
    if (selects.length === 0) throw new InputError('the history has no file');
    return selects.join('\nUNION ALL\n');
  }

  async #run(sql: string): Promise<void> {
    const { connection, options } = this.#parts;
    const timer =
      options.onProgress &&
      setInterval(() => options.onProgress!(Math.max(0, connection.progress.percentage / 100)), 200);
    try {
      await connection.run(sql);
    } finally {
      clearInterval(timer);
    }
  }

  async #read(sql: string): Promise<readonly (readonly unknown[])[]> {
    return (await this.#parts.connection.runAndReadAll(sql)).getRowsJS();
  }

  async #guarded<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw inputErrorOf(error);
    }
  }
}

/** Events within the window, and those of which it is not known. */
function windowSql({ from, to, exceptDays = [] }: AskOptions): string {
  const bounds = [
    ...(from === undefined ? [] : [`t >= ${timestamp(from)}`]),
    ...(to === undefined ? [] : [`t < ${timestamp(to)}`]),
    ...exceptDays.map((day) => `CAST(t AS DATE) <> CAST(${timestamp(day)} AS DATE)`),
  ];
  return bounds.length === 0 ? '' : ` WHERE t IS NULL OR (${bounds.join(' AND ')})`;
}

function timestamp(text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InputError(`'${text}' is no time in ISO 8601`);
  return `TIMESTAMP '${new Date(time).toISOString().replace('Z', '')}'`;
}

/** What DuckDB says of files and memory is about the input; the rest is a fault of ours. */
function inputErrorOf(error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  const kind =
    /^(IO|Invalid Input|Out of Memory|Conversion|HTTP|Permission|Serialization|Not implemented)\b.*?Error: /i.exec(
      message,
    );
  if (!kind) return error;
  const [line] = message.slice(kind[0].length).split('\n');
  const way = /memory/i.test(kind[1]) ? '; give it a folder on a disk with room, or fewer fields' : '';
  return new InputError(`the history cannot be read: ${line}${way}`, { cause: error });
}
