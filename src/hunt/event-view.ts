// An event as rules look at it: the values of each field by the field's number.

import type { SystemName } from '../evtx/system-fields.ts';
import { fieldKey, systemNameOf } from '../logs/event.ts';
import type { Binding } from '../rule/binding.ts';
import type { Value } from '../rule/value-match.ts';
import type { HitEvent } from './document.ts';
import type { Finder, TextSearch } from './text-search.ts';

export interface EventView {
  /** The values of a field, by its number in {@link Slots}. */
  values(slot: number): readonly Value[];
  /** Every value. */
  all(): readonly Value[];
  /** Where it stands, when and on which host it was written. */
  readonly hitEvent: HitEvent;
  /** Slots of the fields that it has. */
  present(): readonly number[];
  /** The same object for events that have the same fields; undefined where it has to be told of each. */
  readonly shape: object | undefined;
  /** Whether events of its shape may have a field, by its number. */
  mayHave(slot: number): boolean;
  /** Looks for texts in the values of a field; {@link ANY_SLOT}: in those of all. */
  scan(slot: number, search: TextSearch, finder: Finder): void;
}

/** Of every field. */
export const ANY_SLOT = -1;

/** Numbers of the fields that rules ask for. */
export class Slots {
  /** The key of each name. */
  readonly names: string[] = [];
  /** The field of System that each name means. */
  readonly systems: (SystemName | undefined)[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(name: string): number {
    const key = fieldKey(name);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.names.push(key) - 1;
      this.systems.push(systemNameOf(key));
      this.#numbers.set(key, number);
    }
    return number;
  }

  /** The number of a name that is asked for; undefined of any other. */
  find(name: string): number | undefined {
    return this.#numbers.get(fieldKey(name));
  }
}

/** Conditions over views; `rename` says how the event calls a field. */
export function viewBinding(slots: Slots, rename: (name: string) => string): Binding<EventView> {
  return {
    field: (name) => {
      const slot = slots.numberOf(rename(name));
      return (view) => view.values(slot);
    },
    all: (view) => view.all(),
  };
}
