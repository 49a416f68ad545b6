// What a reader of the rule must know: where children cannot be seen, which modules are missing, what an exclusion cannot stop.

import type { RuleNotes } from '../rule/rule.ts';
import type { Exclusion } from './child-rule-exclusions.ts';
import { whenText } from './child-rule-scope.ts';
import type { BlindSpot, BlindSpotReason, ChildrenDocument } from './document.ts';
import { modulesMissing } from './module-entries.ts';
import { isSymbolNote } from './module-symbols.ts';

type Document = Omit<ChildrenDocument, 'rule'>;

const WHERE_TO_LOOK: Readonly<Record<BlindSpotReason, string>> = {
  registry: 'the child stands in the registry',
  'command-line': "the child comes from the parent's own command line",
  'standard-input': 'the child is read from standard input',
  file: 'the child is read from a file',
  environment: 'the child comes from an environment variable',
  com: 'the child comes through COM',
  rpc: 'the child is named by a caller in another process (RPC)',
  'shared-memory': 'the child is read from shared memory',
  caller: 'the child is given by a caller outside the files read',
  data: 'the child is made of data that was not followed',
  'step-limit': 'the analysis stopped at its step limit',
};

/** Lines about blind spots in one rule; the report has them all. */
const MOST_LINES = 200;

/** The sites whose child is not known, one line each (beyond 200 their number), and what is missing to know more. */
export function blindSpotNotes({ blindSpots, modules }: Document, process: string): readonly RuleNotes[] {
  const missing = modulesMissing(modules).map((module) => module.name);
  const spots = [...new Set(blindSpots.map((spot) => blindSpotLine(spot, process)))];
  const rest = spots.length - MOST_LINES;
  const lines = [
    ...spots.slice(0, MOST_LINES),
    ...(rest > 0 ? [`and ${rest} more, which the report lists`] : []),
    ...(missing.length > 0
      ? [`not read, because not found: ${[...new Set(missing)].join(', ')}: their children are not known`]
      : []),
  ];
  return lines.length === 0 ? [] : [{ heading: 'Blind spots', lines }];
}

function blindSpotLine(
  { build, module, sink, site, reason, registry, detail, when }: BlindSpot,
  process: string,
): string {
  const keys = (registry ?? []).map(({ key, value }) => `${key}, value ${value === '' ? '(default)' : value}`);
  const look = keys.length > 0 ? `: ${keys.join('; ')}` : '';
  return `${build === undefined ? '' : `${build}: `}${module}: ${sink} at ${site}: ${WHERE_TO_LOOK[reason]}${look}${detail === '' ? '' : ` (${detail})`}${when === undefined ? '' : `, ${whenText(when, process)}`}`;
}

/** What holds for every rule of this kind, and the notes of the document itself. */
export function limitNotes({ notes, modules }: Document, excluded: readonly Exclusion[]): readonly RuleNotes[] {
  const limits = [
    'The parent is matched by its file name: a program that wears the name matches, one that was renamed does not.',
    ...(excluded.some(({ paths }) => paths.length > 0)
      ? [
          'An exclusion by path takes any drive letter: a volume of the attacker (USB, ISO image, subst) with the same folders passes.',
        ]
      : []),
    ...(excluded.some(({ paths }) => paths.length === 0)
      ? ['An exclusion by name can be worn by any program of that name.']
      : []),
    modules.some(({ role }) => role === 'run-time')
      ? 'Modules that are loaded at run time by a name that is not known, and modules outside the files read, are not seen.'
      : 'Plug-ins that are loaded at run time and modules outside the files read are not seen.',
  ];
  const doubts = notes.filter((note) => !isSymbolNote(note)).map((note) => `${note.about}: ${note.text}`);
  return [
    { heading: 'Limits', lines: limits },
    ...(doubts.length > 0 ? [{ heading: 'Read with doubt', lines: doubts }] : []),
  ];
}
