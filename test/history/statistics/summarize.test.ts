// The figures of a baseline from counts by hand: rates, days that count, hosts, values, coverage, verdict; and what holds of any counts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/history/question.ts';
import { summarize } from '../../../src/history/statistics/summarize.ts';
import { answerOfCounts, hostsOf } from './answers.ts';

const THIRTY = Array.from({ length: 30 }, (_, at) => at % 10);

describe('hits per day', () => {
  it('are quantiles of the days with telemetry', () => {
    const { hits_per_day: rate, window } = summarize(answerOfCounts(THIRTY));
    expect(rate).toMatchObject({ p50: 4.5, p90: 8.1, max: 9, mean: 4.5, days_with_none: 3 });
    expect(window).toMatchObject({ from: '2025-03-03', to: '2025-04-01', days: 30, counted_days: 30 });
  });

  it('have an interval that holds the figure and is the same each time', () => {
    const [one, two] = [1, 2].map(() => summarize(answerOfCounts(THIRTY)).hits_per_day!.interval);
    expect(one).toEqual(two);
    expect(one.p90[0]).toBeLessThanOrEqual(8.1);
    expect(one.p90[1]).toBeGreaterThanOrEqual(8.1);
    expect(one.mean[0]).toBeLessThan(4.5);
    expect(one.mean[1]).toBeGreaterThan(4.5);
  });

  it('are none of fewer than 14 days, and the verdict says so', () => {
    const summary = summarize(answerOfCounts(THIRTY.slice(0, 13)), { budget: 100 });
    expect(summary).toMatchObject({ hits_per_day: null, new_per_day: null, forecast: null, verdict: 'unknown' });
    expect(summary.reason).toBe('13 days with telemetry; below 14 no rate per day is honest');
    expect(summarize(answerOfCounts(THIRTY.slice(0, 14)), { budget: 100 }).verdict).toBe('few');
  });

  it('are judged unknown, whatever the budget, where no event fills a field that every hit has', () => {
    const summary = summarize(answerOfCounts(THIRTY.map(() => 0)), { budget: 100, unfilled: ['Signer', 'Hashes'] });
    expect(summary).toMatchObject({
      verdict: 'unknown',
      reason: 'no event of its log source fills Signer, Hashes, so that none could be a hit',
    });
    expect(summarize(answerOfCounts(THIRTY.map(() => 0)), { budget: 100, unfilled: [] }).verdict).toBe('few');
  });

  it('leave out days without telemetry: they are unknown, not quiet', () => {
    const whole = answerOfCounts(THIRTY);
    const days = whole.days.filter((_, at) => at < 10 || at >= 14);
    const summary = summarize({ ...whole, days });
    expect(summary.hits_per_day!.days_with_none).toBe(2);
    expect(summary.coverage_check).toMatchObject({
      state: 'partial',
      days_without: [{ from: '2025-03-13', to: '2025-03-16', days: 4 }],
    });
    expect(summary.notes.join()).toContain('On 4 of 30 days there is no telemetry');
  });

  it('take a day of hits without any telemetry for a day without telemetry', () => {
    const whole = answerOfCounts(THIRTY);
    const days = whole.days.map((day, at) => (at === 5 ? { ...day, telemetry: 0 } : day));
    expect(summarize({ ...whole, days }).window!.counted_days).toBe(29);
  });

  it('leave out days of a known incident', () => {
    const counts = THIRTY.map((count, at) => (at === 12 ? 5000 : count));
    const summary = summarize(answerOfCounts(counts), { excludedDays: ['2025-03-15', '2024-01-01'], budget: 10 });
    expect(summary.window).toMatchObject({ excluded_days: ['2025-03-15'], counted_days: 29 });
    expect(summary.hits_per_day!.max).toBe(9);
    expect(summary.hits).toBe(133);
    expect(summary.verdict).toBe('few');
    expect(summary.coverage_check.days_without).toEqual([]);
    expect(summary.notes.join()).toContain('5000 hits on days of known incidents');
    expect(summary.notes.join()).toMatch(/none of the days from \S+ to \S+: 2024-01-01$/);
  });

  it('count the days of the window that was asked for, also before the first event', () => {
    const summary = summarize(answerOfCounts(THIRTY), { from: '2025-03-01T00:00:00Z', to: '2025-04-02T00:00:00Z' });
    expect(summary.window).toMatchObject({ from: '2025-03-01', to: '2025-04-01', days: 32, counted_days: 30 });
    expect(summary.coverage_check.days_without).toEqual([{ from: '2025-03-01', to: '2025-03-02', days: 2 }]);
  });
});

