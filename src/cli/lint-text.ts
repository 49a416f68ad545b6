// What lint found, in words: each finding with its place and how to mend it, and counts by kind.

import { CLASSES } from '../rule/judge-test.ts';
import { FINDING_KINDS, type FieldValue, type FindingKind } from '../rule/lint/finding.ts';
import type { AllowedEntry, LintDiffDocument, LintDocument, LintFinding, RuleName } from './lint-document.ts';
import { brief, count, plain, type Style } from './print.ts';

export function findingLines(
  { kind, rule, line, column, clause, message, mend, values }: LintFinding,
  style: Style,
): string {
  const lines = [
    `${place(rule, line, column)}  ${style.doubt(kind)}  ${style.strong(brief(rule.title, 120))}${clause === '' ? '' : `  ${brief(clause, 80)}`}`,
    `    ${brief(message)}`,
    ...(values.length > 0 ? [`    with ${valuesText(values)}`] : []),
    `    ${style.weak(`mend: ${brief(mend)}`)}`,
  ];
  return lines.join('\n');
}

function place({ file }: RuleName, line: number | null, column: number | null): string {
  return `${plain(file)}${line === null ? '' : `:${line}:${column}`}`;
}

function valuesText(values: readonly FieldValue[]): string {
  return values.map(({ field, value }) => `${plain(field)} = ${brief(value, 160)}`).join(', ');
}

/** The counts by kind, and how many exclusions are of which class. */
export function lintSummary({ findings, counts }: LintDocument, style: Style): readonly string[] {
  const { rules, exclusions, classes, kinds } = counts;
  const rows = (Object.keys(FINDING_KINDS) as FindingKind[]).flatMap((kind) =>
    kinds[kind] ? [{ kind, many: kinds[kind] }] : [],
  );
  const width = Math.max(0, ...rows.map(({ many }) => String(many).length));
  const told = CLASSES.filter((one) => classes[one] > 0).map((one) => `${classes[one]} ${one}`);
  return [
    `${count(findings.length, 'finding')} in ${count(rules, 'rule')}${exclusions > 0 ? ` with ${count(exclusions, 'exclusion')}: ${told.join(', ')}` : ''}`,
    ...(rows.length > 0 ? [''] : []),
    ...rows.map(
      ({ kind, many }) => `  ${String(many).padStart(width)}  ${style.strong(kind.padEnd(18))}  ${FINDING_KINDS[kind]}`,
    ),
  ];
}

export function allowedLines(entry: AllowedEntry, style: Style): string {
  const { rule, line, column, clause, by, asks, why, values, pairs, morePairs } = entry;
  const mark = entry.class === 'free' ? style.doubt('free') : (entry.class ?? 'no longer selected');
  const lines = [
    `${place(rule, line, column)}  ${mark}  ${style.strong(brief(rule.title, 120))}${clause === '' ? '' : `  ${brief(clause, 80)}`}`,
    `    ${by === 'exclusion' ? 'newly lets pass' : 'no longer finds'}: ${brief(asks.map(({ field, value }) => `${field}: ${value}`).join(', '), 400)}`,
    ...pairs.slice(0, 20).map(({ parent, child, explained }) => {
      const why = explained
        ? style.sure(`${plain(explained.child)} is a ${explained.confidence} child of ${plain(explained.parent)}`)
        : style.weak('not explained');
      return `    ${plain(parent)} -> ${plain(child)}: ${why}`;
    }),
    ...(pairs.length + morePairs > 20 ? [`    ${count(pairs.length + morePairs - 20, 'more pair')}`] : []),
    `    ${brief(why)}`,
    ...(values.length > 0 ? [`    with ${valuesText(values)}`] : []),
  ];
  return lines.join('\n');
}

export function diffSummary({ counts, added, removed }: LintDiffDocument): readonly string[] {
  return [
    `${count(counts.compared, 'rule')} compared: ${count(counts.allowed, 'thing')} newly allowed, ${counts.free} of them an attacker can wear`,
    ...(added.length > 0 ? [`${count(added.length, 'rule')} added`] : []),
    ...removed.map(({ title, file }) => `no longer there: ${brief(title, 120)} (${plain(file)})`),
  ];
}
