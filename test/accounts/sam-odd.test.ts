// What is odd in a SAM: each kind in a hive that has it, and none in one that Windows could have made.
import { describe, expect, it } from 'vitest';
import { writeHive } from '../../fixtures/hives/hive-writer.ts';
import { type SamSpec, samRoot } from '../../fixtures/hives/sam-writer.ts';
import { samDiff } from '../../src/accounts/sam-diff.ts';
import { samDocument } from '../../src/accounts/sam-document.ts';
import { ODD_KINDS, type OddKind } from '../../src/accounts/sam-odd.ts';
import { openSam } from '../../src/accounts/sam-read.ts';

const SOUND: SamSpec = {
  nextRid: 1004,
  accounts: [
    { rid: 500, name: 'Administrator' },
    { rid: 1000, name: 'ann' },
    { rid: 1001, name: 'bob' },
    { rid: 1003, name: 'eve' },
  ],
  builtin: [
    { rid: 544, name: 'Administrators', members: [500, 1000, 'S-1-5-21-1-2-3-512'] },
    { rid: 545, name: 'Users', members: ['S-1-5-4', 1000, 1001, 1003] },
  ],
  aliases: [{ rid: 1002, name: 'Readers', members: [1001, 'S-1-12-1-1-2-3-4'] }],
};
const documentOf = (spec: SamSpec) => {
  const { hive, sam } = openSam(writeHive(samRoot(spec)), 'SAM');
  return samDocument(hive, sam);
};
const withAccount = (rid: number, change: object): SamSpec => ({
  ...SOUND,
  accounts: SOUND.accounts!.map((account) => (account.rid === rid ? { ...account, ...change } : account)),
});
const withAlias = (change: object): SamSpec => ({
  ...SOUND,
  builtin: [{ ...SOUND.builtin![0], ...change }, SOUND.builtin![1]],
});

it('nothing is odd in a sound one', () => {
  const document = documentOf(SOUND);
  expect(document.odd).toEqual([]);
  expect(document.notes).toEqual([]);
  expect(document.missing_rids_below_next).toEqual([]);
});

const CASES: readonly (readonly [OddKind, SamSpec, string, RegExp])[] = [
  [
    'f-rid-differs',
    withAccount(1001, { fRid: 500 }),
    'Account\\Users\\000003E9',
    /^bob .* RID 500 \(000001F4\), that of Administrator$/,
  ],
  ['name-shared', { ...SOUND, names: { bob2: 1001 } }, 'Account\\Users\\Names', /^bob and bob2 all lead to RID 1001/],
  ['key-without-name', withAccount(1001, { listedName: null }), 'Account\\Users\\000003E9', /^bob 1001 .* has no name/],
  [
    'key-without-name',
    withAlias({ listedName: null }),
    'Builtin\\Aliases\\00000220',
    /^Administrators 544 .* has no name/,
  ],
  [
    'name-without-key',
    { ...SOUND, names: { ghost: 1009 } },
    'Account\\Users\\Names\\ghost',
    /^ghost leads to RID 1009/,
  ],
  [
    'name-differs',
    withAccount(1001, { listedName: 'bert' }),
    'Account\\Users\\000003E9',
    /named bob in its record and bert in/,
  ],
  [
    'record-rid-differs',
    withAlias({ cRid: 545 }),
    'Builtin\\Aliases\\00000220',
    /Administrators has RID 544 .*, and its record 545/,
  ],
  [
    'rid-not-given-out',
    { ...SOUND, nextRid: 1003 },
    'Account\\Users\\000003EB',
    /^eve has RID 1003 .*, and the next to be given out is 1003$/,
  ],
  [
    'member-not-in-index',
    withAlias({ members: [500, 1000, 1001], indexed: [500, 1000] }),
    'Builtin\\Aliases\\00000220',
    /-1001 is a member of Administrators/,
  ],
  [
    'index-not-in-members',
    withAlias({ members: [500], indexed: [500, 1001] }),
    'Builtin\\Aliases\\Members',
    /-1001 is in Administrators/,
  ],
  [
    'member-without-account',
    withAlias({ members: [500, 1777] }),
    'Builtin\\Aliases\\00000220',
    /-1777 is a member of Administrators, and no account/,
  ],
  [
    'name-like-a-machine',
    withAccount(1001, { name: 'bob$' }),
    'Account\\Users\\000003E9',
    /^bob\$, an account of a user/,
  ],
  ['rid-missing', { ...SOUND, nextRid: 1008 }, 'Account', /^nothing has RID 1004, 1005, 1006, 1007, each/],
];

describe('a SAM made to cost more than its bytes', () => {
  const long = 'x'.repeat(30_000);
  const many = <T>(count: number, one: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => one(i));
  const members = many(3000, (i) => `S-1-5-21-1-2-3-${i}`);

  it.each<[string, SamSpec]>([
    ['a long name of a group of thousands', { builtin: [{ rid: 544, name: long, members, indexed: [] }] }],
    ['a long name in an index of thousands', { builtin: [{ rid: 544, name: long, indexed: members }] }],
    [
      'thousands of names of one RID',
      {
        names: Object.fromEntries(many(3000, (i) => [`n${i}`, 1000])),
        accounts: many(3000, () => ({ rid: 1000, name: 'other', listedName: null })),
      },
    ],
    [
      'accounts that all log on as one with a long name',
      { accounts: [{ rid: 500, name: long }, ...many(3000, (i) => ({ rid: 1000 + i, name: `a${i}`, fRid: 500 }))] },
    ],
  ])('by %s is told shortly, and in time', (_, spec) => {
    const bytes = writeHive(samRoot(spec));
    const before = process.cpuUsage().user;
    const { hive, sam } = openSam(bytes, 'SAM');
    const told =
      JSON.stringify(samDocument(hive, sam)) + JSON.stringify(samDiff(sam, openSam(writeHive(samRoot({})), 'SAM').sam));
    const back = JSON.stringify(samDiff(openSam(writeHive(samRoot({})), 'SAM').sam, sam));
    expect(told.length + back.length).toBeLessThan(10_000_000);
    expect((process.cpuUsage().user - before) / 1000).toBeLessThan(3000);
  });
});

describe('what is odd', () => {
  it.each(CASES)('%s', (kind, spec, where, text) => {
    const { odd } = documentOf(spec);
    expect(odd).toMatchObject([{ kind, where }]);
    expect(odd[0].text).toMatch(text);
    expect(odd[0].weight).toBe(['rid-missing', 'name-like-a-machine'].includes(kind) ? 'information' : 'suspicious');
  });

  it('has a case for each kind', () => {
    expect(Object.keys(ODD_KINDS).filter((kind) => !CASES.some(([one]) => one === kind))).toEqual([]);
  });

  it('of a next RID of four billion is told shortly', () => {
    const document = documentOf({ ...SOUND, nextRid: 0xffff_ffff });
    expect(document.missing_rids_below_next).toHaveLength(10_000);
    expect(document.odd).toMatchObject([{ kind: 'rid-missing' }]);
    expect(document.odd[0].text).toMatch(/ and 4294966271 more, each/);
    expect(document.notes.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^4294956291 more RIDs below the next one/),
    ]);
  });

  it('a name that is a word of JavaScript is a name', () => {
    const { names } = documentOf(withAccount(1001, { name: '__proto__' }));
    expect(Object.entries(names)).toContainEqual(['__proto__', 1001]);
  });
});
