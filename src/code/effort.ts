// How much is worked out on behalf of one call site: little at first, more where that did not tell the program.

export interface Effort {
  /** Values that are worked out to answer one question to a callee, with all that it calls. */
  readonly callee: number;
  /** Values that callees work out on behalf of one call site. */
  readonly site: number;
  /** Whether what a callee writes is also looked for through pointers in objects that are none of the caller's frame. */
  readonly objects: boolean;
}

export const FIRST: Effort = { callee: 250, site: 2000, objects: false };
export const SECOND: Effort = { callee: 4000, site: 16_000, objects: true };
