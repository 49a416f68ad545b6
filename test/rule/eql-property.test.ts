// For random conditions and events, a rule and what it is when it was written as EQL and read again agree on every event.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { and, type Condition, match, not, or } from '../../src/rule/condition.ts';
import { eqlQuery } from '../../src/rule/emit/eql-query.ts';
import { compileCondition } from '../../src/rule/evaluate.ts';
import type { Result } from '../../src/rule/functions.ts';
import { networkOf } from '../../src/rule/network.ts';
import { ANY_MANY, ANY_ONE, joinPatterns } from '../../src/rule/pattern.ts';
import { eventQuery } from '../../src/rule/query.ts';
import { readEql, readEqlRule } from '../../src/rule/read/eql.ts';
import type { ValueTest } from '../../src/rule/value-test.ts';
import { JSON_BINDING } from '../hunt/json-binding.ts';

const FIELDS = ['a', 'b.c', 'odd-name.d', 'in'];
const TEXTS = [
  '',
  'x',
  'X',
  'xy',
  'a*b',
  'what?',
  '"q"',
  'C:\\p',
  'ü',
  'Ü',
  'tab\t',
  '5',
  '10.0.0.7',
  'true',
  'line\nend',
];
const field = fc.constantFrom(...FIELDS);
const text = fc.constantFrom(...TEXTS);
const part = fc.oneof(text, fc.constantFrom(ANY_ONE, ANY_MANY));
const test: fc.Arbitrary<ValueTest> = fc.oneof(
  fc.record({
    kind: fc.constant('like' as const),
    pattern: fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => joinPatterns(parts)),
    cased: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('number' as const),
    op: fc.constantFrom('eq', 'lt', 'lte', 'gt', 'gte'),
    than: fc.constantFrom(-1, 0, 5, 5.5, 1e21),
  }),
  fc.record({ kind: fc.constant('boolean' as const), wanted: fc.boolean() }),
  fc.record({ kind: fc.constant('exists' as const), wanted: fc.boolean() }),
  fc.constantFrom<ValueTest>({ kind: 'null' }, { kind: 'cidr', network: networkOf('10.0.0.0/29')! }),
  fc.record({
    kind: fc.constant('regex' as const),
    source: fc.constantFrom('x.*', '[a-x]+', 'C:\\\\.', '(x|y)+'),
    syntax: fc.constant('lucene' as const),
    whole: fc.constant(true),
    cased: fc.boolean(),
    multiline: fc.constant(false),
    dotAll: fc.constant(true),
  }),
);
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.tuple(field, fc.array(test, { minLength: 1, maxLength: 3 })).map(([name, tests]) => match(name, ...tests)),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((parts) => and(...parts)),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((parts) => or(...parts)),
    tie('condition').map(not),
  ),
}));
const value: fc.Arbitrary<Result> = fc.oneof(text, fc.constantFrom<Result>(0, 5, 5.5, true, false));
const event = fc.dictionary(field, value);

it('a condition that is written and read again holds for the same events', () => {
  const base = readEqlRule('any where true', 'a rule');
  fc.assert(
    fc.property(condition, fc.array(event, { minLength: 1, maxLength: 6 }), (given, events) => {
      const written = eqlQuery({ ...base, query: eventQuery(given) });
      const query = readEql(written);
      if (query.kind !== 'event') throw new Error('no event');
      const [own, read] = [given, query.condition].map((one) => compileCondition(one, JSON_BINDING));
      for (const one of events) expect(read(one) === true, written).toBe(own(one) === true);
      expect(eqlQuery({ ...base, query })).toBe(eqlQuery({ ...base, query: readEql(eqlQuery({ ...base, query })) }));
    }),
    { numRuns: 1000 },
  );
});
