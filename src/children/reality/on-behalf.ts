// Children whose own command line says on whose behalf Windows started them in the parent's process: typed rows.
import type { SeenReason } from './document.ts';

export interface OnBehalf {
  /** File name in lower case. */
  readonly image: string;
  /** How its command line looks when it was started this way. */
  readonly commandLine: RegExp;
  readonly reason: SeenReason;
  readonly why: string;
}

/** Where each is known from stands in docs/reality.md. */
export const ON_BEHALF: readonly OnBehalf[] = [
  {
    image: 'conhost.exe',
    commandLine: /conhost\.exe"?\s+0x[\da-f]+(?:\s|$)/i,
    reason: 'generic',
    why: 'Windows started it as the console of the parent: the build that ran is a console program or allocates a console, the one that was read is not',
  },
  {
    image: 'verclsid.exe',
    commandLine: /\s\/c\s+\{[\da-f-]{36}\}/i,
    reason: 'com',
    why: 'the shell has it try an extension before it loads this into the process that asked for it',
  },
  ...['csc.exe', 'vbc.exe'].map(
    (image): OnBehalf => ({
      image,
      commandLine: /\s\/noconfig\s.*@/i,
      reason: 'plug-in',
      why: 'the .NET run-time has it compile code that the process makes',
    }),
  ),
  {
    image: 'dw20.exe',
    commandLine: /\s-x\s+-s\s+\d+/i,
    reason: 'generic',
    why: 'the .NET run-time (2.0 to 3.5) starts it for an unhandled exception',
  },
  {
    image: 'splwow64.exe',
    commandLine: /splwow64\.exe"?(?:\s+\d+)?\s*$/i,
    reason: 'generic',
    why: 'the print spooler starts it for a process that prints and cannot load the printer driver',
  },
];
