// Where the parts of one instruction's encoding stand: prefixes, opcode map, opcode, ModRM; for naming what the listing groups together.

/** The parts of an x86 or x64 encoding (Intel SDM volume 2, chapter 2). */
export interface Encoding {
  readonly lock: boolean;
  /** 0 none, 0x66, 0xf2, 0xf3: the legacy prefix, or the one that VEX and EVEX imply. */
  readonly prefix: number;
  /** REX.W, VEX.W or EVEX.W. */
  readonly wide: boolean;
  /** A REX prefix is there, so that byte registers 4 to 7 are spl, bpl, sil and dil. */
  readonly rex: boolean;
  readonly vector: 'none' | 'vex' | 'evex' | 'xop';
  /** 1 one byte, 2 behind 0F, 3 behind 0F 38, 4 behind 0F 3A; the map's own number + 1 for VEX and EVEX. */
  readonly map: number;
  readonly opcode: number;
  /** The byte behind the opcode, which is the ModRM byte where the opcode has one. */
  readonly modrm: number;
}

/** Reads the parts of the instruction at file offset `at`. Bytes past the end read as zero. */
export function readEncoding(bytes: Uint8Array, at: number, mode: 32 | 64): Encoding {
  const byte = (i: number): number => bytes[i] ?? 0;
  let p = at;
  let lock = false;
  let narrow = false;
  let repeat = 0;
  for (; p < at + 14; p++) {
    const b = byte(p);
    if (b === 0xf0) lock = true;
    else if (b === 0x66) narrow = true;
    else if (b === 0xf2 || b === 0xf3) repeat = b;
    else if (![0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x67].includes(b)) break;
  }
  let rex = 0;
  if (mode === 64 && (byte(p) & 0xf0) === 0x40) rex = byte(p++);
  const legacy = {
    lock,
    prefix: repeat || (narrow ? 0x66 : 0),
    wide: (rex & 8) !== 0,
    rex: rex !== 0,
    vector: 'none',
  } as const;
  const b = byte(p);
  const next = byte(p + 1);
  const isVector = mode === 64 || next >= 0xc0;
  if (b === 0xc5 && isVector) {
    return extended('vex', 2, PREFIXES[next & 3], false, byte(p + 2), byte(p + 3));
  }
  if (b === 0xc4 && isVector) {
    const last = byte(p + 2);
    return extended('vex', (next & 31) + 1, PREFIXES[last & 3], last >= 0x80, byte(p + 3), byte(p + 4));
  }
  if (b === 0x62 && isVector) {
    const middle = byte(p + 2);
    return extended('evex', (next & 7) + 1, PREFIXES[middle & 3], middle >= 0x80, byte(p + 4), byte(p + 5));
  }
  if (b === 0x8f && (next & 31) >= 8) {
    return extended('xop', (next & 31) + 1, 0, false, byte(p + 3), byte(p + 4));
  }
  if (b !== 0x0f) return { ...legacy, map: 1, opcode: b, modrm: next };
  if (next === 0x38 || next === 0x3a) {
    return { ...legacy, map: next === 0x38 ? 3 : 4, opcode: byte(p + 2), modrm: byte(p + 3) };
  }
  return { ...legacy, map: 2, opcode: next, modrm: byte(p + 2) };
}

/** What the two low bits of a VEX prefix stand for. */
const PREFIXES = [0, 0x66, 0xf3, 0xf2] as const;

function extended(
  vector: Encoding['vector'],
  map: number,
  prefix: number,
  wide: boolean,
  opcode: number,
  modrm: number,
): Encoding {
  return { lock: false, prefix, wide, rex: true, vector, map, opcode, modrm };
}
