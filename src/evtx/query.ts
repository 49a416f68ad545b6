// Which records are wanted: by number, channel, provider and time, told from a record's bytes before anything of it is built.

import { u16At, u32At } from '../bytes/cursor.ts';
import type { Chunk } from './chunk.ts';
import { valueCountAt } from './instance.ts';
import { NameSet } from './name-set.ts';
import type { SystemField } from './system-fields.ts';
import type { Template } from './template.ts';
import { ValueFinder } from './value-finder.ts';
import { ValueType } from './value-type.ts';

/** What records are chosen by; a criterion that is absent lets all pass. Names are compared without regard to case. */
export interface Criteria {
  readonly eventIds?: ReadonlySet<number>;
  readonly channels?: readonly string[];
  readonly providers?: readonly string[];
  /** When a record was written, from and up to: 100 ns since 1601, UTC. */
  readonly since?: bigint;
  readonly until?: bigint;
}

/** What a template says of the criteria before any value is known. */
interface TemplateAnswer {
  /** A text of the template's own rules its records out. */
  readonly never: boolean;
  /** Values that decide; -1: none does. */
  readonly eventId: number;
  readonly channel: number;
  readonly provider: number;
  /** The number that the template itself has; -1 where a value does, or nothing is asked of it. */
  readonly fixedId: number;
  /** The fields are where no value can be found by its number: the record is to be read. */
  readonly open: boolean;
}

export type Verdict = 'yes' | 'no' | 'open';

export class Query {
  readonly #criteria: Criteria;
  readonly #tellsId: boolean;
  readonly #channels: NameSet | undefined;
  readonly #providers: NameSet | undefined;
  /** Of templates as long as they are in use: those of a log have no end. */
  readonly #answers = new WeakMap<Template, TemplateAnswer>();
  /** The template that was asked for last, and the answer: records of one kind come together. */
  #template: Template | undefined;
  #answer: TemplateAnswer | undefined;
  /** The number of the event that was asked last, where it is to be told and the record was not ruled out before; else -1. */
  eventId = -1;

  /** `tellsId`: the number is to be told also where none is asked for. */
  constructor(criteria: Criteria, tellsId = false) {
    this.#criteria = criteria;
    this.#tellsId = tellsId;
    this.#channels = criteria.channels && new NameSet(criteria.channels);
    this.#providers = criteria.providers && new NameSet(criteria.providers);
  }

  /** Whether the record at `record` is wanted; "open" where only reading it can tell. Throws BinXmlError. */
  ask(chunk: Chunk, record: number): Verdict {
    const { since, until } = this.#criteria;
    this.eventId = -1;
    if (since !== undefined || until !== undefined) {
      const time = chunk.recordTime(record);
      if ((since !== undefined && time < since) || (until !== undefined && time > until)) return 'no';
    }
    const token = chunk.instanceAt(record);
    if (token < 0) return 'open';
    const template = chunk.template(u32At(chunk.bytes, token + 6));
    const answer = template === this.#template ? this.#answer! : this.#answerOf(template);
    if (answer.never) return 'no';
    if (answer.open) return 'open';
    this.eventId = answer.fixedId;
    if (answer.eventId < 0 && answer.channel < 0 && answer.provider < 0) return 'yes';
    const counts = valueCountAt(chunk, token);
    const { bytes } = chunk;
    const count = u32At(bytes, counts);
    if (count < 0 || counts + 4 + count * 4 > chunk.fragmentEnd(record)) return 'open';
    const values = new ValueFinder(bytes, counts + 4, count);
    if (answer.eventId >= 0) {
      const at = values.find(answer.eventId);
      if (values.type !== ValueType.uint16 || values.size !== 2) return 'open';
      this.eventId = u16At(bytes, at);
      if (this.#criteria.eventIds?.has(this.eventId) === false) return 'no';
    }
    if (!isOneOf(values, answer.channel, this.#channels)) return 'no';
    return isOneOf(values, answer.provider, this.#providers) ? 'yes' : 'no';
  }

  #answerOf(template: Template): TemplateAnswer {
    const answer = this.#answers.get(template) ?? this.#ofTemplate(template);
    this.#answers.set(template, answer);
    this.#template = template;
    this.#answer = answer;
    return answer;
  }

  #ofTemplate(template: Template): TemplateAnswer {
    const { eventId, channel, provider } = template.system;
    const { eventIds } = this.#criteria;
    const id = eventIds
      ? decidedBy(eventId, (text) => eventIds.has(Number(text)))
      : this.#tellsId && eventId.index >= 0
        ? eventId.index
        : NONE;
    const inChannel = named(channel, this.#channels);
    const byProvider = named(provider, this.#providers);
    return {
      never: [id, inChannel, byProvider].includes(NEVER),
      open: [id, inChannel, byProvider].includes(OPEN),
      fixedId: id === NONE && eventId.text !== undefined ? Number(eventId.text) : -1,
      eventId: id,
      channel: inChannel,
      provider: byProvider,
    };
  }
}

/** What is no number of a value: none decides, the record is not wanted, it is to be read. */
const NONE = -1;
const NEVER = -2;
const OPEN = -3;

function decidedBy({ text, index }: SystemField, holds: (text: string) => boolean): number {
  if (index >= 0) return index;
  if (text === undefined) return OPEN;
  return holds(text) ? NONE : NEVER;
}

function named(field: SystemField, names: NameSet | undefined): number {
  return names ? decidedBy(field, (text) => names.has(text)) : NONE;
}

function isOneOf(values: ValueFinder, index: number, names: NameSet | undefined): boolean {
  if (index < 0 || !names) return true;
  const at = values.find(index);
  if (values.type !== ValueType.string) return values.size === 0 && names.has('');
  const { bytes, type, size } = values;
  return names.hasValue({ bytes, type, from: at, size });
}
