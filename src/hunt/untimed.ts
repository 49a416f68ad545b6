// Counts the events without a time that can be read which rules over several events did not get.

import type { EventPlace } from '../logs/event.ts';

export class Untimed {
  #last: EventPlace | undefined;
  /** Each event once, however many rules wanted it. */
  count = 0;

  /** Of the event that is looked at; events come one by one. */
  note(place: EventPlace): void {
    if (this.#last?.log === place.log && this.#last.record === place.record) return;
    this.#last = place;
    this.count++;
  }
}
