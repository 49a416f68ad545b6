// Layer B, records: which events are read, who acted by them, and that hostile ones neither hang nor break it.
import { describe, expect, it } from 'vitest';
import { isAccountCommand, isAccountCommandImage } from '../../../src/accounts/layers/command/programs.ts';
import { ticksOf } from '../../../src/logs/log-time.ts';
import { cpuTime } from '../../cpu-time.ts';
import {
  commandSightings,
  ofLine,
  ofScript,
  payloadRecord,
  recordOf,
  scriptRecord,
  shown,
  sysmonRecord,
} from './command-rows.ts';

const SECURITY = { provider: 'Microsoft-Windows-Security-Auditing', channel: 'Security', eventId: '4688' };
const SUBJECT = {
  SubjectUserSid: 'S-1-5-20',
  SubjectUserName: 'WORKSTATION6$',
  SubjectDomainName: 'WORKGROUP',
  SubjectLogonId: '0x3e4',
};
const NET1 = {
  NewProcessId: '0xea0',
  NewProcessName: 'C:\\Windows\\System32\\net1.exe',
  ProcessId: '0x1e8',
  ParentProcessName: 'C:\\Windows\\System32\\net.exe',
  CommandLine: 'C:\\Windows\\system32\\net1  user bob pw /add',
};

describe('who acted', () => {
  it('of Sysmon', () => {
    const [found] = commandSightings(sysmonRecord('C:\\Windows\\System32\\net.exe', 'net user bob pw /add'));
    expect(found).toMatchObject({
      layer: 'command',
      outcome: 'attempt',
      host: 'HOST',
      at: ticksOf('2026-01-02 03:04:05.678'),
      actor: {
        domain: 'HOST',
        name: 'alice',
        logonId: '0x58d874',
        process: { image: 'C:\\Windows\\System32\\net.exe', pid: 4242, parentImage: 'C:\\Windows\\explorer.exe' },
      },
      command: { isCarried: false, parentPid: 4000 },
      evidence: { layer: 'command', record: 1, what: 'Sysmon 1 net' },
    });
    expect(found.scope).toBeUndefined();
  });

  it('of 4688: the subject, or the session that the process is given to', () => {
    const own = commandSightings(
      recordOf(SECURITY, { ...SUBJECT, ...NET1, TargetUserName: '-', TargetLogonId: '0x0' }),
    );
    expect(own[0].actor).toMatchObject({ name: 'WORKSTATION6$', logonId: '0x3e4', process: { pid: 0xea0 } });
    expect(own[0].command).toEqual({ isCarried: false, parentPid: 0x1e8 });
    const target = {
      TargetUserSid: 'S-1-5-21-1-2-3-1001',
      TargetUserName: 'pgustavo',
      TargetDomainName: 'X',
      TargetLogonId: '0x551686',
    };
    const [given] = commandSightings(recordOf(SECURITY, { ...SUBJECT, ...NET1, ...target }));
    expect(given.actor).toMatchObject({
      name: 'pgustavo',
      domain: 'X',
      sid: 'S-1-5-21-1-2-3-1001',
      logonId: '0x551686',
    });
  });

  it('of a script and of parameters', () => {
    expect(commandSightings(scriptRecord('Remove-LocalUser bob'))[0].actor).toMatchObject({
      sid: 'S-1-5-21-1-2-3-1001',
      process: { pid: 777 },
    });
    const [found] = commandSightings(
      payloadRecord(
        'CommandInvocation(Remove-LocalUser): "x"\r\nParameterBinding(Remove-LocalUser): name="Name"; value="bob"',
      ),
    );
    expect(found.actor).toMatchObject({ domain: 'HOST', name: 'alice', process: { commandLine: 'powershell.exe' } });
  });

  it('of process events in the fields of ECS', () => {
    const [found] = commandSightings(
      recordOf(
        { computer: undefined },
        {
          'host.name': 'pc7',
          'event.type': 'start',
          'process.executable': 'C:\\Windows\\System32\\net.exe',
          'process.command_line': 'net user bob pw /add',
          'process.pid': '12',
          'process.parent.pid': '11',
          'process.parent.executable': 'C:\\Windows\\System32\\cmd.exe',
          'user.name': 'alice',
          'user.domain': 'PC7',
        },
      ),
    );
    expect(shown(found)).toBe('account-created bob');
    expect(found).toMatchObject({
      host: 'pc7',
      actor: { name: 'alice', process: { pid: 12 } },
      command: { parentPid: 11 },
    });
    expect(
      commandSightings(
        recordOf(
          {},
          { 'event.type': 'end', 'process.name': 'net.exe', 'process.command_line': 'net user bob pw /add' },
        ),
      ),
    ).toEqual([]);
  });
});

