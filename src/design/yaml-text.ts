// Texts as they are written into YAML: quoted where they have to be, and harmless wherever the YAML is shown.

/** Control and format characters, separators of lines, halves of pairs. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** Read as text by every version of YAML, in a list or map in one line too. */
const BARE = /^[A-Za-z](?:[\w./ -]*[\w./-])?$/;
/** What some version of YAML takes for something other than text. */
const WORDS = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/i;

function escaped(char: string): string {
  const code = char.codePointAt(0)!;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** A text as a scalar in one line, which every YAML reads as that text. */
export function yamlText(text: string): string {
  if (BARE.test(text) && !WORDS.test(text)) return text;
  // Without escapes a path stands as it is.
  if (/[\\"]/.test(text) && text.search(UNSAFE) < 0) return `'${text.replaceAll("'", "''")}'`;
  return `"${text.replace(/[\\"]/g, '\\$&').replace(UNSAFE, escaped)}"`;
}

/** `[a, b]`. */
export function yamlTexts(texts: readonly string[]): string {
  return `[${texts.map(yamlText).join(', ')}]`;
}

/** `{a: 1, b: x}`, of what is defined. */
export function yamlMap(entries: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const parts = Object.entries(entries).flatMap(([key, value]) =>
    value === undefined ? [] : [`${yamlText(key)}: ${typeof value === 'string' ? yamlText(value) : value}`],
  );
  return `{${parts.join(', ')}}`;
}

/** A text behind a `#`: one line, with its unsafe characters told and no more than `limit` characters. */
export function yamlComment(text: string, limit = 200): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}...` : text;
  return cut.replace(UNSAFE, escaped);
}
