// One module made ready for following values: its functions, its imports as values, its summaries, each made when first asked for.
import type { PeImage } from '../pe/image.ts';
import type { ImportedSymbol } from '../pe/imports.ts';
import type { CallTarget } from './call.ts';
import { type FunctionBody, ModuleCode } from './functions.ts';
import { interpret, type Run, type Surroundings } from './interpret.ts';
import type { InitialMemory } from './memory.ts';
import type { Summary } from './summary.ts';
import { UNSET, type ValueId, ValueTable } from './values.ts';
import { type CallIndex, indexCalls } from './xrefs.ts';

const SUMMARY_INSTRUCTION_LIMIT = 3000;
const SUMMARY_STEP_LIMIT = 20_000;
const SUMMARY_DEPTH_LIMIT = 10;
const RUN_STEP_LIMIT = 400_000;
/** Steps that all summaries of one module may take together. */
const MODULE_STEP_BUDGET = 20_000_000;

export class ModuleFlow implements Surroundings {
  readonly image: PeImage;
  readonly code: ModuleCode;
  readonly table = new ValueTable();
  readonly initial: InitialMemory;
  readonly guardDispatch: ReadonlySet<number>;
  readonly guardCheck: ReadonlySet<number>;
  readonly #imports = new Map<number, ValueId>();
  readonly #summaries = new Map<number, Summary | undefined>();
  readonly #thunks = new Map<number, ValueId>();
  readonly #open = new Set<number>();
  #calls: CallIndex | undefined;
  #budget = MODULE_STEP_BUDGET;

  constructor(image: PeImage) {
    this.image = image;
    this.code = new ModuleCode(image);
    for (const symbol of [...image.imports, ...image.delayImports]) this.#imports.set(symbol.slot, this.table.import(symbol));
    this.initial = {
      image,
      pointerSize: image.is64 ? 8 : 4,
      firstStackArgument: image.is64 ? { offset: 40, index: 4 } : { offset: 4, index: 0 },
      importAt: (rva) => this.#imports.get(rva) ?? UNSET,
    };
    const config = image.loadConfig;
    this.guardDispatch = new Set([config?.guardCFDispatchFunctionPointer ?? -1, config?.guardXFGDispatchFunctionPointer ?? -1, config?.guardXFGTableDispatchFunctionPointer ?? -1].filter((rva) => rva >= 0));
    this.guardCheck = new Set([config?.guardCFCheckFunctionPointer ?? -1, config?.guardXFGCheckFunctionPointer ?? -1].filter((rva) => rva >= 0));
  }

  /** Every imported and delay-imported symbol. */
  get symbols(): readonly ImportedSymbol[] {
    return [...this.image.imports, ...this.image.delayImports];
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

  /** Runs one function and keeps the calls that `observe` wants. */
  run(body: FunctionBody, observe: (target: CallTarget, site: number) => boolean, towards?: readonly number[]): Run {
    this.#open.add(body.start);
    const run = interpret(body, this, { observe, stepLimit: RUN_STEP_LIMIT, ...(towards ? { towards } : {}) });
    this.#open.delete(body.start);
    return run;
  }
}
