// Scripts of event 4104, which script block logging writes in several parts where they are long: put together as soon as all parts are there.

import type { AccountRecord } from '../../record.ts';
import { isOf } from './process-record.ts';

export interface ScriptBlock {
  readonly text: string;
  /** The record of its first part that is there. */
  readonly record: AccountRecord;
  /** Parts that are not there. */
  readonly missing: number;
}

/** Characters that wait for further parts, what a record costs beside its text, and parts of one script. */
const MOST_WAITING = 1 << 24;
const RECORD_COST = 2048;
const MOST_PARTS = 4096;

interface Waiting {
  readonly parts: Map<number, AccountRecord>;
  readonly total: number;
  /** Of all its parts, in characters. */
  cost: number;
}

/** The text of a script, or of a part of one; undefined of a record of another kind. */
export function scriptTextOf(record: AccountRecord): string | undefined {
  return record.id === 4104 && isOf(record, 'powershell') ? record.raw('ScriptBlockText') : undefined;
}

export class ScriptBlocks {
  readonly #waiting = new Map<string, Waiting>();
  #held = 0;

  /** What the record completes; scripts that had to go for want of room come as they are. */
  take(record: AccountRecord, text: string): readonly ScriptBlock[] {
    const [number, total] = ['MessageNumber', 'MessageTotal'].map((name) => Number(record.value(name) ?? 1));
    const isPart = total > 1 && total <= MOST_PARTS && number >= 1 && number <= total;
    if (!isPart) return [{ text, record, missing: 0 }];
    const key = `${record.host ?? ''}|${record.value('ScriptBlockId') ?? ''}`;
    const waiting = this.#waiting.get(key) ?? { parts: new Map<number, AccountRecord>(), total, cost: 0 };
    this.#waiting.set(key, waiting);
    // The same part again is the same event, in another log.
    if (!waiting.parts.has(number)) {
      waiting.parts.set(number, record);
      waiting.cost += text.length + RECORD_COST;
      this.#held += text.length + RECORD_COST;
    }
    if (waiting.parts.size >= waiting.total) return [this.#whole(key, waiting)];
    const gone: ScriptBlock[] = [];
    for (const [oldest, one] of this.#waiting) {
      if (this.#held <= MOST_WAITING) break;
      gone.push(this.#whole(oldest, one));
    }
    return gone;
  }

  /** Those of which parts are missing, at the end. */
  rest(): readonly ScriptBlock[] {
    return [...this.#waiting].map(([key, one]) => this.#whole(key, one));
  }

  #whole(key: string, { parts, total, cost }: Waiting): ScriptBlock {
    this.#waiting.delete(key);
    this.#held -= cost;
    const inOrder = [...parts].sort(([a], [b]) => a - b).map(([, record]) => record);
    const text = inOrder.map((record) => record.raw('ScriptBlockText') ?? '').join('');
    return { text, record: inOrder[0], missing: total - parts.size };
  }
}
