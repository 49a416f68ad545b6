// The COM and Windows Runtime classes that a module asks for: one entry for each call, with the class where it is told, and the blind spots of servers in processes of their own.

import { guidAt } from '../../bytes/guid.ts';
import { importCalled, isToldNear } from '../../code/call-instruction.ts';
import type { ModuleFlow } from '../../code/flow.ts';
import type { FunctionValues } from '../../code/function-values.ts';
import type { PeImage } from '../../pe/image.ts';
import { addressOf } from '../address.ts';
import type { BlindSpot, ClassEntry, Reach } from '../document.ts';
import { CLASS_WRITERS, contextNames } from './class-apis.ts';
import { type ClassCall, findClassCalls, MOST_CALLS } from './class-calls.ts';
import { leavesAt, stringMadeAt, textBehind } from './made-strings.ts';
import { classIdIn, classOfMoniker, progIdIn } from './moniker.ts';
import { before, copiedTo, type FramePlace, type Near, nearArgument } from './near-argument.ts';

/** What is known of the class that a call asks for. */
export type ToldClass = Pick<ClassEntry, 'progId' | 'moniker' | 'runtimeClass' | 'elevated'> & {
  readonly classId: string | null;
  /** How it is known, where that is more than an argument of the call. */
  readonly how?: string;
};

export interface ModuleClasses {
  readonly classes: readonly ClassEntry[];
  readonly blindSpots: readonly BlindSpot[];
  readonly leftOut: readonly string[];
}

/** Who the module is, and how the program comes to its functions. */
export interface ClassContext {
  readonly name: string;
  /** Of a function that holds a call that a blind spot tells. */
  readonly reachOf: (start: number) => Reach;
  /** Of any other function: what can be told without a long search. */
  readonly knownReachOf: (start: number) => Reach | undefined;
}

/** In address order. */
export function findClasses(flow: ModuleFlow, context: ClassContext): ModuleClasses {
  const calls = findClassCalls(flow);
  const classes: (ClassEntry & { readonly rva: number })[] = [];
  const blindSpots: (BlindSpot & { readonly rva: number })[] = [];
  for (const call of calls) {
    const { values, i, name, start } = call;
    const rva = values.code.rva[i];
    const spot = localServer(flow, call, context);
    if (spot) blindSpots.push({ rva, ...spot });
    const told = nearClass(flow, call);
    if (call.api.anyGuid && told.classId === null && told.progId === undefined) continue;
    const contexts = contextsOf(call);
    const reach = spot?.reach ?? context.knownReachOf(start);
    const { how, ...named } = told;
    classes.push({
      rva,
      module: context.name,
      site: addressOf(flow.image, rva),
      function: addressOf(flow.image, start),
      api: name,
      ...(reach === undefined ? {} : { reach }),
      ...named,
      contexts: contexts === undefined ? null : contextNames(contexts),
      detail: detailOf(call, told),
    });
  }
  const leftOut =
    calls.length >= MOST_CALLS
      ? [`it has more than ${MOST_CALLS} calls that ask for classes; the others are not told`]
      : [];
  return { classes: inOrder(classes), blindSpots: inOrder(blindSpots), leftOut };
}

function inOrder<Entry extends { readonly rva: number }>(entries: readonly Entry[]): readonly Omit<Entry, 'rva'>[] {
  return [...entries].sort((a, b) => a.rva - b.rva).map(({ rva: _, ...entry }) => entry);
}

/** CLSCTX (wtypesbase.h). */
const INPROC_SERVER_OR_HANDLER = 1 | 2;
const LOCAL_SERVER = 4;

/** The blind spot of a call that asks for a local server and for nothing nearer; undefined of any other. */
function localServer(flow: ModuleFlow, call: ClassCall, context: ClassContext): BlindSpot | undefined {
  const { values, i, name, api } = call;
  // Contexts that come from elsewhere are not worth the way there.
  if (api.contexts === undefined || !isToldNear(values, flow, api.contexts, i)) return undefined;
  const near = nearArgument(values, api.contexts, i);
  if (near?.kind === 'number' && !isLocalOnly(near.value)) return undefined;
  if (!values.comesTo(i)) return undefined;
  const asked = values.call(i);
  if (!isLocalOnly(flow.table.number(asked.argument(api.contexts)) ?? 0)) return undefined;
  flow.beginSite();
  const at = flow.table.number(asked.argument(api.name));
  const offset = at === undefined ? -1 : flow.image.offsetOf(flow.image.rvaOf(at));
  const classId = guidAt(flow.image.bytes, offset);
  const which = classId === undefined ? 'of a class that is not known' : `of class {${classId}}`;
  return {
    module: context.name,
    sink: name,
    site: addressOf(flow.image, values.code.rva[i]),
    reach: context.reachOf(flow.functionHolding(values.code.rva[i])),
    reason: 'com',
    detail: `the server ${which}, which Windows starts as a child of another process`,
  };
}

function isLocalOnly(contexts: number): boolean {
  return (contexts & LOCAL_SERVER) !== 0 && (contexts & INPROC_SERVER_OR_HANDLER) === 0;
}

function contextsOf({ api, values, i }: ClassCall): number | undefined {
  const near = api.contexts === undefined ? undefined : nearArgument(values, api.contexts, i);
  return near?.kind === 'number' ? near.value : undefined;
}

