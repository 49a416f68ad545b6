// The calls of one module that load another at run time, each with the module's name where a look near the call tells it.
import { roleOfSymbol } from '../../code/call.ts';
import { importCalled } from '../../code/call-instruction.ts';
import type { Effort } from '../../code/effort.ts';
import { ModuleFlow } from '../../code/flow.ts';
import type { FunctionValues } from '../../code/function-values.ts';
import { instructionAt } from '../../code/functions.ts';
import { readImageText } from '../../code/image-text.ts';
import { BASE_RVA, type Listing, NO_TARGET, NONE, Op, Operand } from '../../code/instruction.ts';
import type { Piece, TextPath } from '../../code/pieces.ts';
import { Directory } from '../../pe/headers.ts';
import type { PeImage } from '../../pe/image.ts';
import type { ImportedSymbol } from '../../pe/imports.ts';
import { openArguments, readArguments } from '../site-values.ts';
import { dataFlagIn, type LoadApi, loadApiOf } from './load-apis.ts';
import { functionsCalling } from './load-calls.ts';
import { moduleNameOf } from './module-name.ts';
import { type NearArgument, nearArgument } from './near-argument.ts';

export interface FoundLoad {
  readonly api: LoadApi;
  /** RVA of the call. */
  readonly rva: number;
  /** RVA of the function that holds it. */
  readonly function: number;
  /** What the module's name may be; none where nothing near the call tells. */
  readonly paths: readonly TextPath[];
  /** True where the name is the only one that the function holds, and its way to the call was not followed. */
  readonly assumed?: true;
  /** The flag with which no code of the module runs. */
  readonly asData?: string;
}

/** Calls of one module that are told. */
export const MOST_LOADS = 500;
/** Callers of a function that is given the name: one that more functions call is the module's wrapper for any module. */
const MOST_CALLERS = 12;
/** Instructions of a function that is followed for a name that does not stand near the call. */
const SHORT = 40;
/** What may be worked out for that, and for a name that the registry gives: a module loads many that start nothing. */
const EFFORT: Effort = { question: 120, callee: 40, site: 80, objects: false };

export interface FoundLoads {
  /** In address order. */
  readonly loads: readonly FoundLoad[];
  /** Calls that were not read, for there are too many. */
  readonly more: number;
}

/** The calls. `thorough`: a name that the function is given is looked for near the calls of that function, one from the registry is followed. */
export function findLoads(flow: ModuleFlow, thorough: boolean): FoundLoads {
  const slots = new Map<number, LoadApi>();
  for (const { name, slot } of flow.symbols) {
    const api = name === undefined ? undefined : loadApiOf(name);
    if (api) slots.set(slot, api);
  }
  if (slots.size === 0) return { loads: [], more: 0 };
  const reader = new LoadReader(flow, thorough);
  const found: FoundLoad[] = [];
  let more = 0;
  for (const start of functionsCalling(flow, new Set(slots.keys()), thorough && !flow.image.isDll)) {
    const values = flow.values(start);
    if (!values) continue;
    const { code } = values;
    for (let i = 0; i < code.count; i++) {
      if (code.op[i] !== Op.call && code.op[i] !== Op.jmp) continue;
      const api = slots.get(slotOf(flow, values, i));
      if (api !== undefined && found.length >= MOST_LOADS) {
        more++;
        continue;
      }
      const load = api && reader.read(values, i, start, api);
      if (load) found.push(load);
    }
  }
  return { loads: found.sort((a, b) => a.rva - b.rva), more };
}

/** The slot that an instruction calls through; -1 where it calls none. */
function slotOf(flow: ModuleFlow, values: FunctionValues, i: number): number {
  const { target, base, disp, src } = values.code;
  if (src[i] < 16) return importCalled(values, flow, i)?.symbol.slot ?? -1;
  if (target[i] === NO_TARGET) return base[i] === BASE_RVA ? disp[i] >>> 0 : -1;
  const node = flow.table.node(flow.thunk(target[i]));
  return node.kind === 'import' ? node.symbol.slot : -1;
}

class LoadReader {
  readonly #flow: ModuleFlow;
  readonly #thorough: boolean;
  #registrySlots: ReadonlySet<number> | undefined;
  /** The same module, followed only a little way. */
  #near: ModuleFlow | undefined;

  constructor(flow: ModuleFlow, thorough: boolean) {
    this.#flow = flow;
    this.#thorough = thorough;
  }

