// Layer B, PowerShell: what each script would change, and scripts that only define or mention what would.
import { describe, expect, it } from 'vitest';
import { CommandLayer } from '../../../src/accounts/layers/command/command-layer.ts';
import { commandSightings, ofRecords, ofScript, payloadRecord, recordOf, scriptRecord, shown } from './command-rows.ts';

type Row = readonly [script: string, ...expected: string[]];

const ADMINS = 'Administrators S-1-5-32-544';

const CMDLETS: readonly Row[] = [
  ['New-LocalUser -Name bob -NoPassword', 'account-created bob [no password=yes]'],
  ['New-LocalUser bob -Password $pw', 'account-created bob'],
  ['new-localuser "bob" -password (ConvertTo-SecureString "x" -AsPlainText -Force)', 'account-created bob'],
  [
    "New-LocalUser -Password $p -FullName 'Bob B' -Name 'bob' -PasswordNeverExpires",
    'account-created bob [full name=Bob B, password never expires=yes]',
  ],
  ['New-LocalUser -Name:bob -Disabled', 'account-created bob [disabled=yes]'],
  ['New-LocalUser -Nam bob -Pass $p', 'account-created bob'],
  ['New`-Local`User b`ob -NoPassword', 'account-created bob [no password=yes]'],
  ['nlu bob -NoPassword', 'account-created bob [no password=yes]'],
  ['$u = New-LocalUser bob -NoPassword', 'account-created bob [no password=yes]'],
  ['$name = "bob"; New-LocalUser -Name $name -NoPassword', 'account-created bob [no password=yes]'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of PowerShell
  ['$n="bo"; New-LocalUser -Name "${n}b" -NoPassword', 'account-created bob [no password=yes]'],
  ['New-LocalUser -Name $args[0] -NoPassword', 'account-created [no password=yes]'],
  ["& ('New-Lo'+'calUser') bob -NoPassword", 'account-created bob [no password=yes]'],
  ["& ('{0}-LocalUser' -f 'New') bob -NoPassword", 'account-created bob [no password=yes]'],
  ['Microsoft.PowerShell.LocalAccounts\\New-LocalUser bob -NoPassword', 'account-created bob [no password=yes]'],
  ['New-LocalUser `\r\n  -Name bob `\r\n  -NoPassword', 'account-created bob [no password=yes]'],
  ['$p = @{ Name = "bob"; Password = $pw }\nNew-LocalUser @p', 'account-created bob'],
  ['New-LocalUser @params', 'account-created'],
  ['try { New-LocalUser bob -NoPassword } catch { }', 'account-created bob [no password=yes]'],
  [
    'if (-not (Get-LocalUser bob)) { New-LocalUser bob -NoPassword } else { Enable-LocalUser bob }',
    'account-created bob [no password=yes]',
    'account-enabled bob',
  ],
  [
    'foreach ($u in "a","b") { New-LocalUser $u -NoPassword }',
    'account-created a [no password=yes]',
    'account-created b [no password=yes]',
  ],
  ['Invoke-Command -ScriptBlock { New-LocalUser bob -NoPassword }', 'account-created bob [no password=yes]'],
  ['Set-LocalUser -Name bob -Password $p', 'password-reset bob'],
  ['Set-LocalUser bob -PasswordNeverExpires $true', 'account-changed bob [password never expires=yes]'],
  ['Set-LocalUser bob -Password $p -FullName x', 'password-reset bob', 'account-changed bob [full name=x]'],
  ['Set-LocalUser -SID S-1-5-21-1-2-3-1001 -Description x', 'account-changed S-1-5-21-1-2-3-1001 [comment=x]'],
  ['Enable-LocalUser -Name Guest', 'account-enabled Guest'],
  ['Enable-LocalUser a,b', 'account-enabled a', 'account-enabled b'],
  ['Get-LocalUser Guest | Enable-LocalUser', 'account-enabled Guest'],
  ['Get-LocalUser -Name "Guest" | elu', 'account-enabled Guest'],
  ['"a","b" | Disable-LocalUser', 'account-disabled a', 'account-disabled b'],
  ['Get-LocalUser | Where-Object Enabled | Disable-LocalUser', 'account-disabled'],
  ['Disable-LocalUser @("a", "b")', 'account-disabled a', 'account-disabled b'],
  ['Remove-LocalUser bob -Confirm:$false', 'account-deleted bob'],
  ['rlu bob', 'account-deleted bob'],
  ['Rename-LocalUser -Name bob -NewName eve', 'account-renamed eve [SamAccountName=bob->eve]'],
  ['Rename-LocalUser bob eve', 'account-renamed eve [SamAccountName=bob->eve]'],
  ['Add-LocalGroupMember -Group Administrators -Member bob', `member-added bob > ${ADMINS}`],
  ['Add-LocalGroupMember Administrators bob', `member-added bob > ${ADMINS}`],
  ['Add-LocalGroupMember -Mem bob -Gr Administrators', `member-added bob > ${ADMINS}`],
  [
    'Add-LocalGroupMember -Member "CORP\\eve",bob -Group Administrators',
    `member-added CORP\\eve > ${ADMINS}`,
    `member-added bob > ${ADMINS}`,
  ],
  ['Add-LocalGroupMember -SID S-1-5-32-544 -Member bob', 'member-added bob > S-1-5-32-544'],
  ['Add-LocalGroupMember -Group (Get-LocalGroup -SID S-1-5-32-544) -Member bob', 'member-added bob > S-1-5-32-544'],
  ["$g = Get-LocalGroup -SID 'S-1-5-32-544'; Add-LocalGroupMember $g.Name bob", 'member-added bob > S-1-5-32-544'],
  ["Remove-LocalUser -InputObject (Get-LocalUser -Name 'bob')", 'account-deleted bob'],
  ['New-LocalUser -Name "Administrator " -NoPassword', 'account-created Administrator  [no password=yes]'],
  ['$d="CORP"; Add-LocalGroupMember Administrators $d\\bob', `member-added CORP\\bob > ${ADMINS}`],
  ['algm Administrators bob', `member-added bob > ${ADMINS}`],
  [
    'New-LocalUser bob -NoPassword | Add-LocalGroupMember -Group Administrators',
    'account-created bob [no password=yes]',
    `member-added bob > ${ADMINS}`,
  ],
  ['Remove-LocalGroupMember Administrators bob', `member-removed bob > ${ADMINS}`],
  ['rlgm -Group Administrators -Member bob', `member-removed bob > ${ADMINS}`],
  ['New-LocalGroup ops -Description x', 'group-created > ops [comment=x]'],
  ['Remove-LocalGroup ops', 'group-deleted > ops'],
  ['Rename-LocalGroup ops ops2', 'group-renamed > ops2 [SamAccountName=ops->ops2]'],
  ['Set-LocalGroup ops -Description y', 'group-changed > ops [comment=y]'],
  ['New-ADUser -Name bob -SamAccountName bob1 -Enabled $true', 'account-created bob1 [domain, enabled=yes]'],
  [
    'Add-ADGroupMember "Domain Admins" -Members bob,eve',
    'member-added bob > Domain Admins [domain]',
    'member-added eve > Domain Admins [domain]',
  ],
  ['Set-ADAccountPassword bob -Reset -NewPassword $p', 'password-reset bob [domain]'],
  ['Unlock-ADAccount bob', 'account-unlocked bob [domain]'],
  ['Get-ADUser bob | Disable-ADAccount', 'account-disabled bob [domain]'],
  ['function Add-It { New-LocalUser bob -NoPassword }\nAdd-It', 'account-created bob [no password=yes]'],
  ['function A { B }\nfunction B { New-LocalUser bob -NoPassword }\nA', 'account-created bob [no password=yes]'],
];

const OTHERS: readonly Row[] = [
  ['net user bob pw /add', 'account-created bob [carried]'],
  [
    '& net.exe user "bob" "pw" /add; net localgroup Administrators bob /add',
    'account-created bob [carried]',
    `member-added bob > ${ADMINS} [carried]`,
  ],
  ['$u="bob"; net user $u pw /add | Out-Null', 'account-created bob [carried]'],
  ['$Null = $(net user john /delete >$Null 2>&1)', 'account-deleted john [carried]'],
  ['net user bob pw /add *> c:\\x.txt', 'account-created bob [carried]'],
  ['net user bob pw /add>out.txt; Get-Date', 'account-created bob [carried]'],
  ['[void](net user bob pw /add)', 'account-created bob [carried]'],
  ['& $env:windir\\System32\\net.exe user bob pw /add', 'account-created bob [carried]'],
  ['foreach ($n in @("a","b")) { net user $n pw /add }', 'account-created a [carried]', 'account-created b [carried]'],
  ['[adsi]$g = "WinNT://./Administrators,group"; $g.Add("WinNT://./bob")', `member-added bob > ${ADMINS}`],
  ['net user $x pw /add', 'account-created [carried]'],
  ['cmd /c "net user bob pw /add"', 'account-created bob [carried]'],
  ['Start-Process net -ArgumentList "user bob pw /add" -Verb RunAs', 'account-created bob [carried]'],
  ["Start-Process -FilePath net.exe -ArgumentList 'user','bob','pw','/add' -Wait", 'account-created bob [carried]'],
  ['iex "net user bob pw /add"', 'account-created bob [carried]'],
  ["'New-LocalUser bob -NoPassword' | Invoke-Expression", 'account-created bob [no password=yes]'],
  [
    '$c = [ADSI]"WinNT://$env:COMPUTERNAME"\n$u = $c.Create("User", "bob")\n$u.SetPassword("pw")\n$u.SetInfo()\n$u.FullName = "x"\n$u.SetInfo()',
    'account-created bob',
  ],
  ["$u = [ADSI]'WinNT://./bob,user'; $u.SetPassword('x'); $u.SetInfo()", 'password-reset bob'],
  ["([ADSI]'WinNT://./bob,user').SetPassword('x')", 'password-reset bob'],
  [
    '$g = [ADSI]"WinNT://./Administrators,group"; $g.Add("WinNT://HOST/bob,user")',
    `member-added HOST\\bob > ${ADMINS}`,
  ],
  ['([ADSI]"WinNT://./Administrators,group").Add("WinNT://CORP/eve")', `member-added CORP\\eve > ${ADMINS}`],
  [
    '$g = [ADSI]"WinNT://./Administrators,group"; $u = [ADSI]"WinNT://./bob,user"; $g.psbase.Invoke("Add", $u.Path)',
    `member-added bob > ${ADMINS}`,
  ],
  [
    '$g = [ADSI]"WinNT://./Administrators,group"; $g.psbase.Invoke("Add", ([ADSI]"WinNT://./bob").path)',
    `member-added bob > ${ADMINS}`,
  ],
  ['$g = [ADSI]"WinNT://./Administrators,group"; $g.Remove("WinNT://./bob,user")', `member-removed bob > ${ADMINS}`],
  ['$c=[ADSI]"WinNT://."; $c.Delete("user","bob")', 'account-deleted bob'],
  ['$c=[ADSI]"WinNT://."; $g=$c.Create("group","ops"); $g.SetInfo()', 'group-created > ops'],
  [
    '$u = New-Object System.DirectoryServices.DirectoryEntry("WinNT://./bob,user"); $u.psbase.Rename("eve")',
    'account-renamed eve [SamAccountName=bob->eve]',
  ],
  [
    '$u=[ADSI]"WinNT://./guest,user"; $u.psbase.InvokeSet("AccountDisabled", $false); $u.SetInfo()',
    'account-enabled guest',
  ],
  ['$u=[ADSI]"WinNT://./bob,user"; $u.UserFlags = 65536', 'account-changed bob [user flags=65536]'],
  [
    '(Get-WmiObject Win32_UserAccount -Filter "Name=\'bob\'").Rename("eve")',
    'account-renamed eve [SamAccountName=bob->eve]',
  ],
  [
    '$u = Get-WmiObject -Class Win32_UserAccount -Filter "Name=\'bob\'"; $u.Disabled = $true; $u.Put()',
    'account-disabled bob',
  ],
  [
    'Get-CimInstance Win32_UserAccount -Filter "Name=\'bob\'" | Set-CimInstance -Property @{Disabled=$true}',
    'account-disabled bob',
  ],
  [
    'Set-CimInstance -Query "SELECT * FROM Win32_UserAccount WHERE Name=\'bob\'" -Property @{PasswordExpires=$false}',
    'account-changed bob [password never expires=yes]',
  ],
  [
    "Get-CimInstance Win32_UserAccount -Filter \"Name='bob'\" | Invoke-CimMethod -MethodName Rename -Arguments @{Name='eve'}",
    'account-renamed eve [SamAccountName=bob->eve]',
  ],
  [
    "New-ItemProperty -Path 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\SpecialAccounts\\UserList' -Name bob -Value 0 -PropertyType DWord",
    'account-hidden bob',
  ],
  ['Set-ItemProperty HKLM:\\SAM\\SAM\\Domains\\Account\\Users\\000001F5 F $bytes', 'rid-hijack-suspected rid 501'],
];

const NO_CHANGE: readonly string[] = [
  'Get-LocalUser',
  'Get-LocalUser bob | Select-Object *',
  'Get-LocalGroupMember -Name Administrators',
  'Get-LocalGroupMember Administrators',
  'Get-Help New-LocalUser',
  'Get-Command Add-LocalGroupMember',
  'New-LocalUser bob -NoPassword -WhatIf',
  'New-LocalUser -?',
  // A value more than there are places for: PowerShell refuses it, and prose reads like this.
  'Remove-LocalUser a b',
  'Rename-LocalUser -Name a b c',
  'Add-LocalGroupMember Administrators bob eve',
  'Remove-ADUser cmdlets take an Identity parameter, but the New-ADUser cmdlet uses the\nName parameter.',
  'Export-ModuleMember -Function New-LocalUser, Remove-LocalUser',
  "@{ CmdletsToExport = @('New-LocalUser', 'Remove-LocalUser') }",
  'Mock New-LocalUser { }',
  '# New-LocalUser bob',
  '<# New-LocalUser bob\nnet user bob pw /add #>',
  '"New-LocalUser bob"',
  "Write-Host 'net user bob pw /add'",
  '$help = @"\nNew-LocalUser bob\nnet user bob pw /add\n"@',
  "$x = @'\nnet localgroup Administrators bob /add\n'@",
  'function Add-NetUser { param([string]$UserName) net user $UserName pw /add; New-LocalUser $UserName }',
  'function Add-NetGroupUser {\n  Param($UserName, $GroupName)\n  $g = [ADSI]"WinNT://./$GroupName,group"\n  $g.Add("WinNT://./$UserName,user")\n}',
  'filter Remove-It { Remove-LocalUser $_ }',
  'function A { B }; function B { New-LocalUser bob }',
  'class X { [void] Make() { New-LocalUser bob } }',
  'net user',
  'net user bob',
  'net use z: \\\\h\\s /user:bob pw',
  'net localgroup Administrators',
  '$g = [ADSI]"WinNT://./Administrators,group"; $g.Members() | % { $_.GetType() }',
  '$list.Add("bob"); $list.Remove("bob"); $table.Add("localuser", 1)',
  '[ADSI]"WinNT://./bob,user"',
  'Get-WmiObject Win32_UserAccount -Filter "LocalAccount=True"',
  'Get-CimInstance Win32_UserAccount | Where Disabled',
  '(Get-WmiObject Win32_Service).Rename("localuser")',
  "$a = @{ Name = 'New-LocalUser' }",
  'Import-Module Microsoft.PowerShell.LocalAccounts',
  'Set-Alias nlu New-LocalUser',
  "Set-ItemProperty 'HKCU:\\Software\\X' -Name UserList -Value 0",
  'New-LocalUser-Extra bob',
  'My-New-LocalUser bob',
];

describe('scripts', () => {
  it.each(CMDLETS)('%s', (text, ...expected) => expect(ofScript(text)).toEqual(expected));
  it.each(OTHERS)('%s', (text, ...expected) => expect(ofScript(text)).toEqual(expected));
  it.each(NO_CHANGE.map((text) => [text]))('no change: %s', (text) => expect(ofScript(text)).toEqual([]));
});

describe('records that list parameters', () => {
  const payload = (name: string, parameters: readonly (readonly [string, string])[]): string =>
    [
      `CommandInvocation(${name}): "${name}"`,
      ...parameters.map(([key, value]) => `ParameterBinding(${name}): name="${key}"; value="${value}"`),
      '',
    ].join('\r\n');
  const of = (text: string): readonly string[] => commandSightings(payloadRecord(text)).map(shown);

  it.each([
    [
      payload('New-LocalUser', [
        ['Name', 'bob'],
        ['NoPassword', 'True'],
      ]),
      ['account-created bob [no password=yes]'],
    ],
    [
      payload('Add-LocalGroupMember', [
        ['Group', 'Administrators'],
        ['Member', 'bob, CORP\\eve'],
      ]),
      [`member-added bob > ${ADMINS}`, `member-added CORP\\eve > ${ADMINS}`],
    ],
    [payload('Enable-LocalUser', [['Name', 'Guest']]), ['account-enabled Guest']],
    [
      payload('Set-LocalUser', [
        ['Name', 'bob'],
        ['Password', 'System.Security.SecureString'],
      ]),
      ['password-reset bob'],
    ],
    [
      payload('Rename-LocalUser', [
        ['Name', 'bob'],
        ['NewName', 'eve'],
      ]),
      ['account-renamed eve [SamAccountName=bob->eve]'],
    ],
    [payload('Invoke-Expression', [['Command', 'net user bob pw /add']]), ['account-created bob [carried]']],
    [
      payload('Start-Process', [
        ['FilePath', 'net'],
        ['ArgumentList', 'user bob pw /add'],
      ]),
      ['account-created bob [carried]'],
    ],
    [payload('Get-LocalUser', [['Name', 'bob']]), []],
    [payload('Out-Default', [['InputObject', 'New-LocalUser bob']]), []],
    [
      payload('New-LocalUser', [
        ['Name', 'bob'],
        ['WhatIf', 'True'],
      ]),
      [],
    ],
    [
      `${payload('New-LocalUser', [['Name', 'bob']])}NonTerminatingError(New-LocalUser): "Access denied."`,
      ['account-created bob [failure]'],
    ],
    [
      payload('New-LocalGroup', [
        ['Name', 'ops'],
        ['Description', 'two\r\nlines'],
      ]),
      ['group-created > ops [comment=two\nlines]'],
    ],
  ])('%s', (text, expected) => expect(of(text)).toEqual(expected));

  it('800 has its texts without names', () => {
    const record = recordOf(
      { provider: 'PowerShell', channel: 'Windows PowerShell', eventId: '800' },
      {
        Data: '$u',
        Data2: '\tUserId=HOST\\alice\r\n\tHostApplication=powershell.exe\r\n',
        Data3: payload('Remove-LocalUser', [['Name', 'bob']]),
      },
    );
    const found = commandSightings(record);
    expect(found.map(shown)).toEqual(['account-deleted bob']);
    expect(found[0].actor).toMatchObject({ domain: 'HOST', name: 'alice' });
  });
});

it('800 of a line that starts a program', () => {
  const system = { provider: 'PowerShell', channel: 'Windows PowerShell', eventId: '800' };
  const of = (line: string): readonly string[] =>
    commandSightings(
      recordOf(system, { Data: line, Data2: '\tUserId=HOST\\alice\r\n\tHostApplication=powershell.exe', Data3: '' }),
    ).map(shown);
  expect(of('net user bob pw /add')).toEqual(['account-created bob [carried]']);
  expect(of('net user bob')).toEqual([]);
  expect(of('New-LocalUser $x')).toEqual([]);
});

describe('scripts in parts', () => {
  const part = (number: number, text: string) =>
    scriptRecord(text, { MessageNumber: String(number), MessageTotal: '3', ScriptBlockId: 'x' }, String(number));

  it('are put together, in whatever order the parts come', () => {
    const parts = [part(3, 'pw /add'), part(1, '$a = 1; net us'), part(2, 'er bob ')];
    expect(ofRecords(parts)).toEqual(['account-created bob [carried]']);
  });
  it('are not held beyond what memory is for them', () => {
    const layer = new CommandLayer();
    const big = '#'.repeat(1 << 20);
    let found = 0;
    for (let i = 0; i < 40; i++) {
      const data = { MessageNumber: '1', MessageTotal: '2', ScriptBlockId: String(i) };
      found += layer.take(scriptRecord(`Remove-LocalUser bob\n${big}`, data)).length;
    }
    expect(found).toBeGreaterThan(20);
    expect(found + layer.rest().length).toBe(40);
  });
  it('are read as far as they go where a part is missing', () => {
    expect(ofRecords([part(1, 'New-LocalUser bob -NoPassword\n'), part(3, 'Remove-LocalUser eve')])).toEqual([
      'account-created bob [no password=yes]',
      'account-deleted eve',
    ]);
  });
});
