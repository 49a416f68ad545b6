// `winnow test`: its grammar, and its act from rules and logs to what matches and what is in the way.

import { basename, dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { InputError, UsageError } from '../../errors.ts';
import type { Hit } from '../../hunt/document.ts';
import { Hunt } from '../../hunt/hunt.ts';
import type { HuntRule } from '../../hunt/hunt-rule.ts';
import { NearestMiss, type NearMiss } from '../../hunt/nearest-miss.ts';
import { isQueryRule } from '../../hunt/query-rules.ts';
import { eventsOf, LogReport, type OpenedLog } from '../../logs/index.ts';
import { DIALECTS, type EqlDialect } from '../../rule/read/eql-tokens.ts';
import { readerFor } from '../../rule/read/index.ts';
import { EXIT, type ExitCode, failureLine } from '../exit.ts';
import { filesUnder, isFolder } from '../files.ts';
import { notLoadedText } from '../hunt-text.ts';
import { isLogName, logsOf, namedLogs, reportLines } from '../log-inputs.ts';
import { brief, count, type Face, jsonText, plain, type Style, styleFor } from '../print.ts';
import { loadRules } from '../rule-files.ts';

export const name = 'test';
export const summary = 'whether rules match logs, and what is in the way where they do not';

interface TestFlags {
  readonly json?: boolean;
  readonly dialect?: EqlDialect;
  readonly color: boolean;
}

export function grammar(command: Command): Command {
  return command
    .argument('<RULE>', 'a file of rules, or a folder of rules with their tests')
    .argument('[LOG...]', 'logs, folders of them, or - for standard input')
    .addOption(new Option('--dialect <DIALECT>', "of .eql files; without, Elasticsearch's").choices(DIALECTS))
    .option('--json', 'print the document, schema winnow.test/1')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
With logs: says how often each rule matches, and for one that does not, which event comes nearest and what is in the way.
Without logs: a folder's rules are checked against their tests. Of FOLDER/NAME.yml these are FOLDER/tests/NAME.match.* (it must match) and FOLDER/tests/NAME.no-match.* (it must not), logs of any form; of several, NAME.match.2.jsonl.
Exit code 0: it matches, or all tests hold; 1: not.

Examples:
  winnow test rule.yml Security.evtx
  winnow test rule.yml sample.ndjson --json
  winnow test rules/`;

/** What came of one rule over some logs. */
interface Outcome {
  readonly rule: { readonly file: string; readonly id: string | null; readonly title: string };
  readonly logs: readonly string[];
  /** What is asked of it. */
  readonly expected: 'match' | 'no-match';
  readonly hits: number;
  readonly holds: boolean;
  readonly nearMiss?: NearMiss;
  /** Of a rule that must not match, what it found; the first few. */
  readonly found?: readonly Hit[];
}

/** Hits of a rule that must not match that are told. */
const MOST_FOUND = 5;

/** Rules for which no event that was looked at was of their log source: they have no nearest one. */
const WITHOUT_EVENTS = new WeakSet<Outcome>();

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [path, given] = command.processedArgs as [string, readonly string[]];
  const flags = command.opts<TestFlags>();
  const loaded = loadRules([path], flags.dialect ? { dialect: flags.dialect } : {});
  const report = new LogReport();
  const told: string[] = [];
  const outcomes: Outcome[] = [];
  if (given.length > 0) {
    const { paths, failures } = namedLogs(given);
    told.push(...failures.map((failure) => failureLine(failure)));
    outcomes.push(...(await outcomesOf(loaded.rules, paths, 'match', report, told)));
  } else {
    if (!isFolder(path)) throw new UsageError(`${path}: name logs to test it with, or a folder of rules with tests/`);
    for (const test of testsIn(path)) {
      if (test.rules.length === 0) {
        told.push(`winnow: ${plain(test.log)}: no file of rules has this name in the folder above\n`);
        continue;
      }
      const rules = loaded.rules.filter(({ file }) => test.rules.includes(file));
      outcomes.push(...(await outcomesOf(rules, [test.log], test.expected, report, told)));
    }
    if (outcomes.length + told.length + loaded.failures === 0)
      throw new UsageError(`${path}: no rule in it has tests (tests/NAME.match.*, tests/NAME.no-match.*)`);
  }
  const style = styleFor(face, flags.color);
  const holds = outcomes.filter((one) => one.holds).length;
  if (flags.json)
    face.out(
      jsonText({
        schema: 'winnow.test/1',
        outcomes,
        notLoaded: loaded.notLoaded,
        counts: { tests: outcomes.length, holds },
      }),
    );
  else {
    for (const outcome of outcomes) face.out(`${linesOf(outcome, style).join('\n')}\n`);
    face.out(`\n${holds} of ${count(outcomes.length, 'test')} ${holds === 1 ? 'holds' : 'hold'}\n`);
  }
  for (const one of loaded.notLoaded) face.err(`winnow: ${notLoadedText(one)}\n`);
  for (const line of reportLines(report)) face.err(line);
  for (const line of told) face.err(line);
  if (told.length + report.refused + loaded.failures > 0) return EXIT.input;
  return holds === outcomes.length && outcomes.length > 0 ? EXIT.done : EXIT.found;
}

/** A rule that is there for a correlation is tested with it. */
function isPartOnly({ rule }: HuntRule, all: readonly HuntRule[]): boolean {
  return all.some(
    ({ rule: { query } }) =>
      query.kind === 'correlation' &&
      !query.generate &&
      query.rules.some((one) => one === rule.id || one === rule.name),
  );
}

/** What comes of rules over some logs, which are read once for all of them; once more for those that match nothing. */
async function outcomesOf(
  all: readonly HuntRule[],
  paths: readonly string[],
  expected: Outcome['expected'],
  report: LogReport,
  told: string[],
): Promise<readonly Outcome[]> {
  const hunt = new Hunt(all);
  await eachLog(paths, report, told, (log) => hunt.run(log, report));
  const { hits } = hunt.document(0);
  const outcomes = all.flatMap((one) => {
    if (isPartOnly(one, all)) return [];
    const rule = { file: one.file, id: one.rule.id, title: one.rule.title };
    const own = hits.filter(
      (hit) => hit.rule.file === rule.file && hit.rule.id === rule.id && hit.rule.title === rule.title,
    );
    const holds = own.length > 0 === (expected === 'match');
    const told = holds || expected === 'match' ? {} : { found: own.slice(0, MOST_FOUND) };
    const outcome: Outcome = { rule, logs: paths, expected, hits: own.length, holds, ...told };
    // Only a rule about single events by their own names has a nearest one.
    const isOfEvents = one.rule.query.kind === 'event' && !isQueryRule(one.rule);
    const isLookedAt = !outcome.holds && expected === 'match' && isOfEvents && !paths.includes('-');
    return [{ outcome, misses: isLookedAt ? new NearestMiss(one) : undefined }];
  });
  const looking = outcomes.flatMap(({ misses }) => misses ?? []);
  const unread: string[] = [];
  if (looking.length > 0)
    await eachLog(paths, new LogReport(), unread, async (log) => {
      for await (const event of eventsOf(log, new LogReport())) for (const misses of looking) misses.see(event);
    });
  return outcomes.map(({ outcome, misses }) => {
    if (misses?.nearest) return { ...outcome, nearMiss: misses.nearest };
    if (misses && unread.length === 0) WITHOUT_EVENTS.add(outcome);
    return outcome;
  });
}

async function eachLog(
  paths: readonly string[],
  report: LogReport,
  told: string[],
  act: (log: OpenedLog) => Promise<void>,
): Promise<void> {
  for (const path of paths) {
    try {
      for await (const log of logsOf(path, report)) await act(log);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      told.push(failureLine(error));
    }
  }
}

interface RuleTest {
  /** Its files, one for each language that it is in; none where there is none. */
  readonly rules: readonly string[];
  readonly log: string;
  readonly expected: Outcome['expected'];
}

/** The tests beside the rules of a folder. */
function testsIn(folder: string): readonly RuleTest[] {
  const files = filesUnder(folder);
  return files.flatMap((log): readonly RuleTest[] => {
    if (basename(dirname(log)) !== 'tests' || !isLogName(log)) return [];
    const [, own, kind] = /^(.+?)\.(match|no-match)\./.exec(basename(log)) ?? [];
    if (own === undefined) return [];
    const beside = files.filter((file) => dirname(file) === dirname(dirname(log)));
    const rules = beside.filter(
      (file) => readerFor(file) !== undefined && basename(file).replace(/\.[^.]+$/, '') === own,
    );
    return [{ rules, log, expected: kind as Outcome['expected'] }];
  });
}

function linesOf(outcome: Outcome, style: Style): readonly string[] {
  const { rule, logs, expected, hits, holds, nearMiss, found = [] } = outcome;
  const mark = holds ? style.sure('holds') : style.doubt('fails');
  const asked = expected === 'match' ? 'matches' : 'does not match';
  const head = `${mark}  ${style.strong(brief(rule.title, 120))}: ${asked} ${logs.map((log) => plain(log)).join(', ')}: ${count(hits, 'hit')}`;
  if (!nearMiss) {
    const none = WITHOUT_EVENTS.has(outcome) ? ['       no event in it is of the log source of the rule'] : [];
    const rest = hits - found.length;
    const more = found.length > 0 && rest > 0 ? [`       and ${count(rest, 'other')}`] : [];
    return [head, ...none, ...found.map(foundLine), ...more];
  }
  const { event, failed } = nearMiss;
  return [
    head,
    `       nearest: ${plain(event.source)}:${event.record}${event.time === null ? '' : ` of ${plain(event.time)}`}`,
    ...failed.map(({ within, field, wanted, values }) => {
      const place = within.length > 0 ? `${within.map((one) => plain(one)).join(' > ')}: ` : '';
      const value =
        field === null
          ? ''
          : `; it is ${values.length === 0 ? 'not there' : values.map((one) => `'${brief(one, 200)}'`).join(', ')}`;
      return `         ${place}${field === null ? '' : `${plain(field)} `}${brief(wanted)}${value}`;
    }),
  ];
}

function foundLine({ events, matched }: Hit): string {
  const event = events.at(-1);
  const values = matched.map(({ field, value }) => `${plain(field)}=${brief(value, 120)}`).join('  ');
  return `       found: ${event ? `${plain(event.source)}:${event.record}` : ''}  ${values}`.trimEnd();
}
