// What a command would change, as far as its words tell: the common answer of all readers of commands.

import type { ChangeKind, Direction, Scope, Setting } from '../../document.ts';
import { optional, ridOf } from '../../record.ts';
import type { Named } from '../../sighting.ts';
import { builtinGroupSid } from './builtin-groups.ts';

export interface Intent {
  readonly kind: ChangeKind;
  /** undefined where it depends on the host: `net user x /add` on a domain controller is the domain's. */
  readonly scope?: Scope;
  readonly account?: Named;
  readonly group?: Named;
  readonly member?: Named;
  readonly direction?: Direction;
  readonly settings?: readonly Setting[];
  readonly notes?: readonly string[];
  /** Nothing is changed by the command itself. */
  readonly isSupport?: true;
  /** It stood in the line of another program, which was to start it. */
  readonly isCarried?: true;
}

/** Stands in a text for a part that the record does not show: a variable, a call. No command line has it. */
export const UNKNOWN = '\0';
/** Members or accounts that one command gives; of more, how many is said. */
export const MOST_NAMED = 1000;

const SID = /^S-1-\d+(?:-\d+){1,15}$/i;
/** Names of accounts and groups have at most 256 characters, those of domains 255. */
const LONGEST_NAME = 512;

/** An account as a command names it: a name, HOST\name, a SID. undefined where the name is not shown. */
export function accountOf(text: string | undefined): Named | undefined {
  const own = text?.trim();
  if (own === undefined || own === '' || own.includes(UNKNOWN)) return undefined;
  if (SID.test(own)) return { sid: own.toUpperCase(), ...optional('rid', ridOf(own)) };
  const cut = own.indexOf('\\');
  const domain = cut > 0 ? own.slice(0, cut) : undefined;
  const name = own.slice(cut + 1).slice(0, LONGEST_NAME);
  // "." is the host itself.
  return { ...(name === '' ? {} : { name }), ...optional('domain', domain === '.' ? undefined : domain) };
}

/** A group; one that Windows brings along also with its SID, in whatever language it is named. */
export function groupOf(text: string | undefined): Named | undefined {
  const own = accountOf(text);
  const sid = own?.name === undefined ? undefined : builtinGroupSid(own.name);
  return sid === undefined ? own : { ...own, sid, ...optional('rid', ridOf(sid)) };
}

/** What is said where a command names whom it is about by something that the record does not show. */
export function unknownNote(what: string, text: string | undefined): readonly string[] {
  return text === undefined || text.includes(UNKNOWN) || text.trim() === ''
    ? [`the command does not show which ${what}`]
    : [];
}

export function settingOf(name: string, value: string): Setting {
  return { name, old: null, new: value.includes(UNKNOWN) ? '(not shown)' : value.slice(0, LONGEST_NAME) };
}

/** An intent without the properties that have nothing. */
export function intent(kind: ChangeKind, parts: Partial<Record<keyof Omit<Intent, 'kind'>, unknown>>): Intent {
  const there = Object.entries(parts).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return { kind, ...Object.fromEntries(there) };
}

/** An intent for each of those that are named, at most {@link MOST_NAMED}; one for nobody where none is. */
export function each(texts: readonly string[], make: (text: string | undefined) => Intent): readonly Intent[] {
  if (texts.length === 0) return [make(undefined)];
  const made = texts.slice(0, MOST_NAMED).map(make);
  const left = texts.length - made.length;
  if (left === 0) return made;
  const last = made[made.length - 1];
  return [...made.slice(0, -1), { ...last, notes: [...(last.notes ?? []), `the command names ${left} more`] }];
}

/** The same, said of what another program was to run. */
export function carried(intents: readonly Intent[], note?: string): readonly Intent[] {
  return intents.map((one) => ({
    ...one,
    isCarried: true,
    ...(note === undefined ? {} : { notes: [...(one.notes ?? []), note] }),
  }));
}
