// Text of Windows' single-byte code page (1252), in which event logs hold ANSI strings; zero bytes are left out.

const DECODER = new TextDecoder('windows-1252');

export function ansiText(bytes: Uint8Array, from: number, end: number): string {
  return DECODER.decode(bytes.subarray(from, end)).replaceAll('\0', '');
}
