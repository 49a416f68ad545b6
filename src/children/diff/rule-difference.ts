// How the rule changes: what that of the new build lets pass and that of the old one does not, the other way round, and the queries that ask for each.
import { UnsupportedError } from '../../errors.ts';
import { and, type Condition, like, named, not, or } from '../../rule/condition.ts';
import { languages } from '../../rule/emit/index.ts';
import { literal } from '../../rule/pattern.ts';
import { eventQuery } from '../../rule/query.ts';
import type { Rule } from '../../rule/rule.ts';
import { uuidV5 } from '../../rule/uuid-v5.ts';
import { CHILD_RULE_NAMESPACE, type ChildRule, type RuleOptions, ruleFor } from '../child-rule.ts';
import {
  covers,
  type Exclusion,
  exclusionAbout,
  exclusionCondition,
  findExclusions,
} from '../child-rule-exclusions.ts';
import { besideProtected } from '../child-rule-open.ts';
import type { ChildrenDocument, RuleLanguage } from '../document.ts';
import { CHILDREN_DIFF_SCHEMA, type PassDifference, type RuleDifference, type RuleQueries } from './document.ts';

interface RuleSide {
  readonly rule: ChildRule;
  readonly exclusions: readonly Exclusion[];
}

/** Null for a module without a host: it has no rule. */
export function ruleDifference(
  old: ChildrenDocument,
  now: ChildrenDocument,
  options: RuleOptions,
): RuleDifference | null {
  if ([old, now].some(({ parent }) => parent.kind === 'module') && options.host === undefined) return null;
  const [before, after] = [ruleSide(calledAs(old, now.parent.image), options), ruleSide(now, options)];
  const passes = notCovered(after.exclusions, before.exclusions);
  const noLonger = notCovered(before.exclusions, after.exclusions);
  return {
    old: before.rule.kind,
    new: after.rule.kind,
    passes: passes.map((exclusion) => told(exclusion, before.exclusions)),
    noLongerPasses: noLonger.map((exclusion) => told(exclusion, after.exclusions)),
    // Of rules of two kinds the queries would be about all children.
    queries:
      before.rule.kind !== after.rule.kind
        ? []
        : options.languages.map(
            (language): RuleQueries => ({
              language,
              passes: queryText(language, after, passes, before.exclusions, 'new'),
              noLongerPasses: queryText(language, after, noLonger, after.exclusions, 'old'),
            }),
          ),
  };
}

/** The document of a file of another name: a rule speaks of the program by the name that its file has now. */
function calledAs(document: ChildrenDocument, name: string): ChildrenDocument {
  const own = document.parent.image.toLowerCase();
  if (own === name.toLowerCase()) return document;
  const renamed = <Entry extends { readonly image: string }>(entries: readonly Entry[]) =>
    entries.map((entry) => (entry.image.toLowerCase() === own ? { ...entry, image: name } : entry));
  return {
    ...document,
    parent: { ...document.parent, image: name },
    children: renamed(document.children),
    generic: renamed(document.generic),
  };
}

function ruleSide(document: ChildrenDocument, options: RuleOptions): RuleSide {
  const { minConfidence = 'likely', usual, parentArguments } = options;
  const rule = ruleFor(document, options);
  const { excluded } = findExclusions(document, { minConfidence, usual, parentArguments });
  return { rule, exclusions: rule.kind === 'unprotected-child' ? besideProtected(excluded) : excluded };
}

function notCovered(some: readonly Exclusion[], others: readonly Exclusion[]): readonly Exclusion[] {
  return some.filter((exclusion) => !others.some((other) => covers(other, exclusion)));
}

function ofSameName({ image }: Exclusion, others: readonly Exclusion[]): readonly Exclusion[] {
  return others.filter((other) => other.image.toLowerCase() === image.toLowerCase());
}

function told(exclusion: Exclusion, others: readonly Exclusion[]): PassDifference {
  const beside = ofSameName(exclusion, others).map(exclusionAbout);
  const { image, by, why } = exclusion;
  return {
    image,
    by,
    about: exclusionAbout(exclusion),
    ...(beside.length === 0 ? {} : { beside: beside.join('; ') }),
    why,
  };
}

/** The query of a child that one rule lets pass and the other finds; null where there is none. */
function queryText(
  language: RuleLanguage,
  { rule: { rule, process } }: RuleSide,
  passes: readonly Exclusion[],
  others: readonly Exclusion[],
  by: 'new' | 'old',
): string | null {
  if (passes.length === 0) return null;
  const found = passes.flatMap((exclusion) => ofSameName(exclusion, others));
  const names = new Set<string>();
  const part = (exclusion: Exclusion, prefix: string): Condition =>
    named(
      partName(`${prefix}_${exclusion.image}`, names),
      exclusionAbout(exclusion),
      exclusion.evidence,
      exclusionCondition(exclusion),
    );
  const starts = named('selection', `${process} starts a process`, [], like('process.parent.image', literal(process)));
  const passed = passes.map((exclusion) => part(exclusion, 'passes'));
  const still = [...new Set(found)].map((exclusion) => part(exclusion, 'filter'));
  const other = by === 'new' ? 'old' : 'new';
  const condition = and(
    starts,
    passed.length === 1 ? passed[0] : or(...passed),
    ...(still.length === 0 ? [] : [not(or(...still))]),
  );
  const own: Rule = {
    ...rule,
    id: uuidV5(CHILD_RULE_NAMESPACE, `${CHILDREN_DIFF_SCHEMA}/${process}/${by}`.toLowerCase()),
    title:
      `Child Process of ${process} that Only the Rule of the ${by === 'new' ? 'New' : 'Old'} Build Lets Pass`.slice(
        0,
        110,
      ),
    description: `Finds a child process of ${process} that the rule of the ${by} build lets pass and that of the ${other} build does not.`,
    severity: 'low',
    threats: [],
    references: [],
    falsePositives: [],
    query: eventQuery(condition),
    notes: [],
    triage: [],
  };
  try {
    return languages[language].emit(own);
  } catch (error) {
    if (error instanceof UnsupportedError) throw new UnsupportedError(`no query in ${language}: ${error.message}`);
    throw error;
  }
}

function partName(text: string, taken: Set<string>): string {
  const base = text
    .toLowerCase()
    .replace(/\.exe$/, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/_+$/, '')
    .slice(0, 60);
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}_${count}`;
  taken.add(name);
  return name;
}
