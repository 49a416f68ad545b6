// The text of a log, a block at a time: UTF-8, or UTF-16 as Windows' own tools write it.

/** Whether bytes that begin so are UTF-16, by their mark or by the zero bytes of ASCII. */
export function encodingOf(start: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [a, b, c, d] = start;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (start.length >= 4 && a !== 0 && b === 0 && c !== 0 && d === 0) return 'utf-16le';
  if (start.length >= 4 && a === 0 && b !== 0 && c === 0 && d !== 0) return 'utf-16be';
  return 'utf-8';
}

/** The blocks as text, without the mark at the beginning; what is no character becomes U+FFFD. */
export async function* textOf(
  blocks: AsyncIterable<Uint8Array>,
  encoding: ReturnType<typeof encodingOf>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const block of blocks) {
    const text = decoder.decode(block, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}
