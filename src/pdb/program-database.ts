// A program database (PDB): what identifies it when it is opened, and the names of the functions of its image when they are asked for.
import { u32At } from '../bytes/cursor.ts';
import { guidAt } from '../bytes/guid.ts';
import { utf8, zeroAt } from '../bytes/text.ts';
import { FormatError, type Note } from '../errors.ts';
import { SymbolAddresses } from './addresses.ts';
import { type DbiStream, NO_STREAM_INDEX, readDbi } from './dbi.ts';
import { MsfFile } from './msf.ts';
import { type RecordedSymbol, readProcedures, readPublics } from './symbol-records.ts';

const INFO_STREAM = 1;
const INFO_SIZE = 28;
/** Names of one address: functions of the same code that were folded into one. */
const MOST_NAMES = 64;
/** Bytes of a name; longer ones are cut. */
const LONGEST_NAME = 4096;
const MOST_NOTES = 20;

/** The functions of an image by RVA. */
export interface FunctionSymbols {
  /** The names of what begins at an RVA as they stand in the file, those of procedures before those of publics; none where nothing does. */
  readonly namesAt: (rva: number) => SymbolNames;
  /** RVAs at which a function is said to begin, unsorted; one may be there more than once. */
  readonly starts: readonly number[];
  /** How many addresses have a name. */
  readonly count: number;
}

export interface SymbolNames {
  /** Without decoration, as the compiler writes them into private symbols. */
  readonly procedures: readonly string[];
  /** Decorated, as the linker knows them. */
  readonly publics: readonly string[];
}

/** Opens a program database; `name` is used in messages. Throws FormatError when the bytes are none, or too damaged to say what they belong to. */
export function readProgramDatabase(bytes: Uint8Array, name: string): ProgramDatabase {
  return new ProgramDatabase(new MsfFile(bytes, name));
}

export class ProgramDatabase {
  readonly name: string;
  /** Lower case with hyphens. */
  readonly guid: string;
  /** That of the DBI stream, which the linker writes into the image; that of the info stream counts on as the file is changed. */
  readonly age: number;
  /** What was left out of the functions, after they were asked for. */
  readonly notes: Note[] = [];
  readonly #file: MsfFile;
  readonly #dbi: DbiStream;

  constructor(file: MsfFile) {
    this.name = file.name;
    this.#file = file;
    const info = file.stream(INFO_STREAM, 'the PDB info stream');
    const guid = info.length >= INFO_SIZE ? guidAt(info, 12) : undefined;
    if (guid === undefined) throw file.error(`a PDB info stream of ${info.length} bytes, without a GUID`);
    this.guid = guid;
    this.#dbi = readDbi(file);
    this.age = this.#dbi.age > 0 ? this.#dbi.age : u32At(info, 8);
  }

  /** Reads the functions. Throws FormatError when no symbol can be given an address. */
  readFunctions(): FunctionSymbols {
    const addresses = new SymbolAddresses(this.#file, this.#dbi);
    const names = new NameTable();
    this.#readPublics(addresses, names);
    this.#readProcedures(addresses, names);
    return names;
  }

  #readPublics(addresses: SymbolAddresses, names: NameTable): void {
    const { symbolRecords } = this.#dbi;
    if (symbolRecords === NO_STREAM_INDEX) {
      this.#note('it has no public symbols');
      return;
    }
    this.#noting(() => {
      const bytes = this.#file.stream(symbolRecords, 'the symbol record stream');
      const end = readPublics(bytes, names.adder(bytes, addresses, 'publics'));
      if (end < bytes.length)
        this.#note(`its public symbols end at byte ${end} of ${bytes.length}; it is damaged there`);
    });
  }

  #readProcedures(addresses: SymbolAddresses, names: NameTable): void {
    const { modules, modulesCut } = this.#dbi;
    if (modulesCut > 0) this.#note(`${modulesCut} bytes of its list of modules cannot be read`);
    for (const { stream, size } of modules) {
      this.#noting(() => {
        const bytes = this.#file.stream(stream, 'the symbols of a module');
        const limit = Math.min(size, bytes.length);
        const end = readProcedures(bytes, limit, names.adder(bytes, addresses, 'procedures'));
        if (end < limit || limit < size)
          this.#note(`the symbols of a module (stream ${stream}) end at byte ${end} of ${size}; it is damaged there`);
      });
    }
  }

  /** What cannot be read is noted, and the rest is still answered. */
  #noting(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.#note(error.message.slice(this.name.length + 2));
    }
  }

  #note(text: string): void {
    if (this.notes.length < MOST_NOTES) this.notes.push({ about: this.name, text });
    else if (this.notes.length === MOST_NOTES)
      this.notes.push({ about: this.name, text: `more than ${MOST_NOTES} doubts; the rest is left out` });
  }
}

/** Streams of a file are less than this; where a name stands is its stream's number times this, and its offset. */
const STREAM = 2 ** 32;

/** The names are read when they are asked for: a large file has millions. */
class NameTable implements FunctionSymbols {
  readonly #streams: Uint8Array[] = [];
  /** By RVA: where the names stand. */
  readonly #publics = new Map<number, number | number[]>();
  readonly #procedures = new Map<number, number | number[]>();
  readonly starts: number[] = [];

  adder(
    bytes: Uint8Array,
    addresses: SymbolAddresses,
    kind: 'publics' | 'procedures',
  ): (symbol: RecordedSymbol) => void {
    const into = kind === 'publics' ? this.#publics : this.#procedures;
    const stream = (this.#streams.push(bytes) - 1) * STREAM;
    return ({ segment, offset, name, isFunction }) => {
      const rva = addresses.codeAt(segment, offset);
      if (rva <= 0) return;
      if (isFunction) this.starts.push(rva);
      const known = into.get(rva);
      if (known === undefined) into.set(rva, stream + name);
      else if (typeof known === 'number') into.set(rva, [known, stream + name]);
      else if (known.length < MOST_NAMES) known.push(stream + name);
    };
  }

  namesAt(rva: number): SymbolNames {
    return { procedures: this.#names(this.#procedures.get(rva)), publics: this.#names(this.#publics.get(rva)) };
  }

  get count(): number {
    let count = this.#publics.size;
    for (const rva of this.#procedures.keys()) if (!this.#publics.has(rva)) count++;
    return count;
  }

  #names(places: number | readonly number[] = []): readonly string[] {
    const names = [places].flat().map((place) => {
      const bytes = this.#streams[Math.floor(place / STREAM)];
      const start = place % STREAM;
      const limit = Math.min(bytes.length, start + LONGEST_NAME);
      const zero = zeroAt(bytes, start, limit);
      return utf8(bytes, start, zero < 0 ? limit : zero);
    });
    return [...new Set(names)].filter((name) => name !== '');
  }
}
