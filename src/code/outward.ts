// Following a value out of its function: through the arguments of every caller, a few levels up, and through global variables.
import type { Call } from './call.ts';
import { substitution } from './callee.ts';
import { constantText, isSameText } from './constant-comparison.ts';
import type { ModuleFlow } from './flow.ts';
import { instructionAt } from './functions.ts';
import { Globals, type GlobalWrite } from './globals.ts';
import { literalAt } from './image-text.ts';
import { Op } from './instruction.ts';
import { KeptValues, keptBehind } from './kept-values.ts';
import { TEXT } from './query.ts';
import { resourceText } from './resource-texts.ts';
import { openEnds, rewriter, unchanged } from './rewrite.ts';
import { type CallByWindows, RoutineCalls } from './routine-calls.ts';
import { partOf } from './texts.ts';
import { ABSOLUTE, UNKNOWN, UNSET, type ValueId } from './values.ts';

/** Levels of callers that are followed. */
const LEVELS = 3;
/** Callers of one function that are followed. */
const CALLER_LIMIT = 40;
/** Ways that are followed for one site in all. */
const WAY_LIMIT = 96;
/** Texts that a parameter is compared with, past which they are not looked at one by one. */
const COMPARED_LIMIT = 8;
const GLOBAL_DEPTH = 3;
/** Values that Windows keeps, or what stands behind them, that are asked for in one module. */
const TAKEN_LIMIT = 400;

/** Several values of one site, as one way of callers gives them. */
export interface Way {
  readonly values: readonly ValueId[];
  /** RVAs of the calls on the way, nearest to the site first. */
  readonly via: readonly number[];
}

/** A call of a function, and the function that makes it. */
interface CallTo {
  readonly call: Call;
  readonly caller: number;
}

/** A call with what is assumed of what its function was given, the site as it is then, and whether a call of that function may give that. */
interface Case {
  readonly call: Call;
  readonly again: Call;
  readonly gives: (call: Call) => boolean;
}

/** Follows values of one module outward. */
export class Outward {
  readonly #flow: ModuleFlow;
  readonly #globals: Globals;
  readonly #keptValues: KeptValues;
  readonly #routines: RoutineCalls;
  /** What was found to be behind what Windows keeps, by value and depth. */
  readonly #taken = new Map<string, ValueId>();
  readonly #settling = new Set<string>();
  readonly #every = new Map<number, readonly Call[] | undefined>();

