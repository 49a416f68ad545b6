// Step D: which observables the collected data sources show.

import type { DataSource, Environment } from '../environment.ts';
import { isSameLogSource, logSourceText } from '../log-source.ts';
import type { Observable, Primitive } from '../technique.ts';

const NONE: ReadonlySet<string> = new Set();

/** Whether a data source of the environment shows it; `more` are data components that are collected besides, whole. */
export function isSeen(
  observable: Observable,
  { dataSources }: Environment,
  more: ReadonlySet<string> = NONE,
): boolean {
  return more.has(observable.dataComponent) || dataSources.some((source) => shows(source, observable));
}

/** A primitive is seen where any of its observables is. */
export function isPrimitiveSeen(
  { observables }: Primitive,
  environment: Environment,
  more: ReadonlySet<string> = NONE,
): boolean {
  return observables.some((one) => isSeen(one, environment, more));
}

/** Why none of the data sources shows it. */
export function whyUnseen(observable: Observable, { dataSources }: Environment): string {
  const own = dataSources.filter(({ dataComponents }) => dataComponents.includes(observable.dataComponent));
  if (own.length === 0) return `no data source collects ${observable.dataComponent}`;
  const ofSource = own.filter(({ logSource }) => isSameLogSource(logSource, observable.logSource));
  if (ofSource.length === 0)
    return `${ids(own)} collects ${observable.dataComponent} from another log source than ${logSourceText(observable.logSource)}`;
  const missing = observable.requiresFields.filter((field) => ofSource.every((one) => !isFilled(one, field)));
  return `${ids(ofSource)} never fills ${missing.length > 0 ? missing.join(', ') : 'all the fields that it requires'}`;
}

/** Why a data source that collects the component does not show the observable; undefined where it does, or collects none of it. */
export function whyNotShown(source: DataSource, observable: Observable): string | undefined {
  if (!source.dataComponents.includes(observable.dataComponent)) return undefined;
  if (!isSameLogSource(source.logSource, observable.logSource))
    return `needs ${logSourceText(observable.logSource)}, and this is ${logSourceText(source.logSource)}`;
  const missing = observable.requiresFields.filter((field) => !isFilled(source, field));
  return missing.length === 0 ? undefined : `needs ${missing.join(', ')}, which it never fills`;
}

function ids(sources: readonly DataSource[]): string {
  return sources.map(({ id }) => id).join(', ');
}

function shows(source: DataSource, observable: Observable): boolean {
  return (
    source.dataComponents.includes(observable.dataComponent) &&
    isSameLogSource(source.logSource, observable.logSource) &&
    observable.requiresFields.every((field) => isFilled(source, field))
  );
}

/** Where a source names no fields, nothing is known against it. */
function isFilled({ fields }: DataSource, field: string): boolean {
  return fields === undefined || (fields.get(field) ?? 0) > 0;
}
