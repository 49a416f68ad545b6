// By which log sources a data component that is not collected could be: what switches each on, and how much it writes.

import { compareTexts } from '../../bytes/text-order.ts';
import { channelsOf, eventIdsOf } from '../../history/log-source-condition.ts';
import { rounded } from '../../history/statistics/quantiles.ts';
import { type LogSetting, logSettings } from '../../rule/log-settings.ts';
import { type AttackFacts, attackFacts, NEWEST_ATTACK, strategiesOf } from '../attack/attack-facts.ts';
import { type LogSourceCounts, logSourceKey } from '../counting/log-source-counts.ts';
import type { DataSource, Environment } from '../environment.ts';
import type {
  CollectedOtherwise,
  ComponentGap,
  GapSource,
  RankedComponent,
  SourceVolume,
  SumOfVolumes,
} from '../gaps-document.ts';
import { logSourceText } from '../log-source.ts';
import type { Observable, Primitive, SourceName, Technique } from '../technique.ts';
import { whyNotShown } from './visibility.ts';

/** An observable that the component would show, of a primitive that nothing shows. */
export interface Blocked {
  readonly technique: Technique;
  readonly primitive: Primitive;
  readonly observable: Observable;
}

export interface ComponentSources {
  readonly told: Omit<ComponentGap, keyof RankedComponent>;
  /** Few log sources that together show every primitive. */
  readonly enough: readonly GapSource[];
}

/** A log source of ATT&CK, and the analytics that name it. */
interface AttackSource extends SourceName {
  readonly name: string;
  readonly analytics: readonly string[];
}

const WINDOWS = 'Windows';

export function sourcesOfComponent(
  component: string,
  blocked: readonly Blocked[],
  environment: Environment,
  counts: LogSourceCounts,
): ComponentSources {
  const newest = attackFacts(NEWEST_ATTACK)!;
  const named = namedSources(blocked);
  const ofTechniques = attackSources(component, blocked);
  const own =
    named.length > 0
      ? named.map((source) => ({ ...source, analytics: analyticsOf(source, ofTechniques) }))
      : (ofTechniques.length > 0 ? ofTechniques : knownSources(component, newest)).map((one) => ({
          ...one,
          observables: [],
        }));
  const sources = own.map((one) => gapSource(component, one, environment, counts));
  const enough = enoughOf(sources, blocked);
  return {
    told: {
      name: newest.components.get(component)?.name ?? null,
      log_sources: sources,
      log_sources_reason:
        sources.length > 0 ? null : 'neither the dossiers nor ATT&CK name a log source that is known here',
      other_log_sources:
        named.length === 0
          ? []
          : ofTechniques.filter((one) => !named.some((it) => overlaps(it, one))).map(logSourceText),
      collected: environment.dataSources.flatMap((source) => collectedOtherwise(source, blocked)),
      enough: enough.map(textOf),
      volume: sumOfVolumes(enough),
    },
    enough,
  };
}

/**
 * One after the other the log source that shows most of the primitives which those before leave; where the dossiers name none,
 * the first of ATT&CK's. A primitive whose observables name none is left out.
 */
function enoughOf(sources: readonly GapSource[], blocked: readonly Blocked[]): readonly GapSource[] {
  const primitives = new Map<string, Primitive>(blocked.map(({ observable, primitive }) => [observable.id, primitive]));
  const left = new Map(
    sources.map((one) => [one, new Set(one.observables.flatMap((id) => primitives.get(id) ?? []))] as const),
  );
  const enough: GapSource[] = [];
  for (;;) {
    let best: GapSource | undefined;
    let most = 0;
    for (const [source, { size }] of left) if (size > most) [best, most] = [source, size];
    if (!best) return enough.length === 0 ? sources.slice(0, 1) : enough;
    enough.push(best);
    const shown = left.get(best)!;
    left.delete(best);
    for (const other of left.values()) for (const one of shown) other.delete(one);
  }
}

/** The log sources that a history is asked of, each once. */
export function askedSources(sources: readonly GapSource[]): readonly SourceName[] {
  return distinct(sources).map(({ name, channel }) => ({ name, channel: channel ?? undefined }));
}

