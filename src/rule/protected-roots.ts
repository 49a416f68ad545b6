// Which folders of Windows only administrators write to, and what a pattern of paths says about that.

import { foldCase } from './fold.ts';
import { joinPatterns, type TextPattern } from './pattern.ts';

/**
 * Folders that only administrators (or TrustedInstaller) write to, without the drive, in lower case. In the root of the system's drive every
 * user who signed in may make folders and owns them, so one that does not stand on every Windows ("$WINDOWS.~BT", "Config.Msi") is not among these.
 */
const PROTECTED: readonly string[] = [
  '\\windows\\',
  '\\program files\\',
  '\\program files (x86)\\',
  '\\progra~1\\',
  '\\progra~2\\',
  '\\programdata\\microsoft\\windows defender\\',
  '\\programdata\\microsoft\\windows\\start menu\\',
  '\\system volume information\\',
  '\\recovery\\',
  '\\perflogs\\',
];

/** Folders below these that every user may make files in (as Windows 10 and 11 come), with the file's name to come. */
const WRITABLE: readonly string[] = [
  '\\windows\\temp\\',
  '\\windows\\tasks\\',
  '\\windows\\tracing\\',
  '\\windows\\debug\\wia\\',
  '\\windows\\registration\\crmlog\\',
  '\\windows\\system32\\spool\\drivers\\color\\',
  '\\windows\\system32\\tasks\\',
  '\\windows\\system32\\spool\\printers\\',
  '\\windows\\system32\\spool\\servers\\',
  '\\windows\\system32\\com\\dmp\\',
  '\\windows\\system32\\fxstmp\\',
  '\\windows\\system32\\microsoft\\crypto\\rsa\\machinekeys\\',
  '\\windows\\syswow64\\tasks\\',
  '\\windows\\syswow64\\com\\dmp\\',
  '\\windows\\syswow64\\fxstmp\\',
];

/** What a path begins with in place of a drive's letter. */
const DRIVES: readonly RegExp[] = [
  /^[a-z]:(?=\\)/,
  /^\\\\[?.]\\[a-z]:(?=\\)/,
  /^\\\?\?\\[a-z]:(?=\\)/,
  /^%(?:systemdrive|homedrive)%(?=\\)/,
];
const FOLDER_VARIABLES: readonly (readonly [RegExp, string])[] = [
  [/^(?:%(?:systemroot|windir)%|\\systemroot)(?=\\)/, '\\windows'],
  [/^%programfiles%(?=\\)/, '\\program files'],
  [/^%programfiles\(x86\)%(?=\\)/, '\\program files (x86)'],
];

export type Place =
  /** Whatever fits lies below it. `writable`: folders below it that every user writes to and that fit as well. */
  | {
      readonly kind: 'protected';
      readonly root: string;
      readonly writable: readonly string[];
      readonly anyDrive: boolean;
    }
  | { readonly kind: 'open' };

/** Where the paths lie that fit a pattern. */
export function placeOf(pattern: TextPattern): Place {
  const { text, anyDrive } = anchored(pattern);
  if (text === undefined) return { kind: 'open' };
  if (WRITABLE.some((folder) => text.startsWith(folder))) return { kind: 'open' };
  const root = PROTECTED.find((folder) => text.startsWith(folder));
  if (root === undefined) return { kind: 'open' };
  const writable = WRITABLE.filter((folder) => folder.startsWith(text));
  return { kind: 'protected', root, writable, anyDrive };
}

/** What every fitting path begins with behind its drive, in lower case, up to the first wildcard; undefined where it may begin with anything. */
function anchored(pattern: TextPattern): { readonly text: string | undefined; readonly anyDrive: boolean } {
  const whole = joinPatterns(pattern)
    .map((part) => (typeof part === 'string' ? foldCase(part) : part.any === 'one' ? '\u{f8fe}' : '\u{f8ff}'))
    .join('')
    .replace(/^"/, '');
  const known = (text: string): string => text.split(/[\u{f8fe}\u{f8ff}]/u)[0];
  // A colon stands behind a drive's letter only, so that "*:\windows\" and "*c:\windows\" are where a path begins.
  const open = /^[\u{f8fe}\u{f8ff}]{1,2}(?:[a-z])?(:\\.*)$/u.exec(whole);
  if (open) return { text: known(open[1].slice(1)), anyDrive: !/^[\u{f8fe}\u{f8ff}]{1,2}[a-z]:/u.test(whole) };
  const device = /^\\device\\(?:harddiskvolume|vhdharddisk)[^\\]*(\\.*)$/u.exec(whole);
  if (device) return { text: known(device[1]), anyDrive: true };
  for (const drive of DRIVES) {
    const match = drive.exec(whole);
    if (match) return { text: known(whole.slice(match[0].length)), anyDrive: false };
  }
  for (const [variable, folder] of FOLDER_VARIABLES) {
    const match = variable.exec(whole);
    if (match) return { text: folder + known(whole.slice(match[0].length)), anyDrive: false };
  }
  return { text: undefined, anyDrive: false };
}

/** A path names a file: with a folder, or with wildcards in place of one. */
export function mayBePath(pattern: TextPattern): boolean {
  const [first] = joinPatterns(pattern);
  if (typeof first === 'object') return true;
  return /^(?:[a-z]:\\|\\\\|\\device\\|\\\?\?\\|\\systemroot\\|%)/i.test(first) || /^[a-z]:?$/i.test(first);
}
