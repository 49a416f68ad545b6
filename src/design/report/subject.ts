// What a report is about: the funnel with the dossier and the environment that it was computed from, and how their parts are called in a sentence.

import type { PrimitiveState } from '../document.ts';
import type { DataSource, Environment } from '../environment.ts';
import type { Funnel } from '../figures.ts';
import type { Observable, Primitive, Technique } from '../technique.ts';
import { code, type Inline, listing, type Sentence, say } from './blocks.ts';

export interface Subject {
  readonly funnel: Funnel;
  readonly technique: Technique;
  readonly environment: Environment;
}

/** "open lsass.exe with the right to read (`PM3`)". */
export function primitiveName(id: string, { funnel }: Subject): Sentence {
  const name = funnel.primitives.find((one) => one.id === id)?.name ?? null;
  return name === null ? [code(id)] : say`${name} (${code(id)})`;
}

export function primitiveNames(ids: readonly string[], subject: Subject): Sentence {
  return listing(ids.map((id) => primitiveName(id, subject)));
}

export const codes = (ids: readonly string[], last?: string): Sentence => listing(ids.map(code), last);

/** The observable of an id, with its primitive. */
export function observableOf(
  { technique }: Subject,
  id: string,
): { readonly primitive: Primitive; readonly observable: Observable } | undefined {
  for (const primitive of technique.primitives)
    for (const observable of primitive.observables) if (observable.id === id) return { primitive, observable };
  return undefined;
}

export function ofState({ funnel }: Subject, ...states: readonly PrimitiveState['state'][]): readonly PrimitiveState[] {
  return funnel.primitives.filter(({ state }) => states.includes(state));
}

/** The data sources that collect a data component. */
export function sourcesOf({ environment }: Subject, component: string): readonly DataSource[] {
  return environment.dataSources.filter(({ dataComponents }) => dataComponents.includes(component));
}

/** A figure where a word agrees with it: "1 procedure", "2 procedures". */
export function many(n: number, one: string, several = `${one}s`): Inline {
  return { kind: 'words', text: `${n} ${n === 1 ? one : several}` };
}
