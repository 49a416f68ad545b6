// The condition of a rule: one small tree of plain tagged data that every language is written from.
import type { TextPattern } from './pattern.ts';
import { patternKey } from './pattern.ts';
import type { ValueTest } from './value-test.ts';

export type Condition = And | Or | Not | Match | Keyword | Compare | Holds | Named;

export interface And {
  readonly kind: 'and';
  readonly of: readonly Condition[];
}

export interface Or {
  readonly kind: 'or';
  readonly of: readonly Condition[];
}

export interface Not {
  readonly kind: 'not';
  readonly of: Condition;
}

/** A value of the field meets one of the tests. */
export interface Match {
  readonly kind: 'match';
  /** By its name in the rule's taxonomy. */
  readonly field: string;
  readonly values: readonly ValueTest[];
  /** EQL's `?field`: it may be one that no event has. */
  readonly optional?: true;
  readonly at?: Position;
}

/** Some value of the event, whatever its field, meets one of the tests. */
export interface Keyword {
  readonly kind: 'keyword';
  readonly values: readonly ValueTest[];
  readonly at?: Position;
}

/** Where it stands in the text that it was read from, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A part of the tree with a name (Sigma's selection identifier) and the reasons for it; it means what `of` means. */
export interface Named {
  readonly kind: 'named';
  /** Letters, digits and underscores. */
  readonly name: string;
  /** One line for a person: what the part matches. */
  readonly about: string;
  /** The evidence, one line each. */
  readonly why: readonly string[];
  readonly of: Condition;
}

/** What is compared where a field and a constant do not say it: fields, constants, calls of functions and arithmetic (EQL). */
export type Expression =
  | {
      readonly kind: 'field';
      readonly name: string;
      /** `?name`: it may be one that no event has. */
      readonly optional: boolean;
    }
  | {
      readonly kind: 'constant';
      readonly value: string | number | boolean | null;
      /** A number written with a point or an exponent: a division by it is not rounded. */
      readonly float?: true;
    }
  | Call
  | Meets
  | Each
  | Related
  /** A part of a field that holds more than one value: `names[0]`, `user.groups[1].id`. */
  | { readonly kind: 'member'; readonly name: string; readonly path: readonly (string | number)[] }
  /** What an `each` around it gives a name, or a part of that. */
  | { readonly kind: 'variable'; readonly name: string; readonly path: readonly (string | number)[] }
  | {
      readonly kind: 'arithmetic';
      readonly op: '+' | '-' | '*' | '/' | '%';
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'negative'; readonly of: Expression }
  /** A condition's truth as a value. */
  | { readonly kind: 'truth'; readonly of: Condition };

/** A function of EQL over its arguments, by its name as the language writes it, without `~`. */
export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
  readonly cased: boolean;
  /** As the first dialect of EQL has the function, where Elasticsearch's differs. */
  readonly dialect?: 'endgame';
}

/** Some value of an expression meets one of the tests; unknown where there is no value (a match of a field is false there). */
export interface Meets {
  readonly kind: 'meets';
  readonly of: Expression;
  readonly values: readonly ValueTest[];
}

/** Whether the condition holds for one of a list's members, or for how many. */
export interface Each {
  readonly kind: 'each';
  readonly result: 'any' | 'count';
  readonly list: Expression;
  /** The name of the member within the condition. */
  readonly variable: string;
  readonly holds: Condition;
}

/** The event's process, its parent, or one of its ancestors is that of an event seen before. */
export interface Related {
  readonly kind: 'related';
  readonly relation: 'event' | 'child' | 'descendant';
  readonly category: string | null;
  readonly of: Condition;
}

/**
 * Two expressions in an order; texts without regard to letter case unless `cased`. A side without a value makes it unknown,
 * but against the constant null `eq` and `ne` say whether there is none.
 */
export interface Compare {
  readonly kind: 'compare';
  readonly op: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte';
  readonly left: Expression;
  readonly right: Expression;
  readonly cased: boolean;
}

/** An expression that is true. */
export interface Holds {
  readonly kind: 'holds';
  readonly of: Expression;
}

export const and = (...of: readonly Condition[]): And => ({ kind: 'and', of });
export const or = (...of: readonly Condition[]): Or => ({ kind: 'or', of });
export const not = (of: Condition): Not => ({ kind: 'not', of });
export const match = (field: string, ...values: readonly ValueTest[]): Match => ({ kind: 'match', field, values });
/** The field's whole value fits one of the patterns, letter case ignored. */
export const like = (field: string, ...patterns: readonly TextPattern[]): Match =>
  match(field, ...patterns.map((pattern): ValueTest => ({ kind: 'like', pattern, cased: false })));
