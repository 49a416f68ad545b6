// What a change of a rule newly lets pass: wider or new exclusions, and what the selection no longer asks for.

import { alternativesOf, alternativesOfAll, type Part } from '../alternatives.ts';
import { Comparing } from '../comparing.ts';
import { type Condition, conjuncts, type Match, type Position, unnamed } from '../condition.ts';
import { type Exclusion, eventsOf, exclusionsOf } from '../exclusions.ts';
import { controlOf } from '../field-control.ts';
import { judgeExclusion } from '../judge-exclusion.ts';
import type { ExclusionClass } from '../judge-test.ts';
import { factsOf, keyOf } from '../part-facts.ts';
import { showPattern, type TextPattern } from '../pattern.ts';
import type { Rule } from '../rule.ts';
import { patternOfTest } from '../test-overlap.ts';
import type { ValueTest } from '../value-test.ts';
import { clauseCovers } from './clause-cover.ts';
import type { FieldValue } from './finding.ts';

/** Something that the old rule found and the new one does not. */
export interface NewlyAllowed {
  /** `exclusion`: it is let pass. `selection`: it is no longer asked for. */
  readonly by: 'exclusion' | 'selection';
  readonly clause: string;
  readonly at: Position | undefined;
  /** What is asked of an event that is let pass: the comparisons of the exclusion, with only the values that are new. */
  readonly asks: readonly FieldValue[];
  readonly class: ExclusionClass | null;
  readonly why: string;
  /** Values with which an attacker wears it. */
  readonly values: readonly FieldValue[];
  /** Parent and child where one of the two is told, as patterns of paths; "*" for any. */
  readonly pairs: readonly { readonly parent: TextPattern; readonly child: TextPattern }[];
  /** So many pairs more are not listed. */
  readonly morePairs: number;
}

/** Of two versions of one rule. */
export function newlyAllowed(before: Rule, after: Rule): readonly NewlyAllowed[] {
  const comparing = new Comparing();
  const old = exclusionsOf(before.query);
  const found: NewlyAllowed[] = [];
  for (const exclusion of exclusionsOf(after.query)) {
    const clauses = alternativesOf(exclusion.clause);
    if (!clauses) {
      if (!old.some((one) => clauseCovers(one.clause, exclusion.clause, comparing))) found.push(allowed(exclusion, []));
      continue;
    }
    for (const clause of clauses) {
      const left = newParts(clause, old, comparing);
      if (left) found.push(allowed({ ...exclusion, clause: { kind: 'and', of: left.map(asCondition) } }, left));
    }
  }
  return [...found, ...narrowed(before, after, comparing)];
}

function asCondition({ of, negated }: Part): Condition {
  return negated ? { kind: 'not', of } : of;
}

/** A clause without the values with which an old exclusion let it pass already; undefined where nothing is left. */
function newParts(
  clause: readonly Part[],
  old: readonly Exclusion[],
  comparing: Comparing,
): readonly Part[] | undefined {
  const isOld = (parts: readonly Part[]): boolean =>
    old.some((one) => clauseCovers(one.clause, { kind: 'and', of: parts.map(asCondition) }, comparing));
  if (isOld(clause)) return undefined;
  let parts = clause;
  for (const [index, { of, negated }] of clause.entries()) {
    if (of.kind !== 'match' || negated || of.values.length < 2) continue;
    const withOnly = (values: readonly ValueTest[]): readonly Part[] =>
      parts.map((part, at) => (at === index ? { of: { ...of, values }, negated } : part));
    const fresh = of.values.filter((test) => !isOld(withOnly([test])));
    if (fresh.length > 0 && fresh.length < of.values.length) parts = withOnly(fresh);
  }
  return parts;
}

function allowed(exclusion: Exclusion, parts: readonly Part[]): NewlyAllowed {
  const judged = judgeExclusion(exclusion);
  return {
    by: 'exclusion',
    clause: exclusion.name,
    at: exclusion.at,
    asks: parts.flatMap(asksOf),
    class: judged.class,
    why: judged.why,
    values: judged.class === 'free' || judged.class === 'unknown' ? judged.values : [],
    ...pairsOf(parts, exclusion.selection),
  };
}

