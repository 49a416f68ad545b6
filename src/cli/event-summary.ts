// How many events of which channel, provider, number and host there are, and from when to when: what `winnow events` says when it is asked nothing else.

import { type EventSystem, ticksOf } from '../logs/index.ts';
import { brief, count, type Style } from './print.ts';

/** Kinds of events that are told apart; what comes after that many is counted as one. */
const MOST_KINDS = 10_000;

export interface KindOfEvent {
  readonly channel: string;
  readonly provider: string;
  readonly eventId: string;
  count: number;
}

/** Schema winnow.events/1. */
export interface SummaryDocument {
  readonly schema: 'winnow.events/1';
  readonly events: number;
  /** As the events write it; absent where none has a time. */
  readonly first?: string;
  readonly last?: string;
  readonly kinds: readonly KindOfEvent[];
  readonly hosts: readonly { readonly computer: string; readonly count: number }[];
  /** Events, lines or records that could not be read, and inputs of which nothing could be. */
  readonly unreadable: number;
  readonly refused: number;
}

/** What a summary has of a part of a log. */
export interface SummaryPart {
  readonly kinds: readonly KindOfEvent[];
  readonly hosts: readonly (readonly [computer: string, count: number])[];
  readonly events: number;
  readonly first: string | undefined;
  readonly last: string | undefined;
}

/** The key of kinds past the bound. */
const OTHERS = '';

export class EventSummary {
  readonly #kinds = new Map<string, KindOfEvent>();
  readonly #hosts = new Map<string, number>();
  #events = 0;
  #first: string | undefined;
  #last: string | undefined;

  add({ channel = '', provider = '', eventId = '', computer = '', timeCreated }: EventSystem): void {
    this.#events++;
    this.#addKind(channel, provider, eventId, 1);
    this.#addHost(computer, 1);
    if (timeCreated !== undefined) this.#addTime(timeCreated);
  }

  #addKind(channel: string, provider: string, eventId: string, count: number): void {
    const key = `${channel}\0${provider}\0${eventId}`;
    const kind = this.#kinds.get(key) ?? (this.#kinds.size < MOST_KINDS ? undefined : this.#kinds.get(OTHERS));
    if (kind) kind.count += count;
    else if (this.#kinds.size < MOST_KINDS) this.#kinds.set(key, { channel, provider, eventId, count });
    else this.#kinds.set(OTHERS, { channel: 'others', provider: '', eventId: '', count });
  }

  #addHost(computer: string, count: number): void {
    const name = this.#hosts.has(computer) || this.#hosts.size < MOST_KINDS ? computer : 'others';
    this.#hosts.set(name, (this.#hosts.get(name) ?? 0) + count);
  }

  #addTime(time: string): void {
    this.#first = outermost(this.#first, time, false);
    this.#last = outermost(this.#last, time, true);
  }

  /** All that was added, as plain data. */
  part(): SummaryPart {
    return {
      kinds: [...this.#kinds.values()],
      hosts: [...this.#hosts],
      events: this.#events,
      first: this.#first,
      last: this.#last,
    };
  }

  /** Adds what another summary has. */
  absorb({ kinds, hosts, events, first, last }: SummaryPart): void {
    this.#events += events;
    for (const { channel, provider, eventId, count } of kinds) this.#addKind(channel, provider, eventId, count);
    for (const [computer, count] of hosts) this.#addHost(computer, count);
    for (const time of [first, last]) if (time !== undefined) this.#addTime(time);
  }

  document(unreadable: number, refused: number): SummaryDocument {
    return {
      schema: 'winnow.events/1',
      events: this.#events,
      ...(this.#first === undefined ? {} : { first: this.#first }),
      ...(this.#last === undefined ? {} : { last: this.#last }),
      kinds: [...this.#kinds.values()].sort((a, b) => b.count - a.count || (a.eventId < b.eventId ? -1 : 1)),
      hosts: [...this.#hosts].map(([computer, n]) => ({ computer, count: n })).sort((a, b) => b.count - a.count),
      unreadable,
      refused,
    };
  }
}

/** The earlier of two times, or the later one; where only one can be read, that one. */
function outermost(before: string | undefined, time: string, isLater: boolean): string {
  if (before === undefined) return time;
  if (before.length === time.length && isUtc(before) && isUtc(time)) return time < before !== isLater ? time : before;
  const [x, y] = [ticksOf(before), ticksOf(time)];
  if (x !== undefined && y !== undefined) return y < x !== isLater ? time : before;
  return x === undefined && (y !== undefined || time < before !== isLater) ? time : before;
}

/** Whether a time is written as 2024-05-01T10:00:00.0000000Z: texts of one length have the order of time. */
function isUtc(time: string): boolean {
  return time.charCodeAt(4) === 0x2d && time.charCodeAt(10) === 0x54 && time.endsWith('Z');
}

/** Hosts that are named. */
const MOST_HOSTS = 10;

export function summaryText({ events, first, last, kinds, hosts }: SummaryDocument, style: Style): string {
  if (events === 0) return 'no events\n';
  const rows = kinds.map((kind) => [
    String(kind.count),
    brief(kind.eventId || '-', 20),
    brief(kind.channel || '-', 80),
    brief(kind.provider || '-', 80),
  ]);
  const heads = ['Events', 'Id', 'Channel', 'Provider'];
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i].length)));
  const lineOf = ([n, id, channel, provider]: readonly string[]): string =>
    `${n.padStart(widths[0])}  ${id.padStart(widths[1])}  ${channel.padEnd(widths[2])}  ${provider}`;
  const times = first === undefined ? '' : `, from ${brief(first, 60)} to ${brief(last ?? '', 60)}`;
  const named = hosts.slice(0, MOST_HOSTS).map((host) => `  ${brief(host.computer || '-', 80)}  ${host.count}`);
  const more = hosts.length > MOST_HOSTS ? [`  and ${count(hosts.length - MOST_HOSTS, 'other')}`] : [];
  return [
    `${count(events, 'event')}${times}`,
    '',
    style.heading(lineOf(heads)),
    ...rows.map(lineOf),
    '',
    style.heading('Hosts'),
    ...named,
    ...more,
    '',
  ].join('\n');
}
