// From an argument's pieces to the child's name: which image Windows starts, where it lies, and how sure that is.
import type { Piece, TextPath } from '../code/pieces.ts';
import { fileName, imageInCommandLine, isMark, type MarkedText, markedText, shown } from './command-text.ts';
import type { Confidence } from './document.ts';
import { isDocument, isRegistryPath } from './names.ts';
import { imageByName, isProgram } from './program-name.ts';
import type { Sink } from './sinks/sink.ts';

/** A child as one alternative of one site's arguments names it. */
export interface NamedChild {
  readonly image: string;
  /** With environment marks, "*" for what is not known; null where only the name is. */
  readonly path: string | null;
  readonly commandLine: string | null;
  readonly confidence: Confidence;
  readonly through?: 'shell' | 'document';
  readonly from: TextPath;
}

export type Reading =
  | { readonly kind: 'child'; readonly child: NamedChild }
  | { readonly kind: 'document'; readonly target: string; readonly from: TextPath }
  /** No name: the piece that hides it. */
  | {
      readonly kind: 'hidden';
      readonly piece: Piece;
      readonly from: TextPath;
      /** What the program's name begins with, where that much is constant. */
      readonly begins?: string;
    };

/** What becomes of a name without extension: .exe is added, or one of several that is found; undefined where it stays as it is. */
type AddedExtension = Sink['extension'];

/** File name and path of the program whose process runs the code. */
export interface OwnImage {
  readonly name: string;
}

const isOwn = (own: OwnImage) => (piece: Piece) =>
  piece.kind === 'source' && piece.source === 'own-image' ? (piece.folderOnly ? '%owndir%' : own.name) : undefined;

/** lpApplicationName: a path as it stands, or with the extension that the function adds. `line` is the command line beside it, for the pattern. */
export function readApplication(
  path: TextPath,
  line: TextPath | undefined,
  own: OwnImage,
  extension?: AddedExtension,
): Reading {
  const marked = markedText(path.pieces);
  return nameOf(marked, 0, marked.text.length, path, line ? pattern(line, own) : null, own, extension);
}

/** lpCommandLine without an application: Windows takes the image from it. */
export function readCommandLine(path: TextPath, own: OwnImage): Reading {
  const marked = markedText(path.pieces);
  const { start, end } = imageInCommandLine(marked.text);
  const cut = ownArgumentsAt(marked, start, end);
  const line = cut === undefined ? path : { ...path, assumed: true };
  return nameOf(marked, start, cut ?? end, line, pattern(path, own), own, 'exe');
}

/**
 * Where the program's own arguments follow a name at once, as in "net1" and what stands behind the own program in its command line: that
 * begins with a blank, so it is assumed that the name ends there. Undefined where it is not so.
 */
function ownArgumentsAt(marked: MarkedText, start: number, end: number): number | undefined {
  const at = end - 1;
  const piece = isMark(marked.text[at] ?? '') ? marked.pieceAt(at) : undefined;
  if (piece?.kind !== 'source' || piece.source !== 'command-line' || marked.text[start - 1] === '"') return undefined;
  return /(^|[\\/])[A-Za-z0-9_-]+(\.exe)?$/i.test(marked.text.slice(start, at)) ? at : undefined;
}

