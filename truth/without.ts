// The traps of real programs that can be left unhandled on purpose, to measure what each handler is worth: a row says what is then not seen or not followed.
import type { MakeFlow } from '../src/children/followed-module.ts';
import { sinkOf } from '../src/children/sinks/index.ts';
import type { Sink } from '../src/children/sinks/sink.ts';
import { roleOfSymbol, symbolName } from '../src/code/call.ts';
import { FIRST, SECOND } from '../src/code/effort.ts';
import { ModuleFlow } from '../src/code/flow.ts';
import { PlacePairs, type References } from '../src/code/references.ts';
import type { Role } from '../src/code/roles/role.ts';
import { routineRow } from '../src/code/roles/routines.ts';
import { UNSET } from '../src/code/values.ts';
import type { FunctionTable } from '../src/pe/exception.ts';
import { PeImage } from '../src/pe/image.ts';
import type { ImportedSymbol } from '../src/pe/imports.ts';
import type { LoadConfig } from '../src/pe/load-config.ts';

interface TrapRow {
  readonly trap: string;
  /** What happens without the handler. */
  readonly without: string;
  /** Imports that are taken for functions of which nothing is known. */
  readonly unknown?: (symbol: ImportedSymbol, sink: Sink | undefined, role: Role['kind'] | undefined) => boolean;
  /** What is not followed. */
  readonly off?: 'guards' | 'chains' | 'thunks' | 'callers' | 'callees' | 'variables';
}

const roles =
  (...kinds: readonly Role['kind'][]): TrapRow['unknown'] =>
  (_symbol, _sink, role) =>
    role !== undefined && kinds.includes(role);

const ROWS = [
  {
    trap: 'api-set',
    without: 'sinks that are imported from an API set are not seen',
    unknown: ({ module }, sink) => sink !== undefined && /^(?:api|ext)-ms-/i.test(module),
  },
  {
    trap: 'kernelbase-ntdll',
    without: 'sinks that are imported from kernelbase or ntdll are not seen',
    unknown: ({ module }, sink) => sink !== undefined && /^(?:kernelbase|ntdll)\b/i.test(module),
  },
  {
    trap: 'delay-import',
    without: 'delay imports are functions of which nothing is known',
    unknown: ({ kind }) => kind === 'delay',
  },
  {
    trap: 'get-proc-address',
    without: 'pointers that GetProcAddress gave are not followed',
    unknown: roles('get-procedure'),
  },
  { trap: 'guarded-call', without: 'the slots of control flow guard are not known', off: 'guards' },
  { trap: 'jump-thunk', without: 'a jump through an import slot is not the import', off: 'thunks' },
  { trap: 'chained-code', without: 'each part of a function is a function of its own', off: 'chains' },
  { trap: 'wrapper', without: 'parameters are not followed to callers', off: 'callers' },
  {
    trap: 'shell-execute-info',
    without: 'sinks whose arguments stand in a structure are not seen',
    unknown: (_symbol, sink) => sink?.file?.kind === 'field',
  },
  { trap: 'callee-output', without: 'functions of the module are not asked what they leave or return', off: 'callees' },
  { trap: 'variable', without: 'writes to global variables are not looked for', off: 'variables' },
  { trap: 'format', without: 'printf and its kin are not known', unknown: roles('format') },
  {
    trap: 'append',
    without: 'copying and appending text is not known',
    unknown: roles('copy', 'append', 'copy-memory'),
  },
  {
    trap: 'path',
    without: 'path functions are not known',
    unknown: roles('path-append', 'path-combine', 'path-folder', 'path-same', 'path-extension', 'search-path'),
  },
  { trap: 'expand', without: 'environment variables in a text are not expanded', unknown: roles('expand') },
  {
    trap: 'ordinal',
    without: 'functions that are imported by ordinal have no name',
    unknown: ({ name, ordinal }) => name === undefined && ordinal !== undefined,
  },
  {
    trap: 'unicode-string',
    without: 'UNICODE_STRINGs are not known',
    unknown: roles('unicode-string', 'process-parameters'),
  },
  { trap: 'system', without: 'system and _wsystem are not seen', unknown: (_symbol, sink) => sink?.shell === true },
  {
    trap: 'ansi',
    without: 'the A forms of sinks are not seen',
    unknown: (_symbol, sink) => sink?.name.endsWith('A') === true,
  },
  { trap: 'own-image', without: "the program's own path is not known", unknown: roles('module-name', 'command-words') },
  {
    trap: 'registry',
    without: 'the registry is not known',
    unknown: roles('registry-open', 'registry-read', 'registry-open-native', 'registry-read-native'),
  },
  {
    trap: 'kept-value',
    without: 'what a window, a control or a thread keeps for the program is not known when it comes back',
    unknown: roles('take', 'message'),
  },
  {
    trap: 'routine',
    without: 'parameters are not followed to the calls that have Windows call a function',
    unknown: ({ name }) => name !== undefined && routineRow(name) !== undefined,
  },
  { trap: 'no-return', without: 'control comes back from every import', unknown: roles('ends') },
] as const satisfies readonly TrapRow[];

