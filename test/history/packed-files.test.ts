// Whether a packed file is whole: what stands behind it as an end of line takes nothing away, and what is cut off is told.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { whyCutOff } from '../../src/history/stores/packed-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-packed-'));
afterAll(() => rmSync(folder, { recursive: true }));

const packed = gzipSync('{"EventID": 1}\n'.repeat(1000));

it.each([
  ['whole', packed, true],
  ['whole, with the end of a line behind it', Buffer.concat([packed, Buffer.from('\n')]), true],
  ['whole, with blanks and ends of lines behind it', Buffer.concat([packed, Buffer.from(' \r\n\n')]), true],
  ['of two members', Buffer.concat([packed, packed]), true],
  ['cut off', packed.subarray(0, packed.length >> 1), false],
  ['cut off, with the end of a line behind it', Buffer.concat([packed.subarray(0, -5), Buffer.from('\n')]), false],
  ['whole, with the beginning of another member', Buffer.concat([packed, packed.subarray(0, 30)]), false],
  ['ends of lines alone', Buffer.from('\n\n'), false],
])('a file that is %s', async (name, bytes, isWhole) => {
  const path = join(folder, `${name.replace(/\W/g, '-')}.json.gz`);
  writeFileSync(path, bytes);
  expect((await whyCutOff(path)) === undefined).toBe(isWhole);
});
