// The commands that a script runs, with their arguments, in the order they stand in; what only functions hold that nobody calls is left out.

import { UNKNOWN } from '../intent.ts';
import type { Script, Value } from './script.ts';

export interface Argument {
  /** -Name, in lower case; undefined of a value by itself. */
  readonly name?: string;
  /** Given behind a colon, so that it belongs to the name also of a switch. */
  readonly isBound?: boolean;
  readonly value: readonly string[];
  /** Where the value stands in the script. */
  readonly at: number;
  /** @name */
  readonly splat?: string;
}

export interface Command {
  /** In lower case. */
  readonly name: string;
  readonly args: readonly Argument[];
  /** What stands in front of it in the pipe: a command, or texts. */
  readonly input?: Command | readonly string[];
  /** Where it stands. */
  readonly at: number;
}

/** Words that are no commands. */
const KEYWORDS: ReadonlySet<string> = new Set(
  'if elseif else while for foreach switch try catch finally do until param begin process end clean return trap dynamicparam throw exit break continue in data parallel sequence using'.split(
    ' ',
  ),
);

/** Whether the command at `at` is run by this text: it stands in no function, or in one that is called by what is run. */
export type IsRun = (at: number) => boolean;

export function commandsOf(script: Script): { readonly commands: readonly Command[]; readonly isRun: IsRun } {
  const found = new CommandReader(script).all();
  const called = calledFunctions(script, found);
  const isRun: IsRun = (at) => {
    const owner = script.owner(at);
    return owner === undefined || called.has(owner);
  };
  return { commands: found.filter(({ at }) => isRun(at)).sort((a, b) => a.at - b.at), isRun };
}

function calledFunctions(script: Script, commands: readonly Command[]): ReadonlySet<string> {
  const byOwner = new Map<string | undefined, string[]>();
  for (const { name, at } of commands) {
    const owner = script.owner(at);
    const names = byOwner.get(owner);
    if (names) names.push(name);
    else byOwner.set(owner, [name]);
  }
  const called = new Set<string>();
  const open = [...(byOwner.get(undefined) ?? [])];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (called.has(name)) continue;
    called.add(name);
    for (const inner of byOwner.get(name) ?? []) open.push(inner);
  }
  return called;
}

class CommandReader {
  readonly #script: Script;
  readonly #commands: Command[] = [];
  /** Opening brackets whose insides are still to be read. */
  readonly #left: number[] = [];

  constructor(script: Script) {
    this.#script = script;
  }

  all(): readonly Command[] {
    const { tokens } = this.#script;
    this.#range(0, tokens.length);
    for (let open = this.#left.pop(); open !== undefined; open = this.#left.pop())
      this.#range(open + 1, this.#script.closing(open), tokens[open].text === '@{');
    return this.#commands;
  }

  /** The statements of [start, end), or the pairs of a hash table. */
  #range(start: number, end: number, isTable = false): void {
    const { tokens } = this.#script;
    let i = start;
    while (i < end) {
      const { kind, text } = tokens[i];
      const body = this.#script.body(i);
      if (body) {
        this.#left.push(body.open);
        i = this.#script.behind(body.open);
      } else if (kind === 'word' && KEYWORDS.has(text.toLowerCase())) i++;
      else if (isTable && tokens[i + 1]?.kind === 'assign') i += 2;
      else if (kind === 'variable' && this.#assignment(i) !== undefined) i = this.#assignment(i) as number;
      else if (kind === 'end' || kind === 'close' || kind === 'pipe') i++;
      else i = this.#pipeline(i, end);
    }
  }

  /** Behind "=" of an assignment to what begins at `at`. */
  #assignment(at: number): number | undefined {
    const { tokens } = this.#script;
    let i = at + 1;
    while (tokens[i]?.kind === 'member') i++;
    return tokens[i]?.kind === 'assign' ? i + 1 : undefined;
  }

  #pipeline(start: number, end: number): number {
    const { tokens } = this.#script;
    let input: Command | readonly string[] | undefined;
    let i = start;
    for (;;) {
      const from = i;
      const command = this.#command(i, end, input);
      if (command) {
        this.#commands.push(command.command);
        input = command.command;
        i = command.next;
      } else {
        const value = this.#script.expression(i, 0);
        input = value.texts;
        i = this.#skipExpression(i, end);
      }
      if (i >= end || tokens[i].kind !== 'pipe') return Math.max(i, from + 1);
      i++;
    }
  }

  /** To the end of an expression; what is in its brackets is read later. */
  #skipExpression(start: number, end: number): number {
    const { tokens } = this.#script;
    let i = start;
    while (i < end) {
      const { kind, text } = tokens[i];
      if (kind === 'end' || kind === 'pipe' || kind === 'close') return i;
      if (kind !== 'open') i++;
      else {
        this.#left.push(i);
        i = this.#script.behind(i);
        // A block ends what `if (...)` began.
        if (text === '{') return i;
      }
    }
    return i;
  }

  #command(
    start: number,
    end: number,
    input: Command['input'],
  ): { readonly command: Command; readonly next: number } | undefined {
    const { tokens } = this.#script;
    const isCall = tokens[start].kind === 'call';
    const at = isCall ? start + 1 : start;
    if (at >= end || (!isCall && tokens[at].kind !== 'word')) return undefined;
    if (isCall && tokens[at].text === '{') return undefined;
    const head: Value = this.#script.argument(at);
    if (tokens[at].kind === 'open') this.#left.push(at);
    const name = head.texts.length === 1 ? head.texts[0].toLowerCase() : UNKNOWN;
    // A number, or what a sum of them begins with.
    if (!isCall && /^[\d-]/.test(name)) return undefined;
    const args: Argument[] = [];
    let i = Math.max(head.next, at + 1);
    while (i < end) {
      const { kind, text } = tokens[i];
      if (kind === 'end' || kind === 'pipe' || kind === 'close') break;
      if (kind === 'parameter') {
        const isBound = text.endsWith(':');
        const value = isBound ? this.#argument(i + 1, end) : { texts: [], next: i + 1 };
        args.push({ name: isBound ? text.slice(0, -1) : text, isBound, value: value.texts, at: i });
        i = Math.max(value.next, i + 1);
      } else if (kind === 'splat') {
        args.push({ value: [], at: i, splat: text });
        i++;
      } else if (kind === 'comma' || kind === 'call' || kind === 'assign') i++;
      else {
        const value = this.#argument(i, end);
        args.push({ value: value.texts, at: i });
        i = Math.max(value.next, i + 1);
      }
    }
    return { command: { name, args, at, ...(input === undefined ? {} : { input }) }, next: i };
  }

  /** The brackets of an argument are read later. */
  #argument(at: number, end: number): Value {
    const value = this.#script.argument(at);
    for (let i = at; i < Math.min(value.next, end); )
      if (this.#script.tokens[i].kind === 'open') {
        this.#left.push(i);
        i = this.#script.behind(i);
      } else i++;
    return { texts: value.texts, next: Math.min(value.next, end) };
  }
}
