// Quantiles of counts, between two of them by their distance (Hyndman and Fan's type 7, as DuckDB's quantile_cont and NumPy).

/** Both ends are within. */
export type Interval = readonly [low: number, high: number];

/** Of values in ascending order, at least one. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

/** The values between which the middle `level` of the draws lies. Sorts them. */
export function middle(values: Float64Array, level: number): Interval {
  values.sort();
  return [quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)];
}

/** As `middle`, of counts: whole numbers that hold at least `level` of the draws. Sorts them. */
export function middleCounts(values: Float64Array, level: number): Interval {
  values.sort();
  const last = values.length - 1;
  const tail = (1 - level) / 2;
  return [values[Math.floor(tail * last)], values[Math.ceil((1 - tail) * last)]];
}

/** Three digits behind the point: more is noise, and the same on every machine. */
export function rounded(number: number): number {
  return Math.round(number * 1000) / 1000;
}
