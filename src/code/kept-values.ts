// What a module has Windows keep for it (the words of its windows, the data of list items, the slots of threads): the calls that put it there.
import { type Call, roleOfSymbol, symbolName } from './call.ts';
import type { ModuleFlow } from './flow.ts';
import type { FunctionValues } from './function-values.ts';
import { functionsTouching } from './functions-touching.ts';
import type { GlobalWrite } from './globals.ts';
import { keptKey } from './kept-texts.ts';
import { keptMessage, keptOtherwise } from './roles/messages.ts';
import { offsetOf, type Role } from './roles/role.ts';
import type { ValueTable } from './value-table.ts';
import { ABSOLUTE, type KeptPlace, UNKNOWN, UNSET, type ValueId, type ValueNode } from './values.ts';

/** Functions that are looked through for calls that put something. */
const FUNCTION_LIMIT = 1000;
/** Calls that put something under one key. */
const PUT_LIMIT = 24;
/** Steps from what was kept to what stands behind it. */
const CHAIN_LIMIT = 16;

type Kept = ValueNode & { readonly kind: 'kept' };

/** A call that has Windows keep a value. */
interface Put {
  readonly function: number;
  readonly call: Call;
  readonly place: KeptPlace;
  readonly key: ValueId;
  /** The value itself, or where it stands. */
  readonly value: ValueId;
  readonly isAddress: boolean;
  /** What the call does, for the route. */
  readonly by: string;
}

/** The value that Windows gives back, from which a value or a text is read in a few steps; undefined of anything else. */
export function keptBehind(table: ValueTable, id: ValueId): Kept | undefined {
  let node = table.node(id);
  for (let steps = 0; steps < CHAIN_LIMIT; steps++) {
    switch (node.kind) {
      case 'kept':
        return node;
      case 'add':
      case 'within':
        node = table.node(node.base);
        break;
      case 'load':
      case 'text-at':
        node = table.node(node.address);
        break;
      default:
        return undefined;
    }
  }
  return undefined;
}

export class KeptValues {
  readonly #flow: ModuleFlow;
  #puts: readonly Put[] | undefined;
  /** Whether there were more calls than are looked at. */
  #cut = false;

  constructor(flow: ModuleFlow) {
    this.#flow = flow;
  }

  /**
   * What value `id` is, which is read from what Windows keeps, at each call that puts something there: in the terms of the function that makes
   * the call. `key` is that of `kept`, with variables replaced by what the module puts in them.
   */
  writes(id: ValueId, kept: Kept, key: ValueId): readonly GlobalWrite[] {
    return this.#putsFor(kept, key)
      .slice(0, PUT_LIMIT)
      .map((put) => ({
        function: put.function,
        at: put.call.site,
        value: this.#told(put, this.#follow(id, put)),
      }));
  }

  /** Whether other calls than those that {@link writes} knows of may have put something there. */
  isCut(kept: Kept, key: ValueId): boolean {
    return this.#putsFor(kept, key).length > PUT_LIMIT || this.#cut;
  }

