// How strong an exclusion is: forced where it cannot hold while the primitive is done, guarded where the attacker lacks a right, else free.

import type { Row } from '../../history/question.ts';
import { alternativesOf, type Part } from '../../rule/alternatives.ts';
import { Comparing } from '../../rule/comparing.ts';
import type { Condition, Match } from '../../rule/condition.ts';
import { controlOf, type FieldControl, type Nature } from '../../rule/field-control.ts';
import { fileNameOf, judgeTest } from '../../rule/judge-test.ts';
import { type Facts, factOf, factsOf, keyOf, mayBeList } from '../../rule/part-facts.ts';
import { onlyText, patternOfTest, testCovers, testsOverlap } from '../../rule/test-overlap.ts';
import { meetsOnce } from '../../rule/value-match.ts';
import type { BitsTest, ValueTest } from '../../rule/value-test.ts';
import type { ExclusionClass } from '../document.ts';
import type { Observable } from '../technique.ts';
import { type ForcedPart, forcedText, hasBits, isThere, meetsForced } from './forced-parts.ts';
import { LauncherPlaces, launchersOf } from './launcher-places.ts';
import { type AttackRow, CLASS_RANK } from './mining.ts';
import { LOADED, type OwnFile, ownFileOf, tellsOfUse } from './own-file.ts';

export interface Strength {
  readonly class: ExclusionClass;
  /** One line. */
  readonly why: string;
  /** Summiting the Pyramid's level of what has to be made true; null of what cannot be. */
  readonly level: 1 | 2 | 3 | null;
}

/** What exclusions of one observable are held against. */
export interface Ground {
  readonly forced: readonly ForcedPart[];
  /** Fields that the dossier calls free as a whole, by their keys. */
  readonly free: ReadonlySet<string>;
  readonly rights: Rights | undefined;
  /** What the predicate asks of each field, where it has one alternative. */
  readonly asked: Facts;
  readonly comparing: Comparing;
  readonly observable: Observable;
  /** Whether the attack needs a file of its own, by the field that tells of it. */
  readonly ownFile: (field: string) => OwnFile;
  readonly launchers: LauncherPlaces;
}

/** Hits that are held against each other: the labelled ones do the primitive. */
export interface GroundHits {
  readonly benign: readonly Row[];
  readonly primitive: readonly AttackRow[];
}

const RIGHTS = ['user', 'administrator', 'system'] as const;
export type Rights = (typeof RIGHTS)[number];

export function rightsOf(text: string | undefined): Rights | undefined {
  return RIGHTS.find((right) => right === text?.trim().toLowerCase());
}

export function groundOf(
  observable: Observable,
  forced: readonly ForcedPart[],
  attackerRights: string | undefined,
  { benign, primitive }: GroundHits,
): Ground {
  const alternatives = observable.predicate ? alternativesOf(observable.predicate.condition) : undefined;
  const whole = observable.free.map((free) => free.trim()).filter((free) => free !== '' && !/\s/.test(free));
  return {
    forced,
    free: new Set(whole.map(keyOf)),
    rights: rightsOf(attackerRights),
    asked: alternatives?.length === 1 ? factsOf(alternatives[0]) : new Map(),
    comparing: new Comparing(),
    observable,
    ownFile: ownFileOf(observable, primitive),
    launchers: new LauncherPlaces(benign),
  };
}

/** Of several alternatives the weakest counts, of several parts that hold together the strongest. */
export function strengthOf(condition: Condition, ground: Ground): Strength {
  const alternatives = alternativesOf(condition);
  if (!alternatives || alternatives.length === 0)
    return { class: 'free', why: 'it has more alternatives than are told apart', level: 1 };
  const all = alternatives.map((parts) => strengthOfParts(parts, ground));
  return all.reduce((weakest, one) => (rankOf(one) < rankOf(weakest) ? one : weakest));
}

function rankOf({ class: own, level }: Strength): number {
  return CLASS_RANK[own] * 10 + (level ?? 9);
}

export function strengthOfParts(parts: readonly Part[], ground: Ground): Strength {
  const facts = factsOf(parts);
  let strongest: Strength = { class: 'free', why: 'it always holds', level: 1 };
  for (const [index, part] of parts.entries()) {
    const strength = strengthOfPart(part, facts, ground);
    if (index === 0 || rankOf(strength) > rankOf(strongest)) strongest = strength;
  }
  return strongest;
}

