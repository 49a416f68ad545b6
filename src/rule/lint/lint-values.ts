// What lint says of lists and patterns: values that another covers, lists of a dear shape, wildcards that cross folders, parents that are not there.

import type { Comparing } from '../comparing.ts';
import type { Condition, Match } from '../condition.ts';
import { eventsOf, exclusionsOf } from '../exclusions.ts';
import { controlOf } from '../field-control.ts';
import { joinPatterns, patternShape, showPattern, type TextPattern } from '../pattern.ts';
import type { Query } from '../query.ts';
import { onlyText, testCovers } from '../test-overlap.ts';
import type { ValueTest } from '../value-test.ts';
import type { Finding } from './finding.ts';
import { matchesOf } from './lint-reach.ts';

export function lintValues(query: Query, comparing: Comparing): readonly Finding[] {
  return eventsOf(query).flatMap(({ condition }) => [
    ...matchesOf(condition).flatMap(({ match, clause, isExclusion }) => [
      ...subsumed(match, clause, comparing),
      ...dearList(match, clause),
      ...(isExclusion ? crossing(match, clause) : []),
    ]),
    ...doubtfulParent(condition),
  ]);
}

function subsumed({ field, values, at }: Match, clause: string, comparing: Comparing): readonly Finding[] {
  if (values.length < 2 || !comparing.spend(values.length ** 2)) return [];
  const covered = values.flatMap((own, index) => {
    const by = values.find(
      (other, place) => place !== index && testCovers(other, own) && (place < index || !testCovers(own, other)),
    );
    return by ? [{ own, by }] : [];
  });
  if (covered.length === 0) return [];
  const [{ own, by }] = covered;
  return [
    {
      kind: 'subsumed',
      clause,
      at,
      message: `${field}: ${showTest(own)} ${testCovers(own, by) ? 'stands there twice' : `is covered by ${showTest(by)}`}${covered.length > 1 ? `, and ${covered.length - 1} more` : ''}`,
      mend: 'drop it',
    },
  ];
}

function showTest(test: ValueTest): string {
  return test.kind === 'like' ? `'${showPattern(test.pattern)}'` : (onlyText(test) ?? test.kind);
}

/** From so many on the shape of a list tells. */
const LONG_LIST = 30;

/** Of a field of paths, a list of names is looked up at once where the name is compared as a whole. */
function dearList({ field, values, at }: Match, clause: string): readonly Finding[] {
  const names = values.filter((test) => {
    if (test.kind !== 'like') return false;
    const shape = patternShape(test.pattern);
    return shape.shape === 'endswith' && /^\\[^\\]+$/.test(shape.text);
  });
  if (names.length < LONG_LIST) return [];
  return [
    {
      kind: 'dear-list',
      clause,
      at,
      message: `${field}: ${names.length} names as ends of a path are ${names.length} suffix patterns for each event (100 of them took 3.7 s over 547,400 events, a list of 100 names 0.11 s)`,
      mend: 'compare the file name with a list where the store has a column of it (process.name, FileName), or take it off the path once',
    },
  ];
}

/** One finding for a comparison, with its first such pattern. */
function crossing({ field, values, at }: Match, clause: string): readonly Finding[] {
  const nature = controlOf(field)?.nature;
  if (nature !== 'program' && nature !== 'parent-program' && nature !== 'file') return [];
  const found = values.flatMap((test) => (test.kind === 'like' && crossesFolder(test.pattern) ? [test.pattern] : []));
  if (found.length === 0) return [];
  return [
    {
      kind: 'crossing-wildcard',
      clause,
      at,
      message: `${field}: '*' in '${showPattern(found[0])}' stands for any number of folders${found.length > 1 ? `, and in ${found.length - 1} more` : ''}`,
      mend: 'a regular expression with [^\\\\]* stays within one folder',
    },
  ];
}

function crossesFolder(pattern: TextPattern): boolean {
  const parts = joinPatterns(pattern);
  return parts.some((part, index) => {
    const [before, after] = [parts[index - 1], parts[index + 1]];
    return (
      typeof part === 'object' &&
      part.any === 'many' &&
      typeof before === 'string' &&
      typeof after === 'string' &&
      after.includes('\\')
    );
  });
}

/** Exclusions by the parent alone, where nothing says that there is a parent. */
function doubtfulParent(condition: Condition): readonly Finding[] {
  const placed = matchesOf(condition);
  const isParent = ({ field }: Match): boolean =>
    controlOf(field)?.nature === 'parent-program' || /^process\.parent\.name$/i.test(field);
  if (placed.some(({ match, isExclusion }) => isParent(match) && !isExclusion)) return [];
  const isForNone = placed.some(
    ({ match }) =>
      isParent(match) &&
      match.values.some((test) => test.kind === 'null' || onlyText(test) === '' || onlyText(test) === '-'),
  );
  if (isForNone) return [];
  for (const { clause, name, at } of exclusionsOf({ kind: 'event', category: null, condition })) {
    const asked = matchesOf(clause).map(({ match }) => match);
    if (asked.length === 0 || !asked.every(isParent)) continue;
    return [
      {
        kind: 'doubtful-parent',
        clause: name,
        at,
        message: `${asked[0].field} is empty or '-' where the parent is gone, and a SID or nothing in older 4688 events: those are not let pass`,
        mend: `ask that ${asked[0].field} is there, or let pass an empty one knowingly`,
      },
    ];
  }
  return [];
}
