// Lists of plug-ins in the registry that say which group of service hosts loads each: what the binaries leave open.
import type { RegistryView } from '../../registry/view.ts';
import { fileName } from '../modules.ts';

interface PlugInList {
  /** The module that loads them. */
  readonly by: string;
  /** The key whose subkeys are one plug-in each. */
  readonly key: string;
  /** The value that names the module, and the one that names the group of the hosts that run it. */
  readonly module: string;
  readonly group: string;
}

/** Diagnostic modules (dps.dll reads the key and both values by these names). */
const LISTS: readonly PlugInList[] = [
  {
    by: 'wdi.dll',
    key: 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\WDI\\DiagnosticModules',
    module: 'ImagePath',
    group: 'ExecutionContext',
  },
];

const MOST_KEYS = 5000;

/** Whether `by` loads the module in a host of that group: undefined where the registry has no list of it, or does not say for whom. */
export function registeredPlugIn(
  view: RegistryView,
  module: string,
  by: string,
  group: string | null,
): boolean | undefined {
  let isListed = false;
  for (const list of LISTS) {
    const root = list.by === by ? view.key(list.key) : undefined;
    if (root === undefined) continue;
    isListed = true;
    let keys = 0;
    for (const key of root.subkeys()) {
      if (++keys > MOST_KEYS) break;
      const named = key.value(list.module)?.content;
      if (typeof named !== 'string' || fileName(named.trim()) !== module) continue;
      const of = key.value(list.group)?.content;
      if (typeof of !== 'string' || of.trim() === '' || group === null) return undefined;
      if (of.trim().toLowerCase() === group.toLowerCase()) return true;
    }
  }
  return isListed ? false : undefined;
}
