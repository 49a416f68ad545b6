// Writes an event log of a given size whose chunks are all different, for evtx.mjs: events, types and value lengths as real Security and Sysmon logs have them.
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';

const USAGE = 'usage: node bench/make-evtx.mjs LOG MEGABYTES [SEED]';
const FILE_HEADER = 4096;
const CHUNK = 65_536;
const CHUNK_HEADER = 512;
/** The header of a file has 16 bits for the count of its chunks. */
const MOST_CHUNKS = 65_535;

const [path, megabytes, seed = '1'] = process.argv.slice(2);
const count = Math.min(MOST_CHUNKS, Math.floor((Number(megabytes) * 1e6 - FILE_HEADER) / CHUNK));
if (path === undefined || !(count > 0) || !Number.isInteger(Number(seed))) {
  console.error(USAGE);
  process.exit(2);
}
const built = mkdtempSync(join(tmpdir(), 'winnow-'));
try {
  await build({
    config: false,
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    entry: { log: 'fixtures/logs/seeded-log.ts', writer: 'fixtures/logs/evtx-writer.ts' },
    outDir: built,
    dts: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    outExtensions: () => ({ js: '.mjs' }),
  });
  const { seededChunks } = await import(join(built, 'log.mjs'));
  const { fileHeader } = await import(join(built, 'writer.mjs'));
  write(seededChunks(Number(seed), count), fileHeader);
} finally {
  rmSync(built, { recursive: true, force: true });
}

function write(chunks, fileHeader) {
  const file = openSync(path, 'w');
  const distinct = new Set();
  let at = FILE_HEADER;
  let last = 0n;
  for (const chunk of chunks) {
    distinct.add(createHash('sha1').update(chunk.subarray(CHUNK_HEADER)).digest('latin1'));
    last = new DataView(chunk.buffer).getBigUint64(32, true);
    writeSync(file, chunk, 0, chunk.length, at);
    at += CHUNK;
  }
  writeSync(file, fileHeader(count, last + 1n), 0, FILE_HEADER, 0);
  closeSync(file);
  console.log(
    `${path}: ${at} bytes, ${count} chunks, ${distinct.size} of them distinct, ${last} records, seed ${seed}`,
  );
}
