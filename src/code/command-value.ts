// The own command line as a program finds it: the whole text, or the array of its words.
import type { CommandVariable } from './roles/role.ts';
import type { ValueTable } from './value-table.ts';
import type { ValueId } from './values.ts';

/** The own command line, or the array of the own image's path and its words, as `by` gives it at `site`. */
export function commandValue(table: ValueTable, holds: CommandVariable, by: string, site: number): ValueId {
  const line = table.pointer(table.source('command-line', by, site));
  if (holds === 'command-line') return line;
  return table.allocation(site, [table.pointer(table.source('own-image', by, site)), line]);
}
