// The channel and number of a record, told from its bytes: what decides which rules it is asked.

import { u16At, u32At } from '../bytes/cursor.ts';
import type { Chunk } from '../evtx/chunk.ts';
import { EventReader } from '../evtx/event.ts';
import { valueCountAt } from '../evtx/instance.ts';
import type { SystemField } from '../evtx/system-fields.ts';
import { ValueFinder } from '../evtx/value-finder.ts';
import { valueText } from '../evtx/value-text.ts';
import { ValueType } from '../evtx/value-type.ts';
import type { HuntPlan } from './hunt-plan.ts';
import type { HuntRule } from './hunt-rule.ts';
import type { RuleGroup } from './rule-group.ts';

export class RecordKeys {
  readonly #plan: HuntPlan;
  readonly #reader = new EventReader();
  /** The channel that was told last, by its bytes: records of one come together. */
  #bytes: Uint8Array = new Uint8Array(0);
  #channel = '';

  constructor(plan: HuntPlan) {
    this.#plan = plan;
  }

  /** The rules that the record may be of. Throws BinXmlError. */
  groupOf(chunk: Chunk, record: number): RuleGroup<HuntRule> | undefined {
    const token = chunk.instanceAt(record);
    if (token >= 0) {
      const { system, root } = chunk.template(u32At(chunk.bytes, token + 6));
      const counts = valueCountAt(chunk, token);
      const count = u32At(chunk.bytes, counts);
      if (root && count >= 0 && counts + 4 + count * 4 <= chunk.fragmentEnd(record)) {
        const values = new ValueFinder(chunk.bytes, counts + 4, count);
        const eventId = numberOf(system.eventId, values);
        const channel = this.#channelOf(system.channel, values);
        if (eventId !== undefined && channel) return this.#plan.groupOf(channel, '', eventId);
      }
    }
    const { channel = '', provider = '', eventId = '' } = this.#reader.system(chunk, record);
    return this.#plan.groupOf(channel, provider, Number(eventId));
  }

  /** The channel's name; undefined where it is to be read otherwise. */
  #channelOf({ text, index }: SystemField, values: ValueFinder): string | undefined {
    if (index < 0) return text;
    const from = values.find(index);
    const { bytes, size, type } = values;
    if (type !== ValueType.string || size === 0 || from + size > bytes.length) return undefined;
    const last = this.#bytes;
    let same = last.length === size;
    for (let i = 0; same && i < size; i++) same = last[i] === bytes[from + i];
    if (!same) {
      this.#bytes = bytes.slice(from, from + size);
      this.#channel = valueText({ bytes, type, from, size });
    }
    return this.#channel;
  }
}

function numberOf({ text, index }: SystemField, values: ValueFinder): number | undefined {
  if (index < 0) return text === undefined ? undefined : Number(text);
  const at = values.find(index);
  if (values.type !== ValueType.uint16 || values.size !== 2 || at + 2 > values.bytes.length) return undefined;
  return u16At(values.bytes, at);
}
