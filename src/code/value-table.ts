// The table that interns values: equal values have equal ids, and what can be folded is folded when it is made.
import type { ImportedSymbol } from '../pe/imports.ts';
import { merged } from './ascending.ts';
import { wordMade } from './made-words.ts';
import { Pair, PairIndex } from './pair-index.ts';
import { type Place, placeOfNode } from './place.ts';
import { forEachPart, heightOf, outermostCycle } from './value-height.ts';
import { type KeptPlace, type TextSource, UNKNOWN, UNSET, type ValueId, type ValueNode } from './values.ts';

const CHOICE_LIMIT = 12;
/** Bytes that a loop moves a pointer by in one round. */
const STEP_LIMIT = 64;
/** Height of a value, past which it is unknown. */
const HEIGHT_LIMIT = 56;
/** Nodes of one table, past which composed values are unknown. */
const NODE_LIMIT = 1 << 20;
const CALL_DEPTH_LIMIT = 10;
const TWO32 = 4294967296;

type MadeNode = ValueNode & { readonly kind: 'result' | 'allocation' };

/** Interns nodes; ids are only meaningful for the table that gave them. One table a module. */
export class ValueTable {
  readonly pointerSize: 4 | 8;
  readonly nodes: ValueNode[] = [{ kind: 'unset' }, { kind: 'unknown' }];
  readonly #numbers = new Map<number, ValueId>();
  readonly #keys = new Map<string, ValueId>();
  /** Nodes of two small numbers, by kind. */
  readonly #pairs = new PairIndex();
  /** By value: where it points, null when it is no address; made when first asked. */
  readonly #places: (Place | null | undefined)[] = [];
  /** How many nodes stand above each other in a value; composed values past a limit are unknown. */
  readonly #heights: number[] = [1, 1];
  /** The outermost open question in a value: its depth plus one, 0 for none (see the node `cycle`). */
  readonly #cycles: number[] = [0, 0];

  constructor(pointerSize: 4 | 8) {
    this.pointerSize = pointerSize;
  }

  node(id: ValueId): ValueNode {
    return this.nodes[id];
  }

