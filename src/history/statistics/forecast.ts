// The hits of days to come with a 90 % interval: what models of weekdays and trend say, each as far as the counts bear it out.

import { type Interval, middleCounts } from './quantiles.ts';
import { type Draws, draws, seedOf } from './random-draws.ts';
import { type DayOfCounts, fitted, type RateModel, rateModels } from './rate-model.ts';

export const LEVEL = 0.9;
const DRAWS = 2000;
/** More than this, days cannot scatter beyond what was seen of them. */
const WIDEST = 3;

/** A day to come. */
export type DayAhead = Pick<DayOfCounts, 'index' | 'weekday'>;

export interface Predicted {
  /** Median of what may come on all days together. */
  readonly expected: number;
  readonly total: Interval;
  readonly days: readonly { readonly expected: number; readonly interval: Interval }[];
}

/** How the days scatter around a model. */
interface Scatter {
  readonly model: RateModel;
  /** Of each day, what multiplied its mean, once the scatter of counting is taken out; around 1. */
  readonly factors: readonly number[];
  /** Of how many free days' worth the scatter is known: few where one weekday has most of the counts. */
  readonly freedom: number;
}

/**
 * Predictive distribution of the counts of `ahead`. Each draw takes a model by its evidence, a slope, a level for each class of
 * weekdays (from days drawn anew, and from the scatter of counting), and for each day ahead one of the days' factors, then counts.
 */
export function predict(days: readonly DayOfCounts[], ahead: readonly DayAhead[]): Predicted {
  const random = draws(seedOf(days.flatMap(({ index, count }) => [index, count])));
  const scatters = rateModels(days).map((model) => scatterOf(days, model));
  const chances = cumulated(scatters.map(({ model }) => model.evidence));
  const totals = new Float64Array(DRAWS);
  const each = ahead.map(() => new Float64Array(DRAWS));
  for (let draw = 0; draw < DRAWS; draw++) {
    const at = random.uniform();
    const means = drawMeans(scatters[chances.findIndex((chance) => at < chance)], days, ahead, random);
    for (const [index, mean] of means.entries()) {
      const count = random.poisson(mean);
      each[index][draw] = count;
      totals[draw] += count;
    }
  }
  const total = middleCounts(totals, LEVEL);
  return {
    expected: totals[DRAWS / 2],
    total,
    days: each.map((values) => {
      const interval = middleCounts(values, LEVEL);
      return { expected: values[DRAWS / 2], interval };
    }),
  };
}

/** Shares of the models by their evidence, added up; the last is above every number below 1. */
function cumulated(evidence: readonly number[]): readonly number[] {
  const most = Math.max(...evidence);
  const weights = evidence.map((one) => Math.exp(one - most));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return weights.map((weight, index) => {
    sum += weight / all;
    return index === weights.length - 1 ? 2 : sum;
  });
}

function scatterOf(days: readonly DayOfCounts[], model: RateModel): Scatter {
  const means = fitted(days, model, model.slope);
  const told = days.flatMap(({ count }, at) => (means[at] > 0 ? [{ ratio: count / means[at], mean: means[at] }] : []));
  if (told.length === 0) return { model, factors: [1], freedom: 1 };
  const classes = model.counts.filter((count) => count > 0).length + (model.slopeDeviation > 0 ? 1 : 0);
  const freedom = Math.max(1, told.length - classes);
  // Of the ratios' variance, what Poisson's share of it leaves, weighted by what each day can tell.
  const weigh = (of: (day: { ratio: number; mean: number }) => number): number =>
    told.reduce((sum, day) => sum + of(day), 0);
  const squares = weigh(({ ratio, mean }) => mean * (ratio - 1) ** 2) / freedom;
  const own = Math.max(0, squares - 1) / (weigh(({ mean }) => mean) / told.length);
  const stretch = Math.sqrt(told.length / freedom);
  return {
    model,
    freedom: freedomOf(model),
    factors: told.map(({ ratio, mean }) => {
      const kept = own === 0 ? 0 : Math.sqrt(own / (own + 1 / mean));
      return Math.max(0, 1 + (ratio - 1) * kept * stretch);
    }),
  };
}

/** By Welch and Satterthwaite, with each class of weekdays weighted by its counts. */
function freedomOf({ counts, days }: RateModel): number {
  const terms = counts.flatMap((count, group) => {
    const free = days[group] - 1;
    return count > 0 && free > 0 ? [{ weight: (free * count) / days[group], free }] : [];
  });
  const sum = terms.reduce((total, { weight }) => total + weight, 0);
  return sum === 0 ? 1 : sum ** 2 / terms.reduce((total, { weight, free }) => total + weight ** 2 / free, 0);
}

function drawMeans(
  { model, factors, freedom }: Scatter,
  days: readonly DayOfCounts[],
  ahead: readonly DayAhead[],
  random: Draws,
): readonly number[] {
  const slope = model.slope + (model.slopeDeviation > 0 ? model.slopeDeviation * random.normal() : 0);
  const shapes = model.counts.map(() => 0);
  for (const { index, weekday } of days) shapes[model.classOf[weekday]] += Math.exp(slope * (index - model.centre));
  // How wide the days scatter is itself known from few of them.
  const stretch = Math.min(WIDEST, Math.sqrt(freedom / (2 * random.gamma(freedom / 2))));
  const drawFactor = (): number => Math.max(0, 1 + (factors[random.below(factors.length)] - 1) * stretch);
  const prior = 0.5 / model.counts.length;
  const levels = model.counts.map((count, group) => {
    let factor = 0;
    for (let day = 0; day < model.days[group]; day++) factor += drawFactor();
    return ((random.gamma(count + prior) / shapes[group]) * factor) / model.days[group];
  });
  return ahead.map(({ index, weekday }) => {
    return levels[model.classOf[weekday]] * Math.exp(slope * (index - model.centre)) * drawFactor();
  });
}
