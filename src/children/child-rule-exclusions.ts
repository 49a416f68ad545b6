// The exclusions of a parent's rule: which children it lets pass, by what, on which evidence, and which it does not let pass.
import { and, type Condition, distinct, like } from '../rule/condition.ts';
import { literal, patternKey, showPattern, type TextPattern } from '../rule/pattern.ts';
import { commandLineDoubt, commandLinePatterns } from './child-rule-command-line.ts';
import { openerExclusions, openersLetPass } from './child-rule-openers.ts';
import { type KnownPath, knownPath, possibleName } from './child-rule-paths.ts';
import { parentCommandLines } from './child-rule-scope.ts';
import type {
  Child,
  ChildrenDocument,
  Confidence,
  Evidence,
  ExcludedChild,
  ParentImage,
  RegistryAnswer,
} from './document.ts';
import { isShell } from './shell.ts';
import { usualValues } from './usual-values.ts';

export interface Exclusion extends ExcludedChild {
  /** Found in the file; or not in it: Windows starts it for any process, or usually has it in a registry value that the program reads. */
  readonly origin: 'file' | 'generic' | 'usual';
  /** Full paths; empty where only the name is known. */
  readonly paths: readonly TextPattern[];
  /** Command lines that it is narrowed to; empty where any command line passes. */
  readonly commandLines: readonly TextPattern[];
  /** Command lines of the parent that it is narrowed to: one of each list; empty where any passes. */
  readonly parentCommandLines: readonly (readonly TextPattern[])[];
  /** One line each: module, sink, site, function, reach. */
  readonly evidence: readonly string[];
}

export interface Exclusions {
  readonly excluded: readonly Exclusion[];
  /** Children of the document that the rule does not let pass, by reason. */
  readonly left: ReadonlyMap<string, readonly string[]>;
}

const RANK: Readonly<Record<Confidence, number>> = { possible: 0, likely: 1, proven: 2 };
/** So that a regular expression of it stays within what Elasticsearch takes. */
const LONGEST_TEXT = 400;
/** Where Windows keeps the children it starts for any process: in both system folders, or in the native one. */
const GENERIC_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  'werfault.exe': ['System32', 'SysWOW64'],
  'werfaultsecure.exe': ['System32', 'SysWOW64'],
  'wermgr.exe': ['System32', 'SysWOW64'],
  'conhost.exe': ['System32'],
};

export interface ExclusionOptions {
  readonly minConfidence: Confidence;
  /** Lets pass what usually stands in the registry values that name a child, too. */
  readonly usual?: boolean;
  /** Lets a child pass only beside the arguments of its parent without which it is not started. */
  readonly parentArguments?: boolean;
}

/** Sorts the document's children into those the rule lets pass and those it does not; the generic ones come last. */
export function findExclusions(
  document: Omit<ChildrenDocument, 'rule'>,
  { minConfidence, usual = false, parentArguments = false }: ExclusionOptions,
): Exclusions {
  const excluded: Exclusion[] = [];
  const left = new Map<string, string[]>();
  const openers = minConfidence === 'proven' ? [] : openerExclusions(document);
  const opening = openersLetPass(openers);
  for (const child of document.children) {
    if (child.through === 'document' && opening.has(child.image.toLowerCase())) continue;
    const reason = whyNot(child, minConfidence);
    if (reason === null) excluded.push(ofChild(child, archsOf(document, child.builds), parentArguments));
    else left.set(reason, [...new Set([...(left.get(reason) ?? []), child.image])]);
  }
  excluded.push(...openers);
  if (usual) excluded.push(...usualExclusions(document));
  for (const { image, why } of document.generic) {
    const exclusion = ofGeneric(image, why);
    if (exclusion !== null) excluded.push(exclusion);
  }
  return { excluded: fold(excluded), left };
}

/** The condition that holds for what the exclusion lets pass. */
export function exclusionCondition(exclusion: Exclusion): Condition {
  const image =
    exclusion.paths.length > 0
      ? like('process.image.path', ...exclusion.paths)
      : like('process.image', literal(exclusion.image));
  const lines = exclusion.commandLines.length === 0 ? [] : [like('process.commandLine', ...exclusion.commandLines)];
  const parents = exclusion.parentCommandLines.map((patterns) => like('process.parent.commandLine', ...patterns));
  return lines.length + parents.length === 0 ? image : and(image, ...lines, ...parents);
}

