// One module made ready for following values: its functions, its imports as values, what its functions answer their callers, each made when first asked for.
import type { PeImage } from '../pe/image.ts';
import type { ImportedSymbol } from '../pe/imports.ts';
import { AddressesInData } from './addresses-in-data.ts';
import type { Call } from './call.ts';
import type { Callee } from './callee.ts';
import { type Effort, FIRST, PATIENT, SECOND } from './effort.ts';
import { FunctionValues } from './function-values.ts';
import { ModuleCode } from './functions.ts';
import type { InitialMemory } from './initial-memory.ts';
import { NO_TARGET } from './instruction.ts';
import { queryKey } from './query.ts';
import type { Budget } from './questions.ts';
import type { PlacePairs, References } from './references.ts';
import { type StackEffect, stackEffectOf } from './stack-effect.ts';
import { bytesPopped } from './stdcall.ts';
import type { Surroundings } from './surroundings.ts';
import { ValueTable } from './value-table.ts';
import { UNKNOWN, UNSET, type ValueId } from './values.ts';

/** Addresses in data cannot be told from numbers: whatever looks like one may be one. */
const IMAGE_FILE_RELOCS_STRIPPED = 1;
const TWO32 = 2 ** 32;
/** The opcode of a near return. */
const RET = 0xc3;
/** `cmp rcx, [disp32]`: REX.W where it is 64 bits wide, the opcode, and the ModRM byte. */
const REX_W = 0x48;
const CMP = 0x3b;
const RCX_AND_DISPLACEMENT = 0x0d;
/** Bytes of a function that is followed on behalf of its callers. */
const CALLEE_LIMIT = 5500;
/** Bytes of a function that is looked through for what it leaves alone. Longer ones all write memory, and keep no register that they need not. */
const SHORT_FUNCTION = 300;
/** Functions within one another that are followed. */
const CALLEE_DEPTH_LIMIT = 10;
/** The same, where they are asked for a word, and for a text, that they wrote. */
const WORD_DEPTH_LIMIT = 4;
const TEXT_DEPTH_LIMIT = 6;
/** Functions that end in a jump to the next, for what they do to the stack. */
const JUMP_LIMIT = 8;
/** Functions that are kept with the constants of a caller. */
const BOUND_LIMIT = 1024;
/** Values that are worked out in one function, and in one module. */
const FUNCTION_LIMIT = 20_000;
const MODULE_LIMIT = 20_000_000;

export class ModuleFlow implements Surroundings {
  readonly image: PeImage;
  readonly code: ModuleCode;
  /** Every imported and delay-imported symbol. */
  readonly symbols: readonly ImportedSymbol[];
  readonly table: ValueTable;
  readonly initial: InitialMemory;
  readonly guardDispatch: ReadonlySet<number>;
  readonly guardCheck: ReadonlySet<number>;
  readonly #imports = new Map<number, ValueId>();
  readonly effort: Effort;
  readonly budget: Budget;
  readonly #values = new Map<number, FunctionValues | undefined>();
  readonly #returning = new Map<number, boolean>();
  /** Questions that took too much effort. */
  readonly #tooMuch = new Set<string>();
  readonly #kept = new Map<number, boolean>();
  readonly #writing = new Map<number, boolean>();
  readonly #callees = new Map<number, Callee | undefined>();
  readonly #cookieChecks = new Map<number, boolean>();
  #jumps = 0;
  readonly #stackEffects = new Map<number, StackEffect | undefined>();
  readonly #thunks = new Map<number, ValueId>();
  readonly #open = new Set<number>();
  readonly #between = new Map<string, readonly Call[]>();
  readonly #bound = new Map<string, FunctionValues>();
  /** RVAs that something beside code and pointers names. */
  #named: ReadonlySet<number> | undefined;
  #addressesInData: AddressesInData | undefined;
  #again: ModuleFlow | undefined;
  #patient: ModuleFlow | undefined;

