// Accounts and groups through CIM and WMI: Win32_UserAccount and Win32_Group, by the commands for them and by methods of what they give.

import { accountOf, groupOf, type Intent, intent, unknownNote } from '../intent.ts';
import { nameInQuery, renameIntent, userAccountSetting } from '../wmic-command.ts';
import type { Argument, Command, IsRun } from './commands.ts';
import type { Script } from './script.ts';

/** What a query singles out. */
interface Queried {
  readonly kind: 'account' | 'group';
  readonly name: string | undefined;
}

/** Tokens of a statement that are looked at for its class and condition. */
const LONGEST_STATEMENT = 48;

function queriedBy(text: string): Queried | undefined {
  const kind = /\bwin32_(useraccount|group)\b/i.exec(text)?.[1].toLowerCase();
  if (kind === undefined) return undefined;
  return { kind: kind === 'group' ? 'group' : 'account', name: nameInQuery(text) };
}

const WRITERS: ReadonlySet<string> = new Set(['set-ciminstance', 'set-wmiinstance']);
const CALLERS: ReadonlySet<string> = new Set(['invoke-cimmethod', 'invoke-wmimethod']);

/** The intents of Set-CimInstance, Invoke-CimMethod and their like; undefined of another command. */
export function wmiIntents(script: Script, command: Command): readonly Intent[] | undefined {
  const { name, input, args } = command;
  const isWriter = WRITERS.has(name);
  if (!isWriter && !CALLERS.has(name)) return undefined;
  const own = textOf(args);
  const piped = input && 'args' in input ? textOf(input.args) : '';
  const variable = args.map(({ at }) => script.tokens[at]).find((token) => token?.kind === 'variable');
  const queried =
    queriedBy(`${own} ${piped}`) ?? (variable && variableQueries(script, () => true).get(variable.text)) ?? undefined;
  if (!queried) return [];
  // @{Disabled = $true}: the last table is the properties, or the arguments.
  const tables = args.filter(({ at }) => script.tokens[at]?.text === '@{');
  const pairs = tables.length === 0 ? [] : script.pairs(tables[tables.length - 1].at);
  if (isWriter) return pairs.flatMap(({ key, value }) => settingIntents(queried, key, value.texts[0] ?? ''));
  if (!/(?:^|\s)rename(?:\s|$)/i.test(own)) return [];
  const given = pairs.find(({ key }) => key === 'name')?.value.texts[0] ?? behind(args, 'argumentlist');
  return given === undefined ? [] : [renameIntent(queried.kind, queried.name, given)];
}

function behind(args: readonly Argument[], name: string): string | undefined {
  const at = args.findIndex((one) => one.name !== undefined && one.name.length > 0 && name.startsWith(one.name));
  return at < 0 ? undefined : (args[at + 1]?.value[0] ?? args[at].value[0]);
}

function textOf(args: readonly Argument[]): string {
  return args
    .slice(0, 64)
    .flatMap(({ value }) => value.slice(0, 16))
    .join(' ')
    .slice(0, 8192);
}

function settingIntents({ kind, name }: Queried, key: string, value: string): readonly Intent[] {
  const found = kind === 'account' ? userAccountSetting(key, value) : undefined;
  return found
    ? [intent(found.kind, { ...found, account: accountOf(name), scope: 'local', notes: unknownNote('account', name) })]
    : [];
}

/** $u = Get-WmiObject Win32_UserAccount -Filter ...: by variable. */
function variableQueries(script: Script, isRun: IsRun): ReadonlyMap<string, Queried> {
  const found = new Map<string, Queried>();
  script.tokens.forEach(({ kind, text }, i) => {
    if (kind !== 'variable' || script.tokens[i + 1]?.kind !== 'assign' || !isRun(i)) return;
    const queried = queriedBy(statementText(script, i + 2, script.tokens.length));
    if (queried) found.set(text, queried);
  });
  return found;
}

function statementText(script: Script, start: number, end: number): string {
  const parts: string[] = [];
  for (let i = start; i < Math.min(end, start + LONGEST_STATEMENT); i++) {
    const { kind, text } = script.tokens[i];
    if (kind === 'end') break;
    if (kind === 'word' || kind === 'string') parts.push(script.resolved(text.slice(0, 1024)));
    else if (kind === 'type') parts.push(text);
  }
  return parts.join(' ');
}

/** Methods and properties of what a query gave: .Rename("x"), .Disabled = $true. */
export function wmiMethodIntents(script: Script, isRun: IsRun): readonly Intent[] {
  const { tokens } = script;
  let variables: ReadonlyMap<string, Queried> | undefined;
  return tokens.flatMap(({ kind, text }, i): readonly Intent[] => {
    const after = tokens[i + 1];
    if (kind !== 'member' || after === undefined || !isRun(i)) return [];
    const isCall = after.text === '(' && after.kind === 'open' && (text === 'rename' || text === 'delete');
    if (!isCall && after.kind !== 'assign') return [];
    const before = tokens[i - 1];
    let queried: Queried | undefined;
    if (before?.kind === 'variable') {
      variables ??= variableQueries(script, isRun);
      queried = variables.get(before.text);
    } else if (before?.kind === 'close') {
      const open = script.opening(i - 1);
      queried = open === undefined ? undefined : queriedBy(statementText(script, open + 1, i - 1));
    }
    if (!queried) return [];
    if (!isCall) return settingIntents(queried, text, script.expression(i + 2, 0).texts[0] ?? '');
    const given = script.expression(i + 2, 0).texts[0];
    if (text === 'rename') return given === undefined ? [] : [renameIntent(queried.kind, queried.name, given)];
    const about = queried.kind === 'account' ? { account: accountOf(queried.name) } : { group: groupOf(queried.name) };
    return [
      intent(queried.kind === 'account' ? 'account-deleted' : 'group-deleted', {
        ...about,
        scope: 'local',
        notes: unknownNote(queried.kind, queried.name),
      }),
    ];
  });
}
