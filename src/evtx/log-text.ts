// Text out of an event log: UTF-16, and Windows' single-byte code page (1252) for ANSI strings.

const ANSI = new TextDecoder('windows-1252');
const UTF16 = new TextDecoder('utf-16le', { ignoreBOM: true });
/** Units that are put together at once; engines bound the number of arguments. */
const RUN = 4096;

/** UTF-16LE units in [from, end). A surrogate without its other half is U+FFFD. */
export function utf16Text(bytes: Uint8Array, from: number, end: number): string {
  if (end - from > RUN) return UTF16.decode(bytes.subarray(from, end));
  const units: number[] = [];
  let plain = true;
  for (let at = from; at + 1 < end; at += 2) {
    const unit = bytes[at] | (bytes[at + 1] << 8);
    if ((unit & 0xf800) === 0xd800) plain = false;
    units.push(unit);
  }
  return plain ? String.fromCharCode.apply(null, units) : UTF16.decode(bytes.subarray(from, end));
}

/** Text of code page 1252; zero bytes are left out. */
export function ansiText(bytes: Uint8Array, from: number, end: number): string {
  return ANSI.decode(bytes.subarray(from, end)).replaceAll('\0', '');
}
