// Every call of a process-creation API in one module: found through import slots, thunks, guarded calls and GetProcAddress, with its state.
import { type Call, symbolName } from '../code/call.ts';
import type { ModuleFlow } from '../code/flow.ts';
import type { FunctionValues } from '../code/function-values.ts';
import { functionsTouching } from '../code/functions-touching.ts';
import { BASE_RVA, type Listing, NO_TARGET, Op } from '../code/instruction.ts';
import { UNSET } from '../code/values.ts';
import type { PeImage } from '../pe/image.ts';
import type { ImportedSymbol } from '../pe/imports.ts';
import type { SiteVia } from './document.ts';
import { KeptPointers } from './kept-pointers.ts';
import { sinkOf } from './sinks/index.ts';
import type { Sink } from './sinks/sink.ts';

export interface Site {
  readonly sink: Sink;
  readonly via: SiteVia;
  /** RVA of the call or jump. */
  readonly rva: number;
  /** RVA of the function that holds it. */
  readonly function: number;
  /** The call at its moment; undefined where the function does not come to it. */
  readonly call: Call | undefined;
  /** The function that holds it. */
  readonly values: FunctionValues;
}

/** Call sites that are told of one module; a note says so where there are more. */
export const MOST_SITES = 50_000;

/** Finds the sites of a module, in address order. `forwarded` tells what an import is when the module that it names only forwards it. */
export function findSites(
  flow: ModuleFlow,
  forwarded: (symbol: ImportedSymbol) => string | undefined = () => undefined,
): readonly Site[] {
  const slots = new Map<number, { sink: Sink; symbol: ImportedSymbol }>();
  for (const symbol of flow.symbols) {
    const sink = sinkOfSymbol(symbol) ?? sinkOf(forwarded(symbol) ?? '');
    if (sink) slots.set(symbol.slot, { sink, symbol });
  }
  const lookups = lookupNames(flow);
  const functions = functionsTouching(flow, new Set([...slots.keys(), ...lookups]));
  const kept = new KeptPointers(flow, lookups.length > 0 ? functionsTouching(flow, new Set(lookups)) : []);
  const sites: Site[] = [];
  for (const start of new Set([...functions, ...kept.functions])) {
    const values = flow.values(start);
    if (!values) continue;
    const listing = values.code;
    const found = new Map<number, { sink: Sink; via: SiteVia; index: number }>();
    for (const i of callsThatMayBeSinks(flow, listing, slots, lookups.length > 0)) {
      const slot = listing.base[i] === BASE_RVA ? listing.disp[i] >>> 0 : thunkSlot(flow, listing.target[i]);
      const entry = slots.get(slot);
      if (entry) {
        found.set(listing.rva[i], { sink: entry.sink, via: viaOf(entry.symbol), index: i });
        continue;
      }
      const target = values.isCall(i) && values.comesTo(i) ? values.target(i) : undefined;
      if (target?.kind === 'import') {
        const imported = target.lookup === undefined ? slots.get(target.symbol.slot)?.sink : undefined;
        const sink = imported ?? sinkOfSymbol(target.symbol);
        if (sink) found.set(listing.rva[i], { sink, via: viaOf(target.symbol, target.lookup), index: i });
      } else if (target?.kind === 'unknown') {
        const sink = kept.sinkAt(start, target.value);
        if (sink) found.set(listing.rva[i], { sink, via: 'getprocaddress', index: i });
      }
    }
    for (const [rva, { sink, via, index }] of found) {
      if (sites.length >= MOST_SITES) break;
      if (rva === start && listing.op[0] === Op.jmp) continue;
      const thunked = listing.base[index] !== BASE_RVA && thunkSlot(flow, listing.target[index]) >= 0;
      sites.push({
        sink,
        via: thunked ? 'thunk' : via,
        rva,
        function: start,
        call: values.comesTo(index) ? values.call(index) : undefined,
        values,
      });
    }
  }
  return sites.sort((a, b) => a.rva - b.rva);
}

