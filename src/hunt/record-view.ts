// A record of an EVTX file as rules look at it: values are found in its bytes, and become texts only where a rule asks for them.

import type { Chunk } from '../evtx/chunk.ts';
import { dataOf, EventReader, holdsData } from '../evtx/event.ts';
import type { ContentNode } from '../evtx/fragment.ts';
import { NO_INSTANCE, RecordValues } from '../evtx/instance.ts';
import type { SystemField } from '../evtx/system-fields.ts';
import type { Template } from '../evtx/template.ts';
import { valueText } from '../evtx/value-text.ts';
import { ARRAY, ValueType } from '../evtx/value-type.ts';
import type { LogEvent } from '../logs/event.ts';
import type { Value } from '../rule/value-match.ts';
import type { HitEvent } from './document.ts';
import { ANY_SLOT, type EventView, type Slots } from './event-view.ts';
import { LogEventView } from './log-event-view.ts';
import type { Finder, TextSearch } from './text-search.ts';

const NONE: readonly Value[] = [];

/** Of one field in a template: the number of the value that it is, or its text. */
type Place = number | string;

/** Of a template of data, where each slot's fields stand. */
interface DataPlan {
  readonly places: readonly (readonly Place[] | undefined)[];
  /** Those of all fields. */
  readonly all: readonly Place[];
  /** Slots that there were when it was made. */
  readonly slots: number;
}

export class RecordView implements EventView {
  readonly #name: string;
  readonly #slots: Slots;
  readonly #reader = new EventReader();
  readonly #record = new RecordValues();
  /** Takes over where only a tree tells what an event holds. */
  readonly #whole: LogEventView;
  readonly #plans = new WeakMap<Template, DataPlan>();
  readonly #systems = new WeakMap<Template, readonly number[]>();
  readonly #fixed = new WeakMap<TextSearch, WeakMap<Template, readonly number[]>>();
  #values: (readonly Value[] | undefined)[] = [];
  #chunk: Chunk | undefined;
  #at = 0;
  #event: LogEvent | undefined;
  #isWhole = false;
  /** The instance of the event, and that of its data. */
  #own = 0;
  #data: number = NO_INSTANCE;
  #plan: DataPlan | undefined;

  constructor(name: string, slots: Slots) {
    this.#name = name;
    this.#slots = slots;
    this.#whole = new LogEventView(slots);
  }

