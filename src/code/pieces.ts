// A text value laid open: its alternatives, each an ordered list of pieces with the addresses by which they are known.
import type { ValueTable } from './value-table.ts';
import type { TextSource, ValueId } from './values.ts';

export type Piece =
  | {
      readonly kind: 'literal';
      readonly text: string;
      readonly rva: number;
      readonly wide: boolean;
      readonly immediate: boolean;
    }
  | {
      readonly kind: 'source';
      readonly source: TextSource;
      readonly detail: string;
      readonly site: number;
      readonly folderOnly: boolean;
      readonly registry?: RegistryPlace;
      readonly name?: string;
    }
  | {
      readonly kind: 'unknown';
      readonly why: UnknownReason;
      readonly detail: string;
      /** RVA of the call that it comes out of. */
      readonly site?: number;
      /** Virtual address of the variable that holds it. */
      readonly va?: number;
    };

/** Why a piece is not known within this function. */
export type UnknownReason = 'caller' | 'callee' | 'global' | 'kept' | 'object' | 'data';

export interface RegistryPlace {
  readonly key: string;
  readonly value: string;
}

/** A step on the way from literals to the text: the call at `site` to `by`. */
export interface TextStep {
  readonly site: number;
  readonly by: string;
}

/** One alternative of a text. */
export interface TextPath {
  readonly pieces: readonly Piece[];
  readonly steps: readonly TextStep[];
  /** True where a step on the way was assumed, not followed. */
  readonly assumed?: boolean;
}

const ALTERNATIVE_LIMIT = 24;

/** The alternatives of a text, at most two dozen and one that says that there are more. */
export function openText(table: ValueTable, text: ValueId): readonly TextPath[] {
  let opener = openers.get(table);
  if (!opener) {
    opener = new Opener(table);
    openers.set(table, opener);
  }
  return opener.open(text, 0);
}

/** Why a text is not known, in words, and where it comes from. */
type Unknown = [why: UnknownReason, detail: string, from?: { readonly site?: number; readonly va?: number }];

/** What was laid open once is kept as long as its table: parts of texts are shared. */
const openers = new WeakMap<ValueTable, Opener>();

class Opener {
  readonly #table: ValueTable;
  readonly #known = new Map<ValueId, TextPath[]>();

  constructor(table: ValueTable) {
    this.#table = table;
  }

  open(text: ValueId, depth: number): TextPath[] {
    const known = this.#known.get(text);
    if (known) return known;
    const paths = this.#open(text, depth);
    this.#known.set(text, paths);
    return paths;
  }

