// Baselines over seeded events in Parquet: events/s, the ratio to the same eight questions by hand in DuckDB one after another, and the curve to millions with memory.
//   node setup/build.mjs && node bench/baseline.mjs [MILLIONS...] [--threads N] [--keep DIR]
// Without numbers: 1 and 5 million; the whole curve is 1 5 10 20 50. What DIR has from a run before is not made again. Each size runs in a process of its own, so that its memory is its own.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: 'string', default: '2' }, keep: { type: 'string' }, one: { type: 'string' } },
});
const threads = Number(values.threads);

/** Log source, number, what of an event is a hit (as a selection and by hand), and the fields whose values are told. */
const QUESTIONS = [
  [
    'Security',
    4703,
    'EnabledPrivilegeList|contains: SeDebugPrivilege',
    "contains(lower(EnabledPrivilegeList), 'sedebugprivilege')",
    ['EnabledPrivilegeList'],
  ],
  [
    'Sysmon',
    1,
    'CommandLine|contains: [arg77, procdump, minidump]',
    "(contains(lower(CommandLine), 'arg77') OR contains(lower(CommandLine), 'procdump') OR contains(lower(CommandLine), 'minidump'))",
    ['Image', 'CommandLine'],
  ],
  [
    'Sysmon',
    10,
    '{TargetImage|endswith: \\lsass.exe, GrantedAccess|bits: 0x10}',
    "ends_with(lower(TargetImage), '\\lsass.exe') AND TRY_CAST(GrantedAccess AS UBIGINT) & 16 = 16",
    ['SourceImage', 'GrantedAccess'],
  ],
  [
    'Sysmon',
    7,
    'ImageLoaded|endswith: [\\mod77.dll, \\dbgcore.dll]',
    "(ends_with(lower(ImageLoaded), '\\mod77.dll') OR ends_with(lower(ImageLoaded), '\\dbgcore.dll'))",
    ['Image', 'ImageLoaded'],
  ],
  [
    'Sysmon',
    11,
    'TargetFilename|endswith: .dmp',
    "ends_with(lower(TargetFilename), '.dmp')",
    ['Image', 'TargetFilename'],
  ],
  ['Sysmon', 13, "TargetObject|contains: '\\k77'", "contains(lower(TargetObject), '\\k77')", ['Image', 'TargetObject']],
  ['Security', 4656, 'ObjectName|endswith: \\lsass.exe', "ends_with(lower(ObjectName), '\\lsass.exe')", ['ObjectName']],
  ['Sysmon', 3, 'DestinationIp|startswith: 10.77.', "starts_with(DestinationIp, '10.77.')", ['Image', 'DestinationIp']],
];
const CHANNEL = { Security: 'Security', Sysmon: 'Microsoft-Windows-Sysmon/Operational' };

if (values.one !== undefined) await measure(values.one, positionals[0]);
else {
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'winnow-bench-'));
  mkdirSync(folder, { recursive: true });
  const sizes = positionals.length > 0 ? positionals.map(Number) : [1, 5];
  console.log(
    `eight questions, ${threads} threads; ours: one run of the store; by hand: eight questions in DuckDB, one after another`,
  );
  console.log('million  Parquet MB  ours s (CPU s)  memory MB  events/s/question  by hand s (CPU s)  ratio');
  for (const million of sizes) {
    const path = join(folder, `${million}.parquet`);
    if (!existsSync(path)) {
      // One that was broken off is not taken for the whole.
      child('make', `${path}.part`, million);
      renameSync(`${path}.part`, path);
    }
    const ours = child('ours', path, million);
    const hand = child('hand', path, million);
    if (JSON.stringify(ours.hits) !== JSON.stringify(hand.hits))
      throw new Error(`the hits differ: ${ours.hits} ${hand.hits}`);
    const rate = Math.round((million * 1e6 * QUESTIONS.length) / ours.seconds / 1e6);
    console.log(
      `${String(million).padStart(7)}  ${String(ours.size).padStart(10)}  ${`${ours.seconds} (${ours.cpu})`.padStart(14)}  ${String(ours.memory).padStart(9)}  ${`${rate} million`.padStart(17)}  ${`${hand.seconds} (${hand.cpu})`.padStart(17)}  ${(hand.seconds / ours.seconds).toFixed(2)}`,
    );
  }
  if (values.keep === undefined) rmSync(folder, { recursive: true });
}

