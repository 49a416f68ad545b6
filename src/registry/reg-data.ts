// The data of a value as an export writes it: a quoted text, dword:, hex: and hex(TYPE):, or a dash for a value that is removed.

import { latin1 } from '../bytes/text.ts';
import { RegType } from '../hive/key-value.ts';
import { type ValueContent, valueContent } from '../hive/value-content.ts';

export type RegData =
  | { readonly kind: 'removed'; readonly doubt?: string }
  | {
      readonly kind: 'value';
      readonly type: number;
      readonly content: ValueContent;
      /** What of it was not read, for a sentence that begins with its line. */
      readonly doubt?: string;
    };

/** Types whose data is text: of one byte a character in an export of version 4. */
const TEXT_TYPES: readonly number[] = [RegType.sz, RegType.expandSz, RegType.multiSz, RegType.link];

/** `text`: all lines of it as one. undefined where it is nothing that an export holds. */
export function readData(text: string, version: 4 | 5): RegData | undefined {
  if (text.startsWith('"')) return readText(text);
  if (/^-\s*(;.*)?$/.test(text)) return { kind: 'removed' };
  const dword = /^dword:\s*([0-9a-f]{1,8})\s*(;.*)?$/i.exec(text);
  if (dword) return { kind: 'value', type: RegType.dword, content: Number.parseInt(dword[1], 16) };
  const qword = /^qword:\s*([0-9a-f]{1,16})\s*(;.*)?$/i.exec(text);
  if (qword) return { kind: 'value', type: RegType.qword, content: BigInt(`0x${qword[1]}`) };
  const hex = /^hex(?:\(([0-9a-f]{1,8})\))?:/i.exec(text);
  return hex ? readHex(hex[1] ?? '3', text.slice(hex[0].length), version) : undefined;
}

function readText(text: string): RegData | undefined {
  const parts: string[] = [];
  let from = 1;
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '"') {
      parts.push(text.slice(from, at));
      const rest = text.slice(at + 1).trim();
      const doubt = rest === '' || rest.startsWith(';') ? {} : { doubt: 'has more behind its text, which is left out' };
      return { kind: 'value', type: RegType.sz, content: parts.join('').replace(/\0.*$/s, ''), ...doubt };
    }
    if (text[at] === '\\' && (text[at + 1] === '\\' || text[at + 1] === '"')) {
      parts.push(text.slice(from, at));
      from = at + 1;
      at++;
    }
  }
  return undefined;
}

function readHex(typeText: string, list: string, version: 4 | 5): RegData | undefined {
  const type = Number.parseInt(typeText, 16);
  const end = list.indexOf(';');
  const bytes = hexBytes(end < 0 ? list : list.slice(0, end));
  if (bytes === undefined) return undefined;
  const isText = TEXT_TYPES.includes(type);
  const data = isText && version === 4 ? widened(bytes) : bytes;
  return { kind: 'value', type, content: valueContent(type, data) };
}

const DIGITS = /^[0-9a-f]$/i;

/** Bytes of one or two digits with commas between them. */
function hexBytes(list: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.ceil(list.length / 2) + 1);
  let count = 0;
  let digits = '';
  for (let at = 0; at <= list.length; at++) {
    const character = list[at] ?? ',';
    if (DIGITS.test(character)) {
      digits += character;
      if (digits.length > 2) return undefined;
    } else if (character === ',') {
      if (digits !== '') bytes[count++] = Number.parseInt(digits, 16);
      else if (list[at] === ',') return undefined;
      digits = '';
    } else if (!/\s/.test(character)) return undefined;
  }
  return bytes.slice(0, count);
}

/** Text of one byte a character as UTF-16LE, as a hive has it. */
function widened(bytes: Uint8Array): Uint8Array {
  const text = latin1(bytes, 0, bytes.length);
  const wide = new Uint8Array(bytes.length * 2);
  for (let i = 0; i < text.length; i++) wide[i * 2] = text.charCodeAt(i);
  return wide;
}
