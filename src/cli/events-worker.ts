// What a thread of `winnow events` runs: takes the events of one part of an event log after the other.

import { parentPort } from 'node:worker_threads';
import { type LogFile, openLog } from '../evtx/index.ts';
import { type LogEvent, LogReport } from '../logs/index.ts';
import { findOptions, takerFor } from './event-takers.ts';
import type { PartAnswer, PartAsked } from './event-workers.ts';
import { type OpenFile, openFile } from './files.ts';
import { takeLog } from './found-events.ts';
import type { Face } from './print.ts';

type MessageOf = (event: LogEvent) => string | undefined;
let messages: Promise<MessageOf> | undefined;
/** The log of the part before: its templates are known. */
let opened: { readonly path: string; readonly file: OpenFile; readonly log: LogFile } | undefined;

/** The events of a part, as they are to be written or counted. */
async function answerOf({ path, flags, segment, face }: PartAsked): Promise<PartAnswer> {
  const table = flags.messages;
  if (table !== undefined) messages ??= import('./message-texts.ts').then((module) => module.messageTexts(table));
  const messageOf = await messages;
  const blocks: Uint8Array[] = [];
  const kept: Face = {
    ...face,
    errIsTerminal: false,
    out: (text) => void blocks.push(new TextEncoder().encode(text)),
    outBytes: async (bytes) => void blocks.push(bytes.slice()),
    err: () => {},
  };
  const report = new LogReport();
  const taker = takerFor(flags, kept, (event) => messageOf?.(event), true);
  if (opened?.path !== path) {
    opened?.file.close();
    const file = openFile(path);
    opened = { path, file, log: openLog(file) };
  }
  const log = { form: 'evtx', name: path, file: opened.log } as const;
  await takeLog(log, report, { ...findOptions(flags), segment }, taker);
  await taker.flush();
  return { bytes: joined(blocks), notes: report.notes, unreadable: report.unreadable, ...taker.part() };
}

function joined(blocks: readonly Uint8Array[]): Uint8Array {
  if (blocks.length === 1) return blocks[0];
  const all = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}

parentPort?.on('message', async (asked: PartAsked) => {
  let answer: PartAnswer;
  try {
    answer = await answerOf(asked);
  } catch (error) {
    answer = { bytes: new Uint8Array(0), notes: [], unreadable: 0, events: 0, failure: error as Error };
  }
  parentPort?.postMessage(answer, [answer.bytes.buffer as ArrayBuffer]);
});
