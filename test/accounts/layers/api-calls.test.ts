// Layer C, lines of our own schema: what each call says, how it ended, on which host, and what it does not claim.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { apiReachOf, apiSightings } from '../../../src/accounts/layers/api/api.ts';
import { NET_APIS } from '../../../src/accounts/layers/api/net-apis.ts';
import { REGISTRY_APIS } from '../../../src/accounts/layers/api/registry-apis.ts';
import { SAMR_APIS } from '../../../src/accounts/layers/api/samr-apis.ts';
import type { Sighting } from '../../../src/accounts/sighting.ts';
import { ticksOf } from '../../../src/logs/log-time.ts';
import { cpuTime } from '../../cpu-time.ts';
import { recordOf, recordsOf } from './read-lines.ts';

const TIME = '2026-11-28T10:03:04.120Z';
const SCHEMA = 'winnow.accounts-api-event/1';
const SID = 'S-1-5-21-1-2-3-1007';
const doc = readFileSync('docs/accounts-api.md', 'utf8');

interface Call {
  readonly api: string;
  readonly arguments?: object;
  readonly result?: unknown;
  readonly [more: string]: unknown;
}

async function sightings(call: Call): Promise<readonly Sighting[]> {
  const line = { schema: SCHEMA, time: TIME, host: 'WS7', image: 'C:\\a.exe', pid: 42, user: 'WS7\\alice', result: 0 };
  return apiSightings(await recordOf({ ...line, ...call }), []);
}

/** What a sighting says, without what all have. */
function brief({ kind, outcome, account, group, member, direction, host }: Sighting): object {
  return {
    kind,
    outcome,
    ...(account ? { account } : {}),
    ...(group ? { group } : {}),
    ...(member ? { member } : {}),
    ...(direction ? { direction } : {}),
    ...(host === 'WS7' ? {} : { host }),
  };
}

const ok = { outcome: 'success' };
const added = { kind: 'member-added', direction: 'added', ...ok };
const removed = { kind: 'member-removed', direction: 'removed', ...ok };
const bob = { account: { name: 'bob' } };
const team = { group: { name: 'team' } };
const admins = { group: { domain: 'Builtin', sid: 'S-1-5-32-544', rid: 544 } };

