// Events that Winnow's own readers give, put into a table of DuckDB with the fields that questions name.

import type { DuckDBConnection } from '@duckdb/node-api';
import { fieldKey, type LogEvent, systemNameOf } from '../../logs/event.ts';
import { quoted } from '../../rule/emit/sql.ts';
import { microsecondsBy, microsecondsOf } from '../field-places.ts';

type DuckDb = typeof import('@duckdb/node-api');

/** Rows that are handed over at a time: DuckDB's own vector size. */
const ROWS = 2048;

/** Fills the table `name` with a time, a host and the fields of events; gives how many were passed over because they tell nothing that an event tells, and how many have their time by `timeField`. */
export async function loadEvents(
  events: AsyncIterable<LogEvent>,
  fields: readonly string[],
  {
    name,
    connection,
    duckdb,
    timeField,
  }: { name: string; connection: DuckDBConnection; duckdb: DuckDb; timeField?: string | undefined },
): Promise<{ readonly passedOver: number; readonly timed: number }> {
  const own = fields.map((field) => `${quoted(field)} VARCHAR`);
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${name} (${['t TIMESTAMP', 'h VARCHAR', ...own].join(', ')})`);
  const appender = await connection.createAppender(name);
  const types = [duckdb.TIMESTAMP, ...[0, ...fields].map(() => duckdb.VARCHAR)];
  const chunk = duckdb.DuckDBDataChunk.create(types, ROWS);
  const row = rowOf(fields);
  let columns = types.map((): (ReturnType<typeof row>[number] | object)[] => []);
  let count = 0;
  let passedOver = 0;
  let timed = 0;
  const flush = (): void => {
    if (columns[0].length === 0) return;
    chunk.reset();
    chunk.rowCount = columns[0].length;
    chunk.setColumns(columns as never);
    appender.appendDataChunk(chunk);
    columns = types.map(() => []);
  };
  for await (const event of events) {
    const named = timeField === undefined ? undefined : microsecondsBy(event, timeField);
    if (named !== undefined) timed++;
    const time = named ?? microsecondsOf(event);
    const { computer, eventId, channel, provider } = event.system;
    if (time === undefined && ![computer, eventId, channel, provider].some((text) => text)) {
      passedOver++;
      continue;
    }
    columns[0].push(time === undefined ? null : new duckdb.DuckDBTimestampValue(time));
    columns[1].push(computer || null);
    for (const [i, value] of row(event).entries()) columns[i + 2].push(value);
    if (++count % ROWS === 0) flush();
  }
  flush();
  appender.closeSync();
  return { passedOver, timed };
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
