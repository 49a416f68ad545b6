// `winnow hunt`: its grammar, and its act from logs and rules to hits.

import { type Command, InvalidArgumentError, Option } from 'commander';
import Papa from 'papaparse';
import { InputError } from '../../errors.ts';
import type { HuntDocument } from '../../hunt/document.ts';
import { Hunt } from '../../hunt/hunt.ts';
import type { HuntRule } from '../../hunt/hunt-rule.ts';
import { LogReport } from '../../logs/index.ts';
import { DIALECTS, type EqlDialect } from '../../rule/read/eql-tokens.ts';
import type { Rule, Severity } from '../../rule/rule.ts';
import { EXIT, type ExitCode, failureLine } from '../exit.ts';
import { cacheFolder } from '../files.ts';
import { hitLine, huntGaps, huntSummary } from '../hunt-text.ts';
import { logsOf, namedLogs, reportLines } from '../log-inputs.ts';
import { readTime } from '../option-times.ts';
import { count, type Face, jsonText, plain, progressOn, styleFor } from '../print.ts';
import { loadRules } from '../rule-files.ts';

export const name = 'hunt';
export const summary = 'rules over logs: which events fulfil which rule';

const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[];
const STATUSES = ['unsupported', 'deprecated', 'experimental', 'test', 'stable'] as const;

interface HuntFlags {
  readonly rules: readonly string[];
  readonly level?: (typeof LEVELS)[number];
  readonly status?: (typeof STATUSES)[number];
  readonly tag?: readonly string[];
  readonly since?: bigint;
  readonly until?: bigint;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly dialect?: EqlDialect;
  readonly color: boolean;
  readonly quiet?: boolean;
}

