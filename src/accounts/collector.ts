// Events, one by one, into what they say of accounts, and what they show of the layers that were collected.

import type { LogEvent } from '../logs/event.ts';
import type { Evidence, LayerId } from './document.ts';
import { hostKey } from './hosts.ts';
import { readApiRecord } from './layers/api/api.ts';
import type { ApiMapping } from './layers/api/api-mapping.ts';
import { builtInMappings } from './layers/api/built-in-mappings.ts';
import { SAMR_PIPE_EVENTS } from './layers/api/samr-pipe.ts';
import { CommandLayer } from './layers/command/command-layer.ts';
import { processStart } from './layers/command/process-record.ts';
import { ENUMERATION_EVENTS, HANDLE_EVENTS, NATIVE_EVENTS } from './layers/native/event-table.ts';
import { handleSighting } from './layers/native/handles.ts';
import { nativeSighting } from './layers/native/native.ts';
import { isSamAct, registrySighting } from './layers/registry/registry.ts';
import { securityAct, sysmonAct } from './layers/registry/registry-act.ts';
import { AccountRecord, logonIdOf } from './record.ts';
import type { Sighting } from './sighting.ts';

/** What of a host's channels was there. */
export interface Presence {
  /** As the first record writes it. */
  readonly host: string;
  /** Events of each layer that show that it is collected, with the times of the first and the last. */
  readonly layers: Readonly<Record<LayerId, Span>>;
  /** Events of its channels that are none of those: the channel is there, and filtered. */
  readonly channels: Readonly<Record<LayerId, Span>>;
}

export interface Span {
  count: number;
  first: bigint | undefined;
  last: bigint | undefined;
}

/** A logon session, by its id. */
export interface Logon {
  readonly at: bigint | undefined;
  readonly name: string | undefined;
  readonly source: string | undefined;
}

/** What an account of the host did. */
export interface Deed {
  readonly key: string;
  readonly name: string;
  readonly at: bigint | undefined;
  readonly kind: 'logon' | 'process';
  readonly what: string;
  readonly evidence: Evidence;
}

export interface Finding {
  readonly what: string;
  readonly host: string | undefined;
  readonly evidence: Evidence;
}

const SECURITY = 'microsoft-windows-security-auditing';
const SYSMON = 'microsoft-windows-sysmon';
const LAPS = 'microsoft-windows-laps';
/** Windows PowerShell's own, PowerShell 7's, and the old log's. */
const POWERSHELL: ReadonlySet<string> = new Set(['microsoft-windows-powershell', 'powershellcore', 'powershell']);
/** Commands with their parameters, and scripts. */
const POWERSHELL_EVENTS: ReadonlySet<number> = new Set([4103, 4104, 800]);

/** Deeds and logons that are kept at most: a large log has no end of them. */
const MOST_KEPT = 100_000;

export class Collector {
  readonly sightings: Sighting[] = [];
  readonly presence = new Map<string, Presence>();
  readonly deeds: Deed[] = [];
  readonly findings: Finding[] = [];
  /** By host and logon id. */
  readonly logons = new Map<string, Logon>();
  /** By host, when Windows LAPS set a password. */
  readonly rotations = new Map<string, bigint[]>();
  /** Accounts that were told of, by their names in lower case. */
  readonly names = new Set<string>();
  /** Events that were looked at. */
  events = 0;
  readonly #mappings: readonly ApiMapping[];
  readonly #commands = new CommandLayer();

  /** `mappings`: how other vendors' events tell calls of APIs. */
  constructor(mappings: readonly ApiMapping[] = builtInMappings()) {
    this.#mappings = mappings;
  }

  take(event: LogEvent): void {
    this.events++;
    const source = sourceOf(event);
    const record = new AccountRecord(event);
    if (source === undefined) {
      this.#other(record);
      return;
    }
    const { id } = record;
    switch (source) {
      case 'security':
        this.#security(record, id);
        return;
      case 'sysmon':
        this.#sysmon(record, id);
        return;
      case 'powershell':
        this.#mark(record, 'command', 'channels');
        if (POWERSHELL_EVENTS.has(id)) this.#command(record);
        return;
      case 'laps':
        if (id === 10020 && record.at !== undefined) {
          const key = hostKey(record.host);
          const times = this.rotations.get(key) ?? [];
          times.push(record.at);
          this.rotations.set(key, times);
        }
        return;
    }
  }

