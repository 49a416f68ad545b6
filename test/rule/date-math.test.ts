// Elasticsearch's date math, by the examples of its documentation: sums, roundings down and up, and what is none.
import { describe, expect, it } from 'vitest';
import { dateMath } from '../../src/rule/time.ts';

const NOW = Date.UTC(2001, 0, 1, 12, 0, 0);
const iso = (text: string, roundUp = false): string | undefined => {
  const time = dateMath(text, NOW, roundUp);
  return time === undefined ? undefined : new Date(time).toISOString();
};

describe('date math', () => {
  it.each([
    ['now', '2001-01-01T12:00:00.000Z'],
    ['now+1h', '2001-01-01T13:00:00.000Z'],
    ['now-1h', '2001-01-01T11:00:00.000Z'],
    ['now-1h/d', '2001-01-01T00:00:00.000Z'],
    ['2001.02.01||+1M/d', undefined],
    ['2001-02-01||+1M/d', '2001-03-01T00:00:00.000Z'],
    ['2024-01-31||+1M', '2024-02-29T00:00:00.000Z'],
    ['2024-02-29||-1y', '2023-02-28T00:00:00.000Z'],
    ['2024-05-15T10:20:30Z||/M', '2024-05-01T00:00:00.000Z'],
    ['2024-05-15T10:20:30Z||/y', '2024-01-01T00:00:00.000Z'],
    ['2024-05-15T10:20:30Z||/w', '2024-05-13T00:00:00.000Z'],
    ['2024-05-15T10:20:30Z||/h+1m', '2024-05-15T10:01:00.000Z'],
    ['2024-05-15T10:20:30Z||-10s', '2024-05-15T10:20:20.000Z'],
    ['now-1q', undefined],
    ['nowhere', undefined],
    ['2024-05-15', undefined],
    ['||+1d', undefined],
    ['2024-05-15||+999999999y', undefined],
  ])('%s is %s', (text, time) => expect(iso(text)).toBe(time));

  it('takes all of what is rounded where it must be behind it', () => {
    expect(iso('2014-11-18||/M', true)).toBe('2014-11-30T23:59:59.999Z');
    expect(iso('now/d', true)).toBe('2001-01-01T23:59:59.999Z');
  });
});
