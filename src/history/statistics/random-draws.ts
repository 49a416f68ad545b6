// Random draws that are the same for the same seed, so that the same counts give the same intervals to the byte.

export interface Draws {
  /** In [0, 1). */
  uniform(): number;
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
  /** Of mean 0 and deviation 1. */
  normal(): number;
  /** Of mean and variance `shape`; 0 for a shape of 0. */
  gamma(shape: number): number;
  /** A count; of large means by the normal distribution. */
  poisson(mean: number): number;
}

/** Above this mean a Poisson count is drawn as a normal one: its quantiles differ by less than one. */
const NORMAL_FROM = 60;

/** By mulberry32; gamma by Marsaglia and Tsang (2000). */
export function draws(seed: number): Draws {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const gamma = (shape: number): number => {
    if (shape <= 0) return 0;
    if (shape < 1) return gamma(shape + 1) * (1 - uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const poisson = (mean: number): number => {
    if (mean > NORMAL_FROM) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = 1 - uniform(); product > limit; product *= 1 - uniform()) count++;
    return count;
  };
  return { uniform, below: (count) => Math.floor(uniform() * count), normal, gamma, poisson };
}

/** FNV-1a over numbers: a seed that depends on what is counted alone. */
export function seedOf(numbers: Iterable<number>): number {
  let hash = 0x811c9dc5;
  for (const number of numbers)
    for (const part of [number >>> 0, Math.floor(number / 4_294_967_296) >>> 0])
      for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((part >>> shift) & 0xff), 0x01000193);
  return hash >>> 0;
}
