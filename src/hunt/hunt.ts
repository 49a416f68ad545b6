// Runs rules over logs: each event is asked only the rules that its channel, its number and the texts in it leave open.

import { BinXmlError } from '../evtx/binxml-error.ts';
import type { Criteria } from '../evtx/query.ts';
import { wantedBy } from '../logs/criteria.ts';
import type { LogEvent } from '../logs/event.ts';
import { lost, wantedRecords } from '../logs/evtx-events.ts';
import type { LogReport } from '../logs/log-report.ts';
import { eventsOf, type OpenedLog } from '../logs/open-logs.ts';
import type { Hit, HitEvent, HuntDocument, NeverMatch, NotLoaded, RuleName } from './document.ts';
import { HUNT_SCHEMA } from './document.ts';
import type { EventView } from './event-view.ts';
import { HuntPlan, type HuntRule } from './hunt-plan.ts';
import { LogEventView } from './log-event-view.ts';
import { matchedValues } from './matched.ts';
import { RecordKeys } from './record-keys.ts';
import { RecordView } from './record-view.ts';
import type { KindRule, RuleGroup } from './rule-group.ts';

export class Hunt {
  readonly #plan: HuntPlan;
  readonly #keys: RecordKeys;
  readonly #rules: readonly HuntRule[];
  readonly #notLoaded: readonly NotLoaded[];
  readonly #hits: Hit[] = [];
  readonly #criteria: Criteria;
  #events = 0;

  constructor(rules: readonly HuntRule[], notLoaded: readonly NotLoaded[] = [], criteria: Criteria = {}) {
    this.#rules = rules;
    this.#notLoaded = notLoaded;
    this.#plan = new HuntPlan(rules);
    this.#keys = new RecordKeys(this.#plan);
    this.#criteria = criteria;
  }

  /** Events that were looked at. */
  get events(): number {
    return this.#events;
  }

  get hits(): readonly Hit[] {
    return this.#hits;
  }

  /** Looks through one log; what of it cannot be read is told to `report`. */
  async run(log: OpenedLog, report: LogReport): Promise<void> {
    if (log.form === 'evtx') {
      this.#runEvtx(log, report);
      return;
    }
    const view = new LogEventView(this.#plan.slots);
    for await (const event of eventsOf(log, report, { criteria: this.#criteria })) {
      this.#events++;
      this.#ask(event, view);
    }
  }

  #ask(event: LogEvent, view: LogEventView): void {
    const { channel = '', provider = '', eventId = '' } = event.system;
    const group = this.#plan.groupOf({ channel, provider, eventId: Number(eventId) });
    if (!group) return;
    view.set(event);
    this.#judge(group, view, () => event);
  }

  #runEvtx(log: OpenedLog & { form: 'evtx' }, report: LogReport): void {
    const view = new RecordView(log.name, this.#plan.slots);
    const criteria = this.#criteria;
    const wanted = wantedBy(criteria);
    for (const { chunk, record, verdict } of wantedRecords(
      log.name,
      log.file,
      { criteria, recovered: false },
      report,
    )) {
      this.#events++;
      try {
        const group = this.#keys.groupOf(chunk, record);
        if (!group) continue;
        view.set(chunk, record);
        if (verdict === 'open' && !wanted(view.event())) continue;
        this.#judge(group, view, () => view.event());
      } catch (error) {
        if (!(error instanceof BinXmlError)) throw error;
        lost(log.name, chunk, record, error, report);
      }
    }
  }

  #judge(group: RuleGroup<HuntRule>, view: EventView, event: () => LogEvent): void {
    group.note(view);
    for (const hit of group.hits(view)) this.#hits.push(this.#hitOf(hit, view, event()));
  }

  #hitOf({ rule, condition, rename }: KindRule<HuntRule>, view: EventView, event: LogEvent): Hit {
    const valuesOf = (name: string) => view.values(this.#plan.slots.numberOf(rename(name)));
    return {
      rule: nameOf(rule),
      events: [eventOf(event)],
      matched: matchedValues(condition, valuesOf, rename),
    };
  }

  /** What was found so far, and what could not be looked for. */
  document(unreadable: number): HuntDocument {
    return {
      schema: HUNT_SCHEMA,
      hits: this.#hits,
      notLoaded: this.#notLoaded,
      neverMatch: this.#neverMatch(),
      counts: { events: this.#events, rules: this.#rules.length, hits: this.#hits.length, unreadable },
    };
  }

  #neverMatch(): readonly NeverMatch[] {
    return this.#plan.neverMatch().map(({ rule, reason }) => ({ rule: nameOf(rule), reason }));
  }
}

export function nameOf({ file, rule }: HuntRule): RuleName {
  return { file, id: rule.id, title: rule.title, level: rule.severity };
}

function eventOf({ place, system }: LogEvent): HitEvent {
  const number = Number(place.record);
  return {
    source: place.log,
    record: Number.isSafeInteger(number) ? number : place.record,
    time: system.timeCreated ?? null,
    host: system.computer ?? null,
  };
}
