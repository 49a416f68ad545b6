// A GUID as Windows writes it: three little-endian numbers, then eight bytes in order.

const hex = (value: number): string => value.toString(16).padStart(2, '0');

/** The 16 bytes at `offset` as "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" in lower case; undefined when they are not all there. */
export function guidAt(bytes: Uint8Array, offset: number): string | undefined {
  if (!(offset >= 0 && offset + 16 <= bytes.length)) return undefined;
  const order = [3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15];
  return order.map((at) => (at < 0 ? '-' : hex(bytes[offset + at]))).join('');
}
