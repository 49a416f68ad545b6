// From an input to its logs, each by what its bytes say that it is, and from a log to its events.

import { WinnowError } from '../errors.ts';
import { type LogFile, openLog } from '../evtx/chunks.ts';
import { isEventLog } from '../evtx/file-header.ts';
import type { Criteria } from '../evtx/query.ts';
import { gunzipped, membersOf } from './archive.ts';
import { wantedBy } from './criteria.ts';
import { csvEvents } from './csv-events.ts';
import type { EventPlace, LogEvent } from './event.ts';
import { evtxEvents } from './evtx-events.ts';
import type { Glance } from './glance.ts';
import { type JsonObject, jsonObjects } from './json-objects.ts';
import { eventObjectsOf, eventOfObject } from './json-shapes.ts';
import { type ByteStream, blocksOf, held, type LogInput, peek } from './log-input.ts';
import type { LogReport } from './log-report.ts';
import { isTar, tarMembers } from './tar.ts';
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
  let end = async (): Promise<void> => {};
  try {
    const peeked = await peek(given, START, tellsForm);
    const { start, input } = peeked;
    const { name } = input;
    end = peeked.end;
    if (start.length === 0) {
      report.refuse(name, 'it is empty (0 bytes)');
    } else if (beginsWith(start, GZIP) || beginsWith(start, ZIP) || isTar(start)) {
      if (depth >= DEEPEST) report.refuse(name, `more than ${DEEPEST} archives within one another; unpack it first`);
      else if (start[0] === 0x1f)
        yield* openLogs(
          { name: name.replace(/\.gz$/i, '').replace(/\.tgz$/i, '.tar'), blocks: gunzipped(blocksOf(input)) },
          report,
          isNamedLog,
          depth + 1,
        );
      else if (isTar(start))
        yield* openMembers(name, tarMembers({ name, blocks: blocksOf(input) }), report, isNamedLog, depth + 1);
      else yield* openMembers(name, membersOf(await held(input), report), report, isNamedLog, depth + 1);
    } else if (isEventLog(start)) {
      const file = openLog(
        await held(input, ({ message }) =>
          report.lost(name, `it cannot be unpacked to its end: ${message}; what comes before is read`),
        ),
      );
      if (file.isUnreadable())
        report.refuse(
          name,
          'no chunk of it begins with "ElfChnk": it is damaged from one end to the other, or encrypted',
        );
      else yield { form: 'evtx', name, file };
    } else {
      const encoding = encodingOf(start);
      // What is read may end within a character.
      const form = formOf(new TextDecoder(encoding).decode(start, { stream: true }));
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
  } finally {
    // A member of an archive that is left half read is waited for.
    await end();
  }
}

/** The logs of an archive. */
async function* openMembers(
  archive: string,
  members: AsyncIterable<ByteStream>,
  report: LogReport,
  isNamedLog: (name: string) => boolean,
  depth: number,
): AsyncGenerator<OpenedLog> {
  const { refused } = report;
  let read = 0;
  let passedOver = 0;
  for await (const member of members) {
    if (isNamedLog(member.name)) {
      read++;
      yield* openLogs(member, report, isNamedLog, depth);
    } else passedOver++;
  }
  if (passedOver === 0 && (read > 0 || report.refused > refused)) return;
  const others = passedOver === 1 ? "1 file in it has no log's name" : `${passedOver} files in it have no log's name`;
  if (read === 0) report.refuse(archive, `no log in this archive: ${others}`);
  else report.note(archive, `${others}, and ${passedOver === 1 ? 'is' : 'are'} not read`);
}

const GZIP = [0x1f, 0x8b];
const ZIP = [0x50, 0x4b, 3, 4];

/** Whether these bytes tell what a log is: a whole line, or what no other form begins with. */
function tellsForm(start: Uint8Array): boolean {
  if (start.length < 16) return false;
  if ([GZIP, ZIP, [0x7b], [0x3c]].some((magic) => beginsWith(start, magic)) || isEventLog(start)) return true;
  // "#TYPE", which PowerShell's Export-Csv writes in front of the names.
  const names = start[0] === 0x23 ? start.indexOf(0x0a) + 1 : 0;
  return start.includes(0x0a, names);
}

