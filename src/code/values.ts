// What a value can be: the nodes that the interpreter follows, named by small integers so that states are plain Int32Arrays.
import type { ImportedSymbol } from '../pe/imports.ts';
import type { FormatSyntax } from './format-pieces.ts';

/** The name of a value in its table. */
export type ValueId = number;

/** No value was ever put here (a location that nothing wrote). */
export const UNSET: ValueId = 0;
/** Something was put here, and nothing is known of it. */
export const UNKNOWN: ValueId = 1;

/** Where a piece of text comes from that is not in the file. */
export type TextSource =
  | 'system-directory'
  | 'system-wow64-directory'
  | 'windows-directory'
  | 'temp-directory'
  | 'current-directory'
  | 'known-folder'
  | 'own-image'
  | 'module-path'
  | 'command-line'
  | 'registry'
  | 'environment'
  | 'standard-input'
  | 'file'
  | 'user'
  | 'rpc'
  | 'process-memory'
  | 'shared-memory'
  | 'number'
  | 'character'
  | 'unknown';

/** Where Windows keeps a value for a program, until the program asks for it. */
export type KeptPlace =
  | 'window-word'
  | 'window-property'
  | 'thread-slot'
  | 'fiber-slot'
  | 'list-box-data'
  | 'list-box-text'
  | 'combo-box-data'
  | 'combo-box-text'
  | 'list-view-data'
  | 'tree-view-data';

/** A node: what a value is. Text nodes (literal and below) are the content of a buffer; the others are what a register or a slot holds. */
export type ValueNode =
  | { readonly kind: 'unset' }
  | { readonly kind: 'unknown' }
  /** A number; an address within the module when it lies in the image. `hi` is present for 64-bit constants that a double cannot hold. */
  | { readonly kind: 'constant'; readonly value: number; readonly lo: number; readonly hi: number }
  /** A general register's value on entry of the function. */
  | { readonly kind: 'entry'; readonly register: number }
  /** The i-th argument on entry. */
  | { readonly kind: 'parameter'; readonly index: number }
  /** Address within the function's frame: the stack pointer on entry plus `offset`. */
  | { readonly kind: 'frame'; readonly offset: number }
  | { readonly kind: 'add'; readonly base: ValueId; readonly offset: number }
  /** `base` plus an amount that is not known: a pointer that walked through a buffer, an indexed table. `stride`: bytes of an element, of which the amount is a multiple, where that is told. */
  | { readonly kind: 'within'; readonly base: ValueId; readonly stride?: number }
  /** A place inside the text at `base` that a search found (the last backslash, an extension): what is written there replaces the rest. */
  | { readonly kind: 'found'; readonly base: ValueId }
  /** a - b, for the pointer-difference idiom of copy loops. */
  | { readonly kind: 'difference'; readonly left: ValueId; readonly right: ValueId }
  /** What memory at `address` held when the function was entered. */
  | { readonly kind: 'load'; readonly address: ValueId; readonly width: number }
  /**
   * What the call at `site` returned; `within` when a callee made that call, on behalf of the call at `site`: then it is what the callee knows
   * it as, a choice when it is one of several.
   */
  | { readonly kind: 'result'; readonly site: number; readonly within?: ValueId }
  /** What the call at `site` left behind its pointer argument. */
  | { readonly kind: 'output'; readonly site: number; readonly argument: number; readonly offset: number }
  /**
   * Fresh memory from an allocator; `within` as for results, so that two calls of a constructor make two objects. `words` is what stands there
   * from the start, one pointer after the other: the last of them is any further one.
   */
  | {
      readonly kind: 'allocation';
      readonly site: number;
      readonly within?: ValueId;
      readonly words?: readonly ValueId[];
    }
  /** What the call at `site` takes back of what Windows keeps under `key`, a number or a name; UNSET where no key is told from another. */
  | { readonly kind: 'kept'; readonly place: KeptPlace; readonly key: ValueId; readonly site: number }
  /** The address of an imported function; `lookup` is the call site when GetProcAddress gave it. */
  | { readonly kind: 'import'; readonly symbol: ImportedSymbol; readonly lookup?: number }
  /** `count` bytes of the image, as loaded into a vector register. */
  | { readonly kind: 'bytes'; readonly rva: number; readonly count: number }
  /** Two 8-byte values side by side in a vector register. */
  | { readonly kind: 'pair'; readonly low: ValueId; readonly high: ValueId }
  /** An address at which `text` stands, owned by nobody else (a returned string). */
  | { readonly kind: 'pointer'; readonly text: ValueId }
  | { readonly kind: 'registry-key'; readonly parent: ValueId; readonly subkey: ValueId; readonly site: number }
  /** One of several values. */
  | { readonly kind: 'choice'; readonly of: readonly ValueId[] }
  | {
      readonly kind: 'literal';
      readonly text: string;
      readonly rva: number;
      readonly wide: boolean;
      readonly immediate?: number;
    }
  | { readonly kind: 'concat'; readonly parts: readonly ValueId[]; readonly site: number; readonly by: string }
  /** The text of number `id` in the string or message tables, once that is known; `isOwn` where the module is surely this one. */
  | {
      readonly kind: 'resource';
      readonly from: 'strings' | 'messages';
      readonly id: ValueId;
      readonly isOwn: boolean;
      readonly site: number;
      readonly by: string;
    }
  /** printf or FormatMessage: the pieces once the format is known. */
  | {
      readonly kind: 'format';
      readonly format: ValueId;
      readonly syntax: FormatSyntax;
      readonly arguments: readonly ValueId[];
      readonly wide: boolean;
      readonly site: number;
      readonly by: string;
    }
  | {
      readonly kind: 'source';
      readonly source: TextSource;
      readonly detail: string;
      readonly of: readonly ValueId[];
      readonly site: number;
    }
  /** The text at `address` on entry of the function. */
  | { readonly kind: 'text-at'; readonly address: ValueId; readonly wide: boolean | undefined }
  /** `text`, with a step that is assumed at the call `site`: `by` says who is taken to have put it where it is read. */
  | { readonly kind: 'assumed'; readonly text: ValueId; readonly site: number; readonly by: string }
  /** The folder part of a path. */
  | { readonly kind: 'folder-of'; readonly path: ValueId; readonly site: number }
  /** What is being found out at this moment, `depth` questions deep: it stands in values that lead around a loop, and never leaves them. */
  | { readonly kind: 'cycle'; readonly depth: number };

/** Base of frame locations in an address. */
export const FRAME: ValueId = -1;
/** Base of absolute (image) locations. */
export const ABSOLUTE: ValueId = -2;
