// How much is worked out on behalf of one call site: little at first, more where that did not tell the program or came to a limit.

export interface Effort {
  /** Answers that are worked out for one question: a hard one must not leave nothing for the others. */
  readonly question: number;
  /** Values that are worked out to answer one question to a callee, with all that it calls. */
  readonly callee: number;
  /** Values that callees work out on behalf of one call site. */
  readonly site: number;
  /** Whether what a callee writes is also looked for through pointers in objects that are none of the caller's frame. */
  readonly objects: boolean;
}

export const FIRST: Effort = { question: 2500, callee: 250, site: 2000, objects: false };
/** For what was asked in vain. */
export const SECOND: Effort = { question: 2500, callee: 4000, site: 16_000, objects: true };
/** For what came to the limit of one question. */
export const PATIENT: Effort = { ...SECOND, question: 10_000 };