  #open(text: ValueId, depth: number): TextPath[] {
    const table = this.#table;
    const node = table.node(text);
    const unknown = (why: UnknownReason, detail: string): TextPath[] => [
      { pieces: [{ kind: 'unknown', why, detail }], steps: [] },
    ];
    if (depth > 64) return unknown('data', 'nested too deeply');
    switch (node.kind) {
      case 'choice': {
        const all = distinctPaths(node.of.flatMap((one) => this.open(one, depth + 1)));
        return all.length > ALTERNATIVE_LIMIT
          ? [...all.slice(0, ALTERNATIVE_LIMIT), ...unknown('data', 'further alternatives')]
          : all;
      }
      case 'literal':
        return [
          {
            pieces: [
              {
                kind: 'literal',
                text: node.text,
                rva: node.rva,
                wide: node.wide,
                immediate: node.immediate !== undefined,
              },
            ],
            steps: [],
          },
        ];
      case 'concat':
        return this.#sequence(node.parts, { site: node.site, by: node.by }, depth);
      case 'source': {
        const registry = node.source === 'registry' ? this.#registryPlace(node.of, depth) : undefined;
        const name = node.source === 'registry' || node.of.length === 0 ? undefined : this.#plain(node.of[0], depth);
        return [
          {
            pieces: [
              {
                kind: 'source',
                source: node.source,
                detail: node.detail,
                site: node.site,
                folderOnly: false,
                ...(registry ? { registry } : {}),
                ...(name === undefined ? {} : { name }),
              },
            ],
            steps: [{ site: node.site, by: node.detail }],
          },
        ];
      }
      case 'folder-of':
        return this.open(node.path, depth + 1).map((path) => ({
          ...path,
          pieces: folderPieces(path.pieces),
        }));
      case 'resource': {
        const [why, detail, from] = this.#unknownAt(node.id, depth);
        return [
          { pieces: [{ kind: 'unknown', why, detail: `the text whose number is ${detail}`, ...from }], steps: [] },
        ];
      }
      case 'text-at': {
        const [why, detail, from] = this.#unknownAt(node.address, depth);
        return [{ pieces: [{ kind: 'unknown', why, detail, ...from }], steps: [] }];
      }
      case 'format':
        return this.open(node.format, depth + 1).map((path) => ({
          ...path,
          pieces: path.pieces.filter((piece) => piece.kind !== 'literal'),
        }));
      case 'pointer':
        return this.open(node.text, depth + 1);
      case 'assumed':
        return this.open(node.text, depth + 1).map((path) => ({
          pieces: path.pieces,
          steps: [...path.steps, { site: node.site, by: node.by }],
          assumed: true,
        }));
      default:
        return unknown('data', 'nothing is known of it');
    }
  }

  #sequence(parts: readonly ValueId[], step: TextStep, depth: number): TextPath[] {
    let paths: TextPath[] = [{ pieces: [], steps: [] }];
    for (const part of parts) {
      const tails = this.open(part, depth + 1);
      if (paths.length * tails.length > ALTERNATIVE_LIMIT) paths = fewer(paths);
      if (paths.length * tails.length > ALTERNATIVE_LIMIT) paths = [oneOf(paths)];
      paths = distinctPaths(
        paths.flatMap((before) =>
          tails.map((tail) => ({
            pieces: [...before.pieces, ...tail.pieces],
            steps: [...before.steps, ...tail.steps],
            ...(before.assumed || tail.assumed ? { assumed: true } : {}),
          })),
        ),
      );
    }
    return paths.map((path) => ({ ...path, steps: [...path.steps, step] }));
  }

  #unknownAt(address: ValueId, depth: number): Unknown {
    const node = this.#table.node(address);
    switch (node.kind) {
      case 'parameter':
        return ['caller', `argument ${node.index + 1} of the function`];
      case 'add':
      case 'within':
      case 'found':
        return depth > 64 ? ['data', ''] : this.#unknownAt(node.base, depth + 1);
      case 'load': {
        const inner = this.#table.node(node.address);
        if (inner.kind === 'constant') return ['global', 'a global variable', { va: inner.value }];
        const [why, detail, from] = depth > 64 ? (['data', ''] as Unknown) : this.#unknownAt(node.address, depth + 1);
        return why === 'caller' ? ['object', `a field behind ${detail}`] : [why, detail, from];
      }
      case 'choice': {
        const all = node.of.map((one) => this.#unknownAt(one, depth + 1));
        return all.find(([why]) => why !== 'data') ?? all[0];
      }
      case 'constant':
        return ['global', 'a global buffer', { va: node.value }];
      case 'result':
      case 'output':
      case 'allocation':
        return ['callee', 'filled or returned by a callee', { site: node.site }];
      case 'kept':
        return ['kept', 'what Windows kept for the program', { site: node.site }];
      case 'entry':
        return ['data', 'a register that is not an argument'];
      default:
        return ['data', 'nothing is known of it'];
    }
  }

  /** The text where it is one literal, or its number where it is a constant. */
  #plain(id: ValueId, depth: number): string | undefined {
    const node = this.#table.node(id);
    if (node.kind === 'constant') return String(node.value);
    const paths = this.open(id, depth + 1);
    if (paths.length !== 1) return undefined;
    return paths[0].pieces.every((piece) => piece.kind === 'literal')
      ? paths[0].pieces.map((piece) => (piece.kind === 'literal' ? piece.text : '')).join('')
      : undefined;
  }

  #registryPlace(of: readonly ValueId[], depth: number): RegistryPlace {
    return { key: this.#keyPath(of[0], 0), value: of.length > 1 ? (this.#pattern(of[1], depth) ?? '*') : '*' };
  }

  #pattern(text: ValueId, depth: number): string | undefined {
    if (this.#table.node(text).kind === 'unknown') return undefined;
    const [path] = this.open(text, depth + 1);
    return path?.pieces.map((piece) => (piece.kind === 'literal' ? piece.text : '*')).join('');
  }

  #keyPath(key: ValueId, depth: number): string {
    const node = this.#table.node(key);
    if (node.kind === 'registry-key' && depth < 16) {
      const sub = this.#pattern(node.subkey, depth) ?? '*';
      const above = this.#table.node(node.parent);
      if (above.kind === 'constant' && above.value === 0) return winregName(sub);
      const parent = this.#keyPath(node.parent, depth + 1);
      return sub === '' ? parent : `${parent}\\${sub}`;
    }
    if (node.kind === 'constant')
      return ROOT_KEYS[(node.value >>> 0) & 0xff] !== undefined && node.lo >>> 0 >= 0x80000000
        ? ROOT_KEYS[(node.lo >>> 0) & 0xff]
        : '*';
    if (node.kind === 'choice') {
      const names = new Set(node.of.map((one) => this.#keyPath(one, depth + 1)).filter((name) => name !== '*'));
      if (names.size === 1) return [...names][0];
    }
    return '*';
  }
}

