// From ATT&CK's name of a log source ("WinEventLog:Sysmon", "EventCode=10") to a condition over events' own fields.

import { and, type Condition, like, match } from '../rule/condition.ts';
import { literal } from '../rule/pattern.ts';
import { SERVICES } from '../rule/sources.ts';

const PREFIX = /^(?:WinEventLog|EventLog|Windows Event Log)s?\s*:\s*/i;

/** ATT&CK's names of channels that are not the service's name in Sigma's taxonomy, in lower case. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'windows powershell': 'powershell-classic',
  'powershell/operational': 'powershell',
  'wmi-activity': 'wmi',
  'wmi activity': 'wmi',
  'windows defender': 'windefend',
  defender: 'windefend',
  codeintegrity: 'codeintegrity-operational',
  'task scheduler': 'taskscheduler',
  'terminal services': 'terminalservices-localsessionmanager',
  dns: 'dns-server',
  printservice: 'printservice-operational',
  bits: 'bits-client',
};

/** Numbers of events that one log source names at most. */
const MOST_IDS = 1000;

/**
 * The events of a log source of ATT&CK: those of the channel that `name` means, and of these the ones whose numbers `channel` gives ("EventCode=1, 4688"); where it
 * gives none, all. Undefined for what is no Windows event log.
 */
export function logSourceCondition(name: string | undefined, channel?: string): Condition | undefined {
  const channels = channelsOf(name);
  if (!channels) return undefined;
  const ids = eventIdsOf(channel ?? '');
  const ofChannel = like('Channel', ...channels.map((one) => literal(one)));
  if (ids.length === 0) return ofChannel;
  return and(match('EventID', ...ids.map((id) => ({ kind: 'number', op: 'eq', than: id }) as const)), ofChannel);
}

/** The same out of one text, as a command line gives it: "WinEventLog:Sysmon/EventCode=10". */
export function logSourceOfText(text: string): Condition | undefined {
  const [, name, channel] = /^(.*?)(?:[/\s,]+(event\s*(?:code|id).*))?$/is.exec(text.trim()) ?? [];
  return logSourceCondition(name, channel);
}

/** The events of a product that is the name of a Windows event log ("Sysmon", "Windows Security"); undefined for any other. */
export function productCondition(product: string): Condition | undefined {
  const key = product.trim().toLowerCase();
  const names = [key, key.replace(/^(?:microsoft[\s-]+)?windows[\s-]+/, '')];
  const known = names
    .map((name) => (Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : name))
    .find((name) => Object.hasOwn(SERVICES, name));
  return known === undefined ? undefined : logSourceCondition(`WinEventLog:${known}`);
}

/** Channels that are known of services, in lower case. */
const CHANNELS: ReadonlySet<string> = new Set(
  Object.values(SERVICES).flatMap((kinds) => kinds.flatMap(({ channels }) => channels.map((one) => one.toLowerCase()))),
);

/** The channels that a log source's name means: by ATT&CK's name, or by a channel's own, in full. Undefined for what is no Windows event log. */
export function channelsOf(name: string | undefined): readonly string[] | undefined {
  const prefix = PREFIX.exec(name ?? '');
  if (!name) return undefined;
  if (!prefix) return CHANNELS.has(name.trim().toLowerCase()) ? [name.trim()] : undefined;
  const own = name.slice(prefix[0].length).trim();
  const key = own.toLowerCase();
  const service = Object.hasOwn(OTHER_NAMES, key) ? OTHER_NAMES[key] : key;
  if (Object.hasOwn(SERVICES, service)) return SERVICES[service].flatMap((kind) => kind.channels);
  // What is no name of the tables is the channel's own.
  return own === '' ? undefined : [own];
}

/** Whether a name of Windows event logs is one that the tables know: ATT&CK's word for a service, or a channel's own name in full. */
export function isKnownLog(name: string): boolean {
  const own = name.replace(PREFIX, '').trim().toLowerCase();
  return Object.hasOwn(OTHER_NAMES, own) || Object.hasOwn(SERVICES, own) || CHANNELS.has(own);
}

/** The numbers behind "EventCode", "EventID" or "Event ID", each once, ascending. */
export function eventIdsOf(text: string): readonly number[] {
  const ids = new Set<number>();
  const lists = text.matchAll(
    /event[\s_]?(?:code|id)s?\s*(?:==?|:|\bin\b)?\s*\(?\s*((?:\d{1,5}(?:\s*(?:,|\/|\||-|–|\bto\b|\band\b|\bor\b)\s*(?:or\s+|and\s+)?)?)+)/gi,
  );
  for (const [, list] of lists)
    for (const [, from, to] of list.matchAll(/(\d{1,5})(?:\s*(?:-|–|\bto\b)\s*(\d{1,5}))?/g)) {
      const last = to === undefined ? Number(from) : Number(to);
      for (let id = Number(from); id <= last && ids.size < MOST_IDS; id++) ids.add(id);
    }
  return [...ids].sort((a, b) => a - b);
}
