// The modules that COM loads into the program as servers of the classes that it asks for: sorted and read as imported ones are.

import type { Note } from '../../errors.ts';
import type { PeImage } from '../../pe/image.ts';
import type { ClassEntry, Reach } from '../document.ts';
import type { Root } from '../exported.ts';
import { type ConsideredModule, type ConsideredModules, fileName, judge, type SortOptions } from '../modules.ts';

/** Modules of one program that are looked for. */
const MOST_MODULES = 200;

/** The in-process servers that take no part yet, in the order of the calls; a note where there are more than are looked for. */
export function considerServers(
  classes: readonly ClassEntry[],
  considered: ConsideredModules,
  image: PeImage,
  options: SortOptions,
  notes: Note[],
): readonly ConsideredModule[] {
  const taken = new Set([fileName(image.name), ...considered.modules.map(({ name }) => name)]);
  const exclude = new Set((options.exclude ?? []).map(fileName));
  const found: ConsideredModule[] = [];
  let looked = 0;
  let more = 0;
  for (const entry of classes) {
    for (const { kind, path, source } of entry.servers ?? []) {
      if (kind !== 'in-process') continue;
      const name = fileName(unquoted(path));
      if (taken.has(name)) continue;
      taken.add(name);
      const asked = entry.classId === null ? (entry.progId ?? entry.runtimeClass) : `{${entry.classId}}`;
      const loadedBy = `COM for ${entry.module}, class ${asked} by ${source}`;
      const { role, reason } = exclude.has(name)
        ? { role: 'generic' as const, reason: 'left out (--no-module)' }
        : judge(name, options.importers);
      if (role !== 'generic' && ++looked > MOST_MODULES) {
        more++;
        continue;
      }
      const module = { name, kind: 'run-time' as const, contracts: [], reason };
      found.push(
        role === 'generic'
          ? { ...module, role, loadedBy, found: false }
          : { ...considered.consider({ ...module, role: 'run-time' }), loadedBy },
      );
    }
  }
  if (more > 0)
    notes.push({
      about: image.name,
      text: `COM loads more than ${MOST_MODULES} modules into it; ${more} of them are not read (--module takes one in)`,
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
