// An Internet shortcut (.url): an INI file whose section [InternetShortcut] names an address, read as Windows' profile functions read it.

import { utf16le, wellFormed } from '../bytes/text.ts';
import { FormatError, type Note } from '../errors.ts';
import type { ShortcutTarget } from './shortcut-target.ts';
import { ansiText } from './shortcut-text.ts';

export interface InternetShortcut {
  /** The address as it stands there; of the section for Unicode where there is one. */
  readonly url: string;
  /** What it opens: an address, or the file that a file: address names. */
  readonly target: ShortcutTarget;
  readonly workingDirectory?: string;
  readonly iconFile?: string;
  readonly iconIndex?: string;
  readonly notes: readonly Note[];
}

const SECTION = 'internetshortcut';
const WIDE_SECTION = 'internetshortcut.w';
/** INTERNET_MAX_URL_LENGTH (wininet.h): longer ones are not opened. */
const LONGEST_URL = 2083;

/** Whether bytes look like an Internet shortcut: the section stands among the first ones. */
export function isInternetShortcut(bytes: Uint8Array): boolean {
  return /(?:^|[\r\n])\s*\[InternetShortcut(?:\.[AW])?\]/i.test(textOf(bytes.subarray(0, 4096)));
}

/** Reads an Internet shortcut. Throws FormatError where no section, or no address in it, is there. */
export function readInternetShortcut(bytes: Uint8Array, file: string): InternetShortcut {
  const notes: Note[] = [];
  const sections = readSections(textOf(bytes), notes);
  const section = sections.get(SECTION) ?? sections.get('internetshortcut.a');
  const wide = sections.get(WIDE_SECTION)?.get('url');
  const url = (wide === undefined ? undefined : utf7(wide)) ?? section?.get('url');
  if (section === undefined && wide === undefined)
    throw new FormatError(`${file}: no Internet shortcut (no section [InternetShortcut] is in it)`);
  if (url === undefined || url === '')
    throw new FormatError(`${file}: an Internet shortcut without an address (no URL= is in [InternetShortcut])`);
  const narrow = section?.get('url');
  if (wide !== undefined && narrow !== undefined && narrow !== url && !/[^\x20-\x7e]/.test(url))
    notes.push({ about: 'url', text: `the sections name different addresses: ${url} and ${narrow}` });
  if (url.length > LONGEST_URL)
    notes.push({ about: 'url', text: `the address has ${url.length} characters; Windows takes ${LONGEST_URL}` });
  const folder = section?.get('workingdirectory');
  return {
    url,
    target: targetOfUrl(url, folder),
    ...(folder === undefined ? {} : { workingDirectory: folder }),
    ...(section?.has('iconfile') ? { iconFile: section.get('iconfile') } : {}),
    ...(section?.has('iconindex') ? { iconIndex: section.get('iconindex') } : {}),
    notes,
  };
}

/** A file: address, or a path in place of one, is the file itself: "\\server\share\x.exe", "C:\x.exe". */
export function targetOfUrl(url: string, workingDirectory?: string): ShortcutTarget {
  const path = pathOfFileUrl(url);
  if (path === undefined) return { kind: 'uri', uri: url };
  return {
    kind: 'file',
    path,
    from: 'address',
    ...(workingDirectory === undefined || workingDirectory === '' ? {} : { workingDirectory }),
  };
}

function pathOfFileUrl(url: string): string | undefined {
  if (/^(?:[A-Za-z]:[\\/]|\\\\)/.test(url)) return url.replaceAll('/', '\\');
  const match = /^file:(.*)$/is.exec(url.trim());
  if (match === null) return undefined;
  const rest = percentDecoded(match[1].replace(/[?#].*$/s, '')).replaceAll('/', '\\');
  // "file:///C:/x" and "file:C:\x" name a drive, "file://server/x" and "file:////server/x" a share.
  const drive = /^\\*(?:localhost\\)?([A-Za-z])[:|](.*)$/is.exec(rest);
  if (drive !== null) return `${drive[1]}:${drive[2]}`;
  const share = rest.replace(/^\\+/, '');
  return rest.startsWith('\\\\') ? `\\\\${share}` : share === '' ? undefined : rest;
}

/** Percent escapes as UTF-8, or as single bytes where they are not UTF-8. */
function percentDecoded(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    }
  });
}

/** Of sections and keys of the same name the first holds, letter case aside. */
function readSections(text: string, notes: Note[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let twice = 0;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith(';')) continue;
    if (trimmed.startsWith('[')) {
      const end = trimmed.indexOf(']');
      const name = trimmed
        .slice(1, end < 0 ? undefined : end)
        .trim()
        .toLowerCase();
      if (sections.has(name)) {
        section = undefined;
        twice++;
        continue;
      }
      section = new Map();
      sections.set(name, section);
      continue;
    }
    const equals = trimmed.indexOf('=');
    if (section === undefined || equals < 0) continue;
    const key = trimmed.slice(0, equals).trim().toLowerCase();
    if (!section.has(key)) section.set(key, unquoted(trimmed.slice(equals + 1).trim()));
    else if (key === 'url') twice++;
  }
  if (twice > 0)
    notes.push({ about: 'sections', text: 'a section or an address stands more than once; the first holds' });
  return sections;
}

function unquoted(value: string): string {
  return /^(["']).*\1$/s.test(value) && value.length >= 2 ? value.slice(1, -1) : value;
}

/** By its byte order mark UTF-16 or UTF-8; UTF-8 where it is that, else single bytes. */
function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16le(bytes, 2, bytes.length);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const swapped = new Uint8Array((bytes.length - 2) & ~1);
    for (let i = 0; i < swapped.length; i += 2) [swapped[i], swapped[i + 1]] = [bytes[i + 3], bytes[i + 2]];
    return utf16le(swapped, 0, swapped.length);
  }
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(start));
  } catch {
    return ansiText(bytes, start, bytes.length);
  }
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** UTF-7 (RFC 2152), in which the section for Unicode is written; undefined where it is none. */
function utf7(text: string): string | undefined {
  let result = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '+') {
      result += text[at];
      continue;
    }
    if (text[at + 1] === '-') {
      result += '+';
      at++;
      continue;
    }
    let bits = 0;
    let many = 0;
    let digit = BASE64.indexOf(text[++at] ?? ' ');
    if (digit < 0) return undefined;
    for (; digit >= 0 && at < text.length; digit = BASE64.indexOf(text[++at] ?? ' ')) {
      bits = ((bits << 6) | digit) & 0x3fffff;
      many += 6;
      if (many >= 16) {
        many -= 16;
        result += String.fromCharCode((bits >> many) & 0xffff);
      }
    }
    if (text[at] !== '-') at--;
  }
  return wellFormed(result);
}
