// CreateProcess and its kin (processthreadsapi.h, winbase.h).
import { argument, bothWidths, type Sink } from './sink.ts';

export const CREATE_PROCESS_SINKS: readonly Sink[] = [
  ...bothWidths('CreateProcess', { family: 'create-process', application: argument(0), commandLine: argument(1) }),
  ...bothWidths('CreateProcessAsUser', {
    family: 'create-process',
    application: argument(1),
    commandLine: argument(2),
  }),
  ...bothWidths('CreateProcessInternal', {
    family: 'create-process',
    application: argument(1),
    commandLine: argument(2),
  }),
  {
    name: 'CreateProcessWithLogonW',
    family: 'create-process',
    wide: true,
    application: argument(4),
    commandLine: argument(5),
  },
  {
    name: 'CreateProcessWithTokenW',
    family: 'create-process',
    wide: true,
    application: argument(2),
    commandLine: argument(3),
  },
];
