// A file that is read whole and may be standard input, "-", for commands whose input is small.

import { readSync } from 'node:fs';
import { InputError } from '../errors.ts';
import { LARGEST_FILE, readWholeFile } from './files.ts';

/** Where what is read comes from, for messages: "-" is standard input. */
export function givenName(path: string): string {
  return path === '-' ? 'standard input' : path;
}

/** {@link readWholeFile}, or standard input where the path is "-", at once. */
export function readGiven(path: string, largest = LARGEST_FILE): Uint8Array {
  if (path !== '-') return readWholeFile(path, largest);
  const blocks: Uint8Array[] = [];
  for (let size = 0; ; ) {
    const block = new Uint8Array(1 << 16);
    const got = readStandardInput(block);
    if (got === 0) break;
    size += got;
    if (size > largest) throw new InputError(`standard input is over the limit of ${largest} bytes; give less of it`);
    blocks.push(block.subarray(0, got));
  }
  if (blocks.length === 0) throw new InputError('standard input is empty; give a file, or what - is to be');
  return Buffer.concat(blocks);
}

/** Bytes that were read; 0 at the end. */
function readStandardInput(into: Uint8Array): number {
  for (;;)
    try {
      return readSync(0, into);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw new InputError(`standard input could not be read (${code})`, { cause: error });
      // The writer is not there yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
}
