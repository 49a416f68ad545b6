// The events of a log as `winnow events` needs them: of an EVTX record, nothing is built before it is asked for.

import { type Chunk, EventReader, JsonWriter, readTree, xmlOf } from '../evtx/index.ts';
import {
  type Criteria,
  eventsOf,
  type LogEvent,
  type LogReport,
  lost,
  type OpenedLog,
  wantedBy,
  wantedRecords,
} from '../logs/index.ts';
import type { FoundEvent } from './event-output.ts';

export interface FindOptions {
  readonly criteria: Criteria;
  readonly recovered: boolean;
  /** EVTX: only records with a number above. */
  readonly after?: bigint;
  /** Beside the criteria: what an event must be. */
  readonly where: (event: LogEvent) => boolean;
  /** Whether there is such a condition. */
  readonly hasWhere: boolean;
}

/** The wanted events of a log. A record whose parts cannot be built when they are asked for is given to `report` by {@link guarded}. */
export async function* foundEvents(
  log: OpenedLog,
  report: LogReport,
  options: FindOptions,
): AsyncGenerator<FoundEvent & { readonly place?: { readonly chunk: Chunk; readonly record: number } }> {
  const { criteria, where, hasWhere } = options;
  if (log.form !== 'evtx') {
    for await (const event of eventsOf(log, report, { criteria }))
      if (where(event)) yield { event: () => event, system: () => event.system };
    return;
  }
  const reader = new EventReader();
  const writer = new JsonWriter();
  const wanted = wantedBy(criteria);
  for (const { chunk, record, verdict } of wantedRecords(log.name, log.file, options, report)) {
    let made: LogEvent | undefined;
    const event = (): LogEvent => {
      made ??= { place: { log: log.name, record: String(chunk.recordId(record)) }, ...reader.read(chunk, record) };
      return made;
    };
    if (verdict === 'open' || hasWhere) {
      const isFound = guarded(
        log.name,
        { chunk, record },
        report,
        () => (verdict === 'yes' || wanted(event())) && where(event()),
      );
      if (!isFound) continue;
    }
    yield {
      event,
      system: () => made?.system ?? reader.system(chunk, record),
      writeJson: (sink) => writer.write(chunk, record, sink),
      xml: () => {
        const root = readTree(chunk, record).find((one) => one.kind === 'element');
        return root ? xmlOf(root.element) : '';
      },
      place: { chunk, record },
    };
  }
}

/** Does something with a found event; a record that cannot be read is told, and gives undefined. */
export function guarded<Made>(
  name: string,
  place: { readonly chunk: Chunk; readonly record: number } | undefined,
  report: LogReport,
  make: () => Made,
): Made | undefined {
  try {
    return make();
  } catch (error) {
    if (!place) throw error;
    lost(name, place.chunk, place.record, error, report);
    return undefined;
  }
}
