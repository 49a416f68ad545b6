// Bytes of a registry value as people and tools write them: hexadecimal with or without separators, .reg lines, ProcMon's details, base64.

/** The bytes that the text is; undefined where it is none of these. */
export function bytesOfText(text: string): Uint8Array | undefined {
  const hex = hexOf(text);
  if (hex !== undefined) return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const base64 = text.replaceAll(/\s+/g, '');
  if (base64 === '' || base64.length % 4 === 1 || !/^[A-Za-z\d+/_-]+={0,2}$/.test(base64)) return undefined;
  return bytesOfBase64(base64);
}

/** Digits alone, an even number of them. "hex(3):" of .reg files and "Data:" of ProcMon stand before it. */
function hexOf(text: string): string | undefined {
  const body = text
    .replace(/^[\s\S]*\bData:\s*/i, '')
    .replace(/^\s*(?:"[^"]*"|@)?\s*=?\s*hex(?:\([\da-f]+\))?:/i, '')
    .replaceAll(/\\\r?\n/g, '')
    .replaceAll(/0x/gi, '')
    .replaceAll(/[\s,;:-]+/g, '');
  return body !== '' && body.length % 2 === 0 && /^[\da-f]+$/i.test(body) ? body : undefined;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Both alphabets; padding may be left out. */
function bytesOfBase64(text: string): Uint8Array {
  const digits = text.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits) {
    held = ((held << 6) | ALPHABET.indexOf(digit)) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 0xff;
    }
  }
  return bytes;
}