const UNTOLD: ToldClass = { classId: null };

/** The class of a call, as the instructions near by tell it. */
function nearClass(flow: ModuleFlow, call: ClassCall): ToldClass {
  const { api, values, i } = call;
  const near = nearArgument(values, api.name, i);
  switch (api.by) {
    case 'class-id':
      return near === undefined ? UNTOLD : classBehind(flow, values, near, i);
    case 'text': {
      const text = textBehind(flow.image, near);
      return text === undefined ? UNTOLD : classOfText(text);
    }
    case 'moniker': {
      const text = textBehind(flow.image, near);
      return text === undefined ? monikerNearBy(flow, call) : { classId: null, ...classOfMoniker(text), moniker: text };
    }
    case 'runtime-class': {
      const runtimeClass = near?.kind === 'in-frame' ? stringMadeAt(flow, values, near.place, near.at) : undefined;
      return runtimeClass === undefined ? UNTOLD : { classId: null, runtimeClass };
    }
    default: {
      const never: never = api.by;
      return never;
    }
  }
}

function classBehind(flow: ModuleFlow, values: FunctionValues, near: Near, i: number): ToldClass {
  if (near.kind === 'address') return { classId: guidIn(flow.image, near.rva) ?? null };
  if (near.kind !== 'frame') return UNTOLD;
  const copied = copiedTo(values, near.place, i);
  if (copied !== undefined) return { classId: guidIn(flow.image, copied) ?? null };
  const made = madeByText(flow, values, near.place, i);
  return made === undefined ? UNTOLD : made;
}

/** The GUID at an RVA; undefined where there is none, or a variable without a value in the file. */
function guidIn(image: PeImage, rva: number): string | undefined {
  const guid = guidAt(image.bytes, image.offsetOf(rva));
  return guid === undefined || /^[0-]+$/.test(guid) ? undefined : guid;
}

function classOfText(text: string): ToldClass {
  const classId = classIdIn(text);
  if (classId !== undefined) return { classId };
  const progId = progIdIn(text);
  return progId === undefined ? UNTOLD : { classId: null, progId };
}

/** The class that a CLSIDFrom... function left at a place of the frame before. */
function madeByText(flow: ModuleFlow, values: FunctionValues, place: FramePlace, i: number): ToldClass | undefined {
  return before(values, i, false, (k) => {
    if (!values.isCall(k)) return undefined;
    const name = importCalled(values, flow, k)?.symbol.name ?? '';
    const api = CLASS_MAKERS[name];
    if (api === undefined || !leavesAt(values, api.out, place, k)) return undefined;
    const text = textBehind(flow.image, nearArgument(values, api.text, k));
    return text === undefined ? UNTOLD : { ...classOfText(text), how: `${name} makes it of the text "${text}"` };
  });
}

const CLASS_MAKERS: Readonly<Record<string, { readonly text: number; readonly out: number } | undefined>> = {
  __proto__: null as never,
  CLSIDFromProgID: { text: 0, out: 1 },
  CLSIDFromProgIDEx: { text: 0, out: 1 },
  CLSIDFromString: { text: 0, out: 1 },
  IIDFromString: { text: 0, out: 1 },
};

const MONIKER = /^(elevation|session|new|clsid):/i;

/**
 * The moniker of a call that is given a text made at run time: the one text of the same function that begins as one that names a class, and the one class
 * that is written as text there.
 */
function monikerNearBy(flow: ModuleFlow, { values, start }: ClassCall): ToldClass {
  const texts = new Set<string>();
  for (const { begin, end } of flow.code.parts(start))
    flow.references.addresses.eachFrom(begin, end, (rva) => {
      const text = textBehind(flow.image, { kind: 'address', rva });
      if (text !== undefined && MONIKER.test(text)) texts.add(text);
    });
  const [moniker, ...others] = texts;
  if (moniker === undefined || others.length > 0) return UNTOLD;
  const told = classOfMoniker(moniker);
  const written = told.classId === undefined && told.progId === undefined ? classesWritten(flow, values) : [];
  return {
    classId: null,
    ...(written.length === 1 ? { classId: written[0] } : {}),
    ...told,
    moniker,
    how: 'the moniker is made in the same function',
  };
}

/** The classes that a function writes as texts. */
function classesWritten(flow: ModuleFlow, values: FunctionValues): readonly string[] {
  const written = new Set<string>();
  for (let k = 0; k < values.code.count; k++) {
    if (!values.isCall(k)) continue;
    const name = importCalled(values, flow, k)?.symbol.name ?? '';
    if (!Object.hasOwn(CLASS_WRITERS, name)) continue;
    const near = nearArgument(values, CLASS_WRITERS[name], k);
    written.add((near === undefined ? undefined : classBehind(flow, values, near, k).classId) ?? '');
  }
  return [...written].filter((classId) => classId !== '' || written.size > 1);
}

function detailOf({ api }: ClassCall, told: ToldClass): string {
  const told1 = told.how === undefined ? '' : `; ${told.how}`;
  if (told.classId !== null || told.progId !== undefined)
    return `${api.out === undefined ? 'an object of the class is asked for' : 'the text is made a class identifier'}${told1}`;
  if (told.runtimeClass !== undefined) return 'an object or factory of the class is asked for';
  if (told.moniker !== undefined) return `the moniker's text does not tell the class${told1}`;
  return 'the class is not told near the call';
}
