// What the instruction of a call tells by itself: whether it is one, which import it names, how many arguments were put in place for it, and where.
import { registerOfIndex } from './arguments.ts';
import type { Frame } from './frame.ts';
import { BASE_RVA, NO_TARGET, NONE, Op, Operand, Reg } from './instruction.ts';
import { nextStackMove } from './stack-depth.ts';
import type { StackEffect } from './stack-effect.ts';
import { bytesPopped } from './stdcall.ts';
import type { Surroundings } from './surroundings.ts';
import { UNSET, type ValueId, type ValueNode } from './values.ts';

/** The instructions of a function, without the values of its registers and memory. */
export type FunctionCode = Pick<Frame, 'code' | 'table' | 'initial' | 'reaching' | 'stack'>;

/** Arguments that a call is looked at for where all are on the stack, and nothing says how many there are. */
const STACK_GIVEN = 6;
const MOST_GIVEN = 12;
/** Moves that the address of a function in a register is traced back through. */
const MOVES = 3;
/** Moves that an argument is traced back through. */
const NEAR = 4;

/** Whether instruction `i` is a call, or a jump that leaves the function. */
export function isCall({ code, reaching }: FunctionCode, i: number): boolean {
  return code.op[i] === Op.call || (code.op[i] === Op.jmp && reaching.leaves(i));
}

/** The import that a call names itself: by its slot or a thunk. */
export function importedBy(
  { code, table, initial }: FunctionCode,
  around: Surroundings,
  i: number,
): (ValueNode & { kind: 'import' }) | undefined {
  const { target, src, base, disp } = code;
  let value: ValueId = UNSET;
  if (target[i] !== NO_TARGET) value = around.thunk(target[i]);
  else if (src[i] === Operand.memory && base[i] === BASE_RVA) value = initial.importAt(disp[i] >>> 0);
  const node = table.node(value);
  return node.kind === 'import' ? node : undefined;
}

/** The import that a call names itself, or whose address it takes from a register. */
export function importCalled(code: FunctionCode, around: Surroundings, i: number) {
  return importedBy(code, around, i) ?? importInRegister(code, i);
}

/** By the moves that put it there. */
function importInRegister({ code, table, initial, reaching }: FunctionCode, i: number) {
  const { op, src, base, disp } = code;
  let r = src[i];
  let at = i;
  for (let moves = 0; moves < MOVES && r < 16; moves++) {
    at = reaching.at(r, at);
    if (at < 0 || op[at] !== Op.mov) return undefined;
    if (src[at] === Operand.memory) {
      const node = base[at] === BASE_RVA ? table.node(initial.importAt(disp[at] >>> 0)) : undefined;
      return node?.kind === 'import' ? node : undefined;
    }
    r = src[at];
  }
  return undefined;
}

/** What the call of instruction `i` does to the stack (x86); undefined when that is not known. */
export function stackEffectOfCall(code: FunctionCode, around: Surroundings, i: number): StackEffect | undefined {
  if (onlyChecks(code, around, i)) return { popped: 0 };
  const imported = importCalled(code, around, i);
  if (imported) {
    const popped = bytesPopped(imported.symbol);
    return popped === undefined ? undefined : { popped };
  }
  const target = code.code.target[i];
  return target === NO_TARGET ? undefined : around.stackEffect(target);
}

/** Whether the call only checks a function pointer or the security cookie, and leaves all as it was. */
export function onlyChecks({ code }: FunctionCode, around: Surroundings, i: number): boolean {
  const { src, base, disp, target } = code;
  if (target[i] !== NO_TARGET) return around.checksCookie(target[i]);
  return src[i] === Operand.memory && base[i] === BASE_RVA && around.guardCheck.has(disp[i] >>> 0);
}

/** How many arguments were put in place for a call: those in registers, and those stored to the stack since the last call. */
export function argumentsGiven(code: FunctionCode, around: Surroundings, i: number): number {
  if (code.initial.pointerSize === 4) return argumentsPushed(code, around, i);
  const { op, dst, base, disp, index } = code.code;
  const { reaching } = code;
  const { first } = reaching.body.blocks[reaching.blockOf[i]];
  let given = 4;
  for (let k = i - 1; k >= first && op[k] !== Op.call; k--) {
    if (dst[k] !== Operand.memory || base[k] !== Reg.rsp || index[k] >= 0) continue;
    const argument = disp[k] / 8;
    if (Number.isInteger(argument) && argument >= given && argument < MOST_GIVEN) given = argument + 1;
  }
  return given;
}

