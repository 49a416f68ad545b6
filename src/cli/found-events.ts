// The events of a log as `winnow events` needs them: of an EVTX record, nothing is built before it is asked for.

import { type Chunk, EventReader, type JsonSink, JsonWriter, readTree, type Segment, xmlOf } from '../evtx/index.ts';
import {
  type Criteria,
  type EventSystem,
  eventsOf,
  type LogEvent,
  type LogReport,
  lost,
  type OpenedLog,
  wantedBy,
  wantedRecords,
} from '../logs/index.ts';
import type { EventTaker, FoundEvent } from './event-output.ts';

export interface FindOptions {
  readonly criteria: Criteria;
  readonly recovered: boolean;
  /** EVTX: only records with a number above. */
  readonly after?: bigint;
  /** EVTX: only records of these chunks. */
  readonly segment?: Segment;
  /** Beside the criteria: what an event must be. Absent where nothing more is asked. */
  readonly where?: (event: LogEvent) => boolean;
}

/** Gives the wanted events of a log to `taker`; what cannot be read is told to `report`. `seen` is told the number of each EVTX record that could be read, also of one that is not wanted. */
export async function takeLog(
  log: OpenedLog,
  report: LogReport,
  options: FindOptions,
  taker: EventTaker,
  seen?: (recordId: bigint) => void,
): Promise<void> {
  if (log.form !== 'evtx') {
    const { criteria, where } = options;
    for await (const event of eventsOf(log, report, { criteria })) {
      if (where && !where(event)) continue;
      taker.take({ event: () => event, system: () => event.system });
      if (taker.isFull()) await taker.flush();
    }
    return;
  }
  const wanted = wantedBy(options.criteria);
  const found = new FoundRecord(log.name);
  for (const { chunk, record, verdict } of wantedRecords(log.name, log.file, { ...options, passed: seen }, report)) {
    found.set(chunk, record);
    try {
      const isWanted =
        (verdict !== 'open' || wanted(found.event())) && (!options.where || options.where(found.event()));
      if (isWanted) taker.take(found);
    } catch (error) {
      lost(log.name, chunk, record, error, report);
      continue;
    }
    seen?.(chunk.recordId(record));
    if (taker.isFull()) await taker.flush();
  }
}

/** A record that was found; one object for all records of a log, each in its turn. */
class FoundRecord implements FoundEvent {
  readonly #name: string;
  readonly #reader = new EventReader();
  readonly #writer = new JsonWriter();
  #chunk: Chunk | undefined;
  #record = 0;
  #made: LogEvent | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  set(chunk: Chunk, record: number): void {
    this.#chunk = chunk;
    this.#record = record;
    this.#made = undefined;
  }

  event(): LogEvent {
    const chunk = this.#chunk!;
    const record = this.#record;
    this.#made ??= {
      place: { log: this.#name, record: String(chunk.recordId(record)) },
      ...this.#reader.read(chunk, record),
    };
    return this.#made;
  }

  system(): EventSystem {
    return this.#made?.system ?? this.#reader.system(this.#chunk!, this.#record);
  }

  writeJson(sink: JsonSink): void {
    this.#writer.write(this.#chunk!, this.#record, sink);
  }

  xml(): string {
    const root = readTree(this.#chunk!, this.#record).find((one) => one.kind === 'element');
    return root ? xmlOf(root.element) : '';
  }
}
