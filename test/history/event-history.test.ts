// Synthetic histories are what they say: the counts that they tell beforehand are those of their rows, the same for the same seed.
import { describe, expect, it } from 'vitest';
import { type Block, EventHistory, type HistorySpec, SMALL_HISTORY } from '../../fixtures/histories/event-history.ts';
import { COLUMNS } from '../../fixtures/histories/planted-noise.ts';
import { variates } from '../../fixtures/histories/random-variates.ts';

const history = (more: Partial<HistorySpec> = {}) => new EventHistory({ ...SMALL_HISTORY, ...more });

/** Every event as texts. */
function* rows(of: EventHistory, size?: number): Generator<Record<string, string> & { day: string; attack: boolean }> {
  for (const block of of.blocks(size))
    for (let at = 0; at < block.length; at++)
      yield {
        ...Object.fromEntries(COLUMNS.map((column) => [column, of.dictionaries[column][block.columns[column][at]]])),
        day: new Date(block.time[at]).toISOString().slice(0, 10),
        attack: block.attack[at] === 1,
      } as Record<string, string> & { day: string; attack: boolean };
}

const isHit = (row: Record<string, string>) => row.EventID === '10' && row.TargetImage.endsWith('\\lsass.exe');

describe.each([1, 2, 3])('the history of seed %i', (seed) => {
  const made = history({ seed, silentHosts: 0.5, attackers: 4 });
  const all = [...rows(made)];

  it('has the events, hits and days that it tells', () => {
    const { truth } = made;
    expect(all).toHaveLength(truth.events);
    expect(all.filter(isHit)).toHaveLength(truth.hits);
    for (const { day, hits, telemetry } of truth.days) {
      const that = all.filter((row) => row.day === day);
      expect([that.filter(isHit).length, that.length]).toEqual([hits, telemetry]);
    }
  });

  it('has events of the hosts that send any, and of no other', () =>
    expect(new Set(all.map(({ Hostname }) => Hostname)).size).toBe(20));

  it('has attacks that make all true that is forced, and noise that mostly does not', () => {
    const { forced, attackers } = made.planted;
    const fulfils = (row: Record<string, string>) => forced.every(({ field, holds }) => holds(row[field]));
    const attacks = all.filter(({ attack }) => attack);
    expect(attacks).toHaveLength(made.truth.attackEvents);
    expect(attacks.every((row) => isHit(row) && fulfils(row))).toBe(true);
    expect(new Set(attacks.map(({ SourceImage }) => SourceImage))).toEqual(
      new Set(attackers.map(({ image }) => image)),
    );
    const noise = all.filter((row) => isHit(row) && !row.attack);
    expect(noise.filter(fulfils).length / noise.length).toBeCloseTo(made.truth.forcedNoiseShare, 1);
  });
});

it('is the same for the same seed, in blocks of any size, in order of time', () => {
  const texts = [1000, 333].map((size) => JSON.stringify([...rows(history(), size)]));
  expect(texts[0]).toBe(texts[1]);
  let last = 0;
  const blocks: Block[] = [];
  for (const block of history().blocks(4096)) {
    blocks.push(block);
    for (let at = 0; at < block.length; at++) {
      expect(block.time[at] >= last).toBe(true);
      last = block.time[at];
    }
  }
  expect(new Set(blocks.map(({ time }) => time)).size).toBe(1);
});

it('is written as JSON lines with the same values', () => {
  const made = history({ otherEvents: 500 });
  const lines = [...made.jsonLines(100)]
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(made.truth.events);
  expect(lines.filter((line) => isHit({ ...line, EventID: String(line.EventID) }))).toHaveLength(made.truth.hits);
});

describe('variates have the mean and variance that they should', () => {
  const moments = (draw: () => number): readonly [number, number] => {
    const values = Array.from({ length: 40_000 }, draw);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
  };
  const random = variates(5);

  it.each([0.05, 3, 29, 31, 400, 20_000])('Poisson of %d', (mean) => {
    const [found, variance] = moments(() => random.poisson(mean));
    expect(Math.abs(found - mean) / Math.sqrt(mean / 40_000)).toBeLessThan(4);
    expect(variance / mean).toBeGreaterThan(0.9);
    expect(variance / mean).toBeLessThan(1.1);
  });

  it.each([0.2, 1, 30])('gamma of %d', (shape) => {
    const [found, variance] = moments(() => random.gamma(shape));
    expect(Math.abs(found - shape) / Math.sqrt(shape / 40_000)).toBeLessThan(4);
    expect(variance / shape).toBeGreaterThan(0.9);
    expect(variance / shape).toBeLessThan(1.1);
  });
});
