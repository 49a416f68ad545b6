// The event of some logs that comes nearest to what a rule asks for, and what is in the way.

import type { LogEvent } from '../logs/event.ts';
import { compileCondition } from '../rule/evaluate.ts';
import type { HitEvent } from './document.ts';
import { viewBinding } from './event-view.ts';
import { HuntPlan } from './hunt-plan.ts';
import type { HuntRule } from './hunt-rule.ts';
import { hitEventOf, LogEventView } from './log-event-view.ts';
import { type Failed, failures } from './near-miss.ts';

/** The event that comes nearest to what a rule asks for. */
export interface NearMiss {
  readonly event: HitEvent;
  readonly failed: readonly Failed[];
}

export class NearestMiss {
  readonly #plan: HuntPlan;
  readonly #view: LogEventView;
  #nearest: NearMiss | undefined;

  constructor(rule: HuntRule) {
    this.#plan = new HuntPlan([rule]);
    this.#view = new LogEventView(this.#plan.slots);
  }

  /** Undefined where no event is of the rule's log source. */
  get nearest(): NearMiss | undefined {
    return this.#nearest;
  }

  /** Looks at an event; one that fulfils the rule is none of its misses. */
  see(event: LogEvent): void {
    const { channel = '', provider = '', eventId = '' } = event.system;
    const group = this.#plan.groupOf(channel, provider, Number(eventId));
    if (!group) return;
    this.#view.set(event);
    const binding = (rename: (name: string) => string) => viewBinding(this.#plan.slots, rename);
    for (const { condition, rename } of group.rules) {
      const valuesOf = (name: string) => this.#view.values(this.#plan.slots.numberOf(rename(name)));
      const failed = failures(
        condition,
        valuesOf,
        rename,
        (part) => compileCondition(part, binding(rename))(this.#view) === true,
      );
      if (failed.length > 0 && failed.length < (this.#nearest?.failed.length ?? Number.POSITIVE_INFINITY))
        this.#nearest = { event: hitEventOf(event), failed };
    }
  }
}