describe('the verdict', () => {
  const verdict = (budget: number | undefined, more: object = {}) =>
    summarize(answerOfCounts(THIRTY), { budget, ...more }).verdict;
  const excluding = (factor: number) => ({
    afterExclusions: answerOfCounts(THIRTY.map((count) => Math.round(count * factor))).days,
  });

  it.each([
    ['few', 8.1, {}],
    ['flood', 8, {}],
    ['tunable', 5, excluding(0.5)],
    ['flood', 3, excluding(0.5)],
    ['few', 9, excluding(0.5)],
    ['flood', 0, {}],
    ['unknown', undefined, {}],
  ])('is %s at a budget of %s', (expected, budget, more) => expect(verdict(budget, more)).toBe(expected));

  it('is few of no hits where there is telemetry, and unknown where there is none', () => {
    const quiet = answerOfCounts(THIRTY.map(() => 0));
    expect(summarize(quiet, { budget: 0 })).toMatchObject({
      verdict: 'few',
      hits_per_day: { p90: 0, days_with_none: 30 },
    });
    const dark = { ...quiet, telemetry: 0, hosts: [], days: quiet.days.map((day) => ({ ...day, telemetry: 0 })) };
    expect(summarize(dark, { budget: 10 })).toMatchObject({ verdict: 'unknown', coverage_check: { state: 'none' } });
    expect(summarize({ ...dark, days: [] }, { budget: 10 })).toMatchObject({ verdict: 'unknown', window: null });
  });

  it('is unknown where half of the hosts have no telemetry', () => {
    const of = (hosts: number) =>
      summarize(answerOfCounts(THIRTY, undefined, { hosts: hostsOf(hosts, 135) }), { budget: 10, hostsTotal: 100 });
    expect(of(50)).toMatchObject({ verdict: 'unknown', reason: 'only 50 of 100 hosts have telemetry' });
    expect(of(51)).toMatchObject({ verdict: 'few', coverage_check: { state: 'partial', hosts_without: 49 } });
    expect(of(51).notes.join()).toContain('51 % of the hosts have telemetry');
    expect(of(100)).toMatchObject({ verdict: 'few', coverage_check: { state: 'covered', hosts_without: 0 } });
  });

  it('says so where all hosts have telemetry, on half of the days only', () => {
    const hosts = hostsOf(10, 135).map((host, at) => ({ ...host, days: at < 2 ? 30 : 10 }));
    const summary = summarize(answerOfCounts(THIRTY, undefined, { hosts }), { budget: 10, hostsTotal: 10 });
    expect(summary).toMatchObject({ verdict: 'few', coverage_check: { host_days_share: 0.467 } });
    expect(summary.notes.join()).toContain('46.7 % of all hosts and days have telemetry');
  });

  it('says where the budget lies within the interval of p90', () => {
    expect(summarize(answerOfCounts(THIRTY), { budget: 8.5 }).notes.join()).toContain(
      'other days may change the verdict',
    );
    expect(summarize(answerOfCounts(THIRTY), { budget: 100 }).notes).toEqual([]);
  });
});

describe('hosts and values', () => {
  const answer: Answer = answerOfCounts(THIRTY, undefined, {
    hosts: hostsOf(4, 135),
    fields: [
      {
        field: 'Image',
        distinct: 3,
        filled: 135,
        values: [
          { value: 'a.exe', hits: 120, hosts: 4, first: '2025-03-03' },
          { value: 'b.exe', hits: 10, hosts: 1, first: '2025-03-20' },
          { value: 'c.exe', hits: 5, hosts: 1, first: null },
        ],
      },
      { field: 'Mode', distinct: 1, filled: 135, values: [{ value: 'x', hits: 135, hosts: 4, first: '2025-03-03' }] },
    ],
  });

  it('are stacked, the rarest first', () => {
    const [image] = summarize(answer).fields;
    expect(image.rare.map(({ value, share }) => [value, share])).toEqual([
      ['c.exe', 0.25],
      ['b.exe', 0.25],
      ['a.exe', 1],
    ]);
    expect(image).toMatchObject({ distinct: 3, complete: true, filled: 1 });
    expect(image.frequent[0].value).toBe('a.exe');
    expect(summarize(answer, { values: 1 }).fields[0].rare).toHaveLength(1);
  });

  it('say where the rarest may be missing', () => {
    const cut = { ...answer, fields: [{ ...answer.fields[0], distinct: 900 }] };
    expect(summarize(cut).fields[0].complete).toBe(false);
    expect(summarize(cut).notes.join()).toContain('The rarest values of Image may be missing');
    const told = { ...cut, fields: [{ ...cut.fields[0], rarest: [{ value: 'z', hits: 1, hosts: 1, first: null }] }] };
    expect(summarize(told).notes).toEqual([]);
    expect(summarize(told).fields[0].rare[0].value).toBe('z');
  });

  it('tell the share of the top host, and of the top value of a field that has several', () => {
    expect(summarize(answer).concentration).toEqual({
      top_host: { host: 'ws-0', share: 1 },
      top_value: { field: 'Image', value: 'a.exe', share: 0.889 },
    });
  });

  it('tell the share of the environment', () => {
    expect(summarize(answer).hosts).toEqual({ with_hits: 1, with_telemetry: 4, total: null, share: 0.25 });
    expect(summarize(answer, { hostsTotal: 5 }).hosts).toMatchObject({ total: 5, share: 0.2 });
    expect(summarize(answer, { hostsTotal: 2 }).hosts).toMatchObject({ total: 4, share: 0.25 });
    expect(summarize(answer, { hostsTotal: 2 }).notes.join()).toContain('more than the 2 that the environment says');
  });
});

