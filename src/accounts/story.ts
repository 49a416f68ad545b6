// The named steps from what was collected to the document: changes, each told once, the accounts' lives, and what each layer could have seen.

import { fileTimeText } from '../bytes/file-time.ts';
import type { Collector } from './collector.ts';
import { coverageOf, LAYERS, verdictOf } from './coverage.ts';
import { ACCOUNTS_SCHEMA, type AccountsDocument, type Actor, type Change } from './document.ts';
import { Hosts } from './hosts.ts';
import { Identities } from './identities.ts';
import { markBenign } from './join/benign.ts';
import { distinct } from './join/distinct.ts';
import { compareTimes, type Draft } from './join/draft.ts';
import { inferMembers, tieToCauses } from './join/infer.ts';
import { Joiner } from './join/join-layers.ts';
import { nativeBursts, withGroupsRenamed } from './join/native-bursts.ts';
import { registryBursts } from './join/registry-bursts.ts';
import { actsOf } from './join/same-act.ts';
import { joinSam, type SamStates } from './join/with-sam.ts';
import { livesOf } from './lives.ts';
import { groupOf, principalOf } from './principal.ts';
import { authorityOf } from './record.ts';
import type { ActorSeen, Sighting } from './sighting.ts';

/**
 * `unreadable`: records, lines and inputs that could not be read. `sam`: the hive of one host that the logs are of, before and after;
 * `stranger` is called where it is of none.
 */
export function tellStory(
  collector: Collector,
  unreadable: number,
  sam?: SamStates,
  stranger?: () => void,
): AccountsDocument {
  collector.end();
  const sightings = withGroupsRenamed(inOrder(distinct(collector.sightings)));
  const hosts = new Hosts(sightings);
  const identities = new Identities(sightings, (one) => hosts.scopeOf(one) === 'local');
  const of = (layer: Sighting['layer'], isSupport: boolean) =>
    sightings.filter((one) => one.layer === layer && (one.isSupport === true) === isSupport);
  const native = nativeBursts(of('native', false), hosts);
  const registry = registryBursts(sightings.filter(({ layer }) => layer === 'registry'));
  const joiner = new Joiner(native.drafts, hosts, identities);
  joiner.take(registry.bursts);
  joiner.take(actsOf(of('api', false)));
  joiner.take(actsOf(of('command', false)));
  for (const supports of [registry.supports, of('api', true), of('command', true), of('native', true)])
    joiner.support(supports);
  const drafts = joiner.drafts.sort((one, other) => compareTimes(one.at, other.at));
  const ofHosts = byHost(drafts);
  const samHosts = sam ? hostsOf(ofHosts, sam) : new Set<string>();
  if (sam && samHosts.size === 0) stranger?.();
  for (const [key, own] of ofHosts) {
    tieToCauses(own);
    inferMembers(own);
    if (sam && samHosts.has(key)) {
      // What is sure is not taken for what the hives tell of; and what they named is in the reasons.
      joinSam(own, sam);
      inferMembers(own);
    }
    markBenign(own, { rotations: collector.rotations.get(key) ?? [] });
  }
  return {
    schema: ACCOUNTS_SCHEMA,
    changes: drafts.map((draft) => changeOf(draft, collector)),
    coverage: [...collector.presence].flatMap(([key, presence]) =>
      coverageOf(presence.host, presence, ofHosts.get(key) ?? []),
    ),
    accounts: livesOf(drafts, collector.deeds),
    findings: findingsOf(collector, native.empty),
    counts: { events: collector.events, unreadable },
  };
}

/** The hosts whose accounts have the SAM's own SID; if none has, and the logs are of one host without any SID of accounts, that one. */
function hostsOf(ofHosts: ReadonlyMap<string, readonly Draft[]>, { after }: SamStates): ReadonlySet<string> {
  const authorities = [...ofHosts].map(([key, drafts]) => {
    const sids = drafts.flatMap(({ account, member }) =>
      [account?.sid, member?.sid].filter((sid) => sid !== undefined),
    );
    return [key, new Set(sids.flatMap((sid) => authorityOf(sid) ?? []))] as const;
  });
  const own = authorities.filter(([, of]) => after.machineSid !== undefined && of.has(after.machineSid));
  const [only] = authorities;
  if (own.length === 0 && authorities.length === 1 && (only[1].size === 0 || after.machineSid === undefined))
    return new Set([only[0]]);
  return new Set(own.map(([key]) => key));
}

