// How many events of which channel, provider, number and host there are, and from when to when: what `winnow events` says when it is asked nothing else.

import type { EventSystem } from '../logs/index.ts';
import { brief, count, type Style } from './print.ts';

/** Kinds of events that are told apart; what comes after that many is counted as one. */
const MOST_KINDS = 10_000;

export interface KindOfEvent {
  readonly channel: string;
  readonly provider: string;
  readonly eventId: string;
  readonly count: number;
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

export class EventSummary {
  readonly #kinds = new Map<string, { channel: string; provider: string; eventId: string; count: number }>();
  readonly #hosts = new Map<string, number>();
  #events = 0;
  #first: string | undefined;
  #last: string | undefined;

  add({ channel = '', provider = '', eventId = '', computer = '', timeCreated }: EventSystem): void {
    this.#events++;
    const key = `${channel}\0${provider}\0${eventId}`;
    const kind = this.#kinds.get(key);
    if (kind) kind.count++;
    else if (this.#kinds.size < MOST_KINDS) this.#kinds.set(key, { channel, provider, eventId, count: 1 });
    else this.#other();
    if (this.#hosts.size < MOST_KINDS || this.#hosts.has(computer))
      this.#hosts.set(computer, (this.#hosts.get(computer) ?? 0) + 1);
    if (timeCreated === undefined) return;
    if (this.#first === undefined || timeCreated < this.#first) this.#first = timeCreated;
    if (this.#last === undefined || timeCreated > this.#last) this.#last = timeCreated;
  }

  #other(): void {
    const other = this.#kinds.get('') ?? { channel: 'others', provider: '', eventId: '', count: 0 };
    other.count++;
    this.#kinds.set('', other);
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