/** Of several components: a log source that two share counts once. */
export function sumOfVolumes(all: readonly GapSource[]): SumOfVolumes {
  const sources = distinct(all);
  const known = sources.flatMap(({ volume }) => volume.events_per_day ?? []);
  return {
    events_per_day: known.length === 0 ? null : rounded(known.reduce((sum, one) => sum + one, 0)),
    unknown: sources.filter(({ volume }) => volume.events_per_day === null).map(textOf),
  };
}

/** "WinEventLog:Sysmon, EventCode=10". */
export function textOf({ name, channel }: GapSource): string {
  return logSourceText({ name, channel: channel ?? undefined });
}

function distinct(sources: readonly GapSource[]): readonly GapSource[] {
  return [...new Map(sources.map((one) => [textOf(one).toLowerCase(), one])).values()];
}

interface NamedSource extends SourceName {
  readonly name: string;
  readonly observables: readonly string[];
}

/** By their text, each once. */
function namedSources(blocked: readonly Blocked[]): readonly NamedSource[] {
  const found = new Map<string, NamedSource & { readonly observables: string[] }>();
  for (const { observable } of blocked) {
    const { name, channel } = observable.logSource ?? {};
    if (name === undefined) continue;
    const key = logSourceKey({ name, channel });
    const one = found.get(key) ?? { name, channel, observables: [] };
    one.observables.push(observable.id);
    found.set(key, one);
  }
  return sorted([...found.values()]);
}

/** What the analytics of the dossiers' techniques name for the component; those for Windows where there are any. */
function attackSources(component: string, blocked: readonly Blocked[]): readonly AttackSource[] {
  const newest = attackFacts(NEWEST_ATTACK)!;
  const techniques = new Map(blocked.map(({ technique }) => [technique.id, technique.attack]));
  const analytics = [...techniques.values()].flatMap((attack) => {
    if (attack?.technique === undefined) return [];
    const pinned = attackFacts(attack.version ?? '');
    const facts = pinned && pinned.strategies.size > 0 ? pinned : newest;
    const all = strategiesOf(facts, attack.technique).flatMap((one) => one.analytics);
    const found = [...new Set(all)].flatMap((id) => facts.analytics.get(id) ?? []);
    const ofWindows = found.filter(({ platforms }) => platforms.includes(WINDOWS));
    return ofWindows.length > 0 ? ofWindows : found;
  });
  return gathered(component, analytics);
}

/** Where nothing nearer is named: what any analytic of ATT&CK for Windows names, of that what the table knows. */
function knownSources(component: string, facts: AttackFacts): readonly AttackSource[] {
  const ofWindows = [...facts.analytics.values()].filter(({ platforms }) => platforms.includes(WINDOWS));
  return gathered(component, ofWindows)
    .filter((one) => isToldApart(component, one))
    .sort((one, other) => other.analytics.length - one.analytics.length);
}

/** The table knows it, and for each of its events one setting: several would be those of other kinds of objects. */
function isToldApart(component: string, source: SourceName): boolean {
  const ids = eventIdsOf(source.channel ?? '');
  return settingsOf(component, source).length > 0 && ids.every((id) => settingsOf(component, source, [id]).length < 2);
}

type Analytics = AttackFacts['analytics'] extends ReadonlyMap<string, infer A> ? readonly A[] : never;

function gathered(component: string, analytics: Analytics): readonly AttackSource[] {
  const found = new Map<string, AttackSource>();
  for (const { id, sources } of analytics)
    for (const { component: own, name, channel: told } of sources) {
      if (own !== component) continue;
      const channel = told === '' || told === 'None' ? undefined : told;
      const key = logSourceKey({ name, channel });
      const before = found.get(key)?.analytics ?? [];
      found.set(key, { name, channel, analytics: before.includes(id) ? before : [...before, id] });
    }
  return sorted([...found.values()]);
}

function sorted<T extends SourceName>(sources: readonly T[]): readonly T[] {
  return [...sources].sort((one, other) => compareTexts(logSourceText(one), logSourceText(other)));
}

function analyticsOf(source: SourceName, attack: readonly AttackSource[]): readonly string[] {
  return [...new Set(attack.filter((one) => overlaps(source, one)).flatMap(({ analytics }) => analytics))].sort();
}