  /** `starts` are RVAs at which symbols say that a function begins. `first` is the flow that was asked before, with less effort: what was read of the code is shared. */
  constructor(image: PeImage, starts?: Iterable<number>, effort: Effort = FIRST, first?: ModuleFlow) {
    this.image = image;
    this.effort = effort;
    this.budget = {
      left: MODULE_LIMIT,
      effort: Number.POSITIVE_INFINITY,
      pool: effort.site,
      depth: 0,
      short: false,
    };
    this.code = first?.code ?? new ModuleCode(image, starts);
    this.table = new ValueTable(image.is64 ? 8 : 4);
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

  /** Who refers to what, read from the code when first asked for. */
  get references(): References {
    return this.code.references;
  }

  /** The same module, followed further: for what this flow was asked in vain. */
  get again(): ModuleFlow {
    this.#again ??= new ModuleFlow(this.image, [], SECOND, this);
    return this.#again;
  }

  /** The same module, with more answers for one question: for what came to that limit. */
  get patient(): ModuleFlow {
    this.#patient ??= new ModuleFlow(this.image, [], PATIENT, this);
    return this.#patient;
  }

  /** Calls and jumps between functions. */
  get calls(): PlacePairs {
    return this.references.calls;
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

  checksCookie(rva: number): boolean {
    const known = this.#cookieChecks.get(rva);
    if (known !== undefined) return known;
    const checks = this.#comparesCookie(rva);
    this.#cookieChecks.set(rva, checks);
    return checks;
  }

  /** Whether a function begins with `cmp rcx, [cookie]` (`cmp ecx, [cookie]`), the cookie being the one that the load configuration names. */
  #comparesCookie(rva: number): boolean {
    const { image } = this;
    const cookie = image.loadConfig?.securityCookie ?? -1;
    const at = image.is64 && image.readU8(rva) === REX_W ? rva + 1 : rva;
    if (cookie < 0 || image.readU8(at) !== CMP || image.readU8(at + 1) !== RCX_AND_DISPLACEMENT) return false;
    const operand = image.readU32(at + 2);
    return (image.is64 ? at + 6 + (operand | 0) : operand - image.imageBase) === cookie;
  }

  /** Start of the function that holds `rva`; -1 when there is none. */
  functionHolding(rva: number): number {
    return this.code.functionHolding(rva);
  }

  /** The function that starts at `start`, asked for values; undefined when it is not decoded. */
  values(start: number): FunctionValues | undefined {
    if (this.#values.has(start)) return this.#values.get(start);
    const body = this.code.body(start);
    const values = body && new FunctionValues(body, this, FUNCTION_LIMIT);
    this.#values.set(start, values);
    return values;
  }

  callee(rva: number): Callee | undefined {
    if (this.#open.has(rva) || this.#open.size >= CALLEE_DEPTH_LIMIT) return undefined;
    if (this.#callees.has(rva)) {
      const known = this.#callees.get(rva);
      return this.#values.get(rva)?.questions.busy ? undefined : known;
    }
    const isAsked = this.image.isCode(rva) && this.#sizeOf(rva) <= CALLEE_LIMIT;
    const callee: Callee | undefined = isAsked
      ? {
          leaves: (register) =>
            this.#within(rva, `r${register}`, UNKNOWN, () => this.values(rva)?.leaves(register) ?? UNKNOWN),
          wrote: (query) =>
            this.#open.size >= (query.width > 0 ? WORD_DEPTH_LIMIT : TEXT_DEPTH_LIMIT)
              ? UNSET
              : this.#within(rva, queryKey(query), UNSET, () => this.values(rva)?.wrote(query) ?? UNSET),
        }
      : undefined;
    this.#callees.set(rva, callee);
    return this.#values.get(rva)?.questions.busy ? undefined : callee;
  }

  /** Whether control comes back from a function; told only of those that cannot, without a return instruction in sight. */
  comesBack(rva: number): boolean {
    const known = this.#returning.get(rva);
    if (known !== undefined) return known;
    this.#returning.set(rva, true);
    const { image } = this;
    const seen = this.code.listedParts(rva).some(({ begin, end }) => {
      const from = image.offsetOf(begin);
      const at = from < 0 ? -1 : image.bytes.indexOf(RET, from);
      return at >= 0 && at < from + end - begin;
    });
    const back = seen || this.code.functionAt(rva) !== rva || this.values(rva)?.comesBack !== false;
    this.#returning.set(rva, back);
    return back;
  }

  /** Whether a called function was too much work to be asked on behalf of the present call site. */
  get cutShort(): boolean {
    return this.budget.short;
  }

  /** Begins with another call site: what callees are asked on its behalf is bounded. */
  beginSite(): void {
    this.budget.pool = this.effort.site;
    this.budget.short = false;
  }

  /** What `find` finds on behalf of all call sites: it takes nothing from what may be worked out for the present one. */
  beside<Found>(find: () => Found): Found {
    const { pool, short } = this.budget;
    this.beginSite();
    const found = find();
    this.budget.pool = pool;
    this.budget.short = short;
    return found;
  }

  /** Asks a function on behalf of a caller; `otherwise` when that takes too much effort. */
  #within<Answer>(rva: number, about: string, otherwise: Answer, ask: () => Answer): Answer {
    const { budget } = this;
    const outermost = budget.effort === Number.POSITIVE_INFINITY;
    const key = `${rva}:${about}`;
    if (this.#tooMuch.has(key)) return otherwise;
    // With no effort left it can still be asked for what is known already.
    const effort = Math.max(0, Math.min(this.effort.callee, budget.pool));
    if (outermost) budget.effort = effort;
    this.#open.add(rva);
    const answer = ask();
    this.#open.delete(rva);
    const cut = budget.effort < 0;
    if (outermost) {
      budget.pool -= effort - Math.max(0, budget.effort);
      if (cut) budget.short = true;
      budget.effort = Number.POSITIVE_INFINITY;
      if (cut && effort === this.effort.callee) this.#tooMuch.add(key);
    }
    return cut ? otherwise : answer;
  }

  stackEffect(rva: number): StackEffect | undefined {
    if (this.#stackEffects.has(rva)) return this.#stackEffects.get(rva);
    if (this.#jumps >= JUMP_LIMIT) return undefined;
    this.#stackEffects.set(rva, undefined);
    this.#jumps++;
    const body = this.code.body(rva);
    const effect = body && stackEffectOf(body.listing, (target) => this.#stackEffectOfJump(target));
    this.#jumps--;
    this.#stackEffects.set(rva, effect);
    return effect;
  }

  #stackEffectOfJump(target: number): StackEffect | undefined {
    const node = this.table.node(this.thunk(target));
    if (node.kind !== 'import') return this.stackEffect(target);
    const popped = bytesPopped(node.symbol);
    return popped === undefined ? undefined : { popped };
  }

  writes(rva: number): boolean {
    const known = this.#writing.get(rva);
    if (known !== undefined) return known;
    const values = this.#sizeOf(rva) <= SHORT_FUNCTION && this.callee(rva) ? this.values(rva) : undefined;
    if (!values) return true;
    this.#writing.set(rva, true);
    const writes = this.#within(rva, 'w', true, () => values.writes);
    this.#writing.set(rva, writes);
    return writes;
  }

  keeps(rva: number, register: number): boolean {
    const key = rva * 16 + register;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const values = this.#sizeOf(rva) <= SHORT_FUNCTION && this.callee(rva) ? this.values(rva) : undefined;
    if (!values) return false;
    const keeps = this.#within(rva, `k${register}`, false, () => values.keeps(register));
    this.#kept.set(key, keeps);
    return keeps;
  }

  /** Bytes of a function; 0 for a leaf without .pdata (x64), which is short. */
  #sizeOf(rva: number): number {
    let size = 0;
    const parts = this.image.is64 ? this.code.listedParts(rva) : this.code.parts(rva);
    for (const { begin, end } of parts) size += end - begin;
    return size;
  }

  /** Functions that call (or tail-jump to) `callee`, thunks followed. */
  callersOf(callee: number): readonly { readonly function: number; readonly site: number }[] {
    const found: { function: number; site: number }[] = [];
    const visit = (target: number, hops: number): void => {
      for (const site of this.calls.to(target)) {
        const owner = this.functionHolding(site);
        if (owner >= 0) found.push({ function: owner, site });
        else if (hops > 0 && this.image.readU8(site) === 0xe9) visit(site, hops - 1);
      }
    };
    visit(callee, 3);
    return found;
  }

  /** Whether something beside calls may lead to a function: an export, the loader, an address in code or in data, code that is not read. */
  isNamed(start: number): boolean {
    const { image, references } = this;
    const codeSections = image.sections.filter(({ virtualAddress }) => image.isCode(virtualAddress)).length;
    // Low addresses stand as numbers in x64 code.
    const hasNumbers = this.#isStripped && image.is64 && image.imageBase < TWO32;
    if (hasNumbers || references.calls.full || codeSections !== 1) return true;
    this.#named ??= new Set([
      image.entryPoint,
      ...image.tlsCallbacks,
      ...(image.exports?.symbols ?? []).map((symbol) => symbol.rva),
      ...(image.loadConfig?.guardCFFunctionTable ?? []),
    ]);
    const isPointedTo = this.isPointedTo(start) || image.pointedTo.has(start);
    return isPointedTo || this.#named.has(start) || references.data.to(start).length > 0;
  }

  /** Whether a pointer in data may lead to an address, or to one of the `before` bytes before it. */
  isPointedTo(rva: number, before = 0): boolean {
    this.#addressesInData ??= new AddressesInData(this.image, this.#isStripped);
    return this.#addressesInData.leadTo(rva - before, rva + 1);
  }

  get #isStripped(): boolean {
    return (this.image.characteristics & IMAGE_FILE_RELOCS_STRIPPED) !== 0;
  }

  /** The calls that `caller` makes to `callee`. */
  callsBetween(caller: number, callee: number): readonly Call[] {
    const key = `${caller}:${callee}`;
    const known = this.#between.get(key);
    if (known) return known;
    const calls: Call[] = [];
    this.#between.set(key, calls);
    const values = this.values(caller);
    if (!values) return calls;
    const { target, count } = values.code;
    for (let i = 0; i < count; i++) {
      if (target[i] === NO_TARGET || !(target[i] === callee || this.#jumpsTo(target[i], callee))) continue;
      if (values.isCall(i) && values.comesTo(i)) calls.push(values.call(i));
    }
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

  /** The function with values of parameters that one caller gives. */
  bound(start: number, parameters: ReadonlyMap<number, ValueId>): FunctionValues | undefined {
    const key = `${start}:${[...parameters].flat().join()}`;
    const known = this.#bound.get(key);
    if (known) return known;
    const body = this.code.body(start);
    const values = body && new FunctionValues(body, this, FUNCTION_LIMIT, parameters);
    if (values && this.#bound.size < BOUND_LIMIT) this.#bound.set(key, values);
    return values;
  }
}
