// The failure of one record: its binary XML is not what it should be. The others of its chunk are read all the same.

import { WinnowError } from '../errors.ts';

/** Binary XML that cannot be read; `offset` is the place in the chunk, in bytes. */
export class BinXmlError extends WinnowError {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super('format', `${message} at 0x${offset.toString(16)} of the chunk`);
    this.name = 'BinXmlError';
    this.offset = offset;
  }
}
