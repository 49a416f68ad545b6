// A history in memory, for tests: the contract of a store at its simplest.

import type { Answer, AskOptions, HistoryStore, Question, Row } from '../../src/history/question.ts';
import type { Binding } from '../../src/rule/binding.ts';
import { compileCondition } from '../../src/rule/evaluate.ts';

/** `day` "2026-03-01". */
export interface MemoryEvent {
  readonly day: string;
  readonly host: string;
  readonly fields: Readonly<Record<string, string>>;
}

const OF_EVENT: Binding<MemoryEvent> = {
  field:
    (name) =>
    ({ fields }) => {
      const value = fields[name];
      return value === undefined ? [] : [value];
    },
  all: ({ fields }) => Object.values(fields),
};

export class MemoryStore implements HistoryStore {
  readonly engine = 'memory 1';
  readonly asked: Question[] = [];
  readonly #events: readonly MemoryEvent[];

  constructor(events: readonly MemoryEvent[]) {
    this.#events = events;
  }

  async ask(questions: readonly Question[], _: AskOptions): Promise<readonly Answer[]> {
    this.asked.push(...questions);
    return questions.map((question) => this.#answer(question));
  }

  #answer({ id, condition, telemetry }: Question): Answer {
    const isHit = compileCondition(condition, OF_EVENT);
    const isTelemetry = telemetry ? compileCondition(telemetry, OF_EVENT) : () => true;
    const days = new Map<string, { day: string; hits: number; telemetry: number; fresh: number }>();
    const hosts = new Map<string, { host: string; hits: number; telemetry: number }>();
    for (const event of this.#events) {
      const day = days.get(event.day) ?? { day: event.day, hits: 0, telemetry: 0, fresh: 0 };
      const host = hosts.get(event.host) ?? { host: event.host, hits: 0, telemetry: 0 };
      for (const one of [day, host]) {
        if (isHit(event) === true) one.hits++;
        if (isTelemetry(event) === true) one.telemetry++;
      }
      days.set(event.day, day);
      hosts.set(event.host, host);
    }
    const all = [...days.values()];
    return {
      id,
      scanned: this.#events.length,
      hits: all.reduce((sum, { hits }) => sum + hits, 0),
      telemetry: all.reduce((sum, one) => sum + one.telemetry, 0),
      days: all.sort((one, other) => (one.day < other.day ? -1 : 1)),
      hosts: [...hosts.values()],
      fields: [],
      untimed: 0,
    };
  }

  async rows({ condition }: Question, fields: readonly string[], limit: number): Promise<readonly Row[]> {
    const isHit = compileCondition(condition, OF_EVENT);
    const rows = new Map<string, { values: Record<string, string | null>; count: number }>();
    for (const event of this.#events) {
      if (isHit(event) !== true) continue;
      const values = Object.fromEntries(fields.map((name) => [name, event.fields[name] ?? null]));
      const key = JSON.stringify(values);
      const row = rows.get(key) ?? { values, count: 0 };
      row.count++;
      rows.set(key, row);
    }
    return [...rows.values()].sort((one, other) => other.count - one.count).slice(0, limit);
  }

  async close(): Promise<void> {}
}
