// The children document in words, for a terminal: parent, modules, children, blind spots, the rule; addresses only when asked for.
import type {
  BlindSpot,
  Child,
  ChildrenDocument,
  Confidence,
  ModuleEntry,
  ParentImage,
  RuleLanguage,
  SiteEntry,
} from '../children/document.ts';
import { modulesMissing } from '../children/module-entries.ts';
import { documentLines } from './children-documents-text.ts';
import { classLines } from './classes-text.ts';
import { collectCommand } from './collect-modules.ts';
import { loadLines } from './loads-text.ts';
import { brief, count, listed, plain, type Style } from './print.ts';
import { reachWords, whenWords } from './reach-words.ts';
import { realityLines } from './reality-text.ts';
import { answerLine } from './registry-answer-text.ts';
import { watchedLines } from './watched-text.ts';

export interface TextOptions {
  readonly style: Style;
  /** Every call site with its address and arguments. */
  readonly sites: boolean;
  /** Every class that is asked for. */
  readonly com?: boolean;
  /** Every name that is not a child, with why. */
  readonly strings: boolean;
  /** No --to was given: the languages that were not shown are named. */
  readonly defaultLanguage: boolean;
}

/** Each rule language's name as its makers write it. */
export const LANGUAGE_NAMES: Readonly<Record<RuleLanguage, string>> = {
  eql: 'EQL',
  elastic: 'Elastic detection rule',
  sigma: 'Sigma',
  defender: 'KQL for Microsoft Defender',
  sentinel: 'KQL for Microsoft Sentinel',
  splunk: 'SPL for Splunk',
  'splunk-cim': 'SPL for the Common Information Model',
  esql: 'ES|QL',
  dsl: 'query DSL of Elasticsearch and OpenSearch',
  lucene: 'Lucene',
  sysmon: 'Sysmon configuration',
  sql: 'SQL for DuckDB',
};

