// What account-management events say: whom they name, what was changed, and whether it was done.
import { describe, expect, it } from 'vitest';
import { handleSighting } from '../../../src/accounts/layers/native/handles.ts';
import { nativeSighting } from '../../../src/accounts/layers/native/native.ts';
import { AccountRecord } from '../../../src/accounts/record.ts';
import { MACHINE, SUBJECT, securityEvent } from '../log-event.ts';

const USER = { TargetUserName: 'support', TargetDomainName: 'FS01', TargetSid: `${MACHINE}-1004`, ...SUBJECT };
const sighting = (...args: Parameters<typeof securityEvent>) =>
  nativeSighting(new AccountRecord(securityEvent(...args)));

describe('native events', () => {
  it.each([
    [4720, 'account-created'],
    [4722, 'account-enabled'],
    [4723, 'password-changed'],
    [4724, 'password-reset'],
    [4725, 'account-disabled'],
    [4726, 'account-deleted'],
    [4738, 'account-changed'],
    [4767, 'account-unlocked'],
  ])('%i names the account and who did it', (id, kind) => {
    expect(sighting(id, USER)).toMatchObject({
      kind,
      outcome: 'success',
      account: { name: 'support', domain: 'FS01', sid: `${MACHINE}-1004`, rid: 1004 },
      actor: { name: 'admin', sid: `${MACHINE}-1000`, logonId: '0x1234' },
      evidence: { layer: 'native', what: String(id) },
    });
  });

  it('tells a failure by the keywords, as a number and as agents write them', () => {
    expect(sighting(4724, USER, { keywords: '0x8010000000000000' })?.outcome).toBe('failure');
    expect(sighting(4724, USER, { keywords: 'Audit Failure' })?.outcome).toBe('failure');
    expect(sighting(4766, USER)?.outcome).toBe('failure');
    expect(sighting(4794, { ...SUBJECT, Status: '0xc000006d' })?.outcome).toBe('failure');
    expect(sighting(4794, { ...SUBJECT, Status: '0x0' })?.outcome).toBe('success');
  });

  it('names a member by its SID, and on a domain controller by its distinguished name', () => {
    const group = {
      TargetUserName: 'Administratoren',
      TargetDomainName: 'Builtin',
      TargetSid: 'S-1-5-32-544',
      ...SUBJECT,
    };
    expect(sighting(4732, { MemberName: '-', MemberSid: `${MACHINE}-1004`, ...group })).toMatchObject({
      kind: 'member-added',
      direction: 'added',
      group: { name: 'Administratoren', sid: 'S-1-5-32-544', rid: 544 },
      member: { sid: `${MACHINE}-1004`, rid: 1004 },
    });
    const dn = sighting(4733, { MemberName: 'CN=Smith\\, J,OU=x,DC=a,DC=b', MemberSid: 'S-1-5-20', ...group });
    expect(dn).toMatchObject({
      kind: 'member-removed',
      scope: 'domain',
      member: { name: 'Smith, J', sid: 'S-1-5-20' },
    });
    expect(dn?.member?.rid).toBeUndefined();
  });

  it.each([
    ['codes', { UserAccountControl: '\r\n\t\t%%2080\r\n\t\t%%2057' }],
    [
      'values, where the codes are written out',
      { OldUacValue: '0x210', NewUacValue: '0x11', UserAccountControl: "'Account Disabled' - Enabled" },
    ],
  ])('tells flags by their %s', (_, data) => {
    expect(sighting(4738, { ...USER, DisplayName: '<value not set>', HomePath: '%%1793', ...data })?.settings).toEqual([
      { name: 'disabled', old: 'no', new: 'yes' },
      { name: 'password never expires', old: 'yes', new: 'no' },
    ]);
  });

  it('tells a rename by both names, and one that changes nothing', () => {
    const names = { OldTargetUserName: 'a', NewTargetUserName: 'b', TargetDomainName: 'FS01', ...SUBJECT };
    expect(sighting(4781, { ...names, TargetSid: `${MACHINE}-1004` })).toMatchObject({
      kind: 'account-renamed',
      account: { name: 'b' },
      settings: [{ name: 'SamAccountName', old: 'a', new: 'b' }],
    });
    const builtin = { ...names, TargetSid: 'S-1-5-32-546' };
    expect(sighting(4781, builtin)?.kind).toBe('group-renamed');
    expect(sighting(4781, { ...builtin, OldTargetUserName: 'b' })?.kind).toBe('group-renamed-noop');
  });

  it("takes 4740's TargetDomainName for what it is: the caller's computer", () => {
    expect(sighting(4740, { ...USER, TargetDomainName: 'CALLER' })?.account).toEqual({
      name: 'support',
      sid: `${MACHINE}-1004`,
      rid: 1004,
    });
  });

  it('is undefined of any other event', () => {
    expect(sighting(4798, USER)).toBeUndefined();
    expect(sighting(4624, USER)).toBeUndefined();
  });
});

describe('handles to the SAM', () => {
  const handle = (data: Readonly<Record<string, string>>) =>
    handleSighting(
      new AccountRecord(
        securityEvent(4661, {
          ObjectServer: 'Security Account Manager',
          ObjectType: 'SAM_ALIAS',
          ObjectName: 'DOMAINS\\Builtin\\Aliases\\00000220',
          AccessMask: '0x1',
          ...SUBJECT,
          ...data,
        }),
      ),
    );

  it('support a change of members by the right that was asked for', () => {
    expect(handle({})).toMatchObject({ isSupport: true, direction: 'added', group: { sid: 'S-1-5-32-544', rid: 544 } });
    expect(handle({ AccessMask: '0x2' })?.direction).toBe('removed');
    expect(handle({ AccessMask: '0x3' })?.direction).toBeUndefined();
  });

  it.each([
    [{ AccessMask: '0xc' }],
    [{ AccessMask: 'x' }],
    [{ ObjectType: 'SAM_USER' }],
    [{ ObjectServer: 'DS' }],
    [{ ObjectName: 'CN=Builtin,DC=a' }],
  ])('say nothing else: %j', (data) => {
    expect(handle(data)).toBeUndefined();
  });
});