describe('calls', () => {
  it.each<[string, object, readonly object[]]>([
    ['NetUserAdd', { username: 'bob', level: 1 }, [{ kind: 'account-created', ...ok, ...bob }]],
    [
      'NetUserAdd',
      { username: 'PC$', flags: 0x1000 },
      [{ kind: 'computer-account-created', ...ok, account: { name: 'PC$' } }],
    ],
    ['NetUserDel', { username: 'bob' }, [{ kind: 'account-deleted', ...ok, ...bob }]],
    ['NetUserSetInfo', { username: 'bob', level: 3 }, [{ kind: 'account-changed', ...ok, ...bob }]],
    ['NetUserSetInfo', { username: 'bob', level: 1003 }, [{ kind: 'password-reset', ...ok, ...bob }]],
    ['NetUserSetInfo', { username: 'bob', level: 1008, flags: '0x203' }, [{ kind: 'account-disabled', ...ok, ...bob }]],
    ['NetUserSetInfo', { username: 'bob', level: 1008, flags: 513 }, [{ kind: 'account-enabled', ...ok, ...bob }]],
    [
      'NetUserSetInfo',
      { username: 'bob', level: 1008, flags: 0x10201, oldflags: 0x201 },
      [{ kind: 'account-changed', ...ok, ...bob }],
    ],
    ['NetUserSetInfo', { username: 'bob', level: 1008 }, [{ kind: 'account-changed', ...ok, ...bob }]],
    [
      'NetUserSetInfo',
      { username: 'bob', level: 0, newname: 'eve' },
      [{ kind: 'account-renamed', ...ok, account: { name: 'eve' } }],
    ],
    [
      'NetUserChangePassword',
      { username: 'bob', domainname: '\\\\SRV2' },
      [{ kind: 'password-changed', ...ok, ...bob, host: 'SRV2' }],
    ],
    ['NetUserChangePassword', { username: 'bob', domainname: 'CORP' }, [{ kind: 'password-changed', ...ok, ...bob }]],
    ['NetLocalGroupAdd', { groupname: 'team' }, [{ kind: 'group-created', ...ok, ...team }]],
    ['NetLocalGroupDel', { groupname: 'team' }, [{ kind: 'group-deleted', ...ok, ...team }]],
    [
      'NetLocalGroupSetInfo',
      { groupname: 'team', level: 0, newname: 'crew' },
      [{ kind: 'group-renamed', ...ok, group: { name: 'crew' } }],
    ],
    [
      'NetLocalGroupSetInfo',
      { groupname: 'team', level: 1002, comment: 'x' },
      [{ kind: 'group-changed', ...ok, ...team }],
    ],
    [
      'NetLocalGroupAddMember',
      { groupname: 'team', membersid: SID },
      [{ ...added, ...team, member: { sid: SID, rid: 1007 } }],
    ],
    [
      'NetLocalGroupAddMembers',
      { groupname: 'team', level: 3, members: ['WS7\\bob', SID, 'eve'] },
      [
        { ...added, ...team, member: { domain: 'WS7', name: 'bob' } },
        { ...added, ...team, member: { sid: SID, rid: 1007 } },
        { ...added, ...team, member: { name: 'eve' } },
      ],
    ],
    [
      'NetLocalGroupAddMembers',
      { groupname: 'team', membername: 'bob', membersid: SID },
      [{ ...added, ...team, member: { name: 'bob', sid: SID, rid: 1007 } }],
    ],
    [
      'NetLocalGroupDelMembers',
      { groupname: 'team', member: 'bob' },
      [{ ...removed, ...team, member: { name: 'bob' } }],
    ],
    [
      'NetLocalGroupSetMembers',
      { groupname: 'team', members: ['a', 'b'] },
      [{ kind: 'membership-changed', ...ok, ...team }],
    ],
    ['NetGroupAddUser', { groupname: 'team', username: 'bob' }, [{ ...added, ...team, member: { name: 'bob' } }]],
    ['NetGroupDelUser', { groupname: 'team', username: 'bob' }, [{ ...removed, ...team, member: { name: 'bob' } }]],
    ['NetUserModalsSet', { level: 0 }, [{ kind: 'domain-policy-changed', ...ok }]],
    [
      'SamrCreateUserInDomain',
      { username: 'bob', rid: 1007 },
      [{ kind: 'account-created', ...ok, account: { name: 'bob', rid: 1007 } }],
    ],
    ['SamrCreateUser2InDomain', { username: 'bob', accounttype: 0x10 }, [{ kind: 'account-created', ...ok, ...bob }]],
    [
      'SamCreateUser2InDomain',
      { username: 'PC$', accounttype: 0x80 },
      [{ kind: 'computer-account-created', ...ok, account: { name: 'PC$' } }],
    ],
    ['SamrDeleteUser', { sid: SID }, [{ kind: 'account-deleted', ...ok, account: { sid: SID, rid: 1007 } }]],
    [
      'SamrSetInformationUser',
      { rid: 1007, informationclass: 16, flags: 0x11 },
      [{ kind: 'account-disabled', ...ok, account: { rid: 1007 } }],
    ],
    [
      'SamrSetInformationUser2',
      { rid: 1007, informationclass: 26 },
      [{ kind: 'password-reset', ...ok, account: { rid: 1007 } }],
    ],
    [
      'SamrSetInformationUser2',
      { rid: 1007, informationclass: 23, whichfields: '0x01000000' },
      [{ kind: 'password-reset', ...ok, account: { rid: 1007 } }],
    ],
    [
      'SamrSetInformationUser2',
      { rid: 1007, informationclass: 23, whichfields: '0x00000002' },
      [{ kind: 'account-changed', ...ok, account: { rid: 1007 } }],
    ],
    ['SamrSetInformationUser2', { rid: 1007 }, [{ kind: 'account-changed', ...ok, account: { rid: 1007 } }]],
    [
      'SamrAddMemberToAlias',
      { domain: 'Builtin', rid: 544, membersid: SID },
      [{ ...added, ...admins, member: { sid: SID, rid: 1007 } }],
    ],
    [
      'SamrRemoveMemberFromAlias',
      { sid: 'S-1-5-32-544', membersid: 'S-1-5-20' },
      [{ ...removed, group: { sid: 'S-1-5-32-544', rid: 544 }, member: { sid: 'S-1-5-20' } }],
    ],
    ['SamrAddMemberToGroup', { rid: 513, memberrid: 1007 }, [{ ...added, group: { rid: 513 }, member: { rid: 1007 } }]],
    ['SamrAddMemberToAlias', {}, [added]],
    ['SamrCreateAliasInDomain', { groupname: 'team' }, [{ kind: 'group-created', ...ok, ...team }]],
    [
      'SamrSetInformationAlias',
      { groupname: 'team', informationclass: 2, newname: 'crew' },
      [{ kind: 'group-renamed', ...ok, group: { name: 'crew' } }],
    ],
    ['SamrUnicodeChangePasswordUser2', { username: 'bob' }, [{ kind: 'password-changed', ...ok, ...bob }]],
    ['SamrSetDSRMPassword', { rid: 500 }, [{ kind: 'dsrm-password-set', ...ok, account: { rid: 500 } }]],
    ['SamrOpenUser', { rid: 500 }, []],
    ['SamrEnumerateUsersInDomain', {}, []],
    ['NetLocalGroupGetMembers', { groupname: 'Administrators' }, []],
    ['CreateFileW', { username: 'bob' }, []],
    ['netapi32.dll!NetUserDel', { username: 'bob' }, [{ kind: 'account-deleted', ...ok, ...bob }]],
    ['NETUSERDEL', { UserName: 'bob' }, [{ kind: 'account-deleted', ...ok, ...bob }]],
  ])('%s %j', async (api, args, expected) => {
    expect((await sightings({ api, arguments: args })).map(brief)).toEqual(expected);
  });

  it.each<[unknown, string]>([
    [0, 'success'],
    ['0x00000000', 'success'],
    ['STATUS_SUCCESS', 'success'],
    ['NERR_Success', 'success'],
    [5, 'failure'],
    [2224, 'failure'],
    ['0xC0000022', 'failure'],
    [-1073741790, 'failure'],
    ['ERROR_ACCESS_DENIED', 'failure'],
    ['NERR_UserExists', 'failure'],
    [null, 'attempt'],
    ['pending?', 'attempt'],
  ])('ended with %j: %s', async (result, outcome) => {
    const [sighting] = await sightings({ api: 'NetUserAdd', arguments: { username: 'bob' }, result });
    expect(sighting.outcome).toBe(outcome);
  });

  it.each<[string | null, string, string | undefined]>([
    ['\\\\SRV2', 'SRV2', 'WS7'],
    ['SRV2', 'SRV2', 'WS7'],
    ['\\\\WS7', 'WS7', undefined],
    ['\\\\ws7.corp.example', 'WS7', undefined],
    ['\\\\.', 'WS7', undefined],
    ['localhost', 'WS7', undefined],
    [null, 'WS7', undefined],
    ['\\\\10.0.0.2', '10.0.0.2', 'WS7'],
  ])('for server %j: on %s, from %s', async (servername, host, source) => {
    const [sighting] = await sightings({ api: 'NetUserAdd', arguments: { servername, username: 'bob' } });
    expect([sighting.host, sighting.actor?.source]).toEqual([host, source]);
  });

  it('says who called, and where the line stands', async () => {
    const call = {
      api: 'NetUserDel',
      logonId: '0x58d874',
      sid: SID,
      commandLine: 'a.exe /x',
      arguments: { username: 'bob' },
    };
    const [sighting] = await sightings(call);
    expect(sighting).toMatchObject({
      layer: 'api',
      at: ticksOf(TIME),
      actor: {
        domain: 'WS7',
        name: 'alice',
        sid: SID,
        rid: 1007,
        logonId: '0x58d874',
        process: { image: 'C:\\a.exe', pid: 42, commandLine: 'a.exe /x' },
      },
      evidence: { layer: 'api', file: 'log.jsonl', record: 1, what: 'NetUserDel' },
    });
  });

  it('does not take lsass.exe for the one that asked', async () => {
    const call = { api: 'SamrDeleteUser', image: 'C:\\Windows\\System32\\lsass.exe', arguments: { username: 'bob' } };
    expect((await sightings(call))[0].actor).toEqual({ domain: 'WS7', name: 'alice' });
  });

  it('tells settings, and never a password', async () => {
    const args = {
      username: 'bob',
      level: 1,
      flags: '0x10221',
      comment: 'x',
      password: 'Secret1!',
      usri1_password: 'Secret1!',
    };
    const [sighting] = await sightings({ api: 'NetUserAdd', arguments: args });
    expect(sighting.settings).toEqual([
      { name: 'flags', old: null, new: '0x10221' },
      { name: 'comment', old: null, new: 'x' },
      { name: 'password not required', old: null, new: 'yes' },
      { name: 'password never expires', old: null, new: 'yes' },
    ]);
    expect(JSON.stringify(sighting, (_, one) => (typeof one === 'bigint' ? `${one}` : one))).not.toMatch(/Secret1/);
  });

  it('says what a rename was from, what a set of members is, and what it does not know', async () => {
    const renamed = await sightings({
      api: 'NetUserSetInfo',
      arguments: { username: 'bob', level: 0, newname: 'eve' },
    });
    expect(renamed[0].settings).toEqual([{ name: 'SamAccountName', old: 'bob', new: 'eve' }]);
    const unknown = await sightings({ api: 'NetUserSetInfo', arguments: { username: 'bob', level: 0 } });
    expect(unknown[0]).toMatchObject({ account: { name: 'bob' }, notes: ['the new name is not told'] });
    const set = await sightings({
      api: 'NetLocalGroupSetMembers',
      arguments: { groupname: 'g', members: ['D\\a', 'b'] },
    });
    expect(set[0].settings).toEqual([{ name: 'members', old: null, new: 'D\\a, b' }]);
    const control = await sightings({ api: 'NetUserSetInfo', arguments: { username: 'bob', level: 1008, flags: 513 } });
    expect(control[0].notes).toEqual([expect.stringMatching(/whether the account was enabled before/)]);
  });
});

