// One module made ready for following values: its functions, its imports as values, its summaries, each made when first asked for.
import type { PeImage } from '../pe/image.ts';
import type { ImportedSymbol } from '../pe/imports.ts';
import type { Call, CallTarget } from './call.ts';
import { type FunctionBody, ModuleCode } from './functions.ts';
import { BASE_RVA, NO_TARGET } from './instruction.ts';
import { interpret, type Run, type RunOptions, type Surroundings } from './interpret.ts';
import type { InitialMemory } from './memory.ts';
import type { Summary } from './summary.ts';
import { ValueTable } from './value-table.ts';
import { UNSET, type ValueId } from './values.ts';
import { type CallIndex, firstAtLeast, indexCalls } from './xrefs.ts';

const SUMMARY_INSTRUCTION_LIMIT = 1200;
const SUMMARY_STEP_LIMIT = 12_000;
const SUMMARY_DEPTH_LIMIT = 10;
const RUN_STEP_LIMIT = 400_000;
/** Steps that all summaries of one module may take together. */
const MODULE_STEP_BUDGET = 20_000_000;

export class ModuleFlow implements Surroundings {
  readonly image: PeImage;
  readonly code: ModuleCode;
  /** Every imported and delay-imported symbol. */
  readonly symbols: readonly ImportedSymbol[];
  readonly table = new ValueTable();
  readonly initial: InitialMemory;
  readonly guardDispatch: ReadonlySet<number>;
  readonly guardCheck: ReadonlySet<number>;
  readonly #imports = new Map<number, ValueId>();
  readonly #summaries = new Map<number, Summary | undefined>();
  readonly #thunks = new Map<number, ValueId>();
  readonly #open = new Set<number>();
  readonly #globalWrites = new Map<string, ReadonlyMap<string, ReadonlySet<ValueId>>>();
  readonly #between = new Map<string, readonly Call[]>();
  #calls: CallIndex | undefined;
  #leaves: readonly number[] | undefined;
  #budget = MODULE_STEP_BUDGET;

  constructor(image: PeImage) {
    this.image = image;
    this.code = new ModuleCode(image);
    this.symbols = [...image.imports, ...image.delayImports];
    for (const symbol of this.symbols) this.#imports.set(symbol.slot, this.table.import(symbol));
    this.initial = {
      image,
      pointerSize: image.is64 ? 8 : 4,
      firstStackArgument: image.is64 ? { offset: 40, index: 4 } : { offset: 4, index: 0 },
      importAt: (rva) => this.#imports.get(rva) ?? UNSET,
    };
    const config = image.loadConfig;
    this.guardDispatch = new Set(
      [
        config?.guardCFDispatchFunctionPointer ?? -1,
        config?.guardXFGDispatchFunctionPointer ?? -1,
        config?.guardXFGTableDispatchFunctionPointer ?? -1,
      ].filter((rva) => rva >= 0),
    );
    this.guardCheck = new Set(
      [config?.guardCFCheckFunctionPointer ?? -1, config?.guardXFGCheckFunctionPointer ?? -1].filter((rva) => rva >= 0),
    );
  }

  /** Calls and jumps between functions, indexed when first asked for. */
  get calls(): CallIndex {
    this.#calls ??= indexCalls(this.image);
    return this.#calls;
  }

  /** The import behind a thunk: `jmp [slot]`, also behind a few `jmp rel32`. */
  thunk(rva: number): ValueId {
    const known = this.#thunks.get(rva);
    if (known !== undefined) return known;
    this.#thunks.set(rva, UNSET);
    const value = this.#readThunk(rva, 4);
    this.#thunks.set(rva, value);
    return value;
  }

