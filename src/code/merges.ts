// The merges that lead to one another without a definition between them: what comes in at one of them comes in at all.
import { mergeBlock, type Reaching } from './reaching.ts';

/** What was found on the ways into a merge and into those that lead to it. */
export interface WaysInto<Leaf> {
  readonly leaves: readonly Leaf[];
  /** Names of the other merges that lead to the first, and it to them. */
  readonly same: readonly number[];
  /** Every merge on the ways, the first one too. */
  readonly visited: ReadonlySet<number>;
}

/**
 * Goes from a merge back over every way that `goes` allows. `follow` says of the end of a block what stands there: a leaf (undefined for
 * nothing), or the name of a further merge to go on from.
 */
export function waysInto<Leaf>(
  reaching: Reaching,
  root: number,
  goes: (from: number, to: number) => boolean,
  follow: (from: number) => { readonly leaf?: Leaf; readonly merge?: number },
): WaysInto<Leaf> {
  const leaves: Leaf[] = [];
  const seen = new Set([root]);
  const open = [root];
  const edges: number[] = [];
  let loops = false;
  for (let merge = open.pop(); merge !== undefined; merge = open.pop()) {
    const b = mergeBlock(merge);
    for (let e = reaching.beforeAt[b]; e < reaching.beforeAt[b + 1]; e++) {
      const from = reaching.before[e];
      if (!goes(from, b)) continue;
      const { leaf, merge: next } = follow(from);
      if (leaf !== undefined) leaves.push(leaf);
      if (next === undefined) continue;
      edges.push(merge, next);
      if (next === root) loops = true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return { leaves, visited: seen, same: loops ? leadingTo(root, edges) : [] };
}

/** The starts of edges (pairs of names) from which `root` can be reached. */
function leadingTo(root: number, edges: readonly number[]): readonly number[] {
  const found = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (let e = 0; e < edges.length; e += 2) {
      if (!found.has(edges[e + 1]) || found.has(edges[e])) continue;
      found.add(edges[e]);
      grown = true;
    }
  }
  found.delete(root);
  return [...found];
}
