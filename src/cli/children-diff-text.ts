// The document of `winnow children diff` in words, for a terminal: what came and went first, then what is not the same, then what has only moved.
import type {
  BlindSpotDifference,
  Change,
  ChildDifference,
  ChildrenDiff,
  ChildState,
  DiffCounts,
  DiffSide,
  HiddenBy,
  ModuleDifference,
  NamedDifference,
  NeededArguments,
  PassDifference,
  Place,
  SiteDifference,
} from '../children/diff/document.ts';
import { LANGUAGE_NAMES } from './children-text.ts';
import { brief, listed, plain, type Style } from './print.ts';

export interface DiffTextOptions {
  readonly sites: boolean;
}

/** The whole report, ending in a newline. */
export function childrenDiffText(diff: ChildrenDiff, style: Style, { sites }: DiffTextOptions): string {
  const { counts } = diff;
  const sections = [
    [
      style.heading(brief(diff.new.image.image)),
      `  old: ${sideWords(diff.old)}`,
      `  new: ${sideWords(diff.new)}`,
      ...diff.builds.map(({ change, name }) => `  ${mark(change, style)}  build ${brief(name)}`),
    ],
    section(
      'Children',
      counts.children,
      inOrder(diff.children).flatMap((one) => childLines(one, style)),
      style,
    ),
    section(
      'Blind spots',
      counts.blindSpots,
      inOrder(diff.blindSpots).flatMap((one) => spotLines(one, style)),
      style,
    ),
    named('Documents and addresses it opens', diff.documents, counts.documents, style),
    named('Modules loaded at run time', sites ? diff.loads : notMoved(diff.loads), counts.loads, style),
    named('COM and Windows Runtime classes', sites ? diff.classes : notMoved(diff.classes), counts.classes, style),
    section(
      'Call sites',
      counts.sites,
      sites ? inOrder(diff.sites).flatMap((one) => siteLines(one, style)) : [],
      style,
    ),
    moduleLines(diff, style),
    ruleLines(diff, style),
    !sites && diff.sites.length > 0
      ? [style.weak('--sites lists the call sites, and the modules and classes that have only moved.')]
      : [],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function sideWords({ image, builds }: DiffSide): string {
  if (builds !== undefined) return `${brief(image.path)}, builds ${listed(builds.map((name) => brief(name)))}`;
  return `${brief(image.path)}, ${image.version === null ? 'no version' : brief(image.version)}, ${image.arch}`;
}

const ORDER: readonly Change[] = ['came', 'went', 'changed', 'moved'];

function inOrder<Difference extends { readonly change: Change }>(all: readonly Difference[]): readonly Difference[] {
  return ORDER.flatMap((change) => all.filter((one) => one.change === change));
}

function section(title: string, counts: DiffCounts | undefined, lines: readonly string[], style: Style): string[] {
  return counts === undefined ? [] : [`${style.heading(title)}: ${tally(counts)}`, ...lines];
}

function tally(counts: DiffCounts): string {
  const words = (['came', 'went', 'changed', 'moved', 'same'] as const)
    .filter((change) => counts[change] > 0)
    .map((change) => `${counts[change]} ${change === 'same' ? 'the same' : change}`);
  return words.length === 0 ? 'none in both' : words.join(', ');
}

function mark(change: string, style: Style): string {
  const word = change.padEnd(7);
  return change === 'came' ? style.alarm(word) : change === 'went' ? style.sure(word) : style.weak(word);
}

const INDENT = ' '.repeat(11);

function childLines(child: ChildDifference, style: Style): string[] {
  const through = child.through === undefined ? '' : ` (through a ${child.through})`;
  const state = child.old !== undefined && child.new !== undefined ? undefined : (child.new ?? child.old);
  const what = state === undefined ? '' : `, ${stateWords(state)}`;
  return [
    `  ${mark(child.change, style)}  ${style.strong(brief(child.image))}${through}${what}`,
    ...child.differs.flatMap((name) => differsLine(name, child)),
    ...child.starts.map((start) => {
      const change = child.change === start.change || start.change === 'same' ? '' : `${start.change}: `;
      return `${INDENT}${change}${brief(start.sink)} ${placesWords(start)}`;
    }),
  ];
}

function stateWords({ path, commandLine, confidence }: ChildState): string {
  const where = path === null ? 'path not known' : `started from ${brief(path)}`;
  return `${where}${commandLine === null || commandLine === '*' ? '' : `, command line ${brief(commandLine)}`} (${confidence})`;
}

function differsLine(name: string, { old, new: now, words }: ChildDifference): string[] {
  if (old === undefined || now === undefined || name === 'starts') return [];
  if (name === 'command line' && words !== undefined) {
    const said = (['came', 'went'] as const).filter((change) => words[change].length > 0);
    return [
      `${INDENT}words of its command line: ${said.map((change) => `${change} ${brief(words[change].join(' '))}`).join('; ')}`,
    ];
  }
  const said = (state: ChildState): string => {
    switch (name) {
      case 'path':
        return state.path === null ? 'not known' : brief(state.path);
      case 'command line':
        return state.commandLine === null ? 'not one' : brief(state.commandLine);
      case 'confidence':
        return state.confidence;
      case 'reach':
        return brief(state.reach);
      default:
        return neededWords(state.when ?? null);
    }
  };
  return [`${INDENT}${name}: ${said(old)} -> ${said(now)}`];
}

function neededWords(when: NeededArguments | null): string {
  return when === null ? 'none needed' : when.map((any) => brief(any.join(' | '))).join(' and ');
}

/** "WerFault.exe 0x1400130d9 -> 0x140015caa"; the module is named twice only where it is another. */
function placesWords({ old, new: now }: { readonly old?: Place; readonly new?: Place }): string {
  if (old === undefined || now === undefined) return placeWords(now ?? old);
  if (old.site === now.site && old.module === now.module && old.build === now.build) return placeWords(now);
  const sameModule = old.module.toLowerCase() === now.module.toLowerCase() && old.build === now.build;
  return `${placeWords(old)} -> ${sameModule ? plain(now.site) : placeWords(now)}`;
}

function placeWords(place: Place | undefined): string {
  if (place === undefined) return '';
  return `${brief(place.module)}${place.build === undefined ? '' : ` of ${brief(place.build)}`} ${plain(place.site)}`;
}

function spotLines(spot: BlindSpotDifference, style: Style): string[] {
  const lines = [`  ${mark(spot.change, style)}  ${brief(spot.sink)} ${placesWords(spot)}`];
  for (const [word, all] of [
    ['came', spot.came],
    ['went', spot.went],
    ['', spot.stayed],
  ] as const)
    for (const hidden of all)
      lines.push(`${INDENT}${word === '' || word === spot.change ? '' : `${word}: `}${hiddenWords(hidden)}`);
  if (spot.when)
    lines.push(`${INDENT}parent arguments: ${neededWords(spot.when.old)} -> ${neededWords(spot.when.new)}`);
  return lines;
}

function hiddenWords({ reason, registry, source, detail }: HiddenBy): string {
  const places = (registry ?? []).map(
    ({ key, value }) => `${brief(key)}, value ${value === '' ? '(default)' : brief(value)}`,
  );
  return `${reason}: ${places.length > 0 ? places.join('; ') : source === undefined ? brief(detail) : brief(source)}`;
}

function siteLines(site: SiteDifference, style: Style): string[] {
  const { sink, differs, old, new: now } = site;
  const lines = [
    `  ${mark(site.change, style)}  ${brief(sink)} ${placesWords(site)}${differs.length === 0 ? '' : ` (not the same: ${differs.map((one) => brief(one)).join(', ')})`}`,
  ];
  const shown = now ?? old;
  if ((old === undefined || now === undefined) && shown !== undefined)
    for (const [role, values] of Object.entries(shown.arguments))
      lines.push(`${INDENT}${brief(role)}: ${brief(values.join(' | '))}`);
  return lines;
}

/** Such lists are long; what has only moved is listed with the call sites. */
function notMoved(all: readonly NamedDifference[] | undefined): readonly NamedDifference[] | undefined {
  return all?.filter(({ change }) => change !== 'moved');
}

function named(
  title: string,
  all: readonly NamedDifference[] | undefined,
  counts: DiffCounts | undefined,
  style: Style,
): string[] {
  if (all === undefined || counts === undefined || Object.values(counts).every((n) => n === 0)) return [];
  const lines = inOrder(all).map(
    (one) =>
      `  ${mark(one.change, style)}  ${style.strong(one.name === null ? 'name not known' : brief(one.name))}, ${brief(one.call)} ${placesWords(one)}`,
  );
  return section(title, counts, lines, style);
}

/** Generic modules share a line: what they are changes little of what is started. */
function moduleLines({ modules }: ChildrenDiff, style: Style): string[] {
  if (modules.length === 0) return [];
  const isGeneric = ({ old, new: now }: ModuleDifference) =>
    [old, now].every((one) => (one?.role ?? 'generic') === 'generic');
  const words = (state: ModuleDifference['new']) =>
    state === undefined ? '' : `${brief(state.role)}${state.found ? '' : ', not found'}`;
  const moduleName = ({ name, build }: ModuleDifference) =>
    `${brief(name)}${build === undefined ? '' : ` of ${brief(build)}`}`;
  const own = modules
    .filter((module) => !isGeneric(module))
    .map((module) => {
      const { change, old, new: now } = module;
      const states = change === 'changed' ? `${words(old)} -> ${words(now)}` : words(now ?? old);
      return `  ${mark(change, style)}  ${moduleName(module)} (${states})`;
    });
  const generic = (['came', 'went', 'changed'] as const).flatMap((change) => {
    const all = modules.filter((module) => isGeneric(module) && module.change === change);
    return all.length === 0 ? [] : [`  ${mark(change, style)}  generic: ${all.map(moduleName).join(', ')}`];
  });
  return [style.heading('Modules'), ...own, ...generic];
}

function ruleLines({ rule, verdict, new: { image } }: ChildrenDiff, style: Style): string[] {
  const open =
    verdict.old === verdict.new
      ? []
      : [`  the parent is ${verdict.new} and was ${verdict.old}: ${brief(verdict.reason ?? '', 600)}`];
  if (rule === null)
    return [
      style.heading('Rule'),
      `  none: ${brief(image.image)} is a module; give the program that hosts it with --host`,
      ...open,
    ];
  const pass = (word: string, list: readonly PassDifference[], beside: string) =>
    list.flatMap(({ about, beside: other }) => [
      `  ${word}  ${brief(about)}`,
      ...(other === undefined ? [] : [`${INDENT}${beside}: ${brief(other)}`]),
    ]);
  const lines = [
    ...open,
    ...pass(mark('came', style), rule.passes, 'the old rule'),
    ...pass(mark('went', style), rule.noLongerPasses, 'the new rule'),
  ];
  const title = style.heading('What the rule lets pass');
  const blocks = rule.queries.flatMap(({ language, passes, noLongerPasses }) =>
    (
      [
        ['passes now', passes],
        ['passes no longer', noLongerPasses],
      ] as const
    ).flatMap(([which, text]) =>
      text === null
        ? []
        : ['', style.heading(`${LANGUAGE_NAMES[language]}: what ${which}`), '', plain(text.trimEnd(), '\n\t')],
    ),
  );
  return [lines.length === 0 ? `${title}: the same` : title, ...lines, ...blocks];
}
