// Sigma 2 rules: selections by the names that the condition carries, and correlation rules.
import { UnsupportedError } from '../../errors.ts';
import { type Condition, type Named, namedParts, unnamed } from '../condition.ts';
import type { LogSource } from '../log-source.ts';
import { conditionOf, type Rule } from '../rule.ts';
import { sysmon } from '../taxonomy.ts';
import { translate } from '../translate.ts';
import { hasHidden, visibleText } from '../visible-text.ts';
import { type BooleanTokens, type BooleanTree, printBoolean } from './boolean-text.ts';
import type { Language } from './language.ts';
import { lineComments, openingLines } from './opening-lines.ts';
import { correlationLines } from './sigma-correlation.ts';
import { isSame, selectionLines } from './sigma-selection.ts';
import { yamlString } from './yaml-text.ts';

const TOKENS: BooleanTokens = { and: 'and', or: 'or', not: 'not', notCall: false };
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
  if (rule.query.kind === 'correlation') return text(rule, correlationLines(rule.query), []);
  const translated = translate(rule, 'sysmon');
  const detection = detectionOf(conditionOf(translated, 'Sigma'), rule.taxonomy !== 'winnow');
  const condition = printBoolean(detection.tree, TOKENS).replace(/\s*\n\s*/g, ' ');
  const lines = [
    ...logSourceLines(translated.logSource),
    'detection:',
    ...[...detection.sections].flatMap(([name, { lines: section }]) => [`  ${name}:`, ...section]),
    `  condition: ${condition}`,
  ];
  // A rule that was read from Sigma has said all this itself.
  const comment =
    rule.taxonomy === 'sysmon' && rule.notes.length === 0
      ? []
      : openingLines({ ...rule, triage: [] }, sigma.taxonomy, ASSUMES);
  return text(rule, lines, comment);
}

/** Every key that the rule has a value for, in the order of the specification. */
function text(rule: Rule, lines: readonly string[], comment: readonly string[]): string {
  const own = rule.taxonomy === 'winnow' ? visibleText : (value: string): string => value;
  const entry = (key: string, value: string | null) => (value === null ? [] : [`${key}: ${value}`]);
  const list = (key: string, values: readonly string[]) =>
    values.length === 0 ? [] : [`${key}:`, ...values.map((value) => `  - ${yamlString(own(value))}`)];
  const tags = [
    ...rule.tags,
    ...rule.threats.flatMap(({ tactic, technique }) => [
      `attack.${tactic.name.toLowerCase().replaceAll(' ', '-')}`,
      `attack.${technique.id.toLowerCase()}`,
    ]),
  ];
  return `${[
    ...(comment.length > 0 ? [lineComments(comment, '#'), ''] : []),
    `title: ${yamlString(own(rule.title))}`,
    ...entry('id', rule.id),
    ...entry('name', rule.name === null ? null : yamlString(rule.name)),
    ...entry('status', rule.status),
    ...descriptionLines(rule, own),
    ...list('references', rule.references),
    ...entry('author', rule.authors.length === 0 ? null : yamlString(rule.authors.join(', '))),
    ...entry('date', rule.date),
    ...entry('modified', rule.modified),
    ...entry('license', rule.license === null || rule.taxonomy === 'winnow' ? null : yamlString(rule.license)),
    ...list('tags', [...new Set(tags)]),
    ...lines,
    ...list('falsepositives', rule.falsePositives),
    ...entry('level', rule.severity),
  ].join('\n')}\n`;
}

/** Several lines as a block, so that they stay readable, where a block can hold them. What to do with an alert stands behind, for an alert shows the description. */
function descriptionLines({ description, taxonomy, triage }: Rule, own: (value: string) => string): readonly string[] {
  if (description === '' && taxonomy !== 'winnow') return [];
  const told = triage.map((line) => visibleText(line).trim());
  const lines = [...own(description).split('\n'), ...(told.length > 0 ? ['', ...told] : [])];
  const isBlock =
    lines.length > 1 &&
    lines.every((line) => !hasHidden(line) && line === line.trimEnd()) &&
    lines[0] === lines[0].trimStart();
  if (!isBlock) return [`description: ${yamlString(lines.join('\n'))}`];
  return ['description: |-', ...lines.map((line) => (line === '' ? '' : `  ${line}`))];
}

function logSourceLines({ category, product, service }: LogSource): readonly string[] {
  const lines = Object.entries({ category, product, service }).flatMap(([key, value]) =>
    value === null ? [] : [`  ${key}: ${/^[a-z][\w-]*$/.test(value) ? value : yamlString(value)}`],
  );
  if (lines.length === 0) throw new UnsupportedError('Sigma needs a log source, and the rule names none');
  return ['logsource:', ...lines];
}

function detectionOf(condition: Condition, isDense: boolean): Detection {
  const detection = new Detection(condition, isDense, true);
  return detection.isExact ? detection : new Detection(condition, isDense, false);
}

/** What the condition or the detection would take for something else than a selection's name. */
const RESERVED = /^(?:and|or|not|of|all|any|them|1|condition|timeframe)$/i;

interface Section {
  readonly lines: readonly string[];
  readonly of: Condition;
}

/** The selections of a condition and the tree that joins their names. */
class Detection {
  readonly sections = new Map<string, Section>();
  readonly tree: BooleanTree;
  readonly #names: ReadonlySet<string>;

