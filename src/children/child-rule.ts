// From the children of a program to the rule that finds any other child of it.
import { UsageError } from '../errors.ts';
import { and, type Condition, like, named, not, or } from '../rule/condition.ts';
import { type LanguageId, languages } from '../rule/emit/index.ts';
import { literal } from '../rule/pattern.ts';
import type { Rule, RuleNotes } from '../rule/rule.ts';
import { uuidV5 } from '../rule/uuid-v5.ts';
import { visibleText } from '../rule/visible-text.ts';
import { type Exclusion, exclusionAbout, exclusionCondition, findExclusions } from './child-rule-exclusions.ts';
import { blindSpotNotes, isOpen, limitNotes } from './child-rule-notes.ts';
import type { ChildrenDocument, Confidence, EmittedRule, ExcludedChild, RuleLanguage } from './document.ts';

/** Namespace of the identifiers of children rules; the name within it is the schema and the parent, in lower case. */
export const CHILD_RULE_NAMESPACE = '0f85e616-a3d5-4777-824d-bd37b4acf9f9';

export interface RuleOptions {
  readonly languages: readonly RuleLanguage[];
  /** The least sure children that the rule lets pass; "likely" where it is not given. */
  readonly minConfidence?: Confidence;
  /** Lets pass what usually stands in the registry values that name a child, too: known of Windows, not from the file. */
  readonly usual?: boolean;
  /** "YYYY-MM-DD". Without it Sigma has no date and the Elastic rule a fixed one, NO_DATE of its emitter. */
  readonly date?: string;
  /** For a module (DLL): the program whose process it runs in, "svchost.exe". */
  readonly host?: string;
}

export interface ChildRule {
  readonly rule: Rule;
  readonly excluded: readonly ExcludedChild[];
  /** The parent's own command line decides what it starts, so that legitimate uses of it will match. */
  readonly open: boolean;
}

type Document = Omit<ChildrenDocument, 'rule'>;

/** The rule in each wanted language. A module without `options.host` has no process to write a rule for: the list is empty. */
export function emitRules(document: Document, options: RuleOptions): readonly EmittedRule[] {
  if (document.parent.kind === 'module' && options.host === undefined) return [];
  const { rule, excluded } = ruleFor(document, options);
  return options.languages.map((id) => ({ language: id, text: languageOf(id).emit(rule), excluded }));
}

function languageOf(id: RuleLanguage & LanguageId) {
  if (!Object.hasOwn(languages, id))
    throw new UsageError(`no rule language "${id}"; there are ${Object.keys(languages).join(', ')}`);
  return languages[id];
}

/** The rule "the parent is X and the child is none of these". UsageError for a module without a host and for a date that is none. */
export function ruleFor(document: Document, options: RuleOptions): ChildRule {
  const { parent } = document;
  if (parent.kind === 'module' && options.host === undefined) {
    throw new UsageError(`${visibleText(parent.image)} is a module: name the program that hosts it to get a rule`);
  }
  const process = processName(document, options);
  const open = isOpen(document);
  const { excluded, left } = findExclusions(document, options.minConfidence ?? 'likely', options.usual);
  const rule: Rule = {
    id: uuidV5(CHILD_RULE_NAMESPACE, [document.schema, ...subject(document, options)].join('/').toLowerCase()),
    title: shortened(
      `Unusual Child Process of ${process}${parent.kind === 'module' ? ` Hosting ${parent.image}` : ''}`,
    ),
    description: describe(document, process, excluded),
    status: 'experimental',
    severity: open ? 'low' : 'medium',
    authors: ['Winnow'],
    license: 'Apache-2.0',
    date: checkedDate(options.date),
    references: [
      'https://attack.mitre.org/techniques/T1055/',
      ...(open ? ['https://attack.mitre.org/techniques/T1202/'] : []),
    ],
    falsePositives: falsePositives(document, process, open),
    threats: [
      {
        tactic: { id: 'TA0004', name: 'Privilege Escalation' },
        technique: { id: 'T1055', name: 'Process Injection' },
      },
    ],
    logSource: 'process-creation',
    condition: conditionOf(process, excluded),
    notes: [
      ...hostNotes(document, process),
      ...openNotes(process, open),
      ...blindSpotNotes(document),
      ...leftNotes(left),
      ...limitNotes(document),
    ],
    triage: [
      `See which program was started and from which folder, and by which command line; a program of ${process} itself stands in its own file or in a module it loads.`,
      `See whether ${process} ran from its usual folder, with its usual signature and parent: a copy of the name is no proof of the program.`,
      `See what was loaded into or written to ${process} before: a child that its code cannot start comes from foreign code, a plug-in, or a configuration value named under the blind spots.`,
    ],
  };
  return { rule, excluded: excluded.map(({ image, by, why }) => ({ image, by, why })), open };
}

/** The file name of the process that the rule watches. */
function processName({ parent }: Document, { host }: RuleOptions): string {
  const name = (host ?? parent.image).split(/[\\/]/).at(-1) ?? '';
  if (name === '') throw new UsageError('a rule needs the name of the parent program');
  return name;
}

