// What an image exports, with ordinals, aliases and forwarders (PE format, "The .edata Section").
import { Directory } from './headers.ts';
import type { ImageLayout } from './layout.ts';

export interface ExportedSymbol {
  /** Ordinal as importers use it (the ordinal base is added). */
  readonly ordinal: number;
  /** Absent when exported by ordinal only. A function with several names is listed once for each. */
  readonly name?: string;
  /** RVA of the function or variable (of the forwarder's text when there is one). */
  readonly rva: number;
  /** "MODULE.name" or "MODULE.#ordinal": the symbol is another module's. */
  readonly forwarder?: string;
}

export interface ExportTable {
  /** The module's own name for itself. */
  readonly name: string;
  /** In the order of ordinals. */
  readonly symbols: readonly ExportedSymbol[];
}

/** Reads IMAGE_DIRECTORY_ENTRY_EXPORT; undefined when the image has none. */
export function readExports(image: ImageLayout): ExportTable | undefined {
  const directory = image.directory(Directory.export);
  if (directory === undefined) return undefined;
  const at = directory.rva;
  const note = (text: string): void => image.note('export', text);
  if (image.bytesAt(at) < 40) {
    note(`the directory is outside the file (RVA 0x${at.toString(16)})`);
    return undefined;
  }
  const base = image.readU32(at + 16);
  const functions = image.readU32(at + 28);
  const names = image.readU32(at + 32);
  const nameOrdinals = image.readU32(at + 36);
  const functionCount = fitting(image, functions, image.readU32(at + 20), 4, 'functions');
  const nameCount = Math.min(
    fitting(image, names, image.readU32(at + 24), 4, 'names'),
    fitting(image, nameOrdinals, image.readU32(at + 24), 2, 'name ordinals'),
  );

  const symbols: ExportedSymbol[] = [];
  const named = new Uint8Array(functionCount);
  let charactersLeft = image.bytes.length * 2;
  let unreadable = 0;
  const add = (index: number, name: string | undefined): void => {
    const rva = image.readU32(functions + index * 4);
    if (rva === 0 && name === undefined) return;
    let forwarder: string | undefined;
    if (rva >= directory.rva && rva < directory.rva + directory.size) {
      forwarder = image.readAsciiZ(rva);
      if (forwarder === undefined) unreadable++;
      charactersLeft -= forwarder?.length ?? image.costOfNoText(rva);
    }
    symbols.push({
      ordinal: base + index,
      ...(name !== undefined ? { name } : {}),
      rva,
      ...(forwarder !== undefined ? { forwarder } : {}),
    });
  };
  for (let i = 0; i < nameCount && charactersLeft >= 0; i++) {
    const index = image.readU16(nameOrdinals + i * 2);
    const nameRva = image.readU32(names + i * 4);
    const name = image.readAsciiZ(nameRva);
    charactersLeft -= name?.length ?? image.costOfNoText(nameRva);
    if (index < 0 || index >= functionCount || name === undefined) {
      unreadable++;
      continue;
    }
    named[index] = 1;
    add(index, name);
  }
  for (let i = 0; i < functionCount && charactersLeft >= 0; i++) if (named[i] === 0) add(i, undefined);
  if (unreadable > 0) note(`${unreadable} entries cannot be read`);
  if (charactersLeft < 0) note('the names hold more than the file can; they overlap, the rest is left out');
  symbols.sort((a, b) => a.ordinal - b.ordinal);
  return { name: image.readAsciiZ(image.readU32(at + 12), 512) ?? '', symbols };
}

/** How many of `count` entries of `size` bytes the file holds at `rva`; fewer is noted. */
function fitting(image: ImageLayout, rva: number, count: number, size: number, what: string): number {
  const most = Math.floor(image.bytesAt(rva) / size);
  if (count <= most) return count;
  image.note('export', `the table of ${what} should have ${count} entries, but the file holds ${most}`);
  return most;
}
