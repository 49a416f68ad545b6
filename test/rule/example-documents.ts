// Made-up children documents for the rule tests: no program of these names exists, except that OpenConsole.exe is shaped like the real one.
import { joinBuilds } from '../../src/children/builds.ts';
import type {
  BlindSpot,
  Child,
  ChildrenDocument,
  Evidence,
  GenericChild,
  ParentArgument,
  ParentImage,
} from '../../src/children/document.ts';
import { findVerdict } from '../../src/children/verdict.ts';

export type Document = Omit<ChildrenDocument, 'rule'>;

const CRASH = 'Windows Error Reporting starts it for a process that crashes';

const OWN = 'many programs start themselves again';

export const GENERIC: readonly GenericChild[] = [
  { image: 'WerFault.exe', why: CRASH },
  { image: 'WerFaultSecure.exe', why: CRASH },
  { image: 'wermgr.exe', why: CRASH },
];

export function evidence(site: string, more: Partial<Evidence> = {}): Evidence {
  return {
    module: 'Lantern.exe',
    sink: 'CreateProcessW',
    site,
    function: '0x140001000',
    reach: 'image',
    route: [],
    literals: [],
    ...more,
  };
}

export function child(image: string, more: Partial<Child> = {}): Child {
  return {
    image,
    path: null,
    commandLine: null,
    confidence: 'proven',
    reach: 'image',
    evidence: [evidence('0x140001234')],
    ...more,
  };
}

export function blindSpot(reason: BlindSpot['reason'], more: Partial<BlindSpot> = {}): BlindSpot {
  return {
    module: 'Lantern.exe',
    sink: 'CreateProcessW',
    site: '0x140002000',
    reach: 'image',
    reason,
    detail: '',
    ...more,
  };
}

export function documentOf(more: Partial<Document> = {}): Document {
  const document = {
    schema: 'winnow.children/1' as const,
    parent: LANTERN,
    modules: [],
    sites: [],
    children: [],
    blindSpots: [],
    generic: GENERIC,
    documents: [],
    strings: [],
    notes: [],
    ...more,
  };
  return { ...document, verdict: findVerdict(document.parent, document.blindSpots) };
}

const LANTERN: ParentImage = {
  image: 'Lantern.exe',
  path: 'Lantern.exe',
  sha256: '',
  arch: 'x64',
  version: '4.2.0.1',
  kind: 'program',
  console: false,
};

/** A program with a child of every kind. */
export const lantern: Document = documentOf({
  modules: [
    {
      name: 'wick.dll',
      path: 'wick.dll',
      sha256: null,
      role: 'specific',
      found: true,
      reason: 'few import it',
      sites: 1,
    },
    { name: 'flint.dll', path: null, sha256: null, role: 'specific', found: false, reason: 'few import it', sites: 0 },
    {
      name: 'KERNEL32.dll',
      path: null,
      sha256: null,
      role: 'generic',
      found: false,
      reason: 'every program',
      sites: 0,
    },
  ],
  children: [
    child('wickhelper.exe', {
      path: '%windir%\\system32\\wickhelper.exe',
      evidence: [
        evidence('0x140001234', { name: 'CLantern::Light' }),
        evidence('0x180004444', { module: 'wick.dll', reach: 'export:TrimWick', hint: 'TrimWick' }),
      ],
    }),
    child('glow.exe', { confidence: 'likely', evidence: [evidence('0x140001300', { sink: 'ShellExecuteExW' })] }),
    child('cmd.exe', {
      path: '%SystemRoot%\\system32\\cmd.exe',
      commandLine: 'cmd.exe /c "%programfiles%\\Lantern\\trim.bat" *',
      evidence: [evidence('0x140001400')],
    }),
    child('trim.bat', { through: 'shell', evidence: [evidence('0x140001400')] }),
    child('mmc.exe', { through: 'document', evidence: [evidence('0x140001450')] }),
    child('update.exe', { path: '%LOCALAPPDATA%\\Lantern\\update.exe', evidence: [evidence('0x140001500')] }),
    child('WerFault.exe', { path: 'C:\\Windows\\System32\\WerFault.exe', evidence: [evidence('0x140001600')] }),
    child('spark.exe', { confidence: 'possible' }),
    child('ember.exe', { reach: 'module-only' }),
    child('ash.exe', { reach: 'other-process' }),
  ],
  blindSpots: [
    blindSpot('registry', { registry: [{ key: 'HKLM\\Software\\Lantern', value: 'Shade' }], detail: 'a debugger' }),
    blindSpot('com', { site: '0x140002100' }),
  ],
  notes: [{ about: 'delay import', text: 'the directory at RVA 0x9000 ends outside its section.' }],
});

