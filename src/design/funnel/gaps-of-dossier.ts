// The gaps of one dossier, by the data component that would close each.

import type { Gap } from '../document.ts';
import type { Primitive, Technique } from '../technique.ts';

/** A primitive without observables is a gap under no component. */
export function gapsOfDossier({ id }: Technique, gaps: readonly Primitive[]): readonly Gap[] {
  const components = [...new Set(gaps.flatMap(({ observables }) => observables.map((one) => one.dataComponent)))];
  return components.sort().map((component) => ({
    data_component: component,
    blocked_primitives: gaps
      .filter(({ observables }) => observables.some((one) => one.dataComponent === component))
      .map((one) => one.id),
    blocked_techniques: [id],
  }));
}
