// Ascending lists of numbers: put together, and searched.

/** Two ascending lists as one, each member once. */
export function merged(a: readonly number[], b: readonly number[]): readonly number[] {
  const both: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      both.push(a[i++]);
      j++;
    } else both.push(a[i] < b[j] ? a[i++] : b[j++]);
  }
  while (i < a.length) both.push(a[i++]);
  while (j < b.length) both.push(b[j++]);
  return both;
}

/** Index of the first of `count` elements that is not below `value`. */
export function firstAtLeast(ascending: ArrayLike<number>, value: number, count: number = ascending.length): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
