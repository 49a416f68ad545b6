// Rules that can never fire, and comparisons that no event of the log source can fulfil.

import { alternativesOf, type Part } from '../alternatives.ts';
import type { Comparing } from '../comparing.ts';
import { and, type Condition, conjuncts, type Match, unnamed, walk } from '../condition.ts';
import { eventsOf, exclusionsOf, placeIn } from '../exclusions.ts';
import { foldCase } from '../fold.ts';
import { logSourceText } from '../log-source.ts';
import { contradictionIn, type Facts, factOf, factsOf, keyOf, matchText, mayBeList } from '../part-facts.ts';
import { literalsOf, showPattern } from '../pattern.ts';
import { mayBePath } from '../protected-roots.ts';
import type { Rule } from '../rule.ts';
import { type EventKind, kindsOf } from '../sources.ts';
import { onlyText, testsOverlap } from '../test-overlap.ts';
import type { Finding } from './finding.ts';
import { fieldsOfEvent, SYSTEM_FIELDS } from './sysmon-fields.ts';

/** Sigma's log sources say which events a rule is about; a query that says it itself has kinds that are not known. */
export function lintReach(rule: Rule, comparing: Comparing): readonly Finding[] {
  const found: Finding[] = [];
  const isSigma = rule.taxonomy === 'sysmon';
  const kinds = isSigma ? kindsOf(rule.logSource) : [];
  if (typeof kinds === 'string' && rule.query.kind === 'event')
    found.push({
      kind: 'never-fires',
      clause: '',
      at: placeIn(rule.query.condition),
      message: `in Windows logs: ${kinds}`,
      mend: 'name a category or service that Windows logs have',
    });
  for (const { condition } of eventsOf(rule.query)) {
    const isDead = (parts: readonly Part[]): string | undefined => deadBy(parts, condition, comparing);
    const alternatives = alternativesOf(positive(condition)) ?? [];
    const reasons = alternatives.map(isDead);
    if (alternatives.length > 0 && reasons.every((reason) => reason !== undefined))
      found.push({
        kind: 'never-fires',
        clause: '',
        at: placeIn(condition),
        message: reasons[0]!,
        mend: 'change one of the two, or drop the rule',
      });
    if (!isSigma) continue;
    found.push(...impossibleValues(condition, rule));
    if (typeof kinds !== 'string') found.push(...missingFields(condition, rule, kinds));
  }
  return found;
}

/** Why comparisons that are asked for together are never fulfilled. */
function deadBy(parts: readonly Part[], whole: Condition, comparing: Comparing): string | undefined {
  const pair = contradictionIn(parts, comparing);
  if (pair) return `${matchText(pair[0])} and ${matchText(pair[1])} cannot both hold`;
  const facts = factsOf(parts);
  for (const part of conjuncts(whole)) {
    const node = unnamed(part);
    if (node.kind !== 'not') continue;
    const clauses = alternativesOf(node.of) ?? [];
    const covering = clauses.find(
      (clause) => clause.length > 0 && clause.every((one) => isHeld(one, facts, comparing)),
    );
    if (covering)
      return `what is selected is let pass again: ${covering.map(({ of }) => (of.kind === 'match' ? matchText(of) : '')).join(', ')}`;
  }
  return undefined;
}

function isHeld({ of, negated }: Part, facts: Facts, comparing: Comparing): boolean {
  if (of.kind !== 'match' || negated) return false;
  const { tests } = factOf(of);
  return (facts.get(keyOf(of.field)) ?? []).some((fact) => comparing.covers(tests, fact.tests));
}

/** The condition without what it denies. */
function positive(condition: Condition): Condition {
  switch (condition.kind) {
    case 'not':
      return and();
    case 'and':
    case 'or':
      return { kind: condition.kind, of: condition.of.map(positive) };
    case 'named':
      return positive(condition.of);
    default:
      return condition;
  }
}

/** Fields that hold a whole path. */
const PATHS: ReadonlySet<string> = new Set(
  'image parentimage sourceimage targetimage imageloaded targetfilename newprocessname parentprocessname'.split(' '),
);
/** What stands there in place of a path. */
const NO_PATHS =
  /^(?:|-|system|registry|memcompression|memory compression|vmmem|vmmemwsl|hotpatch|secure system|idle|<unknown process>)$/;

