// Modules that come into the program while it runs, by its own calls or by COM: sorted and read as imported ones are, as many as are looked for.

import type { PeImage } from '../pe/image.ts';
import {
  type ConsideredModule,
  type ConsideredModules,
  fileName,
  importersOf,
  judge,
  type SortOptions,
} from './modules.ts';

/** Modules of one program and one way of loading that are looked for. */
export const MOST_RUN_TIME_MODULES = 200;

/** A module that is loaded: its name or path, and in words by what. */
export interface RunTimeModule {
  readonly name: string;
  readonly loadedBy: string;
  /** The name is not certain. */
  readonly assumed?: true;
}

/** Those that take no part yet, in the given order, and how many more there are than are looked for. */
export function considerRunTime(
  modules: Iterable<RunTimeModule>,
  considered: ConsideredModules,
  image: PeImage,
  options: SortOptions,
): { readonly found: readonly ConsideredModule[]; readonly more: number } {
  const known = new Set([fileName(image.name), ...considered.modules.map(({ name }) => name)]);
  const include = new Set((options.include ?? []).map(fileName));
  const exclude = new Set((options.exclude ?? []).map(fileName));
  const found: ConsideredModule[] = [];
  let looked = 0;
  let more = 0;
  for (const { name: path, loadedBy, assumed } of modules) {
    const name = fileName(path);
    if (known.has(name)) continue;
    known.add(name);
    const { role, reason } = exclude.has(name)
      ? { role: 'generic' as const, reason: 'left out (--no-module)' }
      : include.has(name)
        ? { role: 'specific' as const, reason: `asked for (--module); ${importersOf(name, options.importers)}` }
        : judge(name, options.importers);
    if (role !== 'generic' && !include.has(name) && ++looked > MOST_RUN_TIME_MODULES) {
      more++;
      continue;
    }
    const module = { name, kind: 'run-time' as const, contracts: [], reason };
    found.push(
      role === 'generic'
        ? { ...module, role, loadedBy, found: false }
        : { ...considered.consider({ ...module, role: 'run-time' }), loadedBy, ...(assumed ? { assumed } : {}) },
    );
  }
  return { found, more };
}
