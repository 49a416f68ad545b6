// What daily counts say of the days to come: a level for each class of weekdays, a trend, and how much the days scatter around both.

/** A day with its count. */
export interface DayOfCounts {
  /** Days since some first one. */
  readonly index: number;
  /** 0 is Monday. */
  readonly weekday: number;
  readonly count: number;
}

/** Which weekdays share one level. */
export type Grouping = 'all days alike' | 'workdays and weekend' | 'each weekday';

const GROUPS: Readonly<Record<Grouping, readonly number[]>> = {
  'all days alike': [0, 0, 0, 0, 0, 0, 0],
  'workdays and weekend': [0, 0, 0, 0, 0, 1, 1],
  'each weekday': [0, 1, 2, 3, 4, 5, 6],
};

export interface RateModel {
  readonly grouping: Grouping;
  /** The class of each weekday. */
  readonly classOf: readonly number[];
  /** Sum of counts, and days, of each class. */
  readonly counts: readonly number[];
  readonly days: readonly number[];
  /** Change of the mean's logarithm a day, its deviation; 0 without a trend. */
  readonly slope: number;
  readonly slopeDeviation: number;
  /** The day at which the levels hold. */
  readonly centre: number;
  /** Logarithm of how well it explains the counts, less what its parameters cost. */
  readonly evidence: number;
}

/** Half of all trends are below a change by 1.4 % a day: a prior that leaves a month's doubling possible. */
const SLOPE_DEVIATION = 0.025;
/** Before any count is seen, one series in five has a trend. */
const TREND_ODDS = Math.log(0.3 / 0.7);

/** Every model that the days can tell apart; at least one day is needed. */
export function rateModels(days: readonly DayOfCounts[]): readonly RateModel[] {
  const groupings = (Object.keys(GROUPS) as Grouping[]).filter((grouping) => isTold(days, GROUPS[grouping]));
  const fits = groupings.map((grouping) => levels(days, grouping));
  const scatter = leastScatter(days, fits[fits.length - 1]);
  return fits.flatMap((fit) => {
    const evidence = likelihood(days, fit, 0) / scatter - (Math.log(days.length) * fit.counts.length) / 2;
    const level: RateModel = { ...fit, evidence };
    const trend = withTrend(days, level, scatter);
    return trend ? [level, trend] : [level];
  });
}

/** Two days of each class at least. */
function isTold(days: readonly DayOfCounts[], classOf: readonly number[]): boolean {
  const seen = new Array<number>(Math.max(...classOf) + 1).fill(0);
  for (const { weekday } of days) seen[classOf[weekday]]++;
  return seen.length === 1 || seen.every((count) => count >= 2);
}

function levels(days: readonly DayOfCounts[], grouping: Grouping): RateModel {
  const classOf = GROUPS[grouping];
  const [counts, sizes] = [0, 0].map(() => new Array<number>(Math.max(...classOf) + 1).fill(0));
  for (const { weekday, count } of days) {
    counts[classOf[weekday]] += count;
    sizes[classOf[weekday]]++;
  }
  const centre = days.reduce((sum, { index }) => sum + index, 0) / days.length;
  return { grouping, classOf, counts, days: sizes, slope: 0, slopeDeviation: 0, centre, evidence: 0 };
}

/** What a day's mean is by the model, at a slope; each class keeps its sum of counts. */
export function fitted(days: readonly DayOfCounts[], model: RateModel, slope: number): readonly number[] {
  const shape = days.map(({ index }) => Math.exp(slope * (index - model.centre)));
  const sums = model.counts.map(() => 0);
  for (const [at, { weekday }] of days.entries()) sums[model.classOf[weekday]] += shape[at];
  return days.map(({ weekday }, at) => {
    const group = model.classOf[weekday];
    return (model.counts[group] * shape[at]) / sums[group];
  });
}

function likelihood(days: readonly DayOfCounts[], model: RateModel, slope: number): number {
  const means = fitted(days, model, slope);
  return days.reduce((sum, { count }, at) => sum + (count > 0 ? count * Math.log(means[at]) : 0) - means[at], 0);
}

/** The scatter beyond Poisson's that the richest model leaves, with a trend or without: what makes all likelihoods comparable. */
function leastScatter(days: readonly DayOfCounts[], richest: RateModel): number {
  const level = Math.max(1, scatterOf(days, richest));
  const trend = withTrend(days, richest, level);
  return trend ? Math.max(1, Math.min(level, scatterOf(days, trend))) : level;
}

function scatterOf(days: readonly DayOfCounts[], model: RateModel): number {
  const means = fitted(days, model, model.slope);
  const squares = days.reduce(
    (sum, { count }, at) => sum + (means[at] > 0 ? (count - means[at]) ** 2 / means[at] : 0),
    0,
  );
  return squares / Math.max(1, days.length - model.counts.length - (model.slope === 0 ? 0 : 1));
}

/** The slope of highest posterior density, by Newton's steps; its evidence by Laplace's approximation. */
function withTrend(days: readonly DayOfCounts[], level: RateModel, scatter: number): RateModel | undefined {
  const prior = 1 / SLOPE_DEVIATION ** 2;
  let slope = 0;
  let precision = prior;
  for (let step = 0; step < 30; step++) {
    const { first, second } = slopeDerivatives(days, level, slope);
    precision = second / scatter + prior;
    const change = (first / scatter - slope * prior) / precision;
    slope += Math.max(-0.05, Math.min(0.05, change));
    if (Math.abs(change) < 1e-9) break;
  }
  const gain = (likelihood(days, level, slope) - likelihood(days, level, 0)) / scatter;
  const evidence = level.evidence + gain - (slope * slope * prior) / 2 + Math.log(prior / precision) / 2 + TREND_ODDS;
  return Number.isFinite(evidence)
    ? { ...level, slope, slopeDeviation: 1 / Math.sqrt(precision), evidence }
    : undefined;
}

/** Of the log likelihood by the slope, with each class's sum kept: the second with its sign turned. */
function slopeDerivatives(
  days: readonly DayOfCounts[],
  model: RateModel,
  slope: number,
): { readonly first: number; readonly second: number } {
  const means = fitted(days, model, slope);
  const [zeroth, one, two] = [0, 0, 0].map(() => model.counts.map(() => 0));
  let first = 0;
  for (const [at, { index, weekday, count }] of days.entries()) {
    const group = model.classOf[weekday];
    const x = index - model.centre;
    first += (count - means[at]) * x;
    zeroth[group] += means[at];
    one[group] += means[at] * x;
    two[group] += means[at] * x * x;
  }
  const second = zeroth.reduce((sum, mass, group) => sum + (mass > 0 ? two[group] - one[group] ** 2 / mass : 0), 0);
  return { first, second };
}