describe('writes to the registry', () => {
  const USERS = 'HKLM\\SAM\\SAM\\Domains\\Account\\Users';
  const lsass = { image: 'C:\\Windows\\System32\\lsass.exe' };
  it.each<[string, Call, readonly object[]]>([
    [
      'F of an account',
      { api: 'RegSetValueExW', arguments: { key: `${USERS}\\000001F5`, value: 'F' } },
      [{ kind: 'rid-hijack-suspected', ...ok, account: { rid: 501 } }],
    ],
    [
      'a name',
      { api: 'RegCreateKeyExA', arguments: { key: `${USERS}\\Names\\bob$` } },
      [{ kind: 'account-resurrected-by-registry', ...ok, account: { name: 'bob$' } }],
    ],
    [
      'a refused one',
      { api: 'RegSetValueExW', result: 5, arguments: { key: `${USERS}\\000001F5`, value: 'F' } },
      [{ kind: 'rid-hijack-suspected', outcome: 'failure', account: { rid: 501 } }],
    ],
    [
      'a restored key',
      { api: 'RegRestoreKeyW', arguments: { key: `${USERS}\\000001F5`, file: 'C:\\x.hiv' } },
      [{ kind: 'account-resurrected-by-registry', ...ok, account: { rid: 501 } }],
    ],
    [
      'a restored SAM',
      { api: 'RegRestoreKeyW', arguments: { key: 'HKEY_LOCAL_MACHINE\\SAM' } },
      [{ kind: 'account-resurrected-by-registry', ...ok }],
    ],
    ['a hive loaded elsewhere', { api: 'RegLoadKeyW', arguments: { key: 'HKLM\\OFFLINE', file: 'D:\\SAM' } }, []],
    ['another key', { api: 'RegSetValueExW', arguments: { key: 'HKLM\\SOFTWARE\\SAM', value: 'F' } }, []],
    ['a logon counter', { api: 'NtSetValueKey', ...lsass, arguments: { key: `${USERS}\\000001F5`, value: 'F' } }, []],
    ['nobody named', { api: 'RegSetValueExW', image: null, arguments: { key: `${USERS}\\000001F5`, value: 'F' } }, []],
  ])('%s', async (_, call, expected) => {
    const found = await sightings(call);
    expect(found.map(brief)).toEqual(expected);
    for (const one of found) expect(one).toMatchObject({ layer: 'api', at: ticksOf(TIME), evidence: { layer: 'api' } });
  });
});

