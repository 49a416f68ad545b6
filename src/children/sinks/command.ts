// Sinks that take one command line: WinExec, and the C run-time's system and _popen, which give it to cmd.exe; and LoadModule, WinExec's like of old.
import { argument, type Sink } from './sink.ts';

export const COMMAND_SINKS: readonly Sink[] = [
  { name: 'WinExec', family: 'command', wide: false, commandLine: argument(0) },
  { name: 'system', family: 'command', wide: false, commandLine: argument(0), shell: true },
  { name: '_wsystem', family: 'command', wide: true, commandLine: argument(0), shell: true },
  { name: '_popen', family: 'command', wide: false, commandLine: argument(0), shell: true },
  { name: '_wpopen', family: 'command', wide: true, commandLine: argument(0), shell: true },
  // The arguments stand behind a byte of length in the block of argument 1, and are not read.
  { name: 'LoadModule', family: 'command', wide: false, application: argument(0), extension: 'exe' },
];
