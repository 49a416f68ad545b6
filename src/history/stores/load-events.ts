// Events that Winnow's own readers give, put into a table of DuckDB with the fields that questions name.

import type { DuckDBConnection } from '@duckdb/node-api';
import { fieldKey, type LogEvent, systemNameOf } from '../../logs/event.ts';
import { quoted } from '../../rule/emit/sql.ts';
import { microsecondsOf } from '../field-places.ts';

type DuckDb = typeof import('@duckdb/node-api');

/** Rows that are handed over at a time: DuckDB's own vector size. */
const ROWS = 2048;

/** Fills the table `name` with a time, a host and the fields of events; gives how many there were. */
export async function loadEvents(
  events: AsyncIterable<LogEvent>,
  fields: readonly string[],
  { name, connection, duckdb }: { name: string; connection: DuckDBConnection; duckdb: DuckDb },
): Promise<number> {
  const own = fields.map((field) => `${quoted(field)} VARCHAR`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${name} (${['t TIMESTAMP', 'h VARCHAR', ...own].join(', ')})`);
  const appender = await connection.createAppender(name);
  const types = [duckdb.TIMESTAMP, ...[0, ...fields].map(() => duckdb.VARCHAR)];
  const chunk = duckdb.DuckDBDataChunk.create(types, ROWS);
  const row = rowOf(fields);
  let columns = types.map((): (ReturnType<typeof row>[number] | object)[] => []);
  let count = 0;
  const flush = (): void => {
    if (columns[0].length === 0) return;
    chunk.reset();
    chunk.rowCount = columns[0].length;
    chunk.setColumns(columns as never);
    appender.appendDataChunk(chunk);
    columns = types.map(() => []);
  };
  for await (const event of events) {
    const time = microsecondsOf(event);
    columns[0].push(time === undefined ? null : new duckdb.DuckDBTimestampValue(time));
    columns[1].push(event.system.computer ?? null);
    for (const [i, value] of row(event).entries()) columns[i + 2].push(value);
    if (++count % ROWS === 0) flush();
  }
  flush();
  appender.closeSync();
  return count;
}

/** Names whose key is kept. */
const MOST_NAMES = 10_000;

/** The texts of the fields of an event: its data first, then System; several of one name as a list of JSON. */
function rowOf(fields: readonly string[]): (event: LogEvent) => readonly (string | null)[] {
  const places = new Map<string, number[]>();
  for (const [i, field] of fields.entries()) places.set(fieldKey(field), [...(places.get(fieldKey(field)) ?? []), i]);
  const systems = fields.map(systemNameOf);
  const keys = new Map<string, readonly number[] | null>();
  const placesOfName = (name: string): readonly number[] | null => {
    let found = keys.get(name);
    if (found === undefined) {
      if (keys.size >= MOST_NAMES) keys.clear();
      found = places.get(fieldKey(name)) ?? null;
      keys.set(name, found);
    }
    return found;
  };
  return (event) => {
    const texts: (string | string[] | undefined)[] = fields.map(() => undefined);
    for (const [name, text] of event.data) {
      for (const i of placesOfName(name) ?? []) {
        const before = texts[i];
        if (before === undefined) texts[i] = text;
        else if (typeof before === 'string') texts[i] = [before, text];
        else before.push(text);
      }
    }
    return texts.map((text, i) => {
      if (text === undefined) return (systems[i] && event.system[systems[i]]) ?? null;
      return typeof text === 'string' ? text : JSON.stringify(text);
    });
  };
}
