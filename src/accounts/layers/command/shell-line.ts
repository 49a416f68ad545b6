// The commands in a line of cmd.exe: chains, quotes, carets, redirections, and what stands behind /c.

import { LONGEST_LINE } from './words.ts';

/** Commands of one line that are told; a chain of more is cut. */
export const MOST_COMMANDS = 10_000;

/** What cmd.exe is told to run by its own arguments; undefined where it is not told anything. */
export function commandBehindSwitch(args: string): string | undefined {
  let i = 0;
  while (i < args.length) {
    while (i < args.length && /[\s,;=]/.test(args[i])) i++;
    if (args[i] !== '/') return undefined;
    const letter = args[i + 1]?.toLowerCase();
    if (letter === 'c' || letter === 'k' || letter === 'r') return withoutOuterQuotes(args.slice(i + 2));
    i += 2;
    // "/v:on", "/e:off", "/t:0a"; another switch may follow at once.
    while (i < args.length && !/[\s/]/.test(args[i])) i++;
  }
  return undefined;
}

/** cmd.exe drops the first and the last quote, but for a line that is one quoted program and its words. */
function withoutOuterQuotes(command: string): string {
  const text = command.trim();
  if (!text.startsWith('"')) return text;
  const last = text.lastIndexOf('"');
  if (last === 0) return text.slice(1);
  const second = text.indexOf('"', 1);
  const quoted = text.slice(1, second);
  const isProgram = second === last && !/[&<>()@^|]/.test(quoted) && /\.(?:exe|com|bat|cmd)$/i.test(quoted);
  return isProgram ? text : `${text.slice(1, last)}${text.slice(last + 1)}`;
}

/** The single commands of a line, as each program gets them: without carets and redirections. */
export function commandsInLine(text: string): readonly string[] {
  const line = text.slice(0, LONGEST_LINE);
  const found: string[] = [];
  let parts: string[] = [];
  let isQuoted = false;
  /** Nothing but blanks and "@" yet. */
  let isStart = true;
  let depth = 0;
  const end = (): void => {
    const command = parts.join('').trim();
    parts = [];
    isStart = true;
    if (command !== '' && found.length < MOST_COMMANDS) found.push(command);
  };
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (c === '"') isQuoted = !isQuoted;
    else if (!isQuoted) {
      if (c === '^') {
        // It makes the next character a letter; at the end of a line it joins two.
        i++;
        if (line[i] === '\r') i++;
        if (line[i] !== '\n' && i < line.length) parts.push(line[i]);
        isStart = false;
        continue;
      }
      if (c === '&' || c === '|' || c === '\n') {
        end();
        continue;
      }
      if (c === '>' || c === '<') {
        const before = parts.at(-1);
        if (before !== undefined && /^\d$/.test(before) && /^\s*$/.test(parts.at(-2) ?? '')) parts.pop();
        i = endOfTarget(line, i);
        continue;
      }
      if (c === '(' && (isStart || opensBlock(parts))) {
        depth++;
        parts.push(' ');
        continue;
      }
      if (c === ')' && depth > 0) {
        depth--;
        end();
        continue;
      }
    }
    parts.push(c);
    if (!/[\s@]/.test(c)) isStart = false;
  }
  end();
  return found.map((command) => command.replace(/^[@\s]+/, ''));
}

/** Whether what stands in front of a parenthesis is `do`, `else`, or an `if` with its condition. */
function opensBlock(parts: readonly string[]): boolean {
  if (/(?:^|\s)(?:do|else)\s*$/i.test(parts.slice(-16).join(''))) return true;
  return /^\s*if\s/i.test(parts.slice(0, 16).join('')) && /\s$/.test(parts.at(-1) ?? '');
}

/** The last character of a redirection that begins at `start`: ">>file", "2>&1", "< "a b"". */
function endOfTarget(line: string, start: number): number {
  let i = start + 1;
  while (line[i] === '>' || line[i] === '&') i++;
  while (line[i] === ' ' || line[i] === '\t') i++;
  let isQuoted = false;
  for (; i < line.length; i++) {
    if (line[i] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /[\s&|<>)]/.test(line[i])) break;
  }
  return i - 1;
}

/** Words of cmd.exe itself in front of a command, each with what of it stands between: title and switches of `start`, what `for` counts. */
const IN_FRONT: readonly RegExp[] = [
  /^call\s+/i,
  /^else\s+/i,
  /^start\s+(?:"[^"]{0,1024}"\s*)?(?:\/[a-z]\S{0,256}\s+)*/i,
  /^for\s(?:[^)]{0,4096}\))\s*do\s+/i,
  /^if\s+(?:\/i\s+)?(?:not\s+)?(?:errorlevel|exist|defined)\s+(?:"[^"]{0,1024}"|\S{1,1024})\s+/i,
  /^if\s+(?:\/i\s+)?(?:not\s+)?\S{1,1024}\s?(?:==|equ|neq)\s?\S{1,1024}\s+/i,
];

/** The command behind `call`, `start`, `for ... do` and the like. */
export function behindShellWords(command: string): string {
  let rest = command;
  for (let hops = 0; hops < 8; hops++) {
    const found = IN_FRONT.map((one) => one.exec(rest)?.[0].length).find((length) => length !== undefined);
    if (found === undefined) return rest;
    rest = rest.slice(found).replace(/^[@(\s]+/, '');
  }
  return rest;
}

/** A variable of cmd.exe, which the line does not show the value of. */
const VARIABLE = /%[^%\s"]{1,128}%|!\w{1,128}!|%%?~?[a-z](?=["\s]|$)/gi;

/** The same with a mark for variables. */
export function withUnknownVariables(command: string, mark: string): string {
  return command.includes('%') || command.includes('!') ? command.replace(VARIABLE, mark) : command;
}
