// What an imported function does to memory and returns, by its role.
import type { ImportedSymbol } from '../pe/imports.ts';
import { type Call, roleOfSymbol, symbolName } from './call.ts';
import { commandValue, wordsOf } from './command-value.ts';
import { taken, takenByMessage } from './kept-texts.ts';
import { openedKey, openedNatively, valueRead, valueReadNatively } from './registry-texts.ts';
import { allocatesMessage, messageFormatted, resourceFound, stringLoaded } from './resource-texts.ts';
import { fileOpened, formatted, handle, readThrough, settled, sourceText, textArgument } from './role-texts.ts';
import type { Role } from './roles/role.ts';
import { concatenate, joinPath, withoutLastRound } from './texts.ts';
import { UNSET, type ValueId } from './values.ts';
import { copied, type Effects, type Write } from './writes.ts';

/** Offsets of ImagePathName and CommandLine in RTL_USER_PROCESS_PARAMETERS (winternl.h). */
const PROCESS_PARAMETERS_64 = { image: 0x60, commandLine: 0x70 };
const PROCESS_PARAMETERS_32 = { image: 0x38, commandLine: 0x40 };
/** Pointer arguments whose target an unknown callee may have filled. */
const OPAQUE_ARGUMENTS = 6;

/** Roles whose functions also fill pointers that the row does not name (a length, a type). */
const FILLS_OTHERS: ReadonlySet<Role['kind']> = new Set([
  'file-open-native',
  'read-handle',
  'registry-read',
  'registry-read-native',
  'text',
] as const);

/** What an imported function does. */
export function effectsOf(call: Call, symbol: ImportedSymbol): Effects {
  const role = roleOfSymbol(symbol, call.initial.pointerSize);
  if (!role) return opaqueEffects(call);
  const effects = new RoleEffects(call, symbolName(symbol) ?? '');
  effects.apply(role);
  if (FILLS_OTHERS.has(role.kind)) {
    const named = new Set<unknown>(Object.values(role));
    for (let i = 0; i < Math.min(OPAQUE_ARGUMENTS, call.given); i++) {
      const to = named.has(i) ? UNSET : call.argument(i);
      if (call.table.node(to).kind === 'frame') effects.writes.push({ kind: 'output', to, width: 4, argument: i });
    }
  }
  return effects;
}

/** What is left when nothing is known of a callee: each pointer into the own frame, or to fresh memory, may point to something new. */
export function opaqueEffects(call: Call): Effects {
  const writes: Write[] = [];
  for (const i of call.indices) {
    if (i >= OPAQUE_ARGUMENTS && i < call.given) continue;
    const to = call.argument(i);
    const kind = call.table.node(to).kind;
    if (kind === 'frame' || kind === 'allocation')
      writes.push({ kind: 'output', to, width: call.initial.pointerSize, argument: i });
  }
  return { writes, returns: () => call.table.result(call.site) };
}

/** Roles whose functions write nothing that is followed. */
const WRITES_NOTHING: ReadonlySet<Role['kind']> = new Set([
  'reads',
  'compare',
  'ends',
  'find',
  'walk',
  'returns',
  'own-process',
  'allocate',
  'get-procedure',
  'duplicate',
  'handle',
  'map-handle',
  'module-handle',
  'find-resource',
  'variable',
  'put',
  'take',
  'variable-address',
] as const);

/** Whether an imported function may write memory. */
export function writesMemory(symbol: ImportedSymbol): boolean {
  const role = roleOfSymbol(symbol);
  return role === undefined || !WRITES_NOTHING.has(role.kind);
}

/** Where an imported function may write. */
export interface ImportWrites {
  /** Arguments that its role names. */
  readonly named: readonly number[];
  /** Whether it may fill pointers into the frame and into fresh memory that its role does not name. */
  readonly others: boolean;
  /** Whether it fills memory that it makes itself. */
  readonly own: boolean;
}

/** Roles whose functions return or give out what they made and filled. */
const FILLS_OWN: ReadonlySet<Role['kind']> = new Set(['process-parameters'] as const);

/** Where an imported function may write, by its role. */
export function importWrites(symbol: ImportedSymbol, pointerSize: 4 | 8): ImportWrites {
  const role = roleOfSymbol(symbol, pointerSize);
  if (!role) return { named: [], others: true, own: false };
  if (WRITES_NOTHING.has(role.kind)) return { named: [], others: false, own: false };
  const { to, outTo, path } = role as { to?: number; outTo?: number; path?: number };
  const named = [to, outTo, path].filter((one) => one !== undefined);
  return { named, others: FILLS_OTHERS.has(role.kind), own: FILLS_OWN.has(role.kind) };
}

/** The argument that an imported function returns, or a place within what it points to. */
export function argumentReturned(symbol: ImportedSymbol): number | undefined {
  const role = roleOfSymbol(symbol);
  switch (role?.kind) {
    case 'format':
    case 'copy':
    case 'append':
      return role.returns === 'to' ? role.to : undefined;
    case 'path-combine':
    case 'copy-memory':
    case 'fill-memory':
      return role.to;
    case 'find':
    case 'walk':
      return role.text;
    case 'returns':
      return role.argument;
    default:
      return undefined;
  }
}

