// What Windows itself registers for types of files and addresses: which program opens one where no registry says, and how sure that is on any host.

/** What opens a type of file or address on a Windows that nobody changed. */
export interface UsualOpener {
  readonly image: string;
  /** Full path with environment marks; null where it differs from host to host. */
  readonly path: string | null;
  /** The command that is registered for it; "%1" is the file or address, "%*" what stands behind it. */
  readonly command: string | null;
  /**
   * Whether every host has it: the type belongs to the program, and no setting that a user is offered leads elsewhere. Who changes it writes to the
   * key, and then another program is started.
   */
  readonly fixed: boolean;
  /** Who starts it, where that is not the program that asks for the file: then it is no child. */
  readonly parent?: string;
  /** What it starts in turn, in words. */
  readonly afterwards?: string;
  /** Below HKEY_CLASSES_ROOT: the key whose value names the program. */
  readonly key: string;
  /** Where this is told: a public document, or an event in a public log. */
  readonly source: string;
}

const SYSTEM = '%windir%\\system32';
/** What Windows' documentation of file types says in general. */
const FILE_TYPES = 'Microsoft Learn, "File Types" and "Verbs and File Associations"';
const OBSERVED = 'seen in process-creation events of EVTX-ATTACK-SAMPLES (github.com/sbousseaden)';
const ACTIVATED = 'svchost.exe -k DcomLaunch';

const script: UsualOpener = {
  image: 'wscript.exe',
  path: `${SYSTEM}\\wscript.exe`,
  command: '"%windir%\\system32\\wscript.exe" "%1" %*',
  fixed: false,
  key: 'VBSFile\\Shell\\Open\\Command',
  source: `Microsoft Learn, "wscript"; ${OBSERVED}`,
};
const batch: UsualOpener = {
  image: 'cmd.exe',
  path: `${SYSTEM}\\cmd.exe`,
  command: 'cmd.exe /c "%1" %*',
  fixed: true,
  key: 'batfile\\shell\\open\\command',
  source: 'Microsoft Learn, "CreateProcessW": a batch file is run by cmd.exe /c',
};
const notepad: UsualOpener = {
  image: 'notepad.exe',
  path: `${SYSTEM}\\notepad.exe`,
  command: '%windir%\\system32\\notepad.exe "%1"',
  fixed: false,
  key: 'txtfile\\shell\\open\\command',
  source: FILE_TYPES,
};
const explorer: UsualOpener = {
  image: 'explorer.exe',
  path: '%windir%\\explorer.exe',
  command: null,
  fixed: false,
  afterwards: 'a folder opens in the explorer.exe that runs already, where one does',
  key: 'Folder\\shell\\open\\command',
  source: 'Microsoft Learn, "The Shell Namespace"',
};
const settings: UsualOpener = {
  image: 'SystemSettings.exe',
  path: '%windir%\\ImmersiveControlPanel\\SystemSettings.exe',
  command: null,
  fixed: false,
  parent: ACTIVATED,
  key: 'ms-settings\\Shell\\Open\\command',
  source: 'Microsoft Learn, "Launch the Windows Settings app": a packaged application, which the COM launcher starts',
};