export function grammar(command: Command): Command {
  return command
    .argument('<LOG...>', 'a log, a folder of logs, or - for standard input')
    .requiredOption('-r, --rules <PATH>', 'a file of rules or a folder of them; may be given several times', append)
    .addOption(new Option('--level <LEVEL>', 'only rules of this level and above').choices(LEVELS))
    .addOption(new Option('--status <STATUS>', 'only rules of this status and above').choices(STATUSES))
    .option('--tag <TAG>', 'only rules with a tag that begins with this: attack.t1059, attack.execution', append)
    .option('--since <TIME>', 'only events from this time on: 2026-11-28T09:00Z, or 24h (30m, 7d) ago', readTime)
    .option('--until <TIME>', 'only events up to this time', readTime)
    .addOption(new Option('--dialect <DIALECT>', "of .eql files; without, Elasticsearch's").choices(DIALECTS))
    .addOption(new Option('--json', 'print the document, schema winnow.hunt/1').conflicts('csv'))
    .option('--csv', 'print CSV, a row a hit')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('-q, --quiet', 'no notes and no progress on stderr')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Read are Sigma rules (.yml, .yaml), Elastic's rules (.toml) and EQL (.eql). A rule matches on its log source: process_creation is Sysmon's event 1 and the Security log's event 4688, whatever other events have such numbers.
What was read of many rules is kept in the user's cache folder (WINNOW_CACHE=FOLDER names another, WINNOW_CACHE= none).
What was not loaded, and which rules nothing in these logs can fulfil, is told at the end. Exit code 1: something was found.

Examples:
  winnow hunt Security.evtx --rules sigma/rules/windows
  winnow hunt logs.zip C:\\Windows\\System32\\winevt\\Logs -r rules -r more/rule.yml --level high
  winnow hunt sysmon.evtx -r sigma/rules --tag attack.t1003 --since 7d --json
  winnow hunt winlogbeat.ndjson -r rules --csv > hits.csv`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [given] = command.processedArgs as [readonly string[]];
  const flags = command.opts<HuntFlags>();
  const { paths, failures } = namedLogs(given);
  const told = failures.map((failure) => failureLine(failure));
  const progress = progressOn(face, flags.quiet === true);
  const report = new LogReport();
  let refused = 0;
  try {
    const loaded = loadRules(flags.rules, {
      step: (done, total) => progress.step('rules', done, total),
      cache: cacheFolder(face.env, face.platform),
      ...(flags.dialect ? { dialect: flags.dialect } : {}),
    });
    refused += loaded.failures;
    const wanted = loaded.rules.filter(({ rule }) => isWanted(rule, flags));
    const rules = withParts(wanted, loaded.rules);
    const criteria = {
      ...(flags.since === undefined ? {} : { since: flags.since }),
      ...(flags.until === undefined ? {} : { until: flags.until }),
    };
    const hunt = new Hunt(rules, loaded.notLoaded, criteria);
    const start = performance.now();
    for (const path of paths) {
      try {
        const step = (end: number, size: number): void =>
          progress.step(`${path}, ${count(hunt.hits.length, 'hit')}${remaining(start, end, size)},`, end, size);
        for await (const log of logsOf(path, report, step)) await hunt.run(log, report);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        told.push(failureLine(error));
      }
    }
    progress.end();
    refused += told.length + report.refused;
    const document = hunt.document(report.unreadable + report.refused + told.length);
    print(document, rules, flags, face);
    if (!flags.quiet) {
      for (const line of reportLines(report)) face.err(line);
      for (const line of huntGaps(document)) face.err(`winnow: ${line}\n`);
    }
    for (const line of told) face.err(line);
    if (refused > 0) return EXIT.input;
    return document.hits.length > 0 ? EXIT.found : EXIT.done;
  } finally {
    progress.end();
  }
}

/** ", 12 s left" once there is something to tell it by. */
function remaining(start: number, end: number, size: number): string {
  const took = (performance.now() - start) / 1000;
  if (took < 1 || end === 0 || end >= size) return '';
  return `, ${Math.ceil((took / end) * (size - end))} s left`;
}

function isWanted(rule: Rule, { level, status, tag }: HuntFlags): boolean {
  if (level && (rule.severity === null || LEVELS.indexOf(rule.severity) < LEVELS.indexOf(level))) return false;
  if (status && (rule.status === null || STATUSES.indexOf(rule.status) < STATUSES.indexOf(status))) return false;
  return !tag || tag.some((one) => rule.tags.some((own) => own.toLowerCase().startsWith(one.toLowerCase())));
}

/** The wanted rules with those that a wanted correlation is made of. */
function withParts(wanted: readonly HuntRule[], all: readonly HuntRule[]): readonly HuntRule[] {
  const names = new Set(wanted.flatMap(({ rule }) => (rule.query.kind === 'correlation' ? rule.query.rules : [])));
  const isPart = ({ rule }: HuntRule): boolean =>
    (rule.id !== null && names.has(rule.id)) || (rule.name !== null && names.has(rule.name));
  const chosen = new Set(wanted);
  return all.filter((one) => chosen.has(one) || isPart(one));
}

function print(document: HuntDocument, rules: readonly HuntRule[], flags: HuntFlags, face: Face): void {
  if (flags.json) {
    face.out(jsonText(document));
    return;
  }
  if (flags.csv) {
    const rows = document.hits.map(({ rule, events, matched }) => {
      const last = events.at(-1);
      const values = matched.map(({ field, value }) => `${field}=${value}`).join(' ');
      return [last?.time, last?.host, rule.level, rule.title, rule.id, rule.file, last?.source, last?.record, values];
    });
    const fields = ['time', 'host', 'level', 'title', 'id', 'rule', 'source', 'record', 'matched'];
    face.out(`${plain(Papa.unparse({ fields, data: rows }, { newline: '\n', escapeFormulae: true }), '\n')}\n`);
    return;
  }
  const style = styleFor(face, flags.color);
  for (const hit of document.hits) face.out(`${hitLine(hit, style)}\n`);
  if (document.hits.length > 0) face.out('\n');
  const tags = new Map(rules.map(({ file, rule }) => [`${file}\0${rule.title}`, rule.tags]));
  const lines = huntSummary(document, ({ file, title }) => tags.get(`${file}\0${title}`) ?? [], style);
  face.out(`${lines.join('\n')}\n`);
}

function append(text: string, before: readonly string[] = []): readonly string[] {
  if (text === '') throw new InvalidArgumentError('It is empty.');
  return [...before, text];
}
