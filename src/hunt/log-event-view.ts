// An event that was read whole, as rules look at it.

import type { LogEvent } from '../logs/event.ts';
import type { Value } from '../rule/value-match.ts';
import type { HitEvent } from './document.ts';
import { ANY_SLOT, type EventView, type Slots } from './event-view.ts';
import type { Finder, TextSearch } from './text-search.ts';

export function hitEventOf({ place, system }: LogEvent): HitEvent {
  const number = Number(place.record);
  return {
    source: place.log,
    record: Number.isSafeInteger(number) ? number : place.record,
    time: system.timeCreated ?? null,
    host: system.computer ?? null,
  };
}

const NONE: readonly Value[] = [];
/** No field that is asked for. */
const NOT_ASKED = -2;
/** Names of fields that are remembered. */
const MOST_NAMES = 1 << 14;

export class LogEventView implements EventView {
  readonly #slots: Slots;
  /** By a name as events write it, its slot. */
  #slotOf = new Map<string, number>();
  #slotCount = 0;
  readonly #values: (Value[] | undefined)[] = [];
  #event: LogEvent | undefined;

  constructor(slots: Slots) {
    this.#slots = slots;
  }

  get event(): LogEvent {
    return this.#event!;
  }

  /** Looks at another event. */
  set(event: LogEvent): void {
    this.#event = event;
    this.#values.length = 0;
    // Fields that were asked for since: their names are no longer unknown.
    if (this.#slotCount !== this.#slots.names.length || this.#slotOf.size > MOST_NAMES) {
      this.#slotOf = new Map();
      this.#slotCount = this.#slots.names.length;
    }
    for (const [name, text] of event.data) {
      let slot = this.#slotOf.get(name);
      if (slot === undefined) {
        slot = this.#slots.find(name) ?? NOT_ASKED;
        this.#slotOf.set(name, slot);
      }
      if (slot === NOT_ASKED) continue;
      const others = this.#values[slot];
      if (others) others.push(text);
      else this.#values[slot] = [text];
    }
  }

  get hitEvent(): HitEvent {
    return hitEventOf(this.#event!);
  }

  readonly shape = undefined;

  mayHave(): boolean {
    return true;
  }

  present(): readonly number[] {
    return Object.keys(this.#values).map(Number);
  }

  values(slot: number): readonly Value[] {
    const own = this.#values[slot];
    if (own) return own;
    const system = this.#slots.systems[slot];
    const text = system && this.#event!.system[system];
    return text === undefined ? NONE : [text];
  }

  all(): readonly Value[] {
    const { data, system } = this.#event!;
    return [...data.map(([, text]) => text), ...Object.values(system)];
  }

  scan(slot: number, search: TextSearch, finder: Finder): void {
    for (const value of slot === ANY_SLOT ? this.all() : this.values(slot)) search.scanText(String(value), finder);
  }
}
