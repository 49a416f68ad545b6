// How a signature asks for a default (varies.default): by the end of a path where the field holds one, else by the whole value.

import { type Condition, like } from '../rule/condition.ts';
import { controlOf } from '../rule/field-control.ts';
import type { LogSource } from '../rule/log-source.ts';
import { ANY_MANY } from '../rule/pattern.ts';
import type { EventKind } from '../rule/taxonomy/event-kind.ts';
import { EVENT_KINDS } from '../rule/taxonomy/event-kinds.ts';
import { type RuleSource, ruleSourceOf } from './rule-source.ts';
import type { Primitive } from './technique.ts';

/** Fields that hold what was typed or run, all of it: a word of it is never the value. By name in lower case. */
const WHOLE_TEXTS: ReadonlyMap<string, string> = new Map(
  (
    [
      ['a whole command line', 'CommandLine ParentCommandLine ProcessCommandLine SourceCommandLine'],
      ['a whole command line', 'InitiatingProcessCommandLine process.command_line process.parent.command_line'],
      ['a whole block of script', 'ScriptBlockText powershell.file.script_block_text'],
    ] as const
  ).flatMap(([what, names]) => names.split(' ').map((name) => [name.toLowerCase(), what] as const)),
);

/** The first observable of the primitive whose log source is one of Windows says where to look for its default. */
export function sourceOfDefault({ observables }: Primitive): RuleSource | undefined {
  return observables.map(({ logSource }) => ruleSourceOf(logSource)).find((one) => one !== undefined);
}

/** The test of a default: of the event's own field for a name of any taxonomy ("file.name"). */
export function defaultTest(name: string, value: string, source: LogSource): Condition {
  const { field, isPath } = eventField(name, source);
  return isPath && isBare(value) ? like(field, [ANY_MANY, `\\${value}`], [value]) : like(field, [value]);
}

/** Why no event's field can be the default; undefined where one can. */
export function whyNever(name: string, value: string, source: LogSource): string | undefined {
  const { field, isPath } = eventField(name, source);
  const whole = WHOLE_TEXTS.get(field.toLowerCase());
  if (whole !== undefined)
    return /\s/.test(value.trim()) ? undefined : `${name} holds ${whole}, and '${value}' is one word of it`;
  const nature = controlOf(field)?.nature;
  if (nature !== 'program' && nature !== 'parent-program' && nature !== 'file') return undefined;
  // Of other fields of paths it is not known that they hold the whole one: a service's is one within the system's folder.
  if (isPath && !isBare(value) && !/^(?:[A-Za-z]:|[\\/%])/.test(value))
    return `${name} holds a whole path, and '${value}' begins within one`;
  return !isPath && isBare(value) && field.toLowerCase() !== 'filename'
    ? `${name} holds a path, and '${value}' is a name alone`
    : undefined;
}

function isBare(value: string): boolean {
  return !/[\\/]/.test(value);
}

/** The event's own field for a name of any taxonomy, and whether its values are paths. */
function eventField(name: string, { category }: LogSource): { readonly field: string; readonly isPath: boolean } {
  const kinds = [...EVENT_KINDS.filter(({ id }) => id === category), ...(category === null ? EVENT_KINDS : [])];
  const rows = kinds.flatMap((kind) => kind.rows);
  const own = rows.find((row) =>
    Object.entries(row).some(
      ([id, column]) => id !== 'sysmon' && columnName(column) === name && row.sysmon !== undefined,
    ),
  );
  const field = own ? (columnName(own.sysmon) ?? name) : name;
  return { field, isPath: isPathIn(rows, field) };
}

function columnName(column: EventKind['rows'][number]['sysmon']): string | undefined {
  if (typeof column === 'string') return column;
  return column && 'name' in column && column.form !== 'account' ? column.name : undefined;
}

/** A table that knows the end of the path as a value of its own says that it is one. */
function isPathIn(rows: EventKind['rows'], field: string): boolean {
  return rows.some(
    ({ sysmon }) =>
      typeof sysmon === 'object' && 'form' in sysmon && sysmon.form === 'end-of-path' && columnName(sysmon) === field,
  );
}
