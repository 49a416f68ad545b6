// When two names of log sources mean events in common: the same channel, and numbers of events that both have.

import { channelsOf, eventIdsOf } from '../history/log-source-condition.ts';
import type { SourceName } from './technique.ts';

/**
 * Whether a source that collects `one` has events of `other`. Names of one channel are the same however they are written, and so are numbers that overlap
 * ("EventCode=13, 14", "EventID: 13"). A part that one of them does not name counts for any.
 */
export function isSameLogSource(one: SourceName | undefined, other: SourceName | undefined): boolean {
  return isSameName(one?.name, other?.name) && isSameChannel(one?.channel, other?.channel);
}

function isSameName(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return true;
  return overlap(lowered(channelsOf(one)), lowered(channelsOf(other))) ?? isSameText(one, other);
}

/** What ATT&CK calls a channel: numbers of events, or a sentence. */
function isSameChannel(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return true;
  return overlap(eventIdsOf(one), eventIdsOf(other)) ?? isSameText(one, other);
}

/** Whether both have something in common; undefined where one of them has nothing. */
function overlap<T>(one: readonly T[] = [], other: readonly T[] = []): boolean | undefined {
  if (one.length === 0 || other.length === 0) return undefined;
  const all = new Set(other);
  return one.some((each) => all.has(each));
}

function lowered(texts: readonly string[] | undefined): readonly string[] | undefined {
  return texts?.map((text) => text.toLowerCase());
}

function isSameText(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => text.trim().replace(/\s+/g, ' ').toLowerCase());
  return left === right;
}

/** "WinEventLog:Sysmon, EventCode=10". */
export function logSourceText(source: SourceName | undefined): string {
  return [source?.name, source?.channel].filter((part) => part !== undefined).join(', ') || 'any log source';
}
