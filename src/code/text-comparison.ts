// What a program learns of a text: from a call that compares two, or looks for one in the other, and from the test of a single character.
import { type Call, roleOfSymbol } from './call.ts';
import { importCalled } from './call-instruction.ts';
import type { ModuleFlow } from './flow.ts';
import type { FunctionValues } from './function-values.ts';
import { instructionAt } from './functions.ts';
import { Op, Operand } from './instruction.ts';
import type { Role } from './roles/role.ts';
import { UNKNOWN, UNSET, type ValueId } from './values.ts';

/** Where a fact is learnt; its values are worked out when they are asked for. */
interface FactPlace {
  /** RVA of the call, or of the instruction that reads the character. */
  readonly site: number;
  /** RVA of the function that holds it, in whose terms the values are. */
  readonly function: number;
}

/** Two texts were found the same, or one in the other. */
export interface TextComparison extends FactPlace {
  readonly kind: 'same';
}

/** A character of a text was found to be this one. */
export interface CharacterFound extends FactPlace {
  readonly kind: 'character';
  /** The register that leads to the text, and the name of its definition (see Reaching). */
  readonly register: number;
  readonly name: number;
  /** Bytes behind that, and the bytes of a character. */
  readonly offset: number;
  readonly width: 1 | 2;
  readonly character: number;
}

export type Fact = TextComparison | CharacterFound;

/** Facts that say the same have the same key. */
export function factKey(fact: Fact): string {
  return fact.kind === 'same'
    ? `${fact.site}`
    : `${fact.function}:${fact.register}:${fact.name}+${fact.offset}=${fact.character}`;
}

/** A test of a number: with `equal` it is compared with that one, with `bits` only these are looked at. */
export interface NumberTest {
  readonly holds: (value: number) => boolean;
  readonly equal?: number;
  readonly bits?: number;
}

/** Results that stand for any that says that texts differ. */
const DIFFERENT: Readonly<Record<number, readonly number[]>> = { 0: [1, -1, 2], 2: [0, 1, 3] };
const SOME_ADDRESS = 0x10000;
/** ASCII, and the bit that tells small letters from capital ones. */
const FIRST_VISIBLE = 0x21;
const LAST_VISIBLE = 0x7e;
const CASE = 0x20;

/** Whether the call of instruction `i` compares texts, and a result for which the test holds says that they are the same, or that one was found in the other. */
export function saysSame(values: FunctionValues, flow: ModuleFlow, i: number, { holds }: NumberTest): boolean {
  const role = roleOfCall(values, flow, i);
  if (role?.kind === 'compare') return holds(role.same) && !DIFFERENT[role.same].some(holds);
  return role?.kind === 'find' && role.what !== undefined && holds(SOME_ADDRESS) && !holds(0);
}

function roleOfCall(values: FunctionValues, flow: ModuleFlow, i: number): Role | undefined {
  const imported = values.isCall(i) ? importCalled(values, flow, i) : undefined;
  return imported && roleOfSymbol(imported.symbol, values.initial.pointerSize);
}

/** The one character that one can see for which a test holds; undefined where it holds for none, or for others too. */
export function characterFor({ holds, equal }: NumberTest): number | undefined {
  if (equal === undefined || equal < FIRST_VISIBLE || equal > LAST_VISIBLE) return undefined;
  return holds(equal) && ![0, equal - 1, equal + 1, equal ^ CASE].some(holds) ? equal : undefined;
}

export type ValuesOf = (start: number) => FunctionValues | undefined;

/** The texts that are compared, and how many characters of each (UNSET: all). */
export interface Compared {
  readonly texts: readonly [ValueId, ValueId];
  readonly counts: readonly [ValueId, ValueId];
  /** Whether the second was found within the first, not the same. */
  readonly isWithin: boolean;
}

/** What was compared; `valuesOf` gives a function to ask. */
export function comparedBy(flow: ModuleFlow, fact: TextComparison, valuesOf: ValuesOf): Compared | undefined {
  const values = valuesOf(fact.function);
  const i = values ? instructionAt(values.code, fact.site) : -1;
  if (!values || i < 0) return undefined;
  const role = roleOfCall(values, flow, i);
  return role ? comparedIn(values.call(i), role) : walkedAt(values, i);
}

/** The texts that a loop walks over, by the instruction that compares their characters. */
function walkedAt(values: FunctionValues, i: number): Compared | undefined {
  const characters = charactersCompared(values, i);
  if (!characters) return undefined;
  const wide = values.code.size[characters.right] === 2;
  const text = (at: number): ValueId => values.text(values.firstAddress(at), wide, at);
  return { texts: [text(characters.left), text(characters.right)], counts: [UNSET, UNSET], isWithin: false };
}

/** Where the two characters are read that instruction `i` compares; undefined where it compares something else. */
export function charactersCompared(
  values: FunctionValues,
  i: number,
): { readonly left: number; readonly right: number } | undefined {
  const { op, dst, src } = values.code;
  if (op[i] !== Op.cmp && op[i] !== Op.sub) return undefined;
  const left = characterRead(values, dst[i], i);
  const right = characterRead(values, src[i], i);
  return left >= 0 && right >= 0 ? { left, right } : undefined;
}

/** The instruction that reads what instruction `i` finds in an operand from memory, a character wide; -1 where none does. */
export function characterRead({ code, reaching }: FunctionValues, which: number, i: number): number {
  const { op, src, size } = code;
  if (which === Operand.memory) return size[i] <= 2 ? i : -1;
  const name = which < 16 ? reaching.at(which, i) : -1;
  const isRead = name >= 0 && (op[name] === Op.mov || op[name] === Op.movzx || op[name] === Op.movsx);
  return isRead && src[name] === Operand.memory && size[name] <= 2 ? name : -1;
}

function comparedIn(call: Call, role: Role): Compared | undefined {
  const text = (argument: number): ValueId => call.text(call.argument(argument), undefined);
  if (role.kind === 'find' && role.what !== undefined)
    return { texts: [text(role.text), text(role.what)], counts: [UNSET, UNSET], isWithin: true };
  if (role.kind !== 'compare') return undefined;
  const count = (argument = role.count): ValueId => (argument === undefined ? UNSET : call.argument(argument));
  return {
    texts: [text(role.left), text(role.right)],
    counts: [count(role.leftCount), count(role.rightCount)],
    isWithin: false,
  };
}

/** Where a character was found. */
export interface CharacterRead {
  readonly text: ValueId;
  /** The pointer that led to it; one that moves stands for all places that it comes by. */
  readonly pointer: ValueId;
  readonly isMoving: boolean;
  /** Bytes from there. */
  readonly offset: number;
}

/** The text that a character was found in, and the pointer that led to it with the offset from there. */
export function readFor(fact: CharacterFound, valuesOf: ValuesOf): CharacterRead {
  const values = valuesOf(fact.function);
  const i = values ? instructionAt(values.code, fact.site) : -1;
  if (!values || i < 0) return { text: UNKNOWN, pointer: UNKNOWN, isMoving: true, offset: 0 };
  const { table } = values;
  const held = values.register(fact.register, i);
  const place = table.address(held);
  const isAt = place !== undefined && !place.somewhere && place.base >= 0;
  return {
    text: values.text(held, fact.width === 2, i),
    pointer: isAt ? place.base : held,
    isMoving: !isAt,
    offset: fact.offset + (isAt ? place.offset : 0),
  };
}