  #readThunk(rva: number, hops: number): ValueId {
    const { image } = this;
    let at = rva;
    if (image.readU8(at) === 0xf3 && image.readU32(at) === 0xfa1e0ff3) at += 4;
    if (image.readU8(at) === 0x48) at++;
    const first = image.readU8(at);
    if (first === 0xff && image.readU8(at + 1) === 0x25) {
      const displacement = image.readU32(at + 2);
      const slot = image.is64 ? at + 6 + (displacement | 0) : displacement - image.imageBase;
      return this.#imports.get(slot) ?? UNSET;
    }
    if (first === 0xe9 && hops > 0) return this.#readThunk(rva + 5 + (image.readU32(rva + 1) | 0), hops - 1);
    return UNSET;
  }

  /** Start of the function that holds `rva`: by .pdata, else the nearest known entry before it whose code comes to it; -1 when there is none. */
  functionHolding(rva: number): number {
    const listed = this.code.functionAt(rva);
    if (listed >= 0) return listed;
    const entries = this.#leafEntries();
    const behind = firstAtLeast(entries, rva + 1);
    for (let i = behind - 1; i >= 0 && i >= behind - 3; i--) {
      const body = this.code.body(entries[i]);
      if (body?.parts.some((part) => rva >= part.begin && rva < part.end)) return entries[i];
    }
    return -1;
  }

  /** Entries of functions without .pdata: the program's entry, exports, TLS callbacks, call targets and code pointers in data; ascending. */
  #leafEntries(): readonly number[] {
    if (!this.#leaves) {
      const { image } = this;
      const entries = new Set<number>(this.calls.targets());
      if (image.entryPoint > 0) entries.add(image.entryPoint);
      for (const symbol of image.exports?.symbols ?? []) if (symbol.forwarder === undefined) entries.add(symbol.rva);
      for (const rva of image.tlsCallbacks) entries.add(rva);
      for (const at of image.relocations) entries.add(image.rvaOf(image.readPointer(at)));
      this.#leaves = [...entries]
        .filter((rva) => rva > 0 && image.isCode(rva) && this.code.functionAt(rva) < 0)
        .sort((a, b) => a - b);
    }
    return this.#leaves;
  }

  summaryOf(rva: number): Summary | undefined {
    if (this.#summaries.has(rva)) return this.#summaries.get(rva);
    if (this.#open.has(rva) || this.#open.size >= SUMMARY_DEPTH_LIMIT || this.#budget <= 0) return undefined;
    const body = this.code.body(rva);
    if (!body || body.listing.count > SUMMARY_INSTRUCTION_LIMIT) {
      this.#summaries.set(rva, undefined);
      return undefined;
    }
    this.#open.add(rva);
    const run = interpret(body, this, { stepLimit: SUMMARY_STEP_LIMIT });
    this.#open.delete(rva);
    this.#budget -= run.steps;
    const summary = run.limited ? undefined : run.summary;
    this.#summaries.set(rva, summary);
    return summary;
  }

  /** Makes an address in the module known as one that holds an imported function's address (a pointer kept by GetProcAddress). */
  keepImport(rva: number, value: ValueId): void {
    this.#imports.set(rva, value);
  }

  /** What a function writes to the global variable at `rva`, "va:width" to values in its own terms; only the ways to where it names it are run. */
  globalWrites(start: number, rva: number): ReadonlyMap<string, ReadonlySet<ValueId>> {
    const key = `${start}:${rva}`;
    const known = this.#globalWrites.get(key);
    if (known) return known;
    this.#globalWrites.set(key, new Map());
    const body = this.code.body(start);
    if (!body || this.#open.has(start)) return new Map();
    const { listing } = body;
    const towards: number[] = [];
    for (let i = 0; i < listing.count; i++)
      if (listing.base[i] === BASE_RVA && listing.disp[i] >>> 0 === rva) towards.push(i);
    const writes = this.run(body, () => false, { towards }).memory.globals;
    this.#globalWrites.set(key, writes);
    return writes;
  }

  /** Functions that call (or tail-jump to) `callee`, thunks followed. */
  callersOf(callee: number): readonly { readonly function: number; readonly site: number }[] {
    const found: { function: number; site: number }[] = [];
    const visit = (target: number, hops: number): void => {
      for (const site of this.calls.callersOf(target)) {
        const owner = this.functionHolding(site);
        if (owner >= 0) found.push({ function: owner, site });
        else if (hops > 0 && this.image.readU8(site) === 0xe9) visit(site, hops - 1);
      }
    };
    visit(callee, 3);
    return found;
  }

  /** The calls that `caller` makes to `callee`, with their state. */
  callsBetween(caller: number, callee: number): readonly Call[] {
    const key = `${caller}:${callee}`;
    const known = this.#between.get(key);
    if (known) return known;
    this.#between.set(key, []);
    const body = this.code.body(caller);
    if (!body) return [];
    const { listing } = body;
    const reaches = (target: number): boolean => target === callee || this.#jumpsTo(target, callee);
    const towards: number[] = [];
    for (let i = 0; i < listing.count; i++)
      if (listing.target[i] !== NO_TARGET && reaches(listing.target[i])) towards.push(i);
    const run = this.run(body, (target) => target.kind === 'function' && reaches(target.rva), { towards });
    const calls = [...run.calls.values()];
    this.#between.set(key, calls);
    return calls;
  }

  #jumpsTo(from: number, to: number): boolean {
    let at = from;
    for (let hops = 0; hops < 3 && this.image.readU8(at) === 0xe9; hops++) {
      at += 5 + (this.image.readU32(at + 1) | 0);
      if (at === to) return true;
    }
    return false;
  }

  /** Runs one function and keeps the calls that `observe` wants. */
  run(
    body: FunctionBody,
    observe: (target: CallTarget, site: number) => boolean,
    options: Pick<RunOptions, 'towards' | 'bindings'> = {},
  ): Run {
    const before = this.#open.has(body.start);
    this.#open.add(body.start);
    const run = interpret(body, this, { ...options, observe, stepLimit: RUN_STEP_LIMIT });
    if (!before) this.#open.delete(body.start);
    return run;
  }
}