function child(what, path, million) {
  const words = [fileURLToPath(import.meta.url), '--one', what, '--threads', String(threads), `${path}:${million}`];
  const { stdout, status } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${what} of ${million} million failed`);
  return JSON.parse(stdout || '{}');
}

async function measure(what, place) {
  const at = place.lastIndexOf(':');
  const [path, million] = [place.slice(0, at), Number(place.slice(at + 1))];
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const { statSync } = await import('node:fs');
  const connect = async () =>
    (
      await DuckDBInstance.create(':memory:', {
        threads: String(threads),
        memory_limit: '3GB',
        temp_directory: `${path}.tmp`,
      })
    ).connect();
  if (what === 'make') {
    await (await connect()).run(madeBy(path, million * 1e6));
    return;
  }
  const start = performance.now();
  const before = process.cpuUsage();
  let hits;
  if (what === 'ours') {
    const { openDuckDb, logSourceCondition, readSelection } = await import('../dist/history.js');
    const questions = QUESTIONS.map(([log, id, selection, , fields], i) => {
      const telemetry = logSourceCondition(`WinEventLog:${log}`, `EventCode=${id}`);
      return {
        id: `q${i}`,
        telemetry,
        condition: { kind: 'and', of: [telemetry, readSelection(selection, { bits: true })] },
        fields,
      };
    });
    const store = await openDuckDb([{ kind: 'parquet', files: [path] }], { threads });
    hits = (await store.ask(questions, { values: 20 })).map((answer) => answer.hits);
    await store.close();
  } else {
    const connection = await connect();
    const read = async (sql) => (await connection.runAndReadAll(sql)).getRowsJS();
    hits = [];
    for (const [log, id, , sql, fields] of QUESTIONS) {
      const source = `lower("Channel") = '${CHANNEL[log].toLowerCase()}' AND "EventID" = '${id}'`;
      const from = `read_parquet('${path}')`;
      const day = `CAST(TRY_CAST("@timestamp" AS TIMESTAMP) AS DATE)`;
      await read(
        `SELECT ${day} AS d, count(*) FILTER (${source}), count(*) FILTER (${source} AND ${sql}) FROM ${from} GROUP BY d`,
      );
      const hosts = await read(
        `SELECT lower("Hostname") AS h, count(*) FILTER (${source}), count(*) FILTER (${source} AND ${sql}) FROM ${from} GROUP BY h`,
      );
      hits.push(hosts.reduce((sum, row) => sum + Number(row[2]), 0));
      for (const field of fields)
        await read(
          `SELECT lower("${field}") AS v, count(*), count(DISTINCT lower("Hostname")), min(${day}) FROM ${from} WHERE ${source} AND ${sql} GROUP BY v ORDER BY 2 DESC LIMIT 20`,
        );
      const tuple = fields.map((field) => `lower("${field}")`).join(', ');
      await read(
        `SELECT first, count(*) FROM (SELECT min(${day}) AS first FROM ${from} WHERE ${source} AND ${sql} GROUP BY ${tuple}) GROUP BY first`,
      );
    }
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = Number(((performance.now() - start) / 1000).toFixed(2));
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    JSON.stringify({
      hits,
      seconds,
      cpu: Number(((user + system) / 1e6).toFixed(2)),
      memory,
      size: Math.round(statSync(path).size / 1e6),
    }),
  );
}

/** 30 days, 200 hosts, eleven kinds of events; the same for the same number. */
function madeBy(path, rows) {
  const program = (number) => `'C:\\Windows\\System32\\prog' || (${number}) || '.exe'`;
  return `COPY (
    WITH base AS (SELECT i, hash(i, 7) AS h, hash(i, 11) AS h2, hash(i, 13) AS h3 FROM range(${rows}) t(i)),
    kinds AS (SELECT *, (h % 1000)::INT AS k, TIMESTAMP '2026-09-01' + to_milliseconds((i * (30 * 86400000.0 / ${rows}))::BIGINT) AS ts FROM base),
    e AS (SELECT *, CASE WHEN k < 60 THEN 1 WHEN k < 200 THEN 3 WHEN k < 420 THEN 7 WHEN k < 500 THEN 10 WHEN k < 640 THEN 11 WHEN k < 800 THEN 13
      WHEN k < 850 THEN 4624 WHEN k < 900 THEN 4688 WHEN k < 930 THEN 4703 WHEN k < 950 THEN 4656 ELSE 5156 END AS eid FROM kinds)
    SELECT strftime(ts, '%Y-%m-%dT%H:%M:%S.%gZ') AS "@timestamp",
      CASE WHEN eid < 256 THEN '${CHANNEL.Sysmon}' ELSE 'Security' END AS "Channel", eid::VARCHAR AS "EventID",
      'WS' || lpad((h2 % 200)::VARCHAR, 4, '0') || '.corp.example' AS "Hostname",
      CASE WHEN eid IN (1, 3, 7, 11, 13) THEN ${program('h3 % 400')} END AS "Image",
      CASE WHEN eid IN (1, 4688) THEN ${program('h3 % 400')} || ' -k arg' || (h2 % 50000) END AS "CommandLine",
      CASE WHEN eid = 7 THEN 'C:\\Windows\\System32\\mod' || (h3 % 1500) || '.dll' END AS "ImageLoaded",
      CASE WHEN eid = 10 THEN 'C:\\Program Files\\app' || (h3 % 120) || '\\agent.exe' END AS "SourceImage",
      CASE WHEN eid = 10 THEN CASE WHEN h3 % 10 = 0 THEN 'C:\\Windows\\system32\\lsass.exe' ELSE ${program('h2 % 300')} END END AS "TargetImage",
      CASE WHEN eid = 10 THEN CASE WHEN h2 % 500 = 0 THEN '0x1010' ELSE '0x1000' END END AS "GrantedAccess",
      CASE WHEN eid = 11 THEN 'C:\\Users\\u' || (h2 % 500) || '\\AppData\\Local\\Temp\\f' || (h3 % 1000000) || CASE WHEN h3 % 3000 = 0 THEN '.dmp' ELSE '.tmp' END END AS "TargetFilename",
      CASE WHEN eid = 13 THEN 'HKLM\\SOFTWARE\\Vendor\\k' || (h3 % 20000) END AS "TargetObject",
      CASE WHEN eid = 4703 THEN CASE WHEN h3 % 40 = 0 THEN 'SeDebugPrivilege' ELSE 'SeIncreaseQuotaPrivilege' END END AS "EnabledPrivilegeList",
      CASE WHEN eid = 4656 THEN '\\Device\\HarddiskVolume2\\Windows\\System32\\' || CASE WHEN h3 % 20 = 0 THEN 'lsass.exe' ELSE 'x.exe' END END AS "ObjectName",
      CASE WHEN eid = 3 THEN '10.' || (h3 % 200) || '.' || (h2 % 250) || '.1' END AS "DestinationIp"
    FROM e) TO '${path}' (FORMAT parquet)`;
}
