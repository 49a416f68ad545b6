// The texts near a call that name a class: constants of the image, and HSTRINGs that were made of them just before.

import { importCalled } from '../../code/call-instruction.ts';
import type { ModuleFlow } from '../../code/flow.ts';
import type { FunctionValues } from '../../code/function-values.ts';
import { NO_TARGET } from '../../code/instruction.ts';
import type { PeImage } from '../../pe/image.ts';
import { STRING_MAKERS } from './class-apis.ts';
import { before, type FramePlace, isSamePlace, type Near, nearArgument } from './near-argument.ts';

/** The text that an HSTRING at a place of the frame was made of before. */
export function stringMadeAt(
  flow: ModuleFlow,
  values: FunctionValues,
  place: FramePlace,
  i: number,
): string | undefined {
  const made = before(values, i, false, (k) => {
    if (!values.isCall(k)) return undefined;
    const symbol = importCalled(values, flow, k)?.symbol;
    if (symbol === undefined) return madeByOwnFunction(flow, values, place, k);
    const maker = STRING_MAKERS[symbol.name ?? ''];
    if (maker === undefined || !leavesAt(values, maker.out, place, k)) return undefined;
    return textBehind(flow.image, nearArgument(values, maker.text, k)) ?? '';
  });
  return made === '' ? undefined : made;
}

/**
 * The text of a string reference that a function of the module makes (a constructor that the compiler left alone): it is given the structure, in which the
 * HSTRING stands behind its header, and the text, and calls WindowsCreateStringReference. Undefined where the call is no such.
 */
function madeByOwnFunction(
  flow: ModuleFlow,
  values: FunctionValues,
  { base, offset }: FramePlace,
  k: number,
): string | undefined {
  const { target } = values.code;
  if (target[k] === NO_TARGET || !flow.image.is64) return undefined;
  const object = nearArgument(values, 0, k);
  if (object?.kind !== 'frame' || object.place.base !== base) return undefined;
  if (!HSTRING_PLACES.includes(offset - object.place.offset)) return undefined;
  const text = textBehind(flow.image, nearArgument(values, 1, k));
  return text !== undefined && touchesMaker(flow, target[k]) ? text : undefined;
}

/** Where the HSTRING stands in such a structure: first, or behind an HSTRING_HEADER (hstring.h) of 64-bit programs. */
const HSTRING_PLACES = [0, 24];

/** Whether a function, or one that it calls, refers to a function that makes HSTRINGs. */
function touchesMaker(flow: ModuleFlow, start: number): boolean {
  let makers = makersIn.get(flow);
  if (makers === undefined) {
    makers = new Set<number>();
    for (const { name, slot } of flow.symbols)
      if (STRING_MAKERS[name ?? ''] !== undefined)
        for (const place of flow.references.data.to(slot)) makers.add(flow.code.functionAt(place));
    makersIn.set(flow, makers);
  }
  if (makers.has(start)) return true;
  let found = false;
  for (const { begin, end } of flow.code.listedParts(start))
    flow.calls.eachFrom(begin, end, (target) => {
      found ||= makers.has(target);
    });
  return found;
}

/** The functions of a module that refer to one that makes HSTRINGs. */
const makersIn = new WeakMap<ModuleFlow, Set<number>>();

/** Whether a call leaves what it makes at a place of the frame, by its argument. */
export function leavesAt(values: FunctionValues, argument: number, place: FramePlace, k: number): boolean {
  const out = nearArgument(values, argument, k);
  return out?.kind === 'frame' && isSamePlace(out.place, place);
}

const LONGEST_TEXT = 512;

/** The UTF-16 text at an address of the image; undefined where there is none that can be read. */
export function textBehind(image: PeImage, near: Near | undefined): string | undefined {
  if (near?.kind !== 'address' || image.isWritable(near.rva)) return undefined;
  let text = '';
  for (let at = near.rva; text.length < LONGEST_TEXT; at += 2) {
    const unit = image.readU16(at);
    if (unit === 0) return text === '' ? undefined : text;
    if (unit < 0x20) return undefined;
    text += String.fromCharCode(unit);
  }
  return undefined;
}
