// The programs that change accounts or groups, or carry a command line that does, each with the reader of its words.

import { dsaddIntents, dsmodIntents, dsrmIntents } from './directory-tools.ts';
import { carried, type Intent, intent, UNKNOWN } from './intent.ts';
import { netIntents } from './net-command.ts';
import { scriptOfPowerShell } from './powershell/command-line.ts';
import { DEEPEST, scriptIntents } from './powershell/script-intents.ts';
import { regeditIntents, regIntents } from './registry-tools.ts';
import { behindShellWords, commandBehindSwitch, commandsInLine, withUnknownVariables } from './shell-line.ts';
import { wmicCommand } from './wmic-command.ts';
import { argumentsIn, programName, wordsOf } from './words.ts';

/** Words behind the program, the same as one text, and how many programs carry it. */
type Reader = (words: readonly string[], line: string, depth: number) => readonly Intent[];

const powershell: Reader = (words, _, depth) => {
  const script = scriptOfPowerShell(words);
  return script === undefined ? [] : carried(scriptIntents(script, runProgram, depth + 1));
};

/** A window in which accounts can be changed: what was done there is not in the line. */
const console =
  (name: string): Reader =>
  () => [
    intent('account-changed', {
      isSupport: true,
      notes: [`opens ${name}; the command does not show what is changed there`],
    }),
  ];
const LUSRMGR = 'Local Users and Groups (lusrmgr.msc)';
const NETPLWIZ = 'User Accounts (netplwiz)';

const PROGRAMS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['net', netIntents],
  ['net1', netIntents],
  ['cmd', (_, line, depth) => carried(shellIntents(commandBehindSwitch(line), depth))],
  ['powershell', powershell],
  ['pwsh', powershell],
  ['powershell_ise', () => []],
  [
    'wmic',
    (words, _, depth) => {
      const { intents, starts, node } = wmicCommand(words);
      const all = starts === undefined ? intents : [...intents, ...carried(lineIntents(starts, depth + 1))];
      return node === undefined ? all : onHost(all, node);
    },
  ],
  ['dsadd', dsaddIntents],
  ['dsmod', dsmodIntents],
  ['dsrm', dsrmIntents],
  ['reg', regIntents],
  ['regedit', regeditIntents],
  ['regedt32', regeditIntents],
  [
    'mmc',
    (words, line, depth) =>
      words.some((word) => programName(word) === 'lusrmgr') ? console(LUSRMGR)(words, line, depth) : [],
  ],
  ['lusrmgr', console(LUSRMGR)],
  ['netplwiz', console(NETPLWIZ)],
  [
    'control',
    (words, line, depth) => (/^userpasswords2?$/i.test(words[0] ?? '') ? console(NETPLWIZ)(words, line, depth) : []),
  ],
  [
    'rundll32',
    (words, line, depth) =>
      /^[^,]{0,512}\bnetplwiz(?:\.dll)?["']?[, ]/i.test(line.trim()) ? console(NETPLWIZ)(words, line, depth) : [],
  ],
  ['psexec', (words, _, depth) => remoteIntents(words, depth)],
  ['psexec64', (words, _, depth) => remoteIntents(words, depth)],
  ['paexec', (words, _, depth) => remoteIntents(words, depth)],
  ['winrs', (words, _, depth) => remoteIntents(words, depth)],
  ['schtasks', (words, _, depth) => taskIntents(words, depth)],
  ['at', (words, _, depth) => atIntents(words, depth)],
  ['sc', (words, _, depth) => serviceIntents(words, depth)],
  ['forfiles', (words, _, depth) => carried(lineIntents(behind(words, 'c') ?? '', depth + 1))],
]);

