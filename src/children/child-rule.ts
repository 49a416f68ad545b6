// From the children of a program to the rule that finds any other child of it.
import { UnsupportedError, UsageError } from '../errors.ts';
import { and, type Condition, fieldsOf, like, named, not, or } from '../rule/condition.ts';
import { type LanguageId, languages } from '../rule/emit/index.ts';
import type { Language } from '../rule/emit/language.ts';
import { PROCESS_CREATION } from '../rule/log-source.ts';
import { literal } from '../rule/pattern.ts';
import { eventQuery } from '../rule/query.ts';
import { conditionOf, type Rule, type RuleNotes, type Threat } from '../rule/rule.ts';
import { columnFor } from '../rule/taxonomy.ts';
import { uuidV5 } from '../rule/uuid-v5.ts';
import { visibleText } from '../rule/visible-text.ts';
import { type Exclusion, exclusionAbout, exclusionCondition, findExclusions } from './child-rule-exclusions.ts';
import { blindSpotNotes, limitNotes } from './child-rule-notes.ts';
import { besideProtected, openNotes, unprotectedChild } from './child-rule-open.ts';
import { openerNotes } from './child-rule-openers.ts';
import { type OpenScope, openScope, quoted, whenNotes } from './child-rule-scope.ts';
import { type Signer, signedBy, signerNotes } from './child-rule-signer.ts';
import { triageOfUnlisted, triageOfUnprotected } from './child-rule-triage.ts';
import type {
  ChildrenDocument,
  Confidence,
  EmittedRule,
  ExcludedChild,
  ModuleEntry,
  RuleKind,
  RuleLanguage,
} from './document.ts';
import { type HostInstance, instanceCondition } from './hosts/host-instance.ts';
import { hostedModules, isHostRead } from './hosts/hosted-modules.ts';

/** Namespace of the identifiers of children rules; the name within it is the schema and the parent, in lower case. */
export const CHILD_RULE_NAMESPACE = '0f85e616-a3d5-4777-824d-bd37b4acf9f9';

/** The languages that children rules are written in. */
export const CHILD_RULE_LANGUAGES = Object.keys(languages) as readonly (RuleLanguage & LanguageId)[];

export interface RuleOptions {
  readonly languages: readonly RuleLanguage[];
  /** The least sure children that the rule lets pass; "likely" where it is not given. */
  readonly minConfidence?: Confidence;
  /** Lets pass what usually stands in the registry values that name a child, too: known of Windows, not from the file. */
  readonly usual?: boolean;
  /** Lets a child pass only beside the arguments of the parent without which it is not started; a language whose table has no command line of the parent refuses. */
  readonly parentArguments?: boolean;
  /** Lets pass only what is signed as well; a language whose table does not say so refuses. */
  readonly signer?: Signer;
  /** "YYYY-MM-DD". Without it Sigma has no date and the Elastic rule a fixed one, NO_DATE of its emitter. */
  readonly date?: string;
  /** For a module (DLL): the program whose process it runs in, "svchost.exe". */
  readonly host?: string;
  /** Only processes of the parent that run certain services; a language whose table has no command line of the parent refuses. */
  readonly instance?: HostInstance;
}

export interface ChildRule {
  readonly kind: RuleKind;
  readonly rule: Rule;
  /** The file name of the process that it watches. */
  readonly process: string;
  readonly excluded: readonly ExcludedChild[];
  /** Why it is not the rule of unlisted children; only where it is not. */
  readonly notWritten?: string;
}

type Document = Omit<ChildrenDocument, 'rule'>;

/** The rule in each wanted language. A module without `options.host` has no process to write a rule for: the list is empty. */
export function emitRules(document: Document, options: RuleOptions): readonly EmittedRule[] {
  if (document.parent.kind === 'module' && options.host === undefined) return [];
  const { kind, rule, excluded, notWritten } = ruleFor(document, options);
  return options.languages.map((id) => {
    const why = notWritten === undefined ? {} : { notWritten };
    return { language: id, kind, ...why, text: textIn(languageOf(id), rule), excluded, triage: rule.triage };
  });
}

/** UnsupportedError for what the language cannot say, with those that can. */
function textIn(language: Language, rule: Rule): string {
  try {
    return emitted(language, rule);
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    const able = CHILD_RULE_LANGUAGES.filter((id) => canSay(languages[id], rule));
    const way = able.length === 0 ? 'no language can say this rule' : `languages that can: ${able.join(', ')}`;
    throw new UnsupportedError(`no rule in ${language.id}: ${error.message}; ${way}`);
  }
}

function emitted(language: Language, rule: Rule): string {
  // Refuses what the table has no column for, by name, before any text.
  for (const field of fieldsOf(conditionOf(rule, language.title))) columnFor(field, language.taxonomy);
  return language.emit(rule);
}

