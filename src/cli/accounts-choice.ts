// Which part of the story of accounts is shown: hosts, a span of time, and whether what Windows does by itself is told one by one.

import { LAYERS } from '../accounts/coverage.ts';
import type {
  AccountLife,
  AccountsDocument,
  Benign,
  Change,
  LayerCoverage,
  LayerVerdict,
} from '../accounts/document.ts';
import { hostKey } from '../accounts/hosts.ts';
import { ticksOf } from '../logs/index.ts';
import { activityWords } from './accounts-words.ts';
import { brief, listed } from './print.ts';

export interface AccountsChoice {
  /** 100 ns since 1601. */
  readonly since?: bigint;
  readonly until?: bigint;
  /** Names of hosts, with or without their domain. */
  readonly hosts?: readonly string[];
}

/**
 * The document with the wanted changes alone. Lives are told whole, with the wanted ones of their changes; a change without a time is kept.
 * What a layer saw and missed is counted anew.
 */
export function chosenOf(document: AccountsDocument, { since, until, hosts }: AccountsChoice): AccountsDocument {
  if (since === undefined && until === undefined && hosts === undefined) return document;
  const keys = hosts && new Set(hosts.map(hostKey));
  const ofHost = (host: string | null): boolean => keys === undefined || keys.has(hostKey(host ?? undefined));
  const inTime = (time: string | null): boolean => {
    const at = ticksOf(time ?? '');
    return at === undefined || ((since === undefined || at >= since) && (until === undefined || at <= until));
  };
  const places = new Map<number, number>();
  const changes = document.changes.filter(({ host, time }, index) => {
    const isWanted = ofHost(host) && inTime(time);
    if (isWanted) places.set(index, places.size);
    return isWanted;
  });
  const accounts = document.accounts.flatMap((life): AccountLife[] => {
    const own = life.changes.flatMap((index) => places.get(index) ?? []);
    const activity = life.activity.filter(({ time }) => inTime(time));
    return ofHost(life.host) && own.length + activity.length > 0 ? [{ ...life, changes: own, activity }] : [];
  });
  const byHost = grouped(changes, ({ host }) => host);
  const coverage = document.coverage
    .filter(({ host }) => ofHost(host))
    .map((one): LayerCoverage => {
      const own = byHost.get(hostKey(one.host)) ?? [];
      const tally = (wanted: LayerVerdict): number => own.filter(({ layers }) => layers[one.layer] === wanted).length;
      return { ...one, saw: tally('saw'), missed: tally('missed') };
    });
  const findings = document.findings.filter(({ host }) => ofHost(host));
  return { ...document, changes, accounts, coverage, findings };
}

/** Hosts that are named beside one that is not there. */
const MOST_OTHERS = 5;

/** A line for each wanted host that nothing in the document is of, so that no empty answer is taken for a quiet host. */
export function strangerLines(document: AccountsDocument, wanted: readonly string[] = []): readonly string[] {
  const names = new Map<string, string>();
  for (const { host } of [...document.coverage, ...document.changes])
    if (host !== null && host !== '' && !names.has(hostKey(host))) names.set(hostKey(host), host);
  const known = [...names.values()].map((name) => brief(name, 120));
  const others =
    known.length === 0
      ? 'the logs name no host'
      : `the logs have ${listed(known.length > MOST_OTHERS ? [...known.slice(0, MOST_OTHERS), `${known.length - MOST_OTHERS} more`] : known)}`;
  return wanted
    .filter((name) => !names.has(hostKey(name)))
    .map((name) => `winnow: --host ${brief(name, 120)}: no event of any layer is of it; ${others}\n`);
}

/** What is told of one host. */
export interface HostPart {
  readonly name: string;
  readonly accounts: readonly AccountLife[];
  /** Local ones; with their numbers in the document, from 1. */
  readonly changes: readonly NumberedChange[];
  readonly coverage: readonly LayerCoverage[];
}

export interface NumberedChange {
  readonly number: number;
  readonly change: Change;
}

