// From what was observed and an answer to the document that says which children are confirmed, named and unexplained.
import type { EventPlace } from '../../logs/event.ts';
import { fileName } from '../command-text.ts';
import type { ChildrenDocument } from '../document.ts';
import type { Finding } from './asked.ts';
import {
  REALITY_SCHEMA,
  type RealityDocument,
  type RealityEvidence,
  type SeenChild,
  type SetApart,
  type Share,
} from './document.ts';
import type { Observed, ObservedStart } from './observed.ts';
import { reasonOf } from './reasons.ts';

const MOST_RECORDS = 8;
const MOST_HOSTS = 16;
const MOST_PATHS = 8;
const MOST_LINES = 3;
const MOST_LINE = 400;
/** Different texts of parent fields that are told one by one. */
const MOST_TEXTS = 32;

/** `program`: the file name of the parent in events, where it is not the answer's (a module's host). */
export function tellReality(
  observed: Observed,
  document: ChildrenDocument,
  program = document.parent.image,
): RealityDocument {
  const parent = fileName(program).toLowerCase();
  const seen = new Map<string, Tally & { readonly finding: Finding; readonly image: string }>();
  const setApart = new Map<
    string,
    Tally & { readonly kind: SetApart['kind']; readonly text: string; joined: number }
  >();
  const paths = new Map<string, number>();
  const shares: Record<Share, number> = { explained: 0, named: 0, unexplained: 0 };
  let [ofParent, ofOthers, apart, joined] = [0, observed.others, 0, 0];

  for (const start of observed.starts()) {
    if (start.parent.kind !== 'program') {
      const text = setApart.size < MOST_TEXTS ? start.parentImage : '';
      const key = `${start.parent.kind}|${text.toLowerCase()}`;
      const tally = setApart.get(key) ?? { ...emptyTally(), kind: start.parent.kind, text, joined: 0 };
      setApart.set(key, tally);
      add(tally, start);
      if (start.parentFile !== undefined) tally.joined++;
    }
    if (start.parentFile === undefined) apart++;
    else if (start.parentFile !== parent) ofOthers++;
    else {
      ofParent++;
      if (start.parent.kind !== 'program') joined++;
      const path = start.parent.kind === 'program' ? start.parentImage : (start.joined?.image ?? '');
      paths.set(path, (paths.get(path) ?? 0) + 1);
      const finding = findingOf(observed, document, start);
      shares[finding.share]++;
      const child = fileName(start.image);
      const key = keyOf(child, finding);
      const tally = seen.get(key) ?? { ...emptyTally(), finding, image: child };
      seen.set(key, tally);
      add(tally, start);
    }
  }

  const confirmed = new Set(
    [...seen.values()].filter(({ finding }) => finding.reason === 'child').map(({ image }) => image.toLowerCase()),
  );
  return {
    schema: REALITY_SCHEMA,
    parent: fileName(program),
    parentPaths: [...paths]
      .map(([path, events]) => ({ path, events }))
      .sort((a, b) => b.events - a.events || order(a.path, b.path))
      .slice(0, 16),
    sources: observed.sources,
    hostCount: observed.hostCount,
    first: timeText(observed.first),
    last: timeText(observed.last),
    counts: {
      all: observed.events,
      ofParent,
      ofOthers,
      setApart: apart,
      notKept: observed.left,
      joined,
      ...shares,
    },
    setApart: [...setApart.values()]
      .map((tally) => ({
        kind: tally.kind,
        text: tally.text,
        events: tally.events,
        joined: tally.joined,
        hosts: hostsOf(tally),
        first: timeText(tally.first),
        last: timeText(tally.last),
        records: tally.records,
      }))
      .sort((a, b) => b.events - a.events || order(a.text, b.text)),
    seen: [...seen.values()].map(seenChild).sort(byShare),
    neverSeen: document.children
      .filter(({ image }) => !confirmed.has(image.toLowerCase()))
      .map(({ image, path, confidence }) => ({ image, path, confidence })),
  };
}

/** What a start of the program's is held to be. */
export function findingOf(observed: Observed, document: ChildrenDocument, start: ObservedStart): Finding {
  return reasonOf({
    document,
    start,
    child: fileName(start.image).toLowerCase(),
    parentLine: start.parentCommandLine ?? start.joined?.commandLine,
    facts: observed.factsOf(start),
  });
}

interface Tally {
  events: number;
  readonly hosts: Set<string>;
  first: bigint | undefined;
  last: bigint | undefined;
  readonly records: EventPlace[];
  readonly paths: Set<string>;
  readonly lines: Set<string>;
}

function emptyTally(): Tally {
  return {
    events: 0,
    hosts: new Set(),
    first: undefined,
    last: undefined,
    records: [],
    paths: new Set(),
    lines: new Set(),
  };
}

function add(tally: Tally, { host, time, place, image, commandLine }: ObservedStart): void {
  tally.events++;
  if (host !== '') tally.hosts.add(host);
  if (time !== undefined) {
    if (tally.first === undefined || time < tally.first) tally.first = time;
    if (tally.last === undefined || time > tally.last) tally.last = time;
  }
  if (tally.records.length < MOST_RECORDS) tally.records.push(place);
  if (tally.paths.size < MOST_PATHS) tally.paths.add(image);
  if (commandLine !== undefined && tally.lines.size < MOST_LINES) tally.lines.add(commandLine.slice(0, MOST_LINE));
}

/** Starts of one child with the same reason and the same evidence are one entry, whatever record shows them. */
function keyOf(child: string, { share, reason, fit, evidence }: Finding): string {
  const shown = evidence.map(({ record: _, ...rest }) => rest);
  return JSON.stringify([child.toLowerCase(), share, reason, fit, shown]);
}

function seenChild(tally: Tally & { readonly finding: Finding; readonly image: string }): SeenChild {
  const { finding, image, events, hosts, records, paths, lines } = tally;
  const { share, reason, fit, confidence, evidence } = finding;
  return {
    image,
    share,
    reason,
    ...(fit === undefined ? {} : { fit }),
    ...(confidence === undefined ? {} : { confidence }),
    events,
    hostCount: hosts.size,
    hosts: hostsOf(tally),
    first: timeText(tally.first),
    last: timeText(tally.last),
    records,
    paths: [...paths],
    commandLines: [...lines],
    evidence: evidence as readonly RealityEvidence[],
  };
}

function hostsOf({ hosts }: Tally): readonly string[] {
  return [...hosts].sort(order).slice(0, MOST_HOSTS);
}

const SHARES: readonly Share[] = ['unexplained', 'named', 'explained'];

function byShare(a: SeenChild, b: SeenChild): number {
  return (
    SHARES.indexOf(a.share) - SHARES.indexOf(b.share) ||
    b.events - a.events ||
    order(a.image.toLowerCase(), b.image.toLowerCase()) ||
    order(a.reason, b.reason)
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** 100 ns between 1601 and 1970. */
const UNIX_EPOCH = 116_444_736_000_000_000n;

function timeText(ticks: bigint | undefined): string | null {
  if (ticks === undefined) return null;
  const time = new Date(Number((ticks - UNIX_EPOCH) / 10_000n));
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
