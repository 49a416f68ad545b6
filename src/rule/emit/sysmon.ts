// Include filters of a Sysmon configuration: which events Sysmon writes at all.
import { UnsupportedError } from '../../errors.ts';
import { type Condition, type Match, unnamed } from '../condition.ts';
import { patternShape } from '../pattern.ts';
import type { Place } from '../taxonomy/event-kind.ts';
import { sysmon as sysmonTaxonomy } from '../taxonomy.ts';
import { translateRule } from '../translate.ts';
import type { ValueTest } from '../value-test.ts';
import { hasHidden, refuseLoneSurrogate, visibleText } from '../visible-text.ts';
import type { Language } from './language.ts';
import { openingLines } from './opening-lines.ts';
import { refusedLeaf, refusedTest } from './test-text.ts';

/** The filters of each event, by its number (sysmon -s prints the schema). */
const FILTERS: Readonly<Record<number, string>> = {
  1: 'ProcessCreate',
  2: 'FileCreateTime',
  3: 'NetworkConnect',
  5: 'ProcessTerminate',
  6: 'DriverLoad',
  7: 'ImageLoad',
  8: 'CreateRemoteThread',
  9: 'RawAccessRead',
  10: 'ProcessAccess',
  11: 'FileCreate',
  12: 'RegistryEvent',
  13: 'RegistryEvent',
  14: 'RegistryEvent',
  15: 'FileCreateStreamHash',
  17: 'PipeEvent',
  18: 'PipeEvent',
  19: 'WmiEvent',
  20: 'WmiEvent',
  21: 'WmiEvent',
  22: 'DnsQuery',
  23: 'FileDelete',
  24: 'ClipboardChange',
  25: 'ProcessTampering',
  26: 'FileDeleteDetected',
  27: 'FileBlockExecutable',
  28: 'FileBlockShredding',
  29: 'FileExecutableDetected',
};
/** The one filter of the registry is for all three of its events. */
const EVENT_TYPES: Readonly<Record<number, string>> = { 13: 'SetValue', 14: 'RenameKey;RenameValue' };
/** Rules that a condition may become: its alternatives are multiplied out. */
const MOST_RULES = 256;
const ASSUMES = [
  'These filters say what Sysmon writes; merge them into a configuration. Letter case is ignored.',
  'Several rules of one filter are alternatives, the conditions within one all have to hold.',
];

export const sysmon: Language = {
  id: 'sysmon',
  title: 'Sysmon configuration (include filters)',
  extension: '.xml',
  taxonomy: sysmonTaxonomy,
  emit: (rule) => {
    const { place, parts } = translateRule(rule, 'sysmon');
    const rules = multiplied(parts.map((part) => alternativesOf(part, false)));
    const more = eventTypes(place);
    const comment = openingLines(rule, sysmonTaxonomy, ASSUMES).map((line) =>
      `  ${line.replaceAll('--', '- -')}`.trimEnd(),
    );
    const lines = filtersOf(place).flatMap((filter) => [
      `      <${filter} onmatch="include">`,
      ...rules.flatMap((conditions) => [
        `        <Rule name="${xmlText(visibleText(rule.title))}" groupRelation="and">`,
        ...[...more, ...conditions].map((condition) => `          ${condition}`),
        '        </Rule>',
      ]),
      `      </${filter}>`,
    ]);
    return `${[
      '<!--',
      ...comment,
      '-->',
      '<Sysmon schemaversion="4.90">',
      '  <EventFiltering>',
      '    <RuleGroup name="" groupRelation="or">',
      ...lines,
      '    </RuleGroup>',
      '  </EventFiltering>',
      '</Sysmon>',
    ].join('\n')}\n`;
  },
};

function filtersOf({ table, has }: Place): readonly string[] {
  const isSysmon = String(has.Channel?.[0]).startsWith('Microsoft-Windows-Sysmon/');
  const filters = (has.EventID ?? []).map((id) => FILTERS[Number(id)]);
  if (!isSysmon || filters.length === 0 || filters.includes(undefined as unknown as string))
    throw new UnsupportedError(`Sysmon has no filter for ${table}`);
  return [...new Set(filters)];
}

