// From an input to its logs, each by what its bytes say that it is, and from a log to its events.

import { WinnowError } from '../errors.ts';
import { type LogFile, openLog } from '../evtx/chunks.ts';
import { isEventLog } from '../evtx/file-header.ts';
import type { Criteria } from '../evtx/query.ts';
import { gunzipped, membersOf } from './archive.ts';
import { wantedBy } from './criteria.ts';
import { csvEvents } from './csv-events.ts';
import type { LogEvent } from './event.ts';
import { evtxEvents } from './evtx-events.ts';
import { jsonObjects } from './json-objects.ts';
import { eventOfObject } from './json-shapes.ts';
import { blocksOf, held, type LogInput, peek } from './log-input.ts';
import type { LogReport } from './log-report.ts';
import { encodingOf, textOf } from './text-blocks.ts';
import { xmlEvents } from './xml-events.ts';

export type TextForm = 'json' | 'xml' | 'csv';

/** A log that was opened; its events are read when they are asked for, once. */
export type OpenedLog =
  | { readonly form: 'evtx'; readonly name: string; readonly file: LogFile }
  | { readonly form: TextForm; readonly name: string; readonly events: AsyncIterable<LogEvent> };

/** Bytes that tell what a log is. */
const START = 4096;
/** Archives within one another. */
const DEEPEST = 3;

/**
 * The logs of an input: one, or those of an archive. What cannot be read at all is told to `report`, and counts there.
 * `isNamedLog` says whether a member of an archive, by its name, is to be read.
 */
export async function* openLogs(
  given: LogInput,
  report: LogReport,
  isNamedLog: (name: string) => boolean = () => true,
  depth = 0,
): AsyncGenerator<OpenedLog> {
  try {
    const { start, input } = await peek(given, START, tellsForm);
    const { name } = input;
    if (start.length === 0) {
      report.refuse(name, 'it is empty (0 bytes)');
    } else if (beginsWith(start, [0x1f, 0x8b]) || beginsWith(start, [0x50, 0x4b, 3, 4])) {
      if (depth >= DEEPEST) report.refuse(name, `more than ${DEEPEST} archives within one another; unpack it first`);
      else if (start[0] === 0x1f)
        yield* openLogs(
          { name: name.replace(/\.gz$/i, ''), blocks: gunzipped(blocksOf(input)) },
          report,
          isNamedLog,
          depth + 1,
        );
      else
        for await (const member of membersOf(await held(input), report))
          if (isNamedLog(member.name)) yield* openLogs(member, report, isNamedLog, depth + 1);
    } else if (isEventLog(start)) {
      yield { form: 'evtx', name, file: openLog(await held(input)) };
    } else {
      const encoding = encodingOf(start);
      const form = formOf(new TextDecoder(encoding).decode(start));
      if (form === undefined)
        report.refuse(
          name,
          'it is no log that can be read (EVTX, JSON, XML of Windows events, CSV with a row of names)',
        );
      else yield { form, name, events: eventsOfText(form, name, textOf(blocksOf(input), encoding), report) };
    }
  } catch (error) {
    if (error instanceof WinnowError) report.refuse(given.name, error.message);
    else report.refuse(given.name, `it cannot be unpacked: ${(error as Error).message}`);
  }
}

/** Whether these bytes tell what a log is: a whole line, or what no other form begins with. */
function tellsForm(start: Uint8Array): boolean {
  if (start.length < 16) return false;
  // "#TYPE", which PowerShell's Export-Csv writes in front of the names.
  const names = start[0] === 0x23 ? start.indexOf(0x0a) + 1 : 0;
  return start.includes(0x0a, names) || [0x1f, 0x50, 0x45, 0x7b, 0x3c].includes(start[0]);
}

function beginsWith(start: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => start[i] === byte);
}

/** What a text is by its beginning. */
function formOf(start: string): TextForm | undefined {
  const text = start.replace(/^\uFEFF/, '').trimStart();
  if (text.startsWith('<')) return 'xml';
  if (text.startsWith('{') || text.startsWith('[')) return 'json';
  const [first = ''] = text.split(/\r?\n/).filter((line) => !line.startsWith('#TYPE '));
  const isNames = /[,;\t|]/.test(first) && !/[\0-\x08\x0e-\x1f\uFFFD]/.test(text);
  return isNames ? 'csv' : undefined;
}

async function* eventsOfText(
  form: TextForm,
  name: string,
  text: AsyncIterable<string>,
  report: LogReport,
): AsyncGenerator<LogEvent> {
  try {
    if (form === 'csv') yield* csvEvents(name, text, report);
    else if (form === 'xml')
      for await (const { event, number } of xmlEvents(name, text, report))
        yield { place: { log: name, record: String(number) }, ...event };
    else
      for await (const { object, number } of jsonObjects(name, text, report))
        yield eventOfObject(object, { log: name, record: String(number) });
  } catch (error) {
    if (error instanceof WinnowError) report.lost(name, error.message);
    else report.lost(name, `it cannot be read to its end: ${(error as Error).message}`);
  }
}

export interface ReadOptions {
  readonly criteria?: Criteria;
  /** EVTX: records that were left behind as well. */
  readonly recovered?: boolean;
  /** EVTX: only records with a number above this. */
  readonly after?: bigint;
}

/** The events of an opened log that are wanted, in its order. */
export async function* eventsOf(
  log: OpenedLog,
  report: LogReport,
  { criteria = {}, recovered = false, after }: ReadOptions = {},
): AsyncGenerator<LogEvent> {
  if (log.form === 'evtx') {
    yield* evtxEvents(log.name, log.file, { criteria, recovered, after }, report);
    return;
  }
  const wanted = wantedBy(criteria);
  for await (const event of log.events) if (wanted(event)) yield event;
}
