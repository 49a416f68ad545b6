// What the labels of a Technique Research Report's data model mean: "Sysmon 12" is a log source of ATT&CK's, and with it a data component.

import type { AnalyticSource, AttackFacts } from '../attack/attack-facts.ts';

interface LabelRow {
  /** Of the whole label; its group is the channel, where there is one. */
  readonly label: RegExp;
  /** ATT&CK's name of the log source. */
  readonly name: string;
  /** ATT&CK's way to write the channel. */
  readonly channel: (words: string) => string;
}

const eventCode = (words: string): string => `EventCode=${words}`;
const asWritten = (words: string): string => words;

/** Each way of writing that the public reports have. An agent's own event names (CrowdStrike's) are none of ATT&CK's log sources. */
const LABEL_ROWS: readonly LabelRow[] = [
  { label: /^sysmon\s+(?:event\s+)?(\d{1,5})\b/i, name: 'WinEventLog:Sysmon', channel: eventCode },
  {
    label: /^(?:win(?:dows)?(?:\s*event)?|event|security)\s+(\d{1,5})\b/i,
    name: 'WinEventLog:Security',
    channel: eventCode,
  },
  { label: /^entra\s+sign-?in\s*logs?\b\s*:?\s*(.*)$/i, name: 'azure:signinlogs', channel: asWritten },
  { label: /^entra\s+audit(?:\s*log)?s?\b\s*:?\s*(.*)$/i, name: 'azure:audit', channel: asWritten },
  { label: /^azure\s+activity(?:\s*log)?s?\b\s*:?\s*(.*)$/i, name: 'azure:activity', channel: asWritten },
  { label: /^unified\s*audit\s*logs?\b\s*:?\s*(.*)$/i, name: 'm365:unified', channel: asWritten },
];

export interface Telemetry {
  readonly name: string;
  readonly channel: string | undefined;
  /** The component that most of ATT&CK's analytics have for this log source, and those that the others have. */
  readonly component: string;
  readonly others: readonly string[];
}

/** The log source of a label; undefined where it is none that ATT&CK has. */
export function telemetryOf(label: string, facts: AttackFacts): Telemetry | undefined {
  for (const row of LABEL_ROWS) {
    const found = row.label.exec(label.trim());
    if (!found) continue;
    const words = found[1].trim().replace(/^"(.*)"$/, '$1');
    const sources = sourcesNamed(facts, row.name);
    const exact = words === '' ? [] : sources.filter(({ channel }) => names(channel, words));
    // A number that ATT&CK has nowhere says nothing; an operation by name is one of the log's.
    const [component, ...others] = byCount(row.channel === eventCode ? exact : exact.length > 0 ? exact : sources);
    if (component === undefined) return undefined;
    return { name: row.name, channel: words === '' ? undefined : row.channel(words), component, others };
  }
  return undefined;
}

function sourcesNamed(facts: AttackFacts, name: string): readonly AnalyticSource[] {
  return [...facts.analytics.values()].flatMap(({ sources }) => sources.filter((source) => source.name === name));
}

/** The channel has the words as a whole: "4104" is in "EventCode=4103,4104" and not in "41045". */
function names(channel: string, words: string): boolean {
  const at = channel.toLowerCase().indexOf(words.toLowerCase());
  return at >= 0 && !/\w/.test(channel[at - 1] ?? '') && !/\w/.test(channel[at + words.length] ?? '');
}

/** Components, the most frequent first. */
function byCount(sources: readonly AnalyticSource[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { component } of sources) counts.set(component, (counts.get(component) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([component]) => component);
}
