// What lint says of each exclusion: that an attacker can fulfil it, that its guard has a hole, that it lets nothing pass.

import type { Comparing } from '../comparing.ts';
import { eventsOf, exclusionsOf } from '../exclusions.ts';
import type { JudgedExclusion } from '../judge-exclusion.ts';
import type { Query } from '../query.ts';
import { clauseCovers } from './clause-cover.ts';
import type { Finding } from './finding.ts';

export function lintExclusions(
  query: Query,
  judged: readonly JudgedExclusion[],
  comparing: Comparing,
): readonly Finding[] {
  return [...judged.flatMap(findingOf), ...covered(query, comparing)];
}

function findingOf(exclusion: JudgedExclusion): readonly Finding[] {
  const { name, at, why, but, values } = exclusion;
  const about = { clause: name, at, class: exclusion.class };
  switch (exclusion.class) {
    case 'free':
      return [
        {
          ...about,
          kind: 'free-exclusion',
          message: `an attacker can fulfil it: ${why}`,
          mend: 'ask for something he lacks as well: a whole path below a protected folder, a trusted signature, an account',
          values,
        },
      ];
    case 'guarded':
      return but === undefined
        ? []
        : [
            {
              ...about,
              kind: 'weak-guard',
              message: but.join('; '),
              mend: 'name the program by its whole path',
              values,
            },
          ];
    case 'forced':
      return [
        {
          ...about,
          kind: 'unreachable-clause',
          message: `it lets nothing pass: ${why}`,
          mend: 'drop it, or correct the value',
        },
      ];
    default:
      return [];
  }
}

/** Exclusions that another one of the same event covers. */
function covered(query: Query, comparing: Comparing): readonly Finding[] {
  return eventsOf(query).flatMap((event) => {
    const all = exclusionsOf(event);
    if (!comparing.spend(all.length ** 2 * (1 + (all[0]?.selection.length ?? 0) / 100))) return [];
    return all.flatMap((one, index): readonly Finding[] => {
      const other = all.find(
        (candidate, at) =>
          candidate !== one &&
          candidate.selection.every(
            (part) => one.selection.includes(part) || part.kind === 'not' || one.clause === part,
          ) &&
          clauseCovers(candidate.clause, one.clause, comparing) &&
          (at < index || !clauseCovers(one.clause, candidate.clause, comparing)),
      );
      if (!other) return [];
      return [
        {
          kind: 'subsumed',
          clause: one.name,
          at: one.at,
          message: `${other.name === '' ? `another exclusion${other.at ? ` (line ${other.at.line})` : ''}` : other.name} lets the same pass already`,
          mend: 'drop it',
        },
      ];
    });
  });
}
