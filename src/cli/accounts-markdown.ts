// The story of accounts as a report in Markdown, to be put in a ticket. Text out of logs stays text: nothing in it is taken for Markdown or HTML.

import type { AccountLife, AccountsDocument } from '../accounts/document.ts';
import { escapedMarkdown } from '../design/report/markdown.ts';
import {
  benignGroups,
  blindWords,
  foldedDeeds,
  type HostPart,
  isBenignLife,
  MOST_DEEDS,
  NO_HOST,
  type NumberedChange,
  partsOf,
} from './accounts-choice.ts';
import { NO_LAYER, unreadableWords } from './accounts-coverage-text.ts';
import { endWords, tallyWords } from './accounts-text.ts';
import {
  accountWords,
  actorWords,
  evidenceWords,
  inferredWords,
  LAYER_LETTERS,
  LAYER_WORDS,
  LEGEND,
  marksOf,
  quoted,
  sentenceOf,
  settingWords,
  timeWords,
} from './accounts-words.ts';
import { brief, count, listed } from './print.ts';

/** A text of any origin, on one line, as Markdown that shows just that text. */
export function markdownText(text: string, limit = 600): string {
  return escapedMarkdown(brief(text, limit));
}

/** A whole report. */
export function accountsMarkdown(document: AccountsDocument, all: boolean): string {
  const { hosts, domain } = partsOf(document);
  const sections = [
    ['# Account and group changes'],
    summaryLines(document, hosts),
    ...hosts.map((host) => timelineLines(host.name, host.changes, all)),
    timelineLines("A domain's own", domain, all),
    ...hosts.map((host) => lifeLines(host, document, all)),
    findingLines(document),
    coverageLines(hosts),
    evidenceLines(document, all),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** A table with its heading; cells are Markdown already. */
function table(heading: string, names: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [heading, '', row(...names), row(...names.map(() => '---')), ...rows.map((cells) => row(...cells))];
}

function summaryLines({ changes, counts }: AccountsDocument, hosts: readonly HostPart[]): string[] {
  if (hosts.length === 0) return [NO_LAYER];
  return [
    '## Summary',
    '',
    `- ${tallyWords(changes)}, on ${count(hosts.length, 'host')}, in ${count(counts.events, 'event')}`,
    ...(counts.unreadable > 0 ? [`- ${unreadableWords(counts.unreadable)}`] : []),
    ...hosts.map(
      ({ name, changes: own, coverage }) =>
        `- ${markdownText(name, 120)}: ${own.length === 0 ? 'no local change was seen' : tallyWords(own.map(({ change }) => change))}; ${blindWords(coverage, LAYER_LETTERS)}`,
    ),
  ];
}

function timelineLines(name: string, changes: readonly NumberedChange[], all: boolean): string[] {
  if (changes.length === 0) return [];
  const shown = all ? changes : changes.filter(({ change }) => !change.benign);
  const hidden = all ? [] : benignGroups(changes);
  const rows = shown.map(({ number, change }) => [
    String(number),
    timeWords(change.time),
    marksOf(change.layers),
    markdownText(sentenceOf(change)),
    markdownText(actorWords(change.actor), 1000),
    detailsOf(change)
      .map((text) => markdownText(text))
      .join('<br>'),
  ]);
  const heading = `## Timeline: ${markdownText(name, 120)}`;
  return [
    ...(rows.length === 0 ? [heading] : table(heading, ['No.', 'Time (UTC)', 'Layers', 'Change', 'By', 'More'], rows)),
    '',
    ...hidden.map(
      ({ by, proof, count: many, first, last }) =>
        `- benign, ${markdownText(by)}: ${count(many, 'change')}, ${timeWords(first)} to ${timeWords(last)}: ${markdownText(proof)}`,
    ),
    ...(hidden.length > 0 ? [''] : []),
    markdownText(LEGEND),
  ];
}

function detailsOf(change: NumberedChange['change']): readonly string[] {
  const settings = settingWords(change);
  const inferred = inferredWords(change);
  return [
    ...(inferred === undefined ? [] : [inferred]),
    ...(change.benign ? [`benign, ${change.benign.by}: ${change.benign.proof}`] : []),
    ...(settings === '' ? [] : [`settings: ${settings}`]),
    ...change.notes.map((note) => `note: ${note}`),
  ];
}

function lifeLines({ name, accounts }: HostPart, document: AccountsDocument, all: boolean): string[] {
  const lives = accounts.filter((life) => all || !isBenignLife(life, document));
  if (lives.length === 0) return [];
  const rows = lives.map((life) => [
    markdownText(accountWords(life.account)),
    markdownText(life.account.sid ?? ''),
    markdownText(listed(life.names.map(quoted), 'then')),
    life.created === null ? 'not in these records' : timeWords(life.created),
    life.deleted === null ? '' : timeWords(life.deleted),
    life.deleted === null ? markdownText(endWords(life)) : 'deleted',
    life.changes.map((index) => index + 1).join(', '),
    deedsOf(life, all),
  ]);
  return table(
    `## Accounts: ${markdownText(name, 120)}`,
    ['Account', 'SID', 'Names', 'Created', 'Deleted', 'At the end', 'Changes', 'Did'],
    rows,
  );
}

function deedsOf(life: AccountLife, all: boolean): string {
  const deeds = foldedDeeds(life);
  const shown = all ? deeds : deeds.slice(0, MOST_DEEDS);
  const texts = shown.map(({ text, first, last, many }) =>
    markdownText(
      `${timeWords(first)} ${text.slice(0, 300)}${many > 1 ? ` (${many} times, up to ${timeWords(last)})` : ''}`,
    ),
  );
  return [...texts, ...(deeds.length > shown.length ? [`and ${deeds.length - shown.length} more`] : [])].join('<br>');
}

function findingLines({ findings }: AccountsDocument): string[] {
  if (findings.length === 0) return [];
  return [
    '## Findings besides',
    '',
    ...findings.map(
      ({ what, host, evidence }) =>
        `- ${markdownText(host ?? NO_HOST, 120)}: ${markdownText(what)} (${markdownText(evidenceWords(evidence))})`,
    ),
  ];
}

function coverageLines(hosts: readonly HostPart[]): string[] {
  const rows = hosts.flatMap(({ name, coverage }) =>
    coverage.map(({ layer, verdict, saw, missed, why, fix }) => [
      markdownText(name, 120),
      `${LAYER_LETTERS[layer]} ${LAYER_WORDS[layer]}`,
      verdict,
      verdict === 'data' ? `saw ${saw}, missed ${missed}` : 'could not have seen',
      markdownText(why),
      markdownText(fix ?? ''),
    ]),
  );
  if (rows.length === 0) return [];
  return table('## Coverage', ['Host', 'Layer', 'Verdict', 'Changes', 'Why', 'To have it'], rows);
}

function evidenceLines({ changes }: AccountsDocument, all: boolean): string[] {
  const shown = changes.flatMap((change, index) =>
    all || !change.benign ? [`- No. ${index + 1}: ${markdownText(evidenceWords(change.evidence), 4000)}`] : [],
  );
  return shown.length === 0 ? [] : ['## Evidence', '', ...shown];
}
