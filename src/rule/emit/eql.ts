// EQL as Elasticsearch reads it, over ECS fields.
import { fieldsOf } from '../condition.ts';
import { conditionsIn } from '../query.ts';
import type { Rule } from '../rule.ts';
import { ecs } from '../taxonomy.ts';
import { visibleText } from '../visible-text.ts';
import { eqlQuery } from './eql-query.ts';
import type { Language } from './language.ts';
import { lineComments, openingLines } from './opening-lines.ts';

export { eqlString } from './eql-text.ts';

export const eql: Language = {
  id: 'eql',
  title: 'EQL (Elasticsearch)',
  extension: '.eql',
  taxonomy: ecs,
  emit: (rule) => `${lineComments(eqlOpening(rule), '//')}\n\n${eqlQuery(rule)}\n`,
};

const ASSUMES: readonly string[] = [
  'Letter case is ignored by ":", "in~" and "regex~"; in paths "?" is any one character (the drive letter) and "*" any number.',
];

/** The lines of the comment in front of a rule; `extra` at the end of what it assumes. */
export function eqlOpening(rule: Rule, extra: readonly string[] = []): readonly string[] {
  if (rule.taxonomy !== 'ecs' && rule.query.kind === 'event') return openingLines(rule, ecs, [...ASSUMES, ...extra]);
  const fields = [...new Set(conditionsIn(rule.query).flatMap(fieldsOf))];
  const lines = [
    rule.title,
    ...(rule.description === '' ? [] : [rule.description]),
    '',
    'Fields: names of the Elastic Common Schema',
    ...(fields.length === 0 ? [] : [fields.join(', ')]),
    ...extra,
    ...rule.notes.flatMap(({ heading, lines: body }) => ['', `${heading}:`, ...body.map((line) => `- ${line}`)]),
  ];
  return lines.map(visibleText);
}
