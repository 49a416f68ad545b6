// What a list of names costs by the shape of its query, in DuckDB through the history's store: one name, 100 names, one regular expression, 100 suffixes.
//   node setup/build.mjs && node bench/query-shapes.mjs [EVENTS] [--names N] [--threads N]
// Without numbers: 547,400 file events, 100 names, 2 threads. Each is the least of three runs on a sample that stands in memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string', default: '2' }, names: { type: 'string', default: '100' } },
});
const [events, threads, count] = [positionals[0] ?? '547400', values.threads, values.names].map(Number);
const { DuckDBInstance } = await import('@duckdb/node-api');
const { cheaperQuery, openDuckDb, queryShape, readSelection } = await import('../dist/history.js');

const folder = mkdtempSync(join(tmpdir(), 'winnow-shapes-'));
try {
  const path = join(folder, 'files.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (SELECT '11' AS "EventID", 'Sysmon' AS "Channel", 'h' AS "Computer",
      '2026-09-01T00:00:00Z' AS "@timestamp",
      'C:\\Users\\user' || (hash(i, 3) % 200) || '\\AppData\\Local\\Temp\\folder' || (hash(i, 5) % 3000) || '\\file' || (hash(i, 7) % 20000) || '.exe' AS "TargetFilename"
    FROM range(${events}) t(i)) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();

  const names = Array.from({ length: count }, (_, i) => `\\file${i * 7}.exe`);
  const suffixes = (own) => readSelection(`{TargetFilename|endswith: [${own.map((name) => `'${name}'`).join(', ')}]}`);
  // As names of files for stores that have an index, as one expression for those that have none.
  const rewritten = (own, ...engines) => cheaperQuery(own, queryShape(own).part, engines);
  const [list, one] = [suffixes(names), suffixes(names.slice(0, 1))];
  const store = await openDuckDb([{ kind: 'parquet', files: [path] }], { threads });
  const asked = [
    ['one name', one, undefined],
    [`${count} suffixes, and as names of files`, list, rewritten(list, 'splunk')],
    [`${count} suffixes, and as one regular expression`, list, rewritten(list)],
  ];
  const times = await store.time(
    asked.map(([id, condition, cheaper]) => ({
      question: { id, condition, telemetry: readSelection('EventID: 11'), fields: [] },
      cheaper,
    })),
    events,
  );
  await store.close();
  console.log(`${store.engine}, ${times[0].events} file events in memory, ${threads} threads; seconds, least of three`);
  const line = (text, seconds) => console.log(`${text.padEnd(28)} ${seconds.toFixed(4).padStart(9)}`);
  line('one name', times[0].seconds);
  line(`${count} names of files`, times[1].cheaperSeconds);
  line(`one expression of ${count}`, times[2].cheaperSeconds);
  line(`${count} suffixes`, times[1].seconds);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
