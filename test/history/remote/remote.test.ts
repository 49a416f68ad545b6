// A question asked elsewhere: DuckDB runs the SQL over a synthetic history and its CSV gives the counts that the history tells; Microsoft's parser reads the KQL; the other languages are pinned.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventHistory, SMALL_HISTORY } from '../../../fixtures/histories/event-history.ts';
import { UnsupportedError, UsageError } from '../../../src/errors.ts';
import { logSourceCondition } from '../../../src/history/log-source-condition.ts';
import type { Question } from '../../../src/history/question.ts';
import { REMOTE_LANGUAGES, type RemoteLanguageId, remoteText } from '../../../src/history/remote/remote-queries.ts';
import { readRemoteResult } from '../../../src/history/remote/remote-result.ts';
import { summarize } from '../../../src/history/statistics/summarize.ts';
import { and, like, match, or } from '../../../src/rule/condition.ts';
import { loadKusto, schemaOf } from '../../rule/kusto-language.ts';
import { SECURITY_EVENT } from '../../rule/vendor-columns.ts';

const SOURCE = logSourceCondition('WinEventLog:Sysmon', 'EventCode=10')!;
const LSASS = like('TargetImage', [{ any: 'many' }, '\\lsass.exe']);
const HANDLES: Question = {
  id: 'O3',
  condition: and(SOURCE, LSASS),
  telemetry: SOURCE,
  fields: ['SourceImage', 'GrantedAccess'],
};
const READS: Question = {
  ...HANDLES,
  condition: and(SOURCE, LSASS, match('GrantedAccess', { kind: 'bits', mask: 0x10n, wanted: 'all' })),
};
const SECURITY: Question = {
  id: 'new-account',
  condition: and(
    logSourceCondition('WinEventLog:Security', 'EventCode=4720')!,
    like('TargetUserName', [{ any: 'many' }, '$']),
  ),
  telemetry: logSourceCondition('WinEventLog:Security'),
  fields: ['SubjectUserName'],
};
/** A start of a process by two logs. */
const STARTS = or(
  logSourceCondition('WinEventLog:Sysmon', 'EventCode=1')!,
  logSourceCondition('WinEventLog:Security', 'EventCode=4688')!,
);
const WINDOW = { from: '2025-03-01T00:00:00Z', to: '2025-05-01T00:00:00Z' };

/** The queries alone. */
function texts(question: Question, language: RemoteLanguageId): readonly string[] {
  return REMOTE_LANGUAGES[language]
    .queries(question, { values: 50, hostField: undefined, ...WINDOW })
    .map(({ text }) => text);
}

describe('SQL run by DuckDB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-'));
  const history = new EventHistory({ ...SMALL_HISTORY, seed: 4, silentHosts: 0.25, attackers: 2 });
  const files: { file: string; text: string }[] = [];

  beforeAll(async () => {
    const path = join(folder, 'events.jsonl');
    writeFileSync(path, [...history.jsonLines()].join(''));
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(
      `CREATE TABLE events AS SELECT COLUMNS(*)::VARCHAR FROM read_json('${path}', format = 'newline_delimited')`,
    );
    const queries = REMOTE_LANGUAGES.sql.queries(HANDLES, { values: 50, hostField: 'Hostname', ...WINDOW });
    for (const { name, text, columns } of queries) {
      const read = await connection.runAndReadAll(text);
      expect(read.columnNames()).toEqual(columns);
      files.push({
        file: `${name}.csv`,
        text: Papa.unparse({ fields: [...columns], data: read.getRowsJS() as unknown[][] }),
      });
    }
    const bits = await connection.runAndReadAll(texts(READS, 'sql')[0].replaceAll('"Computer"', '"Hostname"'));
    files.push({
      file: 'reads.csv',
      text: Papa.unparse({ fields: ['day', 'host', 'hits', 'telemetry'], data: bits.getRowsJS() as unknown[][] }),
    });
    connection.disconnectSync();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives the counts that the history tells, file by file or in one', () => {
    const answer = readRemoteResult(files.slice(0, 4), HANDLES);
    const { truth } = history;
    expect(answer.hits).toBe(truth.hits);
    expect(answer.days.map(({ day, hits }) => [day, hits])).toEqual(truth.days.map(({ day, hits }) => [day, hits]));
    expect(answer.hosts).toHaveLength(truth.hostsWithTelemetry);
    expect(answer.fields.map(({ field, filled }) => [field, filled])).toEqual([
      ['SourceImage', truth.hits],
      ['GrantedAccess', truth.hits],
    ]);
    const images = new Set(
      [...history.planted.noise, ...history.planted.attackers].map(({ image }) => image.toLowerCase()),
    );
    expect(answer.fields[0].distinct).toBe(images.size);
    expect(answer.days.reduce((sum, { fresh }) => sum + fresh, 0)).toBeGreaterThanOrEqual(images.size);
    const one = files
      .slice(0, 4)
      .map(({ text }) => text)
      .join('\r\n');
    expect(readRemoteResult([{ file: 'all.csv', text: one }], HANDLES)).toEqual(answer);
    const summary = summarize(answer, { budget: 1000, hostsTotal: history.spec.hosts });
    expect(summary).toMatchObject({ verdict: 'few', coverage_check: { state: 'partial', hosts_without: 10 } });
    expect(summary.forecast).not.toBeNull();
  });

  it('counts bits as the events have them', () => {
    let hits = 0;
    for (const { length, columns } of history.blocks())
      for (let at = 0; at < length; at++)
        if (
          columns.TargetImage[at] === 0 &&
          (Number(history.dictionaries.GrantedAccess[columns.GrantedAccess[at]]) & 16) !== 0
        )
          hits++;
    expect(hits).toBeGreaterThan(0);
    expect(readRemoteResult(files.slice(4), READS).hits).toBe(hits);
  });
});

