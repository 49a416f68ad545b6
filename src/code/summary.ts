// What a function does as its callers see it: the value it returns and the memory it writes, in terms of its arguments.
import type { Call } from './call.ts';
import { Reg } from './instruction.ts';
import { TEXT } from './memory.ts';
import { concatenate, formatText, joinPath } from './texts.ts';
import { ABSOLUTE, UNKNOWN, UNSET, type ValueId, type ValueTable } from './values.ts';

export interface SummaryWrite {
  readonly address: ValueId;
  /** Bytes, or TEXT for a text. */
  readonly width: number;
  readonly value: ValueId;
}

export interface Summary {
  /** In terms of parameters, entry registers and memory on entry; UNKNOWN when nothing is known. */
  readonly returns: ValueId;
  readonly writes: readonly SummaryWrite[];
}

/** Address of a location as a value. */
export function locationAddress(table: ValueTable, base: ValueId, offset: number): ValueId {
  return base === ABSOLUTE ? table.constant(offset) : table.add(base, offset);
}

/** Does to the caller's state what the summary says, and returns the returned value in the caller's terms. */
export function applySummary(call: Call, summary: Summary, frameBias: number): ValueId {
  const substitute = substitution(call, frameBias);
  const writes = summary.writes.map(({ address, width, value }) => ({
    address: substitute(address),
    width,
    value: substitute(value),
  }));
  const returned = substitute(summary.returns);
  const { memory, state } = call;
  const { table } = memory;
  for (const { address, width, value } of writes) {
    if (width !== TEXT) {
      const place = table.address(address);
      if (place && !place.somewhere && memory.writtenText(state, address) === UNSET)
        memory.writeWord(state, address, width, value === UNSET ? UNKNOWN : value);
    }
  }
  for (const { address, width, value } of writes) {
    if (width !== TEXT) continue;
    const node = table.node(address);
    if (node.kind === 'within') {
      const before = memory.writtenText(state, address);
      const kept = before === UNSET ? UNKNOWN : table.folderOf(before, call.site);
      memory.writeText(state, node.base, joinPath(table, kept, value, false, call.site, 'copy'));
    } else memory.writeText(state, address, value);
  }
  return returned;
}

/** Rewrites a callee's values in the caller's terms, as of the caller's state at the call. `frameBias` is what the call itself pushed. */
export function substitution(call: Call, frameBias: number): (id: ValueId) => ValueId {
  const { memory, state } = call;
  const { table } = memory;
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
      case 'result':
      case 'output':
        return id;
      case 'entry':
        return state.get(node.register);
      case 'parameter':
        return call.argument(node.index);
      case 'frame':
        return node.offset > 0 ? table.add(state.get(Reg.rsp), node.offset - frameBias) : UNKNOWN;
      case 'add':
        return table.add(substitute(node.base), node.offset);
      case 'within':
        return table.within(substitute(node.base));
      case 'difference':
        return table.difference(substitute(node.left), substitute(node.right));
      case 'load': {
        const address = substitute(node.address);
        return address === UNKNOWN ? UNKNOWN : memory.readWord(state, address, node.width);
      }
      case 'text-at': {
        const text = memory.readText(state, substitute(node.address), node.wide);
        return text === UNSET ? UNKNOWN : text;
      }
      case 'allocation':
        return table.allocation(call.site);
      case 'pointer':
        return table.pointer(substitute(node.text));
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
          (pointer, wide) => memory.readText(state, pointer, wide),
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
    if (depth > 64) return UNKNOWN;
    depth++;
    done.set(id, UNKNOWN);
    const value = rewrite(id);
    depth--;
    done.set(id, value);
    return value;
  };
  return substitute;
}
