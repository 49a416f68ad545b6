// The process starts that a children rule is tested with: one that it must match, and for each of its exclusions those that it must not.
import { BY_NAME } from '../rule/binding.ts';
import { type Condition, type Match, or, unnamed } from '../rule/condition.ts';
import { compileCondition } from '../rule/evaluate.ts';
import { exampleValue } from '../rule/example-value.ts';
import { exclusionsOf } from '../rule/exclusions.ts';
import { literalsOf, type TextPattern } from '../rule/pattern.ts';
import { eventQuery } from '../rule/query.ts';
import type { Field } from '../rule/taxonomy.ts';

/** A process start by its logical fields; `about` says what it is a case of. */
export interface ProcessStart {
  readonly about: string;
  readonly values: Readonly<Record<Field, string | boolean>>;
}

export interface RuleEvents {
  readonly match: ProcessStart;
  readonly noMatch: readonly ProcessStart[];
}

/** Where no rule lets a program pass by its folder, and where rules of open parents look. */
const OWN_FOLDER = 'C:\\Users\\Public';
const SYSTEM_FOLDER = 'C:\\Windows\\System32';
const SIGNER = 'Microsoft Windows';
/** Names that are tried for a program that no exclusion knows. */
const MOST_TRIES = 4096;
/** Exclusions up to which it is looked whether one alone lets an event pass, which costs their number squared. */
const MOST_ALONE = 300;

/**
 * Of a condition over logical fields whose parent is `process`. Null where it matches no process start that could be made. Each event is checked
 * by evaluating the condition; where one can be had that only its own exclusion lets pass, it is that one, so that the test fails without.
 */
export function ruleEvents(condition: Condition, process: string): RuleEvents | null {
  const holds = evaluated(condition);
  const match = unlisted(process, holds, parentLinesOf(condition));
  if (match === null) return null;
  const seen = new Set<string>();
  const exclusions = exclusionsOf(eventQuery(condition));
  const noMatch = exclusions.flatMap(({ clause, name }) => {
    const isExcluded = evaluated(clause);
    const holdsWithout = exclusions.length > MOST_ALONE ? () => true : evaluated(without(condition, clause));
    return assignmentsOf(clause).flatMap((tests) => {
      const starts = startsOf(tests, process, match).filter((start) => isExcluded(start) && !holds(start));
      const start = starts.find(holdsWithout) ?? starts[0];
      if (start === undefined) return [];
      const key = JSON.stringify(start.values).toLowerCase();
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ ...start, about: name }];
    });
  });
  return { match, noMatch };
}

function evaluated(condition: Condition): (start: ProcessStart) => boolean {
  const compiled = compileCondition(condition, BY_NAME);
  return ({ values }) => compiled((name) => (Object.hasOwn(values, name) ? [values[name as Field]] : [])) === true;
}

/** The condition as if one of its exclusions let nothing pass. */
function without(condition: Condition, clause: Condition): Condition {
  if (condition === clause) return or();
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { kind: condition.kind, of: condition.of.map((part) => without(part, clause)) };
    case 'not':
    case 'named':
      return { ...condition, of: without(condition.of, clause) };
    default:
      return condition;
  }
}

/** The first unsigned program that no exclusion is made for. */
function unlisted(
  process: string,
  holds: (start: ProcessStart) => boolean,
  more: readonly string[],
): ProcessStart | null {
  const parents = [quotedPath(`${SYSTEM_FOLDER}\\${process}`), '-', ...more];
  for (let count = 1; count <= MOST_TRIES; count++) {
    const path = `${OWN_FOLDER}\\unlisted${count === 1 ? '' : `-${count}`}.exe`;
    const start = parents.map((parent) => startOf(process, path, quotedPath(path), parent, false)).find(holds);
    if (start !== undefined) return start;
  }
  return null;
}