describe('what is read', () => {
  it('a copy of net.exe under another name, by the name that the file has', () => {
    const [found] = commandSightings(
      sysmonRecord('C:\\Temp\\a.exe', 'a.exe user bob pw /add', { OriginalFileName: 'net1.exe' }),
    );
    expect(shown(found)).toBe('account-created bob');
    expect(found.notes).toEqual(['a is a copy of net1.exe']);
    expect(commandSightings(sysmonRecord('C:\\Temp\\a.exe', 'a.exe user bob pw /add'))).toEqual([]);
  });

  it('the line of a parent that is a shell, only beside what others saw', () => {
    const found = commandSightings(
      sysmonRecord('C:\\Windows\\System32\\whoami.exe', 'whoami', {
        ParentImage: 'C:\\Windows\\System32\\cmd.exe',
        ParentCommandLine: 'cmd /c "whoami & net user bob pw /add"',
        ParentUser: 'HOST\\eve',
      }),
    );
    expect(found.map(shown)).toEqual(['account-created bob [carried, support]']);
    expect(found[0].actor).toMatchObject({ name: 'eve', process: { pid: 4000 } });
  });

  it.each([
    [
      'another provider',
      recordOf(
        { provider: 'Microsoft-Windows-Kernel-General', eventId: '1' },
        { Image: 'net.exe', CommandLine: 'net user a b /add' },
      ),
    ],
    [
      'another event',
      recordOf(
        { provider: 'Microsoft-Windows-Sysmon', eventId: '5' },
        { Image: 'net.exe', CommandLine: 'net user a b /add' },
      ),
    ],
    [
      'no command line',
      recordOf(SECURITY, { ...SUBJECT, NewProcessName: 'C:\\Windows\\System32\\net.exe', CommandLine: '' }),
    ],
    [
      'a 4104 of Winlogon',
      recordOf(
        { provider: 'Microsoft-Windows-Winlogon', eventId: '4104' },
        { ScriptBlockText: 'Remove-LocalUser bob' },
      ),
    ],
    ['a program with no change in its words', sysmonRecord('C:\\x\\tool.exe', 'tool user bob pw /add')],
  ])('not %s', (_, record) => expect(commandSightings(record)).toEqual([]));

  it('PowerShellCore as well', () => {
    const record = recordOf(
      { provider: 'PowerShellCore', channel: 'PowerShellCore/Operational', eventId: '4104' },
      { ScriptBlockText: 'Remove-LocalUser bob' },
    );
    expect(commandSightings(record).map(shown)).toEqual(['account-deleted bob']);
  });

  it('says what is not shown, and where a command is to run', () => {
    const notes = (line: string) => commandSightings(sysmonRecord(`C:\\x\\${line.split(' ')[0]}.exe`, line))[0].notes;
    expect(notes('cmd /c net user %USERNAME% pw /add')).toEqual(['the command does not show which account']);
    expect(notes('wmic /node:srv1 process call create "net user bob pw /add"')).toEqual(['to be run on srv1']);
    expect(notes('schtasks /create /tn x /tr "net user bob pw /add"')).toEqual(['to be run by a scheduled task']);
  });
});

describe('the fast test', () => {
  it.each(['C:\\Windows\\System32\\NET.EXE', 'net1.exe', 'powershell.exe', 'pwsh', 'reg', 'C:\\x/wmic.exe'])(
    '%s',
    (image) => expect(isAccountCommandImage(image)).toBe(true),
  );
  it.each(['svchost.exe', 'netsh.exe', 'internet.exe', '', '.exe'])('not %s', (image) =>
    expect(isAccountCommandImage(image)).toBe(false),
  );
  it('by the words', () => {
    expect(isAccountCommand('net.exe', 'net view')).toBe(false);
    expect(isAccountCommand('net.exe', 'net user x y')).toBe(true);
    expect(isAccountCommand('cmd.exe', 'cmd /c dir c:\\')).toBe(false);
    expect(isAccountCommand('cmd.exe', 'cmd /c n^e^t us^er x y')).toBe(true);
  });
});

describe('hostile records', () => {
  const LONG = 1 << 20;
  const fill = (unit: string): string => unit.repeat(Math.ceil(LONG / unit.length)).slice(0, LONG);
  const UNITS = [
    'a ',
    '"',
    '\\"',
    '(',
    '((a))',
    '^',
    '&',
    '%a',
    '$(',
    '$a.add(',
    '{',
    "'",
    '`',
    '@"\n',
    '"$(',
    'if a==',
    '\0',
    '\n',
    '\ue000',
    'net user a b /add&',
  ];

  // Linear reading takes a part of a second; what grows by the square takes minutes.
  it.each(UNITS)(
    '%j',
    (unit) => {
      const start = cpuTime();
      ofLine(`net user ${fill(unit)}`);
      ofLine(`cmd /c net user ${fill(unit)}`);
      ofLine(`powershell -c New-LocalUser ${fill(unit)}`);
      ofLine(`wmic useraccount where ${fill(unit)}`);
      ofLine(`reg add HKLM\\SAM\\SAM\\${fill(unit)}`);
      ofScript(`New-LocalUser\n${fill(unit).slice(0, LONG / 8)}`);
      commandSightings(payloadRecord(fill(unit)));
      expect(cpuTime() - start).toBeLessThan(20_000);
    },
    60_000,
  );

  it('names of many members are cut, and it is said', () => {
    const found = commandSightings(sysmonRecord('C:\\x\\net.exe', `net localgroup ops ${'a '.repeat(5000)}/add`));
    expect(found.length).toBeLessThanOrEqual(1000);
    expect(found.at(-1)?.notes).toContain('the command names 4000 more');
  });

  it('marks for what is not known cannot be forged', () => {
    expect(ofScript('New-LocalUser "a\0b" -NoPassword')).toEqual(['account-created a?b [no password=yes]']);
  });

  it('functions within functions, calls in a circle', () => {
    expect(ofScript('function A { B }; function B { A; Remove-LocalUser x }')).toEqual([]);
    expect(ofScript('function A { B }; function B { A; Remove-LocalUser x }; A')).toEqual(['account-deleted x']);
    expect(ofScript(`${'function f { '.repeat(5000)}Remove-LocalUser x`)).toEqual([]);
  });
});
