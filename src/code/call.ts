// A call as the interpreter meets it: what is called, with which arguments, in which state; and what the callee's role or summary does to that state.
import type { ImportedSymbol } from '../pe/imports.ts';
import type { Memory } from './memory.ts';
import { nameOfOrdinal, roleOf } from './roles/index.ts';
import type { Role } from './roles/role.ts';
import type { State } from './state.ts';
import { concatenate, formatText, isEmpty, joinPath } from './texts.ts';
import { UNKNOWN, UNSET, type ValueId } from './values.ts';

export type CallTarget =
  | { readonly kind: 'import'; readonly symbol: ImportedSymbol; readonly lookup?: number }
  | { readonly kind: 'function'; readonly rva: number }
  | { readonly kind: 'unknown'; readonly value: ValueId };

/** A call (or tail jump) with everything that is known when it is made. */
export interface Call {
  /** RVA of the call or jump instruction. */
  readonly site: number;
  readonly target: CallTarget;
  readonly memory: Memory;
  readonly state: State;
  /** Bytes that the call itself pushes: a pointer, or nothing for a tail jump. */
  readonly pushed: number;
  /** The i-th argument by the calling convention. */
  argument(index: number): ValueId;
}

/** The export name by which an imported symbol is known, ordinals resolved where a table knows them. */
export function symbolName(symbol: ImportedSymbol): string | undefined {
  return symbol.name ?? (symbol.ordinal === undefined ? undefined : nameOfOrdinal(symbol.module, symbol.ordinal));
}

function roleOfSymbol(symbol: ImportedSymbol): Role | undefined {
  const name = symbolName(symbol);
  return name === undefined ? undefined : roleOf(name);
}

/** The text behind the i-th argument. */
function textArgument(call: Call, index: number, wide: boolean | undefined): ValueId {
  const text = call.memory.readText(call.state, call.argument(index), wide);
  return text === UNSET ? UNKNOWN : text;
}

/** Words of the command line that are told apart. */
const COMMAND_WORDS = 8;
/** winbase.h */
const STD_INPUT_HANDLE = -10;
/** Offsets of ImagePathName and CommandLine in RTL_USER_PROCESS_PARAMETERS (winternl.h). */
const PROCESS_PARAMETERS_64 = { image: 0x60, commandLine: 0x70 };
const PROCESS_PARAMETERS_32 = { image: 0x38, commandLine: 0x40 };

/** Pointer arguments whose target an unknown callee may have filled. */
const OPAQUE_ARGUMENTS = 6;

/** Does to the state what an imported function does, and returns what it returns. */
export function applyImport(call: Call, symbol: ImportedSymbol): ValueId {
  const role = roleOfSymbol(symbol);
  if (!role) return applyOpaque(call);
  if (FILLS_OTHERS.has(role.kind)) forgetOutputs(call, role);
  return applyRole(call, role, symbolName(symbol) ?? '');
}

/** Roles whose functions also fill pointers that the row does not name (a length, a type). */
const FILLS_OTHERS: ReadonlySet<Role['kind']> = new Set(['read-handle', 'registry-read', 'text'] as const);

/** What such pointers into the own frame lead to is no longer what it was. */
function forgetOutputs(call: Call, role: Role): void {
  const { memory, state, site } = call;
  const { table } = memory;
  const named = new Set<unknown>(Object.values(role));
  for (let i = 0; i < OPAQUE_ARGUMENTS; i++) {
    if (named.has(i)) continue;
    const pointer = call.argument(i);
    if (table.node(pointer).kind === 'frame' && memory.writtenText(state, pointer) === UNSET)
      memory.writeWord(state, pointer, 4, table.output(site, i, 0));
  }
}

/** Whether control does not come back from an imported function. */
export function ends(call: Call, symbol: ImportedSymbol): boolean {
  const role = roleOfSymbol(symbol);
  if (role?.kind !== 'ends') return false;
  return role.process === undefined || call.memory.table.number(call.argument(role.process)) === -1;
}

