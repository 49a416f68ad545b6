// `winnow design report`: the detection strategy document of each dossier, printed, or written with diagram and rules into a folder.

import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { funnelDiagram } from '../../design/diagram.ts';
import type { FunnelDocument } from '../../design/document.ts';
import { dettectAdministration } from '../../design/export/dettect-administration.ts';
import { navigatorLayer } from '../../design/export/navigator-layer.ts';
import { reportHtml } from '../../design/report/html.ts';
import { reportMarkdown } from '../../design/report/markdown.ts';
import { strategyBlocks, strategyTitle } from '../../design/report/strategy.ts';
import type { Subject } from '../../design/report/subject.ts';
import { type RuleFile, ruleFiles, writtenRules } from '../../design/rule-folder.ts';
import { designRules, fileNameOf } from '../../design/rules.ts';
import { UsageError } from '../../errors.ts';
import { type FunnelRun, funnelGrammar, runFunnels } from '../design-run.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { writeTextFile } from '../files.ts';
import { brief, type Face, jsonText, plain } from '../print.ts';

export const name = 'report';
export const summary = 'the detection strategy of each dossier, as a document';

interface ReportFlags {
  readonly html?: boolean;
  readonly json?: boolean;
  readonly write?: string;
}

export function grammar(command: Command): Command {
  return funnelGrammar(command)
    .option('--html', 'print HTML, with the diagram in it; without, Markdown')
    .option(
      '--write <DIR>',
      'write report.md, report.html, diagram.svg and rules/ into this folder, of several dossiers below it, and the exports for the Navigator and DeTT&CT',
    )
    .addOption(
      new Option('--json', 'print the texts with the documents that they were made of').conflicts(['html', 'write']),
    )
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Goal, categorisation, strategy abstract, technical context, blind spots and assumptions, false positives, validation, priority, response: all of it from the funnel, with the step, session or count that each statement rests on, and what is not known.
An empty scope gives a document that says so, with the step that emptied it and the smallest change.

Examples:
  winnow design report T1003.001.yaml --environment company.yaml
  winnow design report T1003.001.yaml --environment company.yaml --html > strategy.html
  winnow design report dossiers --environment company.yaml --write strategies/`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const flags = command.opts<ReportFlags>();
  const ran = await runFunnels(command, face);
  if (!ran) return EXIT.input;
  const subjects = ran.documents.map((funnel, index) => subjectOf(funnel, index, ran));
  if (flags.html && flags.write === undefined && subjects.length > 1)
    throw new UsageError('one HTML file holds one report: name one dossier, or --write a folder for all of them');
  if (flags.json)
    face.out(
      jsonText({
        schema: 'winnow.design-report/1',
        dossiers: subjects.map((subject) => ({
          dossier: subject.funnel.id,
          markdown: markdownOf(subject),
          funnel: subject.funnel,
        })),
      }),
    );
  else if (flags.write !== undefined) {
    writeReports(flags.write, subjects, face);
    writeFiles(flags.write, exportsOf(ran), face);
  } else if (flags.html) face.out(htmlOf(subjects[0]));
  else face.out(subjects.map((subject) => markdownOf(subject)).join('\n'));
  return ran.code;
}

function subjectOf(funnel: FunnelDocument, index: number, { techniques, environment }: FunnelRun): Subject {
  return { funnel, technique: techniques[index], environment };
}

function markdownOf(subject: Subject, diagram?: string): string {
  return reportMarkdown(strategyBlocks(subject), diagram);
}

function htmlOf(subject: Subject): string {
  return reportHtml(strategyTitle(subject), strategyBlocks(subject), funnelDiagram([subject.funnel]));
}

/** Writes everything below the folder, and says where. */
function writeReports(folder: string, subjects: readonly Subject[], face: Face): void {
  const taken = new Set<string>();
  for (const subject of subjects) {
    const { funnel, technique, environment } = subject;
    const own = subjects.length === 1 ? folder : join(folder, fileNameOf(funnel.id, taken));
    const rules = writtenRules(designRules(funnel, technique, environment), 'sigma');
    const files: readonly RuleFile[] = [
      { path: 'report.md', text: markdownOf(subject, 'diagram.svg') },
      { path: 'report.html', text: htmlOf(subject) },
      { path: 'diagram.svg', text: funnelDiagram([funnel]) },
      ...ruleFiles(rules, 'sigma').map(({ path, text }) => ({ path: `rules/${path}`, text })),
    ];
    writeFiles(own, files, face);
    for (const { name: rule, refused } of rules)
      if (refused !== null) face.err(`winnow: ${plain(funnel.id)}: ${plain(rule)} is not written: ${brief(refused)}\n`);
  }
}

/** What other tools take of all dossiers together: a layer of the ATT&CK Navigator, and DeTT&CT's two administration files. */
function exportsOf({ documents, environment }: FunnelRun): readonly RuleFile[] {
  const { techniques, dataSources } = dettectAdministration(documents, environment);
  return [
    { path: 'navigator-layer.json', text: jsonText(navigatorLayer(documents)) },
    { path: 'dettect-techniques.yaml', text: techniques },
    { path: 'dettect-data-sources.yaml', text: dataSources },
  ];
}

function writeFiles(folder: string, files: readonly RuleFile[], face: Face): void {
  for (const { path, text } of files) {
    const place = join(folder, ...path.split('/'));
    writeTextFile(place, text);
    face.out(`${plain(place)}\n`);
  }
}
