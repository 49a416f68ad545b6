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

export class ProcessIndex {
  /** By host and process id, in the order of reading. */
  readonly #starts = new Map<string, KnownProcess[]>();
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
  }

  /** The parent of a start: by Sysmon's name of it, else the process that last got the id on the host, no later than the start. */
  parentOf({ host, parentPid, parentGuid, time }: ProcessStart): KnownProcess | undefined {
    if (parentGuid !== undefined) {
      const named = this.#byGuid.get(parentGuid.toLowerCase());
      if (named) return named;
    }
    if (parentPid === undefined || time === undefined) return undefined;
    const starts = this.#starts.get(`${parentPid}|${host}`);
    if (!starts) return undefined;
    let found: KnownProcess | undefined;
    for (const one of starts) if (one.time <= time && (found === undefined || one.time > found.time)) found = one;
    if (found === undefined || (found.guid !== undefined && found.commandLine !== undefined)) return found;
    const twin = twinOf(starts, found.image, found.time, ({ guid }) => guid !== undefined);
    return { ...found, commandLine: found.commandLine ?? twin?.commandLine, guid: found.guid ?? twin?.guid };
  }

  /** Sysmon's event of a start that another log tells without what it has of the parent. */
  twinOf({ host, pid, image, time }: ProcessStart): KnownProcess | undefined {
    const starts = pid === undefined || time === undefined ? undefined : this.#starts.get(`${pid}|${host}`);
    return starts && twinOf(starts, image, time!, ({ parentCommandLine }) => parentCommandLine !== undefined);
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
  return starts.find(
    (one) => one.image.toLowerCase() === name && absolute(one.time - time) <= SAME_START && saysMore(one),
  );
}

function absolute(ticks: bigint): bigint {
  return ticks < 0n ? -ticks : ticks;
}
