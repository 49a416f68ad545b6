// Rewriting a value: every node kept but the ones that mean something else in another place (arguments, memory on entry).
import { concatenate, formatText, withoutLastRound } from './texts.ts';
import { forEachPart } from './value-height.ts';
import type { ValueTable } from './value-table.ts';
import { ABSOLUTE, UNKNOWN, UNSET, type ValueId, type ValueNode } from './values.ts';

/** What the leaves of a value become. Addresses come rewritten already. */
export interface Leaves {
  entry(register: number): ValueId;
  parameter(index: number): ValueId;
  frame(offset: number): ValueId;
  load(address: ValueId, width: number): ValueId;
  /** What memory holds, told by its address as it was; UNSET where that does not tell. */
  field?(address: ValueId, width: number): ValueId;
  textAt(address: ValueId, wide: boolean | undefined): ValueId;
  /** A text of the resources, whose number comes rewritten. */
  resource(node: ValueNode & { readonly kind: 'resource' }, id: ValueId): ValueId;
  /** A result or an allocation of a call, or a choice of several. */
  made(id: ValueId): ValueId;
  /** What a value that leads around a loop stands for; itself when this is left out. */
  cycle?(id: ValueId, depth: number): ValueId;
  /** Whether what is rewritten is what a call in a loop left. */
  readonly repeats?: boolean;
  /** What was kept by Windows, or stands behind it; UNSET of anything else. */
  kept?(id: ValueId): ValueId;
  /** The text at a pointer that a format takes as an argument. */
  textOf(pointer: ValueId, wide: boolean): ValueId;
}

const DEPTH_LIMIT = 64;

/** A function that rewrites values by `leaves`; what it has rewritten once it remembers. */
export function rewriter(table: ValueTable, leaves: Leaves): (id: ValueId) => ValueId {
  const done = new Map<ValueId, ValueId>();
  let depth = 0;
  const rewrite = (id: ValueId): ValueId => {
    const kept = leaves.kept?.(id) ?? UNSET;
    if (kept !== UNSET) return kept;
    const node = table.node(id);
    switch (node.kind) {
      case 'unset':
      case 'unknown':
      case 'constant':
      case 'bytes':
      case 'import':
      case 'literal':
      case 'output':
        return id;
      case 'cycle':
        return leaves.cycle ? leaves.cycle(id, node.depth) : id;
      case 'result':
      case 'allocation':
        return leaves.made(id);
      case 'kept':
        return node.key === UNSET ? id : table.kept(node.place, substitute(node.key), node.site);
      case 'resource':
        return leaves.resource(node, substitute(node.id));
      case 'choice':
        return alternatives(node.of);
      case 'entry':
        return leaves.entry(node.register);
      case 'parameter':
        return leaves.parameter(node.index);
      case 'frame':
        return leaves.frame(node.offset);
      case 'add':
        return table.add(substitute(node.base), node.offset);
      case 'within':
        return table.within(substitute(node.base), node.stride);
      case 'found':
        return table.found(substitute(node.base));
      case 'difference':
        return table.difference(substitute(node.left), substitute(node.right));
      case 'load': {
        const field = leaves.field?.(node.address, node.width) ?? UNSET;
        if (field !== UNSET) return field;
        const address = substitute(node.address);
        return address === UNKNOWN ? UNKNOWN : leaves.load(address, node.width);
      }
      case 'text-at':
        return leaves.textAt(substitute(node.address), node.wide);
      case 'pair':
        return table.pair(substitute(node.low), substitute(node.high));
      case 'pointer':
        return table.pointer(substitute(node.text));
      case 'assumed':
        return table.assumed(substitute(node.text), node.site, node.by);
      case 'registry-key':
        return table.registryKey(substitute(node.parent), substitute(node.subkey), node.site);
      case 'concat': {
        const given = node.parts.map(substitute);
        const parts = leaves.repeats ? withoutLastRound(table, given, node.site) : given;
        return concatenate(table, parts, node.site, node.by);
      }
      case 'format':
        return formatText(
          table,
          substitute(node.format),
          node.syntax,
          (i) => (i < node.arguments.length ? substitute(node.arguments[i]) : UNKNOWN),
          leaves.textOf,
          node.wide,
          node.site,
          node.by,
        );
      case 'source':
        return table.source(node.source, node.detail, node.site, node.of.map(substitute));
      case 'folder-of':
        return table.folderOf(substitute(node.path), node.site);
      default: {
        const never: never = node;
        return never;
      }
    }
  };
  /** Several results or allocations, at the same distance from where each begins, become one: who called knows only that it was given one of them. */
  const alternatives = (members: readonly ValueId[]): ValueId => {
    const made = new Map<number, ValueId[]>();
    const rewritten: ValueId[] = [];
    for (const member of members) {
      const place = table.address(member);
      const whole = wholeOf(table, member, members);
      if (whole !== UNSET && beginsWithLetter(table, substitute(whole))) continue;
      if (!place || place.somewhere || !table.isMade(place.base)) rewritten.push(substitute(member));
      else made.set(place.offset, [...(made.get(place.offset) ?? []), place.base]);
    }
    for (const [offset, bases] of made) {
      const one = bases.length === 1 ? substitute(bases[0]) : leaves.made(table.choice(bases));
      rewritten.push(table.add(one, offset));
    }
    return table.choice(rewritten);
  };
  const substitute = (id: ValueId): ValueId => {
    const known = done.get(id);
    if (known !== undefined) return known;
    if (depth > DEPTH_LIMIT) return UNKNOWN;
    depth++;
    done.set(id, UNKNOWN);
    const value = rewrite(id);
    depth--;
    done.set(id, value);
    return value;
  };
  return substitute;
}

