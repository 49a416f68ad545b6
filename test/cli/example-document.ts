// A children document in which every field and every variant stands once, and a face that keeps what is written to it.
import type { ChildrenDocument } from '../../src/children/document.ts';
import type { Face } from '../../src/cli/print.ts';

export const EXAMPLE: ChildrenDocument = {
  schema: 'winnow.children/1',
  parent: {
    image: 'Report.exe',
    path: 'C:\\Windows\\System32\\Report.exe',
    sha256: 'a'.repeat(64),
    arch: 'x64',
    version: '10.0.1.2',
    kind: 'program',
    console: false,
  },
  modules: [
    {
      name: 'Report.exe',
      path: 'C:\\x\\Report.exe',
      sha256: 'a'.repeat(64),
      role: 'image',
      found: true,
      reason: 'the image itself',
      sites: 2,
    },
    {
      name: 'plug.dll',
      path: 'C:\\x\\plug.dll',
      sha256: 'b'.repeat(64),
      role: 'specific',
      found: true,
      reason: 'imported by 3 of 900 images',
      loadedBy: 'Report.exe',
      sites: 1,
    },
    {
      name: 'quiet.dll',
      path: 'C:\\x\\quiet.dll',
      sha256: 'c'.repeat(64),
      role: 'specific',
      found: true,
      reason: 'not a system library',
      sites: 0,
      skipped: 'no process-creation API and no program name',
    },
    {
      name: 'gone.dll',
      path: null,
      sha256: null,
      role: 'specific',
      found: false,
      reason: 'not a system library',
      loadedBy: 'plug.dll',
      sites: 0,
    },
    { name: 'later.dll', path: null, sha256: null, role: 'run-time', found: false, reason: 'LoadLibraryW', sites: 0 },
    {
      name: 'kernel32.dll',
      path: null,
      sha256: null,
      role: 'generic',
      found: false,
      reason: 'part of the Windows API',
      sites: 0,
    },
    {
      name: 'ntdll.dll',
      path: null,
      sha256: null,
      role: 'generic',
      found: false,
      reason: 'part of the Windows API',
      sites: 0,
    },
    {
      name: 'guest.dll',
      path: 'C:\\x\\guest.dll',
      sha256: 'd'.repeat(64),
      role: 'hosted',
      found: true,
      reason: '--host',
      sites: 0,
    },
  ],
  sites: [
    {
      module: 'Report.exe',
      site: '0x140001234',
      sink: 'CreateProcessW',
      via: 'import',
      function: '0x140001200',
      functionName: 'CReport::Start',
      callers: ['0x140002000', '0x140002100'],
      arguments: { application: [], commandLine: ['%windir%\\system32\\helper.exe -a', 'other'] },
    },
    {
      module: 'Report.exe',
      site: '0x140003456',
      sink: 'ShellExecuteExW',
      via: 'delay',
      function: '0x140003400',
      callers: [],
      arguments: {},
    },
    {
      module: 'plug.dll',
      site: '0x180001000',
      sink: 'WinExec',
      via: 'getprocaddress',
      function: '0x180000f00',
      callers: [],
      arguments: { commandLine: ['a registry value'] },
    },
  ],
  children: [
    {
      image: 'helper.exe',
      path: '%windir%\\system32\\helper.exe',
      commandLine: '%windir%\\system32\\helper.exe -a',
      confidence: 'proven',
      reach: 'image',
      when: {
        parentArguments: [
          {
            anyOf: ['-helper', '/helper'],
            comparedAt: [
              { module: 'Report.exe', address: '0x140001100' },
              { module: 'plug.dll', address: '0x180000e00' },
            ],
          },
          { anyOf: ['-start'], comparedAt: [{ module: 'Report.exe', address: '0x140001120' }] },
        ],
      },
      evidence: [
        {
          module: 'Report.exe',
          sink: 'CreateProcessW',
          site: '0x140001234',
          function: '0x140001200',
          reach: 'image',
          name: 'CReport::Start',
          when: {
            parentArguments: [{ anyOf: ['-helper'], comparedAt: [{ module: 'Report.exe', address: '0x140001100' }] }],
          },
          route: [
            { address: '0x140001210', what: 'GetSystemDirectoryW gives the system directory' },
            { address: '0x140001220', what: 'StringCchCatW appends "\\helper.exe"' },
          ],
          literals: [{ address: '0x140009000', text: '\\helper.exe', encoding: 'utf-16' }],
        },
        {
          module: 'plug.dll',
          sink: 'WinExec',
          site: '0x180001000',
          function: '0x180000f00',
          reach: 'export:PlugStart',
          hint: 'by its strings: CPlug::StartHelper (at 0x180009000)',
          route: [],
          literals: [],
        },
      ],
    },
    {
      image: 'guess.exe',
      path: null,
      commandLine: null,
      confidence: 'possible',
      reach: 'module-only',
      evidence: [
        {
          module: 'plug.dll',
          sink: 'WinExec',
          site: '0x180001000',
          function: '0x180000f00',
          reach: 'module-only',
          route: [],
          literals: [{ address: '0x180009000', text: 'guess.exe', encoding: 'ansi' }],
        },
      ],
    },
    {
      image: 'inner.exe',
      path: null,
      commandLine: '*',
      confidence: 'likely',
      reach: 'loaded:later.dll',
      through: 'shell',
      evidence: [
        {
          module: 'plug.dll',
          sink: 'WinExec',
          site: '0x180001000',
          function: '0x180000f00',
          reach: 'loaded:later.dll',
          route: [{ address: '0x180000fff', what: 'cmd.exe /c' }],
          literals: [],
          registry: {
            source: 'SOFTWARE',
            key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Report',
            value: 'Inner',
            data: 'inner.exe',
            image: 'inner.exe',
            path: null,
            commandLine: 'inner.exe',
          },
        },
      ],
    },
  ],
  blindSpots: [
    {
      module: 'plug.dll',
      sink: 'WinExec',
      site: '0x180001000',
      reach: 'export:PlugStart',
      reason: 'registry',
      registry: [
        { key: 'HKLM\\Software\\Report', value: 'Debugger' },
        { key: 'HKCU\\Software\\Report', value: '' },
      ],
      answers: [
        {
          source: 'SOFTWARE',
          key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Report',
          value: 'Debugger',
          data: 'C:\\Tools\\debugger.exe %ld',
          lastWritten: '2024-05-01T10:00:00.0000000Z',
          image: 'debugger.exe',
          path: 'C:\\Tools\\debugger.exe',
          commandLine: 'C:\\Tools\\debugger.exe *',
        },
        {
          source: 'ann.reg',
          key: 'HKCU\\Software\\Report',
          value: '',
          data: null,
          image: null,
          path: null,
          commandLine: null,
          detail: 'it has no such value',
        },
      ],
      detail: 'the command line is a registry value',
      route: [
        { address: '0x180000f80', what: 'RegGetValueW gives it, from outside the file', stop: true },
        { address: '0x180001000', what: 'WinExec is called' },
      ],
    },
    {
      module: 'Report.exe',
      sink: 'ShellExecuteExW',
      site: '0x140003456',
      reach: 'image',
      reason: 'command-line',
      detail: 'the file is its own first argument',
      when: {
        parentArguments: [{ anyOf: ['-run'], comparedAt: [{ module: 'Report.exe', address: '0x140003410' }] }],
      },
    },
    {
      module: 'Report.exe',
      sink: 'ShellExecuteExW',
      site: '0x140003456',
      reach: 'image',
      reason: 'data',
      begins: 'report',
      detail: 'nothing is known of it',
    },
    {
      module: 'plug.dll',
      sink: 'WinExec',
      site: '0x180001000',
      reach: 'module-only',
      reason: 'file',
      file: 'C:\\Report\\report.ini',
      detail: 'the file C:\\Report\\report.ini',
    },
    {
      module: 'plug.dll',
      sink: 'WinExec',
      site: '0x180001000',
      reach: 'vtable',
      reason: 'caller',
      export: 'PlugStart',
      detail: 'argument 1 of the function holds the name',
    },
  ],
  verdict: {
    kind: 'open',
    reason: 'it starts what its own command line names',
    sites: [
      {
        module: 'Report.exe',
        sink: 'ShellExecuteExW',
        site: '0x140003456',
        reason: 'command-line',
        detail: 'the file is its own first argument',
      },
    ],
  },
  generic: [{ image: 'WerFault.exe', why: 'Windows Error Reporting starts it for a program that crashes' }],
  documents: [
    {
      target: 'ms-settings:privacy',
      module: 'Report.exe',
      site: '0x140003456',
      sink: 'ShellExecuteExW',
      reach: 'image',
      openedBy: [
        {
          image: 'SystemSettings.exe',
          path: '%windir%\\ImmersiveControlPanel\\SystemSettings.exe',
          commandLine: null,
          confidence: 'likely',
          why: 'a Windows that nobody changed opens ms-settings: addresses with it',
          by: 'usual',
          parent: 'svchost.exe -k DcomLaunch',
        },
      ],
      lookIn: [
        {
          key: 'HKEY_CLASSES_ROOT\\ms-settings\\shell\\open\\command',
          value: '',
          why: 'which program opens it on a host',
          answers: [
            {
              source: 'SOFTWARE',
              key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\ms-settings\\Shell\\Open\\command',
              value: 'DelegateExecute',
              data: '{4ed3a719-cea8-4bd9-910d-e252f997afc2}',
              lastWritten: '2024-05-01T10:00:00.0000000Z',
              image: null,
              path: null,
              commandLine: null,
            },
          ],
        },
      ],
    },
    {
      target: 'report.lnk',
      module: 'Report.exe',
      site: '0x140003460',
      sink: 'ShellExecuteW',
      reach: 'export:Report',
      openedBy: [
        {
          image: 'quay.exe',
          path: 'C:\\Quay\\quay.exe',
          commandLine: '"C:\\Quay\\quay.exe" /run',
          confidence: 'likely',
          why: 'report.lnk, read from report.lnk, leads to it by its item list',
          by: 'file',
          answers: [],
        },
      ],
      leadsTo: [{ file: 'report.lnk', target: 'C:\\Quay\\quay.exe /run' }],
    },
  ],
  strings: [
    {
      text: 'rundll32.exe',
      module: 'Report.exe',
      address: '0x140009100',
      referrers: ['0x140001230', '0x140005000'],
      why: 'only compared with _wcsicmp',
    },
    { text: 'lonely.exe', module: 'plug.dll', address: '0x180009100', referrers: [], why: 'nothing refers to it' },
  ],
  watched: [
    {
      key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Report',
      value: 'Debugger',
      why: 'is what Report.exe starts (WinExec in plug.dll)',
      technique: 'T1546',
      module: 'plug.dll',
      site: '0x180001000',
      answers: [
        {
          source: 'SOFTWARE',
          key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Report',
          value: 'Debugger',
          data: 'debugger.exe',
          image: null,
          path: null,
          commandLine: null,
        },
      ],
    },
    { key: 'HKEY_CURRENT_USER\\Software\\Classes\\*\\shell', value: '', why: 'opens what it gives to ShellExecute' },
  ],
  rule: [
    {
      language: 'sigma',
      kind: 'unprotected-child',
      notWritten: 'the rule "child is none of these" would be wrong: it starts what its own command line names',
      text: 'title: Report\ndetection:\n  a: b\n',
      excluded: [{ image: 'helper.exe', by: 'path', why: 'proven' }],
      triage: ['It means: x.', 'Look first: y.', 'Benign: z.'],
    },
  ],
  notes: [{ about: 'delay import', text: 'the table at RVA 0x1000 ends outside the file' }],
};

export interface KeptFace extends Face {
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export function keptFace(face: Partial<Face> = {}): KeptFace {
  let out = '';
  let err = '';
  return {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    outIsTerminal: false,
    errIsTerminal: false,
    env: {},
    platform: 'linux',
    ...face,
    stdout: () => out,
    stderr: () => err,
  };
}
