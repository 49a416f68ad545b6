// Sinks that take one command line: WinExec, and the C run-time's system, which gives it to cmd.exe.
import { argument, type Sink } from './sink.ts';

export const COMMAND_SINKS: readonly Sink[] = [
  { name: 'WinExec', family: 'command', wide: false, commandLine: argument(0) },
  { name: 'system', family: 'command', wide: false, commandLine: argument(0), shell: true },
  { name: '_wsystem', family: 'command', wide: true, commandLine: argument(0), shell: true },
];