  #security(record: AccountRecord, id: number): void {
    this.#mark(record, 'native', 'channels');
    if (NATIVE_EVENTS.has(id)) {
      this.#mark(record, 'native', 'layers');
      this.#add(nativeSighting(record));
    } else if (ENUMERATION_EVENTS.has(id)) this.#mark(record, 'native', 'layers');
    else if (HANDLE_EVENTS.has(id)) this.#add(handleSighting(record));
    else if (id === 4657) this.#registry(record, securityAct(record));
    else if (id === 4624) this.#logon(record);
    else if (id === 4674) this.#access(record);
    else if (id === 4688) this.#start(record);
    else if (SAMR_PIPE_EVENTS.has(id)) this.#api(record);
  }

  #sysmon(record: AccountRecord, id: number): void {
    this.#mark(record, 'registry', 'channels');
    if (id === 12 || id === 13) this.#registry(record, sysmonAct(record));
    else if (id === 1) {
      this.#process(record);
      this.#start(record);
    }
  }

  /** Events of vendors: calls of APIs, and processes in the fields of ECS. */
  #other(record: AccountRecord): void {
    if (!this.#api(record) && Number.isNaN(record.id) && processStart(record)) this.#start(record);
  }

  #api(record: AccountRecord): boolean {
    const reading = readApiRecord(record, this.#mappings);
    if (!reading) return false;
    this.#mark(reading, 'api', 'channels');
    if (reading.reach === 'all') this.#mark(reading, 'api', 'layers');
    for (const one of reading.sightings) this.#add(one);
    return true;
  }

  /** The start of a process; without its command line it tells nothing. */
  #start(record: AccountRecord): void {
    this.#mark(record, 'command', 'channels');
    if (record.value('CommandLine') !== undefined || Number.isNaN(record.id)) this.#command(record);
  }

  #command(record: AccountRecord): void {
    this.#mark(record, 'command', 'layers');
    for (const one of this.#commands.take(record)) this.#add(one);
  }

  /** After the last event: what waited for more of it. */
  end(): void {
    for (const one of this.#commands.rest()) this.#add(one);
  }

  #registry(record: AccountRecord, act: ReturnType<typeof sysmonAct>): void {
    if (!act) return;
    if (isSamAct(act)) this.#mark(record, 'registry', 'layers');
    this.#add(registrySighting(record, act));
  }

  #add(one: Sighting | undefined): void {
    if (!one) return;
    this.sightings.push(one);
    if (one.account?.name !== undefined) this.names.add(one.account.name.toLowerCase());
  }

  #mark(record: Pick<AccountRecord, 'at' | 'host'>, layer: LayerId, what: 'layers' | 'channels'): void {
    const key = hostKey(record.host);
    let own = this.presence.get(key);
    if (!own) {
      own = { host: record.host ?? '', layers: spans(), channels: spans() };
      this.presence.set(key, own);
    }
    const span = own[what][layer];
    const { at } = record;
    span.count++;
    if (at === undefined) return;
    if (span.first === undefined || at < span.first) span.first = at;
    if (span.last === undefined || at > span.last) span.last = at;
  }

  #logon(record: AccountRecord): void {
    const id = logonIdOf(record.value('TargetLogonId'));
    const key = hostKey(record.host);
    const address = record.value('IpAddress');
    const source = address ?? record.value('WorkstationName');
    const name = record.value('TargetUserName');
    if (id !== undefined && this.logons.size < MOST_KEPT)
      this.logons.set(`${key} ${id}`, { at: record.at, name, source });
    if (name === undefined || hostKey(record.value('TargetDomainName')) !== key) return;
    const from = source === undefined ? '' : ` from ${source}`;
    this.#deed(record, name, 'logon', `logon type ${record.value('LogonType') ?? '?'}${from}`);
  }

  #process(record: AccountRecord): void {
    const [domain, name] = record.value('User')?.split('\\') ?? [];
    if (name === undefined || hostKey(domain) !== hostKey(record.host)) return;
    this.#deed(record, name, 'process', record.value('CommandLine') ?? record.value('Image') ?? '');
  }

  #deed(record: AccountRecord, name: string, kind: Deed['kind'], what: string): void {
    if (this.deeds.length >= MOST_KEPT) return;
    const layer = kind === 'logon' ? 'native' : 'command';
    const evidence = record.evidence(layer, `${record.id}`);
    this.deeds.push({ key: hostKey(record.host), name, at: record.at, kind, what, evidence });
  }

  /** 4674 on keys of the SAM: its access control is changed, not an account. */
  #access(record: AccountRecord): void {
    const object = record.value('ObjectName') ?? '';
    if (!/^\\REGISTRY\\MACHINE\\SAM\\SAM\\DOMAINS(?:\\|$)/i.test(object)) return;
    const by = record.value('ProcessName') ?? 'a program that is not named';
    this.findings.push({
      what: `access to the SAM's keys with a privilege by ${by}: their access control may have been changed`,
      host: record.host,
      evidence: record.evidence('native', '4674'),
    });
  }
}

function spans(): Record<LayerId, Span> {
  const span = (): Span => ({ count: 0, first: undefined, last: undefined });
  return { native: span(), command: span(), api: span(), registry: span() };
}

/** By the provider, and where an export has none, by the channel. */
function sourceOf({ system }: LogEvent): 'security' | 'sysmon' | 'powershell' | 'laps' | undefined {
  const provider = system.provider?.toLowerCase();
  const channel = system.channel?.toLowerCase();
  if (provider === SECURITY || (provider === undefined && channel === 'security')) return 'security';
  if (provider === SYSMON || (provider === undefined && channel === `${SYSMON}/operational`)) return 'sysmon';
  if (POWERSHELL.has(provider ?? '') || (provider === undefined && /powershell/.test(channel ?? '')))
    return 'powershell';
  return provider === LAPS ? 'laps' : undefined;
}
