// The functions of one module: where they begin and end, their instructions, their blocks and who follows whom.
import type { FunctionTable } from '../pe/exception.ts';
import type { PeImage } from '../pe/image.ts';
import { firstAtLeast } from './ascending.ts';
import { decodeOne, decodeRange } from './decode-x86.ts';
import { type Entries, entriesBefore, readEntries, tableLabels } from './entries.ts';
import { extentByFlow } from './flow-extent.ts';
import { emptyListing, type Listing, NO_TARGET, Op } from './instruction.ts';
import { jumpTable } from './jump-table.ts';
import { liesIn, type Part } from './part.ts';
import { type References, readReferences } from './references.ts';

/** A run of instructions that is entered at its first and left behind its last one. */
export interface Block {
  /** Indices into the listing: first, and one past the last. */
  readonly first: number;
  readonly end: number;
  /** Block numbers that control may go to next. */
  readonly next: readonly number[];
}

/** A block while its successors are found. */
interface DraftBlock extends Block {
  readonly next: number[];
}

export interface FunctionBody {
  /** RVA of the first instruction. */
  readonly start: number;
  readonly parts: readonly Part[];
  readonly listing: Listing;
  /** In reverse post-order from the entry; blocks that nothing reaches come last. */
  readonly blocks: readonly Block[];
  /** How many of `blocks` the entry reaches. */
  readonly reached: number;
  /** Block numbers that a later block goes back to. */
  readonly loopHeads: ReadonlySet<number>;
}

/** A function larger than this is not decoded; its callers learn that. */
const MAX_FUNCTION_BYTES = 1 << 20;
/** Bytes that are decoded of one module at most: a real one has less code than that, overlapping entries can ask for any amount. */
const MAX_MODULE_BYTES = 1 << 26;
const MAX_LEAF_BYTES = 4096;
/** Bytes that are followed of any module without .pdata to find how far its functions go, and four times its length beside. */
const MAX_FOLLOWED = 1 << 21;
/** What a part counts for beside its bytes. */
const PART_COST = 64;
/** Entries before an address that are tried for the function that holds it (x86). */
const NEAR_ENTRIES = 8;
/** Bytes from where a cold part is jumped to, to an address in it. */
const COLD_REACH = 2048;

