// Whether a packed file is whole: one that was cut off is taken for one that ends there, and what is left of it is counted.

import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** Why what is packed by gzip cannot be read to its end; undefined where it can, or is not packed so. It is unpacked once, and kept nowhere. */
export async function whyCutOff(path: string): Promise<string | undefined> {
  if (!/\.gz$/i.test(path)) return undefined;
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), createGunzip({ chunkSize: 1 << 20 }), nowhere);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
