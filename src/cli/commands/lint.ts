// `winnow lint`: its grammar, and its act from rules, or two versions of them, to findings.

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ChildrenDocument } from '../../children/document.ts';
import { InputError, UsageError } from '../../errors.ts';
import type { HuntRule } from '../../hunt/hunt-rule.ts';
import { CLASSES, type ExclusionClass } from '../../rule/judge-test.ts';
import { FINDING_KINDS, type FindingKind } from '../../rule/lint/finding.ts';
import { aboutOf, type NewlyAllowed, newlyAllowed } from '../../rule/lint/lint-diff.ts';
import { lintRule } from '../../rule/lint/lint-rule.ts';
import { showPattern, type TextPattern } from '../../rule/pattern.ts';
import { overlaps } from '../../rule/pattern-overlap.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { readWholeFile } from '../files.ts';
import { notLoadedText } from '../hunt-text.ts';
import type { LoadedRules } from '../kept-rules.ts';
import {
  type AllowedEntry,
  type AllowedPair,
  entryOf,
  type LintDiffDocument,
  type LintDocument,
  type LintFinding,
  nameOf,
} from '../lint-document.ts';
import { allowedLines, diffSummary, findingLines, lintSummary } from '../lint-text.ts';
import { brief, type Face, jsonText, plain, progressOn, styleFor } from '../print.ts';
import { loadRules } from '../rule-files.ts';

export const name = 'lint';
export const summary = 'what is wrong with rules: exclusions that an attacker can use, rules that never fire';

const KINDS = Object.keys(FINDING_KINDS) as readonly FindingKind[];

interface LintFlags {
  readonly kind?: readonly FindingKind[];
  readonly diff?: boolean;
  readonly children?: readonly string[];
  readonly summary?: boolean;
  readonly json?: boolean;
  readonly color: boolean;
  readonly quiet?: boolean;
}

