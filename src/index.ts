// Table of contents of the library: each mission and reader has a door of its own.
export * from './children/index.ts';
export { FormatError, InputError, type Note, UnsupportedError, UsageError, WinnowError } from './errors.ts';
