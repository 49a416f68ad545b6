// The records of the SAM, as the writer of fixtures/hives puts them into hives, whole and damaged.
import { describe, expect, it } from 'vitest';
import { text16, WRITTEN, writeHive } from '../../fixtures/hives/hive-writer.ts';
import {
  accountF,
  accountV,
  aliasC,
  domainF,
  domainV,
  groupC,
  MACHINE_SID,
  samRoot,
  sidBytes,
} from '../../fixtures/hives/sam-writer.ts';
import { FormatError } from '../../src/errors.ts';
import { openHive } from '../../src/hive/hive.ts';
import { controlWords } from '../../src/hive/sam/account-control.ts';
import { readAccountF } from '../../src/hive/sam/account-f.ts';
import { AccountPart, readAccountV } from '../../src/hive/sam/account-v.ts';
import { readAliasC } from '../../src/hive/sam/alias-c.ts';
import { readDomainF, readDomainSid } from '../../src/hive/sam/domain.ts';
import { readGroupC } from '../../src/hive/sam/group-c.ts';
import { readSam } from '../../src/hive/sam/sam.ts';

const ANN = {
  rid: 1001,
  name: 'ann',
  fullName: 'Ann Müller',
  comment: 'c',
  homeDirectory: 'H:\\',
  scriptPath: 's.cmd',
  control: 0x214,
  lastLogon: WRITTEN,
  passwordLastSet: WRITTEN - 1n,
  logonCount: 7,
};
const cut = (bytes: Uint8Array, length: number): Uint8Array => bytes.slice(0, length);

describe('an account', () => {
  it('has times, counts and bits in F', () => {
    expect(readAccountF(accountF({ ...ANN, fRid: 500 }))).toEqual({
      revision: 3,
      lastLogon: WRITTEN,
      lastLogoff: 0n,
      passwordLastSet: WRITTEN - 1n,
      accountExpires: 0x7fff_ffff_ffff_ffffn,
      lastBadPassword: 0n,
      rid: 500,
      primaryGroup: 513,
      control: 0x214,
      countryCode: 0,
      codePage: 0,
      badPasswordCount: 0,
      logonCount: 7,
    });
    expect(readAccountF(cut(accountF(ANN), 0x43))).toBeUndefined();
  });

  it('has texts in V, and hashes only by their length', () => {
    expect(readAccountV(accountV(ANN))).toEqual({
      name: 'ann',
      fullName: 'Ann Müller',
      comment: 'c',
      userComment: '',
      homeDirectory: 'H:\\',
      homeDrive: '',
      scriptPath: 's.cmd',
      profilePath: '',
      workstations: '',
      groups: [513],
      lmHashLength: 0,
      ntHashLength: 24,
    });
    expect(readAccountV(cut(accountV(ANN), 0xcb))).toBeUndefined();
  });

  it('has no text that goes on behind its value, and no group that does', () => {
    const v = accountV(ANN);
    const view = new DataView(v.buffer);
    view.setUint32(AccountPart.name * 12, 0xffff_fff0, true);
    view.setUint32(AccountPart.fullName * 12 + 4, 0x7fff_ffff, true);
    view.setUint32(AccountPart.groups * 12 + 8, 0xffff_ffff, true);
    expect(readAccountV(v)).toMatchObject({ name: undefined, fullName: undefined, comment: 'c', groups: [513] });
  });

  it('has control bits with words', () => {
    expect(controlWords(0x211)).toEqual(['disabled', 'normal account', 'password never expires']);
    expect(controlWords(0x8010)).toEqual(['normal account', '0x8000']);
    expect(controlWords(0)).toEqual([]);
  });
});

describe('a group', () => {
  const alias = { rid: 544, name: 'Administrators', comment: 'all', members: [500, 'S-1-5-4', 'S-1-12-1-1-2-3-4'] };

  it('has its members in C as SIDs of any length', () => {
    expect(readAliasC(aliasC(alias))).toEqual({
      rid: 544,
      name: 'Administrators',
      comment: 'all',
      members: [`${MACHINE_SID}-500`, 'S-1-5-4', 'S-1-12-1-1-2-3-4'],
      memberCount: 3,
    });
    expect(readAliasC(cut(aliasC(alias), 0x33))).toBeUndefined();
  });

  it.each<[string, number, (bytes: Uint8Array) => void]>([
    ['cut off', 4, () => {}],
    ['more by its count', 0, (bytes) => bytes.fill(0xff, 0x30, 0x34)],
    ['not all SIDs', 0, (bytes) => bytes.set([9], bytes.length - 28)],
    ['SIDs with too many parts', 0, (bytes) => bytes.set([1, 255], bytes.length - 28)],
  ])('has those that can be read of members that are %s', (_, missing, change) => {
    const bytes = aliasC(alias);
    change(bytes);
    const found = readAliasC(cut(bytes, bytes.length - missing))!;
    expect(found.members.slice(0, 2)).toEqual([`${MACHINE_SID}-500`, 'S-1-5-4']);
    expect(found.members.length).toBeLessThan(found.memberCount);
  });

  it('takes no slack behind its members for one', () => {
    const slack = new Uint8Array([...aliasC(alias), ...sidBytes('S-1-5-11')]);
    expect(readAliasC(slack)?.members).toHaveLength(3);
  });

  it('has its members in C as RIDs where it is a global one', () => {
    expect(readGroupC(groupC(513, 'None', [500, 1001]))).toEqual({
      rid: 513,
      attributes: 7,
      name: 'None',
      comment: '',
      members: [500, 1001],
      memberCount: 2,
    });
    expect(readGroupC(cut(groupC(513, 'None', []), 0x43))).toBeUndefined();
  });
});