/** They have events in common, as far as their names tell. */
function overlaps(one: SourceName, other: SourceName): boolean {
  if (logSourceKey(one) === logSourceKey(other)) return true;
  const logs = logsOf(other);
  if (!logsOf(one).some((log) => logs.includes(log))) return false;
  const ids = eventIdsOf(other.channel ?? '');
  return eventIdsOf(one.channel ?? '').some((id) => ids.includes(id));
}

/** Channels of event logs, or the name itself. */
function logsOf({ name }: SourceName): readonly string[] {
  return channelsOf(name) ?? [name?.trim().toLowerCase() ?? ''];
}

function settingsOf(
  component: string,
  source: SourceName,
  ids = eventIdsOf(source.channel ?? ''),
): readonly LogSetting[] {
  const all = logsOf(source).flatMap((log) => logSettings(log, ids, component));
  return [...new Map(all.map((one) => [one.name, one])).values()];
}

function gapSource(
  component: string,
  { name, channel, observables, analytics }: NamedSource & AttackSource,
  environment: Environment,
  counts: LogSourceCounts,
): GapSource {
  const settings = settingsOf(component, { name, channel });
  return {
    name,
    channel: channel ?? null,
    observables,
    analytics,
    enable: settings.map(({ volume: _, ...setting }) => setting),
    enable_reason: whyNotEnabled(component, { name, channel }, settings),
    volume: volumeOf({ name, channel }, settings, environment, counts),
  };
}

function whyNotEnabled(component: string, source: SourceName, settings: readonly LogSetting[]): string | null {
  const ids = eventIdsOf(source.channel ?? '');
  const unknown = ids.filter((id) => settingsOf(component, source, [id]).length === 0);
  if (settings.length > 0)
    return unknown.length === 0
      ? null
      : `no setting is known for ${unknown.length === 1 ? 'event' : 'events'} ${unknown.join(', ')}`;
  if (channelsOf(source.name) === undefined) return 'it is no log whose settings are known here';
  return ids.length === 0
    ? 'it names no event'
    : `no setting is known for ${ids.length === 1 ? 'event' : 'events'} ${ids.join(', ')}`;
}

/** What was counted comes before what is said, and a figure before words. */
function volumeOf(
  source: SourceName,
  settings: readonly LogSetting[],
  { dataSources }: Environment,
  counts: LogSourceCounts,
): SourceVolume {
  const key = logSourceKey(source);
  const counted = counts.get(key);
  if (counted && counted.events > 0 && counted.days > 0) {
    const { events, days, hosts } = counted;
    return {
      basis: 'history',
      events_per_day: counted.perDay,
      events_per_host_day: counted.perHostDay ?? null,
      told: `${events} events of ${hosts} hosts on ${days} days`,
      source: null,
      reason: null,
    };
  }
  const claim = dataSources.find(
    (one) => one.logSource && logSourceKey(one.logSource) === key && one.eventsPerDay !== undefined,
  );
  if (claim?.eventsPerDay !== undefined) return claimed(claim, claim.eventsPerDay);
  const said = settings.filter(({ volume }) => volume !== null);
  return {
    basis: said.length === 0 ? null : 'publisher',
    events_per_day: null,
    events_per_host_day: null,
    told: said.length === 0 ? null : said.map(({ name, volume }) => `${name}: ${volume}`).join('; '),
    source: said[0]?.source ?? null,
    reason:
      counted === undefined
        ? 'not counted, and no data source of the environment gives a figure'
        : counted.events === 0
          ? 'the history has no event of it'
          : 'the events in the history have no time',
  };
}

function claimed({ id, hosts, checkedAt }: DataSource, perDay: number): SourceVolume {
  return {
    basis: 'environment',
    events_per_day: perDay,
    events_per_host_day: hosts?.covered ? rounded(perDay / hosts.covered) : null,
    told: checkedAt === undefined ? `the claim of ${id}` : `measured of ${id} on ${checkedAt}`,
    source: null,
    reason: null,
  };
}

/** Empty where the data source collects none of the component. */
function collectedOtherwise(source: DataSource, blocked: readonly Blocked[]): readonly CollectedOtherwise[] {
  const observables = blocked.flatMap(({ observable }) => {
    const why = whyNotShown(source, observable);
    return why === undefined ? [] : [{ observable: observable.id, why }];
  });
  if (observables.length === 0) return [];
  return [{ data_source: source.id, log_source: logSourceText(source.logSource), observables }];
}
