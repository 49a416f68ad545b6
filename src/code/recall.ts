// What memory holds at a point of a function: found by going back, instruction by instruction, to what was last written there.
import { type Call, type Moment, textWrittenAt } from './call.ts';
import { define, operand, stored, stringBytes } from './definitions.ts';
import { extract } from './initial-memory.ts';
import { Op, Operand, Reg } from './instruction.ts';
import { kindsLeadingTo, MayWrite, type MayWriteHost } from './may-write.ts';
import { waysInto } from './merges.ts';
import { memoryOf } from './origins.ts';
import { type Query, REST, REST_LIMIT, TEXT } from './query.ts';
import { Answers, type Kept } from './questions.ts';
import { ENTRY, mergeBlock } from './reaching.ts';
import { concatenate, textFrom } from './texts.ts';
import type { ValueTable } from './value-table.ts';
import { FRAME, UNKNOWN, UNSET, type ValueId } from './values.ts';
import { type Copied, copied, type Write } from './writes.ts';

/** Makes the value that a write left; UNSET when what was there is gone, and what took its place is not what is looked for. */
export type Found = () => ValueId;
const GONE: Found = () => UNSET;

/** What the callers of a recall give it. */
export interface RecallHost extends MayWriteHost {
  /** Whether control can go from block `from` to block `to`. */
  goes(from: number, to: number): boolean;
  /** What the call of instruction `i` leaves where the query looks, and what else it writes; addresses of those `kinds` lead there. */
  afterCall(i: number, query: Query, kinds: number): { readonly writes: readonly Write[]; readonly value?: Found };
  /** The text laid down as numbers from the query's place on, in the memory of that name; UNSET when there is none. */
  gather(query: Query, name: number): ValueId;
  call(i: number): Call;
  moment(i: number): Moment;
  /** What the function found on entry where the query looks. */
  onEntry(query: Query): ValueId;
}

/** Goes back through the memory of one function. */
export class Recall {
  readonly #host: RecallHost;
  readonly #answers = new Answers();
  /** What calls left, by query and call. */
  readonly #left = new Map<number, Kept<ValueId>>();
  /** Queries by what they look for, numbered as they come. */
  readonly #queries = new Map<number, number>();
  readonly #mayWrite: MayWrite;

  constructor(host: RecallHost) {
    this.#host = host;
    this.#mayWrite = new MayWrite(host);
  }

  /** What was written last where the query looks, in the memory of that name; UNSET when nothing was. */
  find(query: Query, name: number): ValueId {
    const last = this.#last(query, name);
    if (last.found) return this.#made(query, last.found, last.name);
    if (last.name === ENTRY) return UNSET;
    const merged = this.#merged(query, last.name);
    return query.width > 0 ? merged : withoutTerminators(this.#host.table, merged);
  }

  /** Goes back from a name of memory to the last write where the query looks, or to where the way ends: at the entry or a merge. */
  #last(query: Query, start: number): { readonly found?: Found; readonly name: number } {
    const { table, reaching, questions } = this.#host;
    const names = reaching.namesOf(memoryOf(table, query.base));
    const inFrame = query.base === FRAME && query.width > 0;
    const kinds = kindsLeadingTo(table, query);
    let name = start;
    while (name >= 0) {
      if (inFrame) name = this.#mayWrite.beside(name, query, names);
      if (name < 0) break;
      if (questions.spent) return { name: ENTRY };
      const found = this.#mayWrite.at(name, query, kinds) ? this.#effect(name, query, kinds, start) : undefined;
      if (found) return { found, name };
      name = names[name];
    }
    return { name };
  }

  /** What a write left: of a call it is kept, since each of a row of appending calls asks more than once for what those before it left. */
  #made(query: Query, found: Found, i: number): ValueId {
    const { code, questions } = this.#host;
    if (code.op[i] !== Op.call || query.from !== undefined) return found();
    return questions.keep(this.#left, this.#numberOf(query) * code.count + i, found);
  }

