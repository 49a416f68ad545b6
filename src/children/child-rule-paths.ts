// A child's path as the event shows it, turned into the patterns that an exclusion by full path needs.
import { ANY_ONE, joinPatterns, literal, patternFromStars, type TextPattern } from '../rule/pattern.ts';
import { hasLoneSurrogate } from '../rule/visible-text.ts';
import type { ParentImage } from './document.ts';

type Arch = ParentImage['arch'];

export interface KnownPath {
  readonly patterns: readonly TextPattern[];
  /** Why the path protects less than a fixed one does, in words; empty where it does not. */
  readonly doubts: readonly string[];
}

const WRITABLE = 'a folder that ordinary users can write to';
const PROGRAM_FILES = 'Program Files';
const PROGRAM_FILES_X86 = 'Program Files (x86)';

/** Folders below the drive that stand for an environment variable; `*` is a user's folder. */
interface Folder {
  readonly below: readonly string[];
  /** What a 32-bit process sees where that differs. */
  readonly wow?: readonly string[];
  readonly writable?: true;
}

/** The usual place of each variable. */
const FOLDERS: Readonly<Record<string, Folder>> = {
  systemdrive: { below: [''] },
  windir: { below: ['Windows'] },
  systemroot: { below: ['Windows'] },
  programfiles: { below: [PROGRAM_FILES], wow: [PROGRAM_FILES_X86, PROGRAM_FILES] },
  'programfiles(x86)': { below: [PROGRAM_FILES_X86] },
  programw6432: { below: [PROGRAM_FILES] },
  commonprogramfiles: {
    below: [`${PROGRAM_FILES}\\Common Files`],
    wow: [`${PROGRAM_FILES_X86}\\Common Files`, `${PROGRAM_FILES}\\Common Files`],
  },
  'commonprogramfiles(x86)': { below: [`${PROGRAM_FILES_X86}\\Common Files`] },
  commonprogramw6432: { below: [`${PROGRAM_FILES}\\Common Files`] },
  programdata: { below: ['ProgramData'], writable: true },
  allusersprofile: { below: ['ProgramData'], writable: true },
  public: { below: ['Users\\Public'], writable: true },
  userprofile: { below: ['Users\\*'], writable: true },
  appdata: { below: ['Users\\*\\AppData\\Roaming'], writable: true },
  localappdata: { below: ['Users\\*\\AppData\\Local'], writable: true },
  temp: { below: ['Users\\*\\AppData\\Local\\Temp', 'Windows\\Temp', 'Windows\\SystemTemp'], writable: true },
  tmp: { below: ['Users\\*\\AppData\\Local\\Temp', 'Windows\\Temp', 'Windows\\SystemTemp'], writable: true },
};

/** Which of the two system folders a path below one of them may be in, by the parent's architecture. */
function systemFolders(folder: string, arch: Arch): readonly string[] {
  const seen = folder.toLowerCase();
  // A 32-bit image's SysWOW64 is System32 on 32-bit Windows; IL may run as either.
  if (arch === 'il' || arch === 'unknown') return ['System32', 'SysWOW64'];
  if (arch === 'x86' && seen === 'syswow64') return ['SysWOW64', 'System32'];
  return [seen === 'syswow64' ? 'SysWOW64' : 'System32'];
}

/**
 * The patterns of a full path, or null where the path does not begin at a known root (then only the name is known). `*` in
 * the path is a part that the analysis could not tell. The drive letter is always any one character.
 */
export function knownPath(path: string, arch: Arch): KnownPath | null {
  const text = path.replaceAll('/', '\\').replace(/^\\\\\?\\(?=[A-Za-z]:\\)/, '');
  const mark = /^%([^%\\]+)%(?=\\)/.exec(text);
  const drive = /^[A-Za-z]:(?=\\)/.exec(text);
  const below = mark === null ? null : foldersOf(mark[1], arch);
  if (below !== null && mark !== null) {
    return onAnyDrive(below, text.slice(mark[0].length), arch, FOLDERS[mark[1].toLowerCase()].writable === true);
  }
  if (drive !== null) return onAnyDrive([''], text.slice(drive[0].length), arch, false);
  if (/^\\\\[^\\?.*]+\\[^\\]+\\/.test(text) && possible(text))
    return { patterns: [literalOrStars(text)], doubts: starDoubt(text) };
  return null;
}

/** The folders below the drive that an environment variable may name for a process of this architecture, or null for a variable that is not known. */
export function foldersOf(variable: string, arch: Arch): readonly string[] | null {
  const name = variable.toLowerCase();
  if (!Object.hasOwn(FOLDERS, name)) return null;
  const folder = FOLDERS[name];
  return arch === 'x64' || arch === 'arm64' || folder.wow === undefined ? folder.below : folder.wow;
}

function onAnyDrive(below: readonly string[], rest: string, arch: Arch, writable: boolean): KnownPath | null {
  const tails = below.flatMap((folder) =>
    systemVariants(resolveDots(folder === '' ? rest : `\\${folder}${rest}`), arch),
  );
  if (!possible(rest)) return null;
  return {
    patterns: tails.map((tail) => joinPatterns([ANY_ONE, ':'], literalOrStars(tail))),
    doubts: [...(writable ? [WRITABLE] : []), ...starDoubt(rest)],
  };
}

function systemVariants(tail: string, arch: Arch): readonly string[] {
  const match = /^(\\Windows\\)(System32|SysWOW64|Sysnative)(?=\\)/i.exec(tail);
  if (match === null) return [tail];
  return systemFolders(match[2], arch).map((folder) => `${match[1]}${folder}${tail.slice(match[0].length)}`);
}

/** Takes `.` and `..` out, as the event's path has none; the root stays. */
function resolveDots(tail: string): string {
  const parts: string[] = [];
  for (const part of tail.split('\\').filter((name) => name !== '' && name !== '.')) {
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `\\${parts.join('\\')}`;
}

function literalOrStars(text: string): TextPattern {
  return text.includes('*') ? patternFromStars(text) : literal(text);
}

function starDoubt(text: string): readonly string[] {
  return text.includes('*') ? ['a part of the path is not known (*)'] : [];
}

/** Whether Windows can have a file of this path: no control character, none of `"<>|?:%` and no half UTF-16 pair. */
function possible(path: string): boolean {
  return !/[\u0000-\u001f"<>|?:%]/.test(path) && !path.endsWith('\\') && !hasLoneSurrogate(path);
}

/** Whether Windows can have a file of this name, and UTF-8 text can carry it. */
export function possibleName(name: string): boolean {
  return name.length > 0 && name.length <= 255 && !/[\u0000-\u001f"<>|?*:\\/]/.test(name) && !hasLoneSurrogate(name);
}
