// The pieces of a format: the text, and the conversions of printf or the inserts of FormatMessage between.

/** Whose conversions a format has: printf's, or those of a message. */
export type FormatSyntax = 'printf' | 'message';

/** One conversion of a printf format, or the literal text between two. */
export type FormatPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'string'; readonly argument: number; readonly wide: boolean }
  | {
      readonly kind: 'number';
      readonly argument: number /** Plain decimal, without width or sign. */;
      readonly decimal: boolean;
    }
  | { readonly kind: 'character' | 'unicode-string'; readonly argument: number };

/** Conversions and sizes whose arguments have 8 bytes. */
const EIGHT_BYTES = /^(I64|ll|j)$/;
const FLOATING = /[aefgAEFG]/;

/**
 * The pieces of a printf format of the Microsoft C run-time; `wide` is the format's own width. An argument is counted by the places that
 * it takes: two where it is larger than a pointer (x86).
 */
export function readFormat(format: string, wide: boolean, pointerSize: 4 | 8): readonly FormatPiece[] {
  const pieces: FormatPiece[] = [];
  let argument = 0;
  let text = '';
  const conversion = /^%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(I64|I32|ll|hh|[hlLwIjzt])?([a-zA-Z%])/;
  for (let at = 0; at < format.length; ) {
    if (format[at] !== '%') {
      text += format[at++];
      continue;
    }
    const match = conversion.exec(format.slice(at, at + 40));
    if (!match) {
      text += format[at++];
      continue;
    }
    at += match[0].length;
    if (match[5] === '%') {
      text += '%';
      continue;
    }
    if (text) pieces.push({ kind: 'text', text });
    text = '';
    if (match[2] === '*') argument++;
    if (match[3] === '*') argument++;
    const size = match[4];
    const type = match[5];
    if (type === 's' || type === 'S') {
      const same = type === 's' ? wide : !wide;
      pieces.push({
        kind: 'string',
        argument,
        wide: size === 'h' ? false : size === 'l' || size === 'w' ? true : same,
      });
    } else if (type === 'Z') pieces.push({ kind: 'unicode-string', argument });
    else if (type === 'c' || type === 'C') pieces.push({ kind: 'character', argument });
    else pieces.push({ kind: 'number', argument, decimal: /[diu]/.test(type) && !match[1] && !match[2] && !match[3] });
    argument += pointerSize === 4 && (EIGHT_BYTES.test(size ?? '') || FLOATING.test(type)) ? 2 : 1;
  }
  if (text) pieces.push({ kind: 'text', text });
  return pieces;
}

/** What stands for the escapes of a message. */
const ESCAPES: Readonly<Record<string, string>> = { n: '\r\n', r: '\r', t: '\t', b: ' ' };

/** The pieces of a message: its text with the inserts %1 to %99, each with a printf conversion in exclamation marks or as a string. */
export function readMessage(message: string, wide: boolean): readonly FormatPiece[] {
  const pieces: FormatPiece[] = [];
  let text = '';
  for (let at = 0; at < message.length; ) {
    const insert =
      message[at] === '%' ? /^%(?:([1-9]\d?)(?:!([^!]*)!)?|([\s\S]))/.exec(message.slice(at, at + 40)) : null;
    if (!insert) {
      text += message[at++];
      continue;
    }
    at += insert[0].length;
    if (insert[3] === '0') break;
    if (insert[3] !== undefined) {
      text += ESCAPES[insert[3]] ?? insert[3];
      continue;
    }
    if (text) pieces.push({ kind: 'text', text });
    text = '';
    const [piece] = readFormat(`%${insert[2] ?? 's'}`, wide, 8);
    const argument = Number(insert[1]) - 1;
    if (piece && piece.kind !== 'text') pieces.push({ ...piece, argument });
  }
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\r' || text[end - 1] === '\n')) end--;
  if (end > 0) pieces.push({ kind: 'text', text: text.slice(0, end) });
  return pieces;
}

/** The pieces of a format. */
export function piecesOf(
  format: string,
  syntax: FormatSyntax,
  wide: boolean,
  pointerSize: 4 | 8,
): readonly FormatPiece[] {
  return syntax === 'message' ? readMessage(format, wide) : readFormat(format, wide, pointerSize);
}
