// Pieces as one string with marks for what is not known, and Windows' own reading of it: the image in a path, the image in a command line.
import type { Piece } from '../code/pieces.ts';

/** A piece that has no text stands as one private-use character: its place in the list of pieces, from here. */
const MARK = 0xe000;
const MARK_END = 0xf8ff;

/** A text with its unknown pieces marked; positions lead back to pieces. */
export interface MarkedText {
  readonly text: string;
  /** Which piece each character comes from. */
  readonly pieceAt: (index: number) => Piece | undefined;
}

export function markedText(pieces: readonly Piece[]): MarkedText {
  let text = '';
  const owners: number[] = [];
  pieces.forEach((piece, i) => {
    const part =
      piece.kind === 'literal'
        ? piece.text.replace(/[\ue000-\uf8ff]/g, '?')
        : (KNOWN_FOLDERS[piece.kind === 'source' ? piece.source : ''] ??
          String.fromCharCode(Math.min(MARK + i, MARK_END)));
    // A folder's own text never ends in a separator: where a name follows at once, the separator was not seen.
    const previous = pieces[i - 1];
    const glued = previous?.kind === 'source' && KNOWN_FOLDERS[previous.source] !== undefined && /^[\w$]/.test(part);
    const whole = glued ? `\\${part}` : part;
    for (let k = 0; k < whole.length; k++) owners.push(i);
    text += whole;
  });
  return { text, pieceAt: (index) => pieces[owners[index]] };
}

/** Folders that Windows fixes, as events show them but for the drive. */
const KNOWN_FOLDERS: Readonly<Record<string, string>> = {
  'system-directory': '%windir%\\system32',
  'system-wow64-directory': '%windir%\\syswow64',
  'windows-directory': '%windir%',
  'temp-directory': '%temp%',
};

/** The folder that Windows fixes, where the piece is one. */
export function folderOf(piece: Piece): string | undefined {
  return piece.kind === 'source' ? KNOWN_FOLDERS[piece.source] : undefined;
}

export function isMark(character: string): boolean {
  const code = character.charCodeAt(0);
  return code >= MARK && code <= MARK_END;
}

/** The marked text for people and patterns: unknown pieces as "*", the own image as its name. */
export function shown(
  text: string,
  ownImage: (piece: Piece) => string | undefined,
  pieceAt: (index: number) => Piece | undefined,
): string {
  let result = '';
  for (let i = 0; i < text.length; i++) {
    if (!isMark(text[i])) {
      result += text[i];
      continue;
    }
    const piece = pieceAt(i);
    const part = (piece && ownImage(piece)) ?? '*';
    if (part !== '*' || !result.endsWith('*')) result += part;
  }
  return result;
}

const EXECUTABLE = /\.(exe|com|bat|cmd|scr|pif)(?=$|["\s])/i;

/**
 * What CreateProcess takes as the image when lpApplicationName is NULL: the quoted part, else the first token; where a path has blanks,
 * the shortest prefix that ends in an executable extension. Returns [start, end) in `line`, without quotes.
 */
export function imageInCommandLine(line: string): { readonly start: number; readonly end: number } {
  let start = 0;
  while (start < line.length && (line[start] === ' ' || line[start] === '\t')) start++;
  if (line[start] === '"') {
    const close = line.indexOf('"', start + 1);
    return { start: start + 1, end: close < 0 ? line.length : close };
  }
  const blank = line.slice(start).search(/[ \t]/);
  const first = blank < 0 ? line.length : start + blank;
  const token = line.slice(start, first);
  if (!EXECUTABLE.test(token) && /[\\:%]/.test(token) && first < line.length) {
    const rest = line.slice(start);
    const match = EXECUTABLE.exec(rest);
    if (match) {
      const end = start + match.index + match[0].length;
      const between = line.slice(first, end);
      // A blank inside a folder's name, not one before the next argument.
      if (!/[ \t]["/-]|[ \t][A-Za-z]:|[ \t]%/.test(between)) return { start, end };
    }
  }
  return { start, end: first };
}

/** The last component of a path. */
export function fileName(path: string): string {
  const cut = Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/'));
  return path.slice(cut + 1);
}