/** By extension, in lower case without its dot. */
export const USUAL_BY_EXTENSION: Readonly<Record<string, UsualOpener>> = {
  msc: {
    image: 'mmc.exe',
    path: `${SYSTEM}\\mmc.exe`,
    command: '%windir%\\system32\\mmc.exe "%1" %*',
    fixed: true,
    afterwards: 'the snap-ins of the console run within mmc.exe',
    key: 'mscfile\\shell\\open\\command',
    source: `Microsoft Learn, "mmc"; ${OBSERVED}`,
  },
  // Since Windows Vista; on Windows XP rundll32.exe was started at once.
  cpl: {
    image: 'control.exe',
    path: `${SYSTEM}\\control.exe`,
    command: '"%windir%\\System32\\control.exe" "%1",%*',
    fixed: true,
    afterwards:
      'control.exe starts rundll32.exe Shell32.dll,Control_RunDLL with the file, so rundll32.exe is a child of control.exe',
    key: 'cplfile\\shell\\cplopen\\command',
    source: `Microsoft Learn, "Executing Control Panel Items"; ${OBSERVED}`,
  },
  bat: batch,
  cmd: { ...batch, key: 'cmdfile\\shell\\open\\command' },
  chm: {
    image: 'hh.exe',
    path: '%windir%\\hh.exe',
    command: '"%windir%\\hh.exe" %1',
    fixed: false,
    key: 'chm.file\\shell\\open\\command',
    source: `Microsoft Learn, "HTML Help"; ${OBSERVED}`,
  },
  hlp: {
    image: 'winhlp32.exe',
    path: '%windir%\\winhlp32.exe',
    command: '%windir%\\winhlp32.exe %1',
    fixed: false,
    afterwards: 'since Windows Vista it only says that help of this format is not supported',
    key: 'hlpfile\\shell\\open\\command',
    source: 'Microsoft Support, article 917607, "Feature not included" of Windows Help',
  },
  txt: notepad,
  log: notepad,
  inf: { ...notepad, key: 'inffile\\shell\\open\\command' },
  // Its verb "open" shows the script; another verb runs it.
  ps1: {
    ...notepad,
    key: 'Microsoft.PowerShellScript.1\\Shell\\Open\\Command',
    source: 'Microsoft Learn, "about_Scripts"',
  },
  vbs: script,
  vbe: { ...script, key: 'VBEFile\\Shell\\Open\\Command' },
  js: { ...script, key: 'JSFile\\Shell\\Open\\Command' },
  jse: { ...script, key: 'JSEFile\\Shell\\Open\\Command' },
  wsf: { ...script, key: 'WSFFile\\Shell\\Open\\Command' },
  hta: {
    image: 'mshta.exe',
    // On a 64-bit Windows the one in SysWOW64 is registered.
    path: null,
    command: 'mshta.exe "%1" %*',
    fixed: false,
    key: 'htafile\\shell\\open\\command',
    source: `Microsoft Learn, "HTML Applications"; ${OBSERVED}`,
  },
  reg: {
    image: 'regedit.exe',
    path: '%windir%\\regedit.exe',
    command: 'regedit.exe "%1"',
    fixed: false,
    key: 'regfile\\shell\\open\\command',
    source:
      'Microsoft Support, article 310516, "How to add, modify, or delete registry subkeys and values by using a .reg file"',
  },
  msi: {
    image: 'msiexec.exe',
    path: `${SYSTEM}\\msiexec.exe`,
    command: '"%windir%\\System32\\msiexec.exe" /i "%1" %*',
    fixed: false,
    key: 'Msi.Package\\shell\\Open\\command',
    source: 'Microsoft Learn, "msiexec"',
  },
  msp: {
    image: 'msiexec.exe',
    path: `${SYSTEM}\\msiexec.exe`,
    command: '"%windir%\\System32\\msiexec.exe" /p "%1" %*',
    fixed: false,
    key: 'Msi.Patch\\shell\\Open\\command',
    source: 'Microsoft Learn, "msiexec"',
  },
  msu: {
    image: 'wusa.exe',
    path: `${SYSTEM}\\wusa.exe`,
    command: '"%windir%\\System32\\wusa.exe" "%1" %*',
    fixed: false,
    key: 'Microsoft.System.Update.1\\Shell\\Open\\Command',
    source: 'Microsoft Support, article 934307, "Windows Update Standalone Installer"',
  },
  diagcab: {
    image: 'msdt.exe',
    path: `${SYSTEM}\\msdt.exe`,
    command: '%windir%\\system32\\msdt.exe /cab "%1"',
    fixed: false,
    key: 'Diagnostic.Cabinet\\Shell\\Open\\Command',
    source: 'Microsoft Learn, "msdt"',
  },
  'appref-ms': {
    image: 'rundll32.exe',
    path: `${SYSTEM}\\rundll32.exe`,
    command: '"%windir%\\System32\\rundll32.exe" "%windir%\\System32\\dfshim.dll",ShOpenVerbShortcut %1|%2',
    fixed: false,
    key: 'Application.Reference\\shell\\open\\command',
    source: 'ClickOnce: LOLBAS project, "Dfsvc" and "Rundll32"',
  },
  'search-ms': explorer,
  'library-ms': explorer,
};

/** By scheme, in lower case without its colon. */
export const USUAL_BY_SCHEME: Readonly<Record<string, UsualOpener>> = {
  'ms-settings': settings,
  shell: explorer,
  search: explorer,
  'search-ms': explorer,
  'microsoft-edge': {
    image: 'msedge.exe',
    path: null,
    command: null,
    fixed: false,
    key: 'microsoft-edge\\shell\\open\\command',
    source: 'Microsoft Learn, "Launch the default app for a URI": the scheme of Microsoft Edge',
  },
  telnet: {
    image: 'rundll32.exe',
    path: `${SYSTEM}\\rundll32.exe`,
    command: '"%windir%\\system32\\rundll32.exe" "%windir%\\system32\\url.dll",TelnetProtocolHandler %1',
    fixed: false,
    key: 'telnet\\shell\\open\\command',
    source: 'LOLBAS project, "Url.dll"',
  },
};

/** Types whose program the user chooses, each with what that is. */
const CHOSEN: Readonly<Record<string, string>> = {
  http: "the user's browser",
  https: "the user's browser",
  ftp: "the user's browser or file manager",
  mailto: "the user's program for mail",
  htm: "the user's browser",
  html: "the user's browser",
  mht: "the user's browser",
  mhtml: "the user's browser",
  pdf: "the user's reader of PDF",
};

/** Where nothing is usual: what the program that opens it is, in words. */
export function chosenBy(type: string): string {
  if (Object.hasOwn(CHOSEN, type)) return CHOSEN[type];
  return /^ms-[a-z0-9-]+$/.test(type)
    ? `as a rule a packaged application, which ${ACTIVATED} starts, so that it is no child`
    : 'whatever the host has registered for it';
}
