// What the instruction of a call tells by itself: whether it is one, which import it names, how many arguments were put in place for it.
import type { Frame } from './frame.ts';
import { BASE_RVA, NO_TARGET, NONE, Op, Operand, Reg } from './instruction.ts';
import type { Surroundings } from './surroundings.ts';
import { UNSET, type ValueId, type ValueNode } from './values.ts';

/** The instructions of a function, without the values of its registers and memory. */
export type FunctionCode = Pick<Frame, 'code' | 'table' | 'initial' | 'reaching'>;

/** Registers that hold the first arguments (Microsoft x64). */
export const REGISTER_ARGUMENTS = [Reg.rcx, Reg.rdx, Reg.r8, Reg.r9];
/** Arguments that a call is looked at for where all are on the stack. */
const STACK_GIVEN = 6;
const MOST_GIVEN = 12;
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

/** Whether the call only checks a function pointer or the security cookie, and leaves all as it was. */
export function onlyChecks({ code }: FunctionCode, around: Surroundings, i: number): boolean {
  const { src, base, disp, target } = code;
  if (target[i] !== NO_TARGET) return around.checksCookie(target[i]);
  return src[i] === Operand.memory && base[i] === BASE_RVA && around.guardCheck.has(disp[i] >>> 0);
}

/** How many arguments were put in place for a call: those in registers, and those stored to the stack since the last call. */
export function argumentsGiven({ code, initial, reaching }: FunctionCode, i: number): number {
  if (initial.pointerSize === 4) return STACK_GIVEN;
  const { op, dst, base, disp, index } = code;
  const { first } = reaching.body.blocks[reaching.blockOf[i]];
  let given = 4;
  for (let k = i - 1; k >= first && op[k] !== Op.call; k--) {
    if (dst[k] !== Operand.memory || base[k] !== Reg.rsp || index[k] >= 0) continue;
    const argument = disp[k] / 8;
    if (Number.isInteger(argument) && argument >= given && argument < MOST_GIVEN) given = argument + 1;
  }
  return given;
}

/** Whether the instructions near by tell an argument of a call: as a number, or as what an import returns. */
export function isToldNear(frame: FunctionCode, around: Surroundings, argument: number, i: number): boolean {
  const { code, reaching, initial } = frame;
  if (initial.pointerSize !== 8) return true;
  if (argument >= REGISTER_ARGUMENTS.length) return false;
  const { op, src, dst, base, index } = code;
  let r: number = REGISTER_ARGUMENTS[argument];
  let name = reaching.at(r, i);
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
