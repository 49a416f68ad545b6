// Findings about log sources: names that ATT&CK does not have, and channels in which no number of an event is read.

import { channelsOf, eventIdsOf, isKnownLog } from '../../history/log-source-condition.ts';
import type { AttackFacts } from '../attack/attack-facts.ts';
import { nearest } from '../attack/nearest.ts';
import type { Environment } from '../environment.ts';
import type { LogSourceName, Technique } from '../technique.ts';
import type { FindingRow, Hit, LintContext } from './finding.ts';
import { observablesOf } from './shape-rows.ts';

interface Named {
  readonly about: string;
  readonly source: LogSourceName;
}

function namedByObservables(technique: Technique): readonly Named[] {
  return observablesOf(technique).flatMap(({ observable: { id, logSource } }) =>
    logSource ? [{ about: id, source: logSource }] : [],
  );
}

function namedByEnvironment({ dataSources }: Environment): readonly Named[] {
  return dataSources.flatMap(({ id, logSource }) => (logSource ? [{ about: id, source: logSource }] : []));
}

/** A name in other letters is the same. A version without analytics has no names to hold against. */
function unknownNames(named: readonly Named[], { facts, effort }: LintContext): readonly Hit[] {
  if (facts.logSources.size === 0) return [];
  const known = new Set([...facts.logSources].map((name) => name.toLowerCase()));
  return named.flatMap(({ about, source: { name, at } }) => {
    if (name === undefined || name.trim() === '' || known.has(name.trim().toLowerCase())) return [];
    const channels = channelsOf(name);
    const isPrefixed = /^[^:]*:/.test(name);
    if (channels && isPrefixed && isKnownLog(name)) return [];
    const same = channels && sameLog(channels, facts);
    const near = same ?? (effort.left-- > 0 ? nearest(name.trim(), facts.logSources) : undefined);
    const told = near === undefined ? '' : `; ${same === undefined ? 'the nearest is' : 'it calls this log'} ${near}`;
    return [{ about, at, message: `ATT&CK ${facts.version} has no log source '${name}'${told}` }];
  });
}

/** ATT&CK's name of a log of these channels. */
function sameLog(channels: readonly string[], { logSources }: AttackFacts): string | undefined {
  const own = new Set(channels.map((one) => one.toLowerCase()));
  return [...logSources].find(
    (name) => isKnownLog(name) && channelsOf(name)?.some((one) => own.has(one.toLowerCase())),
  );
}

/** Of a Windows event log, whose events have numbers: "13", and not "EventCode=13". */
function unreadNumbers(named: readonly Named[]): readonly Hit[] {
  return named.flatMap(({ about, source: { name, channel, at } }) =>
    channel !== undefined &&
    channelsOf(name) &&
    /^[\d\s,;/|-]*\d[\d\s,;/|-]*$/.test(channel) &&
    eventIdsOf(channel).length === 0
      ? [
          {
            about,
            at,
            message: `no number of an event is read in the channel '${channel}', which means all of ${name}`,
          },
        ]
      : [],
  );
}

export const LOG_SOURCE_ROWS: readonly FindingRow[] = [
  {
    kind: 'unknown-log-source',
    what: 'a log source is called as ATT&CK calls none, and is no Windows event log that is known',
    mend: "write it as ATT&CK does, such as WinEventLog:Sysmon; 'winnow design new ID' shows the technique's",
    inTechnique: (technique, context) => unknownNames(namedByObservables(technique), context),
    inEnvironment: (environment, context) => unknownNames(namedByEnvironment(environment), context),
  },
  {
    kind: 'unread-channel',
    what: 'the channel of a Windows event log is a bare number, which is not read as the number of an event',
    mend: 'write channel: EventCode=13',
    inTechnique: (technique) => unreadNumbers(namedByObservables(technique)),
    inEnvironment: (environment) => unreadNumbers(namedByEnvironment(environment)),
  },
];