/** What the exclusion lets pass, in words. */
export function exclusionAbout({ image, origin, paths, commandLines, parentCommandLines }: Exclusion): string {
  const where = paths.length > 0 ? `by path ${paths.map(showPattern).join(' or ')}` : 'by name, in any folder';
  const with_ = commandLines.length > 0 ? `, with the command line ${commandLines.map(showPattern).join(' or ')}` : '';
  const parents = parentCommandLines.map((patterns) => patterns.map(showPattern).join(' or ')).join(' and ');
  const parent = parents === '' ? '' : `, where the command line of the parent is ${parents}`;
  return `${image} ${where}${with_}${parent}${origin === 'file' ? '' : ` (${origin})`}`;
}

function whyNot(child: Child, minConfidence: Confidence): string | null {
  if (child.through === 'shell') return 'started by the shell, not by the parent: its parent in the event is the shell';
  if (child.through === 'document') return 'started through a document: the program that opens it depends on the host';
  if (child.reach === 'module-only') return 'in a module, with no way found from the parent to it';
  if (child.reach === 'other-process') return 'started by code that runs in another process';
  if (RANK[child.confidence] < RANK[minConfidence]) {
    return child.confidence === 'possible'
      ? 'possible: named in the code, not followed to a call'
      : 'likely: a step was assumed';
  }
  if (
    (child.path ?? '').length > LONGEST_TEXT ||
    (isShell(child.image) && (child.commandLine ?? '').length > LONGEST_TEXT)
  ) {
    return `a path or command line of more than ${LONGEST_TEXT} characters, which not every language can compare`;
  }
  return possibleName(child.image) ? null : 'a name that no Windows file has, or that no UTF-8 text can carry';
}

/** The path as a process of each architecture may have it; none where it is not known for all. */
function pathsFor(path: string, archs: Archs): readonly [KnownPath] | readonly [null] {
  const known = archs.map((arch) => knownPath(path, arch)).filter((one) => one !== null);
  if (known.length < archs.length) return [null];
  return [{ patterns: known.flatMap(({ patterns }) => patterns), doubts: known[0].doubts }];
}

/** The architectures of these builds, or of the one program that was read. */
function archsOf(
  { parent, builds = [] }: Pick<ChildrenDocument, 'parent' | 'builds'>,
  names?: readonly string[],
): Archs {
  const archs = builds.filter(({ name }) => names?.includes(name)).map(({ image }) => image.arch);
  return archs.length === 0 ? [parent.arch] : [...new Set(archs)];
}

type Archs = readonly ParentImage['arch'][];

function ofChild(child: Child, archs: Archs, parentArguments: boolean): Exclusion {
  const [path] = child.path === null ? [null] : pathsFor(child.path, archs);
  const lines = isShell(child.image) ? archs.map((arch) => commandLinePatterns(child, arch)) : [null];
  const commandLines = lines.includes(null) ? null : lines.flatMap((patterns) => patterns ?? []);
  const doubts = [
    ...(path?.doubts ?? []),
    ...(path === null ? ['its folder is not known, so a program of this name in any folder passes'] : []),
    ...(commandLines === null && isShell(child.image) ? ['its command line is not known, so any command passes'] : []),
    ...[commandLines === null ? null : commandLineDoubt(commandLines)].filter((doubt) => doubt !== null),
  ];
  return {
    image: child.image,
    by: commandLines !== null ? 'command-line' : path === null ? 'name' : 'path',
    why: [child.confidence, shortEvidence(child.evidence), ...doubts].filter((text) => text !== '').join('; '),
    origin: 'file',
    paths: distinct(path?.patterns ?? []),
    commandLines: distinct(commandLines ?? []),
    parentCommandLines: parentArguments ? parentCommandLines(child.when) : [],
    evidence: child.evidence.map(evidenceLine),
  };
}

/** Where the own image of any program may lie when it starts itself: folders that only administrators write to. */
const OWN_FOLDERS = [
  '%windir%',
  '%windir%\\System32',
  '%windir%\\SysWOW64',
  '%windir%\\System32\\wbem',
  '%windir%\\SysWOW64\\wbem',
  'C:\\Program Files\\*',
  'C:\\Program Files (x86)\\*',
];

