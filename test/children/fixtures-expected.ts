// What a fixture's source says about itself: the YAML block in its first comment, read strictly.
import { parse } from 'yaml';
import type { BlindSpotReason, Confidence, SiteVia } from '../../src/children/document.ts';

/** How far the value must be followed: within the function (issue 4's depth), or across functions, globals, objects and reach. */
export const DEPTHS = ['function', 'callers', 'callees', 'globals', 'objects', 'reach'] as const;
export type Depth = (typeof DEPTHS)[number];

export interface ExpectedChild {
  readonly image: string;
  /** Undefined: not looked at. Null: must not be known. */
  readonly path?: string | null;
  readonly commandLine?: string | null;
  /** The least confidence. */
  readonly confidence: Confidence;
  /** As in the document; "export:*" stands for any export. */
  readonly reach: string;
  readonly through?: 'shell' | 'document';
  /** What a hint at the function of its call begins with; null: there must be none. */
  readonly hint?: string | null;
  /** Without which arguments of the parent it is not started: of each list one. Undefined: not looked at. Null: there must be none. */
  readonly when?: readonly (readonly string[])[] | null;
}

export interface ExpectedBlindSpot {
  readonly reason: BlindSpotReason;
  readonly key?: string;
  readonly value?: string;
  /** As for a child. */
  readonly when?: readonly (readonly string[])[] | null;
}

export interface ExpectedClass {
  readonly api: string;
  /** Without the key it must not be known. */
  readonly classId?: string;
  readonly progId?: string;
  readonly moniker?: string;
  readonly runtimeClass?: string;
  readonly contexts?: readonly string[];
  readonly elevated?: true;
}

export interface Expected {
  /** The idea in one sentence. */
  readonly winnow: string;
  readonly kind: 'program' | 'dll';
  /** Builds that make this fixture. */
  readonly builds: readonly string[];
  readonly children: readonly ExpectedChild[];
  readonly blindSpots: readonly ExpectedBlindSpot[];
  /** The classes that are asked for, in any order. */
  readonly classes: readonly ExpectedClass[];
  readonly documents: readonly string[];
  readonly notChildren: readonly string[];
  /** Call sites in the program and its specific modules; a number, or one for each build. */
  readonly sites?: number | Readonly<Record<string, number>>;
  /** How every site must have been found. */
  readonly via?: SiteVia;
  readonly depth: Depth;
  /**
   * True where following the values must end at a limit: a note says so, and where a child is not found a blind spot `step-limit` must
   * stand for it. False (without the key): no note may say so.
   */
  readonly limited: boolean;
}

export const BUILDS: readonly string[] = ['mingw-x64', 'clang-x64', 'mingw-x86', 'clang-x86'];

const KEYS = new Set(
  'winnow kind builds children blindSpots classes documents notChildren sites via depth limited'.split(' '),
);
/** Keys that are only for build.sh. */
const BUILD_KEYS = new Set('flags link linker modules delay'.split(' ').concat(BUILDS.map((b) => `flags-${b}`)));
const CHILD_KEYS = new Set('image path commandLine confidence reach through hint when'.split(' '));
const CLASS_KEYS = new Set('api classId progId moniker runtimeClass contexts elevated'.split(' '));
const SPOT_KEYS = new Set('reason key value when'.split(' '));
const CONFIDENCES = new Set(['proven', 'likely', 'possible']);

/** Reads the first comment of a fixture's source; throws with the reason when the block is not one of ours. */
export function readExpected(source: string, file: string): Expected {
  const comment = /^\/\*([\s\S]*?)\*\//.exec(source)?.[1];
  if (comment === undefined)
    throw new Error(`${file}: the first thing in the file must be the comment with the answer`);
  const fail = (what: string): never => {
    throw new Error(`${file}: ${what}`);
  };
  let block: Record<string, unknown> = {};
  try {
    block = parse(comment.replace(/^ ?\* ?/gm, '').trim()) as Record<string, unknown>;
  } catch (error) {
    fail((error as Error).message);
  }
  for (const key of Object.keys(block)) if (!KEYS.has(key) && !BUILD_KEYS.has(key)) fail(`unknown key "${key}"`);
  if (typeof block.winnow !== 'string') fail('no "winnow:" sentence');
  if (!DEPTHS.includes(block.depth as Depth)) fail(`depth must be one of ${DEPTHS.join(', ')}`);
  const builds = (block.builds ?? BUILDS) as string[];
  for (const build of builds) if (!BUILDS.includes(build)) fail(`unknown build "${build}"`);
  if (!Array.isArray(block.children)) fail('no "children:" list (it may be empty)');
  const children = block.children as ExpectedChild[];
  for (const child of children) {
    for (const key of Object.keys(child)) if (!CHILD_KEYS.has(key)) fail(`unknown key "${key}" of a child`);
    if (!child.image || !child.reach || !CONFIDENCES.has(child.confidence))
      fail('a child needs image, confidence, reach');
  }
  if (block.limited !== undefined && typeof block.limited !== 'boolean') fail('limited must be true or false');
  const blindSpots = (block.blindSpots ?? []) as ExpectedBlindSpot[];
  for (const spot of blindSpots)
    for (const key of Object.keys(spot)) if (!SPOT_KEYS.has(key)) fail(`unknown key "${key}"`);
  const classes = (block.classes ?? []) as ExpectedClass[];
  for (const one of classes)
    for (const key of Object.keys(one)) if (!CLASS_KEYS.has(key)) fail(`unknown key "${key}" of a class`);
  return {
    winnow: block.winnow as string,
    kind: (block.kind as 'dll' | undefined) ?? 'program',
    builds,
    children,
    blindSpots,
    classes,
    documents: (block.documents ?? []) as string[],
    notChildren: (block.notChildren ?? []) as string[],
    sites: block.sites as Expected['sites'],
    via: block.via as SiteVia | undefined,
    depth: block.depth as Depth,
    limited: (block.limited as boolean | undefined) ?? false,
  };
}

/** The binary of an idea in a build's folder. */
export function binaryName(idea: string, expected: Pick<Expected, 'kind'>): string {
  return `${idea}.${expected.kind === 'dll' ? 'dll' : 'exe'}`;
}

/** Binaries without a source, and sources without a binary; both as "build/file". */
export function orphans(sources: ReadonlyMap<string, Expected>, binaries: readonly string[]): string[] {
  const wanted = new Set<string>();
  for (const [idea, expected] of sources)
    for (const build of expected.builds) wanted.add(`${build}/${binaryName(idea, expected)}`);
  const present = new Set(binaries);
  return [
    ...[...wanted]
      .filter((path) => !present.has(path))
      .map((path) => `${path}: source without binary (run fixtures/build.sh)`),
    ...binaries.filter((path) => !wanted.has(path)).map((path) => `${path}: binary without source`),
  ];
}
