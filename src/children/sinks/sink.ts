// The row of a process-creation API: which argument, or which field of a structure, holds the application, the command line, the file and the verb.

/** Where a text is found: an argument that points to it; a pointer field of the structure that an argument points to; a UNICODE_STRING. */
export type Place =
  | { readonly kind: 'argument'; readonly index: number }
  | { readonly kind: 'field'; readonly index: number; readonly offset64: number; readonly offset32: number }
  /** The argument points to a UNICODE_STRING, or to a structure that has one at the offset. */
  | { readonly kind: 'unicode-string'; readonly index: number; readonly offset64: number; readonly offset32: number }
  /** The texts that the arguments from `index` on point to, up to NULL, with a blank between each two. */
  | { readonly kind: 'argument-list'; readonly index: number }
  /** The same for the pointers in the table that the argument points to. */
  | { readonly kind: 'argument-vector'; readonly index: number }
  /** The argument is the handle of a section that was made of a file: the text is the file's name. */
  | { readonly kind: 'section'; readonly index: number };

export interface Sink {
  readonly name: string;
  /** Sinks that share a shape. */
  readonly family: 'create-process' | 'shell-execute' | 'command' | 'native' | 'run-time';
  readonly wide: boolean;
  /** lpApplicationName, ImagePathName: the image as a path. */
  readonly application?: Place;
  /** What becomes of an application without extension: .exe is added, or the first of .com, .exe, .bat and .cmd that is found. Without the key it stays as it is. */
  readonly extension?: 'exe' | 'found';
  /** The command line, whose first token is the image when there is no application. */
  readonly commandLine?: Place;
  /** ShellExecute's file: a program, a document, a folder or a URI. */
  readonly file?: Place;
  readonly parameters?: Place;
  readonly verb?: Place;
  /** The command line is given to the command interpreter: the child is cmd.exe. */
  readonly shell?: true;
}

export const argument = (index: number): Place => ({ kind: 'argument', index });

/** The A and W forms of one sink. */
export function bothWidths(name: string, shape: Omit<Sink, 'name' | 'wide'>): readonly Sink[] {
  return [
    { name: `${name}A`, wide: false, ...shape },
    { name: `${name}W`, wide: true, ...shape },
  ];
}
