// Logs that are packed: one in gzip, or the members of a zip archive.

import { configure, type FileEntry, Reader, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js';
import type { ByteSource } from '../bytes/source.ts';
import type { ByteStream } from './log-input.ts';
import type { LogReport } from './log-report.ts';

configure({ useWebWorkers: false });

/** What gzip packed. An error in it is thrown where it is met, as what the stream throws. */
export async function* gunzipped(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new DecompressionStream('gzip');
  const writer = writable.getWriter();
  const filled = (async () => {
    // A block may be written over as soon as the next one is asked for.
    for await (const block of blocks) await writer.write(block.slice());
    await writer.close();
  })();
  filled.catch((error) => writer.abort(error).catch(() => {}));
  yield* partsOf(readable);
  await filled;
}

/** What is read out of an archive at any place. */
class SourceReader extends Reader<ByteSource> {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super(source);
    this.#source = source;
    this.size = source.size;
  }

  override async readUint8Array(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.#source.size - offset)));
    return bytes.subarray(0, this.#source.readAt(offset, bytes));
  }
}

/** The members of a zip archive that are files, by their names; what cannot be unpacked is told to `report`. */
export async function* membersOf(archive: ByteSource, report: LogReport): AsyncGenerator<ByteStream> {
  // No member is written anywhere: a name that climbs out is a name.
  const reader = new ZipReader(new SourceReader(archive), { filenameValidation: 'tolerant' });
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (entry.directory) continue;
      const name = `${archive.name}!${entry.filename}`;
      if (entry.encrypted) {
        report.refuse(name, 'it is encrypted; unpack the archive with its password first');
        continue;
      }
      yield { name, blocks: unpacked(entry) };
    }
  } catch (error) {
    report.refuse(archive.name, `it is no whole zip archive (${(error as Error).message}); unpack what it holds first`);
  } finally {
    await reader.close();
  }
}

async function* unpacked(entry: FileEntry): AsyncGenerator<Uint8Array> {
  let fail: (error: unknown) => void = () => {};
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => {
      fail = (error) => controller.error(error);
    },
  });
  const filled = entry.getData(writable);
  // What fails before it writes anything leaves the stream open, and who reads it would wait for ever.
  filled.catch(fail);
  yield* partsOf(readable);
  await filled;
}

/** Bytes that are given at a time: what unpacks gives little ones, and each costs what reads lines a look. */
const PART = 1 << 18;

async function* partsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let part = new Uint8Array(PART);
  let length = 0;
  let failure: { readonly error: unknown } | undefined;
  try {
    for (;;) {
      let block: Uint8Array | undefined;
      try {
        block = (await reader.read()).value;
      } catch (error) {
        failure = { error };
      }
      // What came before a fault is given before it.
      if (length > 0 && (!block || length + block.length > PART)) {
        yield part.subarray(0, length);
        part = new Uint8Array(PART);
        length = 0;
      }
      if (failure) throw failure.error;
      if (!block) return;
      if (block.length >= PART) yield block;
      else {
        part.set(block, length);
        length += block.length;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
