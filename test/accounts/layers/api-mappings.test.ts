// Layer C, other vendors' events: the two mappings that come along over events as they are written, the mapping file's errors, and the pipe samr.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { apiReachOf, apiSightings } from '../../../src/accounts/layers/api/api.ts';
import { eventIdsOf } from '../../../src/accounts/layers/api/api-mapping.ts';
import { ABOUT } from '../../../src/accounts/layers/api/api-row.ts';
import { builtInMappings } from '../../../src/accounts/layers/api/built-in-mappings.ts';
import { readApiMapping } from '../../../src/accounts/layers/api/mapping-file.ts';
import type { AccountRecord } from '../../../src/accounts/record.ts';
import { ticksOf } from '../../../src/logs/log-time.ts';
import { cpuTime } from '../../cpu-time.ts';
import { recordOf, recordsOf } from './read-lines.ts';

const BUILT_IN = builtInMappings();
const SAMR = '12345778-1234-abcd-ef00-0123456789ac';
const TIME = '2026-11-28T10:03:04.1200000Z';
const schema = JSON.parse(readFileSync('docs/formats/accounts-api-mapping-1.schema.json', 'utf8'));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false }).compile(schema);

/** The fifteen texts of RPC Firewall's event 3. */
function texts(opnum: number, uuid = SAMR): readonly string[] {
  const server = ['NdrServerCallAll', '716', 'C:\\Windows\\System32\\lsass.exe', 'ncacn_np', '\\PIPE\\samr'];
  const client = ['10.0.0.9', uuid, String(opnum), 'CORP\\alice', 'RPC_C_AUTHN_LEVEL_PKT_PRIVACY', 'RPC_C_AUTHN_WINNT'];
  return [...server, ...client, '51234', '10.0.0.2', '445', 'S-1-5-21-9-9-9-1104'];
}
const KEYWORDS = { success: '0xa0000000000000', failure: '0x90000000000000' };

function rpcXml(opnum: number, audit: keyof typeof KEYWORDS = 'success', data = texts(opnum)): string {
  return `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="RPCFW"/><EventID Qualifiers="16386">3</EventID><Level>0</Level>
<Keywords>${KEYWORDS[audit]}</Keywords><TimeCreated SystemTime="${TIME}"/><EventRecordID>7</EventRecordID><Channel>RPCFW</Channel><Computer>DC1</Computer></System>
<EventData>${data.map((text) => `<Data>${text}</Data>`).join('')}</EventData></Event>`;
}

async function one(text: string): Promise<AccountRecord> {
  return (await recordsOf(text))[0];
}