/** The whole report, ending in a newline. */
export function childrenText(document: ChildrenDocument, options: TextOptions): string {
  const { style } = options;
  const sections = [
    parentLines(document, style),
    ...moduleSections(document, style),
    childLines(document, style),
    documentLines(document.documents, style, moduleOf),
    blindSpotLines(document, style),
    classLines(document, { style, all: options.com === true || options.sites, sites: options.sites }),
    verdictLines(document, options),
    loadLines(document, options),
    genericLines(document, style),
    watchedLines(document, style),
    options.sites ? siteLines(document, style) : [],
    options.strings ? stringLines(document, options) : [],
    document.reality ? realityLines(document.reality, style) : [],
    noteLines(document, style),
    hintLines(document, options),
    ruleLines(document, options),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Only the rules, one after the other, each ending in a newline. */
export function rulesText(document: ChildrenDocument): string {
  return document.rule.map((rule) => `${plain(rule.text.trimEnd(), '\n\t')}\n`).join('\n');
}

function parentLines({ parent, builds }: ChildrenDocument, style: Style): string[] {
  if (builds === undefined) return imageLines(parent, style);
  return [
    `${style.heading(brief(parent.image))}  ${count(builds.length, 'build')}`,
    ...builds.flatMap(({ image }) => imageLines(image, style).map((line) => `  ${line}`)),
  ];
}

function imageLines(image: ParentImage, style: Style): string[] {
  const kind = image.kind === 'module' ? 'module (DLL)' : image.console ? 'console program' : 'program';
  const lines = [
    `${style.heading(brief(image.image))}  ${image.version === null ? 'no version' : brief(image.version)}, ${image.arch}, ${kind}`,
  ];
  if (image.path !== image.image) lines.push(`  ${brief(image.path)}`);
  if (image.sha256) lines.push(`  SHA-256 ${plain(image.sha256)}`);
  return lines;
}

/** Where something stands: the module, and of several builds which. */
function moduleOf({ module, build }: { readonly module: string; readonly build?: string }): string {
  return build === undefined ? brief(module) : `${brief(module)} of ${brief(build)}`;
}

function moduleSections(document: ChildrenDocument, style: Style): string[][] {
  const { parent, builds, modules } = document;
  if (builds === undefined) return [moduleLines(modules, parent, 'Modules', style)];
  return builds.map(({ name, image }) =>
    moduleLines(
      modules.filter(({ build }) => build === name),
      image,
      `Modules of ${brief(name)}`,
      style,
    ),
  );
}

function moduleLines(modules: readonly ModuleEntry[], image: ParentImage, heading: string, style: Style): string[] {
  if (modules.length === 0) return [];
  const missing = modulesMissing(modules);
  const lines = [style.heading(heading)];
  const read = modules.filter((m) => m.role !== 'generic' && !missing.includes(m));
  const roleWidth = Math.max(...read.map((m) => m.role.length), missing.length > 0 ? 7 : 0, 7);
  const nameWidth = Math.min(32, Math.max(0, ...[...read, ...missing].map((m) => brief(m.name).length)));
  for (const m of read) {
    const what = m.skipped
      ? `not analysed: ${brief(m.skipped)}`
      : `${count(m.sites, 'call site')}${m.symbols ? `, functions named by ${brief(m.symbols)}` : ''}`;
    const by = m.loadedBy ? `, loaded by ${brief(m.loadedBy)}` : '';
    lines.push(`  ${m.role.padEnd(roleWidth)}  ${brief(m.name).padEnd(nameWidth)}  ${what}; ${brief(m.reason)}${by}`);
  }
  for (const m of missing) {
    const by = m.loadedBy ? `, loaded by ${brief(m.loadedBy)}` : '';
    lines.push(
      `  ${style.doubt('missing'.padEnd(roleWidth))}  ${brief(m.name).padEnd(nameWidth)}  not found, so what it starts is not known; ${brief(m.reason)}${by}`,
    );
  }
  for (const line of genericLinesOf(modules)) lines.push(style.weak(`  ${'generic'.padEnd(roleWidth)}  ${line}`));
  if (missing.length > 0) {
    const { command, leftOut } = collectCommand(
      missing.map((m) => m.name),
      image.arch === 'x86',
    );
    lines.push('');
    if (command) {
      lines.push(
        '  To collect the missing ones, in PowerShell on a host that has them (then --modules winnow-modules):',
        `  ${command}`,
      );
    }
    for (const name of leftOut)
      lines.push(`  ${brief(name)} has a name too odd to stand in a command; copy it by hand.`);
  }
  return lines;
}

const NUMBER = /\d[\d,.]*\d|\d/g;

/** Modules whose reasons differ in their numbers only share a line, each with its own numbers: "a.dll (12), b.dll (7): used by N files". */
function genericLinesOf(modules: readonly ModuleEntry[]): string[] {
  const groups = new Map<string, ModuleEntry[]>();
  for (const m of modules) {
    if (m.role !== 'generic') continue;
    const wording = m.reason.replace(NUMBER, 'N');
    groups.set(wording, [...(groups.get(wording) ?? []), m]);
  }
  return [...groups.values()].map((group) => {
    const numbers = group.map((m) => m.reason.match(NUMBER) ?? []);
    const differs = numbers[0].map((first, i) => numbers.some((own) => own[i] !== first));
    const names = group.map((m, which) => {
      const own = numbers[which].filter((_, i) => differs[i]);
      return own.length > 0 ? `${brief(m.name)} (${own.join('; ')})` : brief(m.name);
    });
    let place = 0;
    const reason = group[0].reason.replace(NUMBER, (number) => (differs[place++] ? 'N' : number));
    return `${names.join(', ')}: ${brief(reason)}`;
  });
}

const CONFIDENCES: readonly Confidence[] = ['proven', 'likely', 'possible'];

function childLines({ children, parent, blindSpots }: ChildrenDocument, style: Style): string[] {
  if (children.length === 0) {
    const more = blindSpots.length > 0 ? ', but see the blind spots' : '';
    return [style.heading('Children'), `  None found in what was read of ${brief(parent.image)}${more}.`];
  }
  const tally = CONFIDENCES.map((c) => [children.filter((child) => child.confidence === c).length, c] as const)
    .filter(([n]) => n > 0)
    .map(([n, c]) => `${n} ${c}`);
  const lines = [style.heading(`Children (${tally.join(', ')})`)];
  for (const confidence of CONFIDENCES) {
    const mark = confidence === 'proven' ? style.sure : confidence === 'likely' ? style.doubt : style.weak;
    for (const child of children) {
      if (child.confidence !== confidence) continue;
      lines.push(`  ${mark(confidence.padEnd(8))}  ${childSentence(child, style)}`);
      if (child.commandLine !== null && child.commandLine !== '*') {
        lines.push(`            command line: ${brief(child.commandLine)}`);
      }
      if (child.when) lines.push(`            only when ${whenWords(child.when)}`);
    }
  }
  return lines;
}

/** "cofire.exe, started from %windir%\system32\cofire.exe, seen in WerFault.exe". */
export function childSentence(child: Child, style: Style): string {
  const modules = [...new Set(child.evidence.map((e) => e.module))].map((m) => brief(m));
  const where = child.path === null ? 'path not known' : `started from ${brief(child.path)}`;
  const parts = [
    style.strong(brief(child.image)),
    child.confidence === 'possible' ? `named near a call site, not followed to it (${where})` : where,
  ];
  if (child.through === 'shell') parts.push("named inside a shell's command line, so the shell is its parent");
  if (child.through === 'document') parts.push('started to open a document');
  if (modules.length > 0) parts.push(`seen in ${listed(modules)}`);
  const reach = reachWords(child.reach);
  if (reach) parts.push(reach);
  if (child.builds) parts.push(`in ${listed(child.builds.map((build) => brief(build)))}`);
  return parts.join(', ');
}

function blindSpotLines({ blindSpots }: ChildrenDocument, style: Style): string[] {
  if (blindSpots.length === 0) return [];
  const groups = new Map<string, { spot: BlindSpot; sites: number }>();
  for (const spot of blindSpots) {
    const when = spot.when?.parentArguments.map(({ anyOf }) => anyOf);
    const about = [spot.reason, spot.registry ?? [], spot.detail, spot.build, spot.module, spot.sink];
    const key = JSON.stringify([...about, when]);
    const group = groups.get(key);
    if (group) group.sites++;
    else groups.set(key, { spot, sites: 1 });
  }
  const lines = [style.heading('Blind spots (the file alone does not say what is started here)')];
  const width = [...groups.values()].reduce((widest, { spot }) => Math.max(widest, spot.reason.length), 0);
  for (const { spot, sites } of groups.values()) {
    const times = sites > 1 ? `, ${count(sites, 'call site')}` : '';
    lines.push(
      `  ${style.doubt(spot.reason.padEnd(width))}  ${brief(spot.detail)} (${brief(spot.sink)} in ${moduleOf(spot)}${times})`,
    );
    for (const { key, value } of spot.registry ?? []) {
      lines.push(`  ${''.padEnd(width)}  look in ${brief(key)}, value ${value === '' ? '(default)' : brief(value)}`);
    }
    for (const answer of spot.answers ?? []) lines.push(`  ${''.padEnd(width)}  ${answerLine(answer, style)}`);
    if (spot.when) lines.push(`  ${''.padEnd(width)}  only when ${whenWords(spot.when)}`);
  }
  return lines;
}

function verdictLines({ verdict }: ChildrenDocument, { style, sites }: TextOptions): string[] {
  const lines = verdict.sites.map(
    (open) =>
      `  ${style.doubt(brief(open.reason))}  ${brief(open.sink)}${sites ? ` at ${plain(open.site)}` : ''} in ${moduleOf(open)}`,
  );
  return [
    style.heading(`Verdict: ${verdict.kind === 'open' ? 'open' : 'closed'} parent`),
    `  ${brief(verdict.reason, 600)}`,
    ...unique(lines),
  ];
}

function genericLines({ generic }: ChildrenDocument, style: Style): string[] {
  if (generic.length === 0) return [];
  return [
    style.heading("Generic children (Windows starts these on any program's behalf; not found in the file)"),
    ...generic.map((g) => `  ${style.strong(brief(g.image))}, ${brief(g.why)}`),
  ];
}

function siteLines({ sites }: ChildrenDocument, style: Style): string[] {
  if (sites.length === 0)
    return [style.heading('Call sites'), '  None: no process-creation API is called in what was read.'];
  const lines = [style.heading(`Call sites (${sites.length})`)];
  for (const module of new Set(sites.map(moduleOf))) {
    lines.push(`  ${style.strong(module)}`);
    for (const site of sites) if (moduleOf(site) === module) lines.push(...oneSite(site));
  }
  return lines;
}

function oneSite(site: SiteEntry): string[] {
  const name = site.functionName ? ` ${brief(site.functionName)}` : '';
  const callers = site.callers.length > 0 ? `, called from ${site.callers.map((c) => plain(c)).join(' ')}` : '';
  const lines = [
    `    ${plain(site.site)}  ${brief(site.sink)} (${viaWords(site.via)}), in function ${plain(site.function)}${name}${callers}`,
  ];
  for (const [role, values] of Object.entries(site.arguments)) {
    lines.push(
      `        ${brief(role)}: ${values.length === 0 ? 'not known' : values.map((v) => brief(v)).join(' | ')}`,
    );
  }
  return lines;
}

/** How a call reaches its sink, in words. */
export function viaWords(via: SiteEntry['via']): string {
  switch (via) {
    case 'import':
      return 'imported';
    case 'delay':
      return 'delay import';
    case 'ordinal':
      return 'imported by ordinal';
    case 'thunk':
      return 'through a jump thunk';
    case 'getprocaddress':
      return 'found by GetProcAddress';
  }
}

function stringLines({ strings }: ChildrenDocument, { style, sites }: TextOptions): string[] {
  if (strings.length === 0) return [style.heading('Names that are not children'), '  None.'];
  return [
    style.heading(`Names that are not children (${strings.length})`),
    ...strings.map((s) => {
      const at = sites
        ? ` at ${plain(s.address)}, referred to by ${s.referrers.map((r) => plain(r)).join(' ') || 'nothing'}`
        : '';
      return `  ${style.strong(brief(s.text))} in ${moduleOf(s)}${at}: ${brief(s.why)}`;
    }),
  ];
}

function noteLines({ notes }: ChildrenDocument, style: Style): string[] {
  if (notes.length === 0) return [];
  return [style.heading('Notes'), ...unique(notes.map((n) => `  ${brief(n.about)}: ${brief(n.text, 600)}`))];
}

function hintLines(document: ChildrenDocument, { sites, strings, style }: TextOptions): string[] {
  const hints: string[] = [];
  if (!sites && document.sites.length > 0) {
    hints.push(`--sites lists the ${count(document.sites.length, 'call site')} with their arguments`);
  }
  if (!strings && document.strings.length > 0) {
    hints.push(
      `--strings lists ${count(document.strings.length, 'program name')} that ${document.strings.length === 1 ? 'is no child' : 'are no children'}`,
    );
  }
  const first = document.builds === undefined ? document.children[0] : undefined;
  if (first) hints.push(`--explain ${quoted(first.image)} shows how a child is known`);
  if (document.blindSpots.length > 0 && document.builds === undefined)
    hints.push('--explain with the address of a call site shows what was followed to a blind spot');
  return hints.length > 0 ? [style.weak(`${hints.join('; ')}.`)] : [];
}

function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : 'CHILD';
}

function ruleLines(document: ChildrenDocument, { style, defaultLanguage }: TextOptions): string[] {
  if (document.rule.length === 0) {
    const why =
      document.parent.kind === 'module'
        ? `${brief(document.parent.image)} is a module, and an event names the process that hosts it: give that with --host PROGRAM`
        : 'the notes say why';
    return [style.heading('No rule'), `  ${why}.`];
  }
  const blocks = document.rule.map((rule) =>
    [style.heading(`Rule (${LANGUAGE_NAMES[rule.language]})`), '', plain(rule.text.trimEnd(), '\n\t')].join('\n'),
  );
  const [{ notWritten }] = document.rule;
  if (notWritten !== undefined)
    blocks.unshift(
      [style.heading('No rule of unlisted children'), `  ${brief(notWritten, 600)}. What can still be detected:`].join(
        '\n',
      ),
    );
  if (defaultLanguage) {
    const others = (Object.keys(LANGUAGE_NAMES) as RuleLanguage[]).filter((l) =>
      document.rule.every((r) => r.language !== l),
    );
    if (others.length > 0) blocks.push(style.weak(`Other languages: --to ${others.join('|')}`));
  }
  return [blocks.join('\n\n')];
}

function unique(lines: readonly string[]): string[] {
  return [...new Set(lines)];
}
