// Which file a text names for LoadLibrary: the last component of its path, with the extension that Windows adds.
import type { Piece, TextPath } from '../../code/pieces.ts';
import { isMark, markedText } from '../command-text.ts';

export type ModuleName =
  | { readonly name: string; readonly assumed: boolean }
  /** No name: the piece that hides it; undefined where the text is constant and names nothing. */
  | { readonly hiddenBy: Piece | undefined };

/** A name behind a folder of which nothing is known, even whether its text ends in a separator. */
const WHOLE_NAME = /^[\w$-][\w$.-]*\.(dll|exe|ocx|cpl|drv|ax|sys)$/i;

/** The file name that a path ends in, in its own case: "wer" is wer.dll, "wer." is a file without extension (LoadLibraryW, "Remarks"). */
export function moduleNameOf(path: TextPath): ModuleName {
  const marked = markedText(path.pieces);
  const text = marked.text.trimEnd();
  const start = Math.max(text.lastIndexOf('\\'), text.lastIndexOf('/')) + 1;
  let name = text.slice(start);
  let assumed = path.assumed === true;
  for (let i = name.length - 1; i >= 0; i--) {
    if (!isMark(name[i])) continue;
    const piece = marked.pieceAt(start + i);
    const after = name.slice(i + 1);
    const mayBeFolder = piece?.kind !== 'source' || (piece.source !== 'number' && piece.source !== 'character');
    if (!mayBeFolder || !WHOLE_NAME.test(after)) return { hiddenBy: piece };
    name = after;
    assumed = true;
    break;
  }
  name = name.trim().replace(/^"+|"+$/g, '');
  // A folder's own text, a pattern of printf, and what cannot stand in a file's name.
  if (name === '' || /[<>:"|?*%\0-\x1f]/.test(name))
    return { hiddenBy: [...path.pieces].reverse().find((piece) => piece.kind !== 'literal') };
  if (name.endsWith('.')) return { name: name.replace(/\.+$/, ''), assumed };
  return { name: name.includes('.') ? name : `${name}.dll`, assumed };
}