/** A program's name at the start of a command line, with what ends it. */
const PROGRAM = /^(?:"[^"]+"|[^"]*?\.(?:exe|com|bat|cmd|scr)(?=[\s"]))/i;

/** Fewer beginnings of a text: where each names its program already, the programs with what follows left open; else any of them. */
function fewer(paths: readonly TextPath[]): TextPath[] {
  const heads = paths.map(programOf);
  if (heads.some((head) => head === undefined)) return [oneOf(paths)];
  return distinctPaths(heads as TextPath[]);
}

/** Too many ways to say which beginning it was: what comes at the end (the file's name) matters more. */
function oneOf(paths: readonly TextPath[]): TextPath {
  return {
    pieces: [{ kind: 'unknown', why: 'data', detail: `one of ${paths.length} beginnings` }],
    steps: paths[0].steps,
  };
}

/** The pieces of a command line up to the one in which its program's name ends, and one that stands for the rest; undefined where it does not end. */
function programOf(path: TextPath): TextPath | undefined {
  let text = '';
  for (let i = 0; i < path.pieces.length; i++) {
    const piece = path.pieces[i];
    text += piece.kind === 'literal' ? piece.text : '*';
    if (!PROGRAM.test(text)) continue;
    const rest: Piece = { kind: 'unknown', why: 'data', detail: 'one of several ways to go on' };
    return { ...path, pieces: [...path.pieces.slice(0, i + 1), rest] };
  }
  return undefined;
}

/** Paths that read the same, once: the same source asked for in two places is one. */
export function distinctPaths(paths: readonly TextPath[]): TextPath[] {
  const seen = new Map<string, TextPath>();
  for (const path of paths) {
    const key = path.pieces.map(pieceKey).join('\u0001');
    if (!seen.has(key)) seen.set(key, path);
  }
  return [...seen.values()];
}

/** What a piece says, whatever place it is known from. */
export function pieceKey(piece: Piece): string {
  if (piece.kind === 'literal') return `l${piece.text}`;
  if (piece.kind === 'unknown') return `u${piece.why}`;
  return `s${piece.source}|${piece.folderOnly}|${piece.name ?? ''}|${piece.registry ? `${piece.registry.key}|${piece.registry.value}` : ''}`;
}

/** Predefined registry handles (winreg.h), by their low byte. */
const ROOT_KEYS: Readonly<Record<number, string>> = {
  0: 'HKEY_CLASSES_ROOT',
  1: 'HKEY_CURRENT_USER',
  2: 'HKEY_LOCAL_MACHINE',
  3: 'HKEY_USERS',
  5: 'HKEY_CURRENT_CONFIG',
};

/** Where the predefined keys stand among the kernel's objects ("Registry Key Object Routines", Windows driver documentation). */
const NATIVE_ROOTS: readonly (readonly [string, string])[] = [
  ['\\registry\\machine', 'HKEY_LOCAL_MACHINE'],
  ['\\registry\\user', 'HKEY_USERS'],
];

/** A key's native path by the name that the registry's tools show. */
function winregName(path: string): string {
  for (const [native, root] of NATIVE_ROOTS) {
    const rest = path.slice(native.length);
    if (path.toLowerCase().startsWith(native) && (rest === '' || rest.startsWith('\\'))) return `${root}${rest}`;
  }
  return path;
}

/** A path without its last component: known folders stay, the own image becomes its folder. */
function folderPieces(pieces: readonly Piece[]): readonly Piece[] {
  const kept = [...pieces];
  for (let last = kept.pop(); last; last = kept.pop()) {
    if (last.kind === 'source') {
      if (last.source === 'own-image' || last.source === 'module-path') return [...kept, { ...last, folderOnly: true }];
      return [...kept, last];
    }
    if (last.kind === 'unknown') return [...kept, last];
    const slash = last.text.lastIndexOf('\\');
    if (slash > 0) return [...kept, { ...last, text: last.text.slice(0, slash) }];
    if (slash === 0) return kept;
  }
  return [{ kind: 'unknown', why: 'data', detail: 'a part of a path' }];
}