/** A command line of the parent that the condition asks for, where it does. */
function parentLinesOf(condition: Condition): readonly string[] {
  const node = unnamed(condition);
  if (node.kind === 'and') return node.of.flatMap(parentLinesOf);
  if (node.kind !== 'match' || node.field !== 'process.parent.commandLine') return [];
  const patterns = node.values.flatMap((test) => (test.kind === 'like' ? [test.pattern] : []));
  return patterns.slice(0, 1).flatMap((pattern) => found(exampleValue([[pattern]], false)));
}

function startOf(
  process: string,
  path: string,
  commandLine: string,
  parentCommandLine: string,
  isSigned: boolean,
): ProcessStart {
  return {
    about: 'unlisted',
    values: {
      'process.image': lastPart(path),
      'process.image.path': path,
      'process.commandLine': commandLine,
      'process.signature.trusted': isSigned,
      'process.signature.subject': isSigned ? SIGNER : '',
      'process.parent.image': process,
      'process.parent.image.path': `${SYSTEM_FOLDER}\\${process}`,
      'process.parent.commandLine': parentCommandLine,
    },
  };
}

/** By field what must be met, one pattern of each match of the clause. */
type Tests = ReadonlyMap<string, readonly TextPattern[]>;

/** For each value that a clause names an assignment that uses it, with the first of the other matches. Empty for a clause about signatures. */
function assignmentsOf(clause: Condition): readonly Tests[] {
  const node = unnamed(clause);
  const parts = (node.kind === 'and' ? node.of : [node]).map(unnamed);
  if (!parts.every((part): part is Match => part.kind === 'match')) return [];
  const patterns = parts.map(({ values }) => values.flatMap((test) => (test.kind === 'like' ? [test.pattern] : [])));
  if (patterns.some((list) => list.length === 0) || parts.some(({ field }) => field.startsWith('process.signature.')))
    return [];
  return patterns.flatMap((list, at) =>
    list.slice(at === 0 ? 0 : 1).map((pattern) => {
      const tests = new Map<string, TextPattern[]>();
      for (const [index, { field }] of parts.entries())
        tests.set(field, [...(tests.get(field) ?? []), index === at ? pattern : patterns[index][0]]);
      return tests;
    }),
  );
}

/** Process starts that should fulfil the tests, the likeliest first; what they leave open is as in the event that must match. */
function startsOf(tests: Tests, process: string, { values: open }: ProcessStart): readonly ProcessStart[] {
  const paths = pathsOf(tests) ?? [String(open['process.image.path'])];
  const parent = quotedPath(`${SYSTEM_FOLDER}\\${process}`);
  const parents = textsOf(tests.get('process.parent.commandLine'), parent) ?? [
    String(open['process.parent.commandLine']),
  ];
  return paths.flatMap((path) => {
    const lines = textsOf(tests.get('process.commandLine'), quotedPath(path)) ?? [quotedPath(path)];
    return lines.flatMap((line) => parents.map((one) => startOf(process, path, line, one, true)));
  });
}

function pathsOf(tests: Tests): readonly string[] | undefined {
  const paths = tests.get('process.image.path');
  const names = tests.get('process.image');
  if (paths !== undefined)
    return found(
      exampleValue(
        paths.map((pattern) => [pattern]),
        true,
      ),
    );
  if (names === undefined) return undefined;
  const name = exampleValue(
    names.map((pattern) => [pattern]),
    false,
  );
  return found(name).flatMap((one) => [OWN_FOLDER, SYSTEM_FOLDER].map((folder) => `${folder}\\${one}`));
}

/** Texts that fit all patterns: behind the program where each may stand anywhere, else as the patterns are filled. */
function textsOf(patterns: readonly TextPattern[] | undefined, program: string): readonly string[] | undefined {
  if (patterns === undefined) return undefined;
  const behind = [program, ...patterns.map((pattern) => literalsOf(pattern).join(''))].join(' ');
  const open = patterns.every(([first, ...rest]) => typeof first === 'object' && typeof rest.at(-1) === 'object');
  const filled = exampleValue(
    patterns.map((pattern) => [pattern]),
    false,
  );
  return open ? [behind, ...found(filled)] : found(filled);
}

function found(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}

function quotedPath(path: string): string {
  return `"${path}"`;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1);
}
