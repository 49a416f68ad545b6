// The modules that COM loads into the program as servers of the classes that it asks for: sorted and read as imported ones are.

import type { Note } from '../../errors.ts';
import type { PeImage } from '../../pe/image.ts';
import { considerRunTime, MOST_RUN_TIME_MODULES } from '../consider-run-time.ts';
import type { ClassEntry, Reach } from '../document.ts';
import type { Root } from '../exported.ts';
import type { ConsideredModule, ConsideredModules, SortOptions } from '../modules.ts';

/** The in-process servers that take no part yet, in the order of the calls; a note where there are more than are looked for. */
export function considerServers(
  classes: readonly ClassEntry[],
  considered: ConsideredModules,
  image: PeImage,
  options: SortOptions,
  notes: Note[],
): readonly ConsideredModule[] {
  const modules = classes.flatMap((entry) =>
    (entry.servers ?? []).flatMap(({ kind, path, source }) => {
      if (kind !== 'in-process') return [];
      const asked = entry.classId === null ? (entry.progId ?? entry.runtimeClass) : `{${entry.classId}}`;
      return [{ name: unquoted(path), loadedBy: `COM for ${entry.module}, class ${asked} by ${source}` }];
    }),
  );
  const { found, more } = considerRunTime(modules, considered, image, options);
  if (more > 0)
    notes.push({
      about: image.name,
      text: `COM loads more than ${MOST_RUN_TIME_MODULES} modules into it; ${more} of them are not read (--module takes one in)`,
    });
  return found;
}

function unquoted(path: string): string {
  return path.replace(/^"|"$/g, '');
}

/** Where COM enters a server: its start, and any of its exports, as it gives out objects of any of its classes. */
export function serverRoots({ name, image }: ConsideredModule): readonly Root[] {
  const reach: Reach = `loaded:${name}`;
  const exported = (image?.exports?.symbols ?? []).filter(({ forwarder }) => forwarder === undefined);
  return [image?.entryPoint ?? 0, ...exported.map(({ rva }) => rva)]
    .filter((rva) => rva > 0)
    .map((rva) => ({ reach, rva }));
}
