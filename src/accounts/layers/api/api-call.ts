// One call of an API as telemetry tells it, whichever vendor's event it stands in: its name, who made it, its arguments by name, and how it ended.

import type { Outcome } from '../../document.ts';
import { type AccountRecord, optional, ridOf } from '../../record.ts';
import type { ActorSeen, Named } from '../../sighting.ts';

export interface ApiCall {
  /** As the event writes it: "netapi32!NetUserAdd", "RegSetValueExW". */
  readonly api: string;
  /** 100 ns since 1601, UTC. */
  readonly at: bigint | undefined;
  /** Where the call was made, or recorded. */
  readonly host: string | undefined;
  readonly actor: ActorSeen | undefined;
  /** By name in lower case; a list is several values. */
  readonly arguments: ReadonlyMap<string, readonly string[]>;
  /** What the API returned; undefined where the event does not tell. */
  readonly result: string | undefined;
  /** How it ended, where the result does not say; a call whose end is not told is an attempt. */
  readonly outcome: Outcome;
  readonly record: AccountRecord;
}

/** The first argument of one of these names that has a value. */
export function argument(call: ApiCall, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = call.arguments.get(name)?.find(isThere);
    if (text !== undefined) return text.trim();
  }
  return undefined;
}

function isThere(text: string): boolean {
  const own = text.trim();
  return own !== '' && own !== '-' && !/^\(?null\)?$/i.test(own);
}

/** 32 bits, as decimal or hexadecimal text. */
export function numberArgument(call: ApiCall, ...names: readonly string[]): number | undefined {
  const text = argument(call, ...names);
  return text !== undefined && /^(?:0x[\da-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : undefined;
}

/** Values of what APIs return. NET_API_STATUS, NTSTATUS and LSTATUS have one success: zero. */
export function outcomeOf({ result, outcome }: ApiCall): Outcome {
  const text = result?.trim() ?? '';
  if (/^0x0{1,16}$|^0{1,10}$/i.test(text) || /^(?:STATUS_|NERR_|ERROR_)?SUCCESS$|^S_OK$/i.test(text)) return 'success';
  if (/^(?:0x[\da-f]{1,16}|-?\d{1,20})$/i.test(text)) return 'failure';
  if (/^(?:STATUS|NERR|ERROR|RPC_S|E)_\w{1,64}$|^(?:fail(?:ed|ure)?|denied|blocked)$/i.test(text)) return 'failure';
  return text === '' ? outcome : 'attempt';
}

const LOCAL: ReadonlySet<string> = new Set(['', '.', 'localhost', '127.0.0.1', '::1', '[::1]']);

/** The other computer whose accounts a call is about, "\\DC1"; undefined where they are those of the call's own. NetUserChangePassword takes a domain there, too. */
export function remoteHost(call: ApiCall): string | undefined {
  const domain = argument(call, 'domainname');
  const server = argument(call, 'servername') ?? (domain?.startsWith('\\\\') ? domain : undefined);
  const name = server?.replace(/^\\+/, '').trim();
  if (name === undefined || LOCAL.has(name.toLowerCase())) return undefined;
  return isSameHost(name, call.host) ? undefined : name;
}

/** A short name is that of the long one that begins with it. */
function isSameHost(one: string, other: string | undefined): boolean {
  if (other === undefined) return false;
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  if (a === b) return true;
  if (isAddress(a) || isAddress(b)) return false;
  const [first, second] = [a.split('.'), b.split('.')];
  return first[0] === second[0] && (first.length === 1 || second.length === 1);
}

function isAddress(text: string): boolean {
  return /^[\d.]+$/.test(text) || text.includes(':');
}

const SID = /^S-1-\d+(?:-\d+)*$/i;

/** A SID, "DOMAIN\name" or a name. */
export function principalOf(text: string): Named {
  if (SID.test(text)) return { sid: text, ...optional('rid', ridOf(text)) };
  const at = text.indexOf('\\');
  if (at < 0) return { name: text };
  return { ...(at > 0 ? { domain: text.slice(0, at) } : {}), name: text.slice(at + 1) };
}

/** What a call is about, of its name, SID and RID; undefined where it tells none. */
export function namedOf(
  call: ApiCall,
  names: readonly string[],
  sids: readonly string[],
  rids: readonly string[],
): Named | undefined {
  const name = argument(call, ...names);
  const sid = argument(call, ...sids);
  const rid = numberArgument(call, ...rids);
  const domain = argument(call, 'domain');
  const told: Named = {
    ...(rid === undefined ? {} : { rid, ...optional('sid', builtinSid(domain, rid)) }),
    ...optional('domain', domain),
    ...(name === undefined ? {} : principalOf(name)),
    ...(sid !== undefined && SID.test(sid) ? { sid, ...optional('rid', ridOf(sid)) } : {}),
  };
  const { name: own, sid: ownSid, rid: ownRid } = told;
  return own === undefined && ownSid === undefined && ownRid === undefined ? undefined : told;
}

function builtinSid(domain: string | undefined, rid: number): string | undefined {
  return domain?.toLowerCase() === 'builtin' ? `S-1-5-32-${rid}` : undefined;
}

/** Actor of "HOST\name", a SID and a session; never lsass.exe, which carries out what others ask. */
export function actorOf(told: {
  readonly user?: string;
  readonly domain?: string;
  readonly sid?: string;
  readonly logonId?: string;
  readonly source?: string;
  readonly image?: string;
  readonly pid?: string;
  readonly commandLine?: string;
  readonly parentImage?: string;
}): ActorSeen | undefined {
  const { sid, image } = told;
  const pid = told.pid !== undefined && /^(?:0x[\da-f]{1,8}|\d{1,10})$/i.test(told.pid) ? Number(told.pid) : 0;
  const isServer = image !== undefined && /(?:^|\\)lsass\.exe$/i.test(image);
  const process = isServer
    ? {}
    : {
        ...optional('image', image),
        ...(pid > 0 ? { pid } : {}),
        ...optional('commandLine', told.commandLine),
        ...optional('parentImage', told.parentImage),
      };
  const actor: ActorSeen = {
    ...optional('domain', told.domain),
    ...(told.user === undefined ? {} : principalOf(told.user)),
    ...(sid !== undefined && SID.test(sid) ? { sid, ...optional('rid', ridOf(sid)) } : {}),
    ...optional('logonId', told.logonId),
    ...optional('source', told.source),
    ...(Object.keys(process).length > 0 ? { process } : {}),
  };
  return Object.keys(actor).some((key) => key !== 'domain') ? actor : undefined;
}
