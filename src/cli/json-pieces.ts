// JSON of a large document piece by piece, so that its text is never there as a whole.

import { safeJson } from './print.ts';

/** Characters of a piece, about. */
const PIECE = 1 << 16;
const INDENT = '    ';

/** What `jsonText` of print.ts makes of the same document, in pieces; the items of its own lists are made one by one. */
export function* jsonPieces(document: object): Generator<string, void, undefined> {
  const members = Object.entries(document).filter(([, value]) => value !== undefined);
  if (members.length === 0) {
    yield '{}\n';
    return;
  }
  let piece = '{';
  for (const [i, [name, value]] of members.entries()) {
    piece += `${i === 0 ? '' : ','}\n  ${JSON.stringify(name)}: `;
    if (!Array.isArray(value) || value.length === 0) {
      piece += indented(value, '  ');
      continue;
    }
    for (const [at, item] of value.entries()) {
      piece += `${at === 0 ? '[' : ','}\n${INDENT}${indented(item, INDENT)}`;
      if (piece.length < PIECE) continue;
      yield safeJson(piece);
      piece = '';
    }
    piece += '\n  ]';
  }
  yield safeJson(`${piece}\n}\n`);
}

/** Text of JSON has a newline only where a line ends. */
function indented(value: unknown, indent: string): string {
  return (JSON.stringify(value, null, 2) ?? 'null').replaceAll('\n', `\n${indent}`);
}