function eventTypes({ has }: Place): readonly string[] {
  if (has.EventType)
    return [element('EventType', has.EventType.length === 1 ? 'is' : 'is any', has.EventType.join(';'))];
  const types = [...new Set((has.EventID ?? []).map((id) => EVENT_TYPES[Number(id)]))];
  if (types.length !== 1 || types[0] === undefined) return [];
  return [element('EventType', types[0].includes(';') ? 'is any' : 'is', types[0])];
}

/** What one rule says: conditions that all hold. */
type Conditions = readonly string[];

/** The condition as alternatives of conditions that all hold. */
function alternativesOf(condition: Condition, negated: boolean): readonly Conditions[] {
  const node = unnamed(condition);
  switch (node.kind) {
    case 'not':
      return alternativesOf(node.of, !negated);
    case 'and':
    case 'or': {
      if (node.of.length === 0) throw new UnsupportedError(`an empty "${node.kind}" has no text in any language`);
      const parts = node.of.map((part) => alternativesOf(part, negated));
      return (node.kind === 'and') !== negated ? multiplied(parts) : parts.flat();
    }
    case 'match':
      return matchAlternatives(node, negated);
    default:
      throw refusedLeaf('a Sysmon filter', node);
  }
}

function multiplied(parts: readonly (readonly Conditions[])[]): readonly Conditions[] {
  let all: readonly Conditions[] = [[]];
  for (const part of parts) {
    if (all.length * part.length > MOST_RULES)
      throw new UnsupportedError(`a Sysmon filter would need more than ${MOST_RULES} rules for it`);
    all = all.flatMap((one) => part.map((other) => [...one, ...other]));
  }
  return all;
}

const WORDS = { equals: 'is', startswith: 'begin with', endswith: 'end with', contains: 'contains' } as const;
const NOT_WORDS = {
  equals: 'is not',
  startswith: 'not begin with',
  endswith: 'not end with',
  contains: 'excludes',
} as const;

function matchAlternatives({ field, values }: Match, negated: boolean): readonly Conditions[] {
  if (!/^[A-Za-z]\w*$/.test(field)) throw new UnsupportedError(`Sysmon has no field called ${JSON.stringify(field)}`);
  if (values.length === 0) throw new UnsupportedError('a match without values has no text in any language');
  const tests = values.map((test) => filterValue(field, test));
  const elements = tests.map(({ shape, text }) => element(field, (negated ? NOT_WORDS : WORDS)[shape], text));
  if (negated) return [elements];
  const [{ shape }] = tests;
  const word = { equals: 'is any', contains: 'contains any', startswith: null, endswith: null }[shape];
  const isList = tests.length > 1 && tests.every((test) => test.shape === shape && !test.text.includes(';'));
  if (isList && word !== null) return [[element(field, word, tests.map(({ text }) => text).join(';'))]];
  return elements.map((one) => [one]);
}

function filterValue(field: string, test: ValueTest): { shape: keyof typeof WORDS; text: string } {
  if (test.kind === 'number' && test.op === 'eq') return { shape: 'equals', text: String(test.than) };
  if (test.kind === 'boolean') return { shape: 'equals', text: String(test.wanted) };
  if (test.kind !== 'like') throw refusedTest('a Sysmon filter', field, test);
  if (test.cased) throw new UnsupportedError(`a Sysmon filter ignores letter case, and ${field} asks for it`);
  const shape = patternShape(test.pattern);
  if (shape.shape === 'other')
    throw new UnsupportedError(`a Sysmon filter has no wildcards for a pattern of ${field} such as this`);
  if (shape.text === '') throw new UnsupportedError(`a Sysmon filter cannot ask for an empty ${field}`);
  if (shape.text !== shape.text.trim() && shape.shape !== 'contains')
    throw new UnsupportedError(`a Sysmon filter drops the blanks at the ends of a value of ${field}`);
  return shape;
}

function element(field: string, condition: string, text: string): string {
  return `<${field} condition="${condition}">${xmlText(text)}</${field}>`;
}

function xmlText(text: string): string {
  refuseLoneSurrogate(text, 'XML');
  if (hasHidden(text)) throw new UnsupportedError('a Sysmon filter with a character that cannot be seen');
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);
}
