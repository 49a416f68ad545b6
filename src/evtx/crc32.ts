// The CRC-32 of event logs (ISO 3309, polynomial 0xEDB88320), eight bytes a step.

const SLICES = 8;
const TABLE = makeTables();

function makeTables(): Uint32Array {
  const tables = new Uint32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    tables[byte] = crc;
  }
  for (let slice = 1; slice < SLICES; slice++) {
    for (let byte = 0; byte < 256; byte++) {
      const before = tables[(slice - 1) * 256 + byte];
      tables[slice * 256 + byte] = tables[before & 0xff] ^ (before >>> 8);
    }
  }
  return tables;
}

/** CRC-32 of bytes [from, to), continuing from the CRC of what stands before (0: nothing). */
export function crc32(bytes: Uint8Array, from: number, to: number, before = 0): number {
  let crc = ~before;
  let at = from;
  for (; at + 8 <= to; at += 8) {
    const low = crc ^ (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
    crc =
      TABLE[1792 + (low & 0xff)] ^
      TABLE[1536 + ((low >>> 8) & 0xff)] ^
      TABLE[1280 + ((low >>> 16) & 0xff)] ^
      TABLE[1024 + (low >>> 24)] ^
      TABLE[768 + bytes[at + 4]] ^
      TABLE[512 + bytes[at + 5]] ^
      TABLE[256 + bytes[at + 6]] ^
      TABLE[bytes[at + 7]];
  }
  for (; at < to; at++) crc = TABLE[(crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}
