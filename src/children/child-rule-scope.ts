// What a rule asks of the parent's own arguments: those without which a child is not started, and none with which the parent starts whatever it is told.
import { type Condition, like, named, not } from '../rule/condition.ts';
import { ANY_MANY, joinPatterns, literal, type TextPattern } from '../rule/pattern.ts';
import type { RuleNotes } from '../rule/rule.ts';
import { hasLoneSurrogate } from '../rule/visible-text.ts';
import type { ChildrenDocument, OpenVerdict, ParentArgument, When } from './document.ts';

/** One character stands in nearly every command line; the longest is what every language can compare. */
const SHORTEST_ARGUMENT = 2;
const LONGEST_ARGUMENT = 400;

/** What the parent's command line is like where it holds these arguments: one of each list. Arguments that are too little to write are left out. */
export function parentCommandLines(when: When | undefined): readonly (readonly TextPattern[])[] {
  return (when?.parentArguments ?? []).filter(isTold).map(patternsOf);
}

function isTold({ anyOf }: ParentArgument): boolean {
  return anyOf.every(
    (text) => text.length >= SHORTEST_ARGUMENT && text.length <= LONGEST_ARGUMENT && !hasLoneSurrogate(text),
  );
}

function patternsOf({ anyOf }: ParentArgument): readonly TextPattern[] {
  return anyOf.map((text) => joinPatterns([ANY_MANY], literal(text), [ANY_MANY]));
}

/** Arguments without one of which an open parent starts nothing that it is told; undefined where a call needs none. */
export interface OpenScope {
  readonly texts: readonly string[];
  readonly condition: Condition;
  readonly notes: readonly RuleNotes[];
}

export function openScope(verdict: OpenVerdict, process: string): OpenScope | undefined {
  const needed = verdict.sites.map(({ when }) => when?.parentArguments.find(isTold));
  const told = needed.filter((one) => one !== undefined);
  if (told.length < needed.length) return undefined;
  const texts = [...new Set(told.flatMap(({ anyOf }) => anyOf))];
  const about = `the command line of ${process} holds an argument without which it is not told what to start`;
  const evidence = told.flatMap(({ comparedAt }) =>
    comparedAt.map(({ module, address }) => `${module}: compared at ${address}`),
  );
  return {
    texts,
    condition: not(
      named(
        'told_what_to_start',
        about,
        [...new Set(evidence)],
        like('process.parent.commandLine', ...patternsOf({ anyOf: texts, comparedAt: [] })),
      ),
    ),
    notes: [
      {
        heading: 'Scope',
        lines: [
          `With ${quoted(texts)} on its command line ${verdict.reason.replace(/^it /, `${process} `)}, so any child can be legitimate there: the rule does not look at it then.`,
          'Without, the program does not come to that call: what else starts a child is listed.',
        ],
      },
    ],
  };
}

/** `"-k" or "/k"`. */
export function quoted(texts: readonly string[]): string {
  return texts.map((text) => `"${text}"`).join(' or ');
}

/** Which children depend on the parent's own arguments, one line each. */
export function whenNotes(
  { children, builds }: Pick<ChildrenDocument, 'children' | 'builds'>,
  process: string,
  isWritten: boolean | undefined,
): readonly RuleNotes[] {
  const lines = children.flatMap(({ image, when, builds: having }) => {
    if (when === undefined) return [];
    const where = builds === undefined ? '' : ` (${(having ?? []).join(', ')})`;
    return [`${image}${where}: ${whenText(when, process)}`];
  });
  if (lines.length === 0) return [];
  const use = isWritten
    ? 'The rule lets them pass only there. An argument of one character is too little to write.'
    : 'The rule lets them pass whatever the arguments are; with --parent-arguments only there.';
  return [{ heading: "Children that need the parent's arguments", lines: [...new Set(lines), use] }];
}

/** `only where the command line of x.exe holds "-k" or "/k", and "-s" (compared at 0x140001000 in x.exe)`. */
export function whenText({ parentArguments }: When, process: string): string {
  const each = parentArguments.map(({ anyOf }) => quoted(anyOf));
  const places = parentArguments.flatMap(({ comparedAt }) => comparedAt);
  const first = places.map(
    ({ build, module, address }) => `${build === undefined ? '' : `${build}: `}${address} in ${module}`,
  )[0];
  const more = places.length > 1 ? ` and ${places.length - 1} more` : '';
  return `only where the command line of ${process} holds ${each.join(', and ')}${first === undefined ? '' : ` (compared at ${first}${more})`}`;
}
