// Rules as they are written in a Sysmon configuration, and as they are told in words.

import type { Entry, RuleList } from './config.ts';
import type { RulePart } from './need.ts';

/** <TargetObject condition="end with">\V</TargetObject> */
export function fieldXml({ field, condition, value }: RulePart): string {
  return `<${field} condition="${condition}">${escaped(value)}</${field}>`;
}

/** One line of a single part; a <Rule> of several that must all hold. */
export function ruleXml(parts: readonly RulePart[]): string {
  if (parts.length === 1) return fieldXml(parts[0]);
  return ['<Rule groupRelation="and">', ...parts.map((part) => `  ${fieldXml(part)}`), '</Rule>'].join('\n');
}

/** A group of one list. */
export function listXml(event: string, onmatch: string, rules: readonly string[]): string {
  return [
    '<RuleGroup name="" groupRelation="or">',
    `  <${event} onmatch="${onmatch}">`,
    ...rules.map((rule) => indented(rule, 4)),
    `  </${event}>`,
    '</RuleGroup>',
  ].join('\n');
}

export function indented(text: string, blanks: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(blanks));
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Characters of a rule's words. */
const LONGEST_WORDS = 300;

/** 'EventType is CreateKey'; of a list of which all must hold: 'all rules of the list'. */
export function ruleWords(entry: Entry | undefined): string {
  if (entry === undefined) return 'all rules of the list together';
  const words = entry.kind === 'field' ? fieldWords(entry) : entry.fields.map(fieldWords).join(` ${entry.relation} `);
  return words.length > LONGEST_WORDS ? `${words.slice(0, LONGEST_WORDS)}...` : words;
}

function fieldWords({ field, condition, value }: RulePart): string {
  return `${field} ${condition} ${value.slice(0, LONGEST_WORDS)}`;
}

/** '<RegistryEvent onmatch="include"> in line 585' */
export function listWords({ event, onmatch, line }: RuleList): string {
  return `<${event} onmatch="${onmatch}"> in line ${line}`;
}