/** Index of the instruction at `rva`, or -1. */
export function instructionAt(listing: Listing, rva: number): number {
  let low = 0;
  let high = listing.count - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = listing.rva[middle];
    if (at === rva) return middle;
    if (at < rva) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Functions of an image, decoded when first asked for. */
export class ModuleCode {
  readonly image: PeImage;
  readonly mode: 32 | 64;
  /** Starts of the functions that were not decoded: too large, or past what one module may take. */
  readonly skipped: number[] = [];
  #decodedBytes = 0;
  #followedBytes = 0;
  /** Room for one instruction that is only looked at. */
  readonly #one = emptyListing(8);
  readonly #bodies = new Map<number, FunctionBody | undefined>();
  #parts: ReadonlyMap<number, readonly Part[]> | undefined;
  #table: FunctionTable | undefined;
  #references: References | undefined;
  #entries: Entries | undefined;
  readonly #starts: Iterable<number>;
  /** Extents of functions without .pdata. */
  readonly #extents = new Map<number, readonly Part[]>();

  /** `starts` are RVAs at which symbols say that a function begins. */
  constructor(image: PeImage, starts: Iterable<number> = []) {
    this.image = image;
    this.#starts = starts;
    this.mode = image.is64 ? 64 : 32;
  }

  get #listed(): FunctionTable {
    this.#table ??= this.image.functions;
    return this.#table;
  }

  /** Who refers to what, read from the code when first asked for. */
  get references(): References {
    this.#references ??= readReferences(this.image);
    return this.#references;
  }

  /** Where functions begin that .pdata does not list. */
  get entries(): Entries {
    this.#entries ??= readEntries(this.image, this.references, (rva) => this.functionAt(rva) >= 0, this.#starts);
    return this.#entries;
  }

  /** The parts that .pdata chains to a function, by that function's start. */
  get #chained(): ReadonlyMap<number, readonly Part[]> {
    if (!this.#parts) {
      const parts = new Map<number, Part[]>();
      const { count, begin, end, owner } = this.#listed;
      for (let i = 0; i < count; i++) {
        if (owner[i] === begin[i]) continue;
        const list = parts.get(owner[i]);
        if (list) list.push({ begin: begin[i], end: end[i] });
        else parts.set(owner[i], [{ begin: begin[i], end: end[i] }]);
      }
      this.#parts = parts;
    }
    return this.#parts;
  }

  /** RVA of the function that holds `rva` by .pdata, chained parts counted to their primary; -1 when none does. */
  functionAt(rva: number): number {
    const { count, begin, end, owner } = this.#listed;
    let low = 0;
    let high = count - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (begin[middle] > rva) high = middle - 1;
      else if (end[middle] <= rva) low = middle + 1;
      else return owner[middle];
    }
    return -1;
  }

  /** RVA of the UNWIND_INFO of the function that starts at `start`; -1 when .pdata does not list it. */
  unwindAt(start: number): number {
    const { begin, count, unwind } = this.#listed;
    const i = firstAtLeast(begin, start);
    return i < count && begin[i] === start ? unwind[i] : -1;
  }

  /** The .pdata parts of the function that starts at `start`; none when it is not listed. */
  listedParts(start: number): readonly Part[] {
    const { begin, end, owner, count } = this.#listed;
    const parts: Part[] = [];
    for (let i = firstAtLeast(begin, start); i < count && begin[i] === start; i++)
      if (owner[i] === start) parts.push({ begin: start, end: end[i] });
    const chained = this.#chained.get(start);
    return chained ? [...parts, ...chained].sort((a, b) => a.begin - b.begin) : parts;
  }

  /** The ranges of the function that starts at `start`: its .pdata parts, or how far a leaf goes. */
  parts(start: number): readonly Part[] {
    const listed = this.listedParts(start);
    if (listed.length > 0) return listed;
    const known = this.#extents.get(start);
    if (known) return known;
    const found = !this.image.isCode(start)
      ? []
      : this.mode === 64
        ? [this.#leafExtent(start)]
        : this.#extentByFlow(start);
    this.#extents.set(start, found);
    return found;
  }

  #extentByFlow(start: number): readonly Part[] {
    const { image } = this;
    // Functions lie apart; a module in which each looks at the code of all others is not followed to its end.
    if (this.#followedBytes > MAX_FOLLOWED + 4 * image.bytes.length) {
      this.skipped.push(start);
      return [];
    }
    const { parts, bytes, cut } = extentByFlow(
      {
        image,
        isEntry: (rva) => this.entries.certain.has(rva),
        labels: (table) => tableLabels(image, this.references, table),
      },
      start,
    );
    this.#followedBytes += bytes + parts.length * PART_COST;
    if (cut) this.skipped.push(start);
    return parts;
  }

  /** Start of the function that holds `rva`: by .pdata, else the nearest entry before it whose code comes to it, else who jumps there; -1 when there is none. */
  functionHolding(rva: number): number {
    const listed = this.functionAt(rva);
    if (listed >= 0) return listed;
    const near = this.#nearHolding(rva);
    return near >= 0 || this.mode === 64 ? near : this.#jumpingTo(rva);
  }

  #nearHolding(rva: number): number {
    const { all, certain } = this.entries;
    const near = entriesBefore(all, rva, this.mode === 64 ? 3 : NEAR_ENTRIES);
    const holds = (start: number): boolean => this.#holds(start, rva);
    return near.find((start) => certain.has(start) && holds(start)) ?? near.find(holds) ?? -1;
  }

  #holds(start: number, rva: number): boolean {
    return liesIn(this.parts(start), rva);
  }

  /** The function that jumps to the stretch of code that holds `rva` (x86: a cold part, away from its function). */
  #jumpingTo(rva: number): number {
    const { jumps, calls } = this.references;
    for (const pairs of [jumps, calls]) {
      const target = pairs.lastTargetBetween(rva - COLD_REACH, rva);
      for (const place of target < 0 ? [] : pairs.to(target).slice(0, NEAR_ENTRIES)) {
        const owner = place < rva - COLD_REACH || place > rva ? this.#nearHolding(place) : -1;
        if (owner >= 0 && this.#holds(owner, rva)) return owner;
      }
    }
    return -1;
  }

  /** The decoded function that starts at `start`; a leaf without .pdata is followed to its end. Undefined when there is no code. */
  body(start: number): FunctionBody | undefined {
    if (this.#bodies.has(start)) return this.#bodies.get(start);
    const body = this.#decode(start);
    this.#bodies.set(start, body);
    return body;
  }

  #decode(start: number): FunctionBody | undefined {
    if (!this.image.isCode(start)) return undefined;
    const parts = [...this.parts(start)].sort((a, b) => a.begin - b.begin);
    const size = parts.reduce((sum, part) => sum + Math.max(0, part.end - part.begin), 0);
    if (size === 0) return undefined;
    if (size > MAX_FUNCTION_BYTES || this.#decodedBytes + size > MAX_MODULE_BYTES) {
      this.skipped.push(start);
      return undefined;
    }
    this.#decodedBytes += size;
    const listing = emptyListing(Math.max(16, size >> 2));
    let last = -1;
    for (const part of parts) {
      if (part.begin < last) continue;
      const from = this.image.offsetOf(part.begin);
      if (from < 0) continue;
      decodeRange(
        this.image.bytes,
        from,
        Math.min(this.image.bytes.length, from + part.end - part.begin),
        part.begin,
        this.mode,
        this.image.imageBase,
        listing,
      );
      last = part.end;
    }
    if (listing.count === 0) return undefined;
    return { start, parts, listing, ...this.#blocks(listing, parts, start) };
  }

  /** How far a function without .pdata goes: to the furthest instruction that control comes to from its start. */
  #leafExtent(start: number): Part {
    const offset = this.image.offsetOf(start);
    const limit = Math.min(this.image.bytes.length, offset + MAX_LEAF_BYTES);
    if (offset < 0) return { begin: start, end: start };
    const one = this.#one;
    let at = offset;
    let furthest = start;
    while (at < limit) {
      one.count = 0;
      const rva = start + at - offset;
      const length = decodeOne(this.image.bytes, at, limit, rva, this.mode, this.image.imageBase, one);
      if (length === 0) break;
      at += length;
      const op = one.op[0];
      const target = one.target[0];
      if (
        (op === Op.jcc || (op === Op.jmp && target !== NO_TARGET)) &&
        target > rva &&
        target < rva + MAX_LEAF_BYTES &&
        this.functionAt(target) < 0
      ) {
        if (op === Op.jcc || target < start + 0x200) furthest = Math.max(furthest, target);
      }
      if ((op === Op.ret || op === Op.jmp || op === Op.trap) && start + at - offset > furthest) break;
    }
    return { begin: start, end: start + at - offset };
  }

  #blocks(
    listing: Listing,
    parts: readonly Part[],
    start: number,
  ): Pick<FunctionBody, 'blocks' | 'reached' | 'loopHeads'> {
    const { count, rva, op, target, length } = listing;
    const leader = new Uint8Array(count + 1);
    leader[0] = 1;
    /** Where a jump goes to within the function. */
    const goesTo = new Int32Array(count).fill(-1);
    const tables = new Map<number, readonly number[]>();
    for (const part of parts) {
      const i = instructionAt(listing, part.begin);
      if (i >= 0) leader[i] = 1;
    }
    for (let i = 0; i < count; i++) {
      const code = op[i];
      if (code === Op.jcc || code === Op.jmp || code === Op.loop) {
        leader[i + 1] = 1;
        if (target[i] !== NO_TARGET) {
          const to = instructionAt(listing, target[i]);
          if (to < 0) continue;
          leader[to] = 1;
          goesTo[i] = to;
        } else if (code === Op.jmp) {
          const cases = jumpTable(this.image, listing, i, parts);
          if (cases.length === 0) continue;
          const indices = cases.map((one) => instructionAt(listing, one)).filter((one) => one >= 0);
          tables.set(i, indices);
          for (const one of indices) leader[one] = 1;
        }
      } else if (code === Op.ret || code === Op.trap) leader[i + 1] = 1;
      else if (i + 1 < count && rva[i + 1] !== rva[i] + length[i]) leader[i + 1] = 1;
    }
    const raw: DraftBlock[] = [];
    const blockOf = new Int32Array(count);
    for (let first = 0; first < count; ) {
      let end = first;
      do blockOf[end++] = raw.length;
      while (end < count && leader[end] === 0);
      raw.push({ first, end, next: [] });
      first = end;
    }
    for (let b = 0; b < raw.length; b++) {
      const { end, next } = raw[b];
      const last = end - 1;
      const code = op[last];
      const fallsThrough = code !== Op.jmp && code !== Op.ret && code !== Op.trap;
      if (fallsThrough && end < count && rva[end] === rva[last] + length[last]) next.push(b + 1);
      if (goesTo[last] >= 0) {
        const to = blockOf[goesTo[last]];
        if (next.length === 0 || next[0] !== to) next.push(to);
      }
      const cases = tables.get(last);
      if (cases) for (const to of new Set(cases.map((one) => blockOf[one]))) next.push(to);
    }
    return order(raw, Math.max(0, blockOf[Math.max(0, instructionAt(listing, start))]));
  }
}

