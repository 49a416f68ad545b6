// The document's entries of what a module loads at run time: one for each name that a call may be given, or with why the name is not known.
import type { ModuleFlow } from '../../code/flow.ts';
import type { Piece, TextPath } from '../../code/pieces.ts';
import { type ApiSetMap, apiSetHost, isApiSet } from '../../pe/api-set.ts';
import { addressOf } from '../address.ts';
import type { BlindSpotReason, LoadEntry, Reach } from '../document.ts';
import { describePath, type ModuleContext, spotOf } from '../module-children.ts';
import { type FoundLoad, findLoads, MOST_LOADS } from './find-loads.ts';
import { moduleNameOf } from './module-name.ts';

/** Names that one call is told to load. */
const MOST_NAMES = 12;

export interface LoadReading {
  /** The reach of a function as far as it is known. */
  readonly reachOf: (start: number) => Reach | undefined;
  /** A name that a function is given is looked for at its callers, and the value of the registry that gives one is told. */
  readonly thorough: boolean;
  readonly apiSets: ApiSetMap;
}

export interface ModuleLoads {
  readonly loads: readonly LoadEntry[];
  /** What is not among them, for notes. */
  readonly leftOut: readonly string[];
}

export function loadEntries(
  flow: ModuleFlow,
  context: Pick<ModuleContext, 'name' | 'own'>,
  { thorough, ...reading }: LoadReading,
): ModuleLoads {
  const { loads, more } = findLoads(flow, thorough);
  const leftOut =
    more === 0
      ? []
      : [
          `it has more than ${MOST_LOADS} calls that load modules at run time; ${more} are not told, nor what they load`,
        ];
  const entries = loads.flatMap((load) => {
    const all = entriesOf(flow, context, load, reading);
    if (all.length > MOST_NAMES)
      leftOut.push(
        `the call at ${all[0].site} may load ${all.length} modules; only ${MOST_NAMES} of their names are told`,
      );
    return all.slice(0, MOST_NAMES);
  });
  return { loads: entries, leftOut };
}

function entriesOf(
  flow: ModuleFlow,
  { name: module, own }: Pick<ModuleContext, 'name' | 'own'>,
  load: FoundLoad,
  { reachOf, apiSets }: Omit<LoadReading, 'thorough'>,
): readonly LoadEntry[] {
  const reach = reachOf(load.function);
  const entry = (
    name: string | null,
    detail: string,
    more: Pick<LoadEntry, 'reason' | 'registry'> = {},
  ): LoadEntry => ({
    module,
    site: addressOf(flow.image, load.rva),
    function: addressOf(flow.image, load.function),
    api: load.api.name,
    ...(reach === undefined ? {} : { reach }),
    name,
    ...more,
    ...(load.assumed ? { assumed: true as const } : {}),
    ...(load.asData === undefined ? {} : { asData: load.asData }),
    detail,
  });
  const byName = new Map<string, LoadEntry>();
  const hidden = new Map<string, LoadEntry>();
  for (const path of load.paths) {
    const read = moduleNameOf(path);
    const text = `${describePath(path, own)}${load.assumed ? ', the only module that the function names' : ''}`;
    if ('name' in read) {
      const host = isApiSet(read.name) ? apiSetHost(apiSets, read.name, own.name) : undefined;
      const name = host ?? read.name;
      const key = name.toLowerCase();
      if (!byName.has(key))
        byName.set(key, entry(name, host === undefined ? text : `${text}, which ${host} implements`));
      continue;
    }
    const { reason, registry, detail } = whyHidden(read.hiddenBy, path);
    const key = `${reason}:${JSON.stringify(registry ?? '')}`;
    if (!hidden.has(key)) hidden.set(key, entry(null, detail, { reason, ...(registry ? { registry } : {}) }));
  }
  const all = [...byName.values(), ...hidden.values()];
  return all.length > 0 ? all : [entry(null, 'nothing near the call names a module', { reason: 'data' })];
}

type Why = Pick<LoadEntry, 'registry' | 'detail'> & { readonly reason: BlindSpotReason };

function whyHidden(piece: Piece | undefined, path: TextPath): Why {
  const shown = piece ?? path.pieces.find((one) => one.kind !== 'literal');
  if (!shown) return { reason: 'data', detail: 'the text names no module' };
  return spotOf<Why>(shown, (reason, detail, known = {}) => ({
    reason,
    detail,
    ...(known.registry ? { registry: known.registry } : {}),
  }));
}
