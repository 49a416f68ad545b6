// A log that grows: what was written to it since, again and again.

import { setTimeout as wait } from 'node:timers/promises';
import { isEventLog } from '../evtx/index.ts';
import type { LogInput } from '../logs/index.ts';
import { openFile, sizeOf, versionOf } from './files.ts';

/** Milliseconds between two looks at the file. */
const PAUSE = 500;

export interface FollowedInput {
  readonly input: LogInput;
  readonly close: () => void;
  /** Keeps the number of the last record that was given, and gives it back: an event log is read again behind it. */
  readonly lastSeen: (seen?: bigint) => bigint | undefined;
}

/** An EVTX file as it is now, and again each time it was written to; a text as one stream that does not end. */
export async function* followed(path: string): AsyncGenerator<FollowedInput> {
  const head = new Uint8Array(8);
  const first = openFile(path);
  first.readAt(0, head);
  first.close();
  let last: bigint | undefined;
  const lastSeen = (seen?: bigint): bigint | undefined => {
    if (seen !== undefined && (last === undefined || seen > last)) last = seen;
    return last;
  };
  if (!isEventLog(head)) {
    yield { input: { name: path, blocks: growing(path) }, close: () => {}, lastSeen };
    return;
  }
  for (let seen = ''; ; ) {
    const version = versionOf(path);
    if (version !== seen) {
      seen = version;
      const input = openFile(path);
      yield { input, close: input.close, lastSeen };
    }
    await wait(PAUSE);
  }
}

/** The bytes of a file, and those that are written behind them. One that became shorter was begun anew. */
async function* growing(path: string): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(1 << 18);
  for (let at = 0; ; ) {
    const size = sizeOf(path);
    if (size < at) at = 0;
    if (size > at) {
      const file = openFile(path);
      try {
        for (let got = file.readAt(at, block); got > 0; got = file.readAt(at, block)) {
          at += got;
          yield block.subarray(0, got);
        }
      } finally {
        file.close();
      }
    }
    await wait(PAUSE);
  }
}
