// The texts of the image that a function takes the addresses of.
import type { ModuleFlow } from './flow.ts';
import { readImageText } from './image-text.ts';

export interface FunctionText {
  readonly rva: number;
  readonly text: string;
}

/** Texts that are read of one function. */
const MOST_TEXTS = 512;
const SHORTEST = 4;

/** In order of the instructions, each once. An operand's bytes that lead to the first character of a text are taken for what they seem. */
export function textsOf(flow: ModuleFlow, start: number): readonly FunctionText[] {
  const { image, references } = flow;
  // In 32-bit code an address is an absolute number, in 64-bit code it is taken by lea.
  const pairs = image.is64 ? references.addresses : references.data;
  const found = new Map<number, FunctionText>();
  for (const { begin, end } of flow.code.parts(start)) {
    pairs.eachFrom(begin, end, (rva) => {
      if (found.size >= MOST_TEXTS || found.has(rva) || image.isCode(rva)) return;
      const text = textAt(flow, rva);
      if (text !== undefined) found.set(rva, { rva, text });
    });
  }
  return [...found.values()];
}

/** The text that begins at `rva`, of printable characters throughout. */
function textAt({ image }: ModuleFlow, rva: number): string | undefined {
  const first = image.readU8(rva);
  if (first < 0x20 || first > 0x7e) return undefined;
  const wide = image.readU8(rva + 1) === 0;
  const text = readImageText(image, rva, wide);
  return text !== undefined && text.length >= SHORTEST && /^[\t\n\r\x20-\x7e]+$/.test(text) ? text : undefined;
}
