// The events of an EVTX file in the one shape of logs; records that are not wanted are passed over without being built.

import { BinXmlError } from '../evtx/binxml-error.ts';
import type { Chunk } from '../evtx/chunk.ts';
import type { LogFile, Segment } from '../evtx/chunks.ts';
import { EventReader } from '../evtx/event.ts';
import { type Criteria, Query, type Verdict } from '../evtx/query.ts';
import { wantedBy } from './criteria.ts';
import type { LogEvent } from './event.ts';
import { type Glance, RecordGlance } from './glance.ts';
import type { LogReport } from './log-report.ts';

/** One wanted record. */
export interface WantedRecord {
  readonly chunk: Chunk;
  readonly record: number;
  /** "open" where only reading it tells whether it is wanted. */
  readonly verdict: Verdict;
  /** Its event's number, where it was to be told and is, from the record's bytes; else -1. */
  readonly eventId: number;
}

export interface EvtxOptions {
  readonly criteria: Criteria;
  /** Records that were left behind as well, each chunk's behind those in use. */
  readonly recovered: boolean;
  /** Only records with a number above this. */
  readonly after?: bigint;
  /** Told the number of each record in use that is passed over. */
  readonly passed?: (recordId: bigint) => void;
  /** Asked of each record whose number is known before it is built; one that it does not want is passed over. */
  readonly glance?: (glance: Glance) => boolean;
  /** Only records of these chunks, and only what is noted of them. */
  readonly segment?: Segment;
}

/** The records of a log that may be wanted, oldest first; each is good until the next chunk's is asked for. */
export function* wantedRecords(
  name: string,
  log: LogFile,
  { criteria, recovered, after, passed, segment, glance }: EvtxOptions,
  report: LogReport,
): Generator<WantedRecord, void, undefined> {
  const query = new Query(criteria, glance !== undefined);
  // A log whose parts are read one by one has the notes of those before.
  const told = segment ? log.notes.length : 0;
  for (const chunk of log.chunks({ after, segment })) {
    const all = recovered ? [...chunk.records, ...chunk.recoverable] : chunk.records;
    for (const record of all) {
      if (after !== undefined && chunk.recordId(record) <= after) continue;
      try {
        const verdict = query.ask(chunk, record);
        if (verdict !== 'no') yield { chunk, record, verdict, eventId: query.eventId };
        else passed?.(chunk.recordId(record));
      } catch (error) {
        lost(name, chunk, record, error, report);
      }
    }
  }
  report.addAll(log.notes.slice(told));
}

/** Tells of a record that cannot be read; any other error is thrown on. */
export function lost(name: string, chunk: Chunk, record: number, error: unknown, report: LogReport): void {
  if (!(error instanceof BinXmlError)) throw error;
  report.lost(
    name,
    `record ${chunk.recordId(record)} (chunk ${chunk.number}, offset 0x${record.toString(16)}) cannot be read: ${error.message}`,
  );
}

/** The events of a log that are wanted, oldest first. */
export function* evtxEvents(
  name: string,
  log: LogFile,
  options: EvtxOptions,
  report: LogReport,
): Generator<LogEvent, void, undefined> {
  const reader = new EventReader();
  const wanted = wantedBy(options.criteria);
  const { glance } = options;
  const look = new RecordGlance();
  for (const { chunk, record, verdict, eventId } of wantedRecords(name, log, options, report)) {
    let event: LogEvent;
    try {
      if (glance && verdict === 'yes' && eventId >= 0) {
        look.set(chunk, record, eventId);
        if (!glance(look)) continue;
      }
      event = { place: { log: name, record: String(chunk.recordId(record)) }, ...reader.read(chunk, record) };
    } catch (error) {
      lost(name, chunk, record, error, report);
      continue;
    }
    if (verdict === 'yes' || wanted(event)) yield event;
  }
}
