// Where a 32-bit program's keys lie on a 64-bit Windows: redirected below WOW6432Node, or shared with 64-bit programs.

import { keyParts } from './key-path.ts';

/** Name of the key that holds what is redirected. */
export const WOW64_NODE = 'WOW6432Node';

/**
 * Keys of HKLM\SOFTWARE that both see, as "Registry Keys Affected by Windows Installations That Include Windows on Windows (WOW) Support"
 * (learn.microsoft.com, of Windows 7 and later) lists them; below a key counts what is said of it.
 */
const SHARED: readonly string[] = [
  'CLASSES',
  'CLIENTS',
  'MICROSOFT\\COM3',
  'MICROSOFT\\CRYPTOGRAPHY\\CALAIS\\CURRENT',
  'MICROSOFT\\CRYPTOGRAPHY\\CALAIS\\READERS',
  'MICROSOFT\\CRYPTOGRAPHY\\SERVICES',
  'MICROSOFT\\CTF\\SYSTEMSHARED',
  'MICROSOFT\\CTF\\TIP',
  'MICROSOFT\\DFS',
  'MICROSOFT\\DRIVER SIGNING',
  'MICROSOFT\\ENTERPRISECERTIFICATES',
  'MICROSOFT\\EVENTSYSTEM',
  'MICROSOFT\\MSMQ',
  'MICROSOFT\\NON-DRIVER SIGNING',
  'MICROSOFT\\NOTEPAD\\DEFAULTFONTS',
  'MICROSOFT\\OLE',
  'MICROSOFT\\RAS',
  'MICROSOFT\\RPC',
  'MICROSOFT\\SHARED TOOLS\\MSINFO',
  'MICROSOFT\\SYSTEMCERTIFICATES',
  'MICROSOFT\\TERMSERVLICENSING',
  'MICROSOFT\\TRANSACTION SERVER',
  'MICROSOFT\\WINDOWS\\CURRENTVERSION\\APP PATHS',
  'MICROSOFT\\WINDOWS\\CURRENTVERSION\\CONTROL PANEL\\CURSORS\\SCHEMES',
  'MICROSOFT\\WINDOWS\\CURRENTVERSION\\EXPLORER\\AUTOPLAYHANDLERS',
  'MICROSOFT\\WINDOWS\\CURRENTVERSION\\EXPLORER\\DRIVEICONS',
  'MICROSOFT\\WINDOWS\\CURRENTVERSION\\EXPLORER\\KINDMAP',
  'MICROSOFT\\WINDOWS\\CURRENTVERSION\\GROUP POLICY',
  'MICROSOFT\\WINDOWS\\CURRENTVERSION\\POLICIES',
  'MICROSOFT\\WINDOWS\\CURRENTVERSION\\PREVIEWHANDLERS',
  'MICROSOFT\\WINDOWS\\CURRENTVERSION\\SETUP',
  'MICROSOFT\\WINDOWS\\CURRENTVERSION\\TELEPHONY\\LOCATIONS',
  'MICROSOFT\\WINDOWS NT\\CURRENTVERSION\\CONSOLE',
  'MICROSOFT\\WINDOWS NT\\CURRENTVERSION\\FONTDPI',
  'MICROSOFT\\WINDOWS NT\\CURRENTVERSION\\FONTLINK',
  'MICROSOFT\\WINDOWS NT\\CURRENTVERSION\\FONTMAPPER',
  'MICROSOFT\\WINDOWS NT\\CURRENTVERSION\\FONTS',
  'MICROSOFT\\WINDOWS NT\\CURRENTVERSION\\FONTSUBSTITUTES',
  'MICROSOFT\\WINDOWS NT\\CURRENTVERSION\\GRE_INITIALIZE',
  'MICROSOFT\\WINDOWS NT\\CURRENTVERSION\\IMAGE FILE EXECUTION OPTIONS',
  'MICROSOFT\\WINDOWS NT\\CURRENTVERSION\\LANGUAGE PACK',
  'MICROSOFT\\WINDOWS NT\\CURRENTVERSION\\NETWORKCARDS',
  'MICROSOFT\\WINDOWS NT\\CURRENTVERSION\\PERFLIB',
  'MICROSOFT\\WINDOWS NT\\CURRENTVERSION\\PORTS',
  'MICROSOFT\\WINDOWS NT\\CURRENTVERSION\\PRINT',
  'MICROSOFT\\WINDOWS NT\\CURRENTVERSION\\PROFILELIST',
  'MICROSOFT\\WINDOWS NT\\CURRENTVERSION\\TIME ZONES',
  'POLICIES',
  'REGISTEREDAPPLICATIONS',
];

/** Keys of any Classes that are redirected all the same. */
const REDIRECTED_CLASSES: readonly string[] = ['CLSID', 'DIRECTSHOW', 'INTERFACE', 'MEDIA TYPE', 'MEDIAFOUNDATION'];

/**
 * The path at which a 32-bit program's key lies: "HKLM\Software\X" is "HKEY_LOCAL_MACHINE\Software\WOW6432Node\X"; undefined where it is the one
 * that 64-bit programs see too. A path that names the node already is taken as it stands.
 */
export function redirected(path: string): string | undefined {
  const parts = keyParts(path);
  if (parts === undefined || parts.some((part) => part.toUpperCase() === 'WOW6432NODE')) return undefined;
  const at = redirectedFrom(parts.map((part) => part.toUpperCase()));
  return at === undefined ? undefined : [...parts.slice(0, at), WOW64_NODE, ...parts.slice(at)].join('\\');
}

/** Parts before the node. */
function redirectedFrom(parts: readonly string[]): number | undefined {
  const classes = classesLength(parts);
  if (classes !== undefined) return REDIRECTED_CLASSES.includes(parts[classes] ?? '') ? classes : undefined;
  if (parts[0] !== 'HKEY_LOCAL_MACHINE' || parts[1] !== 'SOFTWARE') return undefined;
  const below = `${parts.slice(2).join('\\')}\\`;
  return SHARED.some((key) => below.startsWith(`${key}\\`)) ? undefined : 2;
}

/** Parts up to and with a key of classes. */
function classesLength(parts: readonly string[]): number | undefined {
  if (parts[0] === 'HKEY_CLASSES_ROOT') return 1;
  const at = parts[0] === 'HKEY_USERS' ? 2 : 1;
  if (parts[0] === 'HKEY_USERS' && /_CLASSES$/.test(parts[1] ?? '')) return 2;
  return parts[at] === 'SOFTWARE' && parts[at + 1] === 'CLASSES' ? at + 2 : undefined;
}
