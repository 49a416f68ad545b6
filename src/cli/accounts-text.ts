// The story of accounts in words, for a terminal: of each host the accounts' life lines, the timeline of changes, and what each layer could have seen.

import type { AccountLife, AccountsDocument, Change } from '../accounts/document.ts';
import {
  type BenignGroup,
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
import { coverageLines, NO_LAYER, unreadableWords } from './accounts-coverage-text.ts';
import {
  accountWords,
  actorWords,
  evidenceWords,
  groupWords,
  inferredWords,
  KINDS,
  LAYER_LETTERS,
  LEGEND,
  type Look,
  lineWords,
  marksOf,
  quoted,
  sentenceOf,
  settingWords,
  timeWords,
} from './accounts-words.ts';
import { brief, count, listed, plain, type Style } from './print.ts';

export interface AccountsTextOptions {
  readonly style: Style;
  /** What Windows does by itself is told one by one, and no list is cut. */
  readonly all: boolean;
}

/** Records of one change or finding that are shown without --all. */
const MOST_RECORDS = 8;
/** Findings of one host. */
const MOST_FINDINGS = 5;

/** The whole report, ending in a newline. */
export function accountsText(document: AccountsDocument, options: AccountsTextOptions): string {
  const { style } = options;
  const { hosts, domain } = partsOf(document);
  const sections = [
    summaryLines(document, hosts, style),
    ...hosts.flatMap((host) => hostSections(host, document, options)),
    domainLines(domain, options),
    findingLines(document, options),
    coverageSection(hosts, style),
    hintLines(document, options),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** "5 changes (1 failed, 2 only attempted, 30 by Windows itself)" */
export function tallyWords(changes: readonly Change[]): string {
  const isOwn = ({ benign }: Change): boolean => benign !== undefined;
  const rest = changes.filter((change) => !isOwn(change));
  const done = rest.filter(({ outcome }) => outcome === 'success').length;
  const parts = [
    [rest.filter(({ outcome }) => outcome === 'failure').length, 'failed'],
    [rest.filter(({ outcome }) => outcome === 'attempt').length, 'attempted, effect not seen'],
    [changes.filter(isOwn).length, 'by Windows itself'],
  ] as const;
  const more = parts.filter(([many]) => many > 0).map(([many, what]) => `${many} ${what}`);
  return `${count(done, 'change')}${more.length > 0 ? `, ${more.join(', ')}` : ''}`;
}

function summaryLines({ changes, counts }: AccountsDocument, hosts: readonly HostPart[], style: Style): string[] {
  if (hosts.length === 0) return [NO_LAYER];
  return [
    `${style.heading(tallyWords(changes))}, on ${count(hosts.length, 'host')}, in ${count(counts.events, 'event')}`,
    style.weak(LEGEND),
  ];
}

function hostSections(host: HostPart, document: AccountsDocument, options: AccountsTextOptions): string[][] {
  const { style, all } = options;
  const { name, changes, accounts, coverage } = host;
  const shown = all ? changes : changes.filter(({ change }) => !change.benign);
  const lives = accounts.filter((life) => all || !isBenignLife(life, document));
  const head = style.heading(brief(name, 120));
  if (changes.length === 0 && lives.length === 0)
    return [[head, `  No local change was seen; ${blindWords(coverage, LAYER_LETTERS)}.`]];
  const hidden = all ? [] : benignGroups(changes);
  const accountLines = lifeLines(lives, document, options);
  return [
    ...(accountLines.length === 0 ? [] : [[head, ...accountLines]]),
    [
      ...(accountLines.length === 0 ? [head] : []),
      `  ${style.heading('Timeline')}`,
      ...shown.flatMap((one) => changeLines(one, options)),
      ...hidden.map((group) => benignLine(group, style)),
    ],
  ];
}

function lifeLines(
  lives: readonly AccountLife[],
  document: AccountsDocument,
  options: AccountsTextOptions,
): readonly string[] {
  if (lives.length === 0) return [];
  const byName = new Map<string, AccountLife[]>();
  for (const [index, life] of lives.entries()) {
    const key = life.account.name?.toLowerCase() ?? `\0${index}`;
    const own = byName.get(key);
    if (own) own.push(life);
    else byName.set(key, [life]);
  }
  return [
    `  ${options.style.heading('Accounts')}`,
    ...[...byName.values()].flatMap((own) =>
      own.flatMap((life, i) =>
        lifeLine(life, own.length > 1 ? `life ${i + 1} of ${own.length} under this name` : '', document, options),
      ),
    ),
  ];
}

/** One account's line: from its creation down to its end, with what it did hung on it. */
function lifeLine(
  life: AccountLife,
  which: string,
  document: AccountsDocument,
  { style, all }: AccountsTextOptions,
): readonly string[] {
  const { account, names, created, deleted } = life;
  const title = [
    style.strong(brief(accountWords(account), 150)),
    ...(account.sid ? [plain(account.sid)] : []),
    ...(which === '' ? [] : [which]),
    ...(names.length > 1
      ? [
          `named ${listed(
            names.map((one) => brief(quoted(one), 120)),
            'then',
          )}`,
        ]
      : []),
  ];
  const deeds = foldedDeeds(life);
  const shown = all ? deeds : deeds.slice(0, MOST_DEEDS);
  const points = [
    ...life.changes
      .map((index) => ({ number: index + 1, change: document.changes[index] }))
      .filter(({ change }) => all || !change.benign || BOUNDS.has(change.kind))
      .map(({ number, change }) => ({ time: change.time, text: pointText(change, number, style), end: endOf(change) })),
    ...shown.map(({ first, last, text, many }) => ({
      time: first,
      text: `${style.weak('did')}  ${brief(text, 200)}${many > 1 ? style.weak(`  ${many} times, up to ${timeWords(last)}`) : ''}`,
      end: '|',
    })),
  ].sort((one, other) => order(one.time, other.time));
  return [
    `    ${title.join('  ')}`,
    ...(created === null ? ['      :  its creation is not in these records'] : []),
    ...points.map(({ time, text, end }) => `      ${end}  ${style.weak(timeWords(time))}  ${text}`),
    ...(deeds.length > shown.length
      ? [`      |  ${count(deeds.length - shown.length, 'more deed')} of it (--all)`]
      : []),
    ...(deleted === null ? [`      v  at the end: ${endWords(life)}`] : []),
  ];
}

/** What bounds a life and says what it may do: told also where Windows did it by itself. */
const BOUNDS: ReadonlySet<string> = new Set(['account-created', 'account-deleted', 'member-added', 'member-removed']);

function pointText(change: Change, number: number, style: Style): string {
  const by = change.benign ? style.weak(', by Windows itself') : '';
  return `${lookOf(change, style)(brief(lineWords(change), 200))}${by}  ${style.weak(`#${number}`)}`;
}

/** A line begins with a creation and ends with a deletion. */
function endOf({ kind }: Change): string {
  if (kind === 'account-created' || kind === 'account-resurrected-by-registry') return '*';
  return kind === 'account-deleted' ? 'x' : '|';
}

function order(one: string | null, other: string | null): number {
  return one === other || one === null || other === null ? 0 : one < other ? -1 : 1;
}

/** "enabled; in Users and Administrators" */
export function endWords({ enabled, groups }: AccountLife): string {
  const state = enabled === null ? 'whether it is enabled is not known' : enabled ? 'enabled' : 'disabled';
  const names = groups.map((group) => brief(groupWords(group), 120));
  return `${state}; ${names.length === 0 ? 'no group of it is known' : `in ${listed(names)}`}`;
}

function lookOf({ kind, benign }: Change, style: Style): (text: string) => string {
  if (benign) return style.weak;
  const looks: Readonly<Record<Look, (text: string) => string>> = {
    created: style.sure,
    deleted: style.doubt,
    membership: style.strong,
    password: style.secret,
    suspicious: style.alarm,
    setting: (text) => text,
  };
  return looks[KINDS[kind].look];
}

const TAG_WIDTH = Math.max(...Object.values(KINDS).map(({ tag }) => tag.length));

function changeLines({ number, change }: NumberedChange, options: AccountsTextOptions, host = ''): string[] {
  const { style, all } = options;
  const { outcome, kind, benign, notes, evidence } = change;
  const tag = (outcome === 'success' ? KINDS[kind].tag : outcome.toUpperCase()).padEnd(TAG_WIDTH);
  const mark = outcome === 'success' ? lookOf(change, style) : style.doubt;
  const settings = settingWords(change);
  const inferred = inferredWords(change);
  const more = [
    `by: ${brief(actorWords(change.actor), all ? 4000 : 400)}`,
    ...(inferred === undefined ? [] : [style.doubt(brief(inferred, 400))]),
    ...(benign ? [`benign, ${brief(benign.by)}: ${brief(benign.proof, 400)}`] : []),
    ...(settings === '' ? [] : [`settings: ${brief(settings, all ? 4000 : 200)}`]),
    ...notes.map((note) => `note: ${brief(note, 400)}`),
    style.weak(brief(evidenceWords(evidence, all ? evidence.length : MOST_RECORDS), 600)),
  ];
  return [
    `    ${style.weak(timeWords(change.time))}  ${marksOf(change.layers)}  ${mark(tag)}  ${host}${brief(sentenceOf(change), 400)}  ${style.weak(`#${number}`)}`,
    ...more.map((line) => `        ${line}`),
  ];
}

function benignLine({ by, proof, count: many, first, last }: BenignGroup, style: Style): string {
  const span = first === last ? timeWords(first) : `${timeWords(first)} to ${timeWords(last)}`;
  return style.weak(`    benign  ${brief(by)}, ${count(many, 'change')}, ${span}: ${brief(proof, 300)} (--all)`);
}

function domainLines(domain: readonly NumberedChange[], options: AccountsTextOptions): string[] {
  if (domain.length === 0) return [];
  const { style, all } = options;
  const shown = all ? domain : domain.filter(({ change }) => !change.benign);
  return [
    style.heading("Changes of a domain (not of a host's own accounts)"),
    ...shown.flatMap((one) =>
      changeLines(one, options, one.change.host === null ? '' : `${brief(one.change.host, 120)}: `),
    ),
    ...(all ? [] : benignGroups(domain).map((group) => benignLine(group, style))),
  ];
}

function findingLines({ findings }: AccountsDocument, { style, all }: AccountsTextOptions): string[] {
  if (findings.length === 0) return [];
  const byHost = new Map<string | null, AccountsDocument['findings'][number][]>();
  for (const one of findings) {
    const own = byHost.get(one.host);
    if (own) own.push(one);
    else byHost.set(one.host, [one]);
  }
  return [
    style.heading('Findings besides'),
    ...[...byHost].flatMap(([host, own]) => {
      const shown = all ? own : own.slice(0, MOST_FINDINGS);
      return [
        `  ${brief(host ?? NO_HOST, 120)}`,
        ...shown.flatMap(({ what, evidence }) => [
          `    ${brief(what, 400)}`,
          `        ${style.weak(brief(evidenceWords(evidence, all ? evidence.length : MOST_RECORDS), 600))}`,
        ]),
        ...(own.length > shown.length ? [`    ${count(own.length - shown.length, 'more finding')} (--all)`] : []),
      ];
    }),
  ];
}

function coverageSection(hosts: readonly HostPart[], style: Style): string[] {
  const coverage = hosts.flatMap((host) => host.coverage);
  return coverage.length === 0 ? [] : [style.heading('Coverage'), ...coverageLines(coverage, style)];
}

function hintLines({ changes, counts }: AccountsDocument, { style, all }: AccountsTextOptions): string[] {
  const benign = changes.filter((change) => change.benign).length;
  const hints = [
    ...(counts.unreadable > 0 ? [unreadableWords(counts.unreadable)] : []),
    ...(!all && benign > 0 ? [`--all tells the ${count(benign, 'change')} by Windows itself one by one`] : []),
  ];
  return hints.length > 0 ? [style.weak(`${hints.join('; ')}.`)] : [];
}
