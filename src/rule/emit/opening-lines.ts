// The comment that opens every emitted rule: table, fields, notes, and the evidence of each exclusion.
import { namedParts } from '../condition.ts';
import { conditionOf, type Rule } from '../rule.ts';
import { FIELD_MEANING, isLogicalField, type Taxonomy } from '../taxonomy.ts';
import { columnsOf, translateRule } from '../translate.ts';
import { visibleText } from '../visible-text.ts';

/** Lines without any comment mark, each free of control, format and line-end characters. `extra` says what else the language assumes. */
export function openingLines(rule: Rule, taxonomy: Taxonomy, extra: readonly string[] = []): readonly string[] {
  const condition = conditionOf(rule, 'a comment');
  const isLogical = rule.taxonomy === 'winnow';
  const fields = [...columnsOf(rule, taxonomy.id)].map(([name, meanings]) => {
    const others = meanings.map((field) => (isLogicalField(field) ? FIELD_MEANING[field] : field));
    return others.every((other) => other === name) ? name : `${name} (${others.join('; ')})`;
  });
  const table = isLogical ? taxonomy.table : translateRule(rule, taxonomy.id).place.table;
  const parts = namedParts(condition).filter((part) => part.why.length > 0);
  const lines = [
    rule.title,
    ...(isLogical ? [rule.description] : rule.description.split(/\r?\n/).filter((line) => line.trim() !== '')),
    '',
    `Table: ${table}`,
    `Fields: ${fields.join(', ')}`,
    ...extra,
    ...(rule.triage.length > 0 ? ['', 'When it fires:'] : []),
    ...rule.triage.map((line) => `- ${line}`),
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
