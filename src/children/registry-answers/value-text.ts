// The text of a registry value as the parts of a command: what the program puts into it stands open, environment variables stay marks.

import type { Piece } from '../../code/pieces.ts';
import type { RegistryViewValue } from '../../registry/view.ts';

/** Characters of a command line that CreateProcess takes (32,767 with the zero). */
const LONGEST_LINE = 32_766;
/** Characters of data that a document tells. */
const LONGEST_TOLD = 1000;

export interface ValueText {
  /** As a document tells it. */
  readonly data: string;
  /** What the program may start of it: several where it is a list. */
  readonly commands: readonly string[];
  /** Why it names no program, or what it is a part of. */
  readonly detail?: string;
}

export function valueText({ content }: RegistryViewValue): ValueText {
  if (typeof content === 'string') return ofText(content);
  if (content instanceof Uint8Array)
    return { data: told(hexText(content)), commands: [], detail: 'it holds bytes, and no text' };
  if (typeof content === 'number' || typeof content === 'bigint')
    return { data: String(content), commands: [], detail: 'it holds a number, and no text' };
  const commands = content.filter((text) => text.trim() !== '' && text.length <= LONGEST_LINE);
  return {
    data: told(content.join(' | ')),
    commands,
    ...(commands.length > 1 ? { detail: 'one text of a list' } : {}),
  };
}

function ofText(text: string): ValueText {
  const data = told(text);
  if (text.trim() === '') return { data, commands: [], detail: 'it is empty' };
  if (text.length > LONGEST_LINE) return { data, commands: [], detail: 'it is longer than a command line can be' };
  if (/^@.+,-\d+\s*(;.*)?$/s.test(text))
    return {
      data,
      commands: [],
      detail: 'it names a text in the resources of a file (an indirect string), and no program',
    };
  const commands = listed(text);
  return { data, commands, ...(commands.length > 1 ? { detail: 'one of several that commas part' } : {}) };
}

/** Programs that commas part, as Winlogon takes its values ("C:\Harbour\pilot.exe,"): only behind a program without arguments. */
function listed(text: string): readonly string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length === 1 || !/^"?[^"]*\.(exe|com|bat|cmd|scr)"?$/i.test(parts[0])) return [text];
  return parts.filter((part) => part !== '');
}

function told(text: string): string {
  return text.length <= LONGEST_TOLD ? text : `${text.slice(0, LONGEST_TOLD)}...`;
}

function hexText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, LONGEST_TOLD / 3))
    text += `${text === '' ? '' : ' '}${byte.toString(16).padStart(2, '0')}`;
  return bytes.length > LONGEST_TOLD / 3 ? `${text}...` : text;
}

/** An environment variable; of at least three characters, so that "%d%s" is none. */
const VARIABLE = /^%[A-Za-z_][\w().-]{2,}%/;
/** What wsprintf and the shell put in: "%ld", "%08x", "%1", "%*", "%L". */
const PUT_IN =
  /^%(?:[-+ #0]*\d*(?:\.\d+)?(?:hh|h|ll|l|I64|I32|I|w|z)?[cdiouxXpsSC](?![A-Za-z0-9])|~?\d|\*|[LVWIU](?![A-Za-z0-9]))/;

/** The text in pieces: what is put in for a mark of a format is not known. */
export function commandPieces(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  const literal = (to: number): void => {
    if (to > from) pieces.push({ kind: 'literal', text: text.slice(from, to), rva: 0, wide: true, immediate: false });
  };
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at)) {
    const rest = text.slice(at, at + 260);
    const variable = VARIABLE.exec(rest);
    const mark = variable ? null : PUT_IN.exec(rest);
    if (mark) {
      literal(at);
      pieces.push({ kind: 'unknown', why: 'data', detail: `what the program puts in for ${mark[0]}` });
      from = at + mark[0].length;
    }
    at += (variable ?? mark)?.[0].length ?? 1;
  }
  literal(text.length);
  return pieces;
}
