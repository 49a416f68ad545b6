// The forecast of a held-out week against series whose process is known, and what it says of series that a person can check.
import { describe, expect, it } from 'vitest';
import { dailySeries, SERIES_KINDS } from '../../../fixtures/histories/daily-series.ts';
import { summarize } from '../../../src/history/statistics/summarize.ts';
import { answerOf, scoreSeeds } from '../../../truth/forecast-score.ts';
import { answerOfCounts } from './answers.ts';

describe('over 100 seeded series of all kinds', () => {
  const { all, kinds } = scoreSeeds(7001, 100);

  it('the interval of the week holds in 85 to 97 %', () => {
    expect(all.series).toBe(100);
    expect(Object.keys(kinds)).toEqual(expect.arrayContaining([...SERIES_KINDS]));
    expect(all.week.holds).toBeGreaterThanOrEqual(0.85);
    expect(all.week.holds).toBeLessThanOrEqual(0.97);
  });

  it('its median width is at most 1.5 times the true one', () => {
    expect(all.week.width).toBeLessThanOrEqual(1.5);
    expect(all.week.width).toBeGreaterThanOrEqual(0.9);
  });

  it('the intervals of the days hold too, and are hardly wider than the true ones', () => {
    expect(all.day.holds).toBeGreaterThanOrEqual(0.85);
    expect(all.day.holds).toBeLessThanOrEqual(0.97);
    expect(all.day.width).toBeLessThanOrEqual(1.5);
  });

  it('the true interval holds as often as it says: the series are what they are said to be', () => {
    expect(all.week.true_holds).toBeGreaterThanOrEqual(0.85);
  });

  it('the median of the same weekdays alone would not hold', () => {
    expect(all.reference.holds).toBeLessThan(0.85);
  });
});

describe('of counts that a person can check', () => {
  const weeks = (week: readonly number[], count: number): readonly number[] =>
    Array.from({ length: count }, () => week).flat();
  const nextWeek = (counts: readonly number[]) => summarize(answerOfCounts(counts)).next_week!;

  it('the same on every day stays about the same', () => {
    const { low, high, expected } = nextWeek(weeks([50, 50, 50, 50, 50, 50, 50], 4));
    expect(expected).toBeGreaterThan(330);
    expect(expected).toBeLessThan(370);
    expect(high - low).toBeLessThan(120);
  });

  it('weekends without any stay so', () => {
    const { days, from } = nextWeek(weeks([90, 110, 100, 95, 105, 0, 0], 4));
    expect(from).toBe('2025-03-31');
    expect(days.slice(5).map(({ expected }) => expected)).toEqual([0, 0]);
    expect(days[6].high).toBeLessThanOrEqual(1);
    expect(days[0].low).toBeGreaterThan(60);
  });

  it('a job that runs on Wednesdays comes on Wednesday', () => {
    const { days } = nextWeek(weeks([0, 0, 300, 0, 0, 0, 0], 5));
    expect(days.map(({ expected }) => expected > 100)).toEqual([false, false, true, false, false, false, false]);
  });

  it('a level that rises goes on rising', () => {
    const { expected, low } = nextWeek(Array.from({ length: 28 }, (_, at) => Math.round(200 * 1.04 ** at)));
    const last = Array.from({ length: 7 }, (_, at) => 200 * 1.04 ** (21 + at)).reduce((sum, count) => sum + count, 0);
    expect(low).toBeGreaterThan(last * 0.97);
    expect(expected / (last * 1.04 ** 7)).toBeCloseTo(1, 1);
  });

  it('no hits at all leave room for one or two', () => {
    const { expected, low, high } = nextWeek(weeks([0, 0, 0, 0, 0, 0, 0], 4));
    expect([expected, low]).toEqual([0, 0]);
    expect(high).toBeLessThanOrEqual(2);
  });

  it('the last seven days are held out and tested', () => {
    const counts = [...weeks([50, 52, 48, 50, 51, 49, 50], 4), 50, 50, 50, 50, 50, 50, 5000];
    const { forecast } = summarize(answerOfCounts(counts));
    expect(forecast).toMatchObject({
      training_days: 28,
      hits: 5300,
      holds: false,
      from: '2025-03-31',
      to: '2025-04-06',
    });
    expect(forecast!.days[6].hits).toBe(5000);
    expect(forecast!.high).toBeLessThan(1000);
  });

  it('there is none from fewer than 14 days, or from a few days here and there', () => {
    expect(summarize(answerOfCounts(weeks([5, 5, 5, 5, 5, 5, 5], 2))).forecast).toBeNull();
    expect(summarize(answerOfCounts(weeks([5, 5, 5, 5, 5, 5, 5], 2))).next_week).not.toBeNull();
    const whole = answerOfCounts(weeks([5, 5, 5, 5, 5, 5, 5], 10));
    expect(summarize({ ...whole, days: whole.days.filter((_, at) => at % 3 === 0) }).forecast).toBeNull();
  });

  it('what it rests on is all it depends on', () => {
    const series = dailySeries(42);
    const [one, two] = [1, 2].map(() => JSON.stringify(summarize(answerOf(series))));
    expect(one).toBe(two);
  });
});
