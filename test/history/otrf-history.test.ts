// The counts that are known of 129 public captures (OTRF Security-Datasets), from JSON lines and from Parquet, with one and two threads, where the captures are at hand.
import { createWriteStream, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFile } from '../../src/cli/files.ts';
import { logSourceOfText } from '../../src/history/log-source-condition.ts';
import type { Answer, Question } from '../../src/history/question.ts';
import { openDuckDb } from '../../src/history/stores/duckdb.ts';
import { gunzipped, membersOf } from '../../src/logs/archive.ts';
import { type ByteStream, blocksOf } from '../../src/logs/log-input.ts';
import { LogReport } from '../../src/logs/log-report.ts';
import { tarMembers } from '../../src/logs/tar.ts';
import { and } from '../../src/rule/condition.ts';
import { readSelection } from '../../src/rule/read/selection.ts';

const CAPTURES = process.env.WINNOW_HISTORY ?? join(import.meta.dirname, '../../../shared/history');
const isThere = existsSync(join(CAPTURES, 'index.json'));
if (!isThere)
  console.warn(
    `the captures of ${CAPTURES} are not there: their counts are not tested (WINNOW_HISTORY names another folder)`,
  );

const LABELLED = [
  'cmd_lsass_memory_dumpert_syscalls',
  'empire_mimikatz_logonpasswords',
  'empire_mimikatz_lsadump_patch',
  'metasploit_comsvcs_lsass_memory_dump',
  'metasploit_logonpasswords_lsass_memory_dump',
  'metasploit_nanodump_lsass_memory_dump',
  'metasploit_out-minidump_lsass_memory_dump',
  'metasploit_outflank-dumpert_lsass_memory_dump',
  'metasploit_procdump_lsass_memory_dump',
  'metasploit_sharpdump_lsass_memory_dump',
  'psh_lsass_memory_dump_comsvcs',
  'rdp_interactive_taskmanager_lsass_dump',
];

/** Selection, log source, hits, labelled captures that show it, and those of them that could. */
const KNOWN = [
  ['TargetImage|endswith: \\lsass.exe', 'Sysmon/EventCode=10', 5434, 12, 12],
  ['{TargetImage|endswith: \\lsass.exe, GrantedAccess|bits: 0x10}', 'Sysmon/EventCode=10', 47, 12, 12],
  ['ImageLoaded|endswith: [\\dbghelp.dll, \\dbgcore.dll]', 'Sysmon/EventCode=7', 280, 11, undefined],
  ['TargetFilename|endswith: .dmp', 'Sysmon/EventCode=11', 11, 7, undefined],
  ['TargetFilename: "*\\\\\\\\lsass*.dmp"', 'Sysmon/EventCode=11', 6, 5, undefined],
  ['EnabledPrivilegeList|contains: SeDebugPrivilege', 'Security/EventCode=4703', 55, 6, 8],
] as const;

const QUESTIONS = KNOWN.map(([selection, source], i): Question => {
  const telemetry = logSourceOfText(`WinEventLog:${source}`)!;
  const condition = and(telemetry, readSelection(selection, { bits: true }));
  return { id: `q${i}`, telemetry, condition, fields: ['SourceImage', 'GrantedAccess', 'TargetFilename'] };
});

/** Columns as a lake has them, of both shapes of the captures. */
const DATA = [
  'TargetImage',
  'SourceImage',
  'GrantedAccess',
  'ImageLoaded',
  'TargetFilename',
  'EnabledPrivilegeList',
  'UtcTime',
];
const HELD = `STRUCT(${DATA.map((name) => `${name} VARCHAR`).join(', ')})`;
const FLAT = [
  'EventID',
  'Channel',
  'Hostname',
  'SourceName',
  'TimeCreated',
  'EventTime',
  '@timestamp',
  'event_id',
  'log_name',
  'computer_name',
  'source_name',
  ...DATA,
];
const COLUMNS = [
  ...FLAT.map((name) => `'${name}': 'VARCHAR'`),
  `winlog: 'STRUCT(event_data ${HELD}, event_id VARCHAR, channel VARCHAR, computer_name VARCHAR, provider_name VARCHAR)'`,
  `event_data: '${HELD}'`,
  "host: 'STRUCT(name VARCHAR)'",
].join(', ');

describe.skipIf(!isThere)('public captures', () => {
  const folder = isThere ? mkdtempSync(join(tmpdir(), 'winnow-captures-')) : '';
  const files: string[] = [];
  beforeAll(async () => {
    for (const name of readdirSync(CAPTURES).sort()) {
      if (!/\.(zip|tar\.gz)$/.test(name)) continue;
      const path = join(folder, `${name.replace(/\.(zip|tar\.gz)$/, '')}.json`);
      await pipeline(Readable.from(jsonOf(join(CAPTURES, name))), createWriteStream(path));
      files.push(path);
    }
  }, 600_000);
  afterAll(() => {
    if (isThere) rmSync(folder, { recursive: true });
  });

  async function ask(kind: 'json' | 'parquet', paths: readonly string[], threads: number): Promise<readonly Answer[]> {
    const store = await openDuckDb([{ kind, files: paths }], { threads });
    try {
      return await store.ask(QUESTIONS, { values: 50 });
    } finally {
      await store.close();
    }
  }

  it('give the known counts from JSON lines and from Parquet, with one thread and with two, to the byte', async () => {
    const json = files.filter((file) => statSync(file).size > 0);
    const first = await ask('json', json, 2);
    expect(first.map(({ scanned, hits }) => [scanned, hits])).toEqual(KNOWN.map(([, , hits]) => [985_707, hits]));
    const expected = JSON.stringify(first);
    expect(JSON.stringify(await ask('json', json, 1))).toBe(expected);
    const parquet = join(folder, 'all.parquet');
    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    const connection = await instance.connect();
    const list = json.map((file) => `'${file}'`).join(', ');
    await connection.run(
      `COPY (SELECT * FROM read_json([${list}], format = 'newline_delimited', ignore_errors = true, columns = {${COLUMNS}})) TO '${parquet}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    for (const threads of [1, 2]) expect(JSON.stringify(await ask('parquet', [parquet], threads))).toBe(expected);
  }, 900_000);

  it('show them in the labelled captures that are known to', async () => {
    const answers = await Promise.all(
      LABELLED.map((name) => join(folder, `${name}.json`)).map((path) => ask('json', [path], 1)),
    );
    for (const [i, [selection, , , shown, able]] of KNOWN.entries()) {
      expect(
        answers.filter((answer) => answer[i].hits > 0),
        selection,
      ).toHaveLength(shown);
      if (able !== undefined)
        expect(
          answers.filter((answer) => answer[i].telemetry > 0),
          selection,
        ).toHaveLength(able);
    }
  }, 300_000);
});

/** The members of an archive that are JSON lines, one behind the other. */
async function* jsonOf(path: string): AsyncGenerator<Uint8Array> {
  const source = openFile(path);
  const members: AsyncIterable<ByteStream> = path.endsWith('.zip')
    ? membersOf(source, new LogReport())
    : tarMembers({ name: path, blocks: gunzipped(blocksOf(source)) });
  try {
    for await (const { name, blocks } of members) {
      if (!name.endsWith('.json') || /(?:^|[!/])\._/.test(name)) continue;
      for await (const block of blocks) yield block.slice();
      yield new Uint8Array([0x0a]);
    }
  } catch {
    // Five of the captures end in the middle.
  }
  source.close();
}
