// Two documents side by side: which build of the one answers to which of the other, and names by which places in both can be compared.
import type { ChildrenDocument, ParentImage } from '../document.ts';
import type { BuildDifference, Place } from './document.ts';

/** One of the two documents. */
export interface Side {
  readonly document: ChildrenDocument;
  /** The architecture of a build; of the one program where a document has no builds. */
  readonly archOf: (build: string | undefined) => ParentImage['arch'];
  /** A name for a build that its counterpart in the other document has too. */
  readonly slotOf: (build: string | undefined) => string;
  /** A module's name in lower case; of the program's own file the same whatever the file is called. */
  readonly moduleKey: (module: string) => string;
  /** An image's name in lower case; of the program's own the same whatever the file is called. */
  readonly imageKey: (image: string) => string;
}

/** Stands for the program's own file: no file has such a name. */
const OWN = '\0own';

interface NamedBuild {
  readonly name: string | undefined;
  readonly image: ParentImage;
}

export function sidesOf(
  old: ChildrenDocument,
  now: ChildrenDocument,
): { readonly sides: readonly [Side, Side]; readonly builds: readonly BuildDifference[] } {
  const [oldBuilds, newBuilds] = [buildsOf(old), buildsOf(now)];
  const slots = [new Map<string | undefined, string>(), new Map<string | undefined, string>()] as const;
  const answersTo: readonly ((a: NamedBuild, b: NamedBuild) => boolean)[] = [
    (a, b) => nameOf(a) === nameOf(b),
    (a, b) => a.image.arch === b.image.arch,
    () => true,
  ];
  for (const alike of answersTo)
    for (const build of oldBuilds) {
      if (slots[0].has(build.name)) continue;
      const other = newBuilds.find((one) => !slots[1].has(one.name) && alike(build, one));
      if (other === undefined) continue;
      const slot = `both ${slots[0].size}`;
      slots[0].set(build.name, slot);
      slots[1].set(other.name, slot);
    }
  const builds: BuildDifference[] = [];
  for (const [change, of, own] of [
    ['went', oldBuilds, slots[0]],
    ['came', newBuilds, slots[1]],
  ] as const)
    for (const build of of) {
      if (own.has(build.name)) continue;
      own.set(build.name, `${change} ${own.size}`);
      builds.push({ change, name: nameOf(build) });
    }
  return { sides: [sideOf(old, oldBuilds, slots[0]), sideOf(now, newBuilds, slots[1])], builds };
}

function buildsOf({ parent, builds }: ChildrenDocument): readonly NamedBuild[] {
  return builds ?? [{ name: undefined, image: parent }];
}

function nameOf({ name, image }: NamedBuild): string {
  return name ?? `${image.arch} ${image.version?.trim().split(/\s/)[0].slice(0, 40) || 'without version'}`;
}

function sideOf(
  document: ChildrenDocument,
  builds: readonly NamedBuild[],
  slots: ReadonlyMap<string | undefined, string>,
): Side {
  const archs = new Map(builds.map(({ name, image }) => [name, image.arch]));
  const own = new Set([document.parent.image, ...builds.map(({ image }) => image.image)].map((n) => n.toLowerCase()));
  const key = (name: string) => (own.has(name.toLowerCase()) ? OWN : name.toLowerCase());
  return {
    document,
    archOf: (build) => archs.get(build) ?? document.parent.arch,
    // A mark that no build has stands for itself.
    slotOf: (build) => slots.get(build) ?? `mark ${build ?? ''}`,
    moduleKey: key,
    imageKey: key,
  };
}

/** Where an entry stands, as the difference shows it. */
export function placeOf(entry: {
  readonly build?: string;
  readonly module: string;
  readonly site: string;
  readonly function?: string;
}): Place {
  const { build, module, site, function: start } = entry;
  return {
    ...(build === undefined ? {} : { build }),
    module,
    site,
    ...(start === undefined ? {} : { function: start }),
  };
}

/** A place in one document, as a key. */
export function placeKey({ build, module, site }: Pick<Place, 'build' | 'module' | 'site'>): string {
  return JSON.stringify([build, module.toLowerCase(), site]);
}

/** Whether both are the same place: the file's own name does not count, the address and the function do. */
export function samePlace([old, now]: readonly [Side, Side], a: Place, b: Place): boolean {
  return (
    a.site === b.site &&
    old.moduleKey(a.module) === now.moduleKey(b.module) &&
    old.slotOf(a.build) === now.slotOf(b.build)
  );
}

/** By address, as a number. */
export function compareAddresses(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