export type Trap = (typeof ROWS)[number]['trap'];

/** Every trap that can be left unhandled, with what happens then. */
export const TRAPS: readonly { readonly trap: Trap; readonly without: string }[] = ROWS;

/** Makes the flow of a module in which some traps are not handled: `makeFlow` of findChildren. */
export function flowWithout(traps: readonly Trap[]): MakeFlow {
  const rows: readonly TrapRow[] = ROWS.filter(({ trap }) => traps.includes(trap));
  const off = new Set(rows.map((row) => row.off));
  return (image, starts) => new FlowWithout(new ImageWithout(image, rows), off, starts);
}

class ImageWithout extends PeImage {
  readonly #rows: readonly TrapRow[];

  constructor({ bytes, name }: PeImage, rows: readonly TrapRow[]) {
    super(bytes, name);
    this.#rows = rows;
  }

  override get imports(): readonly ImportedSymbol[] {
    return super.imports.map((symbol) => this.#seen(symbol));
  }

  override get delayImports(): readonly ImportedSymbol[] {
    return super.delayImports.map((symbol) => this.#seen(symbol));
  }

  override get functions(): FunctionTable {
    const table = super.functions;
    return this.#rows.some(({ off }) => off === 'chains') ? { ...table, owner: table.begin } : table;
  }

  override get loadConfig(): LoadConfig | undefined {
    const config = super.loadConfig;
    if (config === undefined || !this.#rows.some(({ off }) => off === 'guards')) return config;
    return {
      ...config,
      guardCFCheckFunctionPointer: -1,
      guardCFDispatchFunctionPointer: -1,
      guardXFGCheckFunctionPointer: -1,
      guardXFGDispatchFunctionPointer: -1,
      guardXFGTableDispatchFunctionPointer: -1,
    };
  }

  #seen(symbol: ImportedSymbol): ImportedSymbol {
    const sink = sinkOf(symbolName(symbol) ?? '');
    const role = roleOfSymbol(symbol, this.is64 ? 8 : 4)?.kind;
    const { module, slot, kind } = symbol;
    return this.#rows.some(({ unknown }) => unknown?.(symbol, sink, role)) ? { module, slot, kind } : symbol;
  }
}

class FlowWithout extends ModuleFlow {
  readonly #off: ReadonlySet<TrapRow['off']>;
  #references: References | undefined;
  #again: ModuleFlow | undefined;

  constructor(
    image: PeImage,
    off: ReadonlySet<TrapRow['off']>,
    starts?: Iterable<number>,
    effort = FIRST,
    first?: ModuleFlow,
  ) {
    super(image, starts, effort, first);
    this.#off = off;
  }

  override thunk(rva: number): ReturnType<ModuleFlow['thunk']> {
    return this.#off.has('thunks') ? UNSET : super.thunk(rva);
  }

  override callersOf(callee: number): ReturnType<ModuleFlow['callersOf']> {
    return this.#off.has('callers') ? [] : super.callersOf(callee);
  }

  override callee(rva: number): ReturnType<ModuleFlow['callee']> {
    return this.#off.has('callees') ? undefined : super.callee(rva);
  }

  override get again(): ModuleFlow {
    this.#again ??= new FlowWithout(this.image, this.#off, undefined, SECOND, this);
    return this.#again;
  }

  override get references(): References {
    if (!this.#off.has('variables')) return super.references;
    this.#references ??= { ...super.references, data: new PairsWithoutVariables(super.references.data, this.image) };
    return this.#references;
  }
}

/** The same pairs, but nobody is found who refers to data that can be written and is no import slot. */
class PairsWithoutVariables extends PlacePairs {
  readonly #image: PeImage;
  readonly #slots: ReadonlySet<number>;

  constructor({ places, targets }: PlacePairs, image: PeImage) {
    super();
    this.#image = image;
    this.#slots = new Set([...image.imports, ...image.delayImports].map(({ slot }) => slot));
    for (let i = 0; i < places.length; i++) this.add(places[i], targets[i]);
  }

  override to(rva: number): readonly number[] {
    return this.#image.isWritable(rva) && !this.#slots.has(rva) ? [] : super.to(rva);
  }
}
