// Holds Winnow's answers against the parent-child pairs of real logs: reads both, and sorts each pair into explained, named, unexplained, silent.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildrenDocument } from '../src/children/document.ts';
import { findChildren, type ModuleFile } from '../src/children/find-children.ts';
import type { Finding } from '../src/children/reality/asked.ts';
import type { SeenChild, SeenReason } from '../src/children/reality/document.ts';
import type { Observed, ObservedStart } from '../src/children/reality/observed.ts';
import { findingOf } from '../src/children/reality/reality.ts';
import { readBaseline } from '../src/cli/children-baseline.ts';
import { fileName, readWholeFile, sha256Of } from '../src/cli/files.ts';
import { ModuleSearch } from '../src/cli/module-search.ts';
import { evidenceWords } from '../src/cli/reality-text.ts';
import { WinnowError } from '../src/errors.ts';

export { evidenceWords };

export type PairShare = SeenChild['share'] | 'silent';

/** One parent and one child, over all logs. */
export interface Pair {
  readonly parent: string;
  readonly child: string;
  readonly share: PairShare;
  readonly reason: SeenReason;
  readonly fit?: 'shown' | 'possible';
  readonly events: number;
  readonly evidence: SeenChild['evidence'];
  readonly commandLine?: string;
  readonly record: string;
}

export interface Measured {
  readonly pairs: readonly Pair[];
  /** Process-creation events, those of them whose parent is among the programs, and those whose parent is not known. */
  readonly events: number;
  readonly ofPrograms: number;
  readonly setApart: number;
  /** Programs that were parents and could not be analysed. */
  readonly failed: readonly string[];
  /** Pairs whose parent is not among the programs. */
  readonly otherPairs: number;
  readonly failures: readonly string[];
}

const PROGRAM = /\.(?:exe|com|scr)$/i;
/** Later folders hold the same names for another machine, so the first one counts. */
export interface Binaries {
  /** By lower-case name: the path of the first. */
  readonly programs: ReadonlyMap<string, string>;
  readonly folders: readonly string[];
}

/** The programs of the folders and of the folders directly in them. */
export function binariesIn(given: readonly string[]): Binaries {
  const folders = given.flatMap((folder) => [
    folder,
    ...readdirSync(folder)
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isDirectory())
      .sort((a, b) => Number(/x86|wow64/i.test(a)) - Number(/x86|wow64/i.test(b))),
  ]);
  const programs = new Map<string, string>();
  for (const folder of folders)
    for (const name of readdirSync(folder))
      if (PROGRAM.test(name) && !programs.has(name.toLowerCase())) programs.set(name.toLowerCase(), join(folder, name));
  return { programs, folders };
}

/** The share of the weakest of a pair's starts is the pair's. */
const WEAKNESS = ['unexplained', 'named', 'explained'] as const;

export async function measure(
  logs: readonly string[],
  { programs, folders }: Binaries,
  onStep: (text: string) => void,
): Promise<Measured> {
  const { observed, failures } = await readBaseline(logs, () => true, { step: () => {}, end: () => {} });
  const answers = new Answers(programs, folders, onStep);
  const pairs = new Map<string, Found>();
  const others = new Set<string>();
  let [ofPrograms, setApart] = [0, 0];
  for (const start of observed.starts()) {
    const { parentFile } = start;
    if (parentFile === undefined) {
      setApart++;
      continue;
    }
    const child = fileName(start.image).toLowerCase();
    const answer = answers.of(parentFile);
    if (answer === undefined) {
      others.add(`${parentFile}|${child}`);
      continue;
    }
    ofPrograms++;
    addTo(pairs, parentFile, child, start, findingOf(observed as Observed, answer.document, start));
  }
  return {
    pairs: [...pairs.values()].map((pair) => pairOf(pair, answers)).sort(order),
    events: observed.events,
    ofPrograms,
    setApart,
    failed: answers.failed,
    otherPairs: others.size,
    failures,
  };
}

interface Found {
  readonly parent: string;
  readonly child: string;
  events: number;
  weakest: Finding;
  start: ObservedStart;
}

function addTo(pairs: Map<string, Found>, parent: string, child: string, start: ObservedStart, finding: Finding): void {
  const key = `${parent}|${child}`;
  const found = pairs.get(key);
  if (!found) {
    pairs.set(key, { parent, child, events: 1, weakest: finding, start });
    return;
  }
  found.events++;
  if (weight(finding) < weight(found.weakest)) {
    found.weakest = finding;
    found.start = start;
  }
}

function weight({ share, fit }: Finding): number {
  return WEAKNESS.indexOf(share) * 2 + (fit === 'shown' ? 1 : 0);
}

/** A start that nothing explains is a miss where the program's own code, or that of a module of its that was read, has the child's name in it. */
function pairOf({ parent, child, events, weakest, start }: Found, answers: Answers): Pair {
  const { share, reason, fit, evidence } = weakest;
  const place = reason === 'none' ? answers.of(parent)?.naming(child) : undefined;
  return {
    parent,
    child,
    share: place === undefined ? share : 'silent',
    reason,
    ...(fit === undefined ? {} : { fit }),
    events,
    evidence: place === undefined ? evidence : [{ what: 'its name stands in this module', module: place }],
    ...(start.commandLine === undefined ? {} : { commandLine: start.commandLine }),
    record: `${start.place.record} of ${start.place.log}`,
  };
}

const SHARES: readonly PairShare[] = ['silent', 'unexplained', 'named', 'explained'];

function order(a: Pair, b: Pair): number {
  const key = ({ share, parent, child }: Pair) => `${SHARES.indexOf(share)}|${parent}|${child}`;
  return key(a) < key(b) ? -1 : 1;
}

interface Answer {
  readonly document: ChildrenDocument;
  /** The module that was read and has the name in it. */
  readonly naming: (name: string) => string | undefined;
}

/** Each program is analysed once, when it is first a parent. */
class Answers {
  readonly #made = new Map<string, Answer | undefined>();
  readonly failed: string[] = [];
  readonly #programs: ReadonlyMap<string, string>;
  readonly #folders: readonly string[];
  readonly #onStep: (text: string) => void;

  constructor(programs: ReadonlyMap<string, string>, folders: readonly string[], onStep: (text: string) => void) {
    this.#programs = programs;
    this.#folders = folders;
    this.#onStep = onStep;
  }

  of(parent: string): Answer | undefined {
    if (!this.#made.has(parent)) this.#made.set(parent, this.#analyse(parent));
    return this.#made.get(parent);
  }

  #analyse(parent: string): Answer | undefined {
    const path = this.#programs.get(parent);
    if (path === undefined) return undefined;
    this.#onStep(parent);
    try {
      const bytes = readWholeFile(path);
      const file: ModuleFile = { name: fileName(path), path, bytes, sha256: sha256Of(bytes) };
      const search = new ModuleSearch(file, this.#folders);
      const document = findChildren(file, { loadModule: (name) => search.load(name) });
      const read = document.modules.filter(({ found, role }) => found && role !== 'generic');
      const files = read.flatMap(({ name }) => search.loaded.get(name.toLowerCase()) ?? []);
      return { document, naming: (name) => files.find((one) => holdsName(one.bytes, name))?.name };
    } catch (error) {
      if (!(error instanceof WinnowError)) throw error;
      this.failed.push(`${parent}: ${error.message}`);
      return undefined;
    }
  }
}

/** Whether bytes hold a file name in single-byte or UTF-16 characters, letter case aside. */
function holdsName(bytes: Uint8Array, name: string): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').toLowerCase();
  return text.includes(name) || text.includes([...name].join('\0'));
}