/** Of programs whose words say nothing about accounts without one of these. */
const HINT =
  /user|group|accounts|computer|winnt|\bsam\b|\bds(?:add|mod|rm)\b|\breg|netplwiz|lusrmgr|[a-z]l[ug]m?\b|-ad|\bnet1?\b|[\^`+%!]|[-/\u2013\u2014]e/i;

/** Whether a process of this image, by path or name, may change accounts with this command line: a fast test before anything is parsed. */
export function isAccountCommand(image: string, line: string): boolean {
  return isAccountCommandImage(image) && HINT.test(line);
}

/** Whether commands of a program of this name are read at all. */
export function isAccountCommandImage(image: string): boolean {
  return PROGRAMS.has(programName(image));
}

/** The intents of one program and the words behind it; none of a program that is not in the table. */
export function runProgram(name: string, words: readonly string[], line: string, depth: number): readonly Intent[] {
  if (depth > DEEPEST) return [];
  return PROGRAMS.get(programName(name))?.(words, line, depth) ?? [];
}

/** The intents of a whole command line; `image` is the program's path, where a record has it besides, and `program` the name to read it by. */
export function lineIntents(line: string, depth: number, image?: string, program = image): readonly Intent[] {
  if (depth > DEEPEST) return [];
  const behindProgram = argumentsIn(line, image);
  const text = line.trimStart();
  const named =
    program ??
    (text.startsWith('"') ? text.slice(1, text.indexOf('"', 1)) : text.slice(0, text.length - behindProgram.length));
  return runProgram(named, wordsOf(behindProgram), behindProgram, depth);
}

/** The commands of a line for cmd.exe. */
function shellIntents(line: string | undefined, depth: number): readonly Intent[] {
  if (line === undefined) return [];
  return commandsInLine(line).flatMap((command) =>
    lineIntents(withUnknownVariables(withComspec(behindShellWords(command)), UNKNOWN), depth + 1),
  );
}

function withComspec(command: string): string {
  return command.replace(/^"?%comspec%"?/i, 'cmd').replace(/^("?)%(?:systemroot|windir)%/i, '$1C:\\Windows');
}

function onHost(intents: readonly Intent[], host: string): readonly Intent[] {
  return intents.map((one) => ({ ...one, notes: [...(one.notes ?? []), `to be run on ${host.slice(0, 256)}`] }));
}

/** Options of these programs that have a value. */
const VALUED = /^[-/](?:u|p|n|w|r|rc|a|i|g|username|password|remote|directory|environment|timeout|unencrypted)$/i;

/** psexec \\HOST -s reg add ...: the command begins with the first word that is no option. */
function remoteIntents(words: readonly string[], depth: number): readonly Intent[] {
  let host: string | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    const remote = /^[-/]r(?:emote)?:(.{1,255})$/i.exec(word)?.[1];
    if (word.startsWith('\\\\')) host = word;
    else if (remote !== undefined) host = remote;
    else if (!/^[-/]/.test(word)) {
      const rest = words.slice(i);
      // One word may hold the whole command.
      const found =
        rest.length === 1
          ? lineIntents(rest[0], depth + 1)
          : runProgram(word, rest.slice(1), rest.slice(1).join(' '), depth + 1);
      return host === undefined ? carried(found) : onHost(carried(found), host);
    } else if (VALUED.test(word) && !/^[-/]i$/i.test(word)) i++;
    else if (/^[-/]i$/i.test(word) && /^\d+$/.test(words[i + 1] ?? '')) i++;
  }
  return [];
}

function behind(words: readonly string[], name: string): string | undefined {
  const at = words.findIndex((word) => /^[-/]/.test(word) && word.slice(1).toLowerCase() === name);
  return at < 0 ? undefined : words[at + 1];
}

function taskIntents(words: readonly string[], depth: number): readonly Intent[] {
  const line = behind(words, 'tr');
  if (line === undefined || !words.some((word) => /^[-/](?:create|change)$/i.test(word))) return [];
  return carried(lineIntents(line, depth + 1), 'to be run by a scheduled task');
}

/** at [\\HOST] 12:00 [/every:...] command */
function atIntents(words: readonly string[], depth: number): readonly Intent[] {
  const time = words.findIndex((word) => /^\d{1,2}:\d\d(?:[ap]m?)?$/i.test(word));
  if (time < 0) return [];
  const rest = words.slice(time + 1).filter((word, i) => i > 1 || !/^\/(?:every|next|interactive)/i.test(word));
  const found =
    rest.length === 1
      ? lineIntents(rest[0], depth + 1)
      : rest.length > 1
        ? runProgram(rest[0], rest.slice(1), rest.slice(1).join(' '), depth + 1)
        : [];
  return carried(found, 'to be run by a scheduled task');
}

/** sc create NAME binPath= "cmd /c ..." */
function serviceIntents(words: readonly string[], depth: number): readonly Intent[] {
  const at = words.findIndex((word) => /^binpath=/i.test(word));
  if (at < 0 || !words.some((word) => /^(?:create|config)$/i.test(word))) return [];
  const line = words[at].slice('binpath='.length).trim() || words[at + 1];
  return line === undefined ? [] : carried(lineIntents(line, depth + 1), 'to be run by a service');
}
