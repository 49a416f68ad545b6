// Which processes are those of events seen before, their children and their descendants ("child of" and its like).

import type { Binding, Truth } from '../rule/binding.ts';
import type { Related } from '../rule/condition.ts';
import type { Value } from '../rule/value-match.ts';

/** The fields that tell a process from others and that tell its parent, the surest first. */
const IDENTITIES: readonly (readonly [own: string, parent: string])[] = [
  ['unique_pid', 'unique_ppid'],
  ['process.entity_id', 'process.parent.entity_id'],
  ['ProcessGuid', 'ParentProcessGuid'],
  ['pid', 'ppid'],
  ['process.pid', 'process.parent.pid'],
  ['ProcessId', 'ParentProcessId'],
];
/** Processes that are remembered; the one that came first is forgotten beyond. */
const MOST_PROCESSES = 1 << 18;

/** Whether an event is of a category and its condition holds. */
export type Matches<E> = (related: Related, event: E) => boolean;

export class RelatedProcesses<E> {
  readonly #identities: readonly (readonly [(event: E) => readonly Value[], (event: E) => readonly Value[]])[];
  readonly #relations: ((event: E, own: string | undefined, parent: string | undefined) => void)[] = [];

  constructor(binding: Binding<E>) {
    this.#identities = IDENTITIES.map(([own, parent]) => [binding.field(own), binding.field(parent)]);
  }

  /** To be called with each event, before anything asks for its relations. */
  observe(event: E): void {
    if (this.#relations.length === 0) return;
    const { own, parent } = this.#identity(event);
    for (const relation of this.#relations) relation(event, own, parent);
  }

  /** `matches`: what the relation speaks of; what it asks for itself must be made before. */
  relation({ relation }: Related, matches: (event: E) => boolean): (event: E) => Truth {
    const sources = new Set<string>();
    const below = new Set<string>();
    const placed = new Set<string>();
    this.#relations.push((event, own, parent) => {
      if (own === undefined) return;
      if (parent !== undefined && relation !== 'event' && !placed.has(own)) {
        add(placed, own);
        if (sources.has(parent) || (relation === 'descendant' && below.has(parent))) add(below, own);
      }
      if (matches(event)) add(sources, own);
    });
    const asked = relation === 'event' ? sources : below;
    return (event) => {
      const { own } = this.#identity(event);
      return own !== undefined && asked.has(own);
    };
  }

  #identity(event: E): { readonly own?: string; readonly parent?: string } {
    for (const [index, [ownOf, parentOf]] of this.#identities.entries()) {
      const [own] = ownOf(event);
      if (own === undefined || own === '') continue;
      const [parent] = parentOf(event);
      return {
        own: `${index} ${own}`,
        parent: parent === undefined || parent === '' ? undefined : `${index} ${parent}`,
      };
    }
    return {};
  }
}

function add(set: Set<string>, value: string): void {
  set.add(value);
  if (set.size > MOST_PROCESSES)
    for (const oldest of set) {
      set.delete(oldest);
      break;
    }
}
