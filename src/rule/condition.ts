// The condition of a rule: one small tree of plain tagged data that every language is written from.
import type { TextPattern } from './pattern.ts';
import { patternKey } from './pattern.ts';
import type { Field } from './taxonomy.ts';

export type Condition = And | Or | Not | Match | Named;

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

/** `like`: the field's value fits one of the patterns as a whole, letter case ignored. `true`: the field is yes or no, and yes; it has no values. */
export interface Match {
  readonly kind: 'match';
  readonly field: Field;
  readonly op: 'like' | 'true';
  readonly values: readonly TextPattern[];
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

export const and = (...of: readonly Condition[]): And => ({ kind: 'and', of });
export const or = (...of: readonly Condition[]): Or => ({ kind: 'or', of });
export const not = (of: Condition): Not => ({ kind: 'not', of });
export const like = (field: Field, ...values: readonly TextPattern[]): Match => ({
  kind: 'match',
  field,
  op: 'like',
  values,
});
export const isTrue = (field: Field): Match => ({ kind: 'match', field, op: 'true', values: [] });
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

/** The logical fields a condition asks for, each once, in the order of first use. */
export function fieldsOf(condition: Condition): readonly Field[] {
  const fields = [...walk(condition)].flatMap((node) => (node.kind === 'match' ? [node.field] : []));
  return [...new Set(fields)];
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
  if (node.kind === 'match') return node;
  const parts: Condition[] = [];
  for (const part of node.of.map(mergeAlternatives)) {
    const at = parts.findIndex(
      (other) => part.kind === 'match' && other.kind === 'match' && other.field === part.field && other.op === part.op,
    );
    const other = parts[at];
    if (part.kind === 'match' && other?.kind === 'match' && part.op === 'like')
      parts[at] = like(part.field, ...distinct([...other.values, ...part.values]));
    else parts.push(part);
  }
  return parts.length === 1 ? parts[0] : or(...parts);
}

/** Patterns without those that match the same values as an earlier one. */
export function distinct(patterns: readonly TextPattern[]): readonly TextPattern[] {
  return [
    ...new Map(patterns.map((pattern): [string, TextPattern] => [patternKey(pattern), pattern]).reverse()).values(),
  ].reverse();
}
