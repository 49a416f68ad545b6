// The queries that PyPI eql carries with the events each must find, read in its dialect and run over its own events, where it is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { QueryRun } from '../../src/hunt/query-run.ts';
import { readEql } from '../../src/rule/read/eql.ts';
import { JSON_ACCESS, type JsonEvent } from './json-binding.ts';

interface PublicQuery {
  readonly query: string;
  readonly expected_event_ids: readonly number[];
  readonly case_sensitive?: boolean;
}

/** The folder of its files; undefined where Python has it not. WINNOW_PYTHON names the Python to ask. */
function filesOfEql(): string | undefined {
  const script = 'import eql, os; print(os.path.join(os.path.dirname(eql.__file__), "etc"))';
  const { status, stdout } = spawnSync(process.env.WINNOW_PYTHON ?? 'python3', ['-c', script], { encoding: 'utf8' });
  const folder = status === 0 ? stdout.trim() : '';
  if (folder !== '' && existsSync(join(folder, 'test_queries.toml'))) return folder;
  console.log('skipped: the queries of PyPI eql are not run, because python3 (or WINNOW_PYTHON) cannot import eql');
  return undefined;
}

const folder = filesOfEql();

describe.skipIf(folder === undefined)('the queries of PyPI eql', () => {
  it('find the events they must, in order: 98 % at least', () => {
    const at = (name: string): string => readFileSync(join(folder!, name), 'utf8');
    const events = JSON.parse(at('test_data.json')) as readonly JsonEvent[];
    const { queries } = parseToml(at('test_queries.toml')) as unknown as { readonly queries: readonly PublicQuery[] };
    const access = { ...JSON_ACCESS, timeOf: (event: JsonEvent) => Number(event.timestamp) / 10_000 };
    const wrong = queries.filter(({ query, expected_event_ids: wanted, case_sensitive: cased = false }) => {
      const run = new QueryRun(readEql(query, { dialect: 'endgame', cased }), access);
      const found = [...events.flatMap((event) => run.push(event)), ...run.end()];
      const ids = found.flatMap((one) => one.events.map((event) => event.serial_event_id));
      return JSON.stringify(ids) !== JSON.stringify(wanted);
    });
    console.log(`PyPI eql: ${queries.length - wrong.length} of ${queries.length} queries find what they must`);
    expect(queries.length).toBeGreaterThan(200);
    expect(wrong.map(({ query }) => query)).toEqual([]);
  });
});