function subject(document: Document, options: RuleOptions): readonly string[] {
  const process = processName(document, options);
  return document.parent.kind === 'module' ? [process, document.parent.image] : [process];
}

function conditionOf(process: string, excluded: readonly Exclusion[]): Condition {
  const selection = named(
    'selection',
    `${process} starts a process`,
    [],
    like('process.parent.image', literal(process)),
  );
  if (excluded.length === 0) return selection;
  const names = new Set<string>();
  const filters = excluded.map((exclusion) =>
    named(filterName(exclusion, names), exclusionAbout(exclusion), exclusion.evidence, exclusionCondition(exclusion)),
  );
  return and(selection, not(or(...filters)));
}

function filterName({ image, origin }: Exclusion, taken: Set<string>): string {
  const stem = image
    .toLowerCase()
    .replace(/\.exe$/, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60);
  const base = `filter_main_${origin === 'file' ? '' : `${origin}_`}${stem === '' ? 'child' : stem}`;
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}_${count}`;
  taken.add(name);
  return name;
}

function describe({ parent, modules }: Document, process: string, excluded: readonly Exclusion[]): string {
  const version = parent.version === null ? '' : ` version ${parent.version}`;
  const file = `${parent.image}${version} (${parent.arch}${parent.sha256 === '' ? '' : `, SHA-256 ${parent.sha256}`})`;
  const read = modules.filter((module) => module.role === 'specific' && module.found).map((module) => module.name);
  const files = read.length === 0 ? file : `${file} and of its modules ${read.join(', ')}`;
  const found = excluded.filter(({ origin }) => origin === 'file').length;
  const others = [
    ...(excluded.some(({ origin }) => origin === 'usual')
      ? ['those that usually stand in the registry values it reads']
      : []),
    ...(excluded.some(({ origin }) => origin === 'generic') ? ['those that Windows starts for any process'] : []),
  ];
  const generic = others.length === 0 ? '' : `, and other than ${others.join(' and ')}`;
  const what =
    found === 0
      ? `Finds a child process of ${process}. Static analysis of ${files} shows no program that it starts${generic.replace(', and other', ' other')}.`
      : `Finds a child process of ${process} other than the ${found === 1 ? 'one' : found} that static analysis of ${files} shows${generic}.`;
  return `${what} Such a child can mean that foreign code runs inside ${process}.`;
}

function falsePositives(document: Document, process: string, open: boolean): readonly string[] {
  const keys = document.blindSpots.flatMap((spot) => spot.registry ?? []).map(({ key, value }) => `${key}: ${value}`);
  return [
    ...(document.parent.kind === 'module' ? [`Children of ${process} itself and of other modules in it`] : []),
    ...(open ? [`Every program that ${process} is told to start by its own command line`] : []),
    ...(keys.length > 0 ? [`Programs named by these registry values: ${[...new Set(keys)].join('; ')}`] : []),
    `Plug-ins, shell extensions and security products that run inside ${process} and start programs of their own`,
    `Another version of ${process} than ${document.parent.version ?? 'the one analysed'}, whose children may differ`,
  ];
}

function openNotes(process: string, open: boolean): readonly RuleNotes[] {
  if (!open) return [];
  return [
    {
      heading: 'Open parent',
      lines: [
        `${process} starts what its own command line names. Any child can be legitimate, and none of those is excluded: expect alerts wherever the program is used this way.`,
        `An attacker can start any program through it (indirect command execution): read the parent's command line with each alert.`,
      ],
    },
  ];
}

function hostNotes({ parent }: Document, process: string): readonly RuleNotes[] {
  if (parent.kind !== 'module') return [];
  return [
    {
      heading: 'Hosted module',
      lines: [
        `Only the children of ${parent.image} are let pass: what ${process} itself and the other modules in it start matches, so add their children or the parent's arguments that tell this instance from others.`,
      ],
    },
  ];
}

function leftNotes(left: ReadonlyMap<string, readonly string[]>): readonly RuleNotes[] {
  if (left.size === 0) return [];
  return [
    {
      heading: 'Children that are not excluded',
      lines: [...left].map(([reason, images]) => `${images.join(', ')}: ${reason}`),
    },
  ];
}

function checkedDate(date: string | undefined): string | null {
  if (date === undefined) return null;
  const valid =
    /^\d{4}-\d{2}-\d{2}$/.test(date) &&
    !Number.isNaN(Date.parse(date)) &&
    new Date(date).toISOString().startsWith(date);
  if (!valid) throw new UsageError(`not a date of the form YYYY-MM-DD: "${visibleText(date)}"`);
  return date;
}

/** Sigma allows 256 characters. */
function shortened(title: string): string {
  const characters = [...visibleText(title)];
  return characters.length <= 200 ? characters.join('') : `${characters.slice(0, 197).join('')}...`;
}
