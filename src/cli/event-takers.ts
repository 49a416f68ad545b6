// What `winnow events` does with each event that was found: counts it, adds it to the summary, or writes it; whole, or for a part of a log.

import { OWN_NAMES } from '../hunt/event-binding.ts';
import type { Criteria, LogEvent, LogReport } from '../logs/index.ts';
import { and, type Condition } from '../rule/condition.ts';
import { compileCondition } from '../rule/evaluate.ts';
import { type EventTaker, type OutputForm, outputOf } from './event-output.ts';
import { EventSummary, type SummaryPart, summaryText } from './event-summary.ts';
import type { FindOptions } from './found-events.ts';
import { type Face, jsonText, styleFor } from './print.ts';

/** What the command line of `winnow events` said. */
export interface EventsFlags {
  readonly id?: ReadonlySet<number>;
  readonly channel?: readonly string[];
  readonly provider?: readonly string[];
  readonly since?: bigint;
  readonly until?: bigint;
  readonly where?: readonly Condition[];
  readonly fields?: readonly string[];
  readonly json?: true;
  readonly xml?: true;
  readonly csv?: true;
  readonly count?: true;
  readonly summary?: true;
  readonly recovered?: true;
  readonly follow?: true;
  readonly messages?: string;
  readonly threads?: number;
  readonly quiet?: true;
  /** False for --no-color. */
  readonly color: boolean;
}

/** What came of a part of a log, to be added to the whole. */
export interface TakenPart {
  readonly events: number;
  readonly summary?: SummaryPart;
}

export interface Taker extends EventTaker {
  readonly end: (report: LogReport, failed: number) => Promise<void>;
  /** What was taken and is not written yet. */
  readonly part: () => TakenPart;
  /** Adds what came of a part. */
  readonly absorb: (part: TakenPart) => void;
}

/** What is done with each event; `isPart` where it is one part of a log. */
export function takerFor(
  flags: EventsFlags,
  face: Face,
  messageOf: (event: LogEvent) => string | undefined,
  isPart = false,
): Taker {
  const style = styleFor(face, flags.color);
  const nothing = async (): Promise<void> => {};
  if (flags.count) {
    let events = 0;
    return {
      take: () => void events++,
      flush: nothing,
      isFull: () => false,
      end: async () => face.out(`${events}\n`),
      part: () => ({ events }),
      absorb: (part) => {
        events += part.events;
      },
    };
  }
  const isChosen = flags.json || flags.xml || flags.csv || flags.fields || isFiltered(flags);
  if (flags.summary || !isChosen) {
    const all = new EventSummary();
    return {
      take: (found) => all.add(found.system()),
      flush: nothing,
      isFull: () => false,
      end: async (report, failed) => {
        const document = all.document(report.unreadable, report.refused + failed);
        face.out(flags.json ? jsonText(document) : summaryText(document, style));
      },
      part: () => ({ events: 0, summary: all.part() }),
      absorb: ({ summary }) => summary && all.absorb(summary),
    };
  }
  const form: OutputForm = flags.json ? 'json' : flags.xml ? 'xml' : flags.csv ? 'csv' : 'lines';
  const output = outputOf(form, flags.fields, face, style, messageOf, isPart);
  return {
    ...output,
    end: output.flush,
    part: () => ({ events: 0 }),
    absorb: () => {},
  };
}

/** Whether some events were asked for, and not the log. */
function isFiltered(flags: EventsFlags): boolean {
  const { id, channel, provider, since, until, where, follow, recovered, messages } = flags;
  return [id, channel, provider, since, until, where, follow, recovered, messages].some((one) => one !== undefined);
}

export function findOptions(flags: EventsFlags): FindOptions {
  const criteria: Criteria = {
    ...(flags.id ? { eventIds: flags.id } : {}),
    ...(flags.channel ? { channels: flags.channel } : {}),
    ...(flags.provider ? { providers: flags.provider } : {}),
    ...(flags.since === undefined ? {} : { since: flags.since }),
    ...(flags.until === undefined ? {} : { until: flags.until }),
  };
  const selects = flags.where && compileCondition(and(...flags.where), OWN_NAMES);
  const where = selects && ((event: LogEvent): boolean => selects(event) === true);
  return { criteria, recovered: flags.recovered === true, ...(where ? { where } : {}) };
}
