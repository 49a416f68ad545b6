// Any file that stands for something else to open, told by its bytes: a shortcut, an Internet shortcut, a console.

import type { Note } from '../errors.ts';
import { type ConsoleFile, isConsoleFile, readConsoleFile } from './console-file.ts';
import { type InternetShortcut, isInternetShortcut, readInternetShortcut } from './internet-shortcut.ts';
import { isShellLink, readShellLink, type ShellLink } from './shell-link.ts';
import { type ShortcutTarget, targetOf } from './shortcut-target.ts';

export type Shortcut =
  | {
      readonly kind: 'shell-link';
      readonly link: ShellLink;
      readonly target: ShortcutTarget | undefined;
      readonly notes: readonly Note[];
    }
  | {
      readonly kind: 'internet-shortcut';
      readonly link: InternetShortcut;
      readonly target: ShortcutTarget;
      readonly notes: readonly Note[];
    }
  /** A console has no target: mmc.exe reads it. */
  | { readonly kind: 'console'; readonly console: ConsoleFile; readonly notes: readonly Note[] };

/** Reads the file; undefined where its bytes begin as none of these. Throws FormatError where they do and no more can be read. */
export function readShortcut(bytes: Uint8Array, file: string): Shortcut | undefined {
  if (isShellLink(bytes)) {
    const link = readShellLink(bytes, file);
    const { target, notes } = targetOf(link);
    return { kind: 'shell-link', link, target, notes: [...link.notes, ...notes] };
  }
  if (isInternetShortcut(bytes)) {
    const link = readInternetShortcut(bytes, file);
    return { kind: 'internet-shortcut', link, target: link.target, notes: link.notes };
  }
  if (isConsoleFile(bytes)) {
    const read = readConsoleFile(bytes, file);
    return { kind: 'console', console: read, notes: read.notes };
  }
  return undefined;
}
