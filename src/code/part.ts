// A stretch of a function's code.

/** RVAs [begin, end). */
export interface Part {
  readonly begin: number;
  readonly end: number;
}