function beginsWith(start: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => start[i] === byte);
}

/** What a text is by its beginning. */
function formOf(start: string): TextForm | undefined {
  // evtx_dump sets "Record 1" in front of each.
  const text = start
    .replace(/^\uFEFF/, '')
    .replace(/^\s*Record \d+\s/, '')
    .trimStart();
  if (text.startsWith('<')) return 'xml';
  if (text.startsWith('{') || text.startsWith('[')) return 'json';
  const [first = '', second = ''] = text.split(/\r?\n/).filter((line) => !line.startsWith('#TYPE '));
  // What is left of a line of JSON whose beginning is gone.
  if (first.includes('":') || second.startsWith('{"')) return 'json';
  const isNames = /[,;\t|]/.test(first) && !/[\0-\x08\x0e-\x1f\uFFFD]/.test(first) && !text.includes('\0');
  return isNames ? 'csv' : undefined;
}

async function* eventsOfText(
  form: TextForm,
  name: string,
  text: AsyncIterable<string>,
  report: LogReport,
): AsyncGenerator<LogEvent> {
  const { unreadable } = report;
  let count = 0;
  try {
    // One loop each: a generator of generators costs every event a promise more.
    if (form === 'csv')
      for await (const event of csvEvents(name, text, report)) {
        count++;
        yield event;
      }
    else if (form === 'xml')
      for await (const { event, number } of xmlEvents(name, text, report)) {
        count++;
        yield { place: { log: name, record: String(number) }, ...event };
      }
    else
      for await (const found of jsonObjects(name, text, report))
        for (const { object, number } of found) {
          const objects = eventObjectsOf(object);
          for (let i = 0; i < objects.length; i++) {
            const record = objects.length > 1 ? `${number}.${i + 1}` : String(number);
            const event = eventOrTold(objects[i], { log: name, record }, report);
            if (!event) continue;
            count++;
            yield event;
          }
        }
  } catch (error) {
    if (error instanceof WinnowError) report.lost(name, error.message);
    else report.lost(name, `it cannot be read to its end: ${(error as Error).message}`);
  }
  if (count === 0 && report.unreadable > unreadable) report.refuse(name, 'no event of it can be read');
}

/** The event of an object; one whose lists and objects go deeper than the stack is told, and the next one read. */
function eventOrTold(object: JsonObject, place: EventPlace, report: LogReport): LogEvent | undefined {
  try {
    return eventOfObject(object, place, (text) => report.note(place.log, `object ${place.record}: ${text}`));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    report.lost(place.log, `object ${place.record} has too many lists or objects within one another`);
    return undefined;
  }
}

export interface ReadOptions {
  readonly criteria?: Criteria;
  /** EVTX: records that were left behind as well. */
  readonly recovered?: boolean;
  /** EVTX: only records with a number above this. */
  readonly after?: bigint;
  /** EVTX: asked of each record whose number is known before it is built; one that it does not want is passed over. */
  readonly glance?: (glance: Glance) => boolean;
}

/** The events of an opened log that are wanted, in its order. */
export function eventsOf(
  log: OpenedLog,
  report: LogReport,
  { criteria = {}, recovered = false, after, glance }: ReadOptions = {},
): AsyncIterable<LogEvent> | Iterable<LogEvent> {
  if (log.form === 'evtx')
    return evtxEvents(log.name, log.file, { criteria, recovered, after, ...(glance ? { glance } : {}) }, report);
  // Where all are wanted there is nothing to do between.
  return Object.values(criteria).every((one) => one === undefined)
    ? log.events
    : wantedEvents(log.name, log.events, criteria, report);
}

async function* wantedEvents(
  name: string,
  events: AsyncIterable<LogEvent>,
  criteria: Criteria,
  report: LogReport,
): AsyncGenerator<LogEvent> {
  let undated = 0;
  const wanted = wantedBy(criteria, () => void undated++);
  for await (const event of events) if (wanted(event)) yield event;
  if (undated > 0)
    report.note(
      name,
      `events without a time that can be read, none of which is within the times asked for: ${undated}`,
    );
}