  constructor(flow: ModuleFlow) {
    this.#flow = flow;
    this.#globals = new Globals(flow);
    this.#keptValues = new KeptValues(flow);
    this.#routines = new RoutineCalls(flow);
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
    /** Whether control comes to the site by the call. */
    const follow = ({ call, caller }: CallTo): boolean => {
      const cases = this.#casesOf(call, caller, site, start, tested);
      for (const one of cases) {
        const values = extract(one.again).map(substitution(one.call));
        found.push(...this.#up(values, caller, call.site, [call.site], LEVELS - 1, one.gives));
      }
      return cases.length > 0;
    };
    for (const one of this.#callsTo(start)) {
      if (found.length >= WAY_LIMIT) break;
      if (!follow(one)) contradicted++;
    }
    for (const one of this.#callsByWindows(start, site.site)) {
      if (found.length >= WAY_LIMIT) break;
      follow(one);
    }
    // A function whose address was given away may be called with other constants than those that are seen.
    if (found.length === 0 && (contradicted === 0 || this.#flow.isNamed(start))) found.push(this.#settled(values, []));
    return found;
  }

  /** What values may be, in every way that the callers of the function at `start` give. */
  waysOf(values: readonly ValueId[], start: number): readonly Way[] {
    return this.#up(values, start, start, [], LEVELS);
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

  /** The values, which are asked for at an instruction of the function at `start`, in the terms of those who call it. */
  #up(
    values: readonly ValueId[],
    start: number,
    at: number,
    via: readonly number[],
    levels: number,
    gives: (call: Call) => boolean = () => true,
  ): readonly Way[] {
    const { table } = this.#flow;
    const ends = values.map((value) => openEnds(table, value));
    if (!ends.some((one) => one.caller)) return [this.#settled(values, via)];
    const found: Way[] = [];
    let contradicted = 0;
    // What stands in an object is not followed as far up as an argument, unless it is only passed on: whoever made it seldom says what it holds.
    const isFollowed = levels > 1 || (levels === 1 && (ends.some((one) => one.argument) || this.#passesOn(start)));
    const callers = isFollowed ? this.#callsTo(start) : [];
    for (const { call, caller } of levels > 0 ? [...callers, ...this.#callsByWindows(start, at)] : []) {
      if (found.length >= WAY_LIMIT) break;
      if (via.includes(call.site)) continue;
      if (!gives(call)) {
        contradicted++;
        continue;
      }
      const substitute = substitution(call);
      found.push(...this.#up(values.map(substitute), caller, call.site, [...via, call.site], levels - 1));
    }
    // Every call that there is gives another text.
    if (contradicted > 0 && contradicted === this.everyCallTo(start)?.length) return [];
    return found.length > 0 ? found : [this.#settled(values, via)];
  }

  /** Whether a function makes one call without a branch, and only passes on what it was given. */
  #passesOn(start: number): boolean {
    const body = this.#flow.code.body(start);
    if (body?.reached !== 1) return false;
    const { op } = body.listing;
    const { first, end } = body.blocks[0];
    let calls = 0;
    for (let i = first; i < end; i++) if (op[i] === Op.call || op[i] === Op.jmp) calls++;
    return calls === 1;
  }

  #callsTo(start: number): readonly CallTo[] {
    const seen = new Set<number>();
    const calls: CallTo[] = [];
    for (const { function: caller } of this.#flow.callersOf(start)) {
      if (seen.has(caller) || caller === start) continue;
      seen.add(caller);
      for (const call of this.#flow.callsBetween(caller, start)) calls.push({ call, caller });
      if (calls.length >= CALLER_LIMIT) break;
    }
    return calls.slice(0, CALLER_LIMIT);
  }

  /** The calls that Windows makes to a function, as far as they come to the instruction at `at`: one about a message, where no other message does. */
  #callsByWindows(start: number, at: number): readonly CallByWindows[] {
    const comesWith = (about: number, value: ValueId): boolean => {
      const values = this.#flow.bound(start, new Map([[about, value]]));
      return values?.comesTo(instructionAt(values.code, at)) === true;
    };
    return this.#routines.to(start).filter(({ call, about }) => {
      if (about === undefined) return true;
      return comesWith(about, call.argument(about)) && !comesWith(about, this.#flow.table.constant(0));
    });
  }

  /**
   * The ways in which a call leads to the site. Where what it gives for a parameter that is tested depends on a text that its own function was
   * given, one for each text that is compared there: then the function is asked again with that text, and what only another one brings is left out.
   */
  #casesOf(call: Call, caller: number, site: Call, start: number, tested: ReadonlySet<number>): readonly Case[] {
    const again = this.#bound({ call }, site, start, tested);
    if (!again) return [];
    const { table, image } = this.#flow;
    const whole = [{ call, again, gives: () => true }];
    const isOpen = [...tested].some((n) => call.indices.includes(n) && table.number(call.argument(n)) === undefined);
    const compared = isOpen ? this.#flow.values(caller)?.comparedTexts() : undefined;
    if (compared?.size !== 1) return whole;
    const [[parameter, texts]] = compared;
    const literals = [...texts].map((text) => constantText(table, image, text));
    if (texts.size > COMPARED_LIMIT || literals.some((one) => !one?.text)) return whole;
    const sites = this.#flow.calls.to(caller);
    if (sites.length > CALLER_LIMIT || sites.some((at) => this.#flow.functionHolding(at) === caller)) return whole;
    const given = (text: ValueId): Case | undefined => {
      const values = this.#flow.bound(caller, new Map([[parameter, text]]));
      const i = values ? instructionAt(values.code, call.site) : -1;
      const inner = values?.comesTo(i) ? values.call(i) : undefined;
      const reached = inner && this.#bound({ call: inner }, site, start, tested);
      const literal = constantText(table, image, text);
      const gives = (from: Call): boolean => {
        const own = from.indices.includes(parameter) ? constantText(table, image, from.argument(parameter)) : undefined;
        return !own || !literal || isSameText(own, literal);
      };
      return inner && reached && { call: inner, again: reached, gives };
    };
    // None of them is empty: an empty one stands for any other.
    const isWide = literals.every((one) => one?.wide);
    if (given(table.pointer(table.literal('', 0, isWide)))) return whole;
    return [...texts].map(given).filter((one) => one !== undefined);
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
      resource: (node, id) => resourceText(table, this.#flow.image, { ...node, id }),
      kept: (id) => this.#kept(id, depth),
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
      const entries = this.#globals.table(place.offset, place.stride);
      return entries.length > 0 ? table.choice(entries) : table.load(address, width);
    }
    const written = this.#written(place.offset, width, depth);
    const initial = this.#globals.initialWord(place.offset, width);
    const all = [initial, ...written].filter((one) => one !== UNSET);
    return all.length > 0 ? table.choice(all) : table.load(address, width);
  }

  /** What was kept by Windows, or stands behind it, at each call that had it kept; itself where those do not tell, UNSET of anything else. */
  #kept(id: ValueId, depth: number): ValueId {
    const { table } = this.#flow;
    const kept = keptBehind(table, id);
    if (!kept) return UNSET;
    const about = `${id}:${depth}`;
    const known = this.#taken.get(about);
    if (known !== undefined) return known;
    if (depth >= GLOBAL_DEPTH || this.#taken.size >= TAKEN_LIMIT) return id;
    this.#taken.set(about, id);
    const key = kept.key === UNSET ? UNSET : this.settle(kept.key, depth + 1);
    // What is empty when it is put there, or put away, says nothing of what it is when it is taken.
    const all = this.#settleAll(`k${id}`, depth, () => this.#keptValues.writes(id, kept, key)).filter(
      (one) => table.number(one) !== 0,
    );
    const value =
      all.length === 0 ? id : this.#keptValues.isCut(kept, key) ? table.choice([...all, id]) : table.choice(all);
    this.#taken.set(about, value);
    return value;
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
        ? this.#up([write.value], write.function, write.at ?? -1, [], 2)
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
