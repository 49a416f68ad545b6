// A rule's text that cannot be read: what was expected, and at which line and column.

import { WinnowError } from '../../errors.ts';
import type { Position } from '../condition.ts';

/** `message` says what was found and what was expected, without the place. */
export class RuleError extends WinnowError {
  readonly at: Position | undefined;

  /** `unsupported`: it is understood, and cannot be done. */
  constructor(
    message: string,
    at?: Position,
    options?: { readonly cause?: unknown; readonly kind?: 'format' | 'unsupported' },
  ) {
    super(options?.kind ?? 'format', message, options);
    this.name = 'RuleError';
    this.at = at;
  }
}

/** "rule.yml:12:5: message", for a terminal. */
export function ruleErrorText(file: string, { message, at }: RuleError): string {
  return `${file}${at ? `:${at.line}:${at.column}` : ''}: ${message}`;
}

/** The same error, at a place where it has none of its own. */
export function placed(error: unknown, at: Position | undefined): unknown {
  if (error instanceof RuleError && error.at) return error;
  if (!(error instanceof WinnowError)) return error;
  return new RuleError(error.message, at, {
    cause: error,
    kind: error.kind === 'unsupported' ? 'unsupported' : 'format',
  });
}
