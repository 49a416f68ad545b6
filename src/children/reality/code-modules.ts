// Modules that bring code of others into a process: run-times and script engines by name, and anything from outside the Windows folder.
import { fileName } from '../command-text.ts';

/** What runs in a process that loads such a module. */
export interface CodeModule {
  /** A noun phrase. */
  readonly what: string;
  /** Whose choice is what it runs: that of who gives the script, or of who put the module there. */
  readonly reason: 'users-choice' | 'plug-in';
}

const SCRIPT: CodeModule = { what: 'a script engine, which runs what a script says', reason: 'users-choice' };
const DOT_NET: CodeModule = { what: 'the .NET run-time, whose assemblies are not read', reason: 'plug-in' };
const POWERSHELL: CodeModule = { what: 'PowerShell, which runs what a script or a user says', reason: 'users-choice' };

/** By file name in lower case. learn.microsoft.com: Windows Script Interfaces, .NET Framework hosting, System.Management.Automation. */
const ENGINES: ReadonlyMap<string, CodeModule> = new Map([
  ...['jscript.dll', 'jscript9.dll', 'jscript9legacy.dll', 'vbscript.dll', 'scrobj.dll', 'chakra.dll'].map(
    (name) => [name, SCRIPT] as const,
  ),
  ['wshom.ocx', SCRIPT],
  ...['mscoree.dll', 'mscoreei.dll', 'mscorwks.dll', 'clr.dll', 'coreclr.dll'].map((name) => [name, DOT_NET] as const),
  ...['system.management.automation.dll', 'system.management.automation.ni.dll'].map(
    (name) => [name, POWERSHELL] as const,
  ),
]);
const OUTSIDE: CodeModule = { what: 'a module from outside the Windows folder', reason: 'plug-in' };

const ABSOLUTE = /^(?:\\\\\?\\)?(?:[a-z]:|\\device\\[^\\]+)\\/i;
/** Temp and Tasks are folders that users may write to. */
const IN_WINDOWS = /^(?:\\\\\?\\)?(?:[a-z]:|\\device\\[^\\]+)\\(?:windows|winnt)\\(?!temp\\|tasks\\)/i;

/** A run-time or script engine, by its file name in lower case. */
export function engineOf(name: string): CodeModule | undefined {
  return ENGINES.get(name);
}

/** What a module that a process loaded says of the code in it; undefined of one of Windows' own that runs no code of others. */
export function codeModuleOf(path: string): CodeModule | undefined {
  const engine = engineOf(fileName(path).toLowerCase());
  if (engine) return engine;
  return ABSOLUTE.test(path) && !IN_WINDOWS.test(path) ? OUTSIDE : undefined;
}
