// What an imported function does with its arguments, as far as following text needs to know: the kinds of role and the row they stand in.
import type { KeptPlace, TextSource } from '../values.ts';

/** Where a field stands in a structure, by the size of pointers. */
export interface FieldOffset {
  readonly offset64: number;
  readonly offset32: number;
}

/** Bytes from a structure's beginning to a field of it. */
export function offsetOf({ offset64, offset32 }: FieldOffset, pointerSize: number): number {
  return pointerSize === 8 ? offset64 : offset32;
}

/** Numbers are argument indices, from 0. `wide` says that the texts are UTF-16. */
export type Role =
  /** printf: writes `format` with the arguments from `rest` on (or behind the va_list `list`) to `to`. */
  | {
      readonly kind: 'format';
      readonly to: number;
      readonly format: number;
      readonly rest?: number;
      readonly list?: number;
      readonly wide: boolean;
      readonly returns?: 'to';
    }
  | {
      readonly kind: 'copy';
      readonly to: number;
      readonly from: number;
      readonly wide: boolean;
      readonly returns?: 'to';
    }
  | {
      readonly kind: 'append';
      readonly to: number;
      readonly from: number;
      readonly wide: boolean;
      readonly returns?: 'to';
    }
  /** Adds a path component to the path in `to`, with one backslash between. */
  | { readonly kind: 'path-append'; readonly to: number; readonly more: number; readonly wide: boolean }
  | {
      readonly kind: 'path-combine';
      readonly to: number;
      readonly folder: number;
      readonly file: number;
      readonly wide: boolean;
    }
  /** Cuts the last component off the path in `path`. */
  | { readonly kind: 'path-folder'; readonly path: number; readonly wide: boolean }
  /** Rewrites `path` without changing what it names (add or remove a backslash, quote or unquote spaces, canonical form). */
  | {
      readonly kind: 'path-same';
      readonly path: number;
      readonly to?: number;
      readonly wide: boolean;
      readonly adds?: string;
    }
  /** Replaces or adds the extension. */
  | { readonly kind: 'path-extension'; readonly path: number; readonly extension: number; readonly wide: boolean }
  | { readonly kind: 'expand'; readonly from: number; readonly to: number; readonly wide: boolean }
  /** Finds a file by name along the search path: the result ends in that name. */
  | {
      readonly kind: 'search-path';
      readonly file: number;
      readonly extension?: number;
      readonly to: number;
      readonly wide: boolean;
    }
  /** Writes a text from outside to `to`, or through the pointer in `outTo`, or returns its address. `detail` names the argument with its name (variable, key, folder). */
  | {
      readonly kind: 'text';
      readonly source: TextSource;
      readonly to?: number;
      readonly outTo?: number;
      readonly returns?: boolean;
      readonly detail?: number;
      readonly wide: boolean;
      readonly fallback?: number;
    }
  /** LoadString: the text of number `id` in the string tables of `module`; where `size` is 0, `to` gets its address. */
  | {
      readonly kind: 'load-string';
      readonly module: number;
      readonly id: number;
      readonly to: number;
      readonly size: number;
      readonly wide: boolean;
    }
  /** FormatMessage: a text, or the one of number `id` in the message tables of the module, with the inserts that `list` leads to. */
  | {
      readonly kind: 'format-message';
      readonly flags: number;
      readonly source: number;
      readonly id: number;
      readonly to: number;
      readonly list: number;
      readonly wide: boolean;
    }
  /** FindResource: the address of a resource's data, which LoadResource and LockResource give back. */
  | {
      readonly kind: 'find-resource';
      readonly module: number;
      readonly name: number;
      readonly type: number;
      readonly wide: boolean;
    }
  /** Returns the module of that name, the program's own for NULL. */
  | { readonly kind: 'module-handle'; readonly name: number }
  /** GetModuleFileName: the own image when `module` is 0. */
  | { readonly kind: 'module-name'; readonly module?: number; readonly to: number; readonly wide: boolean }
  | {
      readonly kind: 'registry-open';
      readonly key: number;
      readonly subkey: number;
      readonly to: number;
      readonly wide: boolean;
    }
  | {
      readonly kind: 'registry-read';
      readonly key: number;
      readonly subkey?: number;
      /** Absent where the values are counted through: any of the key's. */
      readonly name?: number;
      readonly to: number;
      readonly wide: boolean;
    }
  /** Opens the key that an OBJECT_ATTRIBUTES names. */
  | { readonly kind: 'registry-open-native'; readonly attributes: number; readonly to: number }
  /** Reads the value that a UNICODE_STRING names into a structure of the KEY_VALUE_INFORMATION_CLASS `class`. */
  | {
      readonly kind: 'registry-read-native';
      readonly key: number;
      readonly name: number;
      readonly class: number;
      readonly to: number;
    }
  /** Returns a handle to what `source` names; `name` is the argument with its name; with `number`, only where that argument is `is`. */
  | {
      readonly kind: 'handle';
      readonly source: TextSource;
      readonly name?: number;
      readonly number?: number;
      readonly is?: number;
      readonly wide: boolean;
    }
  /** Opens the file that an OBJECT_ATTRIBUTES names: its handle goes to `to`. */
  | { readonly kind: 'file-open-native'; readonly attributes: number; readonly to: number }
  /** Makes a section of the file that is open as `file`: its handle, which leads to that file, goes to `to`. */
  | { readonly kind: 'file-section'; readonly file: number; readonly to: number }
  /** Reads from the handle to a buffer. */
  | { readonly kind: 'read-handle'; readonly handle: number; readonly to: number }
  /** Maps what the handle leads to; memory that other processes write where the handle is not known. */
  | { readonly kind: 'map-handle'; readonly handle: number }
  /** RtlCreateProcessParameters: makes the structure whose address goes to `to`, with the UNICODE_STRINGs of the image and the command line. */
  | { readonly kind: 'process-parameters'; readonly to: number; readonly image: number; readonly commandLine: number }
  /** Returns an array of texts, or writes its address to `to`: the own image's path, then the words of the command line; with `from` those of that text. */
  | { readonly kind: 'command-words'; readonly to?: number; readonly from?: number }
  /** An imported variable, not a function: a pointer to the command line, or to that array. */
  | { readonly kind: 'variable'; readonly holds: CommandVariable }
  /** Returns the address of such a variable. */
  | { readonly kind: 'variable-address'; readonly holds: CommandVariable }
  | { readonly kind: 'duplicate'; readonly from: number; readonly wide: boolean }
  | { readonly kind: 'allocate' }
  | { readonly kind: 'copy-memory'; readonly to: number; readonly from: number; readonly size: number }
  | { readonly kind: 'fill-memory'; readonly to: number; readonly value?: number; readonly size: number }
  /** Returns a place within the text at `text` (wcsrchr, wcsstr, PathFindFileName); the one of the text `what`, and NULL where that is not in it. */
  | { readonly kind: 'find'; readonly text: number; readonly what?: number }
  /** Returns the place of the next character of the text at `text` (CharNext). */
  | { readonly kind: 'walk'; readonly text: number }
  /** Returns `same` where two texts are the same, up to `count` characters of both or as many as `leftCount` and `rightCount` say (-1: all). */
  | {
      readonly kind: 'compare';
      readonly left: number;
      readonly right: number;
      readonly count?: number;
      readonly leftCount?: number;
      readonly rightCount?: number;
      readonly same: number;
    }
  | { readonly kind: 'returns'; readonly argument: number }
  | { readonly kind: 'get-procedure'; readonly module: number; readonly name: number }
  /** RtlInitUnicodeString: fills Length, MaximumLength and Buffer at `to`. */
  | { readonly kind: 'unicode-string'; readonly to: number; readonly from: number; readonly wide: boolean }
  /** Has Windows keep `value` under `key`, a number, or with `named` a name. */
  | {
      readonly kind: 'put';
      readonly place: KeptPlace;
      readonly key: number;
      readonly value: number;
      readonly named?: true;
    }
  /** Returns what Windows keeps under `key`. */
  | { readonly kind: 'take'; readonly place: KeptPlace; readonly key: number; readonly named?: true }
  /** Sends a message, which may put something to where Windows keeps it, or take it from there by `to`; `item` is the number of the control. */
  | {
      readonly kind: 'message';
      readonly item?: number;
      readonly message: number;
      readonly to: number;
      readonly wide: boolean;
    }
  /** Control does not come back; with `process`, only when that argument is the own process. */
  | { readonly kind: 'ends'; readonly process?: number }
  | { readonly kind: 'own-process' }
  /** Uses its arguments and leaves memory as it was; `use` tells why a text is no child. */
  | { readonly kind: 'reads'; readonly use: TextUse };

/** The run-time library's variables of the program's own command line: the text, and the array of its words. */
export type CommandVariable = 'command-line' | 'command-words';

/** What a function that only reads its texts does with them. */
export type TextUse =
  | 'compare'
  | 'log'
  | 'registry-write'
  | 'task-scheduler'
  | 'file'
  | 'length'
  | 'message'
  | 'load'
  | 'none';

/** A role and the function names that play it. */
export interface RoleRow {
  readonly names: readonly string[];
  readonly role: Role;
  /** The role in x86 code, where an argument of 8 bytes takes two places and moves those behind it. */
  readonly role32?: Role;
  /** Argument names as documented, for a reader of the table. */
  readonly signature: string;
}

type RoleOf = (wide: boolean) => Role;

/** A row for each of the A and W forms of `names` ("lstrcat" gives lstrcatA and lstrcatW). */
export function bothWidths(names: readonly string[], signature: string, role: RoleOf): readonly RoleRow[] {
  return [
    { names: names.map((name) => `${name}A`), role: role(false), signature },
    { names: names.map((name) => `${name}W`), role: role(true), signature },
  ];
}
