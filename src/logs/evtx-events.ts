// The events of an EVTX file in the one shape of logs; records that are not wanted are passed over without being built.

import { BinXmlError } from '../evtx/binxml-error.ts';
import type { Chunk } from '../evtx/chunk.ts';
import type { LogFile } from '../evtx/chunks.ts';
import { EventReader } from '../evtx/event.ts';
import { type Criteria, Query, type Verdict } from '../evtx/query.ts';
import { wantedBy } from './criteria.ts';
import type { LogEvent } from './event.ts';
import type { LogReport } from './log-report.ts';

/** One wanted record. */
export interface WantedRecord {
  readonly chunk: Chunk;
  readonly record: number;
  /** "open" where only reading it tells whether it is wanted. */
  readonly verdict: Verdict;
  /** It was left behind where no record is in use. */
  readonly isRecovered: boolean;
}

export interface EvtxOptions {
  readonly criteria: Criteria;
  /** Records that were left behind as well, each chunk's behind those in use. */
  readonly recovered: boolean;
  /** Only records with a number above this. */
  readonly after?: bigint;
}

/** The records of a log that may be wanted, oldest first; each is good until the next chunk's is asked for. */
export function* wantedRecords(
  name: string,
  log: LogFile,
  { criteria, recovered, after }: EvtxOptions,
  report: LogReport,
): Generator<WantedRecord, void, undefined> {
  const query = new Query(criteria);
  for (const chunk of log.chunks(after)) {
    const all = recovered ? [...chunk.records, ...chunk.recoverable] : chunk.records;
    for (let i = 0; i < all.length; i++) {
      const record = all[i];
      if (after !== undefined && chunk.recordId(record) <= after) continue;
      try {
        const verdict = query.ask(chunk, record);
        if (verdict !== 'no') yield { chunk, record, verdict, isRecovered: i >= chunk.records.length };
      } catch (error) {
        lost(name, chunk, record, error, report);
      }
    }
  }
  for (const { about, text } of log.notes) report.note(about, text);
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
  for (const { chunk, record, verdict } of wantedRecords(name, log, options, report)) {
    let event: LogEvent;
    try {
      event = { place: { log: name, record: String(chunk.recordId(record)) }, ...reader.read(chunk, record) };
    } catch (error) {
      lost(name, chunk, record, error, report);
      continue;
    }
    if (verdict === 'yes' || wanted(event)) yield event;
  }
}
