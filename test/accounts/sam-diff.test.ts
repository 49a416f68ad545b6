// What changed between two states of a SAM: each kind of change, and nothing where there is none.
import { describe, expect, it } from 'vitest';
import { WRITTEN, writeHive } from '../../fixtures/hives/hive-writer.ts';
import { type AccountSpec, MACHINE_SID, type SamSpec, samRoot } from '../../fixtures/hives/sam-writer.ts';
import { samDiff } from '../../src/accounts/sam-diff.ts';
import { openSam } from '../../src/accounts/sam-read.ts';

const BOB: AccountSpec = { rid: 1001, name: 'bob', passwordLastSet: WRITTEN };
const BEFORE: SamSpec = {
  nextRid: 1003,
  accounts: [{ rid: 500, name: 'Administrator' }, BOB, { rid: 1002, name: 'eve', control: 0x411 }],
  builtin: [
    { rid: 544, name: 'Administrators', members: [500] },
    { rid: 545, name: 'Users', members: [1001, 1002] },
  ],
};
const sam = (spec: SamSpec) => openSam(writeHive(samRoot(spec)), 'SAM').sam;
const diff = (after: SamSpec, before: SamSpec = BEFORE) => samDiff(sam(before), sam(after));
const withBob = (change: Partial<AccountSpec>): SamSpec => ({
  ...BEFORE,
  accounts: BEFORE.accounts!.map((account) => (account === BOB ? { ...BOB, ...change } : account)),
});
const withAccounts = (accounts: readonly AccountSpec[], rest: Partial<SamSpec> = {}): SamSpec => ({
  ...BEFORE,
  accounts,
  ...rest,
});
const [ADMINISTRATOR, , EVE] = BEFORE.accounts!;

it('nothing changed between the same', () => {
  expect(diff(BEFORE)).toEqual({
    schema: 'winnow.accounts-sam-diff/1',
    machineSid: { before: MACHINE_SID, after: MACHINE_SID },
    nextRid: { before: 1003, after: 1003 },
    changes: [],
    odd: [],
    notes: [],
  });
});

it('a logon changes nothing', () => {
  expect(
    diff(withBob({ lastLogon: WRITTEN, logonCount: 9, lastBadPassword: WRITTEN, lastWritten: WRITTEN + 9n })).changes,
  ).toEqual([]);
});

