// Chunks as an attacker or a bad disk would leave them: seeded changes to a whole one, with checksums that hold again or do not.
import { sealChunk } from '../../fixtures/logs/evtx-writer.ts';

/** Numbers that lengths and offsets like to be wrong by. */
const BAD = [0, 1, 2, 7, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

/** Changes `chunk` in some places among [0, used) and gives what was changed back afterwards. */
export function mutate(chunk: Uint8Array, used: number, random: () => number): () => void {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  const before: [number, number][] = [];
  const place = (): number => Math.floor(random() * used);
  const set = (at: number, byte: number): void => {
    if (at >= chunk.length) return;
    before.push([at, chunk[at]]);
    chunk[at] = byte;
  };
  const header: [number, number][] = [52, 53, 54, 55, 124, 125, 126, 127].map((at) => [at, chunk[at]]);
  for (let left = 1 + Math.floor(random() * 4); left > 0; left--) {
    const at = place();
    const kind = random();
    if (kind < 0.4) set(at, Math.floor(random() * 256));
    else if (kind < 0.6) set(at, chunk[at] ^ (1 << Math.floor(random() * 8)));
    else if (kind < 0.8) {
      const bad = BAD[Math.floor(random() * BAD.length)];
      for (let i = 0; i < 4; i++) set(at + i, (bad >>> (i * 8)) & 0xff);
    } else if (kind < 0.9) {
      const from = place();
      for (let i = 0; i < 32; i++) set(at + i, chunk[(from + i) % chunk.length]);
    } else {
      const offset = place();
      for (let i = 0; i < 4; i++) set(at + i, (offset >>> (i * 8)) & 0xff);
    }
  }
  if (random() < 0.5 && view.getUint32(48, true) <= chunk.length) sealChunk(chunk);
  return () => {
    for (let i = before.length - 1; i >= 0; i--) chunk[before[i][0]] = before[i][1];
    for (const [at, byte] of header) chunk[at] = byte;
  };
}
