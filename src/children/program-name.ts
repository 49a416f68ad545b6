// Whether Windows can start a process by a name: what has to stand there, and what only comes about where texts are put together that never meet.

/** Extensions that Windows starts by itself (PATHEXT, and the shell's .pif). */
const PROGRAM = /\.(exe|com|bat|cmd|scr|pif)$/i;
/** Images that are mapped into a process and never one themselves: CreateProcess refuses them. */
const LIBRARY = /\.(dll|ocx|sys|drv|cpl|ax|tsp|mui)$/i;
/** An extension as names have it. */
const EXTENSION = /\.[A-Za-z0-9]{1,4}$/;
/** Two names of programs, one behind the other. */
const TWO_EXTENSIONS = /\.(exe|com|bat|cmd)\.(exe|com|bat|cmd)$/i;
/** What a program is called that is written without its extension: one word. A name with a dot has its extension already, and gets no other. */
const WORD = /^[\p{L}\p{N}_$+~-]*\p{L}[\p{L}\p{N}_$+~-]*$/u;
const HEXADECIMAL = /^0x[0-9a-f]+$/i;

/** Whether a name ends in an extension that Windows starts by itself. */
export function isProgram(name: string): boolean {
  return PROGRAM.test(name);
}

/** The image by a file name as it is written; undefined where Windows starts none by it. `adds` says whether .exe is added where it has no extension. */
export function imageByName(name: string, adds: boolean): string | undefined {
  if (name.length > 128 || /[<>|?*\n\r\t]/.test(name) || !/[A-Za-z0-9]/.test(name) || /^[-/]/.test(name))
    return undefined;
  if (EXTENSION.test(name)) return LIBRARY.test(name) || TWO_EXTENSIONS.test(name) ? undefined : name;
  return adds && WORD.test(name) && !HEXADECIMAL.test(name) ? `${name}.exe` : undefined;
}
