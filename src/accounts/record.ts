// One event as the layers read it: values by name, with what Windows writes for "nothing" taken as absent.

import { fieldKey, type LogEvent } from '../logs/event.ts';
import { ticksOf } from '../logs/log-time.ts';
import type { Evidence, LayerId } from './document.ts';
import type { ActorSeen, Named } from './sighting.ts';

/** What stands for no value: "-", %%1793, which agents that write messages out call "<value not set>", and the SID of nobody. */
const NOTHING: ReadonlySet<string> = new Set(['', '-', '%%1793', '<value not set>', 'S-1-0-0']);
/** Bits of Keywords that the Security log sets for an audited failure and success (winmeta.xml). */
const AUDIT_FAILURE = 0x0010_0000_0000_0000n;
const AUDIT_SUCCESS = 0x0020_0000_0000_0000n;

export class AccountRecord {
  readonly event: LogEvent;
  readonly #values = new Map<string, string>();
  #at: { readonly ticks: bigint | undefined } | undefined;

  constructor(event: LogEvent) {
    this.event = event;
    for (const [name, value] of event.data) {
      const key = keyOf(name);
      if (!this.#values.has(key)) this.#values.set(key, value);
    }
  }

  get id(): number {
    return Number(this.event.system.eventId);
  }

  /** 100 ns since 1601. `UtcTime` is when Sysmon's event happened, TimeCreated when it was written. */
  get at(): bigint | undefined {
    this.#at ??= { ticks: ticksOf(this.raw('UtcTime') ?? '') ?? ticksOf(this.event.system.timeCreated ?? '') };
    return this.#at.ticks;
  }

  get host(): string | undefined {
    return this.event.system.computer;
  }

  /** The text of a field; undefined where it is not there. */
  raw(name: string): string | undefined {
    return this.#values.get(keyOf(name));
  }

  /** The same, also undefined where it says that there is nothing. */
  value(name: string): string | undefined {
    const text = this.raw(name)?.trim();
    return text === undefined || NOTHING.has(text) ? undefined : text;
  }

  /** A failure that was audited: by the bits of Keywords, which nxlog writes as a signed number, or by the word of a shipper. */
  get isFailure(): boolean {
    const keywords = this.event.system.keywords ?? this.raw('winlog.keywords');
    if (keywords !== undefined && /^(?:0x[\da-f]{1,16}|-?\d{1,20})$/i.test(keywords)) {
      const bits = BigInt.asUintN(64, BigInt(keywords));
      if ((bits & AUDIT_FAILURE) !== 0n) return true;
      if ((bits & AUDIT_SUCCESS) !== 0n) return false;
    }
    return [keywords, this.raw('EventType'), this.raw('event.outcome')].some((text) => /failure/i.test(text ?? ''));
  }

  evidence(layer: LayerId, what: string): Evidence {
    const { log, record } = this.event.place;
    const number = Number(record);
    return { layer, file: log, record: Number.isSafeInteger(number) ? number : record, what };
  }

  /** Who the event's Subject fields name. */
  subject(): ActorSeen | undefined {
    const actor = {
      ...this.named('SubjectUserName', 'SubjectDomainName', 'SubjectUserSid'),
      ...optional('logonId', logonIdOf(this.value('SubjectLogonId'))),
    };
    return Object.keys(actor).length > 0 ? actor : undefined;
  }

  named(name: string, domain: string, sid: string): Named {
    const own = this.value(sid);
    return {
      ...optional('name', this.value(name)),
      ...optional('domain', this.value(domain)),
      ...(own !== undefined && SID.test(own) ? { sid: own, ...optional('rid', ridOf(own)) } : {}),
    };
  }
}

/** Of names that were asked before: events of a kind have the same ones. */
const KEYS = new Map<string, string>();
const MOST_KEYS = 4096;

function keyOf(name: string): string {
  let key = KEYS.get(name);
  if (key === undefined) {
    key = fieldKey(name);
    if (KEYS.size < MOST_KEYS) KEYS.set(name, key);
  }
  return key;
}

const SID = /^S-1-\d+(?:-\d+)*$/i;

/** The RID of an account's or group's SID; undefined of any other (S-1-5-20). */
export function ridOf(sid: string): number | undefined {
  const rid = /^S-1-5-(?:21-\d+-\d+-\d+|32)-(\d{1,10})$/i.exec(sid)?.[1];
  return rid === undefined ? undefined : Number(rid);
}

/** The SID of the domain or machine that an account's SID is of. */
export function authorityOf(sid: string): string | undefined {
  return /^(S-1-5-21-\d+-\d+-\d+)-\d+$/i.exec(sid)?.[1];
}

/** As Windows writes it: 0x58d874; a decimal one of an exporter becomes that. 0x0 is none. */
export function logonIdOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^(?:0x[\da-f]{1,16}|\d{1,20})$/i.test(text)) return undefined;
  const value = BigInt(text);
  return value === 0n ? undefined : `0x${value.toString(16)}`;
}

/** A property that is there only with a value. */
export function optional<K extends string, V>(key: K, value: V | undefined): { readonly [k in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [k in K]: V });
}
