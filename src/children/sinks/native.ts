// The native API's process creation (ntdll): texts are UNICODE_STRINGs, or fields of RTL_USER_PROCESS_PARAMETERS.
import type { Place, Sink } from './sink.ts';

const string = (index: number): Place => ({ kind: 'unicode-string', index, offset64: 0, offset32: 0 });
/** RTL_USER_PROCESS_PARAMETERS.ImagePathName and .CommandLine of the structure in argument `index`. */
const imagePathName = (index: number): Place => ({ kind: 'unicode-string', index, offset64: 0x60, offset32: 0x38 });
const commandLine = (index: number): Place => ({ kind: 'unicode-string', index, offset64: 0x70, offset32: 0x40 });

/** The image comes as an open section in argument 5. */
const section: Place = { kind: 'section', index: 5 };

export const NATIVE_SINKS: readonly Sink[] = [
  {
    name: 'NtCreateUserProcess',
    family: 'native',
    wide: true,
    application: imagePathName(8),
    commandLine: commandLine(8),
  },
  {
    name: 'ZwCreateUserProcess',
    family: 'native',
    wide: true,
    application: imagePathName(8),
    commandLine: commandLine(8),
  },
  { name: 'RtlCreateUserProcess', family: 'native', wide: true, application: string(0), commandLine: commandLine(2) },
  { name: 'RtlCreateUserProcessEx', family: 'native', wide: true, application: string(0), commandLine: commandLine(1) },
  { name: 'NtCreateProcess', family: 'native', wide: true, application: section },
  { name: 'ZwCreateProcess', family: 'native', wide: true, application: section },
  { name: 'NtCreateProcessEx', family: 'native', wide: true, application: section },
  { name: 'ZwCreateProcessEx', family: 'native', wide: true, application: section },
];
