// A stretch of a function's code.

/** RVAs [begin, end). */
export interface Part {
  readonly begin: number;
  readonly end: number;
}

/** Whether an RVA lies in one of some parts, which are ascending and apart. */
export function liesIn(parts: readonly Part[], rva: number): boolean {
  let low = 0;
  let high = parts.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (parts[middle].begin > rva) high = middle - 1;
    else if (parts[middle].end <= rva) low = middle + 1;
    else return true;
  }
  return false;
}