function canSay(language: Language, rule: Rule): boolean {
  try {
    return emitted(language, rule) !== '';
  } catch (error) {
    if (error instanceof UnsupportedError) return false;
    throw error;
  }
}

function languageOf(id: RuleLanguage & LanguageId): Language {
  if (!CHILD_RULE_LANGUAGES.includes(id))
    throw new UsageError(`no rule language "${id}"; there are ${CHILD_RULE_LANGUAGES.join(', ')}`);
  return languages[id];
}

/**
 * The rule "the parent is X and the child is none of these", or, where X is open and that would be wrong, the one of what can still be
 * detected. UsageError for a module without a host and for a date that is none.
 */
export function ruleFor(document: Document, options: RuleOptions): ChildRule {
  const { parent, verdict } = document;
  if (parent.kind === 'module' && options.host === undefined) {
    throw new UsageError(`${visibleText(parent.image)} is a module: name the program that hosts it to get a rule`);
  }
  const process = processName(document, options);
  const { minConfidence = 'likely', usual, parentArguments } = options;
  const { excluded: all, left } = findExclusions(document, { minConfidence, usual, parentArguments });
  // An open parent that is only told what to start by some of its arguments is not open beside them.
  const scope = parentArguments && verdict.kind === 'open' ? openScope(verdict, process) : undefined;
  const open = verdict.kind === 'open' && scope === undefined;
  const excluded = open ? besideProtected(all) : all;
  const hosted = hostedModules(document);
  const { instance } = options;
  const hosting = instance ? ` ${instance.title}` : hosted.length === 0 ? '' : ` Hosting ${hosted.join(', ')}`;
  const rule: Rule = {
    id: uuidV5(CHILD_RULE_NAMESPACE, [document.schema, ...subject(document, options, open)].join('/').toLowerCase()),
    name: null,
    title: shortened(
      open
        ? `Child Process of ${process}${hosting} from an Unprotected Folder`
        : `Unusual Child Process of ${process}${hosting}`,
    ),
    description: open ? describeOpen(document, process) : describe(document, process, excluded, scope),
    status: 'experimental',
    severity: open ? 'low' : 'medium',
    authors: ['Winnow'],
    license: 'Apache-2.0',
    date: checkedDate(options.date),
    modified: null,
    references: [open ? 'https://attack.mitre.org/techniques/T1202/' : 'https://attack.mitre.org/techniques/T1055/'],
    falsePositives: open ? falsePositivesOfOpen(process) : falsePositives(document, process),
    tags: [],
    threats: open ? [] : [PROCESS_INJECTION],
    logSource: PROCESS_CREATION,
    taxonomy: 'winnow',
    query: eventQuery(childCondition(process, excluded, options, open, scope)),
    notes: [
      ...(instance ? [{ heading: 'Services', lines: instance.notes }] : hostNotes(document, process)),
      ...(open && verdict.kind === 'open' ? openNotes(process, verdict, all) : (scope?.notes ?? [])),
      ...signerNotes(options.signer),
      ...whenNotes(document, process, parentArguments),
      ...blindSpotNotes(document, process),
      ...openerNotes(document, minConfidence),
      ...leftNotes(left),
      ...limitNotes(document, excluded),
    ],
    triage: open ? triageOfUnprotected(document, process) : triageOfUnlisted(document, process, excluded),
  };
  return {
    kind: open ? 'unprotected-child' : 'unlisted-child',
    rule,
    process,
    excluded: excluded.map(({ image, by, why }) => ({ image, by, why })),
    ...(open ? { notWritten: `the rule "child is none of these" would be wrong: ${verdict.reason}` } : {}),
  };
}

const PROCESS_INJECTION: Threat = {
  tactic: { id: 'TA0004', name: 'Privilege Escalation' },
  technique: { id: 'T1055', name: 'Process Injection' },
};

/** The file name of the process that the rule watches. */
function processName({ parent }: Document, { host }: RuleOptions): string {
  const name = (host ?? parent.image).split(/[\\/]/).at(-1) ?? '';
  if (name === '') throw new UsageError('a rule needs the name of the parent program');
  return name;
}

function subject(document: Document, options: RuleOptions, open: boolean): readonly string[] {
  const process = processName(document, options);
  // Another rule than the one of unlisted children, which may stand beside it in a store: another identifier.
  return [
    process,
    ...(options.instance ? ['-s', options.instance.name] : hostedModules(document)),
    ...(open ? ['/open'] : []),
  ];
}

