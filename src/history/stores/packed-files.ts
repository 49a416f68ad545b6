// Whether a packed file is whole: one that was cut off is taken for one that ends there, and what is left of it is counted.

import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** Why what is packed by gzip cannot be read to its end; undefined where it can, or is not packed so. It is unpacked once, and kept nowhere. */
export async function whyCutOff(path: string): Promise<string | undefined> {
  if (!/\.gz$/i.test(path)) return undefined;
  const why = await whyNotUnpacked(path, Number.POSITIVE_INFINITY);
  if (why === undefined) return undefined;
  // A blank or the end of a line behind what is packed, as text tools leave it, is taken for the beginning of more.
  const end = endWithoutBlanks(path);
  return end !== undefined && (await whyNotUnpacked(path, end)) === undefined ? undefined : why;
}

/** Of the bytes before `end`. */
async function whyNotUnpacked(path: string, end: number): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    const packed = createReadStream(path, { highWaterMark: 1 << 20, end: end - 1 });
    await pipeline(packed, createGunzip({ chunkSize: 1 << 20 }), nowhere);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Blanks behind a file that are looked at. */
const MOST_BLANKS = 64;

/** Where the blanks and ends of lines begin that a file ends with; undefined where it ends with none, or with nothing else. */
function endWithoutBlanks(path: string): number | undefined {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const start = Math.max(0, size - MOST_BLANKS);
    const last = Buffer.alloc(size - start);
    readSync(file, last, 0, last.length, start);
    const kept = last.toString('latin1').replace(/[\r\n ]+$/, '').length;
    return kept === last.length || kept === 0 ? undefined : start + kept;
  } finally {
    closeSync(file);
  }
}
