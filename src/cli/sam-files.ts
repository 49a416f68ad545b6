// A SAM hive from a path, with the transaction logs that stand beside it.

import { type LogFile, type OpenSam, openSam } from '../accounts/sam-read.ts';
import { InputError } from '../errors.ts';
import { fileName, filesBeside, readWholeFile } from './files.ts';
import { type Face, plain } from './print.ts';

/** Transaction logs, as Windows names them beside a hive. */
const LOG_SUFFIXES = ['.LOG1', '.LOG2', '.LOG'];

/** A log that cannot be read is told on stderr. Throws InputError, and FormatError where it is no hive, or no SAM. */
export function readSamFile(path: string, face: Face): OpenSam {
  const logs: LogFile[] = [];
  const bytes = readWholeFile(path);
  for (const log of filesBeside(path, LOG_SUFFIXES)) {
    try {
      logs.push({ name: fileName(log), bytes: readWholeFile(log) });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      face.err(`winnow: ${plain(error.message)}\n`);
    }
  }
  return openSam(bytes, path, logs);
}
