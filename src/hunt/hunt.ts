// Runs rules over logs: each event is asked only the rules that its channel, its number and the texts in it leave open.

import { BinXmlError } from '../evtx/binxml-error.ts';
import type { Criteria } from '../evtx/query.ts';
import { wantedBy } from '../logs/criteria.ts';
import type { LogEvent } from '../logs/event.ts';
import { lost, wantedRecords } from '../logs/evtx-events.ts';
import type { LogReport } from '../logs/log-report.ts';
import { ticksOf } from '../logs/log-time.ts';
import { eventsOf, type OpenedLog } from '../logs/open-logs.ts';
import { Correlations } from './correlations.ts';
import { type Hit, HUNT_SCHEMA, type HuntDocument, type NeverMatch, type NotLoaded } from './document.ts';
import type { EventView } from './event-view.ts';
import { HuntPlan } from './hunt-plan.ts';
import { type HuntRule, nameOf } from './hunt-rule.ts';
import { LogEventView } from './log-event-view.ts';
import { matchedValues } from './matched.ts';
import { QueryRules } from './query-rules.ts';
import { RecordKeys } from './record-keys.ts';
import { RecordView } from './record-view.ts';
import type { RuleGroup } from './rule-group.ts';
import { Untimed } from './untimed.ts';

export class Hunt {
  readonly #plan: HuntPlan;
  readonly #keys: RecordKeys;
  readonly #correlations: Correlations;
  readonly #queries: QueryRules;
  readonly #rules: readonly HuntRule[];
  readonly #notLoaded: readonly NotLoaded[];
  readonly #hits: Hit[] = [];
  readonly #untimed = new Untimed();
  readonly #criteria: Criteria;
  #events = 0;

  constructor(rules: readonly HuntRule[], notLoaded: readonly NotLoaded[] = [], criteria: Criteria = {}) {
    this.#rules = rules;
    this.#notLoaded = notLoaded;
    this.#plan = new HuntPlan(rules);
    this.#keys = new RecordKeys(this.#plan);
    this.#correlations = new Correlations(rules, this.#untimed);
    this.#queries = new QueryRules(rules, this.#untimed);
    for (const field of this.#correlations.fields) this.#plan.ask(field);
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
    this.#push(event);
    const { channel = '', provider = '', eventId = '' } = event.system;
    const group = this.#plan.groupOf(channel, provider, Number(eventId));
    if (!group) return;
    view.set(event);
    this.#judge(group, view);
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
        if (!group && this.#queries.isEmpty) continue;
        view.set(chunk, record);
        if (verdict === 'open' && !wanted(view.event())) continue;
        if (!this.#queries.isEmpty) this.#push(view.event());
        if (group) this.#judge(group, view);
      } catch (error) {
        if (!(error instanceof BinXmlError)) throw error;
        lost(log.name, chunk, record, error, report);
      }
    }
  }

  #push(event: LogEvent): void {
    if (this.#queries.isEmpty) return;
    for (const hit of this.#queries.push(event)) this.#hits.push(hit);
  }

  #judge(group: RuleGroup<HuntRule>, view: EventView): void {
    group.note(view);
    for (const { rule, rename } of group.hits(view)) {
      const valuesOf = (name: string) => view.values(this.#plan.slots.numberOf(rename(name)));
      const { query } = rule.rule;
      const matched = query.kind === 'event' ? matchedValues(query.condition, valuesOf, rename) : [];
      const hit: Hit = { rule: nameOf(rule), events: [view.hitEvent], matched };
      if (!this.#correlations.silent.has(rule)) this.#hits.push(hit);
      this.#correlations.add(rule, hit, valuesOf);
    }
  }

  /** What was found, and what could not be looked for; asked for once, when all logs were looked through. */
  document(unreadable: number): HuntDocument {
    for (const hit of this.#queries.finish()) this.#hits.push(hit);
    for (const hit of this.#correlations.finish()) this.#hits.push(hit);
    return {
      schema: HUNT_SCHEMA,
      hits: inOrder(this.#hits),
      notLoaded: this.#notLoaded,
      neverMatch: this.#neverMatch(),
      counts: {
        events: this.#events,
        rules: this.#rules.length,
        hits: this.#hits.length,
        unreadable,
        ...(this.#queries.left > 0 ? { leftOut: this.#queries.left } : {}),
        ...(this.#untimed.count > 0 ? { untimed: this.#untimed.count } : {}),
      },
    };
  }

  #neverMatch(): readonly NeverMatch[] {
    const own = [...this.#plan.neverMatch(), ...this.#queries.neverMatch(), ...this.#correlations.broken];
    const made = this.#correlations.neverMatch(new Set(own.map(({ rule }) => rule)));
    return [...own, ...made].map(({ rule, reason }) => ({ rule: nameOf(rule), reason }));
  }
}

/** By the time of the last event; those without one stay where they are. */
function inOrder(hits: readonly Hit[]): readonly Hit[] {
  let last = 0n;
  const timed = hits.map((hit) => {
    last = ticksOf(hit.events.at(-1)?.time ?? '') ?? last;
    return { hit, time: last };
  });
  return timed.sort((one, other) => (one.time < other.time ? -1 : one.time > other.time ? 1 : 0)).map(({ hit }) => hit);
}
