// Rewriting a value: every node kept but the ones that mean something else in another place (arguments, memory on entry).
import { concatenate, formatText } from './texts.ts';
import type { ValueTable } from './value-table.ts';
import { ABSOLUTE, UNKNOWN, type ValueId, type ValueNode } from './values.ts';

/** What the leaves of a value become. Addresses come rewritten already. */
export interface Leaves {
  entry(register: number): ValueId;
  parameter(index: number): ValueId;
  frame(offset: number): ValueId;
  load(address: ValueId, width: number): ValueId;
  textAt(address: ValueId, wide: boolean | undefined): ValueId;
  /** A result or an allocation of a call. */
  made(id: ValueId): ValueId;
  /** Called before and after a node is rewritten. */
  within?(node: ValueNode): void;
  behind?(node: ValueNode): void;
  /** What a value that leads around a loop stands for; itself when this is left out. */
  cycle?(id: ValueId, depth: number): ValueId;
  /** The text at a pointer that a format takes as an argument. */
  textOf(pointer: ValueId, wide: boolean): ValueId;
}

const DEPTH_LIMIT = 64;

/** A function that rewrites values by `leaves`; what it has rewritten once it remembers. */
export function rewriter(table: ValueTable, leaves: Leaves): (id: ValueId) => ValueId {
  const done = new Map<ValueId, ValueId>();
  let depth = 0;
  const rewrite = (id: ValueId): ValueId => {
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
      case 'entry':
        return leaves.entry(node.register);
      case 'parameter':
        return leaves.parameter(node.index);
      case 'frame':
        return leaves.frame(node.offset);
      case 'add':
        return table.add(substitute(node.base), node.offset);
      case 'within':
        return table.within(substitute(node.base));
      case 'found':
        return table.found(substitute(node.base));
      case 'difference':
        return table.difference(substitute(node.left), substitute(node.right));
      case 'load': {
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
        return table.assumed(substitute(node.text), node.site);
      case 'registry-key':
        return table.registryKey(substitute(node.parent), substitute(node.subkey), node.site);
      case 'choice':
        return table.choice(node.of.map(substitute));
      case 'concat':
        return concatenate(table, node.parts.map(substitute), node.site, node.by);
      case 'format':
        return formatText(
          table,
          substitute(node.format),
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
  const substitute = (id: ValueId): ValueId => {
    const known = done.get(id);
    if (known !== undefined) return known;
    if (depth > DEPTH_LIMIT) return UNKNOWN;
    depth++;
    done.set(id, UNKNOWN);
    leaves.within?.(table.node(id));
    const value = rewrite(id);
    leaves.behind?.(table.node(id));
    depth--;
    done.set(id, value);
    return value;
  };
  return substitute;
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
  let caller = false;
  let global = false;
  let fields = 0;
  let argument = false;
  const meetArgument = (): void => {
    caller = true;
    if (fields === 0) argument = true;
  };
  const leaves: Leaves = {
    entry: (register) => table.entry(register),
    parameter: (index) => {
      meetArgument();
      return table.parameter(index);
    },
    frame: (offset) => {
      if (offset > 0) meetArgument();
      return table.frame(offset);
    },
    load: (address, width) => {
      if (table.address(address)?.base === ABSOLUTE) global = true;
      return table.load(address, width);
    },
    textAt: (address, wide) => {
      if (table.address(address)?.base === ABSOLUTE) global = true;
      return table.textAt(address, wide);
    },
    made: (one) => one,
    textOf: (pointer, wide) => table.textAt(pointer, wide),
    within: (node) => {
      fields += node.kind === 'load' ? 1 : 0;
    },
    behind: (node) => {
      fields -= node.kind === 'load' ? 1 : 0;
    },
  };
  rewriter(table, leaves)(id);
  return { caller, argument, global };
}
