// What is wrong with a dossier: each fault with its file, line and column.

import { WinnowError } from '../../errors.ts';
import type { Position } from '../../rule/condition.ts';

export interface Problem {
  readonly file: string;
  readonly at: Position;
  readonly message: string;
}

export class DossierError extends WinnowError {
  readonly problems: readonly Problem[];

  /** At least one problem. */
  constructor(problems: readonly Problem[]) {
    super('format', problems.map(problemText).join('\n'));
    this.name = 'DossierError';
    this.problems = problems;
  }
}

/** "dossier.yaml:12:5: message". */
export function problemText({ file, at, message }: Problem): string {
  return `${file}:${at.line}:${at.column}: ${message}`;
}