function childCondition(
  process: string,
  excluded: readonly Exclusion[],
  { signer, instance }: RuleOptions,
  open: boolean,
  scope: OpenScope | undefined,
): Condition {
  const names = new Set<string>();
  const starts = named('selection', `${process} starts a process`, [], like('process.parent.image', literal(process)));
  const selection = [
    starts,
    ...(instance === undefined ? [] : [instanceCondition(instance)]),
    ...(scope === undefined ? [] : [scope.condition]),
  ];
  const filters = excluded.map((exclusion) =>
    named(filterName(exclusion, names), exclusionAbout(exclusion), exclusion.evidence, exclusionCondition(exclusion)),
  );
  const unlisted = filters.length === 0 ? [] : [not(or(...filters))];
  const matches = open ? [unprotectedChild(), ...unlisted] : unlisted;
  // With a signer, what would be let pass for its place must be signed as well.
  if (signer !== undefined && matches.length > 0)
    return and(...selection, or(not(signedBy(signer)), matches.length === 1 ? matches[0] : and(...matches)));
  const all = [...selection, ...matches];
  return all.length === 1 ? all[0] : and(...all);
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

/** The files that the answer rests on, in words. */
function filesRead(document: Document): string {
  const { parent, builds, modules } = document;
  if (parent.kind === 'program' && !isHostRead(document)) return listedOnce(modules.filter(isRead));
  const images = builds === undefined ? [parent] : builds.map(({ image }) => image);
  const files = images.map(({ version, arch, sha256 }) => {
    const which = version === null ? '' : ` version ${version}`;
    return `${parent.image}${which} (${arch}${sha256 === '' ? '' : `, SHA-256 ${sha256}`})`;
  });
  const read = listedOnce(modules.filter(isRead));
  const file = files.join(', ');
  return read === '' ? file : `${file} and of its modules ${read}`;
}

function isRead({ role, found }: ModuleEntry): boolean {
  return found && role !== 'image' && role !== 'generic';
}

function listedOnce(modules: readonly ModuleEntry[]): string {
  return [...new Set(modules.map(({ name }) => name))].join(', ');
}

/** The versions that the answer holds for, in words. */
function versionsRead({ parent, builds }: Document): string {
  const versions = builds === undefined ? [parent.version] : builds.map(({ image }) => image.version);
  const known = [...new Set(versions.filter((version) => version !== null))];
  return known.length === 0 ? 'the one analysed' : known.join(' or ');
}

function describe(
  document: Document,
  process: string,
  excluded: readonly Exclusion[],
  scope: OpenScope | undefined,
): string {
  const files = filesRead(document);
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
  const where =
    scope === undefined
      ? ''
      : ` Left out is ${process} with ${quoted(scope.texts)} on its command line, where it is told what to start.`;
  return `${what} Such a child can mean that foreign code runs inside ${process}.${where}`;
}

function describeOpen(document: Document, process: string): string {
  return `Finds a child process of ${process} that lies outside the folders which only administrators write to. Static analysis of ${filesRead(document)} shows that ${verdictWords(document, process)}: any child can be legitimate, so no list of children is compared. A program started from where ordinary users can write is still worth a look.`;
}

function verdictWords({ verdict }: Document, process: string): string {
  return verdict.reason.replace(/^it /, `${process} `);
}

function falsePositivesOfOpen(process: string): readonly string[] {
  return [
    `Programs that are installed for one user (AppData), built, or unpacked and started by ${process}`,
    "Programs in folders of an administrator's own, such as C:\\Tools or another drive: let those folders pass that only administrators write to",
  ];
}

function falsePositives(document: Document, process: string): readonly string[] {
  const keys = document.blindSpots.flatMap((spot) => spot.registry ?? []).map(({ key, value }) => `${key}: ${value}`);
  return [
    ...falsePositivesOfHosted(document, process),
    ...(keys.length > 0 ? [`Programs named by these registry values: ${[...new Set(keys)].join('; ')}`] : []),
    `Plug-ins, shell extensions and security products that run inside ${process} and start programs of their own`,
    `Another version of ${process} than ${versionsRead(document)}, whose children may differ`,
  ];
}

function falsePositivesOfHosted(document: Document, process: string): readonly string[] {
  if (hostedModules(document).length === 0) return [];
  return [
    `Children of ${isHostRead(document) ? '' : `${process} itself and of `}other modules in ${isHostRead(document) ? process : 'it'}`,
  ];
}

function hostNotes(document: Document, process: string): readonly RuleNotes[] {
  const hosted = hostedModules(document);
  if (hosted.length === 0) return [];
  const own = isHostRead(document);
  return [
    {
      heading: hosted.length === 1 ? 'Hosted module' : 'Hosted modules',
      lines: [
        `Only the children of ${[...(own ? [process] : []), ...hosted].join(', ')} are let pass: what ${own ? '' : `${process} itself and `}the other modules in it start matches, so add their children or the parent's arguments that tell this instance from others.`,
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