  /** The calls that may have put what is taken; where the function that takes it makes some itself, those: a window's procedure keeps its own. */
  #putsFor({ place, key, site }: Kept, settled: ValueId): readonly Put[] {
    const { table } = this.#flow;
    this.#puts ??= this.#flow.beside(() => this.#findPuts());
    const otherwise = keptOtherwise(place);
    for (const from of otherwise === undefined ? [place] : [place, otherwise]) {
      const puts = this.#puts.filter((put) => put.place === from && isSameKey(table, put.key, key, settled));
      if (puts.length === 0) continue;
      const taker = this.#flow.functionHolding(site);
      const own = puts.filter((put) => put.function === taker);
      return own.length > 0 ? own : puts;
    }
    return [];
  }

  #findPuts(): readonly Put[] {
    const flow = this.#flow;
    const slots = new Set(flow.symbols.filter((symbol) => isPut(roleOfSymbol(symbol))).map(({ slot }) => slot));
    const puts: Put[] = [];
    const functions = functionsTouching(flow, slots);
    this.#cut = functions.length > FUNCTION_LIMIT;
    for (const start of functions.slice(0, FUNCTION_LIMIT)) {
      const values = flow.values(start);
      if (!values || values.questions.busy) continue;
      for (let i = 0; i < values.code.count; i++) {
        const put = values.isCall(i) && values.comesTo(i) ? this.#putAt(values, start, i) : undefined;
        if (put) puts.push(put);
      }
    }
    return puts;
  }

  #putAt(values: FunctionValues, start: number, i: number): Put | undefined {
    const target = values.target(i);
    if (target.kind !== 'import') return undefined;
    const { table } = this.#flow;
    const { pointerSize } = values.initial;
    const role = roleOfSymbol(target.symbol, pointerSize);
    if (role?.kind !== 'put' && role?.kind !== 'message') return undefined;
    const call = values.call(i);
    const name = symbolName(target.symbol) ?? '';
    const put = (place: KeptPlace, key: ValueId, value: ValueId, by: string, isAddress = false): Put | undefined =>
      isNothing(table, value)
        ? undefined
        : { function: start, call, place, key, value, isAddress, by: `${by}, which has Windows keep it,` };
    if (role.kind === 'put') return put(role.place, keptKey(call, role), call.argument(role.value), name);
    const message = keptMessage(table.number(call.argument(role.message)));
    if (message?.does !== 'put') return undefined;
    const { place, field } = message;
    const key = role.item === undefined ? UNSET : call.argument(role.item);
    const given = call.argument(role.to);
    const by = `${message.name} of ${name}`;
    if (!field) return put(place, key, given, by);
    return put(place, key, table.add(given, offsetOf(field, pointerSize)), by, true);
  }

  /** The value at the moment of the call that puts what it is read from. */
  #follow(id: ValueId, put: Put): ValueId {
    const { table, image } = this.#flow;
    const { call } = put;
    const node = table.node(id);
    switch (node.kind) {
      case 'kept':
        return put.isAddress ? call.word(put.value, image.pointerSize) : put.value;
      case 'add':
        return table.add(this.#follow(node.base, put), node.offset);
      case 'within':
        return table.within(this.#follow(node.base, put), node.stride);
      case 'load':
        return call.word(this.#follow(node.address, put), node.width);
      case 'text-at': {
        const text = call.text(this.#follow(node.address, put), node.wide);
        return text === UNSET || text === UNKNOWN ? UNKNOWN : table.assumed(text, call.site, put.by);
      }
      default:
        return UNKNOWN;
    }
  }

  /** Of a pointer to a text that the function knows, that text. That it is the one that is taken is assumed. */
  #told({ call, by }: Put, value: ValueId): ValueId {
    const { table } = this.#flow;
    return table.choice(
      table.alternatives(value).map((one) => {
        if (!table.address(one)) return one;
        const { kind } = table.node(one);
        const text = kind === 'result' ? call.writtenText(one) : call.text(one, undefined);
        const isTold = text !== UNSET && text !== UNKNOWN && table.node(text).kind !== 'text-at';
        return isTold ? table.pointer(table.assumed(text, call.site, by)) : one;
      }),
    );
  }
}

function isPut(role: Role | undefined): boolean {
  return role?.kind === 'put' || role?.kind === 'message';
}

/** Whether what is put there only takes away what was there. */
function isNothing(table: ValueTable, value: ValueId): boolean {
  return value === UNKNOWN || table.number(value) === 0;
}

/**
 * Whether what is put under one key is taken by the other: the same number, name, or variable, or what the call returned that the variable
 * (`settled`) got its value from.
 */
function isSameKey(table: ValueTable, put: ValueId, taken: ValueId, settled: ValueId): boolean {
  if (put === UNSET || taken === UNSET) return true;
  if (table.node(put).kind === 'result') return table.alternatives(settled).includes(put);
  const one = keyText(table, put);
  return one !== undefined && one === keyText(table, taken);
}

function keyText(table: ValueTable, key: ValueId): string | undefined {
  const node = table.node(key);
  if (node.kind === 'constant') return String(node.value | 0);
  if (node.kind === 'literal') return `"${node.text.toLowerCase()}"`;
  const variable = node.kind === 'load' ? table.address(node.address) : undefined;
  return variable?.base === ABSOLUTE && !variable.somewhere ? `[${variable.offset}]` : undefined;
}