/** A 32-bit console program. */
export const oldLamp: Document = documentOf({
  parent: { ...documentOf().parent, image: 'OldLamp.exe', arch: 'x86', console: true, version: null },
  children: [
    child('wickhelper.exe', { path: '%windir%\\SysWOW64\\wickhelper.exe' }),
    child('flame.exe', { path: '%ProgramFiles%\\Lantern\\flame.exe' }),
  ],
  generic: [
    ...GENERIC,
    { image: 'conhost.exe', why: 'a console program gets a console host' },
    { image: 'OldLamp.exe', why: OWN },
  ],
});

/** Like the real program: a default child through a string object, and its own command line as blind spot. */
export const openConsole: Document = documentOf({
  parent: { ...documentOf().parent, image: 'OpenConsole.exe', version: '1.22.2502.4001' },
  children: [
    child('cmd.exe', {
      path: '%WINDIR%\\system32\\cmd.exe',
      commandLine: '%WINDIR%\\system32\\cmd.exe',
      evidence: [evidence('0x14002a1f0', { module: 'OpenConsole.exe' })],
    }),
  ],
  blindSpots: [
    blindSpot('command-line', { module: 'OpenConsole.exe', site: '0x14002a1f0', detail: 'the client command line' }),
  ],
});

const argument = (...anyOf: readonly string[]): ParentArgument => ({
  anyOf,
  comparedAt: [{ module: 'Lantern.exe', address: '0x140001100' }],
});

/** A program that its own arguments tell what to do: to start one child, another, or whatever it is told. */
export const toldLantern: Document = documentOf({
  children: [
    child('wickhelper.exe', {
      path: '%windir%\\system32\\wickhelper.exe',
      when: { parentArguments: [argument('-wick', '/wick'), argument('-light')] },
    }),
    child('glow.exe', { when: { parentArguments: [argument('g')] } }),
    child('ember.exe', { path: '%windir%\\system32\\ember.exe' }),
  ],
  blindSpots: [
    blindSpot('command-line', { when: { parentArguments: [argument('-run')] } }),
    blindSpot('data', { site: '0x140002200' }),
  ],
});

/** Two builds of one program that have one child each of their own. */
export const twoBuilds: Document = joinBuilds([
  { ...documentOf({ children: [child('wickhelper.exe', { path: '%windir%\\system32\\wickhelper.exe' })] }), rule: [] },
  {
    ...documentOf({
      parent: { ...LANTERN, arch: 'x86', version: '4.1.0.0' },
      children: [
        child('wickhelper.exe', { path: '%windir%\\system32\\wickhelper.exe' }),
        child('flame.exe', { path: '%ProgramFiles%\\Lantern\\flame.exe' }),
      ],
    }),
    rule: [],
  },
]);

/** A service's DLL. */
export const glowService: Document = documentOf({
  parent: { ...documentOf().parent, image: 'glowsvc.dll', kind: 'module' },
  children: [child('glow.exe', { path: 'C:\\Windows\\System32\\glow.exe', reach: 'export:ServiceMain' })],
});

/** Names, paths and texts out of a file that means harm. */
export const hostile: Document = documentOf({
  parent: { ...documentOf().parent, image: "it's `100%` #1 \u202Efdp.exe", version: '1"""\n[rule]\nname = "x' },
  children: [
    child("o'neill \u202Egpj.exe", { path: "D:\\Ünter 'x' $(y)\\o'neill \u202Egpj.exe" }),
    child('a\nb*/ ``` | delete.exe'),
    child('half\uD800.exe'),
    child('cmd.exe', {
      path: 'C:\\Windows\\System32\\cmd.exe',
      commandLine: 'cmd.exe /c echo \'\'\' """ ``` ?* \n\u2028\\',
    }),
  ],
  blindSpots: [
    blindSpot('data', { module: 'x*/\r\n| delete ```', detail: '"]\n* all # \u2066 !{osquery{"a":1}} [x](http://y)' }),
  ],
});
