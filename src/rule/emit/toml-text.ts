// TOML values written by hand, so that the bytes are ours to decide (TOML 1.0).
import { hasHidden, refuseLoneSurrogate, replaceHidden } from '../visible-text.ts';

/** A basic string on one line. */
export function tomlString(text: string): string {
  return `"${escapeBasic(text).replaceAll('"', '\\"')}"`;
}

/** A list, one string a line when there are several. */
export function tomlList(texts: readonly string[]): string {
  if (texts.length < 2) return `[${texts.map(tomlString).join('')}]`;
  return `[\n${texts.map((text) => `    ${tomlString(text)},\n`).join('')}]`;
}

/** A multi-line basic string that holds the lines, each ended by a line feed. */
export function tomlText(lines: readonly string[]): string {
  return `"""\n${lines.map((line) => `${escapeBasic(line).replaceAll('""', '"\\"')}\n`).join('')}"""`;
}

/** A multi-line literal string where the text allows one (no escaping: a query stays readable), else a basic one. */
export function tomlVerbatim(text: string): string {
  const lines = text.split('\n');
  if (text.includes("'''") || lines.some(hasHidden)) return tomlText(lines);
  return `'''\n${text}\n'''`;
}

function escapeBasic(text: string): string {
  refuseLoneSurrogate(text, 'TOML');
  return replaceHidden(text.replaceAll('\\', '\\\\'), (codePoint) =>
    codePoint > 0xffff
      ? `\\U${codePoint.toString(16).padStart(8, '0')}`
      : `\\u${codePoint.toString(16).padStart(4, '0')}`,
  );
}