const free = (why: string, level: 1 | 2 = 1): Strength => ({ class: 'free', why, level });

export function strengthOfPart({ of, negated }: Part, facts: Facts, ground: Ground): Strength {
  if (of.kind !== 'match') return free('it is no comparison of one field with constants');
  const against = ground.forced.find(
    (part) => contradicts(of, negated, part) && (!negated || isHeldThere(of, facts, part)),
  );
  if (against) return { class: 'forced', why: `the primitive needs that ${forcedText(against)}`, level: null };
  if (negated) return free(`it is enough to avoid the value of ${of.field}`);
  if (ground.free.has(keyOf(of.field))) return free(`the dossier says that the attacker sets ${of.field}`);
  if (of.values.length === 0) return free('it has no value');
  const all = of.values.map((test) => strengthOfTest(of, test, facts, ground));
  return all.reduce((weakest, one) => (rankOf(one) < rankOf(weakest) ? one : weakest));
}

/** Natures whose guard does not rest on rights on the host. */
const ELSEWHERE: ReadonlySet<Nature> = new Set(['address', 'host']);
/** What is written into a program's file: whoever brings a tool builds it so. */
const BUILT_IN: ReadonlySet<Nature> = new Set(['version', 'trust', 'hash']);

function strengthOfTest(of: Match, test: ValueTest, facts: Facts, ground: Ground): Strength {
  const control = controlOf(of.field);
  if (!control) return free(`who sets ${of.field} is not known, which counts as the attacker`);
  const { nature } = control;
  const level = BUILT_IN.has(nature) ? 2 : 1;
  if (nature === 'system' || nature === 'recorder')
    return free(`it is so of what the attacker does there as well (${of.field})`);
  const key = keyOf(of.field);
  const around = [...(facts.get(key) ?? []), ...(ground.asked.get(key) ?? [])].filter(({ match }) => match !== of);
  if (!ground.comparing.spend(around.reduce((all, { tests }) => all + tests.length, 1) * 4))
    return free('there is more to compare than is compared', level);
  const own = factOf(of).tests[of.values.indexOf(test)] ?? test;
  const lists = around.map(({ tests }) => tests);
  const pinned = (ground.asked.get(key) ?? []).map(({ tests }) => tests.map(nameIn)).find(isAllNames);
  const judged = judgeTest(own, control, { lists, isNamePinned: pinned !== undefined });
  if (judged.class !== 'guarded') return free(`${of.field}: ${judged.why}`, level);
  if (judged.but && judged.but.length > 0) return free(`${of.field}: ${judged.why}, but ${judged.but[0]}`, level);
  const used = whyUsed(of.field, control, own, lists, pinned, ground);
  if (used !== undefined) return free(`${of.field}: ${used}`, level);
  const stands = ground.rights === 'user' || (ground.rights !== undefined && ELSEWHERE.has(nature));
  if (stands) return { class: 'guarded', why: `${of.field}: ${judged.why}`, level: 3 };
  const lacks =
    ground.rights === undefined
      ? "the dossier does not state the attacker's rights"
      : `the attacker has the rights of ${ground.rights === 'system' ? 'the system' : 'an administrator'} already`;
  return free(`${of.field}: ${judged.why}, but ${lacks}`, level);
}

function nameIn(test: ValueTest): string | undefined {
  const pattern = patternOfTest(test);
  return pattern && fileNameOf(pattern);
}

function isAllNames(names: (string | undefined)[]): names is string[] {
  return names.every((name) => name !== undefined);
}

const PATHS: ReadonlySet<Nature> = new Set(['program', 'parent-program', 'file', 'name']);

/** Other files are told of where they are written, which needs the right to. */
function isRunOrLoaded({ nature, of }: FieldControl): boolean {
  return PATHS.has(nature) && of !== undefined && of !== 'file';
}