const kusto = loadKusto();
describe.skipIf(kusto === null)('KQL read by Microsoft', () => {
  const problems = (text: string): readonly string[] => {
    const { Symbols, GlobalState, KustoCode } = kusto!;
    const windowsEvent = {
      text: 'Channel Computer Provider EventLevelName EventOriginId',
      number: 'EventID EventLevel EventRecordId',
      time: 'TimeGenerated TimeCreated',
      dynamic: 'EventData',
    };
    const tables = Object.entries({ SecurityEvent: SECURITY_EVENT, WindowsEvent: windowsEvent }).map(
      ([name, columns]) => Symbols.TableSymbol.From(schemaOf(columns)).WithName(name),
    );
    const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('db', tables));
    const found = KustoCode.ParseAndAnalyze(text, globals).GetDiagnostics();
    return Array.from({ length: found.Count }, (_, index) => found.getItem(index).Message);
  };

  it('finds fault with what is wrong', () => expect(problems('WindowsEvent | where Nothing == 1')).toHaveLength(1));

  it.each([
    ['Sysmon', READS],
    ['Security', SECURITY],
    ['any log', { ...READS, telemetry: undefined }],
    [
      'several logs',
      {
        ...READS,
        condition: and(STARTS, like('Image', [{ any: 'many' }, '.exe'])),
        telemetry: STARTS,
        fields: ['EventID'],
      },
    ],
  ])('of %s', (_, question) => {
    const all = texts(question, 'kql');
    expect(all.length).toBe(2 + question.fields.length);
    for (const text of all) expect(problems(text), text).toEqual([]);
  });
});

describe('the first query', () => {
  it('in ES|QL', () =>
    expect(texts(READS, 'esql')[0]).toBe(`FROM logs-windows.sysmon_operational-*, winlogbeat-*
| WHERE @timestamp >= "2025-03-01T00:00:00Z"
| WHERE @timestamp < "2025-05-01T00:00:00Z"
| WHERE winlog.channel == "Microsoft-Windows-Sysmon/Operational"
| WHERE event.code == "10"
| EVAL is_hit = CASE((ENDS_WITH(TO_LOWER(winlog.event_data.TargetImage), """\\lsass.exe""")) AND (winlog.event_data.GrantedAccess RLIKE "0[xX][0-9a-fA-F]*[13579bBdDfF][0-9a-fA-F]"), 1, 0)
| STATS hits = SUM(is_hit), telemetry = COUNT(*) BY day = DATE_FORMAT("yyyy-MM-dd", @timestamp), host = host.name
| KEEP day, host, hits, telemetry
| SORT day, host
| LIMIT 10000`));

  it('in SPL', () =>
    expect(texts(READS, 'spl')[0]).toBe(`| multisearch
  [ search earliest=1740787200 latest=1746057600 source="XmlWinEventLog:Microsoft-Windows-Sysmon/Operational" EventCode=10 TargetImage="*\\\\lsass.exe"
    | fillnull value="" GrantedAccess
    | where match(GrantedAccess, "(?i)^0x[0-9a-f]*[13579bdf][0-9a-f]$")
    | eval baseline_part="hits" ]
  [ search earliest=1740787200 latest=1746057600 source="XmlWinEventLog:Microsoft-Windows-Sysmon/Operational" EventCode=10
    | eval baseline_part="telemetry" ]
| eval day=strftime(_time, "%Y-%m-%d")
| stats count(eval(baseline_part="hits")) AS hits count(eval(baseline_part="telemetry")) AS telemetry BY day host
| table day host hits telemetry`));

  it.each(['esql', 'kql', 'spl', 'sql'] as const)('in %s stands under words that say what to do', (language) => {
    const text = remoteText(HANDLES, language, WINDOW);
    expect(text).toContain('1 of 4: counts (day, host, hits, telemetry)');
    expect(text).toContain('4 of 4: values of GrantedAccess (field, value, hits, hosts, first_seen');
    expect(remoteText({ ...HANDLES, fields: [] }, language)).toContain('1 of 1: counts');
    expect(remoteText({ ...SECURITY, telemetry: undefined }, language)).toContain('1 of 3: counts');
    expect(remoteText({ ...HANDLES, condition: STARTS, telemetry: STARTS }, language)).toContain('4688');
  });

  it('holds no comment that a question could end, and no time that is none', () => {
    const id = 'x``` | delete\n*/ DROP TABLE events; --\u001b[31m';
    for (const language of ['esql', 'kql', 'spl', 'sql'] as const) {
      const lines = remoteText({ ...HANDLES, id }, language).split('\n');
      expect(lines.filter((line) => line.includes('DROP') || line.includes('delete'))).toHaveLength(1);
      expect(lines.join('')).not.toContain('\u001b');
      expect(() => remoteText(HANDLES, language, { from: '2025-01-01") | delete' })).toThrow(UsageError);
    }
  });

  it('is refused by name for a field that no language can say', () => {
    for (const language of ['esql', 'kql', 'spl'] as const)
      expect(() => texts({ ...HANDLES, fields: ['a b'] }, language)).toThrow(UnsupportedError);
  });
});
