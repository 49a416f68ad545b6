// Images in memory that import what a test says, with texts and code at known places.
import { buildPe, CODE, Content, DATA, type PeChoices } from '../pe/build-pe.ts';

/** RVA of the section that `fill` writes to (0x1000 bytes of data, then 0x800 of code). */
export const DATA_RVA = 0x1000;
export const CODE_RVA = 0x3000;

export interface Imports {
  /** Module name as written to the names it imports. */
  readonly imports?: Readonly<Record<string, readonly string[]>>;
  readonly delay?: Readonly<Record<string, readonly string[]>>;
  readonly fill?: (data: Content, code: Content) => void;
  readonly choices?: Partial<PeChoices>;
  readonly directories?: PeChoices['directories'];
}

const TABLES_RVA = 0x4000;
const TABLES_SIZE = 0x2000;

/** A PE32+ image (x64 unless chosen otherwise) with the import tables behind data and code. */
export function importingImage({ imports = {}, delay = {}, fill, choices, directories }: Imports): Uint8Array {
  const data = new Content(DATA_RVA, 0x1000);
  const code = new Content(CODE_RVA, 0x800);
  const tables = new Content(TABLES_RVA, TABLES_SIZE);
  const delayAt = TABLES_RVA + 20 * (Object.keys(imports).length + 1);
  let free = delayAt + 32 * (Object.keys(delay).length + 1);
  const take = (size: number): number => {
    const at = free;
    free = (free + size + 7) & ~7;
    return at;
  };
  const nameAt = (name: string): number => {
    const at = take(name.length + 1);
    tables.ascii(at, name);
    return at;
  };
  const thunksOf = (names: readonly string[]): number => {
    const at = take(8 * (names.length + 1));
    names.forEach((name, i) => {
      const hint = take(name.length + 3);
      tables.ascii(hint + 2, name).u64(at + i * 8, hint);
    });
    return at;
  };
  Object.entries(imports).forEach(([module, names], i) => {
    const thunks = thunksOf(names);
    tables.u32(TABLES_RVA + i * 20, thunks, 0, 0, nameAt(module), thunks);
  });
  Object.entries(delay).forEach(([module, names], i) => {
    const thunks = thunksOf(names);
    tables.u32(delayAt + i * 32, 1, nameAt(module), 0, thunks, thunks, 0, 0, 0);
  });
  fill?.(data, code);
  return buildPe({
    ...choices,
    directories: { 1: [TABLES_RVA, 40], 13: [delayAt, 64], ...directories },
    sections: [
      { content: data, name: '.rdata', characteristics: DATA },
      { content: code, name: '.text', characteristics: CODE },
      { content: tables, name: '.idata', characteristics: DATA },
    ],
  });
}
