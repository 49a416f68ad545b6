// The rule that watches registry values: an alert when one is set that adds a child of a program.

import { UnsupportedError } from '../../errors.ts';
import { redirected } from '../../registry/wow64.ts';
import { like, named, or } from '../../rule/condition.ts';
import { type LanguageId, languages } from '../../rule/emit/index.ts';
import type { LogSource } from '../../rule/log-source.ts';
import { patternFromStars, type TextPattern } from '../../rule/pattern.ts';
import { eventQuery } from '../../rule/query.ts';
import { NOTHING_SAID, type Rule } from '../../rule/rule.ts';
import { uuidV5 } from '../../rule/uuid-v5.ts';
import { hasLoneSurrogate, visibleText } from '../../rule/visible-text.ts';
import type { ChildrenDocument, EmittedRule, RuleLanguage, WatchedValue } from '../document.ts';

/** Namespace of the identifiers of these rules; the name within it is the program's, in lower case. */
const NAMESPACE = '7a1d0b8e-55a4-4d37-9e0f-1f4be3a0c6d2';

const VALUE_SET: LogSource = { category: 'registry_set', product: 'windows', service: null };
/** Sysmon's one filter of the registry is for values that are set, keys that are made, and both when renamed. */
const ANY_CHANGE: LogSource = { category: 'registry_event', product: 'windows', service: null };

export interface WatchRuleOptions {
  readonly languages: readonly RuleLanguage[];
  /** For a module: the program that hosts it. */
  readonly host?: string;
  readonly date?: string;
}

/** One a language; none where nothing is watched. UnsupportedError where a language has no registry events. */
export function watchRules(
  document: Omit<ChildrenDocument, 'rule'>,
  options: WatchRuleOptions,
): readonly EmittedRule[] {
  const watched = (document.watched ?? []).filter(({ key, value }) => !hasLoneSurrogate(`${key}${value}`));
  if (watched.length === 0) return [];
  const process = (options.host ?? document.parent.image).split(/[\\/]/).at(-1) ?? '';
  return options.languages.map((language) => {
    const rule = ruleOf(process, watched, language === 'sysmon' ? ANY_CHANGE : VALUE_SET, options.date ?? null);
    return { language, kind: 'watched-registry', text: textIn(language, rule), excluded: [], triage: rule.triage };
  });
}

function textIn(id: RuleLanguage & LanguageId, rule: Rule): string {
  try {
    return languages[id].emit(rule);
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    throw new UnsupportedError(`no rule that watches the registry in ${id}: ${error.message}`);
  }
}

function ruleOf(process: string, watched: readonly WatchedValue[], logSource: LogSource, date: string | null): Rule {
  const name = visibleText(process);
  const techniques = [...new Set(watched.flatMap(({ technique }) => technique ?? []))].sort();
  const own = watched.filter(({ site }) => site !== undefined);
  const parts = [
    { label: 'own', about: `values from which ${name} itself takes a program's name`, of: own },
    {
      label: 'windows',
      about: `values of Windows by which ${name} starts another program`,
      of: watched.filter(({ site }) => site === undefined),
    },
  ].filter(({ of }) => of.length > 0);
  const selections = parts.map(({ label, about, of }) =>
    named(`selection_${label}`, about, [...new Set(of.map(watchedLine))], like('TargetObject', ...patternsOf(of))),
  );
  return {
    ...NOTHING_SAID,
    id: uuidV5(NAMESPACE, process.toLowerCase()),
    title: `Registry Value Set That Adds a Child Process of ${name}`.slice(0, 110),
    description: `Finds a write to a registry value whose change lets ${name} start another program: ${watched.length === 1 ? 'one value' : `${watched.length} values`}, from static analysis of the program and from what Windows documents.`,
    status: 'experimental',
    severity: 'medium',
    authors: ['Winnow'],
    license: 'Apache-2.0',
    date,
    references: techniques.map((id) => `https://attack.mitre.org/techniques/${id.replace('.', '/')}/`),
    falsePositives: [
      'Installers and updates of programs that register themselves there',
      'Administrators and policies that set the value',
    ],
    tags: techniques.map((id) => `attack.${id.toLowerCase()}`),
    logSource,
    taxonomy: 'sysmon',
    query: eventQuery(selections.length === 1 ? selections[0] : or(...selections)),
    notes: [
      {
        heading: 'Limits',
        lines: [
          'A value that was there before is not told: read the hive (winnow children --registry).',
          "Only keys that the sensor's configuration takes are seen; a hive that is changed while it is not loaded is not.",
        ],
      },
    ],
    triage: [
      `Means: a program that ${name} starts was named or exchanged in the registry.`,
      'Look first: at who wrote the value, at the file that it names, its signature and its age.',
      'Benign: the installation of a debugger, a shell or a tool that documents this value, by who may install it.',
    ],
  };
}

function watchedLine({ key, value, why, technique, site }: WatchedValue): string {
  return `${key}, ${value === '' ? 'default value' : `value ${value}`}: ${why}${site === undefined ? '' : `, at ${site}`}${technique === undefined ? '' : ` (${technique})`}`;
}

/** The places as Sysmon writes them, each with its twin for 32-bit programs. */
function patternsOf(watched: readonly WatchedValue[]): readonly TextPattern[] {
  const texts = new Map<string, string>();
  for (const { key, value } of watched)
    for (const path of [key, redirected(key)].filter((one) => one !== undefined))
      for (const text of targetObjects(path)) {
        const whole = `${text}\\${value === '' ? '(Default)' : value}`.replace(/\*+/g, '*');
        texts.set(whole.toLowerCase(), whole);
      }
  return [...texts.values()].map(patternFromStars);
}

const ROOTS: readonly (readonly [RegExp, string])[] = [
  [/^HKEY_LOCAL_MACHINE(?=\\|$)/i, 'HKLM'],
  [/^HKEY_CURRENT_USER(?=\\|$)/i, 'HKU\\*'],
  [/^HKEY_USERS(?=\\|$)/i, 'HKU'],
  [/^HKEY_CURRENT_CONFIG(?=\\|$)/i, 'HKLM\\System\\CurrentControlSet\\Hardware Profiles\\Current'],
];

/** Ways in which TargetObject names a key: a user's classes are a hive of their own. */
function targetObjects(key: string): readonly string[] {
  const path = key
    .split('\\')
    .filter((part) => part !== '')
    .join('\\');
  const classes = /^HKEY_CURRENT_USER\\Software\\Classes\\(.*)$/i.exec(path);
  if (classes) return [`HKU\\*_Classes\\${classes[1]}`, `HKU\\*\\Software\\Classes\\${classes[1]}`];
  const merged = /^HKEY_CLASSES_ROOT\\(.*)$/i.exec(path);
  if (merged) return ['HKCR', 'HKLM\\SOFTWARE\\Classes', 'HKU\\*_Classes'].map((root) => `${root}\\${merged[1]}`);
  for (const [root, short] of ROOTS) if (root.test(path)) return [path.replace(root, () => short)];
  return [`*${path.replace(/^\*+/, '')}`];
}