  /** The first of the keys under which the answers to one query are kept: behind it one for each merge. */
  #keyOf(query: Query): number {
    return this.#numberOf(query) * this.#host.reaching.body.blocks.length;
  }

  /** The number of what a query looks for. */
  #numberOf(query: Query): number {
    const kind = query.width > 0 ? query.width : 128 + (query.wide === undefined ? 2 : query.wide ? 1 : 0) * 4;
    const about = query.address * 256 + kind + (query.width === REST ? 2 : query.asText ? 1 : 0);
    let index = this.#queries.get(about);
    if (index === undefined) {
      index = this.#queries.size;
      this.#queries.set(about, index);
    }
    return index;
  }

  #merged(query: Query, root: number): ValueId {
    const host = this.#host;
    const answers = this.#answers;
    const first = this.#keyOf(query);
    const key = first + mergeBlock(root);
    const known = answers.final.get(key);
    if (known !== undefined) return known;
    return host.questions.merge(answers, key, () => {
      // Only texts that are laid down as numbers are looked for from where they came together.
      const here = query.width > 0 ? query : { ...query, from: root };
      const memory = memoryOf(host.table, query.base);
      let passedBy = false;
      const { leaves, same } = waysInto<Found>(
        host.reaching,
        root,
        (from, to) => host.goes(from, to),
        (from) => {
          const { found, name } = this.#last(here, host.reaching.atEnd(memory, from));
          if (found) return { leaf: () => this.#made(query, found, name) };
          if (name === ENTRY) {
            passedBy = true;
            return {};
          }
          const outside = mergeBlock(name) < host.reaching.outermostHead(mergeBlock(root));
          const at = first + mergeBlock(name);
          const known =
            outside || answers.final.has(at) || answers.passing.has(at) || (name !== root && answers.open.has(at));
          return known ? { leaf: () => this.#merged(query, name) } : { merge: name };
        },
      );
      return {
        parts: passedBy && leaves.length > 0 && this.#wasGiven(query) ? [...leaves, () => host.onEntry(query)] : leaves,
        same: same.map((name) => first + mergeBlock(name)),
        otherwise: () => host.onEntry(query),
      };
    });
  }

  /** Whether the query looks for a word that the caller gave: where only some ways write it, the others leave that. */
  #wasGiven({ base, offset, width }: Query): boolean {
    return width > 0 && base === FRAME && offset > 0;
  }

  /** What instruction `i` leaves where the query looks; undefined when it does not write there. */
  #effect(i: number, query: Query, kinds: number, start: number): Found | undefined {
    const host = this.#host;
    const { code, table } = host;
    const op = code.op[i];
    if (op === Op.call || op === Op.jmp) {
      const { writes, value } = host.afterCall(i, query, kinds);
      if (value) return value;
      for (let w = writes.length - 1; w >= 0; w--) {
        const found = this.#written(query, writes[w], host.call(i), i);
        if (found) return found;
      }
      return undefined;
    }
    if (op === Op.movs || op === Op.stos) return this.#string(i, query);
    const push = op === Op.push;
    const to = push ? define(host, i, Reg.rsp) : host.address(i);
    const width = push ? host.initial.pointerSize : code.size[i];
    const place = table.address(to);
    if (place && !place.somewhere) {
      if (place.base !== query.base || !covers(query, place.offset, width)) return undefined;
      return this.#stored(i, query, place.offset, width, start);
    }
    return query.width > 0 || op !== Op.mov ? undefined : this.#copyLoop(i, to, query);
  }

  #stored(i: number, query: Query, offset: number, width: number, start: number): Found {
    return this.#word(query, offset, width, () => stored(this.#host, i), start);
  }

  /** A word of `width` bytes at `offset` of the query's base, which {@link covers} where it looks. */
  #word(query: Query, offset: number, width: number, value: () => ValueId, start: number): Found {
    if (query.width === TEXT) return query.asText ? GONE : () => this.#host.gather(query, start);
    return () => this.#partOf(value(), query.offset - offset, width, query.width);
  }

  /** `count` bytes from byte `from` of a word of `width` bytes; from below 0 when they begin before it. */
  #partOf(held: ValueId, from: number, width: number, count: number): ValueId {
    const { table, initial } = this.#host;
    if (from === 0 && count === width) return held === UNSET ? UNKNOWN : held;
    const node = table.node(held);
    if (node.kind === 'pair' && width === 16) {
      return from >= 8 ? this.#partOf(node.high, from - 8, 8, count) : this.#partOf(node.low, from, 8, count);
    }
    if (from < 0 || from + count > width) return UNKNOWN;
    return extract(table, initial.image, held, from, count);
  }

  /** What a write of a call leaves where the query looks. */
  #written(query: Query, write: Write, moment: Moment, i: number): Found | undefined {
    const { table } = this.#host;
    if (write.kind === 'text') return this.#text(query, write.to, () => write.text(), write.by, moment);
    if (write.kind === 'copy') return this.#copy(query, write, moment);
    const place = table.address(write.to);
    if (!place || place.base !== query.base) return undefined;
    const from = query.offset - place.offset;
    switch (write.kind) {
      case 'word':
        if (place.somewhere || !covers(query, place.offset, write.width)) return undefined;
        return this.#word(query, place.offset, write.width, () => write.value(), i);
      case 'zero':
        if (query.width === REST || from < 0 || from + query.width > write.size || from >= write.size) return undefined;
        return () => (query.width === TEXT ? table.literal('', 0, true) : table.constant(0));
      case 'output': {
        if (query.width === REST || (query.width === TEXT && from !== 0)) return undefined;
        if (query.width > 0 && (from >= write.width || from + query.width <= 0)) return undefined;
        if (moment.writtenText(write.to) !== UNSET) return undefined;
        const output = table.output(moment.site, write.argument, 0);
        if (query.width > 0) return () => this.#partOf(output, from, write.width, query.width);
        return table.node(write.to).kind === 'allocation' ? () => table.textAt(output, undefined) : GONE;
      }
      default: {
        const never: never = write;
        return never;
      }
    }
  }

  /** A copy of memory: the text, where it is one, else the words. */
  #copy(query: Query, write: Copied, moment: Moment): Found | undefined {
    const { table } = this.#host;
    const place = table.address(write.to);
    const asText = (): Found | undefined => this.#text(query, write.to, () => write.text(), 'memcpy', moment);
    if (!place || place.somewhere || query.width === REST) return asText();
    if (place.base !== query.base) return undefined;
    const from = query.offset - place.offset;
    if (from < 0) return asText();
    if (query.width > 0) {
      if (from + query.width > write.words()) return from === 0 ? asText() : undefined;
      return () => moment.word(table.add(write.from, from), query.width);
    }
    if (from > 0) return from < write.words() ? () => moment.text(table.add(write.from, from), query.wide) : undefined;
    return () => {
      const text = write.text();
      return text !== UNSET || query.asText || write.words() === 0 ? text : moment.text(write.from, query.wide);
    };
  }

  /** A text written through a pointer; through one of several, each may have got it. */
  #text(query: Query, to: ValueId, text: () => ValueId, by: string, moment: Moment): Found | undefined {
    const { table } = this.#host;
    const all = table.alternatives(to);
    for (const one of all) {
      const buffer = table.buffer(one);
      const place = table.address(buffer);
      if (!place || place.base !== query.base) continue;
      const behind = query.offset - place.offset;
      if (query.width > 0) {
        if (behind <= 0 && behind + query.width > 0) return GONE;
        continue;
      }
      if (query.width === REST ? behind <= 0 || behind > REST_LIMIT : behind !== 0) continue;
      return () => {
        const given = text();
        if (given === UNSET) return UNSET;
        const whole = textWrittenAt(moment, one, given, by);
        const before = all.length > 1 ? moment.writtenText(buffer) : UNSET;
        const joined = before === UNSET ? whole : table.choice([before, whole]);
        return query.width === REST ? textFrom(table, joined, behind) : joined;
      };
    }
    return undefined;
  }

  /** movs and stos. */
  #string(i: number, query: Query): Found | undefined {
    const host = this.#host;
    const { code, table } = host;
    const { size, rep } = code;
    const to = host.register(Reg.rdi, i);
    if (table.address(to)?.base !== query.base) return undefined;
    const moment = host.moment(i);
    if (code.op[i] === Op.movs) {
      const write = copied(moment, to, host.register(Reg.rsi, i), stringBytes(host, i));
      const isText = rep[i] !== 0 || size[i] > 4;
      return this.#copy(query, isText ? write : { ...write, text: () => UNSET }, moment);
    }
    const value = host.register(Reg.rax, i);
    if (rep[i] === 0) return this.#written(query, { kind: 'word', to, width: size[i], value: () => value }, moment, i);
    if (table.number(value) !== 0) return undefined;
    return this.#written(query, { kind: 'zero', to, size: Math.max(1, stringBytes(host, i) ?? 1) }, moment, i);
  }

  /** A loop that moves characters from one text to another: a copy, or an append when it began within the text. */
  #copyLoop(i: number, to: ValueId, query: Query): Found | undefined {
    const host = this.#host;
    const { code, table } = host;
    if (code.dst[i] !== Operand.memory) return undefined;
    const size = code.size[i];
    const into = table.alternatives(to).find((one) => {
      const node = table.node(one);
      if (node.kind !== 'within' && node.kind !== 'found') return false;
      const place = table.address(node.base);
      if (place?.base !== query.base) return false;
      const behind = query.offset - place.offset;
      return query.width === REST ? behind > 0 && behind <= REST_LIMIT : behind === 0 || this.#began(i, query);
    });
    if (into === undefined) return undefined;
    const from: ValueId[] = [];
    for (const one of table.alternatives(operand(host, i, code.src[i], size))) {
      const node = table.node(one);
      if (node.kind !== 'load' || node.width !== size) continue;
      const start = table.node(node.address);
      if (start.kind === 'within' || start.kind === 'found') from.push(start.base);
    }
    if (from.length === 0) return undefined;
    const moment = host.moment(i);
    const first = host.firstAddress(i);
    const appends = table.alternatives(first).some((one) => table.address(one)?.somewhere === true);
    if (!appends && query.width === REST) return undefined;
    return () => {
      const text = moment.text(table.choice(from), size === 2 ? true : undefined);
      if (text === UNSET || !appends) return text;
      if (table.node(into).kind === 'found') return textWrittenAt(moment, into, text, 'a loop');
      const before = table.alternatives(moment.text(query.address, undefined));
      // The round before this one has added it already.
      const open = before.filter((one) => !endsIn(table, one, text));
      if (open.length === 0) return table.choice(before);
      return concatenate(table, [table.choice(open), text], moment.site, 'a loop');
    };
  }

  /** Whether the store of instruction `i` began where the query looks. */
  #began(i: number, query: Query): boolean {
    const place = this.#host.table.address(this.#host.firstAddress(i));
    return place !== undefined && place.base === query.base && place.offset === query.offset;
  }
}

/** Whether a word of `width` bytes at `offset` of the query's base lies where the query looks. Asked of every store on the way back. */
function covers(query: Query, offset: number, width: number): boolean {
  if (query.width === REST) return false;
  const end = offset + width;
  if (query.width === TEXT) return query.offset >= offset && query.offset < end;
  return end > query.offset && offset < query.offset + query.width;
}

function endsIn(table: ValueTable, text: ValueId, tail: ValueId): boolean {
  const node = table.node(text);
  return node.kind === 'concat' && node.parts[node.parts.length - 1] === tail;
}

/** Without the empty text that a buffer's terminator alone is, where another way writes a text: where that one failed, or before it. */
export function withoutTerminators(table: ValueTable, text: ValueId): ValueId {
  const node = table.node(text);
  if (node.kind !== 'choice') return text;
  const kept = node.of.filter((one) => {
    const part = table.node(one);
    return !(part.kind === 'literal' && part.text === '' && part.immediate !== undefined);
  });
  return kept.length === 0 || kept.length === node.of.length ? text : table.choice(kept);
}
