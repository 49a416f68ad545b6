// The comment that opens every emitted rule: table, fields, notes, and the evidence of each exclusion.
import { fieldsOf, namedParts } from '../condition.ts';
import { conditionOf, type Rule } from '../rule.ts';
import { columnFor, FIELD_MEANING, isLogicalField, type Taxonomy } from '../taxonomy.ts';
import { visibleText } from '../visible-text.ts';

/** Lines without any comment mark, each free of control, format and line-end characters. `extra` says what else the language assumes. */
export function openingLines(rule: Rule, taxonomy: Taxonomy, extra: readonly string[] = []): readonly string[] {
  const meanings = new Map<string, readonly string[]>();
  for (const field of fieldsOf(conditionOf(rule, 'a comment'))) {
    const { name } = columnFor(field, taxonomy);
    meanings.set(name, [...(meanings.get(name) ?? []), isLogicalField(field) ? FIELD_MEANING[field] : field]);
  }
  const fields = [...meanings].map(([name, meaning]) => `${name} (${meaning.join('; ')})`);
  const parts = namedParts(conditionOf(rule, 'a comment')).filter((part) => part.why.length > 0);
  const lines = [
    rule.title,
    rule.description,
    '',
    `Table: ${taxonomy.table}`,
    `Fields: ${fields.join(', ')}`,
    ...extra,
    ...rule.notes.flatMap(({ heading, lines: body }) => ['', `${heading}:`, ...body.map((line) => `- ${line}`)]),
    ...(parts.length > 0 ? ['', 'Evidence:'] : []),
    ...parts.flatMap((part) => [`- ${part.name}: ${part.about}`, ...part.why.map((why) => `    ${why}`)]),
  ];
  return lines.map(visibleText);
}

/** The lines as line comments: `# line`, an empty one is the mark alone. */
export function lineComments(lines: readonly string[], mark: string): string {
  return lines.map((line) => `${mark} ${line}`.trimEnd()).join('\n');
}
