// Reads the ```console blocks of a Markdown page and compares what they show with what the commands print; "..." alone on a line stands for lines left out.

/** One command of a ```console block and the lines shown under it. */
export interface ShownCommand {
  /** The command as typed, without the "$ ". */
  readonly command: string;
  readonly shown: readonly string[];
  /** Index of the first shown line in the page's lines. */
  readonly line: number;
}

export const LEFT_OUT = '...';

/** Every command of the page's ```console blocks, in order. */
export function shownCommands(page: string): readonly ShownCommand[] {
  const commands: { command: string; shown: string[]; line: number }[] = [];
  let inside = false;
  page.split(/\r?\n/).forEach((text, i) => {
    if (text.startsWith('```')) inside = !inside && text === '```console';
    else if (inside && text.startsWith('$ ')) commands.push({ command: text.slice(2), shown: [], line: i + 1 });
    else if (inside) commands.at(-1)?.shown.push(text);
  });
  return commands.map(({ command, shown, line }) => ({ command, line, shown: withoutBlankEnd(shown) }));
}

/** The code of the page's blocks of one language, e.g. "js". */
export function codeBlocks(page: string, language: string): readonly string[] {
  const blocks = page.replaceAll('\r\n', '\n').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...blocks].filter(([, name]) => name === language).map(([, , code]) => code);
}

/** The words of a command line, double quotes taken as any shell takes them. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
}

/** Undefined when the output is what is shown; else which shown lines it does not have. */
export function difference(shown: readonly string[], output: string): string | undefined {
  const printed = linesOf(output);
  const parts = partsOf(shown);
  let from = 0;
  for (const [i, part] of parts.entries()) {
    const first = i === 0;
    const last = i === parts.length - 1;
    if (part.length === 0) continue;
    const at = first ? 0 : last ? printed.length - part.length : find(printed, part, from);
    if (at < from || !part.every((line, k) => printed[at + k] === line)) {
      const wrong = part.find((line) => !printed.includes(line)) ?? part[0];
      return `the output has no such lines here; the first that differs: ${JSON.stringify(wrong)}`;
    }
    from = at + part.length;
    if (last && from !== printed.length) return `the output goes on: ${JSON.stringify(printed[from])}`;
  }
  return undefined;
}

/**
 * The lines to show instead: each part from its first to its last line as the output has them now. A line that has changed is found
 * again by its first word ("Children (1 proven)" for "Children (2 proven)"); throws where that is gone too.
 */
export function shownNow(shown: readonly string[], output: string): readonly string[] {
  const printed = linesOf(output);
  const parts = partsOf(shown);
  if (parts.length === 1) return printed;
  let from = 0;
  const now = parts.map((part, i) => {
    if (part.length === 0) return [];
    const start = i === 0 ? 0 : placeOf(part[0], printed, from);
    const end = i === parts.length - 1 ? printed.length - 1 : placeOf(part[part.length - 1], printed, start);
    from = end + 1;
    return printed.slice(start, end + 1);
  });
  return now.flatMap((part, i) => (i === 0 ? part : [LEFT_OUT, ...part]));
}

function placeOf(line: string, printed: readonly string[], from: number): number {
  const exact = printed.indexOf(line, from);
  if (exact >= 0) return exact;
  const begin = /^\s*\S+/.exec(line)?.[0] ?? '';
  const alike = printed.findIndex((one, i) => i >= from && begin !== '' && /^\s*\S+/.exec(one)?.[0] === begin);
  if (alike < 0) throw new Error(`the output has no line like ${JSON.stringify(line)}; mend the page by hand`);
  return alike;
}

/** The shown lines between the lines left out; a first or last empty part says that the beginning or the end is left out. */
function partsOf(shown: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const line of shown) {
    if (line === LEFT_OUT) parts.push([]);
    else parts[parts.length - 1].push(line);
  }
  return parts;
}

function linesOf(output: string): readonly string[] {
  return withoutBlankEnd(output.split(/\r?\n/));
}

function withoutBlankEnd(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
}

function find(lines: readonly string[], part: readonly string[], from: number): number {
  for (let at = from; at + part.length <= lines.length; at++)
    if (part.every((line, k) => lines[at + k] === line)) return at;
  return -1;
}
