// Command interpreters: what they start from their own command line.
import { imageInCommandLine, isMark } from './command-text.ts';

/** How an interpreter takes a command on its command line. */
interface Shell {
  readonly image: string;
  /** The switch behind which the command stands. */
  readonly command: RegExp;
}

const SHELLS: readonly Shell[] = [{ image: 'cmd.exe', command: /(?:^|\s)(?:\/[abd-jl-qs-z](?::\w*)?\s*)*\/[ckr]\s*/i }];

/** Programs that run whatever their command line says; of those without a row above only the image itself is told. */
const INTERPRETERS: ReadonlySet<string> = new Set(['cmd.exe', 'command.com', 'powershell.exe', 'pwsh.exe']);

/** Whether the image runs whatever its command line says. */
export function isShell(image: string): boolean {
  return INTERPRETERS.has(image.toLowerCase());
}

/** Commands that cmd.exe carries out itself (cmd /?, help). */
const BUILT_IN = new Set(
  'assoc break call cd chdir cls color copy date del dir echo endlocal erase exit for ftype goto if md mkdir mklink move path pause popd prompt pushd rd rem ren rename rmdir set setlocal shift start time title type ver verify vol'.split(
    ' ',
  ),
);

/** The texts that cmd.exe runs as programs in `command`, each as [start, end) of the image. `start x` gives x, built-in commands give nothing. */
export function programsInCommand(command: string): readonly { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = [];
  let from = 0;
  let quoted = false;
  for (let i = 0; i <= command.length; i++) {
    if (command[i] === '"') quoted = !quoted;
    const ends = i === command.length || (!quoted && (command[i] === '|' || command[i] === '&'));
    if (!ends) continue;
    const place = programAt(command.slice(from, i));
    if (place) found.push({ start: from + place.start, end: from + place.end });
    from = i + 1;
  }
  return found;
}

function programAt(command: string): { start: number; end: number } | undefined {
  let offset = command.length - command.replace(/^[\s@(]+/, '').length;
  // cmd /c ""program" arguments": the outer quotes are dropped.
  if (/^""/.test(command.slice(offset))) offset++;
  for (let hops = 0; hops < 3; hops++) {
    const { start, end } = imageInCommandLine(command.slice(offset));
    const token = command.slice(offset + start, offset + end);
    if (token === '' || [...token].every(isMark)) return undefined;
    if (!BUILT_IN.has(token.toLowerCase())) return { start: offset + start, end: offset + end };
    if (token.toLowerCase() !== 'start' && token.toLowerCase() !== 'call') return undefined;
    // start ["title"] [/switches] program
    const rest = command.slice(offset + end);
    const skipped = /^\s*("[^"]*"\s*)?(\/\S+\s+)*/.exec(rest);
    offset += end + (skipped?.[0].length ?? 0);
  }
  return undefined;
}

/** The command inside a shell's own command line: [start, end of line), or undefined when `image` is no shell or is given none. */
export function commandInShell(image: string, line: string): number | undefined {
  const shell = SHELLS.find((one) => one.image === image.toLowerCase());
  if (!shell) return undefined;
  const match = shell.command.exec(line);
  return match ? match.index + match[0].length : undefined;
}