/** By time; those without one where they were read. */
function inOrder(sightings: readonly Sighting[]): readonly Sighting[] {
  return [...sightings].sort((one, other) => compareTimes(one.at, other.at));
}

function byHost(drafts: readonly Draft[]): ReadonlyMap<string, readonly Draft[]> {
  const all = new Map<string, Draft[]>();
  for (const draft of drafts) {
    const own = all.get(draft.key);
    if (own) own.push(draft);
    else all.set(draft.key, [draft]);
  }
  return all;
}

function changeOf(draft: Draft, collector: Collector): Change {
  const presence = collector.presence.get(draft.key);
  const layers = Object.fromEntries(LAYERS.map((layer) => [layer, verdictOf(draft, layer, presence)]));
  return {
    kind: draft.kind,
    time: draft.at === undefined ? null : fileTimeText(draft.at),
    host: draft.host ?? null,
    outcome: draft.outcome,
    scope: draft.scope,
    account: draft.account ? principalOf(draft.account) : null,
    group: draft.group ? groupOf(draft.group) : null,
    member: draft.member ? principalOf(draft.member) : null,
    direction: draft.direction ?? null,
    actor: actorOf(draft.actor, draft.key, collector),
    ...(draft.benign ? { benign: draft.benign } : {}),
    ...(draft.inferred ? { inferred: draft.inferred } : {}),
    settings: draft.settings,
    layers: layers as Change['layers'],
    evidence: [...draft.sightings].sort((one, other) => compareTimes(one.at, other.at)).map(({ evidence }) => evidence),
    notes: notesOf(draft, layers as Change['layers']),
  };
}

function actorOf(actor: ActorSeen | undefined, key: string, { logons }: Collector): Actor | null {
  if (!actor) return null;
  const { name, domain, sid } = principalOf(actor);
  const logon = actor.logonId === undefined ? undefined : logons.get(`${key} ${actor.logonId}`);
  const { process } = actor;
  return {
    name,
    domain,
    sid,
    logonId: actor.logonId ?? null,
    source: logon?.source ?? null,
    process: process
      ? {
          image: process.image ?? null,
          pid: process.pid ?? null,
          commandLine: process.commandLine ?? null,
          parentImage: process.parentImage ?? null,
        }
      : null,
  };
}

function notesOf(draft: Draft, layers: Change['layers']): readonly string[] {
  const notes = [...draft.notes];
  if (draft.kind === 'account-created' && draft.account?.name?.endsWith('$') && draft.scope === 'local')
    notes.push('a name that ends with "$" is not listed by net user');
  if (layers.api === 'missed' && (layers.native === 'saw' || layers.registry === 'saw') && !draft.cause?.saw('api'))
    notes.push(
      'the API layer reports other calls of this host, not this one: possible unhooking, direct system call or RPC',
    );
  if (draft.kind === 'membership-changed' && !draft.member && !draft.inferred)
    notes.push('who was added or removed is not in these records; a copy of the SAM hive before and after tells');
  return notes;
}

/** What is no change: one line a host and a kind, with the first records. */
function findingsOf(collector: Collector, empty: readonly Sighting[]): AccountsDocument['findings'] {
  const all = [
    ...collector.findings,
    ...empty.map((one) => ({
      what:
        one.kind === 'group-changed'
          ? `${one.group?.name ?? one.group?.sid ?? 'a group'} was written without a changed setting, as a policy refresh does: no change`
          : 'an account was given the name that it had: no change',
      host: one.host,
      evidence: one.evidence,
    })),
  ];
  const joined = new Map<string, AccountsDocument['findings'][number] & { evidence: unknown[] }>();
  for (const { what, host, evidence } of all) {
    const key = `${what}\0${host}`;
    const own = joined.get(key);
    if (own) {
      if (own.evidence.length < MOST_RECORDS) (own.evidence as unknown[]).push(evidence);
    } else joined.set(key, { what, host: host ?? null, evidence: [evidence] });
  }
  return [...joined.values()];
}

/** Records of a finding that are told. */
const MOST_RECORDS = 16;