export const isTrue = (field: string): Match => match(field, { kind: 'boolean', wanted: true });
export const named = (name: string, about: string, why: readonly string[], of: Condition): Named => ({
  kind: 'named',
  name,
  about,
  why,
  of,
});

/** The node below any names. */
export function unnamed(condition: Condition): Exclude<Condition, Named> {
  let node = condition;
  while (node.kind === 'named') node = node.of;
  return node;
}

/** Every node, parents before children. */
export function* walk(condition: Condition): Generator<Condition> {
  yield condition;
  if (condition.kind === 'and' || condition.kind === 'or') for (const part of condition.of) yield* walk(part);
  else if (condition.kind === 'not' || condition.kind === 'named') yield* walk(condition.of);
}

export function namedParts(condition: Condition): readonly Named[] {
  return [...walk(condition)].filter((node): node is Named => node.kind === 'named');
}

/** The fields a condition asks for, each once, in the order of first use. */
export function fieldsOf(condition: Condition): readonly string[] {
  const fields = [...walk(condition)].flatMap((node): readonly string[] => {
    if (node.kind === 'match')
      return [node.field, ...node.values.flatMap((test) => (test.kind === 'field' ? [test.name] : []))];
    if (node.kind === 'compare') return [...expressionFields(node.left), ...expressionFields(node.right)];
    return node.kind === 'holds' ? expressionFields(node.of) : [];
  });
  return [...new Set(fields)];
}

/** The fields an expression asks for, in order. */
export function expressionFields(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'field':
      return [expression.name];
    case 'member':
      return [expression.name];
    case 'constant':
    case 'variable':
      return [];
    case 'call':
      return expression.args.flatMap(expressionFields);
    case 'each':
      return [...expressionFields(expression.list), ...fieldsOf(expression.holds)];
    case 'related':
      return fieldsOf(expression.of);
    case 'arithmetic':
      return [...expressionFields(expression.left), ...expressionFields(expression.right)];
    case 'negative':
      return expressionFields(expression.of);
    case 'meets':
      return [
        ...expressionFields(expression.of),
        ...expression.values.flatMap((test) => (test.kind === 'field' ? [test.name] : [])),
      ];
    case 'truth':
      return fieldsOf(expression.of);
  }
}

/** The parts that must all hold: `and` is flattened, `not (a or b)` becomes `not a`, `not b`; never empty. */
export function conjuncts(condition: Condition): readonly Condition[] {
  const node = unnamed(condition);
  if (node.kind === 'and' && node.of.length > 0) return node.of.flatMap(conjuncts);
  if (node.kind === 'not') {
    const inner = unnamed(node.of);
    if (inner.kind === 'or' && inner.of.length > 0) return inner.of.flatMap((part) => conjuncts(not(part)));
  }
  return [node];
}

/** The same condition without names, with the matches of one field in an `or` joined into one match. */
export function mergeAlternatives(condition: Condition): Condition {
  const node = unnamed(condition);
  if (node.kind === 'not') return not(mergeAlternatives(node.of));
  if (node.kind === 'and') return and(...node.of.map(mergeAlternatives));
  if (node.kind !== 'or') return node;
  const parts: Condition[] = [];
  for (const part of node.of.map(mergeAlternatives)) {
    const at = parts.findIndex(
      (other) => part.kind === 'match' && other.kind === 'match' && other.field === part.field,
    );
    const other = parts[at];
    if (part.kind === 'match' && other?.kind === 'match')
      parts[at] = match(part.field, ...distinctTests([...other.values, ...part.values]));
    else parts.push(part);
  }
  return parts.length === 1 ? parts[0] : or(...parts);
}

/** Tests without those that are met by the same values as an earlier one. */
function distinctTests(tests: readonly ValueTest[]): readonly ValueTest[] {
  const seen = new Set<string>();
  return tests.filter((test) => {
    const key =
      test.kind === 'like' && !test.cased
        ? patternKey(test.pattern)
        : JSON.stringify(test, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    return !seen.has(key) && seen.add(key);
  });
}

/** Patterns without those that match the same values as an earlier one. */
export function distinct(patterns: readonly TextPattern[]): readonly TextPattern[] {
  return [
    ...new Map(patterns.map((pattern): [string, TextPattern] => [patternKey(pattern), pattern]).reverse()).values(),
  ].reverse();
}