describe('RPC Firewall', () => {
  const expected = {
    layer: 'api',
    kind: 'member-added',
    direction: 'added',
    host: 'DC1',
    at: ticksOf(TIME),
    outcome: 'attempt',
    actor: { domain: 'CORP', name: 'alice', sid: 'S-1-5-21-9-9-9-1104', rid: 1104, source: '10.0.0.9' },
    evidence: { layer: 'api', what: 'SamrAddMemberToAlias' },
    notes: ['whom it is about the event does not tell'],
  };
  it.each<[string, () => Promise<AccountRecord>]>([
    ['XML', () => one(rpcXml(31))],
    [
      'evtx_dump',
      () =>
        recordOf({
          Event: {
            System: {
              Provider: { '#attributes': { Name: 'RPCFW' } },
              EventID: { '#attributes': { Qualifiers: 16386 }, '#text': 3 },
              Keywords: KEYWORDS.success,
              TimeCreated: { '#attributes': { SystemTime: TIME } },
              Channel: 'RPCFW',
              Computer: 'DC1',
            },
            EventData: { Data: { '#text': texts(31) } },
          },
        }),
    ],
    [
      'Winlogbeat',
      () =>
        recordOf({
          '@timestamp': TIME,
          winlog: {
            channel: 'RPCFW',
            provider_name: 'RPCFW',
            event_id: '3',
            computer_name: 'DC1',
            keywords: ['Audit Success', 'Classic'],
            event_data: Object.fromEntries(texts(31).map((text, at) => [`param${at + 1}`, text])),
          },
        }),
    ],
  ])('as %s', async (_, make) => {
    const [sighting, ...more] = apiSightings(await make(), BUILT_IN);
    expect(more).toEqual([]);
    expect(sighting).toMatchObject(expected);
    expect(sighting).not.toHaveProperty('member');
    expect(sighting.actor).not.toHaveProperty('process');
  });

  it.each<[string, string, readonly string[], 'remote' | undefined]>([
    ['a blocked call', rpcXml(50, 'failure'), ['account-created failure'], 'remote'],
    ['an enumeration', rpcXml(13), [], 'remote'],
    ['a number that is not used', rpcXml(59), [], undefined],
    ['another interface', rpcXml(31, 'success', texts(31, '12345778-1234-abcd-ef00-0123456789ab')), [], undefined],
    [
      'an interface in capitals and braces',
      rpcXml(35, 'success', texts(35, `{${SAMR.toUpperCase()}}`)),
      ['account-deleted attempt'],
      'remote',
    ],
    [
      'an older event of eleven texts',
      rpcXml(35, 'success', texts(35).slice(0, 11)),
      ['account-deleted attempt'],
      'remote',
    ],
    ['an event cut short', rpcXml(35, 'success', texts(35).slice(0, 7)), [], undefined],
  ])('%s', async (_, text, kinds, reach) => {
    const record = await one(text);
    expect(apiSightings(record, BUILT_IN).map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(kinds);
    expect(apiReachOf(record, BUILT_IN)).toBe(reach);
    // A local change that it does not tell was not missed: it sees the network only.
    expect(reach).not.toBe('all');
  });

  it('does not name a client that it does not know', async () => {
    const data = texts(35)
      .map((text) => (text === 'CORP\\alice' ? 'UNKNOWN' : text))
      .slice(0, 12);
    const [sighting] = apiSightings(await one(rpcXml(35, 'success', data)), BUILT_IN);
    expect(sighting.actor).toEqual({ source: '10.0.0.9' });
  });
});

describe('Defender XDR', () => {
  const row = {
    Timestamp: TIME,
    DeviceName: 'ws7.corp.example',
    AccountDomain: 'ws7',
    AccountName: 'support',
    AccountSid: 'S-1-5-21-1-2-3-1007',
    InitiatingProcessAccountDomain: 'corp',
    InitiatingProcessAccountName: 'alice',
    InitiatingProcessAccountSid: 'S-1-5-21-9-9-9-1104',
    InitiatingProcessFileName: 'net1.exe',
    InitiatingProcessId: 4711,
    InitiatingProcessCommandLine: 'net1 user support /add',
    InitiatingProcessParentFileName: 'net.exe',
    InitiatingProcessLogonId: 5822580,
  };
  const group = { ...row, AccountDomain: 'Builtin', AccountName: 'Administratorer', AccountSid: 'S-1-5-32-544' };
  const member = { MemberSid: 'S-1-5-21-1-2-3-1007' };
  const account = { domain: 'ws7', name: 'support', sid: 'S-1-5-21-1-2-3-1007', rid: 1007 };
  const admins = { domain: 'Builtin', name: 'Administratorer', sid: 'S-1-5-32-544', rid: 544 };

  it.each<[string, object, object]>([
    ['UserAccountCreated', row, { kind: 'account-created', outcome: 'success', account }],
    ['UserAccountDeleted', row, { kind: 'account-deleted', outcome: 'success', account }],
    ['UserAccountModified', row, { kind: 'account-changed', outcome: 'success', account }],
    ['PasswordChangeAttempt', row, { kind: 'password-changed', outcome: 'attempt', account }],
    ['SecurityGroupCreated', group, { kind: 'group-created', outcome: 'success', group: admins }],
    ['SecurityGroupDeleted', group, { kind: 'group-deleted', outcome: 'success', group: admins }],
    ...(
      [
        ['text', JSON.stringify(member)],
        ['object', member],
      ] as const
    ).map(([, AdditionalFields]): [string, object, object] => [
      'UserAccountAddedToLocalGroup',
      { ...group, AdditionalFields },
      {
        kind: 'member-added',
        direction: 'added',
        outcome: 'success',
        group: admins,
        member: { sid: member.MemberSid, rid: 1007 },
      },
    ]),
    [
      'UserAccountRemovedFromLocalGroup',
      { ...group, AdditionalFields: JSON.stringify({ ...member, MemberName: 'ws7\\support' }) },
      {
        kind: 'member-removed',
        direction: 'removed',
        member: { domain: 'ws7', name: 'support', sid: member.MemberSid },
      },
    ],
  ])('%s', async (ActionType, columns, expected) => {
    const record = await recordOf({ ...columns, ActionType });
    const actor = {
      domain: 'corp',
      name: 'alice',
      logonId: '0x58d874',
      process: { image: 'net1.exe', pid: 4711, commandLine: 'net1 user support /add', parentImage: 'net.exe' },
    };
    const found = apiSightings(record, BUILT_IN);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ ...expected, layer: 'api', host: 'ws7.corp.example', at: ticksOf(TIME), actor });
    expect(apiReachOf(record, BUILT_IN)).toBe('all');
  });

  it('reads what an event hub wraps, and Sentinel by its own time', async () => {
    const { Timestamp: _, ...columns } = row;
    const wrapped = {
      time: TIME,
      category: 'AdvancedHunting-DeviceEvents',
      properties: { ...row, ActionType: 'UserAccountCreated' },
    };
    const sentinel = { ...columns, TimeGenerated: TIME, Type: 'DeviceEvents', ActionType: 'UserAccountCreated' };
    for (const object of [wrapped, sentinel])
      expect(apiSightings(await recordOf(object), BUILT_IN)).toMatchObject([
        { kind: 'account-created', host: 'ws7.corp.example', at: ticksOf(TIME), account },
      ]);
  });

  it('says nothing of other actions, nor who asked where that is only lsass.exe', async () => {
    const other = await recordOf({ ...row, ActionType: 'LogonSuccess' });
    expect(apiSightings(other, BUILT_IN)).toEqual([]);
    expect(apiReachOf(other, BUILT_IN)).not.toBe('all');
    const lsass = { ...row, InitiatingProcessFileName: 'lsass.exe', ActionType: 'UserAccountCreated' };
    expect(apiSightings(await recordOf(lsass), BUILT_IN)[0].actor).not.toHaveProperty('process');
  });

  it.each(['{', '[1]', '{"MemberSid":{"a":1}}', '{"MemberSid":[]}', '{"__proto__":1}', 'x'])(
    'knows no member by AdditionalFields %s',
    async (AdditionalFields) => {
      const record = await recordOf({ ...group, ActionType: 'UserAccountAddedToLocalGroup', AdditionalFields });
      const found = apiSightings(record, BUILT_IN);
      expect(found).toHaveLength(1);
      expect(found[0].member).toBeUndefined();
    },
  );
});

