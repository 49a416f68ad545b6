// The command lines by which a command interpreter may be started: how the event may spell the one pattern that was found.
import { ANY_MANY, ANY_ONE, joinPatterns, patternFromStars, type TextPattern } from '../rule/pattern.ts';
import { hasLoneSurrogate } from '../rule/visible-text.ts';
import { foldersOf } from './child-rule-paths.ts';
import type { Child, ParentImage } from './document.ts';

/** The program at the start of an unquoted command line. */
const FIRST_TOKEN = /^[^\s"]*(?:cmd|powershell|pwsh|command)(?:\.exe|\.com)?(?=\s|$)/i;
const MOST_SPELLINGS = 24;

/**
 * The patterns of the child's command line, or null where nothing of it is known besides the program. An environment variable may stand
 * in the event as its name or as its value; the program may be quoted, and CreateProcess and ShellExecute add a blank after it.
 */
export function commandLinePatterns(child: Child, arch: ParentImage['arch']): readonly TextPattern[] | null {
  const text = child.commandLine;
  if (text === null || hasLoneSurrogate(text)) return null;
  const first = (FIRST_TOKEN.exec(text) ?? /^"[^"]*"/.exec(text))?.[0] ?? '';
  const rest = text.slice(first.length);
  const known = rest.replaceAll('*', '').trim() !== '' || (!text.includes('*') && text.trim() !== '');
  if (!known) return null;
  const bare = first.replaceAll('"', '');
  const spellings = bare === '' ? [text] : [`${bare}${rest}`, `"${bare}"${rest}`];
  if (bare !== '' && rest === '') spellings.push(`"${bare}" `);
  const expanded = spellings.flatMap((spelling) => expandVariables(spelling, arch));
  return expanded.length <= MOST_SPELLINGS ? expanded : spellings.map(patternFromStars);
}

/** Every way to read the `%name%` marks of known folders: as they stand, or as the folder on any drive. */
function expandVariables(text: string, arch: ParentImage['arch']): readonly TextPattern[] {
  let readings: readonly TextPattern[] = [['']];
  for (const piece of text.split(/(%[^%\s\\"]+%)/)) {
    const folders = /^%.+%$/.test(piece) ? foldersOf(piece.slice(1, -1), arch) : null;
    const values: readonly TextPattern[] = folders === null ? [] : folders.map(onAnyDrive);
    readings = readings.flatMap((before) =>
      [...values, patternFromStars(piece)].map((value) => joinPatterns(before, value)),
    );
    if (readings.length > MOST_SPELLINGS) return [patternFromStars(text)];
  }
  return readings;
}

function onAnyDrive(folder: string): TextPattern {
  return joinPatterns([ANY_ONE, ':'], folder === '' ? [] : patternFromStars(`\\${folder}`));
}

/** What a wildcard in a command line lets pass, in words, or null where there is none. */
export function commandLineDoubt(patterns: readonly TextPattern[]): string | null {
  const open = patterns.some((pattern) =>
    pattern.some((part) => typeof part === 'object' && part.any === ANY_MANY.any),
  );
  return open ? 'the "*" in its command line lets any text pass there, "& another command" too' : null;
}
