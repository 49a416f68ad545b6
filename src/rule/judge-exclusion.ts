// Judges the exclusions of a rule: which of them an attacker can fulfil while he does what the rule is about, and with what values.

import { alternativesOf, alternativesOfAll, type Part } from './alternatives.ts';
import { Comparing } from './comparing.ts';
import type { Match } from './condition.ts';
import { exampleValue } from './example-value.ts';
import { type Exclusion, exclusionsOf } from './exclusions.ts';
import { controlOf } from './field-control.ts';
import { CLASSES, fileNameOf, type Judgement, judgeTest } from './judge-test.ts';
import { networkText } from './network.ts';
import { contradictionWithin, type Facts, factOf, factsOf, keyOf, matchText, mayBeList } from './part-facts.ts';
import type { TextPattern } from './pattern.ts';
import type { Query } from './query.ts';
import { onlyText, patternOfTest } from './test-overlap.ts';
import type { ValueTest } from './value-test.ts';

export interface JudgedExclusion extends Exclusion, Judgement {
  /** Values with which the clause holds, as far as they can be told; none of a forced one. */
  readonly values: readonly { readonly field: string; readonly value: string }[];
}

/** Why an exclusion of a rule with endless lists is not judged. */
export const NOT_COMPARED = 'there is more to compare than is compared';

/** Of several alternatives the easiest counts, of several fields the hardest. */
export function judgeExclusions(query: Query): readonly JudgedExclusion[] {
  const comparing = new Comparing();
  return exclusionsOf(query).map((exclusion) => judgeExclusion(exclusion, comparing));
}

export function judgeExclusion(exclusion: Exclusion, comparing = new Comparing()): JudgedExclusion {
  const clauses = alternativesOf(exclusion.clause) ?? [];
  let best: (Judgement & { readonly parts: readonly JudgedPart[]; readonly facts: Facts }) | undefined;
  for (const selection of alternativesOfAll(exclusion.selection)) {
    const asked = factsOf(selection);
    for (const clause of clauses) {
      const judged = judgeClause(clause, asked, comparing);
      if (comparing.isOver) return { ...exclusion, class: 'unknown', why: NOT_COMPARED, values: [] };
      if (best === undefined || rank(judged) < rank(best)) best = judged;
      if (best.class === 'free') return { ...exclusion, ...judgementOf(best), values: valuesOf(best) };
    }
  }
  if (best === undefined)
    return { ...exclusion, class: 'unknown', why: 'it has more alternatives than are told apart', values: [] };
  return { ...exclusion, ...judgementOf(best), values: best.class === 'forced' ? [] : valuesOf(best) };
}

function rank(judgement: Judgement): number {
  return CLASSES.indexOf(judgement.class);
}

function judgementOf({ class: own, why, but }: Judgement): Judgement {
  return but ? { class: own, why, but } : { class: own, why };
}

interface JudgedPart extends Judgement {
  /** Absent of what is no comparison of a field, or where it is enough to avoid a value. */
  readonly match?: Match;
  /** That of the match's tests which is the easiest to meet. */
  readonly test?: ValueTest;
}

function judgeClause(clause: readonly Part[], asked: Facts, comparing: Comparing) {
  comparing.spend(clause.length ** 2);
  const facts = new Map(asked);
  for (const [key, own] of factsOf(clause)) facts.set(key, [...(facts.get(key) ?? []), ...own]);
  const parts = clause.map((part) => judgePart(part, asked, facts, comparing));
  let hardest = parts[0] ?? { class: 'free', why: 'it always holds' };
  for (const part of parts) if (rank(part) > rank(hardest)) hardest = part;
  const but = parts.flatMap((part) => (part.class === hardest.class ? (part.but ?? []) : []));
  // Of several guards one without a weakness is enough.
  const isWeak = parts.every((part) => part.class !== 'guarded' || part.but !== undefined);
  const judgement: Judgement =
    hardest.class === 'guarded' && isWeak && but.length > 0
      ? { class: hardest.class, why: hardest.why, but: [...new Set(but)] }
      : { class: hardest.class, why: hardest.why };
  return { ...judgement, parts, facts };
}

