// What a call site is, whatever its address and the registers of its machine: the features by which it is found again in another build.
import type { SiteEntry } from '../document.ts';

/** Feature to its weight. */
export type Features = ReadonlyMap<string, number>;

/** What hides a name. */
export interface Hidden {
  readonly reason: string;
  /** What it is read from, where that is known. */
  readonly from?: string;
  /** The registry value's name. */
  readonly value?: string;
}

/** What is known of a call besides its own entry in the list of sites. */
export interface AtSite {
  /** Names of the children that are started there, lower case. */
  readonly children: readonly string[];
  /** What hides a name there. */
  readonly hidden: readonly Hidden[];
  readonly documents: readonly string[];
  /** What the function's own texts hint at its name. */
  readonly hints: readonly string[];
}

/** Features of these kinds say which call it is. */
const TELLING = /^(?:child|document|name)=/;
/** A place in the registry, a file: it says so less surely, for an analysis may know more or less of it. */
const FROM = /^from=/;

const WEIGHT = {
  child: 4,
  from: 3,
  document: 4,
  name: 4,
  hint: 2,
  literal: 2,
  piece: 1,
  hidden: 1,
  value: 1,
  unknown: 0.5,
};
/** Longer texts are told apart by their beginning. */
const LONGEST = 400;
const MOST = 400;

export function featuresOf(site: SiteEntry, at: AtSite): Features {
  const features = new Map<string, number>();
  const add = (name: string, weight: number) => {
    if (features.size < MOST) features.set(name.slice(0, LONGEST), weight);
  };
  if (site.functionName !== undefined) add(`name=${site.functionName}`, WEIGHT.name);
  for (const image of at.children) add(`child=${image}`, WEIGHT.child);
  for (const target of at.documents) add(`document=${target.toLowerCase()}`, WEIGHT.document);
  for (const { reason, from, value } of at.hidden) {
    add(`hidden=${reason}`, WEIGHT.hidden);
    if (from !== undefined) add(`from=${from}`, WEIGHT.from);
    if (value !== undefined) add(`value=${value}`, WEIGHT.value);
  }
  for (const hint of at.hints) add(`hint=${hint.replace(/ \(at 0x[0-9a-f]+\)$/, '')}`, WEIGHT.hint);
  add(`via=${site.via}`, WEIGHT.unknown);
  for (const [role, values] of Object.entries(site.arguments))
    for (const value of values) {
      const plain = withoutPlace(value);
      const pieces = literalPieces(plain);
      add(`${role}=${plain}`, pieces.length > 0 ? WEIGHT.literal : WEIGHT.unknown);
      for (const piece of pieces) add(`${role}~${piece}`, WEIGHT.piece);
    }
  return features;
}

/** An argument's value in words, without what differs between machines and builds: which argument of which function, and how many. */
export function withoutPlace(value: string): string {
  return value
    .slice(0, 4 * LONGEST)
    .toLowerCase()
    .replace(/argument \d+ of the function/g, 'argument of the function')
    .replace(/one of \d+ beginnings/g, 'one of several beginnings')
    .replace(/\\syswow64(?=\\|$)/g, '\\system32')
    .replace(/<system-wow64-directory>/g, '<system-directory>');
}

/** The words of a value that stand in the file. */
export function literalPieces(value: string): readonly string[] {
  if (value === 'null') return [];
  const pieces = value
    .replace(/<[^<>]*>/g, ' ')
    .split(/[\s"\\]+/)
    .filter((piece) => piece.length > 1);
  return [...new Set(pieces)];
}

/** 0 (nothing in common) to 1 (the same). */
export function likeness(a: Features, b: Features): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let common = 0;
  for (const [name, weight] of small) if (large.has(name)) common += weight;
  const [all, other] = [total(a), total(b)];
  if (all === 0 || other === 0) return all === other ? 1 : 0;
  return 0.5 * (common / (all + other - common)) + 0.5 * (common / Math.min(all, other));
}

/** How alike two calls have to be, so that they are one: little where nothing speaks against it, much where they tell different things of themselves. */
export function leastLikeness(a: Features, b: Features): number {
  if (contradict(a, b, TELLING)) return 0.7;
  return contradict(a, b, FROM) ? 0.3 : 0.1;
}

function contradict(a: Features, b: Features, kind: RegExp): boolean {
  const own = of(a, kind);
  return own.length > 0 && of(b, kind).length > 0 && !own.some((name) => b.has(name));
}

/** Whether both tell the same of themselves in something. */
export function tellTheSame(a: Features, b: Features): boolean {
  return [...of(a, TELLING), ...of(a, FROM)].some((name) => b.has(name));
}

function of(features: Features, kind: RegExp): readonly string[] {
  return [...features.keys()].filter((name) => kind.test(name));
}

function total(features: Features): number {
  let sum = 0;
  for (const weight of features.values()) sum += weight;
  return sum;
}