/** Indices of the calls that may be a sink's: through its slot or thunk, and, where the module can have its address in a register or a variable, those through one. */
function callsThatMayBeSinks(
  flow: ModuleFlow,
  listing: Listing,
  slots: ReadonlyMap<number, unknown>,
  looksUp: boolean,
): readonly number[] {
  const indices: number[] = [];
  let loaded = looksUp;
  for (let i = 0; i < listing.count && !loaded; i++)
    loaded = listing.op[i] === Op.mov && listing.base[i] === BASE_RVA && slots.has(listing.disp[i] >>> 0);
  for (let i = 0; i < listing.count; i++) {
    if (listing.op[i] !== Op.call && listing.op[i] !== Op.jmp) continue;
    const direct = listing.target[i] !== NO_TARGET;
    const slot = direct
      ? thunkSlot(flow, listing.target[i])
      : listing.base[i] === BASE_RVA
        ? listing.disp[i] >>> 0
        : -1;
    const throughRegister = !direct && (slot < 0 || flow.guardDispatch.has(slot));
    const throughVariable = looksUp && !direct && slot >= 0 && flow.initial.importAt(slot) === UNSET;
    if (slots.has(slot) || (loaded && throughRegister) || throughVariable) indices.push(i);
  }
  return indices;
}

function sinkOfSymbol(symbol: ImportedSymbol): Sink | undefined {
  const name = symbolName(symbol);
  return name === undefined ? undefined : sinkOf(name);
}

function viaOf(symbol: ImportedSymbol, lookup?: number): SiteVia {
  if (lookup !== undefined) return 'getprocaddress';
  if (symbol.name === undefined) return 'ordinal';
  return symbol.kind === 'delay' ? 'delay' : 'import';
}

function thunkSlot(flow: ModuleFlow, target: number): number {
  if (target === NO_TARGET) return -1;
  const value = flow.thunk(target);
  if (value === UNSET) return -1;
  const node = flow.table.node(value);
  return node.kind === 'import' ? node.symbol.slot : -1;
}

/** RVAs of the strings that GetProcAddress can be given to find a sink: zero-terminated names, where the module imports a look-up at all. */
function lookupNames(flow: ModuleFlow): readonly number[] {
  const looksUp = flow.symbols.some(
    (symbol) => symbol.name === 'GetProcAddress' || symbol.name === 'LdrGetProcedureAddress',
  );
  return looksUp ? sinkNames(flow.image) : [];
}

/** What the names of sinks begin with, or have within their first characters. */
const NAME_STEMS: readonly string[] = [
  ...['CreateProcess', 'ShellExecute', 'WinExec', 'CreateUserProcess', 'LoadModule'],
  ...['_spawn', '_wspawn', '_exec', '_wexec', '_popen', '_wpopen', '_wsystem'],
];

function sinkNames(image: PeImage): readonly number[] {
  const { bytes } = image;
  const found: number[] = [];
  for (const section of image.sections) {
    const start = image.offsetOf(section.virtualAddress);
    // Text among x64 code is not read as such by anything else either.
    if (start < 0 || (image.is64 && image.isCode(section.virtualAddress))) continue;
    const end = start + image.bytesAt(section.virtualAddress);
    for (const first of new Set(NAME_STEMS.map((stem) => stem.charCodeAt(0)))) {
      const stems = NAME_STEMS.filter((stem) => stem.charCodeAt(0) === first);
      for (let at = bytes.indexOf(first, start); at >= 0 && at < end; at = bytes.indexOf(first, at + 1)) {
        const stem = stems.find((one) => stands(bytes, one, at));
        if (stem === undefined) continue;
        let begin = at;
        while (begin > start && at - begin < 8 && isNameByte(bytes[begin - 1])) begin--;
        let stop = at + stem.length;
        while (stop < end && stop - at < 64 && isNameByte(bytes[stop])) stop++;
        if (bytes[stop] === 0 && sinkOf(String.fromCharCode(...bytes.subarray(begin, stop))))
          found.push(section.virtualAddress + begin - start);
      }
    }
  }
  return found;
}

/** Whether the name's beginning stands at a place of the file; its first byte is known to. */
function stands(bytes: Uint8Array, stem: string, at: number): boolean {
  let i = 1;
  while (i < stem.length && bytes[at + i] === stem.charCodeAt(i)) i++;
  return i === stem.length;
}

function isNameByte(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f;
}