/** Renumbers blocks in reverse post-order and finds where loops go back to. */
function order(raw: readonly DraftBlock[], entry: number): Pick<FunctionBody, 'blocks' | 'reached' | 'loopHeads'> {
  const sequence = reversePostOrder(raw, entry);
  const reached = sequence.length;
  const position = new Int32Array(raw.length).fill(-1);
  for (let i = 0; i < reached; i++) position[sequence[i]] = i;
  for (let b = 0; b < raw.length; b++) {
    if (position[b] >= 0) continue;
    position[b] = sequence.length;
    sequence.push(b);
  }
  const loopHeads = new Set<number>();
  const blocks: DraftBlock[] = [];
  for (let i = 0; i < sequence.length; i++) {
    const block = raw[sequence[i]];
    const { next } = block;
    for (let e = 0; e < next.length; e++) {
      next[e] = position[next[e]];
      if (next[e] <= i) loopHeads.add(next[e]);
    }
    blocks.push(block);
  }
  return { blocks, reached, loopHeads };
}

/** The blocks that `entry` reaches, each before those that it leads to but for loops. */
function reversePostOrder(raw: readonly Block[], entry: number): number[] {
  const done: number[] = [];
  /** The edge of each block to be followed next, counted from 1. */
  const edge = new Int32Array(raw.length);
  const stack = [entry];
  edge[entry] = 1;
  while (stack.length > 0) {
    const b = stack[stack.length - 1];
    const { next } = raw[b];
    const e = edge[b]++ - 1;
    if (e >= next.length) {
      done.push(b);
      stack.pop();
    } else if (edge[next[e]] === 0) {
      edge[next[e]] = 1;
      stack.push(next[e]);
    }
  }
  return done.reverse();
}