describe('a mapping file', () => {
  it('tells which events it is for, where it does', () => {
    expect(BUILT_IN.map(eventIdsOf)).toEqual([[3], undefined]);
  });

  const head = 'schema: winnow.accounts-api-mapping/1\nname: x\n';
  it.each<[string, string, RegExp]>([
    ['no YAML', '{"schema": ', /^m\.yml:1:\d+: no YAML/],
    ['a list', '- 1\n', /^m\.yml:1:1: one map is expected/],
    ['nothing', '', /^m\.yml:1:1: one map is expected/],
    ['another schema', 'schema: other/1\nname: x\n', /^m\.yml:1:9: "schema" is "other\/1"; expected winnow/],
    ['a name twice', `${head}name: y\n`, /^m\.yml:3:1: 'name' stands twice/],
    ['a word that is not known', `${head}wen: {}\n`, /^m\.yml:3:1: "wen" is not known here/],
    ['no when', `${head}call: {field: A, values: {a: NetUserAdd}}\n`, /"when" is missing/],
    ['an empty when', `${head}when: {}\ncall: {field: A, values: {a: NetUserAdd}}\n`, /every event would be a call/],
    ['no call', `${head}when: {A: 1}\n`, /"call" is missing/],
    ['no values', `${head}when: {A: 1}\ncall: {field: A}\n`, /^m\.yml:4:7: "call" needs "values"/],
    [
      'an API that is none',
      `${head}when: {A: 1}\ncall:\n  field: A\n  values:\n    a: NetUserAd\n`,
      /^m\.yml:7:8: "NetUserAd" is no API/,
    ],
    [
      'a kind that is none',
      `${head}when: {A: 1}\ncall:\n  field: A\n  values:\n    a: {kind: user-added}\n`,
      /^m\.yml:7:15: "kind" is "user-added"; expected account-created/,
    ],
    [
      'api and kind',
      `${head}when: {A: 1}\ncall: {field: A, values: {a: {api: NetUserAdd, kind: account-created}}}\n`,
      /either "api" or "kind"/,
    ],
    [
      'a target that is none',
      `${head}when: {A: 1}\nfields: {hots: B}\ncall: {field: A, table: ms-samr-opnum}\n`,
      /^m\.yml:4:10: "hots" is nothing that is told/,
    ],
    [
      'a field that is none',
      `${head}when: {"#0": 1}\ncall: {field: A, table: ms-samr-opnum}\n`,
      /^m\.yml:3:8: "#0" names no field/,
    ],
    [
      'a list of maps',
      `${head}when: {A: [{b: 1}]}\ncall: {field: A, table: ms-samr-opnum}\n`,
      /^m\.yml:3:12: a text, or a list of texts/,
    ],
    [
      'an outcome that is none',
      `${head}when: {A: 1}\ncall: {field: A, table: ms-samr-opnum}\noutcome: {else: fine}\n`,
      /"else" is "fine"; expected success, failure, attempt/,
    ],
    [
      'aliases without end',
      `a: &a [1]\n${Array.from({ length: 30 }, (_, at) => `b${at}: &b${at} [*${at ? `b${at - 1}` : 'a'}, *${at ? `b${at - 1}` : 'a'}]`).join('\n')}\n`,
      /^m\.yml:\d+:\d+: /,
    ],
    ['a long one', `${head}origin: ${'x'.repeat(5 << 20)}\n`, /^m\.yml: .*characters/],
  ])('with %s is refused, with the place', (_, text, expected) => {
    const started = cpuTime();
    expect(() => readApiMapping(text, 'm.yml')).toThrow(expected);
    expect(cpuTime() - started).toBeLessThan(5000);
  });

  it.each(['rpc-firewall', 'defender-xdr'])('%s is of the schema, and names its origin', (name) => {
    const mapping = JSON.parse(readFileSync(`data/api-mappings/${name}.json`, 'utf8'));
    expect(validate(mapping), JSON.stringify(validate.errors)).toBe(true);
    expect(mapping.origin).toMatch(/20\d\d-\d\d-\d\d/);
  });

  it('has a schema with every kind of change', () => {
    expect(schema.$defs.kind.enum).toEqual(Object.keys(ABOUT));
  });

  it('reads the example of the page', async () => {
    const text = /```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/accounts-api.md', 'utf8'))![1];
    const mapping = readApiMapping(text, 'example.yml');
    const event = { ProviderName: 'Microsoft-Windows-RPC', EventID: 6, InterfaceUuid: `{${SAMR}}`, ProcNum: 50 };
    const record = await recordOf({
      ...event,
      Timestamp: TIME,
      Machine: 'SRV2',
      NetworkAddress: '',
      ClientAddress: '10.0.0.9',
    });
    expect(apiSightings(record, [mapping])).toMatchObject([
      { kind: 'account-created', host: 'SRV2', at: ticksOf(TIME), outcome: 'attempt', actor: { source: '10.0.0.9' } },
    ]);
  });

  it('names an API by a value, with arguments and a result', async () => {
    const mapping = readApiMapping(
      JSON.stringify({
        schema: 'winnow.accounts-api-mapping/1',
        name: 'x',
        reach: 'all',
        when: { type: 'api' },
        fields: { host: 'agent', 'arguments.username': ['p.user', 'user'], result: 'ret' },
        call: { field: 'fn', values: { add: 'NetUserAdd', del: { api: 'NetUserDel' } } },
      }),
      'm.json',
    );
    const found = async (object: object) =>
      apiSightings(await recordOf({ type: 'API', agent: 'WS7', ...object }), [mapping]);
    expect(await found({ fn: 'ADD', p: { user: 'bob' }, ret: 0 })).toMatchObject([
      { kind: 'account-created', outcome: 'success', account: { name: 'bob' } },
    ]);
    expect(await found({ fn: 'del', user: 'bob', ret: '0x5' })).toMatchObject([
      { kind: 'account-deleted', outcome: 'failure', account: { name: 'bob' } },
    ]);
    expect(await found({ fn: 'get', user: 'bob' })).toEqual([]);
    expect(await found({ fn: 'constructor', user: 'bob' })).toEqual([]);
  });
});

describe('the pipe samr', () => {
  const subject = {
    SubjectUserSid: 'S-1-5-21-9-9-9-1104',
    SubjectUserName: 'alice',
    SubjectDomainName: 'CORP',
    SubjectLogonId: '0x58d874',
  };
  const share = {
    EventID: 5145,
    Channel: 'Security',
    Hostname: 'SRV2',
    EventTime: TIME,
    Keywords: '0x8020000000000000',
    ...subject,
    ShareName: '\\\\*\\IPC$',
    RelativeTargetName: 'samr',
    IpAddress: '10.0.0.9',
    IpPort: '51234',
  };
  const filter = {
    EventID: 5712,
    Channel: 'Security',
    Hostname: 'SRV2',
    EventTime: TIME,
    ...subject,
    InterfaceUuid: `{${SAMR}}`,
    RemoteIpAddress: '10.0.0.9',
  };

  it.each([
    ['5145', share],
    ['5145 with the whole name', { ...share, RelativeTargetName: '\\PIPE\\SAMR' }],
    ['5712', filter],
  ])('%s supports a change with who and from where', async (_, event) => {
    const record = await recordOf(event);
    expect(apiSightings(record, BUILT_IN)).toMatchObject([
      {
        isSupport: true,
        host: 'SRV2',
        at: ticksOf(TIME),
        outcome: 'attempt',
        actor: { name: 'alice', domain: 'CORP', logonId: '0x58d874', source: '10.0.0.9' },
      },
    ]);
    expect(apiSightings(record, BUILT_IN)[0]).not.toHaveProperty('account');
    // It does not show that calls of the host's own programs are recorded.
    expect(apiReachOf(record, BUILT_IN)).toBe('remote');
  });

  it.each([
    ['another pipe', { ...share, RelativeTargetName: 'samrx' }],
    ['a file of that name', { ...share, ShareName: '\\\\*\\C$' }],
    ['one that was refused', { ...share, Keywords: '0x8010000000000000' }],
    ['another channel', { ...share, Channel: 'Application' }],
    ['another interface', { ...filter, InterfaceUuid: '12345778-1234-abcd-ef00-0123456789ab' }],
    ['another event', { ...share, EventID: 5140 }],
  ])('%s does not', async (_, event) => {
    expect(apiSightings(await recordOf(event), BUILT_IN)).toEqual([]);
  });
});