/** What is left when nothing is known of a callee: each pointer into the own frame may point to something new. */
export function applyOpaque(call: Call): ValueId {
  const { memory, state, site } = call;
  const { table } = memory;
  for (let i = 0; i < OPAQUE_ARGUMENTS; i++) {
    const pointer = call.argument(i);
    const kind = table.node(pointer).kind;
    if ((kind !== 'frame' && kind !== 'allocation') || memory.writtenText(state, pointer) !== UNSET) continue;
    const size = memory.initial.pointerSize;
    if (kind === 'allocation') memory.writeText(state, pointer, table.textAt(table.output(site, i, 0), undefined));
    memory.writeWord(state, pointer, size, table.output(site, i, 0));
  }
  return table.result(site);
}

function applyRole(call: Call, role: Role, by: string): ValueId {
  const { memory, state, site } = call;
  const { table } = memory;
  const pointerSize = memory.initial.pointerSize;
  const result = table.result(site);
  const write = (index: number, text: ValueId): void => writeTextAt(call, call.argument(index), text, by);
  switch (role.kind) {
    case 'format': {
      const format = textArgument(call, role.format, role.wide);
      const list = role.list === undefined ? UNSET : call.argument(role.list);
      const argument = (i: number): ValueId =>
        role.rest !== undefined
          ? call.argument(role.rest + i)
          : memory.readWord(state, table.add(list, i * pointerSize), pointerSize);
      const known = (i: number): ValueId => settled(call, argument(i), role.wide);
      const pending = table.alternatives(format).some((one) => table.node(one).kind === 'text-at');
      write(
        role.to,
        formatText(
          table,
          format,
          pending ? known : argument,
          (pointer, wide) => memory.readText(state, pointer, wide),
          role.wide,
          site,
          by,
        ),
      );
      return role.returns === 'to' ? call.argument(role.to) : result;
    }
    case 'copy':
      write(role.to, textArgument(call, role.from, role.wide));
      return role.returns === 'to' ? call.argument(role.to) : result;
    case 'append': {
      const to = call.argument(role.to);
      const before = memory.readText(state, to, role.wide);
      memory.writeText(state, to, concatenate(table, [before, textArgument(call, role.from, role.wide)], site, by));
      return role.returns === 'to' ? to : result;
    }
    case 'path-append':
      write(
        role.to,
        joinPath(
          table,
          textArgument(call, role.to, role.wide),
          textArgument(call, role.more, role.wide),
          true,
          site,
          by,
        ),
      );
      return result;
    case 'path-combine': {
      const none = table.number(call.argument(role.folder)) === 0;
      const file =
        table.number(call.argument(role.file)) === 0
          ? table.literal('', 0, true)
          : textArgument(call, role.file, role.wide);
      write(role.to, none ? file : joinPath(table, textArgument(call, role.folder, role.wide), file, true, site, by));
      return call.argument(role.to);
    }
    case 'path-folder':
      write(role.path, table.folderOf(textArgument(call, role.path, role.wide), site));
      return result;
    case 'path-same': {
      const path = textArgument(call, role.path, role.wide);
      const ends = role.adds === undefined ? path : joinPath(table, path, table.literal('', 0, true), false, site, by);
      if (role.to !== undefined || ends !== path) write(role.to ?? role.path, ends);
      return result;
    }
    case 'path-extension': {
      const path = textArgument(call, role.path, role.wide);
      write(role.path, concatenate(table, [path, textArgument(call, role.extension, role.wide)], site, by));
      return result;
    }
    case 'expand':
      write(role.to, textArgument(call, role.from, role.wide));
      return result;
    case 'search-path': {
      const folder = table.source('unknown', 'the search path', site);
      const extension = role.extension === undefined ? UNSET : call.argument(role.extension);
      const ending =
        extension === UNSET || table.number(extension) === 0 ? [] : [memory.readText(state, extension, role.wide)];
      write(
        role.to,
        concatenate(
          table,
          [joinPath(table, folder, textArgument(call, role.file, role.wide), true, site, by), ...ending],
          site,
          by,
        ),
      );
      return result;
    }
    case 'text': {
      const detail = role.detail === undefined ? UNSET : call.argument(role.detail);
      const number = detail === UNSET ? undefined : table.number(detail);
      const of =
        detail === UNSET
          ? []
          : number !== undefined && number < 0x10000
            ? [detail]
            : [textArgument(call, role.detail as number, role.wide), detail];
      const text = table.source(role.source, by, site, of);
      const all =
        role.fallback === undefined ? text : table.choice([text, textArgument(call, role.fallback, role.wide)]);
      if (role.to !== undefined) write(role.to, all);
      if (role.outTo !== undefined) memory.writeWord(state, call.argument(role.outTo), pointerSize, table.pointer(all));
      return role.returns ? table.pointer(all) : result;
    }
    case 'module-name': {
      const module = role.module === undefined ? 0 : table.number(call.argument(role.module));
      const own = module === 0 || (module === memory.initial.image.imageBase && !memory.initial.image.isDll);
      write(role.to, table.source(own ? 'own-image' : 'module-path', by, site));
      return result;
    }
    case 'registry-open': {
      const key = table.registryKey(call.argument(role.key), subkeyText(call, role.subkey, role.wide), site);
      memory.writeWord(state, call.argument(role.to), pointerSize, key);
      return result;
    }
    case 'registry-read': {
      let key = call.argument(role.key);
      if (role.subkey !== undefined) key = table.registryKey(key, subkeyText(call, role.subkey, role.wide), site);
      const name = textArgument(call, role.name, role.wide);
      const value = table.source('registry', by, site, [key, name]);
      const to = call.argument(role.to);
      const before = memory.writtenText(state, to);
      // A text that stands there already is the default for a missing value.
      memory.writeText(
        state,
        to,
        before !== UNSET && before !== UNKNOWN && !isEmpty(table, before) ? table.choice([before, value]) : value,
      );
      return result;
    }
    case 'handle': {
      const number = role.number === undefined ? undefined : table.number(call.argument(role.number));
      const named = role.name === undefined ? [] : [textArgument(call, role.name, role.wide)];
      const standard = number !== undefined && (number | 0) === STD_INPUT_HANDLE;
      if (role.number !== undefined && !standard) return result;
      return table.pointer(table.source(standard ? 'standard-input' : 'file', by, site, named));
    }
    case 'read-handle': {
      const handles = table.alternatives(call.argument(role.handle)).map((handle) => {
        const node = table.node(handle);
        return node.kind === 'pointer' ? node.text : table.source('file', by, site);
      });
      write(role.to, table.choice(handles));
      return result;
    }
    case 'process-parameters': {
      const parameters = table.allocation(site);
      memory.writeWord(state, call.argument(role.to), pointerSize, parameters);
      const places = pointerSize === 8 ? PROCESS_PARAMETERS_64 : PROCESS_PARAMETERS_32;
      for (const [index, offset] of [
        [role.image, places.image],
        [role.commandLine, places.commandLine],
      ]) {
        const buffer = memory.readWord(state, table.add(call.argument(index), pointerSize), pointerSize);
        const given = table.number(call.argument(index)) === 0 ? table.constant(0) : buffer;
        memory.writeWord(state, table.add(parameters, offset + pointerSize), pointerSize, settled(call, given, true));
      }
      return result;
    }
    case 'command-words': {
      const words = table.allocation(site);
      for (let i = 0; i < COMMAND_WORDS; i++) {
        const word = table.source(i === 0 ? 'own-image' : 'command-line', by, site);
        memory.writeWord(state, table.add(words, i * pointerSize), pointerSize, table.pointer(word));
      }
      return words;
    }
    case 'duplicate':
      return table.pointer(textArgument(call, role.from, role.wide));
    case 'allocate':
      return table.allocation(site);
    case 'copy-memory':
      copyMemory(call, call.argument(role.to), call.argument(role.from), table.number(call.argument(role.size)));
      return call.argument(role.to);
    case 'fill-memory':
      fillMemory(
        call,
        call.argument(role.to),
        role.value === undefined ? 0 : table.number(call.argument(role.value)),
        table.number(call.argument(role.size)),
      );
      return call.argument(role.to);
    case 'find':
      return table.found(call.argument(role.text));
    case 'returns':
      return call.argument(role.argument);
    case 'get-procedure': {
      const name = table.node(textArgument(call, role.name, false));
      return name.kind === 'literal' && name.text !== ''
        ? table.import({ module: '', name: name.text, slot: 0, kind: 'import' }, site)
        : result;
    }
    case 'unicode-string': {
      const from = call.argument(role.from);
      memory.writeWord(state, table.add(call.argument(role.to), pointerSize), pointerSize, from);
      return result;
    }
    case 'own-process':
      return table.constant(-1);
    case 'ends':
    case 'reads':
      return result;
    default: {
      const never: never = role;
      return never;
    }
  }
}

