// Sigma 2 rules: category process_creation, selections by the names that the condition carries.
import { UnsupportedError } from '../../errors.ts';
import { type Condition, type Match, type Named, namedParts, unnamed } from '../condition.ts';
import { patternShape, type TextPattern } from '../pattern.ts';
import { placeMatch } from '../place-match.ts';
import { conditionOf, type Rule } from '../rule.ts';
import { sysmon } from '../taxonomy.ts';
import { visibleText } from '../visible-text.ts';
import { alternatives, type BooleanTokens, type BooleanTree, printBoolean } from './boolean-text.ts';
import type { Language } from './language.ts';
import { lineComments, openingLines } from './opening-lines.ts';
import { yamlEntry, yamlString } from './yaml-text.ts';

const TOKENS: BooleanTokens = { and: 'and', or: 'or', not: 'not', notCall: false };
const FILTER = 'filter_main_';
const ASSUMES = [
  'Letter case is ignored, as Sigma says; "?" is any one character (the drive letter) and "*" any number.',
];

export const sigma: Language = {
  id: 'sigma',
  title: 'Sigma',
  extension: '.yml',
  taxonomy: {
    ...sysmon,
    table: 'Sigma category process_creation, product windows (Sysmon event 1 and what maps to it)',
  },
  emit: emitSigma,
};

function emitSigma(rule: Rule): string {
  const detection = new Detection(conditionOf(rule, 'Sigma'));
  const condition = printBoolean(detection.tree, TOKENS).replace(/\s*\n\s*/g, ' ');
  const list = (key: string, values: readonly string[]) =>
    values.length === 0 ? [] : [`${key}:`, ...values.map((value) => `  - ${yamlString(visibleText(value))}`)];
  const tags = rule.threats.flatMap(({ tactic, technique }) => [
    `attack.${tactic.name.toLowerCase().replaceAll(' ', '-')}`,
    `attack.${technique.id.toLowerCase()}`,
  ]);
  return `${[
    lineComments(openingLines(rule, sigma.taxonomy, ASSUMES), '#'),
    '',
    `title: ${yamlString(visibleText(rule.title))}`,
    `id: ${rule.id}`,
    `status: ${rule.status}`,
    `description: ${yamlString(visibleText(rule.description))}`,
    ...list('references', rule.references),
    `author: ${yamlString(rule.authors.join(', '))}`,
    ...(rule.date === null ? [] : [`date: ${rule.date}`]),
    ...list('tags', [...new Set(tags)]),
    'logsource:',
    '  category: process_creation',
    '  product: windows',
    'detection:',
    ...[...detection.sections].flatMap(([name, lines]) => [`  ${name}:`, ...lines]),
    `  condition: ${condition}`,
    ...list('falsepositives', rule.falsePositives),
    `level: ${rule.severity}`,
  ].join('\n')}\n`;
}

/** The selections of a condition and the tree that joins their names. */
class Detection {
  readonly sections = new Map<string, readonly string[]>();
  readonly tree: BooleanTree;
  readonly #filters: number;

  constructor(condition: Condition) {
    this.#filters = namedParts(condition).filter((part) => part.name.startsWith(FILTER)).length;
    this.tree = this.#place(condition);
  }

  #place(condition: Condition, inherited = 'selection'): BooleanTree {
    const name = condition.kind === 'named' ? condition.name : inherited;
    const node = unnamed(condition);
    const lines = selectionLines(node);
    if (lines !== null) return this.#section(name, lines);
    if (node.kind === 'match') return alternatives([]);
    if (node.kind === 'not') {
      const filters = this.#allFilters(node.of);
      if (filters === null) return { kind: 'not', of: this.#place(node.of, name) };
      for (const filter of filters) this.#place(filter);
      return { kind: 'not', of: { kind: 'atom', text: `1 of ${FILTER}*` } };
    }
    if (node.kind !== 'and' && node.kind !== 'or')
      throw new UnsupportedError(`Sigma: "${node.kind}" is not written yet`);
    if (node.of.length === 0) throw new UnsupportedError(`an empty "${node.kind}" has no text in any language`);
    return { kind: node.kind, of: node.of.map((part) => this.#place(part, name)) };
  }

  /** The parts of an `or` that are all the filters there are, each one selection: then `1 of filter_main_*` means just them. */
  #allFilters(condition: Condition): readonly Named[] | null {
    const node = unnamed(condition);
    const parts = node.kind === 'or' ? node.of : [condition];
    const filters = parts.filter((part): part is Named => part.kind === 'named' && part.name.startsWith(FILTER));
    const whole = filters.length > 0 && filters.length === parts.length && filters.length === this.#filters;
    return whole && filters.every((filter) => selectionLines(unnamed(filter)) !== null) ? filters : null;
  }

  #section(name: string, lines: readonly string[]): BooleanTree {
    let free = name;
    for (let count = 2; this.sections.has(free); count++) free = `${name}_${count}`;
    this.sections.set(free, lines);
    return { kind: 'atom', text: free };
  }
}

/** The YAML of one selection (a map, or a list of maps for alternatives), or null where one selection cannot say it or a part has a name of its own. */
function selectionLines(node: Condition): readonly string[] | null {
  const map = mapLines(node, '    ');
  if (map !== null || node.kind !== 'or') return map;
  const maps = node.of.map((part) => mapLines(part, '      '));
  if (maps.length === 0 || maps.some((lines) => lines === null)) return null;
  return maps.flatMap((lines) =>
    (lines ?? []).map((line, index) => (index === 0 ? `    - ${line.trimStart()}` : line)),
  );
}

function mapLines(node: Condition, indent: string): readonly string[] | null {
  const matches = node.kind === 'and' ? node.of : [node];
  if (matches.length === 0 || !matches.every((part): part is Match => part.kind === 'match' && part.values.length > 0))
    return null;
  const entries = matches.map(entryOf);
  if (new Set(entries.map(([key]) => key)).size < entries.length) return null;
  return entries.flatMap(([key, values]) => yamlEntry(key, values, indent));
}

/** `Field|modifier` with its values; a modifier only where all values share the shape. */
function entryOf(match: Match): readonly [key: string, values: readonly string[]] {
  const { column, values } = placeMatch(match, sysmon);
  const shapes = values.map(patternShape);
  const shape = shapes[0].shape;
  if (shape !== 'equals' && shapes.every((other) => other.shape === shape)) {
    const texts = shapes.flatMap((other) => (other.shape === 'other' ? [] : [sigmaText([other.text])]));
    if (texts.length === values.length) return [`${column}|${shape}`, texts];
  }
  return [column, values.map(sigmaText)];
}

/**
 * Sigma's escaping: a backslash is itself unless a backslash or a wildcard follows, where it must be doubled. Every doubled backslash is
 * one, so runs are doubled as a whole; a single one before ordinary text stays single, as rules are written by hand.
 */
function sigmaText(pattern: TextPattern): string {
  let text = '';
  for (const [index, part] of pattern.entries()) {
    if (typeof part === 'object') text += part.any === 'one' ? '?' : '*';
    else {
      const last = index === pattern.length - 1;
      text += part.replace(/\\+(?=([*?])?)|[*?]/g, (run, wildcard: string | undefined, at: number) => {
        if (run === '*' || run === '?') return `\\${run}`;
        const end = at + run.length === part.length;
        return run.length > 1 || wildcard !== undefined || (end && !last) ? run + run : run;
      });
    }
  }
  return text;
}
