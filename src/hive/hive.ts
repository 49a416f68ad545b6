// A registry hive (regf) out of its bytes, made whole by its transaction logs where it needs them: the root key, and keys by their paths.

import { FormatError, type Note } from '../errors.ts';
import { BASE_BLOCK_SIZE, type BaseBlock, FileType, isHive } from './base-block.ts';
import { Cells } from './cells.ts';
import { HiveNotes } from './hive-notes.ts';
import { readKeyNode } from './key-node.ts';
import { Lineage } from './lineage.ts';
import { type LogFile, type Recovery, recover } from './recovery.ts';
import { RegistryKey } from './registry-key.ts';

/** Cells of hives before this minor version (NT 3.1) have another form. */
const FIRST_MINOR = 2;

export interface HiveOptions {
  /** For messages; "the hive" without. */
  readonly name?: string;
  /** Its transaction logs: .LOG1 and .LOG2, or .LOG. Read only if the hive needs them. */
  readonly logs?: readonly LogFile[];
}

export class Hive {
  readonly baseBlock: BaseBlock;
  readonly recovery: Recovery;
  readonly root: RegistryKey;
  readonly #notes: HiveNotes;

  /** Not for strangers: `openHive` makes it. */
  constructor(baseBlock: BaseBlock, recovery: Recovery, root: RegistryKey, notes: HiveNotes) {
    this.baseBlock = baseBlock;
    this.recovery = recovery;
    this.root = root;
    this.#notes = notes;
  }

  /** The key of a path from below the root, letter case aside: "SAM\Domains\Account". undefined where there is none. */
  key(path: string): RegistryKey | undefined {
    return this.root.key(path);
  }

  /** Every key, each before its subkeys. */
  *keys(): Generator<RegistryKey> {
    const open: Iterator<RegistryKey>[] = [[this.root].values()];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const next = top.next();
      if (next.done) open.pop();
      else {
        yield next.value;
        open.push(next.value.subkeys());
      }
    }
  }

  /** What was amiss in what was read so far. */
  get notes(): readonly Note[] {
    return this.#notes.all;
  }
}

/** Throws FormatError where it is no hive, one of a form that is not known, or one without a root key. */
export function openHive(bytes: Uint8Array, { name = 'the hive', logs = [] }: HiveOptions = {}): Hive {
  if (!isHive(bytes)) throw new FormatError(`${name}: it is no registry hive (it does not begin with "regf")`);
  if (bytes.length < BASE_BLOCK_SIZE)
    throw new FormatError(`${name}: it is cut off within its first ${BASE_BLOCK_SIZE} bytes`);
  const notes = new HiveNotes();
  const { bytes: whole, baseBlock, binsSize, recovery } = recover(bytes, logs, notes);
  if (baseBlock.major !== 1 || baseBlock.minor < FIRST_MINOR)
    throw new FormatError(`${name}: it is a hive of version ${baseBlock.major}.${baseBlock.minor}, which is not read`);
  if (recovery.state !== 'recovered' && baseBlock.checksumHolds && baseBlock.fileType !== FileType.primary)
    throw new FormatError(`${name}: it is a transaction log and no hive; give the hive that it belongs to`);
  const cells = new Cells(whole, binsSize, notes);
  const cell = cells.at(baseBlock.rootOffset, 'root key');
  const node = cell && readKeyNode(cell);
  if (node === undefined) throw new FormatError(`${name}: its root key cannot be read`);
  if (node.isNameCut) notes.add('key', 'the name of the root key is cut off');
  const lineage = new Lineage(cells, baseBlock.rootOffset, notes);
  const root = new RegistryKey({ cells, lineage, notes, minor: baseBlock.minor }, node, baseBlock.rootOffset);
  return new Hive(baseBlock, recovery, root, notes);
}
