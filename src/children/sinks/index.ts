// Every process-creation API that Winnow knows, by export name; one family a file.
import { COMMAND_SINKS } from './command.ts';
import { CREATE_PROCESS_SINKS } from './create-process.ts';
import { NATIVE_SINKS } from './native.ts';
import { RUN_TIME_ALIASES, RUN_TIME_SINKS } from './run-time.ts';
import { SHELL_EXECUTE_SINKS } from './shell-execute.ts';
import type { Sink } from './sink.ts';

export const SINKS: readonly Sink[] = [
  ...CREATE_PROCESS_SINKS,
  ...SHELL_EXECUTE_SINKS,
  ...COMMAND_SINKS,
  ...RUN_TIME_SINKS,
  ...NATIVE_SINKS,
];

const BY_NAME: ReadonlyMap<string, Sink> = new Map(SINKS.map((sink) => [sink.name, sink]));

/** Other names of a sink; shell32 exports ShellExecuteEx without a suffix as its A form. */
const ALIASES: Readonly<Record<string, string>> = { ...RUN_TIME_ALIASES, ShellExecuteEx: 'ShellExecuteExA' };

/** The prefix under which api-ms-win-crt-private exports the C run-time's functions. */
const PRIVATE_PREFIX = '_o_';

/** The sink of an export name, or undefined. */
export function sinkOf(name: string): Sink | undefined {
  const known = BY_NAME.get(name);
  if (known) return known;
  if (name.startsWith(PRIVATE_PREFIX)) return sinkOf(name.slice(PRIVATE_PREFIX.length));
  return Object.hasOwn(ALIASES, name) ? BY_NAME.get(ALIASES[name]) : undefined;
}

export function isSinkName(name: string): boolean {
  return sinkOf(name) !== undefined;
}
