// Queries of EQL over logs as a hunt reads them: ECS names on JSON of any nesting and on Windows' own events.
import { describe, expect, it } from 'vitest';
import { asObject, type EventFacts } from '../../fixtures/logs/text-writer.ts';
import { sourceOf } from '../../src/bytes/source.ts';
import { Hunt } from '../../src/hunt/hunt.ts';
import { LogReport } from '../../src/logs/log-report.ts';
import { openLogs } from '../../src/logs/open-logs.ts';
import { readEqlRule } from '../../src/rule/read/eql.ts';
import { readSigma } from '../../src/rule/read/sigma.ts';
import type { Rule } from '../../src/rule/rule.ts';

function found(log: string, query: string): Promise<string> {
  return foundBy(log, readEqlRule(query, 'q'));
}

async function foundBy(log: string, rule: Rule): Promise<string> {
  const hunt = new Hunt([{ file: 'q.eql', rule }]);
  for await (const one of openLogs(sourceOf(new TextEncoder().encode(log), 'a.json'), new LogReport()))
    await hunt.run(one, new LogReport());
  return hunt
    .document(0)
    .hits.map(({ events, key }) => events.map(({ record }) => record).join('+') + (key ? `(${key.join()})` : ''))
    .join(' ');
}

const EVENTS = [
  {
    '@timestamp': '2024-01-01T00:00:00Z',
    event: { category: ['process'], type: ['start'] },
    process: { name: 'a.exe', pid: 1, args: ['x', 'Y'] },
    user: { id: ['u1', 'u2'] },
    created: '2024-01-01T01:00:00+01:00',
  },
  {
    '@timestamp': '2024-01-01T00:00:01Z',
    event: { category: 'process' },
    process: { name: 'b.exe', pid: '2' },
    'user.id': 'u1',
    host: { name: null },
  },
  {
    '@timestamp': '2024-01-01T00:00:02Z',
    'event.category': 'process',
    'process.name': 'B.exe',
    'process.pid': 3,
    user: { id: 'u2' },
  },
  {
    '@timestamp': '2024-01-01T00:00:03Z',
    event: { category: 'network' },
    destination: { ip: '10.1.2.3' },
    user: { id: 'u1' },
    bytes: 12.5,
    ok: true,
  },
];
const LINES = EVENTS.map((event) => JSON.stringify(event)).join('\n');
const A = '[process where process.name == "a.exe"]';
const B = '[process where process.name == "b.exe"]';

describe('EQL over JSON', () => {
  it.each([
    ['process where process.name == "b.exe"', '2'],
    ['process where process.name : "B.EXE"', '2 3'],
    ['process where process.args == "Y"', '1'],
    ['process where process.pid > 1', '2 3'],
    ['any where created == "2024-01-01T00:00:00Z"', '1'],
    ['any where @timestamp >= "2024-01-01T00:00:02.000Z"', '3 4'],
    ['any where cidrMatch(destination.ip, "10.0.0.0/8")', '4'],
    ['network where ok == true and bytes > 12', '4'],
    ['process where not process.name == "a.exe"', '2 3'],
    [`sequence by user.id ${A} [process where process.name : "b.exe"]`, '1+2(u1) 1+3(u2)'],
    [`sequence by ?host.name ${A} ${B}`, '1+2()'],
    [`sequence by host.name ${A} ${B}`, ''],
    [`sequence with maxspan=1s ${A} ${B}`, '1+2'],
    [`sequence with maxspan=5s ${A} !${B} [network where true]`, ''],
    [`sequence with maxspan=5s ${A} ![process where process.name == "c.exe"] [network where true]`, '1+4'],
    ['sample by user.id [network where true] [process where true]', '4+1(u1)'],
    ['process where true | head 1', '1'],
    ['process where true | tail 1', '3'],
  ])('%s: %s', async (query, hits) => expect(await found(LINES, query)).toBe(hits));

  it('puts events in the order of time, and tells their place in an array', async () => {
    const query = `sequence ${A} ${B} [network where true]`;
    expect(await found(JSON.stringify([...EVENTS].reverse()), query)).toBe('4+3+1');
  });
});

