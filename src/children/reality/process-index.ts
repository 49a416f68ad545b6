// Which process had an id on a host at a time: joins an event to the start of its parent.
import type { ProcessStart } from './process-start.ts';

/** What is known of a running process. */
export interface KnownProcess {
  /** The program's path. */
  readonly image: string;
  readonly commandLine: string | undefined;
  readonly guid: string | undefined;
  /** What its own start says of its parent. */
  readonly parentCommandLine: string | undefined;
  readonly parentGuid: string | undefined;
  /** 100 ns since 1601. */
  readonly time: bigint;
}

/** Starts that are kept for joining; behind these an event is joined to what is known already. */
const MOST_KEPT = 1_000_000;

/** Two events of one start (Sysmon's and Security's) are this near: 2 s. */
const SAME_START = 20_000_000n;

/** Starts with one id this near that are looked at for a second event; more are no real log. */
const MOST_NEAR = 256;

export class ProcessIndex {
  /** By host and process id, in the order of reading until it is asked for. */
  readonly #starts = new Map<string, KnownProcess[]>();
  /** Keys of those that are in the order of time. */
  readonly #sorted = new Set<string>();
  readonly #byGuid = new Map<string, KnownProcess>();
  #kept = 0;
  /** Starts that were not kept. */
  left = 0;

  add({ host, pid, guid, image, commandLine, parentCommandLine, parentGuid, time }: ProcessStart): void {
    if (time === undefined || (pid === undefined && guid === undefined)) return;
    if (this.#kept >= MOST_KEPT) {
      this.left++;
      return;
    }
    this.#kept++;
    const known = { image, commandLine, guid, parentCommandLine, parentGuid, time };
    if (guid !== undefined) this.#byGuid.set(guid.toLowerCase(), known);
    if (pid === undefined) return;
    const key = `${pid}|${host}`;
    const starts = this.#starts.get(key);
    if (starts) starts.push(known);
    else this.#starts.set(key, [known]);
    this.#sorted.delete(key);
  }

  /** In the order of time; those of one time in the order of reading. */
  #startsOf(pid: number, host: string): readonly KnownProcess[] {
    const key = `${pid}|${host}`;
    const starts = this.#starts.get(key) ?? [];
    if (!this.#sorted.has(key)) {
      starts.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
      this.#sorted.add(key);
    }
    return starts;
  }

  /** The parent of a start: by Sysmon's name of it, else the process that last got the id on the host, no later than the start. */
  parentOf({ host, parentPid, parentGuid, time }: ProcessStart): KnownProcess | undefined {
    if (parentGuid !== undefined) {
      const named = this.#byGuid.get(parentGuid.toLowerCase());
      if (named) return named;
    }
    if (parentPid === undefined || time === undefined) return undefined;
    const starts = this.#startsOf(parentPid, host);
    const last = starts[firstNotBefore(starts, time + 1n) - 1];
    const found = last && starts[firstNotBefore(starts, last.time)];
    if (found === undefined || (found.guid !== undefined && found.commandLine !== undefined)) return found;
    const twin = twinOf(starts, found.image, found.time, ({ guid }) => guid !== undefined);
    return { ...found, commandLine: found.commandLine ?? twin?.commandLine, guid: found.guid ?? twin?.guid };
  }

  /** Sysmon's event of a start that another log tells without what it has of the parent. */
  twinOf({ host, pid, image, time }: ProcessStart): KnownProcess | undefined {
    if (pid === undefined || time === undefined) return undefined;
    return twinOf(this.#startsOf(pid, host), image, time, ({ parentCommandLine }) => parentCommandLine !== undefined);
  }
}

/** Another event of the same start that says more. */
function twinOf(
  starts: readonly KnownProcess[],
  image: string,
  time: bigint,
  saysMore: (one: KnownProcess) => boolean,
): KnownProcess | undefined {
  const name = image.toLowerCase();
  const from = firstNotBefore(starts, time - SAME_START);
  for (let i = from; i < starts.length && i < from + MOST_NEAR && starts[i].time <= time + SAME_START; i++)
    if (starts[i].image.toLowerCase() === name && saysMore(starts[i])) return starts[i];
  return undefined;
}

/** Number of the first of them that is not before a time. */
function firstNotBefore(starts: readonly KnownProcess[], time: bigint): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle].time < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