/** Whether control does not come back from an imported function. */
export function ends(symbol: ImportedSymbol, process: (argument: number) => number | undefined): boolean {
  const role = roleOfSymbol(symbol);
  if (role?.kind !== 'ends') return false;
  return role.process === undefined || process(role.process) === -1;
}

class RoleEffects implements Effects {
  readonly writes: Write[] = [];
  readonly #call: Call;
  readonly #by: string;
  #returns: () => ValueId;

  constructor(call: Call, by: string) {
    this.#call = call;
    this.#by = by;
    this.#returns = () => call.table.result(call.site);
  }

  returns(): ValueId {
    return this.#returns();
  }

  #text(argument: number, text: () => ValueId): void {
    this.writes.push({ kind: 'text', to: this.#call.argument(argument), by: this.#by, text });
  }

  #word(to: ValueId, value: () => ValueId): void {
    const width = this.#call.initial.pointerSize;
    this.writes.push({ kind: 'word', to, width, value });
  }

  #argument(index: number): () => ValueId {
    return () => this.#call.argument(index);
  }

  apply(role: Role): void {
    const call = this.#call;
    const by = this.#by;
    const { table, site } = call;
    const pointerSize = call.initial.pointerSize;
    switch (role.kind) {
      case 'format':
        this.#text(role.to, () => formatted(call, role, by));
        if (role.returns === 'to') this.#returns = this.#argument(role.to);
        break;
      case 'copy':
        this.#text(role.to, () => textArgument(call, role.from, role.wide));
        if (role.returns === 'to') this.#returns = this.#argument(role.to);
        break;
      case 'append': {
        const to = call.argument(role.to);
        const text = (): ValueId => {
          const parts = [call.text(to, role.wide), textArgument(call, role.from, role.wide)];
          return concatenate(table, call.repeats ? withoutLastRound(table, parts, site) : parts, site, by);
        };
        for (const one of table.alternatives(to)) {
          this.writes.push({ kind: 'text', to: table.buffer(one), by, text });
        }
        if (role.returns === 'to') this.#returns = () => to;
        break;
      }
      case 'path-append':
        this.#text(role.to, () => {
          const more = textArgument(call, role.more, role.wide);
          return joinPath(table, textArgument(call, role.to, role.wide), more, true, site, by);
        });
        break;
      case 'path-combine':
        this.#text(role.to, () => {
          const none = table.number(call.argument(role.folder)) === 0;
          const noFile = table.number(call.argument(role.file)) === 0;
          const file = noFile ? table.literal('', 0, true) : textArgument(call, role.file, role.wide);
          return none ? file : joinPath(table, textArgument(call, role.folder, role.wide), file, true, site, by);
        });
        this.#returns = this.#argument(role.to);
        break;
      case 'path-folder':
        this.#text(role.path, () => table.folderOf(textArgument(call, role.path, role.wide), site));
        break;
      case 'path-same': {
        const same = (): ValueId => {
          const path = textArgument(call, role.path, role.wide);
          return role.adds === undefined ? path : joinPath(table, path, table.literal('', 0, true), false, site, by);
        };
        if (role.to !== undefined || role.adds !== undefined) this.#text(role.to ?? role.path, same);
        break;
      }
      case 'path-extension':
        this.#text(role.path, () => {
          const path = textArgument(call, role.path, role.wide);
          return concatenate(table, [path, textArgument(call, role.extension, role.wide)], site, by);
        });
        break;
      case 'expand':
        this.#text(role.to, () => textArgument(call, role.from, role.wide));
        break;
      case 'search-path':
        this.#text(role.to, () => {
          const folder = table.source('unknown', 'the search path', site);
          const extension = role.extension === undefined ? UNSET : call.argument(role.extension);
          const ending = extension === UNSET || table.number(extension) === 0 ? [] : [call.text(extension, role.wide)];
          const found = joinPath(table, folder, textArgument(call, role.file, role.wide), true, site, by);
          return concatenate(table, [found, ...ending], site, by);
        });
        break;
      case 'text': {
        const all = (): ValueId => sourceText(call, role, by);
        if (role.to !== undefined) this.#text(role.to, all);
        if (role.outTo !== undefined) this.#word(call.argument(role.outTo), () => table.pointer(all()));
        if (role.returns) this.#returns = () => table.pointer(all());
        break;
      }
      case 'load-string': {
        const loaded = (): ValueId => stringLoaded(call, role, by);
        const isPointer = table.number(call.argument(role.size)) === 0;
        if (isPointer) this.#word(call.argument(role.to), () => table.pointer(loaded()));
        else this.#text(role.to, loaded);
        break;
      }
      case 'format-message': {
        const message = (): ValueId => messageFormatted(call, role, by);
        if (allocatesMessage(call, role)) this.#word(call.argument(role.to), () => table.pointer(message()));
        else this.#text(role.to, message);
        break;
      }
      case 'find-resource':
        this.#returns = () => resourceFound(call, role);
        break;
      case 'module-handle':
        this.#returns = () => {
          const { image } = call.initial;
          const own = table.number(call.argument(role.name)) === 0 && !image.isDll;
          return own ? table.constant(image.imageBase) : table.result(site);
        };
        break;
      case 'module-name':
        this.#text(role.to, () => {
          const module = role.module === undefined ? 0 : table.number(call.argument(role.module));
          const { image } = call.initial;
          const own = module === 0 || (module === image.imageBase && !image.isDll);
          return table.source(own ? 'own-image' : 'module-path', by, site);
        });
        break;
      case 'registry-open':
        this.#word(call.argument(role.to), () => openedKey(call, role));
        break;
      case 'registry-open-native':
        this.#word(call.argument(role.to), () => openedNatively(call, role));
        break;
      case 'registry-read':
        this.#text(role.to, () => valueRead(call, role, by));
        break;
      case 'registry-read-native': {
        const read = valueReadNatively(call, role, by);
        if (read) this.writes.push({ kind: 'text', by, ...read });
        break;
      }
      case 'handle':
        this.#returns = () => handle(call, role, by);
        break;
      case 'file-open-native':
        this.#word(call.argument(role.to), () => fileOpened(call, role, by));
        break;
      case 'file-section': {
        const file = call.argument(role.file);
        if (table.number(file) === 0) break;
        this.#word(call.argument(role.to), () => file);
        break;
      }
      case 'read-handle':
        this.#text(role.to, () => readThrough(call, role.handle, by));
        break;
      case 'map-handle':
        this.#returns = () => {
          const held = table.node(call.argument(role.handle));
          return table.pointer(held.kind === 'pointer' ? held.text : table.source('shared-memory', by, site));
        };
        break;
      case 'process-parameters': {
        const parameters = table.allocation(site);
        this.#word(call.argument(role.to), () => parameters);
        const places = pointerSize === 8 ? PROCESS_PARAMETERS_64 : PROCESS_PARAMETERS_32;
        for (const [index, offset] of [
          [role.image, places.image],
          [role.commandLine, places.commandLine],
        ]) {
          this.#word(table.add(parameters, offset + pointerSize), () => {
            const given = call.argument(index);
            if (table.number(given) === 0) return table.constant(0);
            return settled(call, call.word(table.add(given, pointerSize), pointerSize), true);
          });
        }
        break;
      }
      case 'command-words': {
        const words = (): ValueId => wordsOf(call, role.from, by);
        if (role.to === undefined) this.#returns = words;
        else this.#word(call.argument(role.to), words);
        break;
      }
      case 'variable-address':
        this.#returns = () => table.variable(site, commandValue(table, role.holds, by, site));
        break;
      case 'duplicate':
        this.#returns = () => table.pointer(textArgument(call, role.from, role.wide));
        break;
      case 'allocate':
        this.#returns = () => table.allocation(site);
        break;
      case 'copy-memory':
        this.writes.push(
          copied(call, call.argument(role.to), call.argument(role.from), table.number(call.argument(role.size))),
        );
        this.#returns = this.#argument(role.to);
        break;
      case 'fill-memory': {
        const to = call.argument(role.to);
        const value = role.value === undefined ? 0 : table.number(call.argument(role.value));
        if (value === 0)
          this.writes.push({ kind: 'zero', to, size: Math.max(1, table.number(call.argument(role.size)) ?? 1) });
        this.#returns = () => to;
        break;
      }
      case 'find':
        this.#returns = () => table.found(call.argument(role.text));
        break;
      case 'walk':
        this.#returns = () => table.within(call.argument(role.text));
        break;
      case 'returns':
        this.#returns = this.#argument(role.argument);
        break;
      case 'get-procedure':
        this.#returns = () => {
          const name = table.node(textArgument(call, role.name, false));
          return name.kind === 'literal' && name.text !== ''
            ? table.import({ module: '', name: name.text, slot: 0, kind: 'import' }, site)
            : table.result(site);
        };
        break;
      case 'unicode-string':
        this.#word(table.add(call.argument(role.to), pointerSize), this.#argument(role.from));
        break;
      case 'take':
        this.#returns = () => taken(call, role);
        break;
      case 'message': {
        const { returned, write } = takenByMessage(call, role, by);
        if (write) this.writes.push(write);
        if (returned !== undefined) this.#returns = () => returned;
        break;
      }
      case 'own-process':
        this.#returns = () => table.constant(-1);
        break;
      case 'ends':
      case 'put':
      case 'reads':
      case 'compare':
      case 'variable':
        break;
      default:
        unheardOf(role);
    }
  }
}

/** A kind of role that no case is for: the compiler sees that there is none. */
function unheardOf(_: never): void {}
