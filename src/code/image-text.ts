// Text that stands in an image, and what passes for text at all.
import type { PeImage } from '../pe/image.ts';
import type { ValueTable } from './value-table.ts';
import { UNSET, type ValueId } from './values.ts';

/** Text in an alphabet whose characters are no run of instructions read as UTF-16: Latin, with typographic punctuation. */
const LATIN = /^[\t\n\r -~\u00a0-\u024f\u2010-\u2026]*$/;

/** A constant string of the image at virtual address `va`; UNSET when the bytes are no text or the place is writable and empty. */
export function literalAt(table: ValueTable, image: PeImage, va: number, wide: boolean | undefined): ValueId {
  const rva = image.rvaOf(va);
  const amongCode = rva >= 0 && image.isCode(rva);
  if (rva < 0 || (amongCode && image.is64)) return UNSET;
  const asWide = wide ?? (image.readU8(rva) > 0 && image.readU8(rva + 1) === 0);
  const text = readImageText(image, rva, asWide);
  if (text === undefined || (text === '' && image.isWritable(rva))) return UNSET;
  // Linkers of x86 images put constants among the code; what is read there may be instructions.
  if (amongCode && (text.length === 1 ? !/[ -~]/.test(text) : !LATIN.test(text))) return UNSET;
  return table.literal(text, rva, asWide);
}

/** The zero-terminated string at an RVA, or undefined when what stands there is no text. At most 2,048 characters. */
export function readImageText(image: PeImage, rva: number, wide: boolean): string | undefined {
  let text = '';
  for (let i = 0; i < 2048; i++) {
    const unit = wide ? image.readU16(rva + i * 2) : image.readU8(rva + i);
    if (unit < 0) return undefined;
    if (unit === 0) return isText(text) ? text : undefined;
    text += String.fromCharCode(unit);
  }
  return undefined;
}

/** Whether a string could have been written by a person: no control characters but tab, line ends and escape-free text. */
export function isText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 && unit !== 9 && unit !== 10 && unit !== 13) return false;
    if (
      unit >= 0xd800 &&
      unit < 0xe000 &&
      !(unit < 0xdc00 && text.charCodeAt(i + 1) >= 0xdc00 && text.charCodeAt(i + 1) < 0xe000)
    ) {
      if (!(unit >= 0xdc00 && i > 0 && text.charCodeAt(i - 1) >= 0xd800 && text.charCodeAt(i - 1) < 0xdc00))
        return false;
    }
    if (unit === 0xfffe || unit === 0xffff) return false;
  }
  return true;
}
