// Answers of a store, made by hand for tests: counts by day of one host unless told otherwise.
import type { Answer } from '../../../src/history/question.ts';

/** Days from `from` on, one for each count; each with 100 events of the log source besides. */
export function answerOfCounts(counts: readonly number[], from = '2025-03-03', more: Partial<Answer> = {}): Answer {
  const start = Date.parse(`${from}T00:00:00Z`);
  const days = counts.map((hits, at) => ({
    day: new Date(start + at * 86_400_000).toISOString().slice(0, 10),
    hits,
    telemetry: hits + 100,
    fresh: 0,
  }));
  const hits = counts.reduce((sum, count) => sum + count, 0);
  const telemetry = hits + 100 * counts.length;
  return {
    id: 'O1',
    scanned: telemetry,
    hits,
    telemetry,
    days,
    hosts: [{ host: 'ws-1', hits, telemetry }],
    fields: [],
    untimed: 0,
    ...more,
  };
}

/** Of `count` hosts; the first has all hits. */
export function hostsOf(count: number, hits: number): Answer['hosts'] {
  return Array.from({ length: count }, (_, at) => ({
    host: `ws-${at}`,
    hits: at === 0 ? hits : 0,
    telemetry: 100 + hits,
  }));
}
