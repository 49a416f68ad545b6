// By how much EVEX scales an eight-bit displacement: the tuple type of each opcode (Intel SDM volume 2, section 2.7.5).

/** How the bytes that a memory operand has follow from the vector length and EVEX.W. */
const KINDS = {
  /** The whole vector, or one element where it is broadcast. */
  full: 0,
  half: 1,
  quarter: 2,
  eighth: 3,
  /** 4 or 8 by EVEX.W. */
  element: 4,
  /** The whole vector with EVEX.W, half of it without. */
  halfByW: 5,
  /** movddup. */
  duplicate: 6,
  /** 1 or 2 by EVEX.W. */
  small: 7,
  bytes2: 8,
  bytes4: 9,
  bytes8: 10,
  bytes16: 11,
  bytes1: 12,
} as const;
/** The elements that are broadcast have two bytes (16-bit floats). */
const BROADCAST_2 = 0x80;

/** Opcodes by map and mandatory prefix (0 none, 1 66, 2 F3, 3 F2); the ones left out are `full`. */
const OPCODES: Readonly<Record<Exclude<keyof typeof KINDS, 'full'>, Readonly<Record<string, string>>>> = {
  half: {
    '1.0': '12 13 16 17 5a',
    '1.1': '12 13 16 17 d6',
    '1.2': '7e',
    '2.1': '13 1b 20 23 25 30 33 35 5b',
    '2.2': '10 13 15 20 23 25 30 33 35',
    '3.1': '1a 1b 1d 3a 3b',
    '5.0': '78 79',
    '5.1': '5b',
    '5.2': '5b',
    '6.1': '13',
  },
  quarter: {
    '2.1': '21 24 31 34',
    '2.2': '11 14 21 24 31 34',
    '2.3': '52 53 9a aa',
    '3.1': '17 21',
    '5.0': '5a',
    '5.1': '78 79 7a 7b',
  },
  eighth: { '1.1': 'c4', '2.1': '22 32', '2.2': '12 22 32', '3.1': '15', '5.1': '6e 7e' },
  element: {
    '1.0': '2e 2f',
    '1.1': '2e 2f 6e 7e',
    '1.2': '10 11 2a 51 58 59 5a 5c 5d 5e 5f 7b c2',
    '1.3': '10 11 2a 51 58 59 5a 5c 5d 5e 5f 7b c2',
    '2.1': '18 2d 43 4d 4f 58 88 89 8a 8b 99 9b 9d 9f a9 ab ad af b9 bb bd bf cb cd',
    '3.1': '0a 0b 16 22 27 51 55 57 67',
    '5.0': '1d',
    '5.2': '2a 7b',
    '5.3': '5a',
    '6.2': '57 d7',
    '6.3': '57 d7',
  },
  halfByW: { '1.1': '78 79 7a 7b', '1.2': '7a e6' },
  duplicate: { '1.3': '12' },
  small: { '2.1': '62 63' },
  bytes2: {
    '2.1': '79',
    '3.0': '0a 27 57 67',
    '3.2': 'c2',
    '5.0': '2e 2f',
    '5.2': '10 11 2c 2d 51 58 59 5a 5c 5d 5e 5f 78 79',
    '6.0': '13',
    '6.1': '2d 43 4d 4f 99 9b 9d 9f a9 ab ad af b9 bb bd bf',
  },
  bytes4: { '1.2': '2c 2d 78 79' },
  bytes8: { '1.3': '2c 2d 78 79', '2.1': '19 59' },
  bytes16: { '1.1': 'd1 d2 d3 e1 e2 f1 f2 f3', '2.1': '1a 5a', '2.3': '9b ab', '3.1': '18 19 38 39' },
  bytes1: { '2.1': '78', '3.1': '14 20' },
};
const WORD_BROADCASTS: Readonly<Record<string, string>> = {
  '3.0': '08 26 56 66 c2',
  '5.0': '51 58 59 5a 5c 5d 5e 5f 78 79 7c 7d',
  '5.1': '5b 78 79 7a 7b 7c 7d',
  '5.2': '5b 7d',
  '5.3': '7d',
  '6.1': '13 2c 42 4c 4e 96 97 98 9a 9c 9e a6 a7 a8 aa ac ae b6 b7 b8 ba bc be',
};

/** The tuple type by (map - 1) << 10 | prefix << 8 | opcode. */
export const EVEX_TUPLES = new Uint8Array(6 * 1024);
for (const [kind, rows] of Object.entries(OPCODES)) mark(rows, KINDS[kind as keyof typeof KINDS]);
mark(WORD_BROADCASTS, BROADCAST_2);

function mark(rows: Readonly<Record<string, string>>, bits: number): void {
  for (const [row, opcodes] of Object.entries(rows)) {
    const [map, prefix] = row.split('.').map(Number);
    for (const opcode of opcodes.split(' ')) {
      EVEX_TUPLES[((map - 1) << 10) | (prefix << 8) | Number.parseInt(opcode, 16)] |= bits;
    }
  }
}

/** The factor of an eight-bit displacement; `w` is EVEX.W, `broadcast` EVEX.b, `vectorSize` in bytes. */
export function disp8Scale(tuple: number, w: boolean, broadcast: boolean, vectorSize: number): number {
  const kind = tuple & 15;
  const elements = kind <= KINDS.quarter || kind === KINDS.halfByW;
  if (broadcast && elements) return (tuple & BROADCAST_2) !== 0 ? 2 : w ? 8 : 4;
  switch (kind) {
    case KINDS.full:
      return vectorSize;
    case KINDS.half:
      return vectorSize >> 1;
    case KINDS.quarter:
      return vectorSize >> 2;
    case KINDS.eighth:
      return vectorSize >> 3;
    case KINDS.element:
      return w ? 8 : 4;
    case KINDS.halfByW:
      return w ? vectorSize : vectorSize >> 1;
    case KINDS.duplicate:
      return vectorSize === 16 ? 8 : vectorSize;
    case KINDS.small:
      return w ? 2 : 1;
    case KINDS.bytes2:
      return 2;
    case KINDS.bytes4:
      return 4;
    case KINDS.bytes8:
      return 8;
    case KINDS.bytes16:
      return 16;
    default:
      return 1;
  }
}