describe('whether the layer is there', () => {
  it.each<[string, boolean]>([
    ['NetUserAdd', true],
    ['NetUserEnum', true],
    ['SamrOpenAlias', true],
    // Who records the registry's functions need not record those of accounts.
    ['RegSetValueExW', false],
    ['CreateFileW', false],
  ])('%s: %s', async (api, isThere) => {
    const record = await recordOf({ schema: SCHEMA, time: TIME, host: 'WS7', api });
    expect(apiReachOf(record, [])).toBe(isThere ? 'all' : undefined);
  });

  it('reads a line without a schema whose API is known, and no line of another one', async () => {
    const line = { time: TIME, host: 'WS7', api: 'NetUserDel', arguments: { username: 'bob' } };
    expect(apiSightings(await recordOf(line), [])).toHaveLength(1);
    expect(apiSightings(await recordOf({ ...line, schema: 'other/1' }), [])).toEqual([]);
    expect(apiSightings(await recordOf({ ...line, EventID: 4720 }), [])).toEqual([]);
  });
});

describe('the tables and the page', () => {
  const all = [...NET_APIS, ...SAMR_APIS];
  it('have each API once, and each number of the protocol', () => {
    const names = [...all, ...REGISTRY_APIS].map(({ api }) => api.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    const numbers = SAMR_APIS.map(({ opnum }) => opnum);
    expect(new Set(numbers).size).toBe(numbers.length);
    // [MS-SAMR]: 78 numbers, of which 0 to 77 without 4, 42, 43, 59-61, 63, 68-72, 75 and 76 are used.
    const unused = [4, 42, 43, 59, 60, 61, 63, 68, 69, 70, 71, 72, 75, 76];
    expect([...numbers, ...unused].sort((a, b) => a! - b!)).toEqual(Array.from({ length: 78 }, (_, at) => at));
  });

  it('say of every change which call makes it', () => {
    for (const { api, kind } of all) if (kind) expect(doc).toContain(`\`${api}\``);
  });

  it('show lines that the schema allows, and that say what the page says of them', async () => {
    const schema = JSON.parse(readFileSync('docs/formats/accounts-api-event-1.schema.json', 'utf8'));
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false }).compile(schema);
    const lines = /```json\n([\s\S]*?)```/.exec(doc)![1].trim();
    for (const line of lines.split('\n'))
      expect(validate(JSON.parse(line)), JSON.stringify(validate.errors)).toBe(true);
    const found = (await recordsOf(lines)).flatMap((record) => apiSightings(record, []));
    expect(found.map(brief)).toEqual([
      { kind: 'account-created', ...ok, account: { name: 'support' } },
      {
        ...added,
        outcome: 'failure',
        group: { name: 'Administrators' },
        member: { domain: 'WS7', name: 'support' },
        host: 'SRV2',
      },
      { ...added, ...admins, member: { sid: SID, rid: 1007 } },
    ]);
  });
});

