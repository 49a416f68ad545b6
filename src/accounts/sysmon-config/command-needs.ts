// What layer B needs from Sysmon: the processes by whose command lines accounts and groups are changed.

import type { SysmonEvent } from './filter.ts';
import type { Need, Weight } from './need.ts';

const SYSTEM32 = 'C:\\Windows\\System32\\';
const CMD = { ParentImage: `${SYSTEM32}cmd.exe`, ParentCommandLine: '"C:\\Windows\\system32\\cmd.exe"' };
const WMI = {
  ParentImage: `${SYSTEM32}wbem\\WmiPrvSE.exe`,
  ParentCommandLine: 'C:\\Windows\\system32\\wbem\\wmiprvse.exe -secured -Embedding',
  User: 'NT AUTHORITY\\SYSTEM',
  IntegrityLevel: 'System',
};

/** A start by a user's shell; `fields` say what is otherwise. */
function started(image: string, commandLine: string, fields: Readonly<Record<string, string>> = {}): SysmonEvent {
  return {
    name: 'ProcessCreate',
    id: 1,
    fields: {
      RuleName: '-',
      UtcTime: '2024-05-01 10:00:00.900',
      ProcessGuid: '{1f2e3d4c-5b6a-7988-a105-000000000400}',
      ProcessId: '5124',
      Image: image,
      FileVersion: '10.0.19041.1 (WinBuild.160101.0800)',
      Description: '-',
      Product: 'Microsoft\u00ae Windows\u00ae Operating System',
      Company: 'Microsoft Corporation',
      OriginalFileName: image.slice(image.lastIndexOf('\\') + 1),
      CommandLine: commandLine,
      CurrentDirectory: 'C:\\Users\\ada\\',
      User: 'WS7\\ada',
      LogonGuid: '{1f2e3d4c-5b6a-7988-74d8-580000000000}',
      LogonId: '0x58d874',
      TerminalSessionId: '1',
      IntegrityLevel: 'High',
      Hashes: `SHA256=${'5'.repeat(64)}`,
      ParentProcessGuid: '{1f2e3d4c-5b6a-7988-a005-000000000400}',
      ParentProcessId: '5100',
      ParentUser: 'WS7\\ada',
      ...CMD,
      ...fields,
    },
  };
}

/** A program, with command lines that change something; the first also as a remote caller starts it through WMI. */
function program(
  file: string,
  weight: Weight,
  what: string,
  lines: readonly string[],
  { folder = SYSTEM32, cost }: { readonly folder?: string; readonly cost?: string } = {},
): Need {
  const image = `${folder}${file}`;
  return {
    id: file,
    layer: 'command',
    weight,
    event: 'ProcessCreate',
    what,
    examples: [...lines.map((line) => started(image, line)), started(image, lines[0], WMI)],
    rules: [[{ field: 'Image', condition: 'image', value: file }]],
    guard: [{ field: 'Image', condition: 'excludes', value: `\\${file}` }],
    cost,
  };
}

/** A copy of net.exe under another name, told by the name it was built with (schemaversion 4.21). */
function renamed(file: string): Need {
  return {
    id: `renamed ${file}`,
    layer: 'command',
    weight: 'helpful',
    event: 'ProcessCreate',
    what: `a copy of ${file} under another name`,
    examples: [started('C:\\Users\\Public\\n.exe', 'n.exe user support /add', { OriginalFileName: file })],
    rules: [[{ field: 'OriginalFileName', condition: 'is', value: file }]],
    guard: [{ field: 'OriginalFileName', condition: 'is not', value: file }],
    cost: undefined,
  };
}

const ADD = 'user support Winter.2024 /add';
const JOIN = 'localgroup Administrators support /add';

export const COMMAND_NEEDS: readonly Need[] = [
  program('net.exe', 'needed', 'net user, net localgroup and net group', [
    `net ${ADD}`,
    `net ${JOIN}`,
    'net  user support /active:yes',
    'net localgroup Administrators support /delete',
    'net user support /delete',
  ]),
  program('net1.exe', 'needed', 'what net.exe starts, or an attacker in its place', [
    `C:\\Windows\\system32\\net1 ${ADD}`,
    `C:\\Windows\\system32\\net1 ${JOIN}`,
  ]),
  program(
    'powershell.exe',
    'needed',
    'LocalAccounts cmdlets, ADSI, CIM and WMI in Windows PowerShell',
    [
      'powershell.exe -NoProfile New-LocalUser support -NoPassword',
      'powershell.exe Add-LocalGroupMember -Group Administrators -Member support',
      'powershell.exe -enc JABjAD0AWwBBAEQAUwBJAF0A',
    ],
    { folder: `${SYSTEM32}WindowsPowerShell\\v1.0\\`, cost: 'every start of Windows PowerShell' },
  ),
  program('pwsh.exe', 'needed', 'the same in PowerShell 7', ['pwsh.exe -Command Remove-LocalUser support'], {
    folder: 'C:\\Program Files\\PowerShell\\7\\',
    cost: 'every start of PowerShell 7',
  }),
  program(
    'wmic.exe',
    'needed',
    'wmic useraccount ... call, and programs that it starts on other hosts',
    ['wmic useraccount where name="support" set PasswordExpires=false'],
    { folder: `${SYSTEM32}wbem\\` },
  ),
  program(
    'reg.exe',
    'needed',
    'the SAM or SpecialAccounts\\UserList written, imported or restored',
    [
      'reg import sam.reg',
      'reg add "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\SpecialAccounts\\UserList" /v support /t REG_DWORD /d 0 /f',
    ],
    { cost: 'every start of reg.exe' },
  ),
  program('regedit.exe', 'needed', 'a file imported into the SAM', ['regedit.exe /s sam.reg'], {
    folder: 'C:\\Windows\\',
  }),
  program('dsadd.exe', 'helpful', 'accounts of a domain added', ['dsadd user CN=support,DC=example,DC=org']),
  program('dsmod.exe', 'helpful', 'accounts and groups of a domain changed', [
    'dsmod group CN=ops,DC=example,DC=org -addmbr CN=support,DC=example,DC=org',
  ]),
  program('mmc.exe', 'helpful', 'Local Users and Groups opened', ['mmc.exe C:\\Windows\\System32\\lusrmgr.msc'], {
    cost: 'every console that is opened',
  }),
  program('netplwiz.exe', 'helpful', 'User Accounts opened', ['netplwiz.exe']),
  program(
    'PsExec.exe',
    'helpful',
    'a command carried to another host',
    ['PsExec.exe \\\\ws8 -s net user support /add'],
    {
      folder: 'C:\\Tools\\',
    },
  ),
  program(
    'schtasks.exe',
    'helpful',
    'a command put into a task',
    ['schtasks /create /tn t /tr "net user support /add" /sc once /st 10:00'],
    {
      cost: 'every start of schtasks.exe',
    },
  ),
  renamed('net.exe'),
  renamed('net1.exe'),
];