describe('an account', () => {
  it.each<[string, SamSpec, string, object]>([
    [
      'enabled',
      { ...BEFORE, accounts: [ADMINISTRATOR, BOB, { ...EVE, control: 0x410 }] },
      'account-enabled',
      { account: { name: 'eve', rid: 1002 } },
    ],
    [
      'disabled',
      withBob({ control: 0x11 }),
      'account-disabled',
      { account: { name: 'bob', rid: 1001, sid: `${MACHINE_SID}-1001` } },
    ],
    ['unlocked', { ...BEFORE, accounts: [ADMINISTRATOR, BOB, { ...EVE, control: 0x11 }] }, 'account-unlocked', {}],
    [
      'renamed',
      withBob({ name: 'bert' }),
      'account-renamed',
      { settings: [{ name: 'name', old: 'bob', new: 'bert' }] },
    ],
    [
      'with another password',
      withBob({ passwordLastSet: WRITTEN + 10n }),
      'password-changed',
      { notes: [expect.stringMatching(/does not tell which/)] },
    ],
    ['whose password must change', withBob({ passwordLastSet: 0n }), 'password-setting-changed', {}],
    [
      'whose password never expires',
      withBob({ control: 0x210 }),
      'account-changed',
      { settings: [{ name: 'password never expires', old: 'no', new: 'yes' }] },
    ],
    [
      'locked',
      withBob({ control: 0x410 }),
      'account-changed',
      { settings: [{ name: 'automatically locked', old: 'no', new: 'yes' }] },
    ],
    [
      'with a comment',
      withBob({ comment: 'x' }),
      'account-changed',
      { settings: [{ name: 'comment', old: '', new: 'x' }] },
    ],
    [
      'of another primary group',
      withBob({ primaryGroup: 512 }),
      'account-changed',
      { settings: [{ name: 'primary group', old: '513', new: '512' }] },
    ],
    [
      'that expires',
      withBob({ accountExpires: WRITTEN }),
      'account-changed',
      { settings: [{ name: 'account expires', old: 'never', new: '2024-05-01T10:00:00.000000Z' }] },
    ],
    [
      'with the RID of another',
      withBob({ fRid: 500 }),
      'rid-hijack-suspected',
      { settings: [{ name: 'F RID', old: '1001', new: '500' }] },
    ],
    ['that is not shown', withBob({ furtherValues: ['UserDontShowInLogonUI'] }), 'account-hidden', {}],
  ])('%s', (_, after, kind, rest) => {
    expect(diff(after).changes).toMatchObject([{ kind, ...rest }]);
  });

  it('made, and put into groups', () => {
    const after = withAccounts([...BEFORE.accounts!, { rid: 1003, name: 'new', control: 0x11 }], {
      nextRid: 1004,
      builtin: [
        { rid: 544, name: 'Administrators', members: [500, 1003], lastWritten: WRITTEN + 10n },
        { rid: 545, name: 'Users', members: [1001, 1002] },
      ],
    });
    const { changes, nextRid } = diff(after);
    expect(nextRid).toEqual({ before: 1003, after: 1004 });
    expect(changes).toMatchObject([
      {
        kind: 'account-created',
        account: { name: 'new', rid: 1003 },
        settings: [{ name: 'disabled', old: null, new: 'yes' }],
        notes: [],
      },
      {
        kind: 'member-added',
        direction: 'added',
        group: { name: 'Administrators', sid: 'S-1-5-32-544', rid: 544, rid_hex: '00000220' },
        member: { name: 'new', sid: `${MACHINE_SID}-1003`, rid: 1003 },
        keyLastWrite: '2024-05-01T10:00:00.000001Z',
      },
    ]);
  });

  it('deleted, of which its groups know no more', () => {
    const after = withAccounts([ADMINISTRATOR, EVE], {
      builtin: [BEFORE.builtin![0], { rid: 545, name: 'Users', members: [1002] }],
    });
    expect(diff(after).changes).toMatchObject([
      { kind: 'account-deleted', account: { name: 'bob', rid: 1001 }, keyLastWrite: null },
      { kind: 'member-removed', direction: 'removed', member: { name: 'bob', rid: 1001 }, group: { name: 'Users' } },
    ]);
  });

  it.each<[string, AccountSpec, RegExp]>([
    ['an old RID', { rid: 1000, name: 'back' }, /was given out before/],
    ['a RID of the future', { rid: 4000, name: 'clone$' }, /is not given out yet/],
    ['no name', { rid: 1003, name: 'ghost', listedName: null }, /no name among Names/],
  ])('that came about with %s was not made by SAM', (_, account, why) => {
    const { changes } = diff(withAccounts([...BEFORE.accounts!, account], { nextRid: 1004 }));
    expect(changes).toMatchObject([{ kind: 'account-resurrected-by-registry', account: { rid: account.rid } }]);
    expect(changes[0].notes.join()).toMatch(why);
  });

  it.each<[string, readonly AccountSpec[], readonly AccountSpec[], string]>([
    ['made', [], [{ rid: 1003, name: 'PC$', control: 0x80 }], 'computer-account-created'],
    ['deleted', [{ rid: 1003, name: 'PC$', control: 0x80 }], [], 'computer-account-deleted'],
    [
      'changed',
      [{ rid: 1003, name: 'PC$', control: 0x80 }],
      [{ rid: 1003, name: 'PC$', control: 0x80, comment: 'x' }],
      'computer-account-changed',
    ],
  ])('of a machine, %s', (_, before, after, kind) => {
    const of = (more: readonly AccountSpec[]) => withAccounts([...BEFORE.accounts!, ...more], { nextRid: 1004 });
    expect(diff(of(after), before.length === 0 ? BEFORE : of(before)).changes).toMatchObject([{ kind }]);
  });

  it('with a RID of another from the beginning is odd too', () => {
    const { changes, odd } = diff(
      withAccounts([...BEFORE.accounts!, { rid: 1003, name: 'new', fRid: 500 }], { nextRid: 1004 }),
    );
    expect(changes.map(({ kind }) => kind)).toEqual(['account-created', 'rid-hijack-suspected']);
    expect(odd).toMatchObject([{ kind: 'f-rid-differs' }]);
  });
});

