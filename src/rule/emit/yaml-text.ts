// YAML scalars written by hand, always quoted, so that nothing is read as a number, a date or a mark (YAML 1.2).
import { hasHidden, refuseLoneSurrogate, replaceHidden } from '../visible-text.ts';

/** Single-quoted where every character can be seen, else double-quoted with escapes. Always one line. */
export function yamlString(text: string): string {
  refuseLoneSurrogate(text, 'YAML');
  if (!hasHidden(text)) return `'${text.replaceAll("'", "''")}'`;
  return `"${replaceHidden(text.replace(/["\\]/g, '\\$&'), yamlEscape)}"`;
}

/** `key: value`, or `key:` with one list entry a line when there are several values. */
export function yamlEntry(key: string, values: readonly string[], indent: string): readonly string[] {
  if (values.length === 1) return [`${indent}${key}: ${yamlString(values[0])}`];
  return [`${indent}${key}:`, ...values.map((value) => `${indent}  - ${yamlString(value)}`)];
}

function yamlEscape(codePoint: number): string {
  const hex = codePoint.toString(16);
  if (codePoint > 0xffff) return `\\U${hex.padStart(8, '0')}`;
  return `\\u${hex.padStart(4, '0')}`;
}