describe('hostile lines', () => {
  const DEEP = `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`;
  it.each<[string, string]>([
    ['arguments that are no object', `{"time":"x","host":"h","api":"NetUserAdd","arguments":"bob"}`],
    ['arguments within one another', `{"api":"NetUserAdd","arguments":${DEEP}}`],
    [
      'names of the language',
      `{"api":"NetUserAdd","arguments":{"__proto__":{"username":"x"},"constructor":"y","username":["a",{"b":1}]}}`,
    ],
    ['an api of prototypes', `{"schema":"${SCHEMA}","api":"__proto__","arguments":{}}`],
    ['a long api', `{"schema":"${SCHEMA}","api":"${'!'.repeat(200_000)}NetUserAdd"}`],
    [
      'numbers that are none',
      `{"api":"NetUserSetInfo","arguments":{"level":"0xfffffffffff","flags":"1e9","rid":-1,"username":"b"}}`,
    ],
    ['a level without end', `{"api":"NetUserSetInfo","arguments":{"level":99999999999999999999,"username":"b"}}`],
    ['a result without end', `{"api":"NetUserDel","result":"${'9'.repeat(100_000)}","arguments":{"username":"b"}}`],
    [
      'backslashes',
      `{"api":"NetUserDel","arguments":{"servername":"${'\\\\'.repeat(50_000)}","username":"${'\\\\'.repeat(50_000)}"}}`,
    ],
    ['nulls', `{"api":"NetUserDel","time":null,"host":null,"user":null,"arguments":{"username":null}}`],
  ])('%s', async (_, line) => {
    const started = cpuTime();
    for (const record of await recordsOf(line)) {
      for (const one of apiSightings(record, [])) expect(one.outcome).not.toBe('success');
      apiReachOf(record, []);
    }
    expect(cpuTime() - started).toBeLessThan(2000);
  });

  it('tells every one of many members', async () => {
    const members = Array.from({ length: 20_000 }, (_, at) => `m${at}`);
    const found = await sightings({ api: 'NetLocalGroupAddMembers', arguments: { groupname: 'g', members } });
    expect(found).toHaveLength(members.length);
    expect(found.at(-1)!.member).toEqual({ name: 'm19999' });
  });
});
