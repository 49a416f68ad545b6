// Functions from which control does not come back: the process or the thread ends, or an exception is thrown.
import type { RoleRow } from './role.ts';

export const ENDING_ROLES: readonly RoleRow[] = [
  {
    names: [
      'ExitProcess',
      'ExitThread',
      'FreeLibraryAndExitThread',
      'FatalExit',
      'FatalAppExitA',
      'FatalAppExitW',
      'RaiseFailFastException',
      'RtlExitUserThread',
      'RtlExitUserProcess',
    ],
    signature: 'code...',
    role: { kind: 'ends' },
  },
  {
    names: [
      'abort',
      'exit',
      '_exit',
      '_Exit',
      'quick_exit',
      'terminate',
      '?terminate@@YAXXZ',
      '__std_terminate',
      '_purecall',
      '_invoke_watson',
      '_invalid_parameter_noinfo_noreturn',
      '_o__invalid_parameter_noinfo_noreturn',
      '_CxxThrowException',
      '_amsg_exit',
    ],
    signature: '...',
    role: { kind: 'ends' },
  },
  {
    names: ['TerminateProcess', 'NtTerminateProcess', 'ZwTerminateProcess'],
    signature: 'hProcess, uExitCode',
    role: { kind: 'ends', process: 0 },
  },
  { names: ['GetCurrentProcess'], signature: '', role: { kind: 'own-process' } },
];
