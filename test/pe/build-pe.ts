// A tiny PE writer for tests: headers from a few choices, and sections whose bytes are put in place by RVA.

/** The bytes of one section, written by RVA. */
export class Content {
  readonly rva: number;
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(rva: number, size: number) {
    this.rva = rva;
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  u8(rva: number, ...values: number[]): this {
    this.bytes.set(values, rva - this.rva);
    return this;
  }

  u16(rva: number, ...values: number[]): this {
    values.forEach((value, i) => {
      this.#view.setUint16(rva - this.rva + i * 2, value, true);
    });
    return this;
  }

  u32(rva: number, ...values: number[]): this {
    values.forEach((value, i) => {
      this.#view.setUint32(rva - this.rva + i * 4, value, true);
    });
    return this;
  }

  u64(rva: number, ...values: (number | bigint)[]): this {
    values.forEach((value, i) => {
      this.#view.setBigUint64(rva - this.rva + i * 8, BigInt(value), true);
    });
    return this;
  }

  ascii(rva: number, text: string): this {
    return this.u8(rva, ...[...text].map((character) => character.charCodeAt(0)), 0);
  }

  utf16(rva: number, text: string): this {
    return this.u16(rva, ...Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)));
  }
}

export interface SectionChoice {
  readonly name?: string;
  readonly content: Content;
  readonly virtualSize?: number;
  readonly sizeOfRawData?: number;
  readonly pointerToRawData?: number;
  readonly characteristics?: number;
}

export interface PeChoices {
  readonly is64?: boolean;
  readonly machine?: number;
  readonly imageBase?: number | bigint;
  /** MajorLinkerVersion. */
  readonly linker?: number;
  readonly characteristics?: number;
  readonly sizeOfImage?: number;
  readonly numberOfRvaAndSizes?: number;
  /** [RVA, size] by directory number. */
  readonly directories?: Readonly<Record<number, readonly [number, number]>>;
  readonly sections: readonly SectionChoice[];
}

export const CODE = 0x60000020;
export const DATA = 0xc0000040;
const HEADERS = 0x400;

/** A PE32+ (or PE32) file; sections follow the headers in order, raw data aligned to 0x200. */
export function buildPe(choices: PeChoices): Uint8Array {
  const is64 = choices.is64 ?? true;
  const optionalSize = (is64 ? 112 : 96) + 16 * 8;
  const headers = new Content(0, HEADERS);
  const pe = 0x40;
  const optional = pe + 24;
  headers.ascii(0, 'MZ').u32(0x3c, pe).ascii(pe, 'PE');
  headers.u16(pe + 4, choices.machine ?? (is64 ? 0x8664 : 0x14c), choices.sections.length);
  headers.u16(pe + 20, optionalSize, choices.characteristics ?? 0x22);
  headers
    .u16(optional, is64 ? 0x20b : 0x10b)
    .u8(optional + 2, choices.linker ?? 14)
    .u32(optional + 16, 0x1000);
  if (is64) headers.u64(optional + 24, choices.imageBase ?? 0x140000000);
  else headers.u32(optional + 28, Number(choices.imageBase ?? 0x400000));
  headers.u32(optional + 32, 0x1000, 0x200);
  headers.u32(optional + 56, choices.sizeOfImage ?? 0x10000, HEADERS).u16(optional + 68, 3);
  const directories = optional + (is64 ? 112 : 96);
  headers.u32(directories - 4, choices.numberOfRvaAndSizes ?? 16);
  for (const [index, pair] of Object.entries(choices.directories ?? {}))
    headers.u32(directories + Number(index) * 8, ...pair);

  let pointer = HEADERS;
  const parts: [number, Uint8Array][] = [];
  choices.sections.forEach((section, i) => {
    const at = optional + optionalSize + i * 40;
    const { content } = section;
    headers.u8(at, ...[...(section.name ?? '.data')].map((character) => character.charCodeAt(0)));
    headers.u32(
      at + 8,
      section.virtualSize ?? content.bytes.length,
      content.rva,
      section.sizeOfRawData ?? content.bytes.length,
      section.pointerToRawData ?? pointer,
    );
    headers.u32(at + 36, section.characteristics ?? DATA);
    parts.push([pointer, content.bytes]);
    pointer = Math.ceil((pointer + content.bytes.length) / 0x200) * 0x200;
  });
  const file = new Uint8Array(pointer);
  file.set(headers.bytes);
  for (const [at, bytes] of parts) file.set(bytes, at);
  return file;
}

/** An image of one section at RVA 0x1000 that `write` fills, with its directories. */
export function buildOne(
  write: (content: Content) => void,
  directories: PeChoices['directories'],
  choices: Partial<PeChoices> = {},
  size = 0x1000,
): Uint8Array {
  const content = new Content(0x1000, size);
  write(content);
  return buildPe({ ...choices, directories, sections: [{ content }] });
}