export function grammar(command: Command): Command {
  return command
    .argument('<RULE...>', 'a file of rules or a folder of them; with --diff, the old one and the new one')
    .addOption(
      new Option('--kind <KIND>', 'only findings of this kind; may be given several times')
        .choices(KINDS)
        .argParser((text: string, before: readonly FindingKind[] = []) => {
          const known = KINDS.find((kind) => kind === text);
          if (!known) throw new InvalidArgumentError(`Allowed choices are ${KINDS.join(', ')}.`);
          return [...before, known];
        }),
    )
    .option('--diff', 'review a change, OLD NEW: what it newly lets pass')
    .option(
      '--children <DOC>',
      'with --diff: a document of `winnow children --json` that explains pairs; may be given several times',
      append,
    )
    .option('--summary', 'only the counts')
    .option('--json', 'print the document, schema winnow.lint/1 (with --diff, winnow.lint-diff/1)')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('-q, --quiet', 'no notes and no progress on stderr')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
An exclusion is free if an attacker without rights can fulfil it while he does what the rule is about, guarded if he lacks a right for it, forced if the selection contradicts it, unknown if it is not known who sets the field. Free ones are shown with values that do it.
Exit code 0: nothing was found; 1: something was.

Kinds:
${KINDS.map((kind) => `  ${kind.padEnd(18)}  ${FINDING_KINDS[kind]}`).join('\n')}

Examples:
  winnow lint rule.yml
  winnow lint sigma/rules/windows --summary
  winnow lint rules --kind free-exclusion --kind never-fires --json
  winnow lint --diff old/rule.yml new/rule.yml --children werfault.json`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [paths] = command.processedArgs as [readonly string[]];
  const flags = command.opts<LintFlags>();
  if (flags.diff && paths.length !== 2) throw new UsageError('--diff takes two paths, the old rules and the new ones');
  if (flags.children && !flags.diff) throw new UsageError('--children goes with --diff');
  return flags.diff ? runDiff(paths[0], paths[1], flags, face) : runLint(paths, flags, face);
}

function runLint(paths: readonly string[], flags: LintFlags, face: Face): ExitCode {
  const progress = progressOn(face, flags.quiet === true);
  const findings: LintFinding[] = [];
  const classes: Record<ExclusionClass, number> = { free: 0, unknown: 0, guarded: 0, forced: 0 };
  const cut: HuntRule[] = [];
  let loaded: LoadedRules;
  try {
    loaded = loadRules(paths, { step: (done, total) => progress.step('rules', done, total) });
    for (const [index, rule] of loaded.rules.entries()) {
      progress.step('lint', index, loaded.rules.length);
      const linted = lintRule(rule.rule);
      for (const one of linted.classes) classes[one]++;
      if (linted.isCut) cut.push(rule);
      for (const finding of linted.findings)
        if (!flags.kind || flags.kind.includes(finding.kind)) findings.push(entryOf(rule, finding));
    }
  } finally {
    progress.end();
  }
  const kinds: Partial<Record<FindingKind, number>> = {};
  for (const { kind } of findings) kinds[kind] = (kinds[kind] ?? 0) + 1;
  const exclusions = CLASSES.reduce((all, one) => all + classes[one], 0);
  const document: LintDocument = {
    schema: 'winnow.lint/1',
    findings,
    notLoaded: loaded.notLoaded,
    counts: { rules: loaded.rules.length, exclusions, classes, kinds },
  };
  if (flags.json) face.out(jsonText(document));
  else {
    const style = styleFor(face, flags.color);
    if (!flags.summary) for (const finding of findings) face.out(`${findingLines(finding, style)}\n`);
    if (!flags.summary && findings.length > 0) face.out('\n');
    face.out(`${lintSummary(document, style).join('\n')}\n`);
  }
  tellNotLoaded([loaded], face);
  for (const { file, rule } of cut)
    face.err(
      `winnow: ${plain(file)}: ${brief(rule.title, 120)}: its lists are too long for all to be compared; not all is told\n`,
    );
  if (loaded.failures > 0) return EXIT.input;
  return findings.length > 0 ? EXIT.found : EXIT.done;
}

function tellNotLoaded(loaded: readonly LoadedRules[], face: Face): void {
  for (const one of loaded.flatMap(({ notLoaded }) => notLoaded)) face.err(`winnow: ${notLoadedText(one)}\n`);
}

function runDiff(old: string, fresh: string, flags: LintFlags, face: Face): ExitCode {
  const documents = (flags.children ?? []).map(readChildren);
  const [before, after] = [loadRules([old]), loadRules([fresh])];
  const allowed: AllowedEntry[] = [];
  const added: HuntRule[] = [];
  const left = new Set(before.rules);
  for (const rule of after.rules) {
    const other = [...left].find((one) => isSame(one, rule)) ?? soleOther(before.rules, after.rules);
    if (!other) {
      added.push(rule);
      continue;
    }
    left.delete(other);
    for (const one of newlyAllowed(other.rule, rule.rule)) allowed.push(allowedEntry(rule, one, documents));
  }
  const document: LintDiffDocument = {
    schema: 'winnow.lint-diff/1',
    allowed,
    added: added.map(nameOf),
    removed: [...left].map(nameOf),
    notLoaded: [...before.notLoaded, ...after.notLoaded],
    counts: {
      compared: after.rules.length - added.length,
      allowed: allowed.length,
      free: allowed.filter((one) => one.class === 'free').length,
    },
  };
  if (flags.json) face.out(jsonText(document));
  else {
    const style = styleFor(face, flags.color);
    if (!flags.summary) for (const entry of allowed) face.out(`${allowedLines(entry, style)}\n`);
    if (!flags.summary && allowed.length > 0) face.out('\n');
    face.out(`${diffSummary(document).join('\n')}\n`);
  }
  tellNotLoaded([before, after], face);
  if (before.failures + after.failures > 0) return EXIT.input;
  return allowed.length + left.size > 0 ? EXIT.found : EXIT.done;
}

function isSame({ rule: one }: HuntRule, { rule: other }: HuntRule): boolean {
  return one.id !== null && other.id !== null ? one.id === other.id : one.title === other.title;
}

/** Where each side is one rule they are compared whatever they are called. */
function soleOther(before: readonly HuntRule[], after: readonly HuntRule[]): HuntRule | undefined {
  return before.length === 1 && after.length === 1 ? before[0] : undefined;
}

function allowedEntry(rule: HuntRule, one: NewlyAllowed, documents: readonly ChildrenDocument[]): AllowedEntry {
  return {
    rule: nameOf(rule),
    by: one.by,
    about: aboutOf(one),
    line: one.at?.line ?? null,
    column: one.at?.column ?? null,
    clause: one.clause,
    asks: one.asks,
    class: one.class,
    why: one.why,
    values: one.values,
    morePairs: one.morePairs,
    pairs: one.pairs.map(
      ({ parent, child }): AllowedPair => ({
        parent: showPattern(parent),
        child: showPattern(child),
        explained: explain(parent, child, documents),
      }),
    ),
  };
}

/** A child of a document that the pair is about; a pair that allows any child is explained by none. */
function explain(
  parent: TextPattern,
  child: TextPattern,
  documents: readonly ChildrenDocument[],
): AllowedPair['explained'] {
  const isNamed = (pattern: TextPattern): boolean =>
    pattern.some((part) => typeof part === 'string' && /[^\\]\.\w+$/.test(part));
  if (!isNamed(child)) return null;
  for (const document of documents) {
    if (!overlaps(parent, ofName(document.parent.image))) continue;
    const found = document.children.find(({ image }) => overlaps(child, ofName(image)));
    if (found) return { parent: document.parent.image, child: found.image, confidence: found.confidence };
  }
  return null;
}

function ofName(image: string): TextPattern {
  return [{ any: 'many' }, `\\${image.replace(/^.*[\\/]/, '')}`];
}

function readChildren(path: string): ChildrenDocument {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(readWholeFile(path)));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputError(`${path}: no JSON: ${error.message}`, { cause: error });
  }
  if (!isChildrenDocument(document)) throw new InputError(`${path}: no document of the schema winnow.children/1`);
  return document;
}

function isChildrenDocument(value: unknown): value is ChildrenDocument {
  if (typeof value !== 'object' || value === null) return false;
  const { schema, parent, children } = value as Partial<Record<string, unknown>>;
  return (
    schema === 'winnow.children/1' &&
    typeof (parent as { image?: unknown } | null | undefined)?.image === 'string' &&
    Array.isArray(children) &&
    children.every((one: unknown) => typeof (one as { image?: unknown } | null)?.image === 'string')
  );
}

function append(text: string, before: readonly string[] = []): readonly string[] {
  if (text === '') throw new InvalidArgumentError('It is empty.');
  return [...before, text];
}