it('counts what is new once a week of days is behind', () => {
  const whole = answerOfCounts(THIRTY);
  const days = whole.days.map((day, at) => ({ ...day, fresh: at < 7 ? 1000 : at === 20 ? 23 : 1 }));
  expect(summarize({ ...whole, days }).new_per_day).toEqual({ p50: 1, p90: 1, max: 23, days: 23 });
});

it('names days with hardly any telemetry', () => {
  const whole = answerOfCounts(THIRTY);
  const days = whole.days.map((day, at) => (at === 4 ? { ...day, telemetry: 3 } : day));
  expect(summarize({ ...whole, days }).coverage_check.thin_days).toEqual(['2025-03-07']);
});

describe('of any counts', () => {
  const counts = fc.array(fc.oneof(fc.nat(5), fc.nat(100_000), fc.constant(0)), { minLength: 1, maxLength: 60 });

  it('the figures are ordered, whole where they count, and finite', () => {
    fc.assert(
      fc.property(counts, fc.nat(100), (hits, budget) => {
        const summary = summarize(answerOfCounts(hits), { budget });
        expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
        const { hits_per_day: rate } = summary;
        if (rate === null) {
          expect(summary.verdict).toBe('unknown');
          return;
        }
        expect(rate.p50).toBeLessThanOrEqual(rate.p90);
        expect(rate.p90).toBeLessThanOrEqual(rate.max);
        expect(summary.verdict).toBe(rate.p90 <= budget ? 'few' : 'flood');
        for (const forecast of [summary.forecast, summary.next_week]) {
          if (forecast === null) continue;
          expect(forecast.low).toBeLessThanOrEqual(forecast.expected);
          expect(forecast.expected).toBeLessThanOrEqual(forecast.high);
          expect(Number.isInteger(forecast.low) && forecast.low >= 0 && Number.isFinite(forecast.high)).toBe(true);
          expect(forecast.days).toHaveLength(7);
        }
      }),
      { numRuns: 60, seed: 10 },
    );
  });

  it('the order of days, hosts and values does not count', () => {
    fc.assert(
      fc.property(counts, fc.infiniteStream(fc.nat()), (hits, order) => {
        const answer = answerOfCounts(hits, undefined, { hosts: hostsOf(5, 9) });
        const shuffled = <T>(all: readonly T[]): readonly T[] =>
          all
            .map((one) => ({ one, at: order.next().value! }))
            .sort((a, b) => a.at - b.at)
            .map(({ one }) => one);
        expect(summarize({ ...answer, days: shuffled(answer.days), hosts: shuffled(answer.hosts) })).toEqual(
          summarize(answer),
        );
      }),
      { numRuns: 30, seed: 11 },
    );
  });

  it('a day more without telemetry changes no rate', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 14, maxLength: 40 }), (hits) => {
        const answer = answerOfCounts(hits);
        const dark = { day: '2025-02-01', hits: 0, telemetry: 0, fresh: 0 };
        expect(summarize({ ...answer, days: [dark, ...answer.days] }).hits_per_day).toEqual(
          summarize(answer).hits_per_day,
        );
      }),
      { numRuns: 30, seed: 12 },
    );
  });

  it('days that are none and windows that end before they begin are survived', () => {
    const answer = answerOfCounts(THIRTY);
    const days = [
      ...answer.days,
      { day: 'yesterday', hits: 1, telemetry: 1, fresh: 0 },
      { day: '2025-02-30', hits: 1, telemetry: 1, fresh: 0 },
    ];
    expect(summarize({ ...answer, days }).window!.days).toBe(30);
    expect(summarize(answer, { from: '2026-01-01', to: '2025-01-01' })).toMatchObject({
      window: null,
      verdict: 'unknown',
    });
    const far = summarize(
      answerOfCounts([3], '0001-01-01', {
        days: [...answer.days, { day: '9999-12-31', hits: 1, telemetry: 1, fresh: 0 }],
      }),
    );
    expect(far.forecast).toBeNull();
  });
});