/** By path only: a name alone could be worn by any program. Null where no path can be said. */
function ofGeneric(image: string, why: string): Exclusion | null {
  const name = image.toLowerCase();
  if (!possibleName(image)) return null;
  const folders = Object.hasOwn(GENERIC_FOLDERS, name)
    ? GENERIC_FOLDERS[name].map((folder) => `%windir%\\${folder}`)
    : OWN_FOLDERS;
  const known = folders
    .map((folder) => knownPath(`${folder}\\${image}`, 'x64'))
    .filter((path): path is KnownPath => path !== null);
  if (known.length === 0) return null;
  return {
    image,
    by: 'path',
    why: `generic: ${why}`,
    origin: 'generic',
    paths: known.flatMap((path) => path.patterns),
    commandLines: [],
    parentCommandLines: [],
    evidence: [`generic: ${why}`],
  };
}

/** What usually stands in the registry values that name a child. */
function usualExclusions(document: Omit<ChildrenDocument, 'rule'>): readonly Exclusion[] {
  return document.blindSpots.flatMap(({ registry, module, sink, site, build }) =>
    (registry ?? []).flatMap((place) =>
      usualValues(place).map(({ path, when }): Exclusion => {
        const image = path.slice(path.lastIndexOf('\\') + 1);
        const why = `usual, not from the file: ${when}; ${place.key}, value ${place.value}`;
        return {
          image,
          by: 'path',
          why,
          origin: 'usual',
          paths: pathsFor(path, archsOf(document, build === undefined ? undefined : [build]))[0]?.patterns ?? [],
          commandLines: [],
          parentCommandLines: [],
          evidence: [`${why}, read for ${sink} at ${site} in ${module}`],
        };
      }),
    ),
  );
}

function shortEvidence(evidence: readonly Evidence[]): string {
  if (evidence.length === 0) return '';
  const [{ module, sink, site, build, registry }] = evidence;
  return `${build === undefined ? '' : `${build}: `}${module} ${sink} at ${site}${evidence.length > 1 ? ` and ${evidence.length - 1} more` : ''}${registryEvidence(registry)}`;
}

/** The registry value of a host that names the child: on another host it may name another. */
function registryEvidence(answer: RegistryAnswer | undefined): string {
  if (answer === undefined) return '';
  const written = answer.lastWritten === undefined ? '' : `, key written ${answer.lastWritten}`;
  return `, named by ${answer.key}, value ${answer.value === '' ? '(default)' : answer.value}, in ${answer.source}${written}`;
}

function evidenceLine(evidence: Evidence): string {
  const { build, module, sink, site, function: start, name, hint, reach, registry } = evidence;
  const called = name !== undefined ? ` ${name}` : hint !== undefined ? ` (perhaps ${hint})` : '';
  return `${build === undefined ? '' : `${build}: `}${module}: ${sink} at ${site} in function ${start}${called}, reach ${reach}${registryEvidence(registry)}`;
}

/** Joins an exclusion into another that lets pass all that it does, so that no clause of the rule is idle; the evidence of both is kept. */
function fold(exclusions: readonly Exclusion[]): readonly Exclusion[] {
  const kept: Exclusion[] = [];
  for (const exclusion of exclusions) {
    const wider = kept.findIndex((other) => covers(other, exclusion));
    if (wider >= 0) {
      kept[wider] = joined(kept[wider], exclusion);
      continue;
    }
    const narrower = kept.filter((other) => covers(exclusion, other));
    const at = narrower.length > 0 ? kept.indexOf(narrower[0]) : kept.length;
    for (const other of narrower) kept.splice(kept.indexOf(other), 1);
    kept.splice(at, 0, narrower.reduce(joined, exclusion));
  }
  return kept;
}

/** Whether `wide` lets pass all that `narrow` does. */
export function covers(wide: Exclusion, narrow: Exclusion): boolean {
  if (wide.image.toLowerCase() !== narrow.image.toLowerCase()) return false;
  const holdsAll = (all: readonly TextPattern[], some: readonly TextPattern[]) =>
    all.length === 0 ||
    (some.length > 0 && some.every((pattern) => all.some((other) => patternKey(other) === patternKey(pattern))));
  const sameParents = wide.parentCommandLines.every((some) =>
    narrow.parentCommandLines.some((other) => holdsAll(some, other)),
  );
  const sameLines = holdsAll(wide.paths, narrow.paths) && holdsAll(wide.commandLines, narrow.commandLines);
  return sameLines && sameParents;
}

function joined(wide: Exclusion, narrow: Exclusion): Exclusion {
  return {
    ...wide,
    why: [...new Set([wide.why, narrow.why])].join('; also '),
    origin: wide.origin === 'file' || narrow.origin === 'file' ? 'file' : wide.origin,
    evidence: [...new Set([...wide.evidence, ...narrow.evidence])],
  };
}
