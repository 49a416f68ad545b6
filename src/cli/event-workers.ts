// The threads that read a large event log: each takes parts of it, and what comes of them is put together in the log's order.

import { Worker } from 'node:worker_threads';
import type { Segment } from '../evtx/index.ts';
import type { LogReport, ReportPart } from '../logs/index.ts';
import type { EventsFlags, TakenPart, Taker } from './event-takers.ts';
import type { Face } from './print.ts';

/** Parts that each thread is asked for ahead: what comes of them is held. */
const AHEAD = 2;
/** Megabytes of a thread's young objects: more are only kept longer. */
const YOUNG = 8;
/** Chunks of one part. */
export const PART = 16;

/** What a thread is asked. */
export interface PartAsked {
  readonly path: string;
  readonly flags: EventsFlags;
  readonly segment: Segment;
  /** Of the face: how text is to be written. */
  readonly face: Pick<Face, 'env' | 'outIsTerminal' | 'platform'>;
}

/** What it answers. */
export interface PartAnswer extends TakenPart {
  /** What is to be written, in order. */
  readonly blocks: readonly Uint8Array[];
  readonly report: ReportPart;
  /** The thread could not answer: a fault of Winnow, or the file is gone. */
  readonly failure?: Error;
}

/** Reads the parts of a log in `threads` threads of the script at `script`; `done` is told how many there were. */
export async function takeInParts(
  script: URL,
  threads: number,
  segments: readonly Segment[],
  asked: Omit<PartAsked, 'segment'>,
  to: { readonly taker: Taker; readonly report: LogReport; readonly face: Face },
  done: (parts: number) => void,
): Promise<void> {
  const workers = Array.from({ length: Math.min(threads, segments.length) }, () => new Answering(script));
  try {
    const answers: Promise<PartAnswer>[] = [];
    const ask = (): void => {
      const next = answers.length;
      if (next < segments.length)
        answers.push(workers[next % workers.length].ask({ ...asked, segment: segments[next] }));
    };
    for (let i = 0; i < workers.length * AHEAD; i++) ask();
    for (let i = 0; i < segments.length; i++) {
      const { blocks, report, failure, ...part } = await answers[i];
      delete answers[i];
      if (failure) throw failure;
      ask();
      for (const block of blocks) await to.face.outBytes?.(block);
      to.report.absorb(report);
      to.taker.absorb(part);
      done(i + 1);
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.end()));
  }
}

/** A thread that answers one question after the other. */
class Answering {
  readonly #worker: Worker;
  readonly #waiting: { readonly resolve: (answer: PartAnswer) => void; readonly reject: (error: Error) => void }[] = [];

  constructor(script: URL) {
    this.#worker = new Worker(script, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG } });
    this.#worker.on('message', (answer: PartAnswer) => this.#waiting.shift()?.resolve(answer));
    this.#worker.on('error', (error) => {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  ask(asked: PartAsked): Promise<PartAnswer> {
    const answer = new Promise<PartAnswer>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    // It is awaited in its turn; until then a failure is no unhandled one.
    answer.catch(() => {});
    this.#worker.postMessage(asked);
    return answer;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
