// Functions that run before the entry point and with every thread: the TLS callbacks (PE format, "The .tls Section").
import { Directory } from './headers.ts';
import type { ImageLayout } from './layout.ts';

/** RVAs of the callbacks of IMAGE_DIRECTORY_ENTRY_TLS, in order; empty when there are none. */
export function readTlsCallbacks(image: ImageLayout): readonly number[] {
  const directory = image.directory(Directory.tls);
  if (directory === undefined) return [];
  // AddressOfCallBacks is the fourth pointer of IMAGE_TLS_DIRECTORY.
  const va = image.readPointer(directory.rva + 3 * image.pointerSize);
  if (va === 0) return [];
  const list = va > 0 ? image.rvaOf(va) : -1;
  if (list < 0) {
    image.note(
      'tls',
      va < 0
        ? 'the directory is outside the file'
        : `the list of callbacks is outside the image (0x${va.toString(16)})`,
    );
    return [];
  }
  const callbacks: number[] = [];
  const most = Math.floor(image.bytesAt(list) / image.pointerSize);
  for (let i = 0; i <= most; i++) {
    const callback = image.readPointer(list + i * image.pointerSize);
    if (callback === 0) return callbacks;
    const rva = callback > 0 ? image.rvaOf(callback) : -1;
    if (rva < 0) {
      image.note('tls', `callback ${i} is outside the image; the list ends there`);
      return callbacks;
    }
    callbacks.push(rva);
  }
  image.note('tls', 'the list of callbacks has no end');
  return callbacks;
}
