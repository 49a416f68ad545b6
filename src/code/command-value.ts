// The own command line as a program finds it: the whole text, or the array of its words.
import type { Call } from './call.ts';
import type { CommandVariable } from './roles/role.ts';
import type { ValueTable } from './value-table.ts';
import { UNSET, type ValueId } from './values.ts';

/** The own command line, or the array of the own image's path and its words, as `by` gives it at `site`. */
export function commandValue(table: ValueTable, holds: CommandVariable, by: string, site: number): ValueId {
  const line = table.pointer(table.source('command-line', by, site));
  if (holds === 'command-line') return line;
  return table.allocation(site, [table.pointer(table.source('own-image', by, site)), line]);
}

/** The array of the words of a text that the call is given, or of the own command line. */
export function wordsOf(call: Call, from: number | undefined, by: string): ValueId {
  const { table, site } = call;
  const text = from === undefined ? UNSET : call.text(call.argument(from), true);
  const isOwn = (one: ValueId): boolean => {
    const node = table.node(one);
    return node.kind === 'source' && node.source === 'command-line';
  };
  if (from === undefined || table.alternatives(text).every(isOwn))
    return commandValue(table, 'command-words', by, site);
  const word = table.found(call.argument(from));
  return table.allocation(site, [word, word]);
}