/** The same where all are on the stack: as many as the callee or, behind the call, the caller takes off; else those put there since the last call. */
function argumentsPushed(code: FunctionCode, around: Surroundings, i: number): number {
  const { pointerSize } = code.initial;
  const effect = stackEffectOfCall(code, around, i);
  const bytes = effect?.popped || bytesTakenOff(code, i);
  if (bytes > 0) return Math.min(MOST_GIVEN, bytes / pointerSize);
  const { op, dst, base, disp, index } = code.code;
  const { reaching } = code;
  const { first } = reaching.body.blocks[reaching.blockOf[i]];
  let pushed = 0;
  let stored = 0;
  let k = i - 1;
  for (; k >= first && op[k] !== Op.call; k--) {
    if (op[k] === Op.push) pushed++;
    else if (dst[k] === Operand.memory && base[k] === Reg.rsp && index[k] < 0)
      stored = Math.max(stored, disp[k] / pointerSize + 1);
  }
  // What an unknown function is given may have been put there before the last branch.
  const least = effect === undefined && k < first ? STACK_GIVEN : 0;
  return Math.min(MOST_GIVEN, Math.max(least, pushed, Number.isInteger(stored) ? stored : 0));
}

/** Bytes that the caller itself takes off the stack behind a call (cdecl), as the next instruction that moves the stack pointer tells; 0 where it does not. */
function bytesTakenOff({ code, reaching }: FunctionCode, i: number): number {
  const { op, dst, src, immLo } = code;
  const { end } = reaching.body.blocks[reaching.blockOf[i]];
  const k = nextStackMove(code, i, end);
  const adds = k < end && op[k] === Op.add && dst[k] === Reg.rsp && src[k] === Operand.immediate;
  return adds ? Math.max(0, immLo[k]) : 0;
}

/** The operand that an argument is put in place from, told by the instruction that does so; undefined where no instruction near by does. */
export function argumentSource(
  { code, initial, reaching, stack }: FunctionCode,
  index: number,
  i: number,
): { readonly which: number; readonly at: number } | undefined {
  const { pointerSize } = initial;
  const register = registerOfIndex(index, pointerSize);
  if (register !== undefined) return { which: register, at: i };
  const top = stack?.top(i);
  if (stack === undefined || top === undefined) return undefined;
  const place = top + index * pointerSize + (code.op[i] === Op.jmp ? pointerSize : 0);
  const { op, dst, src, base, index: scaled, disp } = code;
  const { first } = reaching.body.blocks[reaching.blockOf[i]];
  for (let k = i - 1; k >= first; k--) {
    if (op[k] === Op.push) {
      if (stack.top(k) === place + pointerSize) return { which: src[k], at: k };
    } else if (op[k] === Op.mov && dst[k] === Operand.memory && base[k] === Reg.rsp && scaled[k] < 0) {
      if ((stack.top(k) ?? Number.NaN) + disp[k] === place) return { which: src[k], at: k };
    }
  }
  return undefined;
}

/** Whether the instructions near by tell an argument of a call: as a number, or as what an import returns. */
export function isToldNear(frame: FunctionCode, around: Surroundings, argument: number, i: number): boolean {
  const source = argumentSource(frame, argument, i);
  if (source === undefined || source.which >= 16) return source?.which === Operand.immediate;
  const { code, reaching } = frame;
  const { op, src, dst, base, index } = code;
  let r = source.which;
  let name = reaching.at(r, source.at);
  for (let hops = 0; hops < NEAR && name >= 0; hops++) {
    if (op[name] === Op.call) return r === Reg.rax && importedBy(frame, around, name) !== undefined;
    if (src[name] === Operand.immediate || op[name] === Op.zero) return true;
    if (op[name] === Op.xor && dst[name] === src[name]) return true;
    if (op[name] === Op.mov && src[name] < 16) r = src[name];
    else if (op[name] === Op.lea && base[name] >= 0 && base[name] !== Reg.rsp && index[name] === NONE) r = base[name];
    else return false;
    name = reaching.at(r, name);
  }
  return false;
}
