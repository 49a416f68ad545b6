// By what Windows decides who opens a target: its extension, its scheme, or its class in the shell's namespace.

import type { FileType } from './association.ts';

/** Longest extension and scheme. */
const LONGEST = 64;

/** The type of a target as a sink or a shortcut names it; undefined where it has none. */
export function typeOf(target: string): FileType | undefined {
  const text = target.trim();
  const scheme = /^"?([A-Za-z][A-Za-z0-9+.-]+):/.exec(text)?.[1];
  if (scheme !== undefined && scheme.length <= LONGEST && !/^file$/i.test(scheme))
    return { kind: 'scheme', name: scheme.toLowerCase() };
  if (text.startsWith('::{')) {
    const last = [...text.matchAll(/::(\{[0-9A-Fa-f-]{36}\})/g)].at(-1)?.[1];
    return last === undefined ? undefined : { kind: 'class', name: last.toUpperCase() };
  }
  const extension = /\.([^\\/.:*?"<>|\s]+)$/.exec(fileOf(text))?.[1];
  return extension === undefined || extension.length > LONGEST
    ? undefined
    : { kind: 'extension', name: extension.toLowerCase() };
}

/** The file of a target without quotes and what stands behind them. */
export function fileOf(target: string): string {
  const text = target.trim();
  return /^"([^"]*)"/.exec(text)?.[1] ?? text;
}
