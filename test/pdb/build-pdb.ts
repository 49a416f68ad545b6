// Builds program databases for the tests: an MSF file of given streams, and the DBI stream and symbol records that go into them.

export const GUID = '00112233-4455-6677-8899-aabbccddeeff';
const GUID_BYTES = [0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff];
export const AGE = 3;
const BLOCK = 512;

/** Numbers little-endian in `size` bytes each. */
const numbers = (size: number, ...values: readonly number[]): number[] =>
  values.flatMap((value) => Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) % 256));
export const u16 = (...values: readonly number[]): number[] => numbers(2, ...values);
export const u32 = (...values: readonly number[]): number[] => numbers(4, ...values);
const text = (value: string): number[] => [...Buffer.from(value), 0];
const padded = (bytes: readonly number[], size: number): number[] => [
  ...bytes,
  ...new Array((size - (bytes.length % size)) % size).fill(0),
];

/** An MSF file; the blocks of each stream stand in reverse order. */
export function buildMsf(streams: readonly (readonly number[])[]): Uint8Array {
  const blocks: number[][] = [[], [], []];
  const lists = streams.map((stream) => {
    const cut = Array.from({ length: Math.ceil(stream.length / BLOCK) }, (_, i) =>
      stream.slice(i * BLOCK, (i + 1) * BLOCK),
    );
    const first = blocks.length;
    blocks.push(...cut.toReversed());
    return cut.map((_, i) => first + cut.length - 1 - i);
  });
  const directory = [...u32(streams.length, ...streams.map(({ length }) => length)), ...u32(...lists.flat())];
  const first = blocks.length;
  for (let at = 0; at < directory.length; at += BLOCK) blocks.push(directory.slice(at, at + BLOCK));
  blocks.push(u32(...Array.from({ length: blocks.length - first }, (_, i) => first + i)));
  blocks[0] = [
    ...Buffer.from('Microsoft C/C++ MSF 7.00\r\n\x1aDS\0\0\0', 'latin1'),
    ...u32(BLOCK, 1, blocks.length, directory.length, 0, blocks.length - 1),
  ];
  return Uint8Array.from(
    blocks.flatMap((block) => (block.length === 0 ? new Array(BLOCK).fill(0) : padded(block, BLOCK))),
  );
}

export interface BuiltPdb {
  /** Section headers as {rva, size, code}. */
  readonly sections: readonly { readonly rva: number; readonly size: number; readonly code: boolean }[];
  readonly publics?: readonly number[];
  readonly module?: readonly number[];
  readonly original?: BuiltPdb['sections'];
  readonly omap?: readonly (readonly [from: number, to: number])[];
  readonly dbiAge?: number;
  /** How many modules say that the symbols are theirs. */
  readonly modules?: number;
}

const NONE = 0xffff;

export function buildPdb(built: BuiltPdb): Uint8Array {
  const { sections, publics = [], module = [], original, omap, dbiAge = AGE } = built;
  const headers = (all: BuiltPdb['sections'] = []): number[] =>
    all.flatMap(({ rva, size, code }) => [
      ...new Array(8).fill(0),
      ...u32(size, rva, size, 0, 0, 0, 0, code ? 0x60000020 : 0x40000040),
    ]);
  const one = padded(
    [
      ...new Array(34).fill(0),
      ...u16(9),
      ...u32(module.length + 4),
      ...new Array(24).fill(0),
      ...text('harbour.obj'),
      ...text('harbour.obj'),
    ],
    4,
  );
  const modules = Array.from({ length: built.modules ?? 1 }, () => one).flat();
  const debug = u16(NONE, NONE, NONE, NONE, omap ? 7 : NONE, 6, NONE, NONE, NONE, NONE, original ? 8 : NONE);
  const dbi = [
    ...u32(0xffffffff, 19990903, dbiAge),
    ...u16(NONE, 0, NONE, 0, 5, 0),
    ...u32(modules.length, 0, 0, 0, 0, 0, debug.length, 0),
    ...u16(0, 0x8664),
    ...u32(0),
    ...modules,
    ...debug,
  ];
  const info = [...u32(20000404, 0, AGE + 1), ...GUID_BYTES, ...u32(0)];
  return buildMsf([
    [],
    info,
    [],
    dbi,
    [],
    publics,
    headers(sections),
    (omap ?? []).flatMap((pair) => u32(...pair)),
    headers(original),
    [...u32(4), ...module],
  ]);
}

function record(kind: number, body: readonly number[]): number[] {
  const whole = padded([...u16(0, kind), ...body], 4);
  return [...u16(whole.length - 2), ...whole.slice(2)];
}

export function publicSymbol(name: string, segment: number, offset: number, flags = 2): number[] {
  return record(0x110e, [...u32(flags, offset), ...u16(segment), ...text(name)]);
}

/** S_LPROC32; `end` is the offset of its end in the stream, 0 for none. */
export function procedure(name: string, segment: number, offset: number, end = 0): number[] {
  return record(0x110f, [...u32(0, end, 0, 16, 0, 0, 0, offset), ...u16(segment), 0, ...text(name)]);
}