describe('a domain', () => {
  it('has its policy in F and its SID in V', () => {
    expect(readDomainF(domainF({ nextRid: 1010, minimumPasswordLength: 8, lockoutThreshold: 5 }))).toMatchObject({
      nextRid: 1010,
      minimumPasswordLength: 8,
      lockoutThreshold: 5,
      maximumPasswordAge: 0x8000_0000_0000_0000n,
    });
    expect(readDomainF(new Uint8Array(0x55))).toBeUndefined();
    expect(readDomainSid(domainV(MACHINE_SID))).toBe(MACHINE_SID);
    expect(readDomainSid(domainV('S-1-5-32'))).toBe('S-1-5-32');
    expect(readDomainSid(cut(domainV(MACHINE_SID), 0x50))).toBeUndefined();
    expect(readDomainSid(text16('x'.repeat(100)))).toBeUndefined();
  });
});

describe('a SAM', () => {
  const spec = {
    nextRid: 1010,
    accounts: [ANN],
    builtin: [{ rid: 544, name: 'Administrators', members: [1001, 'S-1-5-4'] }],
    aliases: [{ rid: 1002, name: 'Readers', members: [1001] }],
    names: { ghost: 1009 },
  };

  it('has names, records, groups of both domains and the index of members', () => {
    const sam = readSam(openHive(writeHive(samRoot(spec))));
    expect(sam.machineSid).toBe(MACHINE_SID);
    expect(sam.policy?.nextRid).toBe(1010);
    expect(sam.accounts.map(({ key, rid, valueNames, f, v }) => [key, rid, valueNames, f?.rid, v?.name])).toEqual([
      ['000003E9', 1001, ['F', 'V'], 1001, 'ann'],
    ]);
    expect(sam.names.map(({ name, rid }) => [name, rid])).toEqual([
      ['ann', 1001],
      ['ghost', 1009],
    ]);
    expect(sam.aliases.map(({ domain, rid, c }) => [domain, rid, c?.name])).toEqual([
      ['Builtin', 544, 'Administrators'],
      ['Account', 1002, 'Readers'],
    ]);
    expect(sam.index).toEqual({
      Builtin: [
        { sid: 'S-1-5-4', aliases: [544] },
        { sid: `${MACHINE_SID}-1001`, aliases: [544] },
      ],
      Account: [{ sid: `${MACHINE_SID}-1001`, aliases: [1002] }],
    });
    expect(sam.groups.map(({ c }) => c?.members)).toEqual([[1001]]);
    expect(sam.notes).toEqual([]);
  });

  it('says what of it cannot be read', () => {
    const root = samRoot(spec);
    const users = find(root, 'SAM', 'Domains', 'Account', 'Users');
    const broken = writeHive(
      replace(root, users, {
        ...users,
        subkeys: [{ name: '000003E9', values: [{ name: 'F', type: 3, data: new Uint8Array(3) }] }, { name: 'Other' }],
      }),
    );
    const sam = readSam(openHive(broken));
    expect(sam.accounts).toMatchObject([{ rid: 1001, f: undefined, v: undefined }]);
    expect(sam.notes.map(({ text }) => text)).toEqual([
      'a key whose name is no RID stands among those of accounts or groups',
      'its value F of 3 bytes cannot be read',
      'it has no value V',
    ]);
  });

  it('is refused where the hive is another', () => {
    expect(() => readSam(openHive(writeHive({ name: 'ROOT' })), 'SOFTWARE')).toThrow(FormatError);
    expect(() => readSam(openHive(writeHive({ name: 'ROOT' })), 'SOFTWARE')).toThrow(/^SOFTWARE: it is no SAM hive/);
  });
});

type Key = ReturnType<typeof samRoot>;

function find(key: Key, ...names: readonly string[]): Key {
  return names.reduce((at, name) => at.subkeys!.find((one) => one.name === name)!, key);
}

function replace(key: Key, old: Key, fresh: Key): Key {
  return key === old ? fresh : { ...key, subkeys: key.subkeys?.map((one) => replace(one, old, fresh)) };
}
