// What a value is that a loop leads back to itself: a pointer that walks, a counter, a text that grows by what each round adds.
import { rewriter, unchanged } from './rewrite.ts';
import type { ValueTable } from './value-table.ts';
import { ABSOLUTE, FRAME, UNKNOWN, UNSET, type ValueId } from './values.ts';

/**
 * The values that come together where a loop may be, with `cycle(depth)` standing for the result itself: what comes in from outside, and what
 * a round makes of it. A pointer that a round moves is somewhere within its buffer from there on; a counter is unknown; anything else is
 * followed for one round. `otherwise` is what was there before when nothing comes in from outside.
 */
export function closeLoop(
  table: ValueTable,
  parts: readonly ValueId[],
  depth: number,
  otherwise: () => ValueId,
): ValueId {
  const from: ValueId[] = [];
  const rounds: ValueId[] = [];
  for (const part of parts) {
    for (const one of table.alternatives(part)) {
      if (!table.holdsCycle(one, depth)) from.push(one);
      else if (one !== table.cycle(depth)) rounds.push(one);
    }
  }
  const outside = table.choice(from);
  if (rounds.length === 0) return absorb(table, outside);
  const before = outside === UNSET ? otherwise() : outside;
  const values: ValueId[] = [];
  let walks = false;
  for (const round of rounds) {
    const node = table.node(round);
    const own = table.cycle(depth);
    if (node.kind === 'add' && node.base === own) values.push(stepped(table, before, node.offset));
    else if (node.kind === 'within' && node.base === own) values.push(table.within(before));
    else if (node.kind === 'found' && node.base === own) values.push(table.found(before));
    else {
      values.push(once(table, round, before, depth));
      continue;
    }
    walks = true;
  }
  // Where it walks from is within what it walks through.
  values.push(walks ? table.choice(table.alternatives(outside).filter((one) => !table.address(one))) : outside);
  return absorb(table, table.choice(values));
}

/** A value that each round moves by `step`. */
function stepped(table: ValueTable, before: ValueId, step: number): ValueId {
  return table.choice(
    table.alternatives(before).map((one) => {
      const place = table.address(one);
      if (!place) return UNKNOWN;
      if (place.somewhere) return step < 0 ? table.found(one) : one;
      if (Math.abs(step) > stepLimit(place.base)) return table.add(one, step);
      // Backwards from the end is a search (for the last backslash), forwards a walk.
      return step < 0 ? table.found(one) : table.within(one);
    }),
  );
}

/** How far apart two places of one base are at most, to be steps of one walk: the frame holds many buffers side by side, an image many tables. */
function stepLimit(base: ValueId): number {
  return base === FRAME ? 8 : base === ABSOLUTE ? 128 : 256;
}

/** What one round makes of the value before it. */
function once(table: ValueTable, round: ValueId, before: ValueId, depth: number): ValueId {
  return rewriter(table, { ...unchanged(table), cycle: (id, at) => (at === depth ? before : id) })(round);
}

/** Without the exact places in a buffer that another alternative is somewhere within. */
function absorb(table: ValueTable, value: ValueId): ValueId {
  const node = table.node(value);
  if (node.kind !== 'choice') return value;
  const walked = new Set<ValueId>();
  for (const one of node.of) {
    const place = table.address(one);
    if (place?.somewhere) walked.add(place.base);
  }
  if (walked.size === 0) return value;
  return table.choice(
    node.of.filter((one) => {
      const place = table.address(one);
      return !place || place.somewhere || !walked.has(place.base) || place.base === ABSOLUTE || place.base === FRAME;
    }),
  );
}
