// Every process-creation API that Winnow knows, by export name; one family a file.
import { COMMAND_SINKS } from './command.ts';
import { CREATE_PROCESS_SINKS } from './create-process.ts';
import { NATIVE_SINKS } from './native.ts';
import { SHELL_EXECUTE_SINKS } from './shell-execute.ts';
import type { Sink } from './sink.ts';

export const SINKS: readonly Sink[] = [
  ...CREATE_PROCESS_SINKS,
  ...SHELL_EXECUTE_SINKS,
  ...COMMAND_SINKS,
  ...NATIVE_SINKS,
];

const BY_NAME: ReadonlyMap<string, Sink> = new Map(SINKS.map((sink) => [sink.name, sink]));

/** shell32 exports ShellExecuteEx without a suffix as its A form. */
const ALIASES: Readonly<Record<string, string>> = { ShellExecuteEx: 'ShellExecuteExA' };

/** The sink of an export name, or undefined. */
export function sinkOf(name: string): Sink | undefined {
  return BY_NAME.get(ALIASES[name] ?? name);
}

export function isSinkName(name: string): boolean {
  return sinkOf(name) !== undefined;
}