/** The subkey's text; NULL means the key itself. */
function subkeyText(call: Call, index: number, wide: boolean): ValueId {
  const { table } = call.memory;
  return table.number(call.argument(index)) === 0 ? table.literal('', 0, true) : textArgument(call, index, wide);
}

/** An argument that will be asked for later, in another state: what its text is now stands behind it. */
function settled(call: Call, value: ValueId, wide: boolean): ValueId {
  const { memory, state } = call;
  const { table } = memory;
  const kind = table.node(value).kind;
  if (kind !== 'frame' && kind !== 'allocation') return value;
  const text = memory.readText(state, value, wide);
  return text === UNSET ? UNKNOWN : table.pointer(text);
}

/**
 * What a buffer holds after a text is written through a pointer into it: at its start the text; at a place that a search found, the text
 * in place of what follows; at the end of a walk, the text added.
 */
export function textWrittenAt(
  call: Pick<Call, 'memory' | 'state' | 'site'>,
  pointer: ValueId,
  text: ValueId,
  by: string,
): { buffer: ValueId; text: ValueId } {
  const { memory, state, site } = call;
  const { table } = memory;
  const node = table.node(pointer);
  if (node.kind !== 'within' && node.kind !== 'found') return { buffer: pointer, text };
  const before = memory.readText(state, node.base, undefined);
  const kept = before === UNSET ? UNKNOWN : before;
  const whole =
    node.kind === 'found'
      ? joinPath(table, table.folderOf(kept, site), text, false, site, by)
      : concatenate(table, [kept, text], site, by);
  return { buffer: node.base, text: whole };
}