  readonly #isDense: boolean;
  /** `1 of prefix_*` and how many selections it means; null where all are to be named. */
  readonly #quantifiers: Map<string, number> | null;

  constructor(condition: Condition, isDense: boolean, isQuantified: boolean) {
    this.#isDense = isDense;
    this.#quantifiers = isQuantified ? new Map() : null;
    this.#names = new Set(namedParts(condition).map(({ name }) => name));
    this.tree = this.#place(condition);
  }

  /** Whether each quantifier means just the selections that it was written for. */
  get isExact(): boolean {
    const names = [...this.sections.keys()];
    return [...(this.#quantifiers ?? [])].every(
      ([prefix, count]) => names.filter((name) => name.startsWith(prefix)).length === count,
    );
  }

  #place(condition: Condition, inherited = 'selection'): BooleanTree {
    const name = condition.kind === 'named' ? condition.name : inherited;
    const node = unnamed(condition);
    const lines = selectionLines(node, this.#isDense && (condition.kind === 'named' || node.kind !== 'not'));
    if (lines !== null) return { kind: 'atom', text: this.#section(name, lines, node) };
    switch (node.kind) {
      case 'not': {
        const inner = withoutLists(node.of);
        // "not not" is read as nothing.
        if (inner.kind === 'not') return this.#place(inner.of, name);
        return { kind: 'not', of: this.#quantified(node.of, name) ?? this.#place(node.of, name) };
      }
      case 'and':
      case 'or': {
        if (node.of.length === 0) throw new UnsupportedError(`an empty "${node.kind}" has no text in any language`);
        if (condition.kind !== 'named') {
          const short = this.#quantified(node, name);
          if (short !== null) return short;
        }
        return { kind: node.kind, of: node.of.map((part) => this.#place(part, name)) };
      }
      case 'match': {
        if (node.values.length < 2) throw new UnsupportedError('a match without values has no text in any language');
        // Values that no one modifier fits, apart.
        const parts = node.values.map((test): Condition => ({ kind: 'match', field: node.field, values: [test] }));
        return this.#place({ kind: 'or', of: parts }, name);
      }
      default:
        throw new UnsupportedError(`Sigma has no words for "${node.kind}"`);
    }
  }

  /** `1 of prefix_*` or `all of prefix_*` where those are all selections of that prefix, each with a name of its own. */
  #quantified(condition: Condition, name: string): BooleanTree | null {
    const node = unnamed(condition);
    const isList = node.kind === 'and' || node.kind === 'or';
    if (condition.kind === 'named' && isList && selectionLines(node, this.#isDense) !== null)
      return this.#single(condition, name);
    const parts = isList ? node.of : [condition];
    if (!parts.every((part): part is Named => part.kind === 'named')) return null;
    if (parts.length === 1) return this.#single(parts[0], name);
    const prefix = prefixOf(parts);
    if (prefix === null || !this.#areAll(prefix, parts)) return null;
    if (parts.some((part) => selectionLines(unnamed(part), this.#isDense) === null)) return null;
    for (const part of parts) this.#place(part, name);
    this.#quantifiers?.set(prefix, parts.length);
    return { kind: 'atom', text: `${node.kind === 'or' ? '1' : 'all'} of ${prefix}*` };
  }

  /** One filter alone, as if there were several: so that another can be added without a change of the condition. */
  #single(part: Condition, name: string): BooleanTree | null {
    const [, prefix] = (part.kind === 'named' && /^(filter_main_).+$/.exec(part.name)) || [];
    if (prefix === undefined || part.kind !== 'named' || !this.#areAll(prefix, [part])) return null;
    if (selectionLines(unnamed(part), this.#isDense) === null) return null;
    this.#place(part, name);
    this.#quantifiers?.set(prefix, 1);
    return { kind: 'atom', text: `1 of ${prefix}*` };
  }

  #areAll(prefix: string, parts: readonly Named[]): boolean {
    if (this.#quantifiers === null) return false;
    const names = [...this.#names].filter((name) => name.startsWith(prefix));
    return names.length === parts.length && names.every((name, index) => parts[index].name === name);
  }

  /** The name of the section; the same one for the same selection. */
  #section(name: string, lines: readonly string[], of: Condition): string {
    const first = RESERVED.test(name) ? `selection_${name}` : name;
    let free = first;
    for (let count = 2; ; count++) {
      const known = this.sections.get(free);
      if (known === undefined) break;
      if (this.#isDense && isSame(known.of, of)) return free;
      free = `${first}_${count}`;
    }
    this.sections.set(free, { lines, of });
    return free;
  }
}

/** The part that a list of one, or of one in one, holds. */
function withoutLists(condition: Condition): Condition {
  let node = condition;
  while ((node.kind === 'and' || node.kind === 'or') && node.of.length === 1) [node] = node.of;
  return node;
}

/** What the names have in common, up to an underscore. */
function prefixOf(parts: readonly Named[]): string | null {
  if (parts.length < 2) return null;
  const [{ name }] = parts;
  let length = name.length;
  for (const other of parts) while (!other.name.startsWith(name.slice(0, length))) length--;
  const prefix = name.slice(0, name.lastIndexOf('_', length - 1) + 1);
  return prefix === '' || new Set(parts.map((part) => part.name)).size < parts.length ? null : prefix;
}
