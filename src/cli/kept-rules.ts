// Rules as they are kept between runs: JSON, a line each, so that reading them again takes no more than reading JSON does.

import { InputError } from '../errors.ts';
import type { NotLoaded } from '../hunt/document.ts';
import type { HuntRule } from '../hunt/hunt-rule.ts';

/** What was read of files and folders. */
export interface LoadedRules {
  readonly rules: readonly HuntRule[];
  readonly notLoaded: readonly NotLoaded[];
  /** Files that could not be read as what they are; one that asks for what is not supported is none of them. */
  readonly failures: number;
}

/** What begins a text that stands for what JSON has no place for: a whole number of any size, one that is not finite, and a text that begins with it itself. */
const MARK = '\0';
const MARK_IN_JSON = JSON.stringify(MARK).slice(1, -1);

/** The first line is what was not loaded, the others are a rule each. */
export function keptText({ rules, ...rest }: LoadedRules): string {
  return [{ ...rest, count: rules.length }, ...rules].map((value) => JSON.stringify(value, marked)).join('\n');
}

/** Throws SyntaxError or InputError for a text that is cut off or was not written by {@link keptText}. */
export function readKept(text: string): LoadedRules {
  const [first, ...lines] = text.split('\n');
  const { count, ...rest } = JSON.parse(first);
  // A reviver is asked of each value, which takes several times as long as the reading.
  const rules = lines.map((line) => JSON.parse(line, line.includes(MARK_IN_JSON) ? revived : undefined));
  if (rules.length !== count) throw new InputError(`${rules.length} of ${count} rules were kept`);
  return { ...rest, rules };
}

function marked(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${MARK}bigint ${value}`;
  if (typeof value === 'number' && !Number.isFinite(value)) return `${MARK}number ${value}`;
  return typeof value === 'string' && value.startsWith(MARK) ? `${MARK}text ${value}` : value;
}

function revived(_: string, value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith(MARK)) return value;
  const space = value.indexOf(' ');
  const own = value.slice(space + 1);
  const kind = value.slice(MARK.length, space);
  return kind === 'bigint' ? BigInt(own) : kind === 'number' ? Number(own) : own;
}
