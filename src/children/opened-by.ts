// What Windows itself starts for a file that is no program: the interpreter of a batch script, the program that opens a document of a fixed type.
import type { NamedChild, Reading } from './child-name.ts';
import { type NamedExtension, PROGRAM_EXTENSIONS, type ProgramExtension } from './names.ts';

/** A reading with what Windows starts for it: a script is no child, its interpreter is; some documents have an opener on every host. */
export function opened(reading: Reading, through: 'shell' | 'document' | undefined): readonly Reading[] {
  if (reading.kind === 'document') return [reading, ...opener(reading)];
  if (reading.kind !== 'child' || entryOf(reading.child.image)?.kind !== 'script') return [reading];
  const { child } = reading;
  const script: Reading = { kind: 'document', target: child.path ?? child.image, from: child.from };
  // A shell that runs a script in its command line starts nothing for it.
  return through === 'shell' ? [script] : [script, { kind: 'child', child: interpreter(child, through) }];
}

/** cmd.exe, as CreateProcess starts it for a batch script: with the whole command line in quotes. */
function interpreter(script: NamedChild, through: 'document' | undefined): NamedChild {
  const line = script.commandLine ?? `"${script.path ?? script.image}"`;
  return {
    image: 'cmd.exe',
    path: '%windir%\\system32\\cmd.exe',
    commandLine: `cmd.exe /c "${line}"`,
    confidence: 'likely',
    ...(through === undefined ? {} : { through }),
    from: script.from,
  };
}

/** The program that Windows starts for a document of this type, where the type fixes it. */
function opener(document: Reading & { readonly kind: 'document' }): readonly Reading[] {
  const image = entryOf(document.target)?.openedBy;
  if (image === undefined) return [];
  const child: NamedChild = {
    image,
    path: null,
    commandLine: null,
    confidence: 'likely',
    through: 'document',
    from: document.from,
  };
  return [{ kind: 'child', child }];
}

function entryOf(name: string): NamedExtension | undefined {
  const extension = /\.([a-z]+)$/i.exec(name)?.[1].toLowerCase() ?? '';
  return Object.hasOwn(PROGRAM_EXTENSIONS, extension) ? PROGRAM_EXTENSIONS[extension as ProgramExtension] : undefined;
}
