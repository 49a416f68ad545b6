// Without which arguments of the parent something is not come to, as two builds can be compared by it: where they are compared with does not count.
import type { When } from '../document.ts';
import type { NeededArguments } from './document.ts';

export function neededArguments(when: When): NeededArguments {
  return when.parentArguments.map(({ anyOf }) => [...anyOf]);
}

/** The same for the same arguments, in any order and letter case; '' where none are needed. */
export function whenText(when: When | undefined): string {
  if (when === undefined) return '';
  const all = when.parentArguments.map(({ anyOf }) => JSON.stringify(anyOf.map((one) => one.toLowerCase()).sort()));
  return JSON.stringify([...new Set(all)].sort());
}