/** Writes a text through a pointer (see {@link textWrittenAt}); through one of several, each may have got it. */
export function writeTextAt(
  call: Pick<Call, 'memory' | 'state' | 'site'>,
  pointer: ValueId,
  text: ValueId,
  by: string,
): void {
  const { memory, state } = call;
  const { table } = memory;
  const all = table.alternatives(pointer);
  for (const one of all) {
    const written = textWrittenAt(call, one, text, by);
    const before = all.length > 1 ? memory.writtenText(state, written.buffer) : UNSET;
    memory.writeText(state, written.buffer, before === UNSET ? written.text : table.choice([before, written.text]));
  }
}

const COPY_WORDS_LIMIT = 256;

function copyMemory(call: Call, to: ValueId, from: ValueId, size: number | undefined): void {
  const { memory, state } = call;
  const { table } = memory;
  const text = memory.readText(state, from, undefined);
  const node = table.node(text);
  const isText =
    text !== UNSET &&
    text !== UNKNOWN &&
    !(node.kind === 'literal' && (node.text === '' || (size !== undefined && size < node.text.length)));
  if (size !== undefined && size <= COPY_WORDS_LIMIT && !(isText && node.kind !== 'text-at')) {
    const step = memory.initial.pointerSize;
    for (let at = 0; at + step <= size; at += step)
      memory.writeWord(state, table.add(to, at), step, memory.readWord(state, table.add(from, at), step));
  }
  if (isText) writeTextAt(call, to, text, 'memcpy');
}

function fillMemory(call: Call, to: ValueId, value: number | undefined, size: number | undefined): void {
  const { memory, state } = call;
  const { table } = memory;
  if (value !== 0) return;
  memory.zero(state, to, size ?? 0);
  memory.writeText(state, to, table.literal('', 0, true));
}
