// How far a function goes that no .pdata lists: every instruction that control comes to from its start, jumps and tables followed.
import type { PeImage } from '../pe/image.ts';
import { decodeOne } from './decode-x86.ts';
import { emptyListing, type Listing, NO_TARGET, NONE, Op, Operand } from './instruction.ts';
import type { Part } from './part.ts';

/** Bytes of code that are followed for one function. */
const EXTENT_LIMIT = 1 << 18;
/** Stretches of code that one function may have. */
const RUN_LIMIT = 1 << 14;
/** Instructions before an indirect jump in which its table is looked for. */
const TABLE_REACH = 12;

/** What is known of the module around a function. */
export interface ExtentHost {
  readonly image: PeImage;
  /** Whether a function surely begins at an address. */
  isEntry(rva: number): boolean;
  /** The labels in a jump table. */
  labels(table: number): readonly number[];
}

/** How far a function goes. */
export interface Extent {
  /** Ranges of code that control comes to from its start, ascending and apart. */
  readonly parts: readonly Part[];
  /** Bytes of instructions that were looked at. */
  readonly bytes: number;
  /** Whether there is more than was looked at. */
  readonly cut: boolean;
}

/** Follows control from `start`. */
export function extentByFlow(host: ExtentHost, start: number): Extent {
  const { image } = host;
  const one = emptyListing(8);
  const seen = new Set<number>();
  const read = new Set<number>();
  const runs: Part[] = [];
  const open = [start];
  let bytes = 0;
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    if (seen.has(from) || !image.isCode(from)) continue;
    if (bytes >= EXTENT_LIMIT || runs.length >= RUN_LIMIT) return { parts: merged(runs), bytes, cut: true };
    const tables: number[] = [];
    let at = from;
    let last: number = Op.nop;
    while (bytes < EXTENT_LIMIT && !seen.has(at) && !(at !== start && last === Op.call && host.isEntry(at))) {
      const offset = image.offsetOf(at);
      if (offset < 0) break;
      one.count = 0;
      const length = decodeOne(image.bytes, offset, image.bytes.length, at, 32, image.imageBase, one);
      if (length === 0) break;
      seen.add(at);
      bytes += length;
      last = one.op[0];
      at += length;
      tables.push(tableOf(one, image.imageBase));
      const target = one.target[0];
      if (last === Op.jcc || last === Op.loop) {
        if (target !== NO_TARGET && !leaves(host, start, target)) open.push(target);
      } else if (last === Op.jmp) {
        if (target === NO_TARGET) for (const label of labelsOf(host, tables, read)) open.push(label);
        else if (!leaves(host, start, target)) open.push(target);
      }
      if (last === Op.jmp || last === Op.ret || last === Op.trap) break;
    }
    if (at > from) runs.push({ begin: from, end: at });
  }
  return { parts: merged(runs), bytes, cut: bytes >= EXTENT_LIMIT };
}

/** Whether a jump goes to another function. */
function leaves(host: ExtentHost, start: number, target: number): boolean {
  return target !== start && host.isEntry(target);
}

/** RVA of the table that an instruction reads by an index; -1 where it reads none. */
function tableOf(one: Listing, imageBase: number): number {
  const reads = one.src[0] === Operand.memory && (one.op[0] === Op.jmp || one.op[0] === Op.mov);
  return reads && one.base[0] === NONE && one.index[0] !== NONE && one.scale[0] === 4
    ? (one.disp[0] >>> 0) - imageBase
    : -1;
}

/** The labels of the table nearest before a jump; `read` are the tables that were read already. */
function labelsOf(host: ExtentHost, tables: readonly number[], read: Set<number>): readonly number[] {
  const near = tables.slice(-TABLE_REACH).reverse();
  const table = near.find((rva) => rva > 0);
  if (table === undefined || read.has(table)) return [];
  read.add(table);
  return host.labels(table);
}

function merged(runs: readonly Part[]): readonly Part[] {
  const parts: { begin: number; end: number }[] = [];
  for (const { begin, end } of [...runs].sort((a, b) => a.begin - b.begin)) {
    const last = parts[parts.length - 1];
    if (last !== undefined && begin <= last.end) last.end = Math.max(last.end, end);
    else parts.push({ begin, end });
  }
  return parts;
}
