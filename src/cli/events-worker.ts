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
  return { blocks, report: report.part, ...taker.part() };
}

parentPort?.on('message', async (asked: PartAsked) => {
  let answer: PartAnswer;
  try {
    answer = await answerOf(asked);
  } catch (error) {
    answer = { blocks: [], report: new LogReport().part, events: 0, failure: error as Error };
  }
  parentPort?.postMessage(
    answer,
    answer.blocks.map((block) => block.buffer as ArrayBuffer),
  );
});