describe('a group', () => {
  const withGroup = (group: object | undefined, of: 'builtin' | 'aliases' = 'aliases'): SamSpec => ({
    ...BEFORE,
    nextRid: 1004,
    [of]: [...(BEFORE[of] ?? []), ...(group ? [{ rid: 1003, name: 'Readers', members: [1001], ...group }] : [])],
  });

  it.each<[string, object | undefined, object | undefined, readonly object[]]>([
    [
      'made',
      undefined,
      {},
      [
        { kind: 'group-created', group: { name: 'Readers', sid: `${MACHINE_SID}-1003` } },
        { kind: 'member-added', member: { name: 'bob' } },
      ],
    ],
    ['deleted', {}, undefined, [{ kind: 'group-deleted', group: { name: 'Readers' }, keyLastWrite: null }]],
    [
      'renamed',
      {},
      { name: 'Writers' },
      [{ kind: 'group-renamed', settings: [{ name: 'name', old: 'Readers', new: 'Writers' }] }],
    ],
    ['changed', {}, { comment: 'x' }, [{ kind: 'group-changed', settings: [{ name: 'comment', old: '', new: 'x' }] }]],
    [
      'with other members',
      {},
      { members: ['S-1-5-21-1-2-3-512'] },
      [
        { kind: 'member-added', member: { name: null, sid: 'S-1-5-21-1-2-3-512', rid: 512 } },
        { kind: 'member-removed', member: { name: 'bob' } },
      ],
    ],
    ['with the same members in another order', { members: [1001, 1002] }, { members: [1002, 1001] }, []],
    [
      'with somebody who is no account',
      {},
      { members: [1001, 'S-1-5-4'] },
      [{ kind: 'member-added', member: { name: null, sid: 'S-1-5-4', rid: null } }],
    ],
  ])('%s', (_, before, after, changes) => {
    expect(diff(withGroup(after), withGroup(before)).changes).toMatchObject(changes);
  });

  it('that is global counts only where it is of no making or deletion of an account', () => {
    const all = [500, 1001, 1002];
    expect(diff({ ...BEFORE, none: [500, 1001] }, { ...BEFORE, none: all }).changes).toMatchObject([
      { kind: 'member-removed', member: { name: 'eve' }, group: { name: 'None', rid: 513, sid: `${MACHINE_SID}-513` } },
    ]);
  });
});

it('the policy', () => {
  expect(
    diff({ ...BEFORE, minimumPasswordLength: 4, lockoutThreshold: 10, maximumPasswordAge: -36_288_000_000_000n })
      .changes,
  ).toMatchObject([
    {
      kind: 'domain-policy-changed',
      settings: [
        { name: 'maximum password age', old: 'for ever', new: '42 d' },
        { name: 'minimum password length', old: '0', new: '4' },
        { name: 'lockout threshold', old: '0', new: '10' },
      ],
    },
  ]);
});

it('two machines, or the wrong order, are noted', () => {
  expect(diff({ ...BEFORE, machineSid: 'S-1-5-21-1-2-3' }).notes).toMatchObject([
    { text: expect.stringMatching(/different machines/) },
  ]);
  expect(diff({ ...BEFORE, nextRid: 1003 }, { ...BEFORE, nextRid: 1005 }).notes).toMatchObject([
    { text: expect.stringMatching(/the order of the two is doubtful/) },
  ]);
});
