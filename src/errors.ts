// The few kinds of failure Winnow knows, and the Note: something that was read, but with doubt.

/** The kinds of {@link WinnowError}; the command line turns each into an exit code. */
export type ErrorKind = 'format' | 'usage' | 'unsupported' | 'input';

/** Base of every error that Winnow throws on purpose. `message` is one line, fit to be shown to a user. */
export class WinnowError extends Error {
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
    this.name = 'WinnowError';
  }
}

/** The bytes are not what they were said to be, and nothing of them can be answered (not a PE at all). Exit code 3. */
export class FormatError extends WinnowError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('format', message, options);
    this.name = 'FormatError';
  }
}

/** The caller asked for something that cannot be asked. Exit code 2. */
export class UsageError extends WinnowError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('usage', message, options);
    this.name = 'UsageError';
  }
}

/** A language or format has no way to say what was asked of it; never a silently weaker answer. Exit code 2. */
export class UnsupportedError extends WinnowError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('unsupported', message, options);
    this.name = 'UnsupportedError';
  }
}

/** An input could not be read (absent, a folder, no rights). Exit code 3. */
export class InputError extends WinnowError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('input', message, options);
    this.name = 'InputError';
  }
}

/** Something that was read with doubt, or left out: it travels with the result it belongs to. */
export interface Note {
  /** What the doubt is about: a directory's name ("delay import"), a module's name, a step. */
  readonly about: string;
  /** One sentence for a person, with the place (RVA, offset) where there is one. */
  readonly text: string;
}