  #intern(key: string, make: () => ValueNode): ValueId {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const id = this.#add(make());
    this.#keys.set(key, id);
    return id;
  }

  #add(node: ValueNode): ValueId {
    const height = heightOf(node, this.#heights);
    if (height > HEIGHT_LIMIT || this.nodes.length >= NODE_LIMIT) return UNKNOWN;
    this.#heights.push(height);
    this.#cycles.push(outermostCycle(node, this.#cycles));
    return this.nodes.push(node) - 1;
  }

  /** How many nodes stand above each other in a value. */
  height(id: ValueId): number {
    return this.#heights[id];
  }

  /** Whether an open question stands in a value. */
  isOpen(id: ValueId): boolean {
    return this.#cycles[id] !== 0;
  }

  /** Whether the question that is open at `depth` stands in a value. */
  holdsCycle(id: ValueId, depth: number): boolean {
    const outermost = this.#cycles[id];
    if (outermost === 0 || outermost > depth) return outermost === depth + 1;
    const node = this.nodes[id];
    if (node.kind === 'cycle') return node.depth === depth;
    let holds = false;
    forEachPart(node, (part) => {
      holds ||= this.holdsCycle(part, depth);
    });
    return holds;
  }

  /** A node named by two 32-bit numbers. */
  #pair(kind: number, a: number, b: number, make: () => ValueNode): ValueId {
    const id = this.#pairs.get(kind, a, b);
    if (id !== 0) return id;
    const fresh = this.#add(make());
    this.#pairs.set(kind, a, b, fresh);
    return fresh;
  }

  /** A number that a double holds exactly (addresses, small signed and unsigned constants). */
  constant(value: number): ValueId {
    if ((value | 0) === value) {
      return this.#pair(Pair.small, value, 0, () => ({ kind: 'constant', value, lo: value, hi: value < 0 ? -1 : 0 }));
    }
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const id = this.#add({ kind: 'constant', value, lo: value | 0, hi: Math.floor(value / TWO32) | 0 });
    this.#numbers.set(value, id);
    return id;
  }

  /** A 64-bit constant from its two halves, read as signed. */
  constant64(lo: number, hi: number): ValueId {
    const value = hi * TWO32 + (lo >>> 0);
    if (Number.isSafeInteger(value)) return this.constant(value);
    return this.#intern(`c${hi}:${lo}`, () => ({ kind: 'constant', value, lo, hi }));
  }

  /** The value that is being found out `depth` questions deep. */
  cycle(depth: number): ValueId {
    return this.#pair(Pair.cycle, depth, 0, () => ({ kind: 'cycle', depth }));
  }

  frame(offset: number): ValueId {
    return this.#pair(Pair.frame, offset, 0, () => ({ kind: 'frame', offset }));
  }

  entry(register: number): ValueId {
    return this.#intern(`e${register}`, () => ({ kind: 'entry', register }));
  }

  parameter(index: number): ValueId {
    return this.#intern(`p${index}`, () => ({ kind: 'parameter', index }));
  }

  result(site: number): ValueId {
    return this.#pair(Pair.result, site, 0, () => ({ kind: 'result', site }));
  }

  output(site: number, argument: number, offset: number): ValueId {
    return this.#intern(`o${site}:${argument}:${offset}`, () => ({ kind: 'output', site, argument, offset }));
  }

  /** A callee's result or allocation, or one of several, as the caller at `site` knows it: another one for each call, a few levels deep. */
  inCall(id: ValueId, site: number): ValueId {
    const first = this.#firstMade(id);
    if (first === undefined) return id;
    // Past a few levels the ones between are left out: who asked, and which allocator or function it was, stay.
    let depth = 0;
    let innermost = id;
    for (let inner: MadeNode | undefined = first; inner?.within !== undefined; depth++) {
      innermost = inner.within;
      inner = this.#firstMade(innermost);
    }
    const within = depth >= CALL_DEPTH_LIMIT ? innermost : id;
    const { kind } = first;
    return this.#pair(Pair[kind], site, within, () => ({ kind, site, within }));
  }

  /** The node of a result or an allocation; of several the first one's. */
  #firstMade(id: ValueId): MadeNode | undefined {
    const node = this.nodes[this.alternatives(id)[0]];
    return node.kind === 'result' || node.kind === 'allocation' ? node : undefined;
  }

  /** Whether a value is a result or an allocation. */
  isMade(id: ValueId): boolean {
    const kind = this.nodes[id]?.kind;
    return kind === 'result' || kind === 'allocation';
  }

  /** The callee's own result or allocation, or a choice of several, behind one that came out of the call at `site`; UNSET of anything else. */
  madeIn(id: ValueId, site: number): ValueId {
    if (id < 0) return UNSET;
    const node = this.nodes[id];
    const isMade = node.kind === 'result' || node.kind === 'allocation';
    return isMade && node.site === site ? (node.within ?? UNSET) : UNSET;
  }

  /** Fresh memory; `words` are the pointers that stand in it (see the node `allocation`). */
  allocation(site: number, words?: readonly ValueId[]): ValueId {
    return this.#pair(Pair.allocation, site, 0, () => ({ kind: 'allocation', site, ...(words ? { words } : {}) }));
  }

  /** What the call at `site` takes back of what Windows keeps; of a key that is not known, only that the call returned it. */
  kept(place: KeptPlace, key: ValueId, site: number): ValueId {
    return key === UNKNOWN
      ? this.result(site)
      : this.#intern(`w${place}:${key}@${site}`, () => ({ kind: 'kept', place, key, site }));
  }

  /** A variable that holds `word`, as the call at `site` gives its address. */
  variable(site: number, word: ValueId): ValueId {
    return this.#pair(Pair.allocation, site, word, () => ({ kind: 'allocation', site, words: [word] }));
  }

  import(symbol: ImportedSymbol, lookup?: number): ValueId {
    const key = lookup === undefined ? `i${symbol.slot}` : `g${lookup}:${symbol.name ?? symbol.ordinal}`;
    return this.#intern(key, () => ({ kind: 'import', symbol, ...(lookup === undefined ? {} : { lookup }) }));
  }

  bytes(rva: number, count: number): ValueId {
    return this.#intern(`b${rva}:${count}`, () => ({ kind: 'bytes', rva, count }));
  }

  pair(low: ValueId, high: ValueId): ValueId {
    return this.#pair(Pair.vector, low, high, () => ({ kind: 'pair', low, high }));
  }

  load(address: ValueId, width: number): ValueId {
    if (address === UNKNOWN || address === UNSET) return UNKNOWN;
    const word = width < 4 ? UNSET : wordMade(this.nodes, this.address(address), width);
    return word !== UNSET ? word : this.#pair(Pair.load, address, width, () => ({ kind: 'load', address, width }));
  }

  pointer(text: ValueId): ValueId {
    return this.#pair(Pair.pointer, text, 0, () => ({ kind: 'pointer', text }));
  }

  /** `text`, with a step that is assumed at the call `site`. */
  assumed(text: ValueId, site: number, by: string): ValueId {
    return this.#pair(Pair.assumed, site, text, () => ({ kind: 'assumed', text, site, by }));
  }

  registryKey(parent: ValueId, subkey: ValueId, site: number): ValueId {
    return this.#intern(`k${parent}:${subkey}`, () => ({ kind: 'registry-key', parent, subkey, site }));
  }

  difference(left: ValueId, right: ValueId): ValueId {
    return this.#pair(Pair.difference, left, right, () => ({ kind: 'difference', left, right }));
  }

  literal(text: string, rva: number, wide: boolean): ValueId {
    return this.#intern(`s${rva}:${wide ? 1 : 0}:${text}`, () => ({ kind: 'literal', text, rva, wide }));
  }

  /** Text that stands in instructions as numbers; `rva` is that of the instruction or data they come from. */
  immediateText(text: string, rva: number, wide: boolean): ValueId {
    return this.#intern(`m${rva}:${wide ? 1 : 0}:${text}`, () => ({
      kind: 'literal',
      text,
      rva,
      wide,
      immediate: rva,
    }));
  }

  textAt(address: ValueId, wide: boolean | undefined): ValueId {
    if (address === UNKNOWN || address === UNSET) return UNKNOWN;
    return this.#pair(Pair.text, address, wide === undefined ? 2 : wide ? 1 : 0, () => ({
      kind: 'text-at',
      address,
      wide,
    }));
  }

  concat(parts: readonly ValueId[], site: number, by: string): ValueId {
    if (parts.length === 1) return parts[0];
    return this.#intern(`+${parts.join(',')}@${site}`, () => ({ kind: 'concat', parts, site, by }));
  }

  resource(node: ValueNode & { readonly kind: 'resource' }): ValueId {
    return node.id === UNKNOWN ? UNKNOWN : this.#intern(`r${node.from}:${node.id}@${node.site}`, () => node);
  }

  format(node: ValueNode & { readonly kind: 'format' }): ValueId {
    const { format, syntax, wide, site } = node;
    return this.#intern(`f${format}(${node.arguments.join(',')})${wide ? 1 : 0}${syntax}@${site}`, () => node);
  }

  source(source: TextSource, detail: string, site: number, of: readonly ValueId[] = []): ValueId {
    return this.#intern(`q${source}:${detail}:${of.join(',')}@${site}`, () => ({
      kind: 'source',
      source,
      detail,
      of,
      site,
    }));
  }

  folderOf(path: ValueId, site: number): ValueId {
    return this.#intern(`/${path}@${site}`, () => ({ kind: 'folder-of', path, site }));
  }

  /** The alternatives of a value: itself, or the members of a choice. */
  alternatives(id: ValueId): readonly ValueId[] {
    const node = this.nodes[id];
    return node.kind === 'choice' ? node.of : [id];
  }

  /** One or the other; joins of states ask for the same two again and again. */
  either(a: ValueId, b: ValueId): ValueId {
    if (a === b || b === UNSET) return a;
    if (a === UNSET) return b;
    const low = a < b ? a : b;
    const high = a < b ? b : a;
    let id = this.#pairs.get(Pair.either, low, high);
    if (id === 0) {
      id = this.#united(merged(this.alternatives(low), this.alternatives(high)));
      this.#pairs.set(Pair.either, low, high, id);
    }
    return id;
  }

  /** One of several; unknown members are kept (they say that something else may come), past a dozen all is unknown. */
  choice(members: readonly ValueId[]): ValueId {
    let of: readonly ValueId[] = [];
    for (const member of members) {
      if (member === UNSET) continue;
      of = of.length === 0 ? this.alternatives(member) : merged(of, this.alternatives(member));
      if (of.length > CHOICE_LIMIT) return UNKNOWN;
    }
    return this.#united(of);
  }

  /** The choice of ascending, distinct ids: found by its beginning and its last member. */
  #united(of: readonly ValueId[]): ValueId {
    if (of.length === 0) return UNSET;
    if (of.length > CHOICE_LIMIT) return UNKNOWN;
    let id = of[0];
    for (let n = 1; n < of.length; n++) {
      id = this.#pair(Pair.chain, id, of[n], () => ({ kind: 'choice', of: of.slice(0, n + 1) }));
      if (id === UNKNOWN) return UNKNOWN;
    }
    return id;
  }

  /** id + offset, folded where the base is known. */
  add(id: ValueId, offset: number): ValueId {
    if (offset === 0 || id === UNKNOWN || id === UNSET) return id;
    const node = this.nodes[id];
    switch (node.kind) {
      case 'constant':
        return Number.isSafeInteger(node.value) ? this.constant(node.value + offset) : UNKNOWN;
      case 'frame':
        return this.frame(node.offset + offset);
      case 'add': {
        const sum = node.offset + offset;
        return sum === 0 ? node.base : this.add(node.base, sum);
      }
      case 'within': {
        // More than a step: the address of a buffer in the frame, to which the place in it was added first.
        const base = this.nodes[node.base];
        // A field of an element.
        if (node.stride !== undefined && offset > 0 && offset < node.stride)
          return this.within(this.add(node.base, offset), node.stride);
        return base.kind === 'frame' && offset > STEP_LIMIT ? this.within(this.frame(base.offset + offset)) : id;
      }
      case 'found':
        return id;
      case 'choice':
        return this.choice(node.of.map((one) => this.add(one, offset)));
      case 'difference':
      case 'bytes':
      case 'import':
        return UNKNOWN;
      default: {
        if (offset < -0x7fffffff || offset > 0x7fffffff) return UNKNOWN;
        return this.#pair(Pair.add, id, offset, () => ({ kind: 'add', base: id, offset }));
      }
    }
  }

  /** `id` moved by an amount that is not known; only addresses stay of interest. */
  within(id: ValueId, stride = 0): ValueId {
    const node = this.nodes[id];
    if (node.kind === 'within' || node.kind === 'found') return id;
    if (node.kind === 'choice') return this.choice(node.of.map((one) => this.within(one, stride)));
    if (!this.address(id)) return UNKNOWN;
    return this.#pair(Pair.within, id, stride, () => ({ kind: 'within', base: id, ...(stride > 0 ? { stride } : {}) }));
  }

  /** A place inside the text at `id` that a search found. */
  found(id: ValueId): ValueId {
    const node = this.nodes[id];
    if (node.kind === 'choice') return this.choice(node.of.map((one) => this.found(one)));
    if (node.kind === 'found') return id;
    const base = node.kind === 'within' ? node.base : id;
    return this.address(base) ? this.#pair(Pair.found, base, 0, () => ({ kind: 'found', base })) : UNKNOWN;
  }

  /** The buffer that an address within it belongs to; any other address as it is. */
  buffer(id: ValueId): ValueId {
    const node = this.nodes[id];
    return node.kind === 'within' || node.kind === 'found' ? node.base : id;
  }

  /** The number, or undefined when the value is not one. */
  number(id: ValueId): number | undefined {
    const node = this.nodes[id];
    return node.kind === 'constant' ? node.value : undefined;
  }

  /** Base and offset of an address: (frame, n), (constants, n), (parameter..., n). `somewhere` when the offset is not known. */
  address(id: ValueId): Place | undefined {
    const place = this.#places[id];
    return place === undefined ? this.#findPlace(id) : (place ?? undefined);
  }

  #findPlace(id: ValueId): Place | undefined {
    const place = placeOfNode(id, this.nodes[id], (one) => this.address(one));
    this.#places[id] = place ?? null;
    return place;
  }
}
