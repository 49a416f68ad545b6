// What writes to the SAM's keys say, and what they do not.
import { describe, expect, it } from 'vitest';
import { isSamAct, registrySighting } from '../../../src/accounts/layers/registry/registry.ts';
import { securityAct, sysmonAct } from '../../../src/accounts/layers/registry/registry-act.ts';
import { AccountRecord } from '../../../src/accounts/record.ts';
import { LSASS, SUBJECT, securityEvent, sysmonEvent } from '../log-event.ts';

const ROOT = 'HKLM\\SAM\\SAM\\Domains\\';

function seen(eventType: string, path: string, image = LSASS, details = 'Binary Data') {
  const id = eventType.endsWith('Key') ? 12 : 13;
  const data = { EventType: eventType, TargetObject: path, Image: image, ProcessId: '7680', Details: details };
  const record = new AccountRecord(sysmonEvent(id, data));
  const act = sysmonAct(record)!;
  return registrySighting(record, act);
}

describe('writes to the SAM by lsass.exe', () => {
  it.each([
    ['CreateKey', 'Account\\Users\\Names\\support', { kind: 'account-created', account: { name: 'support' } }],
    [
      'SetValue',
      'Account\\Users\\Names\\support\\(Default)',
      { kind: 'account-created', account: { name: 'support' } },
    ],
    ['DeleteKey', 'Account\\Users\\Names\\support', { kind: 'account-deleted', account: { name: 'support' } }],
    [
      'SetValue',
      'Builtin\\Aliases\\00000220\\C',
      { kind: 'membership-changed', group: { sid: 'S-1-5-32-544', rid: 544 } },
    ],
    ['SetValue', 'Account\\Aliases\\000003EB\\C', { kind: 'membership-changed', group: { rid: 1003 } }],
    ['CreateKey', 'Account\\Aliases\\Names\\lamps', { kind: 'group-created', group: { name: 'lamps' } }],
    ['DeleteKey', 'Account\\Aliases\\Names\\lamps', { kind: 'group-deleted', group: { name: 'lamps' } }],
    [
      'SetValue',
      'Account\\Users\\000003E8\\ForcePasswordReset',
      { kind: 'password-setting-changed', account: { rid: 1000 } },
    ],
    ['SetValue', 'Account\\Users\\000003E8\\UserDontShowInLogonUI', { kind: 'account-hidden', account: { rid: 1000 } }],
    [
      'CreateKey',
      'Builtin\\Aliases\\Members\\S-1-5-21-1-2-3\\000003E8',
      {
        kind: 'membership-changed',
        direction: 'added',
        member: { sid: 'S-1-5-21-1-2-3-1000', rid: 1000 },
        isSupport: true,
      },
    ],
  ])('%s %s', (eventType, path, expected) => {
    for (const letters of [
      path,
      path.toUpperCase().replace('SUPPORT', 'support').replace('LAMPS', 'lamps').replace('(DEFAULT)', '(Default)'),
    ])
      expect(seen(eventType, ROOT + letters)).toMatchObject({
        layer: 'registry',
        scope: 'local',
        outcome: 'success',
        ...expected,
      });
  });

  it('names no actor: it carries out what others ask', () => {
    expect(seen('CreateKey', `${ROOT}Account\\Users\\Names\\a`)?.actor).toBeUndefined();
  });

  it.each([
    ['SetValue', `${ROOT}Account\\Users\\000003E8\\F`, 'the counters of a logon'],
    ['CreateKey', `${ROOT}Account\\Users\\000003E8`, 'an open'],
    ['CreateKey', `${ROOT}Account\\Users`, 'an open'],
    ['CreateKey', `${ROOT}Account\\Groups\\00000201`, 'the group None'],
    ['SetValue', `${ROOT}Account\\F`, 'policy'],
    ['CreateKey', 'HKLM\\SAM\\SAM\\RXACT', 'a transaction'],
    ['DeleteValue', `${ROOT}Account\\Users\\Names\\a\\(Default)`, 'no key'],
    ['SetValue', `${ROOT}Account\\Users\\Names\\a\\b\\c`, 'no key of a name'],
    ['SetValue', `${ROOT}Account\\Users\\0003E8\\V`, 'no RID'],
    ['SetValue', 'HKU\\S-1-5-21-1\\Software\\EmieUserList\\x', 'another list'],
  ])('%s %s is %s', (eventType, path) => {
    expect(seen(eventType, path)).toBeUndefined();
  });
});

describe('writes by another program', () => {
  const REG = 'C:\\Windows\\System32\\reg.exe';

  it.each([
    ['SetValue', 'Account\\Users\\000001F5\\F', 'rid-hijack-suspected'],
    ['SetValue', 'Account\\Users\\000003E9\\V', 'account-resurrected-by-registry'],
    ['CreateKey', 'Account\\Users\\Names\\ghost', 'account-resurrected-by-registry'],
  ])('%s %s', (eventType, path, kind) => {
    expect(seen(eventType, ROOT + path, REG)).toMatchObject({ kind, actor: { process: { image: REG, pid: 7680 } } });
    expect(seen(eventType, ROOT + path, 'C:\\Users\\x\\system32\\lsass.exe')?.kind).toBe(kind);
  });
});

describe('the list of accounts that are not shown', () => {
  const path = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\SpecialAccounts\\Userlist\\ghost$';

  it('hides by 0, and shows by anything else', () => {
    expect(seen('SetValue', path, 'C:\\x.exe', 'DWORD (0x00000000)')).toMatchObject({
      kind: 'account-hidden',
      account: { name: 'ghost$' },
    });
    expect(seen('SetValue', path, 'C:\\x.exe', 'DWORD (0x00000001)')?.kind).toBe('account-changed');
    expect(seen('DeleteValue', path, 'C:\\x.exe')?.kind).toBe('account-changed');
  });
});

describe('Security 4657', () => {
  it('is read as Sysmon’s writes are', () => {
    const record = new AccountRecord(
      securityEvent(4657, {
        ObjectName: '\\REGISTRY\\MACHINE\\SAM\\SAM\\Domains\\Account\\Users\\000001F5',
        ObjectValueName: 'F',
        OperationType: '%%1905',
        ProcessName: 'C:\\x.exe',
        ProcessId: '0x10',
        ...SUBJECT,
      }),
    );
    const act = securityAct(record)!;
    expect(isSamAct(act)).toBe(true);
    expect(registrySighting(record, act)).toMatchObject({
      kind: 'rid-hijack-suspected',
      account: { rid: 501 },
      actor: { name: 'admin', process: { image: 'C:\\x.exe', pid: 16 } },
    });
  });
});
