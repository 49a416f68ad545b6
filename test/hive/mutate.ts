// Hives as an attacker or a bad disk would leave them: seeded changes to a whole one, many of them where offsets, counts and sizes stand.
import { sealHive } from '../../fixtures/hives/hive-writer.ts';

/** Numbers that lengths and offsets like to be wrong by. */
const BAD = [
  0, 1, 4, 7, 0x20, 0x7f, 0xff, 0x1000, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff,
];

/** A changed copy. `records`: offsets in the file of the bytes of cells. */
export function mutate(hive: Uint8Array, records: readonly number[], random: () => number): Uint8Array {
  const bytes = hive.slice();
  const view = new DataView(bytes.buffer);
  const any = (below: number): number => Math.floor(random() * below);
  const record = (): number => records[any(records.length)];
  for (let left = 1 + any(6); left > 0; left--) {
    // A field of a record, or any place.
    const at = Math.min(bytes.length - 4, random() < 0.7 ? record() - 4 + any(20) * 4 : any(bytes.length));
    const kind = random();
    if (kind < 0.25) bytes[at] = any(256);
    else if (kind < 0.4) view.setUint32(at, BAD[any(BAD.length)], true);
    else if (kind < 0.5) view.setUint16(at, BAD[any(BAD.length)], true);
    // Where another record is: lists that lead back, cells of another kind, one record twice.
    else if (kind < 0.8) view.setUint32(at, record() - 4 - 4096, true);
    else if (kind < 0.9) bytes.copyWithin(at, record(), record() + 24);
    else if (kind < 0.95) bytes.fill(any(256), at, at + any(600));
    else view.setUint32(at, -view.getInt32(at, true), true);
  }
  if (random() < 0.7) sealHive(bytes);
  return random() < 0.1 ? bytes.subarray(0, any(bytes.length)) : bytes;
}

/** Where the bytes of the cells in use begin, in the file. */
export function recordsOf(hive: Uint8Array): number[] {
  const view = new DataView(hive.buffer, hive.byteOffset);
  const records: number[] = [];
  for (let bin = 4096; bin < hive.length; bin += view.getUint32(bin + 8, true)) {
    const end = bin + view.getUint32(bin + 8, true);
    for (let at = bin + 32; at < end; at += Math.abs(view.getInt32(at, true)))
      if (view.getInt32(at, true) < 0) records.push(at + 4);
  }
  return records;
}