  /** Undefined for the call by which delayed imports are loaded: what it loads is known from their table. */
  read(values: FunctionValues, i: number, start: number, api: LoadApi): FoundLoad | undefined {
    const asData = this.#asData(values, i, api);
    const load = { api, rva: values.code.rva[i], function: start, ...(asData === undefined ? {} : { asData }) };
    const near = nearArgument(values, api.application.index, i);
    if (!near && !api.wide && isDelayHelper(this.#flow.image, values.code)) return undefined;
    if (near?.kind === 'constant') return { ...load, paths: this.#constant(near.va, api) };
    let given = near;
    let paths: readonly TextPath[] = [];
    if (!near && this.#thorough && (values.code.count <= SHORT || this.#readsRegistry(values.code)))
      ({ paths, given } = this.#ask(start, load.rva, api));
    if (given) return { ...load, paths: this.#givenByCallers(start, given.index, api) };
    if (paths.some((path) => path.pieces.some((piece) => piece.kind !== 'unknown'))) return { ...load, paths };
    const only = onlyModuleName(this.#flow.image, values.code);
    return only === undefined ? { ...load, paths } : { ...load, paths: [only], assumed: true };
  }

  #asData(values: FunctionValues, i: number, { flags }: LoadApi): string | undefined {
    const near = flags === undefined ? undefined : nearArgument(values, flags, i);
    return near?.kind === 'constant' ? dataFlagIn(near.va) : undefined;
  }

  /** The text at a constant address, or that of the UNICODE_STRING there; none where it is no text. */
  #constant(va: number, { application, wide }: LoadApi): readonly TextPath[] {
    const { image } = this.#flow;
    const at = image.rvaOf(va);
    const rva = application.kind === 'argument' ? at : image.rvaOf(image.readPointer(at + image.pointerSize));
    const text = rva < 0 ? undefined : readImageText(image, rva, wide);
    return text === undefined || text === '' ? [] : [{ pieces: [literal(text, rva, wide)], steps: [] }];
  }

  #ask(start: number, rva: number, api: LoadApi): { paths: readonly TextPath[]; given: GivenArgument | undefined } {
    this.#near ??= new ModuleFlow(this.#flow.image, [], EFFORT, this.#flow);
    const near = this.#near;
    const values = near.values(start);
    const i = values ? instructionAt(values.code, rva) : -1;
    if (!values || i < 0) return { paths: [], given: undefined };
    near.beginSite();
    const read = readArguments(api, values.call(i));
    const pointer = near.table.node(read[0]);
    return {
      paths: openArguments(api, near.table, read).application?.paths ?? [],
      given: pointer.kind === 'parameter' ? { kind: 'parameter', index: pointer.index } : undefined,
    };
  }

  /** The texts that stand near the calls of a function; one that says so where they are not all known. */
  #givenByCallers(start: number, index: number, api: LoadApi): readonly TextPath[] {
    const unknown: Piece = { kind: 'unknown', why: 'caller', detail: `argument ${index + 1} of the function` };
    const open: TextPath = { pieces: [unknown], steps: [] };
    if (!this.#thorough) return [open];
    const callers = new Set(this.#flow.callersOf(start).map((caller) => caller.function));
    callers.delete(start);
    if (callers.size === 0 || callers.size > MOST_CALLERS) return [open];
    const paths: TextPath[] = [];
    for (const caller of callers)
      for (const near of this.#nearCalls(caller, start, index)) {
        const told = near?.kind === 'constant' ? this.#constant(near.va, api) : [];
        paths.push(...(told.length > 0 ? told : [open]));
      }
    return paths.length > 0 ? paths : [open];
  }

  /** What stands near each call that `caller` makes to `callee`. */
  #nearCalls(caller: number, callee: number, index: number): readonly (NearArgument | undefined)[] {
    const values = this.#flow.values(caller);
    if (!values) return [];
    const { op, target, count } = values.code;
    const found: (NearArgument | undefined)[] = [];
    for (let i = 0; i < count; i++)
      if (target[i] === callee && (op[i] === Op.call || op[i] === Op.jmp)) found.push(nearArgument(values, index, i));
    return found;
  }

  #readsRegistry({ op, base, disp, count }: Listing): boolean {
    this.#registrySlots ??= new Set(this.#flow.symbols.filter(readsRegistry).map(({ slot }) => slot));
    if (this.#registrySlots.size === 0) return false;
    for (let i = 0; i < count; i++)
      if (op[i] === Op.call && base[i] === BASE_RVA && this.#registrySlots.has(disp[i] >>> 0)) return true;
    return false;
  }
}

type GivenArgument = NearArgument & { readonly kind: 'parameter' };

function literal(text: string, rva: number, wide: boolean): Piece {
  return { kind: 'literal', text, rva, wide, immediate: false };
}

function readsRegistry(symbol: ImportedSymbol): boolean {
  return (
    /^_?(Reg|SHReg|SHGet|Nt|Zw|Rtl)/.test(symbol.name ?? '') &&
    roleOfSymbol(symbol)?.kind.startsWith('registry-read') === true
  );
}

/** Whether a function is the load helper that is linked into an image with delayed imports: the name stands in a table, relative to the image's base. */
function isDelayHelper(image: PeImage, code: Listing): boolean {
  if (image.directory(Directory.delayImport) === undefined) return false;
  for (let i = 0; i < code.count; i++) if (addressTaken(image, code, i) === 0) return true;
  return false;
}

/** What ends in a module's name: a path, a pattern of printf with its folder open. */
const MODULE_TEXT = /\.(dll|ocx|cpl|drv|ax)$/i;

/** The text that names a module, where those that a function takes the addresses of name one between them. */
function onlyModuleName(image: PeImage, code: Listing): TextPath | undefined {
  let only: TextPath | undefined;
  let name: string | undefined;
  for (let i = 0; i < code.count; i++) {
    const rva = addressTaken(image, code, i);
    if (rva <= 0 || image.isCode(rva) || image.isWritable(rva)) continue;
    for (const wide of [true, false]) {
      const text = readImageText(image, rva, wide);
      if (text === undefined || !MODULE_TEXT.test(text)) continue;
      const path: TextPath = { pieces: [literal(text, rva, wide)], steps: [], assumed: true };
      const read = moduleNameOf(path);
      if (!('name' in read)) continue;
      if (name !== undefined && name !== read.name.toLowerCase()) return undefined;
      name = read.name.toLowerCase();
      only ??= path;
    }
  }
  return only;
}

/** The RVA that an instruction takes; -1 where it takes none. */
function addressTaken(image: PeImage, { op, base, index, disp, src, immLo }: Listing, i: number): number {
  if (op[i] === Op.lea) return base[i] === BASE_RVA && index[i] === NONE ? disp[i] >>> 0 : -1;
  if (image.is64 || src[i] !== Operand.immediate || (op[i] !== Op.push && op[i] !== Op.mov)) return -1;
  return image.rvaOf(immLo[i] >>> 0);
}
