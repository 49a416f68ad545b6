// The rules of the mission: each can be said in Sigma and read back, names its evasions, and finds what it is for.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ruleOf } from '../../src/accounts/rules/account-rule.ts';
import { ACCOUNT_RULES } from '../../src/accounts/rules/account-rules.ts';
import { UnsupportedError } from '../../src/errors.ts';
import { Hunt } from '../../src/hunt/hunt.ts';
import { LogReport } from '../../src/logs/log-report.ts';
import { languages } from '../../src/rule/emit/index.ts';
import { readSigma } from '../../src/rule/read/sigma.ts';
import { LSASS, MACHINE, SUBJECT, securityEvent, sysmonEvent } from './log-event.ts';

const SAM = 'HKLM\\SAM\\SAM\\Domains\\';
const NET = { Image: 'C:\\Windows\\System32\\net.exe', OriginalFileName: 'net.exe' };
const write = (TargetObject: string, own: Readonly<Record<string, string>> = {}) =>
  sysmonEvent(13, { EventType: 'SetValue', TargetObject, Image: LSASS, Details: 'Binary Data', ...own });

/** Of each rule, an event that it finds and one that it does not. */
const EVENTS: Readonly<Record<string, readonly [ReturnType<typeof sysmonEvent>, ReturnType<typeof sysmonEvent>]>> = {
  'native-account-created': [securityEvent(4720, SUBJECT), securityEvent(4722, SUBJECT)],
  'native-account-deleted': [securityEvent(4726, SUBJECT), securityEvent(4720, SUBJECT)],
  'native-built-in-account-enabled': [
    securityEvent(4722, { TargetSid: `${MACHINE}-501`, ...SUBJECT }),
    securityEvent(4722, { TargetSid: `${MACHINE}-1501`, ...SUBJECT }),
  ],
  'native-member-added-to-privileged-group': [
    securityEvent(4732, { TargetSid: 'S-1-5-32-544', ...SUBJECT }),
    securityEvent(4732, { TargetSid: 'S-1-5-32-545', ...SUBJECT }),
  ],
  'native-member-removed-from-administrators': [
    securityEvent(4733, { TargetSid: 'S-1-5-32-544', ...SUBJECT }),
    securityEvent(4732, { TargetSid: 'S-1-5-32-544', ...SUBJECT }),
  ],
  'native-password-reset': [
    securityEvent(4724, SUBJECT),
    securityEvent(4724, { ...SUBJECT, SubjectUserSid: 'S-1-5-18' }),
  ],
  'native-password-not-required': [
    securityEvent(4738, { UserAccountControl: '\r\n\t\t%%2082', ...SUBJECT }),
    securityEvent(4738, { UserAccountControl: '\r\n\t\t%%2050', ...SUBJECT }),
  ],
  'native-sid-history-added': [securityEvent(4765, SUBJECT), securityEvent(4738, SUBJECT)],
  'native-dsrm-password-set': [securityEvent(4794, SUBJECT), securityEvent(4724, SUBJECT)],
  'command-net-account': [
    sysmonEvent(1, { ...NET, CommandLine: 'net  user support x /ad' }),
    sysmonEvent(1, { ...NET, CommandLine: 'net user support /domain' }),
  ],
  'command-sam-import': [
    sysmonEvent(1, { Image: 'C:\\Windows\\System32\\reg.exe', CommandLine: 'reg restore hklm\\sam x.hiv' }),
    sysmonEvent(1, { Image: 'C:\\Windows\\System32\\reg.exe', CommandLine: 'reg query hklm\\sam' }),
  ],
  'registry-account-key': [
    write(`${SAM}Account\\Users\\Names\\a\\(Default)`),
    write(`${SAM}Account\\Users\\000003E8\\F`),
  ],
  'registry-privileged-group-members': [
    write(`${SAM}Builtin\\Aliases\\00000220\\C`),
    write(`${SAM}Builtin\\Aliases\\00000221\\C`),
  ],
  'registry-sam-written-by-other': [
    write(`${SAM}Account\\Users\\000001F5\\F`, { Image: 'C:\\x.exe' }),
    write(`${SAM}Account\\Users\\000001F5\\F`),
  ],
  'registry-account-hidden': [
    write('HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\SpecialAccounts\\UserList\\a', {
      Details: 'DWORD (0x00000000)',
    }),
    write('HKU\\S-1-5-21-1\\Software\\EmieUserList\\a', { Details: 'DWORD (0x00000000)' }),
  ],
  'activity-of-local-account': [
    securityEvent(4688, SUBJECT, { computer: 'FS01.example.test' }),
    securityEvent(4688, { ...SUBJECT, SubjectDomainName: 'EXAMPLE' }, { computer: 'FS01.example.test' }),
  ],
};

async function hits(name: string, which: 0 | 1): Promise<number> {
  const row = ACCOUNT_RULES.find((one) => one.name === name)!;
  const hunt = new Hunt([{ file: name, rule: ruleOf(row) }]);
  const event = EVENTS[name][which];
  await hunt.run(
    {
      form: 'json',
      name: 'x',
      events: (async function* () {
        yield event;
      })(),
    },
    new LogReport(),
  );
  return hunt.hits.length;
}

describe('account rules', () => {
  it.each(Object.keys(EVENTS))('%s finds what it is for, and not what is near', async (name) => {
    expect([await hits(name, 0), await hits(name, 1)]).toEqual([1, 0]);
  });

  it.each(ACCOUNT_RULES.map((row) => [row.name, row] as const))(
    '%s is the same when it is read from Sigma',
    (_, row) => {
      const text = languages.sigma.emit(ruleOf(row));
      const { rules, errors } = readSigma(text);
      expect(errors).toEqual([]);
      expect(
        languages.sigma.emit({ ...rules[0], notes: ruleOf(row).notes, threats: ruleOf(row).threats, tags: [] }),
      ).toBe(text);
      expect(row.evasions.length).toBeGreaterThan(0);
    },
  );

  it('are written in every language, or refused by name', () => {
    const counts = Object.values(languages).map((language) => {
      let written = 0;
      for (const row of ACCOUNT_RULES) {
        try {
          language.emit(ruleOf(row));
          written++;
        } catch (error) {
          expect(error).toBeInstanceOf(UnsupportedError);
        }
      }
      return [language.id, written];
    });
    const golden = readFileSync('test/golden/account-rules.txt', 'utf8');
    expect(`${counts.map(([id, written]) => `${id} ${written}`).join('\n')}\n`).toBe(golden);
  });
});