/** Why the attacker makes use of such a file as it lies there; undefined where he needs one of his own, or the right to write there. */
function whyUsed(
  field: string,
  control: FieldControl,
  test: ValueTest,
  lists: readonly (readonly ValueTest[])[],
  pinned: readonly string[] | undefined,
  { observable, ownFile, launchers }: Ground,
): string | undefined {
  const { nature } = control;
  const isPath = PATHS.has(nature);
  // The kernel's own processes have names and no files.
  if (isPath && onlyText(test)?.includes('\\') === false) return undefined;
  const named = [test, ...lists.flatMap((list) => (list.length === 1 ? list : []))].map(nameIn).find(Boolean);
  if (isPath && pinned === undefined && named === undefined) {
    const launcher = launchers.within(field, test);
    if (launcher !== undefined) return `${launcher} lies there, and runs what anyone gives it`;
  }
  const isUse = tellsOfUse(observable, control);
  if (!isUse && (pinned === undefined || !isRunOrLoaded(control))) return undefined;
  switch (ownFile(field)) {
    case 'stated':
      return undefined;
    case 'used':
      return 'the labelled attack itself uses what lies where only administrators write, which needs no right to write there';
    case 'unknown':
      return `what is there anyone ${observable.dataComponent === LOADED ? 'loads' : 'starts'}, and no labelled attack event shows that the attacker needs a file of his own`;
    case 'shown': {
      const launcher = pinned?.find((name) => launchersOf(nature).has(name));
      return (
        launcher && `${launcher} runs what anyone gives it, and the predicate does not leave out where Windows has it`
      );
    }
  }
}

/** Whether a comparison, or its opposite, cannot hold of a value that is as the forced part says. */
export function contradicts(of: Match, negated: boolean, part: ForcedPart): boolean {
  // A file's name and its path are of one thing, but tests of the one say nothing of the other here.
  if (of.field.toLowerCase() !== part.field.toLowerCase() || part.tests.length === 0 || of.values.length === 0)
    return false;
  if (negated) return !part.isNegated && part.tests.every((forced) => of.values.some((test) => includes(test, forced)));
  if (mayBeList(of.field)) return false;
  return of.values.every((test) => saysSomething(test, part.tests) && excludes(test, part));
}

/** That a value is there, and is a number where its bits are asked for: what is missing contradicts nothing. */
function saysSomething(test: ValueTest, forced: readonly ValueTest[]): boolean {
  if (test.kind === 'null' || (test.kind === 'exists' && !test.wanted)) return false;
  const text = onlyText(test);
  if (text !== undefined) return isThere(forced, text);
  return !hasBits(forced) || test.kind === 'bits' || test.kind === 'number';
}

/** What is denied holds of a missing value too, unless another part of the field, or the same one, keeps that out. */
function isHeldThere({ field, values }: Match, facts: Facts, { tests }: ForcedPart): boolean {
  const lists = (facts.get(keyOf(field)) ?? [])
    .filter(({ match }) => match.field.toLowerCase() === field.toLowerCase())
    .map((fact) => fact.tests);
  if (!lists.some((list) => list.every(({ kind }) => kind !== 'null' && kind !== 'exists' && kind !== 'field')))
    return false;
  const meets = (test: ValueTest, value: string): boolean => test.kind !== 'field' && meetsOnce(test)([value]);
  return ['', '-', ...(hasBits(tests) ? ['x'] : [])].every(
    (nothing) =>
      values.some((test) => meets(test, nothing)) || lists.some((list) => !list.some((test) => meets(test, nothing))),
  );
}

/** No value meets both. */
function excludes(test: ValueTest, { tests, isNegated, ...part }: ForcedPart): boolean {
  if (!isNegated) return tests.every((forced) => !testsOverlap(test, forced));
  const text = onlyText(test);
  if (text !== undefined)
    return tests.some((forced) => includes(forced, test)) && !meetsForced({ ...part, tests, isNegated }, text);
  return tests.some((forced) => includes(forced, test));
}

/** Every value that meets `inner` meets `outer`. */
function includes(outer: ValueTest, inner: ValueTest): boolean {
  if (outer.kind === 'bits' && inner.kind === 'bits') return bitsInclude(outer, inner);
  return testCovers(outer, inner);
}

function bitsInclude(outer: BitsTest, inner: BitsTest): boolean {
  if (inner.wanted === 'all' || isOneBit(inner.mask))
    return outer.wanted === 'all' ? (outer.mask & inner.mask) === outer.mask : (outer.mask & inner.mask) !== 0n;
  return outer.wanted === 'any' ? (inner.mask & outer.mask) === inner.mask : false;
}

function isOneBit(mask: bigint): boolean {
  return mask !== 0n && (mask & (mask - 1n)) === 0n;
}
