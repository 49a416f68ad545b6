// EQL as Elastic's reference tells it (syntax, functions, pipes, "EQL search"), over JSON lines as a hunt reads them.
import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../src/bytes/source.ts';
import { Hunt } from '../../src/hunt/hunt.ts';
import { LogReport } from '../../src/logs/log-report.ts';
import { openLogs } from '../../src/logs/open-logs.ts';
import { readEqlRule } from '../../src/rule/read/eql.ts';
import { RuleError } from '../../src/rule/read/rule-error.ts';
import type { ReferenceEvent } from './eql-reference-case.ts';
import { FUNCTION_EVENT, FUNCTIONS, REFUSED_CALLS } from './eql-reference-functions.ts';
import { SEQUENCES } from './eql-reference-sequences.ts';
import { SYNTAX } from './eql-reference-syntax.ts';

function linesOf(log: readonly ReferenceEvent[]): string {
  return log
    .map((event, index) =>
      JSON.stringify({ '@timestamp': new Date(Date.UTC(2024, 0, 1) + index * 1000).toISOString(), ...event }),
    )
    .join('\n');
}

async function found(log: readonly ReferenceEvent[], query: string): Promise<string> {
  const hunt = new Hunt([{ file: 'q.eql', rule: readEqlRule(query, 'q') }]);
  const source = sourceOf(new TextEncoder().encode(linesOf(log)), 'a.json');
  for await (const one of openLogs(source, new LogReport())) await hunt.run(one, new LogReport());
  const { hits } = hunt.document(0);
  return hits.map(({ events }) => events.map(({ record }) => record).join('+')).join(' ');
}

describe.each([...SYNTAX, ...SEQUENCES].map((section) => [section.about, section] as const))(
  '%s',
  (_, { log, cases }) =>
    it.each(cases)('%s', async (query, finds, because) => {
      if (typeof finds === 'string') expect(await found(log, query), because).toBe(finds);
      else {
        expect(() => readEqlRule(query, 'q'), because).toThrow(RuleError);
        expect(() => readEqlRule(query, 'q'), because).toThrow(finds);
      }
    }),
);

describe('functions', () => {
  it.each(FUNCTIONS)('%s is %s', async (call, returns) => {
    expect(await found([FUNCTION_EVENT], `any where ${call} == ${returns}`)).toBe('1');
    expect(await found([FUNCTION_EVENT], `any where ${call} != ${returns}`)).toBe('');
  });

  it.each(REFUSED_CALLS)('%s is refused', (call, words) =>
    expect(() => readEqlRule(`any where ${call}`, 'q')).toThrow(words),
  );
});

it('is a suite of some size', () => {
  const cases = [...SYNTAX, ...SEQUENCES].flatMap((section) => section.cases);
  expect(cases.length).toBeGreaterThan(200);
  expect(new Set(cases.map(([query]) => query)).size).toBeGreaterThan(190);
});
