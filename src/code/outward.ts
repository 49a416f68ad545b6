// Following a value out of its function: through the arguments of every caller, a few levels up, and through global variables.
import type { Call } from './call.ts';
import { substitution } from './callee.ts';
import type { ModuleFlow } from './flow.ts';
import { instructionAt } from './functions.ts';
import { Globals, type GlobalWrite } from './globals.ts';
import { literalAt } from './image-text.ts';
import { TEXT } from './query.ts';
import { openEnds, rewriter, unchanged } from './rewrite.ts';
import { partOf } from './texts.ts';
import { ABSOLUTE, UNKNOWN, UNSET, type ValueId } from './values.ts';

/** Levels of callers that are followed. */
const LEVELS = 3;
/** Callers of one function that are followed. */
const CALLER_LIMIT = 40;
/** Ways that are followed for one site in all. */
const WAY_LIMIT = 96;
const GLOBAL_DEPTH = 3;

/** Several values of one site, as one way of callers gives them. */
export interface Way {
  readonly values: readonly ValueId[];
  /** RVAs of the calls on the way, nearest to the site first. */
  readonly via: readonly number[];
}

/** Follows values of one module outward. */
export class Outward {
  readonly #flow: ModuleFlow;
  readonly #globals: Globals;
  readonly #settling = new Set<string>();
  readonly #every = new Map<number, readonly Call[] | undefined>();

  constructor(flow: ModuleFlow) {
    this.#flow = flow;
    this.#globals = new Globals(flow);
  }