/** Of the text behind the first character of another one of `members`, that one; UNSET where there is none. */
function wholeOf(table: ValueTable, member: ValueId, members: readonly ValueId[]): ValueId {
  const node = table.node(member);
  const place = node.kind === 'text-at' ? table.address(node.address) : undefined;
  if (!place || place.somewhere || place.base < 0) return UNSET;
  const found = members.find((one) => {
    const other = table.node(one);
    const from = other.kind === 'text-at' ? table.address(other.address) : undefined;
    if (from?.base !== place.base || from.somewhere) return false;
    const behind = place.offset - from.offset;
    return behind === 2 || (behind === 1 && other.kind === 'text-at' && other.wide !== true);
  });
  return found ?? UNSET;
}

/** Whether a text begins with a letter or digit: a function that may step over a first character does so for a separator, a quote or a sign. */
function beginsWithLetter(table: ValueTable, text: ValueId): boolean {
  return table.alternatives(text).every((one) => {
    const node = table.node(one);
    return node.kind === 'literal' && /^[\p{L}\p{N}%]/u.test(node.text);
  });
}

/** Leaves that stay as they are, for a rewriting that changes only some of them. */
export function unchanged(table: ValueTable): Leaves {
  return {
    entry: (register) => table.entry(register),
    parameter: (index) => table.parameter(index),
    frame: (offset) => table.frame(offset),
    load: (address, width) => table.load(address, width),
    textAt: (address, wide) => table.textAt(address, wide),
    resource: (node, id) => table.resource({ ...node, id }),
    made: (id) => id,
    textOf: (pointer, wide) => table.textAt(pointer, wide),
  };
}

/** What a value depends on beside its function. */
export interface OpenEnds {
  /** An argument, or memory behind one. */
  readonly caller: boolean;
  /** An argument itself, or the text at one; not only what stands in an object. */
  readonly argument: boolean;
  /** Memory that other functions write. */
  readonly global: boolean;
}

/** Whether a value depends on who called the function, or on memory that other functions write. */
export function openEnds(table: ValueTable, id: ValueId): OpenEnds {
  const ends = { caller: false, argument: false, global: false };
  const seen = new Set<number>();
  const visit = (one: ValueId, inObject: boolean): void => {
    const key = one * 2 + (inObject ? 1 : 0);
    if (seen.has(key)) return;
    seen.add(key);
    const node = table.node(one);
    if (node.kind === 'parameter' || (node.kind === 'frame' && node.offset > 0)) {
      ends.caller = true;
      if (!inObject) ends.argument = true;
    }
    if ((node.kind === 'load' || node.kind === 'text-at') && table.address(node.address)?.base === ABSOLUTE)
      ends.global = true;
    if (node.kind === 'kept') ends.global = true;
    forEachPart(node, (part) => visit(part, inObject || node.kind === 'load'));
  };
  visit(id, false);
  return ends;
}