  /** Looks at another record. Throws BinXmlError. */
  set(chunk: Chunk, record: number): void {
    this.#chunk = chunk;
    this.#at = record;
    this.#event = undefined;
    this.#values = [];
    this.#isWhole = !this.#place();
    if (this.#isWhole) this.#whole.set(this.event());
  }

  /** The event, read whole. Throws BinXmlError. */
  event(): LogEvent {
    const chunk = this.#chunk!;
    this.#event ??= {
      place: { log: this.#name, record: String(chunk.recordId(this.#at)) },
      ...this.#reader.read(chunk, this.#at),
    };
    return this.#event;
  }

  /** Whether the fields' places can be told without a tree. */
  #place(): boolean {
    const chunk = this.#chunk!;
    const token = chunk.instanceAt(this.#at);
    if (token < 0) return false;
    const record = this.#record;
    record.clear();
    this.#own = record.read(chunk, token, chunk.fragmentEnd(this.#at), true);
    const template = record.template[this.#own];
    const data = template.root ? dataOf(template, record, this.#own) : undefined;
    if (data === undefined || record.hasFragment) return false;
    this.#data = data;
    this.#plan = undefined;
    if (data === NO_INSTANCE) return true;
    const within = record.template[data];
    if (!within.root || !holdsData(within.root.name)) return false;
    let plan = this.#plans.get(within);
    if (!plan || plan.slots !== this.#slots.names.length) {
      plan = planOf(within, this.#slots);
      if (!plan) return false;
      this.#plans.set(within, plan);
    }
    // Lists become several fields: a tree's matter.
    for (let i = 0, value = record.first[data]; i < record.count[data]; i++, value++)
      if ((record.type[value] & ARRAY) !== 0 || (record.type[value] === ValueType.binXml && record.size[value] > 0))
        return false;
    this.#plan = plan;
    return true;
  }

  get hitEvent(): HitEvent {
    if (this.#isWhole) return this.#whole.hitEvent;
    const { timeCreated, computer } = this.#record.template[this.#own].system;
    const id = this.#chunk!.recordId(this.#at);
    return {
      source: this.#name,
      record: id <= Number.MAX_SAFE_INTEGER ? Number(id) : String(id),
      time: this.#systemText(timeCreated) || null,
      host: this.#systemText(computer) || null,
    };
  }

  get shape(): object | undefined {
    return this.#isWhole ? undefined : (this.#plan ?? this.#record.template[this.#own]);
  }

  mayHave(slot: number): boolean {
    return (
      this.#isWhole ||
      slot === ANY_SLOT ||
      this.#plan?.places[slot] !== undefined ||
      this.#slots.systems[slot] !== undefined
    );
  }

  present(): readonly number[] {
    return this.#isWhole ? this.#whole.present() : Object.keys(this.#plan?.places ?? []).map(Number);
  }

  values(slot: number): readonly Value[] {
    if (this.#isWhole) return this.#whole.values(slot);
    let values = this.#values[slot];
    if (!values) {
      values = this.#plan?.places[slot]?.map((place) => this.#text(this.#data, place)) ?? this.#system(slot);
      this.#values[slot] = values;
    }
    return values;
  }

  #text(instance: number, place: Place): string {
    if (typeof place === 'string') return place;
    const record = this.#record;
    if (place >= record.count[instance]) return '';
    const value = record.first[instance] + place;
    return valueText({
      bytes: this.#chunk!.bytes,
      type: record.type[value],
      from: record.from[value],
      size: record.size[value],
    });
  }

  #system(slot: number): readonly Value[] {
    const name = this.#slots.systems[slot];
    const text = name && this.#systemText(this.#record.template[this.#own].system[name]);
    return text ? [text] : NONE;
  }

  #systemText({ text, index }: SystemField): string | undefined {
    return index >= 0 ? this.#text(this.#own, index) : text;
  }

  all(): readonly Value[] {
    if (!this.#isWhole) this.#whole.set(this.event());
    return this.#whole.all();
  }

  scan(slot: number, search: TextSearch, finder: Finder): void {
    if (this.#isWhole) {
      this.#whole.scan(slot, search, finder);
      return;
    }
    if (slot === ANY_SLOT) {
      for (const place of this.#plan?.all ?? []) this.#scanPlace(this.#data, place, search, finder);
      for (const place of this.#systemPlaces()) this.#scanPlace(this.#own, place, search, finder);
      for (const id of this.#foundInFixed(search)) finder.found(id);
      return;
    }
    const places = this.#plan?.places[slot];
    if (places) for (const place of places) this.#scanPlace(this.#data, place, search, finder);
    else for (const value of this.values(slot)) search.scanText(String(value), finder);
  }

  /** Where the fields of System stand that are not the template's own texts. */
  #systemPlaces(): readonly number[] {
    const template = this.#record.template[this.#own];
    let places = this.#systems.get(template);
    if (!places) {
      places = Object.values(template.system).flatMap(({ index }) => (index >= 0 ? [index] : []));
      this.#systems.set(template, places);
    }
    return places;
  }

  /** What a search finds in the texts of System that are the template's own: the same for all its records. */
  #foundInFixed(search: TextSearch): readonly number[] {
    const template = this.#record.template[this.#own];
    let known = this.#fixed.get(search);
    if (!known) {
      known = new WeakMap();
      this.#fixed.set(search, known);
    }
    let found = known.get(template);
    if (!found) {
      const ids: number[] = [];
      for (const { text } of Object.values(template.system))
        if (text) search.scanText(text, { found: (id) => void ids.push(id) });
      found = ids;
      known.set(template, found);
    }
    return found;
  }

  #scanPlace(instance: number, place: Place, search: TextSearch, finder: Finder): void {
    const record = this.#record;
    const value = typeof place === 'number' && place < record.count[instance] ? record.first[instance] + place : -1;
    const type = value < 0 ? ValueType.null : record.type[value];
    if (type === ValueType.string) search.scanBytes(this.#chunk!.bytes, record.from[value], record.size[value], finder);
    else if (search.hasSymbols || value < 0 || type === ValueType.ansiString || type === ValueType.bool)
      search.scanText(this.#text(instance, place), finder);
  }
}

/** Where a template's fields stand; undefined where only a tree tells. */
function planOf(template: Template, slots: Slots): DataPlan | undefined {
  const { data } = template;
  if (!data) return undefined;
  const places: (Place[] | undefined)[] = [];
  const all: Place[] = [];
  for (const { name, content } of data) {
    const place = placeOf(content);
    if (place === undefined) return undefined;
    all.push(place);
    const slot = slots.find(name);
    if (slot === undefined) continue;
    const others = places[slot];
    if (others) others.push(place);
    else places[slot] = [place];
  }
  return { places, all, slots: slots.names.length };
}

function placeOf(content: readonly ContentNode[]): Place | undefined {
  const parts = content.filter(({ kind }) => kind !== 'instruction');
  if (parts.length === 0) return '';
  const [only] = parts;
  if (parts.length > 1) return undefined;
  return only.kind === 'substitution' ? only.index : only.kind === 'text' ? only.text : undefined;
}