/** What ShellExecute hands on to another program: by its extension, its scheme (a drive is one letter), or its place in the shell's namespace. */
const OPENED = /\.(msc|cpl|lnk)$|^[a-z][a-z0-9+.-]+:|^::\{/i;

/** ShellExecute's file: a program, or a document or URI that Windows opens with another. */
export function readFile(path: TextPath, parameters: TextPath | undefined, own: OwnImage): Reading {
  const marked = markedText(path.pieces);
  let start = 0;
  let end = marked.text.length;
  if (marked.text.startsWith('"')) {
    start = 1;
    const close = marked.text.indexOf('"', 1);
    if (close > 0) end = close;
  }
  const file = marked.text.slice(start, end);
  const text = shown(file, isOwn(own), (i) => marked.pieceAt(start + i));
  if (isDocument(text) || OPENED.test(text)) return { kind: 'document', target: text, from: path };
  const tail = parameters ? pattern(parameters, own) : null;
  const name = text.includes(' ') ? `"${text}"` : text;
  return nameOf(marked, start, end, path, tail === null ? null : `${name} ${tail}`, own, 'exe');
}

function pattern(path: TextPath, own: OwnImage): string {
  const marked = markedText(path.pieces);
  return shown(marked.text, isOwn(own), marked.pieceAt);
}

/** Prefixes of the native API's and the object manager's paths, as events show the same path. */
const NATIVE_PREFIXES: readonly (readonly [RegExp, string])[] = [
  [/^\\\?\?\\/, ''],
  [/^\\\\[?.]\\/, ''],
  [/^\\SystemRoot\\/i, '%windir%\\'],
];

/** The path as an event shows it: native prefixes gone, one backslash between components. */
function eventPath(path: string): string {
  let shownPath = path;
  for (const [prefix, instead] of NATIVE_PREFIXES) shownPath = shownPath.replace(prefix, instead);
  return shownPath.replace(/(?<=[^\\])\\{2,}/g, '\\');
}

/** Environment variables that hold the path of a program, as Windows sets them. */
const PROGRAM_VARIABLES: Readonly<Record<string, string>> = { comspec: '%windir%\\system32\\cmd.exe' };

/** The program that `%NAME%`, or the value of the environment variable NAME, is on every Windows. */
function programVariable(path: string, piece: Piece | undefined): string | undefined {
  const name =
    /^%([^%]+)%$/.exec(path)?.[1] ??
    (piece?.kind === 'source' && piece.source === 'environment' ? piece.name : undefined);
  return name === undefined ? undefined : PROGRAM_VARIABLES[name.toLowerCase()];
}

/** The image named by `marked.text[start, end)`. */
function nameOf(
  marked: MarkedText,
  start: number,
  end: number,
  from: TextPath,
  commandLine: string | null,
  own: OwnImage,
  adds: AddedExtension,
): Reading {
  const path = marked.text.slice(start, end).trimEnd();
  const name = fileName(path);
  const nameStart = start + path.length - name.length;
  const begins = /^[\w$.,-]+/.exec(name)?.[0];
  const hidden = (piece: Piece | undefined): Reading => ({
    kind: 'hidden',
    piece: piece ?? { kind: 'unknown', why: 'data', detail: 'an empty text' },
    from,
    ...(begins === undefined ? {} : { begins }),
  });
  if (name === '') return hidden([...from.pieces].reverse().find((piece) => piece.kind !== 'literal'));
  const variable = programVariable(path, path.length === 1 ? marked.pieceAt(start) : undefined);
  if (variable !== undefined)
    return {
      kind: 'child',
      child: { image: fileName(variable), path: variable, commandLine, confidence: 'likely', from },
    };
  // The quote behind a folder is no part of a name.
  const ends = marked.pieceAt(start + path.replace(/"+$/, '').length - 1);
  if (ends?.kind === 'source' && ends.source !== 'own-image') return hidden(ends);
  let known = name;
  let assumed = false;
  for (let i = name.length - 1; i >= 0; i--) {
    if (!isMark(name[i])) continue;
    const piece = marked.pieceAt(nameStart + i);
    if (piece?.kind === 'source' && piece.source === 'own-image' && !piece.folderOnly && i === name.length - 1) {
      return {
        kind: 'child',
        child: { image: own.name, path: null, commandLine, confidence: from.assumed ? 'likely' : 'proven', from },
      };
    }
    const after = name.slice(i + 1);
    const isFolder = piece?.kind === 'source' ? piece.source !== 'number' && piece.source !== 'character' : true;
    // A folder whose text ends in its separator, with the name right behind it.
    if (!isFolder || !isProgram(after) || after.length < 5) return hidden(piece);
    known = after;
    assumed = true;
    break;
  }
  known = known.trim().replace(/^["']+|["']+$/g, '');
  // An option where a program should stand: what came before it is not known.
  if (/^\s*\/[^\\/.]*$/.test(path) || isRegistryPath(path)) return hidden(undefined);
  if (/^(\.[A-Za-z]+)+$/.test(known))
    return hidden([...from.pieces].reverse().find((piece) => piece.kind !== 'literal'));
  const image = adds === undefined && !known.includes('.') ? undefined : imageByName(known, adds !== undefined);
  if (image === undefined) return hidden(undefined);
  // A word behind a blank, or behind the slash of an option or address, is the end of a text whose beginning is not known.
  if (image !== known && /[\s/]/.test(marked.text[nameStart + name.indexOf(known) - 1] ?? '')) return hidden(undefined);
  const folder = shown(path, isOwn(own), (i) => marked.pieceAt(start + i));
  const full = image === known ? folder : `${folder}.exe`;
  // Of the extensions that are looked for, .exe is the one that a program has as a rule.
  const guessed = adds === 'found' && image !== known;
  const isPath = /[\\/]/.test(folder) && !folder.startsWith('*');
  return {
    kind: 'child',
    child: {
      image,
      path: isPath ? eventPath(full) : null,
      commandLine,
      confidence: assumed || guessed || from.assumed ? 'likely' : 'proven',
      from,
    },
  };
}
