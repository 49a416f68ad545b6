// ShellExecute and ShellExecuteEx (shellapi.h); the latter's arguments are fields of SHELLEXECUTEINFO.
import { argument, bothWidths, type Place, type Sink } from './sink.ts';

const field = (offset64: number, offset32: number): Place => ({ kind: 'field', index: 0, offset64, offset32 });

export const SHELL_EXECUTE_SINKS: readonly Sink[] = [
  ...bothWidths('ShellExecute', {
    family: 'shell-execute',
    verb: argument(1),
    file: argument(2),
    parameters: argument(3),
  }),
  ...bothWidths('ShellExecuteEx', {
    family: 'shell-execute',
    verb: field(0x10, 0x0c),
    file: field(0x18, 0x10),
    parameters: field(0x20, 0x14),
  }),
];