/** The hosts in the order in which they are met, and the changes of a domain apart. */
export function partsOf(document: AccountsDocument): {
  readonly hosts: readonly HostPart[];
  readonly domain: readonly NumberedChange[];
} {
  const numbered = document.changes.map((change, index) => ({ number: index + 1, change }));
  const changes = grouped(
    numbered.filter(({ change }) => change.scope === 'local'),
    ({ change }) => change.host,
  );
  const accounts = grouped(document.accounts, ({ host }) => host);
  const coverage = grouped(document.coverage, ({ host }) => host);
  const names = new Map<string, string>();
  for (const { host } of [...document.coverage, ...document.changes]) {
    const key = hostKey(host ?? undefined);
    if (!names.has(key)) names.set(key, host ?? '');
  }
  const hosts = [...names].map(
    ([key, name]): HostPart => ({
      name: name === '' ? NO_HOST : name,
      accounts: accounts.get(key) ?? [],
      changes: changes.get(key) ?? [],
      coverage: byLayer(coverage.get(key) ?? []),
    }),
  );
  return { hosts, domain: numbered.filter(({ change }) => change.scope === 'domain') };
}

export const NO_HOST = '(no host named)';

/** By the keys of their hosts, in order. */
function grouped<T>(all: readonly T[], hostOf: (one: T) => string | null): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = hostKey(hostOf(one) ?? undefined);
    const own = groups.get(key);
    if (own) own.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

function byLayer(coverage: readonly LayerCoverage[]): readonly LayerCoverage[] {
  return [...coverage].sort((one, other) => LAYERS.indexOf(one.layer) - LAYERS.indexOf(other.layer));
}

/** Changes that Windows makes by itself, of one cause and proof. */
export interface BenignGroup extends Benign {
  readonly count: number;
  readonly first: string | null;
  readonly last: string | null;
}

export function benignGroups(changes: readonly NumberedChange[]): readonly BenignGroup[] {
  const groups = new Map<string, { benign: Benign; times: (string | null)[] }>();
  for (const { change } of changes) {
    const { benign, time } = change;
    if (!benign) continue;
    const key = `${benign.by}\0${benign.proof}`;
    const own = groups.get(key);
    if (own) own.times.push(time);
    else groups.set(key, { benign, times: [time] });
  }
  return [...groups.values()].map(({ benign, times }) => ({
    ...benign,
    count: times.length,
    first: times[0],
    last: times.at(-1) ?? null,
  }));
}

/** Whether all that is told of an account is what Windows did by itself. */
export function isBenignLife({ changes, activity }: AccountLife, document: AccountsDocument): boolean {
  return changes.length > 0 && activity.length === 0 && changes.every((index) => document.changes[index].benign);
}

/** Deeds of one life that are shown without --all. */
export const MOST_DEEDS = 5;

export interface FoldedDeed {
  readonly text: string;
  readonly first: string | null;
  last: string | null;
  many: number;
}

/** Deeds that follow one another in the same words are one. */
export function foldedDeeds({ activity }: AccountLife): readonly FoldedDeed[] {
  const deeds: FoldedDeed[] = [];
  for (const one of activity) {
    const text = activityWords(one);
    const before = deeds.at(-1);
    if (before?.text === text) {
      before.many++;
      before.last = one.time;
    } else deeds.push({ text, first: one.time, last: one.time, many: 1 });
  }
  return deeds;
}

/**
 * What no layer without data could have seen, in a sentence; undefined where every layer had data. "Nothing found" is said of no such layer.
 */
export function blindWords(coverage: readonly LayerCoverage[], letters: Readonly<Record<string, string>>): string {
  const blind = coverage.filter(({ verdict }) => verdict !== 'data').map(({ layer }) => letters[layer]);
  if (blind.length === 0) return 'every layer had data';
  const what = blind.length === LAYERS.length ? 'no layer had data' : `no data of ${blind.join(', ')}`;
  return `${what}: a change that only ${blind.length === 1 ? 'that layer' : 'those layers'} would show is not told here`;
}