describe('EQL over events of Windows', () => {
  const base = { computer: 'ws7', recordId: 1, processId: 4 };
  const sysmon = { provider: 'Microsoft-Windows-Sysmon', channel: 'Microsoft-Windows-Sysmon/Operational' };
  const at = (second: number) => `2024-05-01T10:00:0${second}.000Z`;
  const events: readonly EventFacts[] = [
    {
      ...base,
      ...sysmon,
      eventId: 1,
      time: at(0),
      data: {
        Image: 'C:\\Windows\\System32\\net.exe',
        ParentImage: 'C:\\Windows\\explorer.exe',
        CommandLine: 'net use',
        ProcessId: '77',
        User: 'DOM\\ann',
        Hashes: 'SHA1=AB,MD5=CD',
      },
    },
    { ...base, ...sysmon, eventId: 3, time: at(1), data: { Image: 'C:\\x.exe', DestinationIp: '10.0.0.1' } },
    {
      ...base,
      provider: 'Microsoft-Windows-Security-Auditing',
      channel: 'Security',
      eventId: 4688,
      time: at(2),
      data: { NewProcessName: 'C:\\y.exe', CommandLine: 'y /z' },
    },
    {
      ...base,
      ...sysmon,
      eventId: 13,
      time: at(3),
      data: { TargetObject: 'HKLM\\Software\\Run\\x', Details: 'c.exe' },
    },
    ...['CreateKey', 'DeleteValue', 'RenamedKey'].map((EventType, i) => ({
      ...base,
      ...sysmon,
      eventId: 12,
      time: at(4 + i),
      data: { EventType, TargetObject: 'HKLM\\Software\\y' },
    })),
  ];
  const log = (form: 'evtx_dump' | 'winlogbeat' | 'nxlog') =>
    events.map((event) => JSON.stringify(asObject(form, event))).join('\n');

  it.each([
    ['process where event.type == "start" and host.os.type == "windows"', '1 3'],
    ['process where process.name : "net.exe" and process.parent.name : "explorer.exe"', '1'],
    ['process where process.executable : "?:\\\\y.exe" and process.command_line : "*/z"', '3'],
    ['process where user.name : "ann" and user.domain : "DOM"', '1'],
    ['process where process.hash.md5 : "cd"', '1'],
    ['network where destination.ip == "10.0.0.1"', '2'],
    ['registry where registry.path : "*\\\\Run\\\\*"', '4'],
    ['any where event.code == "13"', '4'],
    ['registry where event.type == "creation"', '5'],
    ['registry where event.type == "deletion"', '6'],
    ['registry where event.code == "12"', '5 6 7'],
    ['any where winlog.event_data.EventType == "DeleteValue"', '6'],
    ['any where winlog.event_data.Details : "c.exe"', '4'],
    ['sequence with maxspan=5s [process where process.name : "net.exe"] [network where true]', '1+2'],
    ['sequence by host.id [process where process.name : "net.exe"] [network where true]', '1+2(ws7)'],
    ['any where host.name == "ws7" and event.provider : "*Auditing" and winlog.event_id == 4688', '3'],
    ['any where @timestamp >= "2024-05-01T10:00:05Z"', '6 7'],
    ['any where winlog.process.pid == 4 and winlog.channel == "Security"', '3'],
  ])('%s: %s', async (query, hits) => {
    for (const form of ['evtx_dump', 'winlogbeat', 'nxlog'] as const) expect(await found(log(form), query)).toBe(hits);
  });
});