  /**
   * What `extract` reads at a site, in every way that callers give. Where a branch of the site's function depends on parameters, the
   * function is asked again with each caller's constants for those: a caller whose constants never come to the site gives no way.
   */
  ways(
    site: Call,
    start: number,
    testedParameters: () => ReadonlySet<number>,
    extract: (call: Call) => readonly ValueId[],
  ): readonly Way[] {
    const values = extract(site);
    const found: Way[] = [];
    if (!this.#needsCaller(values)) return [this.#settled(values, [])];
    let contradicted = 0;
    const tested = testedParameters();
    for (const call of this.#callsTo(start)) {
      if (found.length >= WAY_LIMIT) break;
      const again = this.#bound(call, site, start, tested);
      if (!again) {
        contradicted++;
        continue;
      }
      const substitute = substitution(call.call);
      found.push(...this.#up(extract(again).map(substitute), call.caller, [call.call.site], LEVELS - 1));
    }
    if (found.length === 0 && contradicted === 0) found.push(this.#settled(values, []));
    return found;
  }

  /** What values of a function may be, in every way that callers give. */
  waysOf(values: readonly ValueId[], start: number): readonly Way[] {
    return this.#up(values, start, [], LEVELS);
  }

  /** Whether control comes to a site: false where every call of its function gives constants with which it does not, and nothing else leads there. */
  isReached(site: Call, start: number, tested: ReadonlySet<number>): boolean {
    if (tested.size === 0) return true;
    const calls = this.everyCallTo(start);
    return calls === undefined || calls.some((call) => this.#bound({ call }, site, start, tested));
  }

  /** Every call of a function that there is; undefined where others may be. */
  everyCallTo(start: number): readonly Call[] | undefined {
    const known = this.#every.get(start);
    if (known !== undefined || this.#every.has(start)) return known;
    const calls = this.#flow.isNamed(start) ? undefined : this.#findEveryCallTo(start);
    this.#every.set(start, calls);
    return calls;
  }

  #findEveryCallTo(start: number): readonly Call[] | undefined {
    const bySite = new Map<number, number>();
    for (const site of this.#flow.calls.to(start)) bySite.set(site, this.#flow.functionHolding(site));
    const callers = new Set(bySite.values());
    if (bySite.size === 0 || bySite.size > CALLER_LIMIT || callers.has(-1) || callers.has(start)) return undefined;
    const calls = [...callers].flatMap((caller) => this.#flow.callsBetween(caller, start));
    const found = new Set(calls.map((call) => call.site));
    return [...bySite.keys()].every((site) => found.has(site)) ? calls : undefined;
  }

  #up(values: readonly ValueId[], start: number, via: readonly number[], levels: number): readonly Way[] {
    const { table } = this.#flow;
    const ends = values.map((value) => openEnds(table, value));
    if (!ends.some((one) => one.caller)) return [this.#settled(values, via)];
    const found: Way[] = [];
    // What stands in an object is not followed as far up as an argument: whoever made it seldom says what it holds.
    if (levels > 1 || (levels === 1 && ends.some((one) => one.argument))) {
      for (const { call, caller } of this.#callsTo(start)) {
        if (found.length >= WAY_LIMIT) break;
        if (via.includes(call.site)) continue;
        const substitute = substitution(call);
        found.push(...this.#up(values.map(substitute), caller, [...via, call.site], levels - 1));
      }
    }
    return found.length > 0 ? found : [this.#settled(values, via)];
  }

  #callsTo(start: number): readonly { readonly call: Call; readonly caller: number }[] {
    const seen = new Set<number>();
    const calls: { call: Call; caller: number }[] = [];
    for (const { function: caller } of this.#flow.callersOf(start)) {
      if (seen.has(caller) || caller === start) continue;
      seen.add(caller);
      for (const call of this.#flow.callsBetween(caller, start)) calls.push({ call, caller });
      if (calls.length >= CALLER_LIMIT) break;
    }
    return calls.slice(0, CALLER_LIMIT);
  }

  /** The site in the function with the caller's constants; undefined when control then does not come to it. */
  #bound(from: { readonly call: Call }, site: Call, start: number, tested: ReadonlySet<number>): Call | undefined {
    const { table } = this.#flow;
    const bindings = new Map<number, ValueId>();
    for (const index of tested) {
      if (!from.call.indices.includes(index)) continue;
      const value = from.call.argument(index);
      if (table.number(value) !== undefined) bindings.set(index, value);
    }
    const values = bindings.size === 0 ? undefined : this.#flow.bound(start, bindings);
    if (!values) return site;
    const i = instructionAt(values.code, site.site);
    return values.comesTo(i) ? values.call(i) : undefined;
  }

  #needsCaller(values: readonly ValueId[]): boolean {
    return values.some((value) => openEnds(this.#flow.table, value).caller);
  }

  #settled(values: readonly ValueId[], via: readonly number[]): Way {
    return { values: values.map((value) => this.settle(value, 0)), via };
  }

  /** The value with global variables replaced by what the module keeps in them. */
  settle(value: ValueId, depth: number): ValueId {
    const { table } = this.#flow;
    if (!openEnds(table, value).global) return value;
    const keep = rewriter(table, {
      ...unchanged(table),
      load: (address, width) => this.#word(address, width, depth),
      field: (address, width) => this.#field(address, width, depth),
      textAt: (address, wide) => this.#text(address, wide, depth),
      textOf: (pointer, wide) => this.#text(pointer, wide, depth),
    });
    return keep(value);
  }

  /** What the variable at `address` may hold. */
  #word(address: ValueId, width: number, depth: number): ValueId {
    const { table } = this.#flow;
    const place = table.address(address);
    if (place?.base !== ABSOLUTE) return table.load(address, width);
    if (place.somewhere) {
      const entries = this.#globals.table(place.offset);
      return entries.length > 0 ? table.choice(entries) : table.load(address, width);
    }
    const written = this.#written(place.offset, width, depth);
    const initial = this.#globals.initialWord(place.offset, width);
    const all = [initial, ...written].filter((one) => one !== UNSET);
    return all.length > 0 ? table.choice(all) : table.load(address, width);
  }

  /** What stands in a field of an object, or of any element of an array, that a variable points to; UNSET where nothing is seen to write it. */
  #field(address: ValueId, width: number, depth: number): ValueId {
    const { table, image } = this.#flow;
    const place = table.address(address);
    const pointer = place && place.base >= 0 ? table.node(place.base) : undefined;
    if (!place || pointer?.kind !== 'load' || width !== image.pointerSize) return UNSET;
    const variable = table.address(pointer.address);
    if (variable?.base !== ABSOLUTE || variable.somewhere) return UNSET;
    const { offset } = variable;
    const all = this.#settleAll(`${offset}:${place.offset}+`, depth, () =>
      this.#globals.fieldWrites(offset, place.offset),
    );
    return all.length > 0 ? table.choice(all) : UNSET;
  }

  #text(address: ValueId, wide: boolean | undefined, depth: number): ValueId {
    const { table } = this.#flow;
    const node = table.node(address);
    if (node.kind === 'choice') return table.choice(node.of.map((one) => this.#text(one, wide, depth)));
    if (node.kind === 'pointer') return node.text;
    const behind = node.kind === 'within' || node.kind === 'found' ? table.node(node.base) : node;
    if (behind.kind === 'pointer') return partOf(table, behind.text, address, wide);
    const place = table.address(address);
    if (place?.base !== ABSOLUTE || place.somewhere) return table.textAt(address, wide);
    const literal = literalAt(table, this.#flow.image, place.offset, wide);
    const rva = this.#flow.image.rvaOf(place.offset);
    if (literal !== UNSET && !this.#flow.image.isWritable(rva)) return literal;
    const all = [literal, ...this.#written(place.offset, TEXT, depth)].filter((one) => one !== UNSET);
    return all.length > 0 ? table.choice(all) : table.textAt(address, wide);
  }

  #written(va: number, width: number, depth: number): readonly ValueId[] {
    return this.#settleAll(`${va}:${width}`, depth, () => this.#globals.writes(va, width));
  }

  #settleAll(key: string, depth: number, writes: () => readonly GlobalWrite[]): readonly ValueId[] {
    if (depth >= GLOBAL_DEPTH || this.#settling.has(key)) return [];
    this.#settling.add(key);
    const values: ValueId[] = [];
    for (const write of writes()) {
      const ways = openEnds(this.#flow.table, write.value).caller
        ? this.#up([write.value], write.function, [], 2)
        : [{ values: [write.value] }];
      for (const way of ways) {
        const value = this.settle(way.values[0], depth + 1);
        if (value !== UNKNOWN) values.push(value);
      }
    }
    this.#settling.delete(key);
    return values;
  }
}