function judgePart({ of, negated }: Part, asked: Facts, facts: Facts, comparing: Comparing): JudgedPart {
  if (comparing.isOver) return { class: 'unknown', why: '' };
  if (of.kind === 'keyword') return { class: 'unknown', why: 'it is a text anywhere in the event' };
  if (of.kind !== 'match') return { class: 'unknown', why: 'it is no comparison of one field with constants' };
  const control = controlOf(of.field);
  const key = keyOf(of.field);
  if (negated) {
    const tests = factOf(of).tests;
    const isHeld = (asked.get(key) ?? []).some((fact) => comparing.covers(tests, fact.tests));
    return isHeld && !mayBeList(of.field, control)
      ? { class: 'forced', why: `the selection itself wants ${of.field} to be so` }
      : { class: 'free', why: 'it is enough to avoid the value' };
  }
  const own = factOf(of);
  const others = (facts.get(key) ?? []).filter((fact) => fact.match !== of);
  const isNamePinned = (asked.get(key) ?? []).some((fact) => fact.tests.every(pinsName));
  const size = others.reduce((all, { tests }) => all + tests.length, 1);
  let best: JudgedPart | undefined;
  for (const [index, test] of own.tests.entries()) {
    if (!comparing.spend(size * 4)) break;
    const against =
      (mayBeList(of.field, control) ? undefined : others.find((fact) => !comparing.overlap([test], fact.tests))) ??
      contradictionWithin(of, test, facts, comparing);
    const judged: Judgement = against
      ? { class: 'forced', why: contradiction(of, against.match) }
      : control
        ? judgeTest(of.values[index], control, { lists: others.map(({ tests }) => tests), isNamePinned })
        : { class: 'unknown', why: `who sets ${of.field} is not known` };
    if (best === undefined || rank(judged) < rank(best) || (rank(judged) === rank(best) && judged.but && !best.but))
      best = { ...judged, match: of, test };
  }
  return best ?? { class: 'forced', why: 'it has no value' };
}

function contradiction(own: Match, other: Match): string {
  return `${matchText(own)} and ${matchText(other)} cannot both hold`;
}

function pinsName(test: ValueTest): boolean {
  const pattern = patternOfTest(test);
  return pattern !== undefined && fileNameOf(pattern) !== undefined;
}

/** One value for each thing that the clause asks about. */
function valuesOf({ parts, facts }: { readonly parts: readonly JudgedPart[]; readonly facts: Facts }) {
  const values: { field: string; value: string }[] = [];
  const done = new Set<string>();
  for (const { match, test } of parts) {
    if (!match || !test) continue;
    const control = controlOf(match.field);
    const key = keyOf(match.field);
    if (control?.list) {
      const value = exampleOf([[test]], false);
      if (value !== undefined) values.push({ field: match.field, value });
      continue;
    }
    if (done.has(key)) continue;
    done.add(key);
    const chosen = parts.filter((part) => part.match && keyOf(part.match.field) === key);
    const own = new Set(chosen.map((part) => part.match));
    const others = (facts.get(key) ?? []).filter((fact) => !own.has(fact.match)).map((fact) => fact.tests);
    const isPath = control?.of !== undefined || control?.nature === 'file';
    const value = exampleOf([...chosen.map((part) => [part.test!]), ...others], isPath);
    if (value === undefined) continue;
    const field = [match, ...(facts.get(key) ?? []).map((fact) => fact.match)].find(
      (one) => controlOf(one.field)?.nature !== 'name',
    );
    values.push(
      field || !isPath
        ? { field: (field ?? match).field, value }
        : { field: match.field, value: value.replace(/^.*\\/, '') },
    );
  }
  return values;
}

/** A value that has to fit more is not looked for. */
const MOST_LISTS = 40;

function exampleOf(lists: readonly (readonly ValueTest[])[], isPath: boolean): string | undefined {
  const [first] = lists[0];
  if (first.kind === 'cidr') return networkText(first.network);
  const only = onlyText(first);
  if (only !== undefined && first.kind !== 'like') return only;
  if (lists.length > MOST_LISTS) return undefined;
  const patterns = lists.map((list) =>
    list.flatMap((test): readonly TextPattern[] => {
      const pattern = test.kind === 'like' ? test.pattern : undefined;
      return pattern ? [pattern] : [];
    }),
  );
  if (patterns[0].length === 0) return undefined;
  return exampleValue(
    patterns.filter((list) => list.length > 0),
    isPath,
  );
}
