// How many bytes of arguments an imported x86 function takes off the stack: by name from a table, none for the C run-time, else not known.
import table from '../../data/stdcall.json' with { type: 'json' };
import type { ImportedSymbol } from '../pe/imports.ts';

/** Modules whose functions leave their arguments to the caller (cdecl). */
const CDECL_MODULES = /^(msvcr|ucrt|vcruntime|msvcp|crtdll|api-ms-win-crt-)/i;
/** A decorated C++ name of a function that is no member, with the calling convention cdecl. */
const CDECL_NAME = /^\?.*@@YA/;

let byName: Map<string, number> | undefined;

/** Bytes that the function pops on return; undefined when that is not known. */
export function bytesPopped({ name, module }: ImportedSymbol): number | undefined {
  if (!byName) {
    byName = new Map();
    for (const [bytes, names] of Object.entries(table))
      for (const one of names.split(' ')) byName.set(one, Number(bytes));
  }
  const known = name === undefined ? undefined : byName.get(name);
  if (known !== undefined) return known;
  return CDECL_MODULES.test(module) || (name !== undefined && CDECL_NAME.test(name)) ? 0 : undefined;
}