function impossibleValues(condition: Condition, { logSource }: Rule): readonly Finding[] {
  if (logSource.product !== null && logSource.product !== 'windows') return [];
  return matchesOf(condition).flatMap(({ match, clause }): readonly Finding[] => {
    if (!PATHS.has(match.field.toLowerCase())) return [];
    const starred = match.values.find(
      (test) =>
        test.kind === 'like' && literalsOf(test.pattern).some((text) => /[*?]/.test(text.replace(/^\\\\\?\\/, ''))),
    );
    if (starred?.kind === 'like')
      return [
        {
          kind: 'impossible-value',
          clause,
          at: match.at,
          message: `${match.field}: a path has no '*' or '?', which stand for themselves behind a backslash: '${showPattern(starred.pattern)}'`,
          mend: 'double the backslash in front of the wildcard',
        },
      ];
    const wrong = match.values.filter((test) => {
      const pattern = test.kind === 'like' ? test.pattern : undefined;
      return pattern !== undefined && !mayBePath(pattern) && !NO_PATHS.test(foldCase(onlyText(test) ?? 'x'));
    });
    if (wrong.length === 0) return [];
    const [first] = wrong;
    const shown = first.kind === 'like' ? showPattern(first.pattern) : '';
    const name = shown.replace(/^.*\\/, '').replaceAll('*', '');
    return [
      {
        kind: 'impossible-value',
        clause,
        at: match.at,
        message: `${match.field} holds a whole path, which '${shown}' never fits${wrong.length > 1 ? ` (and ${wrong.length - 1} more)` : ''}`,
        mend: `${match.field}|endswith: '\\${name}'`,
      },
    ];
  });
}

function missingFields(condition: Condition, { logSource }: Rule, kinds: readonly EventKind[]): readonly Finding[] {
  const known = kinds.flatMap((kind) => {
    if (!kind.eventIds) return [undefined];
    return kind.eventIds.flatMap((id) =>
      kind.channels.map((channel) => ({ kind, fields: fieldsOfEvent(channel, id) })),
    );
  });
  if (known.length === 0 || known.some((one) => one?.fields === undefined)) return [];
  const has = (field: string): boolean => {
    const name = field.toLowerCase().replaceAll(' ', '');
    return (
      SYSTEM_FIELDS.has(name) || known.some((one) => one!.fields!.has((one!.kind.names?.[name] ?? name).toLowerCase()))
    );
  };
  const ids = new Set(kinds.flatMap((kind) => kind.eventIds ?? []));
  const dead: Finding[] = [];
  const seen = new Set<string>();
  for (const { match, clause, isExclusion } of matchesOf(condition)) {
    if (/^event_?(?:id|code)$/i.test(match.field) && !isExclusion) {
      const isAny = [...ids].some((id) =>
        match.values.some((test) => testsOverlap(test, { kind: 'number', op: 'eq', than: id })),
      );
      if (isAny || mayBeList(match.field)) continue;
      dead.push({
        kind: 'never-fires',
        clause,
        at: match.at,
        message: `${matchText(match)} is none of the events of ${logSourceText(logSource)} (${[...ids].join(', ')})`,
        mend: 'drop the event id, or name another log source',
      });
    } else if (
      !has(match.field) &&
      !match.values.every((test) => test.kind === 'null') &&
      !seen.has(`${clause}\0${match.field}`)
    ) {
      seen.add(`${clause}\0${match.field}`);
      dead.push({
        kind: 'missing-field',
        clause,
        at: match.at,
        message: `no event of ${logSourceText(logSource)} has ${match.field}: ${isExclusion ? 'this lets nothing pass' : 'this is fulfilled by nothing'}, unless the logs are enriched`,
        mend: `ask for a field of the event, or drop ${match.field}`,
      });
    }
  }
  return dead;
}

interface Placed {
  readonly match: Match;
  readonly clause: string;
  readonly isExclusion: boolean;
}

/** Every comparison with the name of the selection or exclusion that it stands in. */
export function matchesOf(condition: Condition): readonly Placed[] {
  const excluded = new Map<Match, string>();
  for (const { clause, name } of exclusionsOf({ kind: 'event', category: null, condition }))
    for (const node of walk(clause)) if (node.kind === 'match') excluded.set(node, name);
  const names = new Map<Match, string>();
  for (const node of walk(condition))
    if (node.kind === 'named')
      for (const inner of walk(node.of)) if (inner.kind === 'match') names.set(inner, node.name);
  return [...new Set([...walk(condition)].filter((node): node is Match => node.kind === 'match'))].map((match) => ({
    match,
    clause: excluded.get(match) ?? names.get(match) ?? '',
    isExclusion: excluded.has(match),
  }));
}
