// What stands in an event's parent field: a program, or something that names none and is set apart.
import { fileName } from '../command-text.ts';
import type { OddParent } from './document.ts';

export type ParentName =
  | { readonly kind: 'program' /** File name in lower case. */; readonly name: string }
  | { readonly kind: OddParent };

/** What logs and shippers write for nothing. */
const NOTHING: ReadonlySet<string> = new Set(['', '-', 'n/a', 'null', '(null)', 'none', 'unknown', '?']);

/** Processes that are part of the kernel, and have no image. */
const KERNEL: ReadonlySet<string> = new Set([
  'system',
  'secure system',
  'registry',
  'memory compression',
  'memcompression',
  'vmmem',
  'idle',
  'system idle process',
]);

const SID = /^S-1-\d{1,15}(?:-\d{1,10}){1,15}$/i;

/** Extensions of files that run as a process. */
const PROGRAM = /\.(?:exe|com|scr|pif|cpl|tmp|bin|dat)$/i;

/** `text`: the field as the event has it. */
export function parentName(text: string): ParentName {
  const name = text.trim().replace(/^"(.*)"$/, '$1');
  if (NOTHING.has(name.toLowerCase())) return { kind: 'no-name' };
  if (SID.test(name)) return { kind: 'sid' };
  if (KERNEL.has(name.toLowerCase())) return { kind: 'kernel' };
  const file = fileName(name);
  // A bare number is the id of a process.
  if (file === '' || /^(?:0x[\da-f]+|\d+)$/i.test(name)) return { kind: 'no-name' };
  if (file !== name || PROGRAM.test(name)) return { kind: 'program', name: file.toLowerCase() };
  return { kind: 'service-name' };
}
