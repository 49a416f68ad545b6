// What a program loads at run time, in words: the values of the registry that name a module, and how many names are not known; with --sites every call.
import type { ChildrenDocument, LoadEntry } from '../children/document.ts';
import { brief, count, plain, type Style } from './print.ts';

export function loadLines(
  { loads = [] }: ChildrenDocument,
  { style, sites }: { readonly style: Style; readonly sites: boolean },
): string[] {
  if (loads.length === 0) return [];
  if (sites)
    return [style.heading(`Modules loaded at run time (${count(loads.length, 'load')})`), ...loads.map(loadLine)];
  const settings = new Map<string, LoadEntry>();
  for (const load of loads)
    for (const { key, value } of load.registry ?? []) settings.set(`${load.module}|${key}|${value}`, load);
  if (settings.size === 0) return [];
  return [
    style.heading('Modules that the registry names'),
    ...[...settings.values()].flatMap((load) => [
      `  ${brief(load.detail)} (${brief(load.api)} in ${moduleOf(load)})`,
      ...(load.registry ?? []).map(
        ({ key, value }) => `    look in ${brief(key)}, value ${value === '' ? '(default)' : brief(value)}`,
      ),
    ]),
  ];
}

function loadLine(load: LoadEntry): string {
  const name = load.name === null ? `not known, ${brief(load.reason ?? 'data')}` : brief(load.name);
  const use = load.asData === undefined ? '' : `, as data (${brief(load.asData)}): no code of it runs`;
  const text = load.name !== null && load.detail === load.name ? '' : `: ${brief(load.detail)}`;
  return `  ${plain(load.site)}  ${brief(load.api)} in ${moduleOf(load)}: ${name}${use}${text}`;
}

function moduleOf({ module, build }: LoadEntry): string {
  return build === undefined ? brief(module) : `${brief(module)} of ${brief(build)}`;
}
