// Which functions use a string, and how many calls each is away from a call site: for a name that is no child.

import type { ModuleFlow } from '../code/flow.ts';
import { instructionAt } from '../code/functions.ts';
import { addressOf } from './address.ts';
import type { Address, NamedString, SiteEntry } from './document.ts';
import type { FunctionNames } from './function-names.ts';
import { findRangeReferrers, operandsOf } from './referrers.ts';

/** One function that refers to a string. */
export interface StringUse {
  readonly function: Address;
  readonly name?: string;
  /** Calls between the function and the nearest sink's call site: 0 when it holds the site itself, null when no way was found. */
  readonly distance: number | null;
  /** The nearest sink and its call site, where there is one. */
  readonly sink?: string;
  readonly site?: Address;
}

/** Calls that are followed from a function to a site. */
const MOST_CALLS = 6;
const MOST_FUNCTIONS = 20_000;
/** Bytes before a pointer in data in which the start of its table or object is looked for. */
const TABLE_BYTES = 256;

interface Nearest {
  readonly distance: number;
  readonly sink: string;
  readonly site: Address;
}

/** The call sites of one module seen from its functions: how many direct calls or tail jumps lead to the nearest one. */
export class SinkDistances {
  readonly #flow: ModuleFlow;
  readonly #sites: readonly SiteEntry[];
  #known: ReadonlyMap<number, Nearest> | undefined;

  /** `sites` are those of the module, as the document tells them. */
  constructor(flow: ModuleFlow, sites: readonly SiteEntry[]) {
    this.#flow = flow;
    this.#sites = sites;
  }

  /** The nearest site of the function that starts at `start`, at most six calls away. */
  of(start: number): Nearest | undefined {
    this.#known ??= this.#spread();
    return this.#known.get(start);
  }

  /** From the functions that hold sites to their callers, to the callers of those, and so on: the first to come is the nearest. */
  #spread(): ReadonlyMap<number, Nearest> {
    const known = new Map<number, Nearest>();
    for (const { function: start, site, sink } of this.#sites) {
      const rva = this.#flow.image.rvaOf(Number(start));
      if (rva >= 0 && !known.has(rva)) known.set(rva, { distance: 0, sink, site });
    }
    let open = [...known.keys()];
    for (let distance = 1; distance <= MOST_CALLS && open.length > 0; distance++) {
      const next: number[] = [];
      for (const callee of open) {
        const { sink, site } = known.get(callee)!;
        for (const caller of this.#callersOf(callee)) {
          if (known.has(caller) || known.size >= MOST_FUNCTIONS) continue;
          known.set(caller, { distance, sink, site });
          next.push(caller);
        }
      }
      open = next;
    }
    return known;
  }

  /** The index of calls holds bytes that only look like one; those are no instruction of the function they stand in. */
  #callersOf(callee: number): readonly number[] {
    return this.#flow.callersOf(callee).flatMap(({ function: caller, site }) => {
      const body = this.#flow.code.body(caller);
      return body && instructionAt(body.listing, site) >= 0 ? [caller] : [];
    });
  }
}

/**
 * The functions that use a name of the module, nearest to a site first. A pointer in data is followed to the code that takes its
 * address, or that of the table it stands in.
 */
export function usesOf(
  flow: ModuleFlow,
  named: NamedString,
  distances: SinkDistances,
  names: FunctionNames,
): readonly StringUse[] {
  const { image } = flow;
  const address = (rva: number): Address => addressOf(image, rva);
  const rvas = named.referrers.map((referrer) => image.rvaOf(Number(referrer))).filter((rva) => rva >= 0);
  const code = rvas.filter((rva) => image.isCode(rva));
  const pointers = rvas.filter((rva) => !image.isCode(rva));
  const functions = new Set<number>();
  for (const rva of [...code, ...pointers.flatMap((pointer) => referrersOfTable(flow, pointer))]) {
    const start = flow.functionHolding(rva);
    if (start >= 0) functions.add(start);
  }
  const uses = [...functions].map((start): StringUse => {
    const name = names.of(start)?.name;
    const nearest = distances.of(start);
    return {
      function: address(start),
      ...(name === undefined ? {} : { name }),
      distance: nearest?.distance ?? null,
      ...(nearest === undefined ? {} : { sink: nearest.sink, site: nearest.site }),
    };
  });
  const far = (use: StringUse): number => use.distance ?? MOST_CALLS + 1;
  return uses.sort((a, b) => far(a) - far(b) || Number(a.function) - Number(b.function));
}

/** RVAs of the code that refers to the pointer at `rva`, or else to the nearest address before it that code refers to. */
function referrersOfTable(flow: ModuleFlow, rva: number): readonly number[] {
  const { image } = flow;
  const start = Math.max(image.sectionOf(rva)?.virtualAddress ?? rva, rva - TABLE_BYTES);
  const [found] = findRangeReferrers(image, [{ start, end: rva + 1 }], operandsOf(flow));
  const fromCode = found.filter(({ at }) => image.isCode(at));
  const nearest = fromCode.reduce((best, { target }) => Math.max(best, target), -1);
  return fromCode.filter(({ target }) => target === nearest).map(({ at }) => at);
}