function asksOf({ of, negated }: Part): readonly FieldValue[] {
  if (of.kind !== 'match') return [];
  return of.values.map((test) => ({ field: `${negated ? 'not ' : ''}${of.field}`, value: testText(test) }));
}

function testText(test: ValueTest): string {
  if (test.kind === 'regex') return `/${test.source}/`;
  const pattern = patternOfTest(test);
  return pattern ? showPattern(pattern) : test.kind;
}

const ANY: TextPattern = [{ any: 'many' }];
const MOST_PAIRS = 200;

/** Each parent with each child that the clause names; what it does not name, the selection may. */
function pairsOf(parts: readonly Part[], selection: readonly Condition[]): Pick<NewlyAllowed, 'pairs' | 'morePairs'> {
  const asked = factsOf(parts);
  const alternatives = alternativesOfAll(selection);
  const patterns = (keys: readonly string[]): readonly TextPattern[] => {
    const own = keys.flatMap((key) => asked.get(key) ?? []);
    const facts =
      own.length > 0 ? own : alternatives.flatMap((one) => keys.flatMap((key) => factsOf(one).get(key) ?? []));
    const all = facts.flatMap(({ tests }) => tests.map(patternOfTest)).filter((pattern) => pattern !== undefined);
    return [...new Map(all.map((pattern) => [showPattern(pattern), pattern])).values()];
  };
  const isNamed = [...PARENTS, ...CHILDREN].some((key) => asked.has(key));
  if (!isNamed) return { pairs: [], morePairs: 0 };
  const [parents, children] = [patterns(PARENTS), patterns(CHILDREN)];
  const [some, others] = [parents.length > 0 ? parents : [ANY], children.length > 0 ? children : [ANY]];
  const pairs = some
    .slice(0, MOST_PAIRS)
    .flatMap((parent) => others.slice(0, MOST_PAIRS).map((child) => ({ parent, child })));
  const shown = pairs.slice(0, MOST_PAIRS);
  return { pairs: shown, morePairs: some.length * others.length - shown.length };
}

const PARENTS = ['ParentImage', 'process.parent.executable'].map(keyOf);
const CHILDREN = ['Image', 'process.executable'].map(keyOf);

/** Values that the old selection asks for, and that no comparison of the new one takes any longer. */
function narrowed(before: Rule, after: Rule, comparing: Comparing): readonly NewlyAllowed[] {
  const asked = selectedBy(after);
  return [...selectedBy(before)].flatMap(([key, { match, tests }]) => {
    const now = asked.get(key)?.tests;
    if (!now) return [];
    const gone = tests.filter((test) => !comparing.covers(now, [test]));
    if (gone.length === 0) return [];
    return [
      {
        by: 'selection' as const,
        clause: '',
        at: asked.get(key)?.match.at,
        asks: gone.map((test) => ({ field: match.field, value: testText(test) })),
        class: null,
        why: `the selection no longer asks for ${gone.length === 1 ? 'it' : 'them'}`,
        values: [],
        pairs: [],
        morePairs: 0,
      },
    ];
  });
}

/** By field, all that a rule's selections ask of it. */
function selectedBy(rule: Rule): ReadonlyMap<string, { readonly match: Match; readonly tests: readonly ValueTest[] }> {
  const fields = new Map<string, { match: Match; tests: readonly ValueTest[] }>();
  const add = (condition: Condition): void => {
    const node = unnamed(condition);
    if (node.kind === 'and' || node.kind === 'or') node.of.forEach(add);
    if (node.kind !== 'match') return;
    const key = node.field.toLowerCase();
    fields.set(key, { match: node, tests: [...(fields.get(key)?.tests ?? []), ...node.values] });
  };
  for (const { condition } of eventsOf(rule.query)) for (const part of conjuncts(condition)) add(part);
  return fields;
}

/** What a newly allowed thing is about, for a summary: users, paths, others. */
export function aboutOf({ asks, pairs }: NewlyAllowed): 'pair' | 'user' | 'path' | 'other' {
  if (pairs.length > 0) return 'pair';
  const natures = asks.map(({ field }) => controlOf(field.replace(/^not /, ''))?.nature);
  if (natures.includes('account')) return 'user';
  return natures.some((nature) => nature === 'file' || nature === 'program') ? 'path' : 'other';
}