describe('events with UserData', () => {
  const system = (provider: string, channel: string, id: number) => ({
    Provider: { '#attributes': { Name: provider } },
    EventID: id,
    TimeCreated: { '#attributes': { SystemTime: '2024-05-01T10:00:00.000Z' } },
    EventRecordID: id,
    Channel: channel,
    Computer: 'ws7',
  });
  const eventLog = 'Microsoft-Windows-Eventlog';
  const sessions = 'Microsoft-Windows-TerminalServices-LocalSessionManager';
  const printing = 'Microsoft-Windows-PrintService';
  const events = [
    {
      System: system(eventLog, 'Security', 1102),
      UserData: { LogFileCleared: { SubjectUserName: 'ann', SubjectDomainName: 'DOM' } },
    },
    {
      System: system(eventLog, 'System', 104),
      UserData: { LogFileCleared: { SubjectUserName: 'ann', Channel: 'Windows PowerShell' } },
    },
    {
      System: system(sessions, `${sessions}/Operational`, 21),
      UserData: { EventXML: { User: 'DOM\\ann', SessionID: 2, Address: '::%16777216' } },
    },
    {
      System: system(printing, `${printing}/Admin`, 808),
      UserData: { LoadPluginFailed: { PluginDllName: 'C:\\x\\y.dll', ErrorCode: '0x7e' } },
    },
  ];
  const lines = events.map((Event) => JSON.stringify({ Event })).join('\n');
  const winlog = events
    .map(({ System: { Provider, EventID, Channel }, UserData }) =>
      JSON.stringify({
        '@timestamp': '2024-05-01T10:00:00.000Z',
        winlog: {
          provider_name: Provider['#attributes'].Name,
          event_id: EventID,
          channel: Channel,
          user_data: Object.values(UserData)[0],
        },
      }),
    )
    .join('\n');

  it.each([
    ['any where winlog.user_data.SubjectUserName == "ann" and event.code == "1102"', '1'],
    ['any where winlog.user_data.Channel == "Windows PowerShell" and winlog.channel == "System"', '2'],
    ['any where winlog.user_data.Address : "*16777216*"', '3'],
    ['any where winlog.user_data.PluginDllName : "*.dll"', '4'],
    ['any where winlog.user_data.Gone != null', ''],
  ])('%s: %s', async (query, hits) => {
    expect(await found(lines, query)).toBe(hits);
    expect(await found(winlog, query)).toBe(hits);
  });

  it.each([
    ['security', 'EventID: 1102, SubjectUserName: ann', '1'],
    ['system', 'EventID: 104, Channel: Windows PowerShell', '2'],
    ['terminalservices-localsessionmanager', "EventID: 21, Address|contains: '16777216'", '3'],
    ['printservice-admin', "EventID: 808, ErrorCode: '0x7e'", '4'],
  ])("reach Sigma's rules about %s", async (service, selection, hits) => {
    const text = `title: t\nlogsource: {product: windows, service: ${service}}\ndetection: {s: {${selection}}, condition: s}`;
    const rules = readSigma(text).rules;
    for (const log of [lines, winlog]) expect(await foundBy(log, rules[0])).toBe(hits);
  });
});

describe('a hit of a query', () => {
  const names = ['a.exe', 'b.exe', 'c.exe', '('];
  const log = names
    .map((name, i) =>
      JSON.stringify({ '@timestamp': `2024-01-01T00:00:0${i}Z`, event: { category: 'process' }, process: { name } }),
    )
    .join('\n');
  const hunted = async (query: string, dialect: 'elastic' | 'endgame' = 'elastic') => {
    const hunt = new Hunt([{ file: 'q.eql', rule: readEqlRule(query, 'q', { dialect }) }]);
    for await (const one of openLogs(sourceOf(new TextEncoder().encode(log), 'a.json'), new LogReport()))
      await hunt.run(one, new LogReport());
    return hunt.document(0).hits;
  };

  it('tells the values of each step, none of what must be missing', async () => {
    const steps =
      '[process where process.name : "a.exe"] ![process where process.name : "z"] [process where process.name : "c*"]';
    const [hit] = await hunted(`sequence with maxspan=1m ${steps}`);
    expect(hit.matched.map(({ value }) => value)).toEqual(['a.exe', 'c.exe']);
  });

  it('is not stopped by an event that is no regular expression', async () => {
    const hits = await hunted('process where match(process.name, process.name)', 'endgame');
    expect(hits.map(({ events }) => events[0].record)).toEqual([1, 2, 3]);
  });
});
