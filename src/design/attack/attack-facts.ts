// What MITRE ATT&CK Enterprise says in one version: techniques, detection strategies, analytics, data components and log sources, by id.

import was16 from '../../../data/attack/enterprise-16.1.json' with { type: 'json' };
import was17 from '../../../data/attack/enterprise-17.1.json' with { type: 'json' };
import was18 from '../../../data/attack/enterprise-18.0.json' with { type: 'json' };
import newest from '../../../data/attack/enterprise-18.1.json' with { type: 'json' };
import { UsageError } from '../../errors.ts';

export interface AttackTechnique {
  /** "T1003.001". */
  readonly id: string;
  readonly name: string;
  /** As kill chain phases: "credential-access". */
  readonly tactics: readonly string[];
  readonly platforms: readonly string[];
  readonly deprecated: boolean;
  /** The technique that took its place. */
  readonly revokedBy: string | undefined;
}

export interface DetectionStrategy {
  /** "DET0363". */
  readonly id: string;
  readonly name: string;
  readonly technique: string;
  readonly analytics: readonly string[];
}

export interface Analytic {
  /** "AN1030". */
  readonly id: string;
  readonly platforms: readonly string[];
  readonly sources: readonly AnalyticSource[];
}

/** A data component as one log shows it. */
export interface AnalyticSource {
  /** "DC0035". */
  readonly component: string;
  /** "WinEventLog:Sysmon". */
  readonly name: string;
  /** "EventCode=10"; for many sources a sentence. Empty where ATT&CK names none. */
  readonly channel: string;
}

export interface DataComponent {
  /** "DC0035". */
  readonly id: string;
  readonly name: string;
  readonly deprecated: boolean;
}

export interface AttackFacts {
  /** "18.1". */
  readonly version: string;
  /** Kill chain phase ("credential-access") to id and name of the tactic. */
  readonly tactics: ReadonlyMap<string, { readonly id: string; readonly name: string }>;
  readonly techniques: ReadonlyMap<string, AttackTechnique>;
  /** None in versions before 18. */
  readonly strategies: ReadonlyMap<string, DetectionStrategy>;
  readonly analytics: ReadonlyMap<string, Analytic>;
  /** By the ids that came with version 18, in older versions too. */
  readonly components: ReadonlyMap<string, DataComponent>;
  /** Names of log sources that its analytics have ("WinEventLog:Sysmon"). None in versions before 18. */
  readonly logSources: ReadonlySet<string>;
  /** In this version data components have ids; before 18 only names. */
  readonly componentIds: boolean;
}

type Row = readonly string[];
type Rows = Readonly<Record<string, Row | null>>;

interface Table {
  readonly version: string;
  readonly logSources: readonly (readonly string[])[];
  readonly tactics: Rows;
  readonly techniques: Rows;
  readonly components: Rows;
  readonly strategies?: Rows;
  readonly analytics?: Rows;
}

/** A table of rows that differ from the newest version's; null where there was none. */
interface Difference extends Table {
  readonly absent: readonly string[];
  readonly componentIds: boolean;
}

const NEWEST = newest as unknown as Table;
const OLDER = [was18, was17, was16] as unknown as readonly Difference[];

export const NEWEST_ATTACK = NEWEST.version;

/** Newest first. */
export const ATTACK_VERSIONS: readonly string[] = [NEWEST_ATTACK, ...OLDER.map(({ version }) => version)];

const made = new Map<string, AttackFacts>();

/** The facts of a version; undefined of one that is not in the table. "18" is the last of 18. */
export function attackFacts(version: string): AttackFacts | undefined {
  const known = ATTACK_VERSIONS.find((one) => one === version || one.split('.')[0] === version);
  if (known === undefined) return undefined;
  const facts = made.get(known) ?? factsOf(known);
  made.set(known, facts);
  return facts;
}

/** The same, where a version that is not known is the user's mistake. Throws UsageError that names those that are. */
export function attackFactsFor(version: string): AttackFacts {
  const facts = attackFacts(version);
  if (facts) return facts;
  throw new UsageError(`ATT&CK ${version} is not known here; known are ${ATTACK_VERSIONS.join(', ')}`);
}

function factsOf(version: string): AttackFacts {
  const older = OLDER.find((one) => one.version === version);
  const sources = [...NEWEST.logSources, ...(older?.logSources ?? [])];
  const rows = (name: 'tactics' | 'techniques' | 'components' | 'strategies' | 'analytics') => {
    if (older?.absent.includes(name)) return [];
    const all = new Map(Object.entries({ ...NEWEST[name], ...older?.[name] }));
    return [...all].filter((entry): entry is [string, Row] => entry[1] !== null);
  };
  const analytics = new Map(
    rows('analytics').map(([id, [platforms, references]]): [string, Analytic] => [
      id,
      {
        id,
        platforms: wordsOf(platforms, ', '),
        sources: wordsOf(references, ', ').map((reference) => {
          const [component, place] = reference.split(' ');
          const [name, channel] = sources[Number(place)];
          return { component, name, channel };
        }),
      },
    ]),
  );
  return {
    version,
    tactics: new Map(rows('tactics').map(([phase, [id, name]]) => [phase, { id, name }])),
    techniques: new Map(rows('techniques').map(([id, row]) => [id, techniqueOf(id, row)])),
    strategies: new Map(
      rows('strategies').map(([id, [name, technique, analytics]]) => [
        id,
        { id, name, technique, analytics: wordsOf(analytics, ' ') },
      ]),
    ),
    analytics,
    logSources: new Set([...analytics.values()].flatMap((one) => one.sources.map(({ name }) => name))),
    components: new Map(
      rows('components').map(([id, [name, state]]) => [id, { id, name, deprecated: state === 'deprecated' }]),
    ),
    componentIds: older?.componentIds ?? true,
  };
}

function techniqueOf(id: string, [name, tactics, platforms, state]: Row): AttackTechnique {
  return {
    id,
    name,
    tactics: wordsOf(tactics, ', '),
    platforms: wordsOf(platforms, ', '),
    deprecated: state === 'deprecated',
    revokedBy: state === 'deprecated' ? undefined : state,
  };
}

function wordsOf(text: string, between: string): readonly string[] {
  return text === '' ? [] : text.split(between);
}

/** The live detection strategies of a technique. */
export function strategiesOf(facts: AttackFacts, technique: string): readonly DetectionStrategy[] {
  return [...facts.strategies.values()].filter((strategy) => strategy.technique === technique);
}
