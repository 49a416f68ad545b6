// What a PowerShell script would change: its own commands, ADSI and WMI, programs that it starts, and scripts in its texts.

import { carried, type Intent, UNKNOWN } from '../intent.ts';
import { registryIntent } from '../registry-tools.ts';
import { wordsOf } from '../words.ts';
import { adsiIntents } from './adsi.ts';
import { bind, parametersOf } from './binding.ts';
import { cmdletIntents } from './cmdlet-intents.ts';
import { ALIASES, CMDLETS } from './cmdlets.ts';
import { type Command, commandsOf } from './commands.ts';
import { Script } from './script.ts';
import { wmiIntents, wmiMethodIntents } from './wmi.ts';

/** Gives the intents of a program that a script starts; `depth` counts programs and texts within one another. */
export type RunProgram = (name: string, words: readonly string[], line: string, depth: number) => readonly Intent[];

/** Scripts and programs within one another. */
export const DEEPEST = 4;
/** Characters of one script: script block logging cuts longer ones into parts of 20,000, which are put together before. */
export const LONGEST_SCRIPT = 1 << 22;

/** Words without which no script changes an account. */
const HINT =
  /local(?:user|group)|winnt:|win32_(?:useraccount|group)\b|useraccount|userlist|\bnet1?(?:\.exe)?["'\s]+(?:user|localgroup|group|accounts|computer)|[-](?:ad(?:user|account|group|computer|principal))|\b(?:nlu|slu|elu|dlu|rlu|rnlu|nlg|slg|rlg|rnlg|algm|rlgm)\b|\bds(?:add|mod|rm)\b|\breg(?:edit)?(?:\.exe)?\s|\\sam\\|encodedcommand|\s[-/]en?c?\s|\bnet1?(?:\.exe)?\b/i;
const NOISE = /`|["']\s{0,8}\+\s{0,8}["']/g;

/** Whether a script may change an account at all; told without reading it. */
export function mayChangeAccounts(text: string): boolean {
  if (HINT.test(text)) return true;
  return (text.includes('`') || text.includes('+')) && HINT.test(text.slice(0, LONGEST_SCRIPT).replaceAll(NOISE, ''));
}

export function scriptIntents(text: string, run: RunProgram, depth = 0): readonly Intent[] {
  if (depth > DEEPEST || !mayChangeAccounts(text)) return [];
  const script = new Script(text.slice(0, LONGEST_SCRIPT));
  const { commands, isRun } = commandsOf(script);
  const own = commands.flatMap((command) => commandIntents(script, command, run, depth));
  return [...own, ...adsiIntents(script, isRun), ...wmiMethodIntents(script, isRun)];
}

function commandIntents(script: Script, given: Command, run: RunProgram, depth: number): readonly Intent[] {
  // Microsoft.PowerShell.LocalAccounts\New-LocalUser
  const plain = given.name.replace(/^(?:microsoft\.powershell\.\w{1,32}|activedirectory|cimcmdlets)\\/, '');
  const name = ALIASES.get(plain) ?? plain;
  const command = { ...given, name };
  const cmdlet = CMDLETS.get(name);
  if (cmdlet) {
    const bound = bind(command, parametersOf(cmdlet), script);
    return bound ? cmdletIntents(name, cmdlet, bound, pipedNames(script, command)) : [];
  }
  const wmi = wmiIntents(script, command);
  if (wmi) return wmi;
  switch (name) {
    case 'invoke-expression': {
      const texts = command.args.flatMap(({ value }) => value);
      const piped = Array.isArray(command.input) ? (command.input as readonly string[]) : [];
      return [...texts, ...piped].slice(0, 16).flatMap((text) => scriptIntents(text, run, depth + 1));
    }
    case 'start-process':
      return started(command, script, run, depth);
    case 'set-itemproperty':
    case 'new-itemproperty':
    case 'remove-itemproperty':
    case 'remove-item':
    case 'new-item':
      return propertyIntents(command, script);
    default: {
      if (name === UNKNOWN || name === '') return [];
      const words = command.args.flatMap(({ name: parameter, value, isBound }) =>
        parameter === undefined ? value : [`-${parameter}${isBound ? ':' : ''}`, ...value],
      );
      return carried(run(name, words, words.join(' '), depth + 1));
    }
  }
}

/** What a command would change whose parameters a record lists, by name in lower case; arrays stand in one text. */
export function invocationIntents(
  name: string,
  parameters: ReadonlyMap<string, readonly string[]>,
  run: RunProgram,
): readonly Intent[] {
  const isTable = CMDLETS.has(name);
  const args = [...parameters].map(([parameter, values]) => ({
    name: parameter,
    isBound: true,
    value: isTable ? values.flatMap((value) => value.split(', ')) : values,
    at: -1,
  }));
  return commandIntents(new Script(''), { name, args, at: -1 }, run, 0);
}

/** What comes through the pipe: texts, or whom the command in front of it names. */
function pipedNames(script: Script, { input }: Command): readonly string[] | undefined {
  if (input === undefined) return undefined;
  if (!('args' in input)) return input as readonly string[];
  const name = ALIASES.get(input.name) ?? input.name;
  if (name === 'write-output' || name === 'echo') return input.args.flatMap(({ value }) => value);
  if (/^get-ad(?:user|computer|group)$/.test(name)) {
    const bound = bind(input, { named: ['identity', 'filter'], switches: [], positional: ['identity'] }, script);
    return bound?.get('identity') ?? [UNKNOWN];
  }
  if (!/^(?:get|new|enable|disable|set)-local(?:user|group)$/.test(name)) return [UNKNOWN];
  const bound = bind(
    input,
    { named: ['name', 'sid', 'password', 'fullname', 'description'], switches: ['nopassword'], positional: ['name'] },
    script,
  );
  return bound?.get('name') ?? bound?.get('sid') ?? [UNKNOWN];
}

function started(command: Command, script: Script, run: RunProgram, depth: number): readonly Intent[] {
  const bound = bind(
    command,
    {
      named: [
        'filepath',
        'argumentlist',
        'args',
        'credential',
        'workingdirectory',
        'verb',
        'windowstyle',
        'redirectstandardoutput',
      ],
      switches: ['wait', 'nonewwindow', 'passthru', 'loaduserprofile'],
      positional: ['filepath', 'argumentlist'],
    },
    script,
  );
  const file = bound?.get('filepath')?.[0];
  if (file === undefined || file.includes(UNKNOWN)) return [];
  const line = (bound?.get('argumentlist') ?? bound?.get('args') ?? []).join(' ');
  return carried(run(file, wordsOf(line), line, depth + 1));
}

function propertyIntents(command: Command, script: Script): readonly Intent[] {
  const isRemove = command.name.startsWith('remove');
  const isItem = command.name.endsWith('-item');
  const bound = bind(
    command,
    {
      named: ['path', 'literalpath', 'name', 'value', 'propertytype', 'type', 'itemtype', 'filter'],
      switches: ['recurse', 'passthru'],
      positional: isItem ? ['path'] : ['path', 'name', 'value'],
    },
    script,
  );
  const path = bound?.get('path')?.[0] ?? bound?.get('literalpath')?.[0];
  if (path === undefined) return [];
  const found = registryIntent(
    isRemove ? 'delete' : 'set',
    path.replace(/^(?:microsoft\.powershell\.core\\)?registry::/i, ''),
    isItem ? undefined : (bound?.get('name')?.[0] ?? UNKNOWN),
    bound?.get('value')?.[0],
  );
  return found ? [found] : [];
}
