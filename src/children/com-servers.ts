// COM classes that a module has run in a process of their own: Windows starts the program, and its parent is another process.

import { guidAt } from '../bytes/guid.ts';
import { importCalled, isToldNear } from '../code/call-instruction.ts';
import type { ModuleFlow } from '../code/flow.ts';
import { functionsTouching } from '../code/functions-touching.ts';

/** A call that starts the local server of a class. */
export interface ComServer {
  /** RVA of the call. */
  readonly rva: number;
  readonly api: string;
  /** CLSID in lower case; undefined where it is not a constant. */
  readonly classId: string | undefined;
}

/** Functions that make or look for an object of a class: the arguments with the CLSID and with the contexts (combaseapi.h). */
const APIS: Readonly<Record<string, { readonly classId: number; readonly contexts: number }>> = {
  CoCreateInstance: { classId: 0, contexts: 2 },
  CoCreateInstanceEx: { classId: 0, contexts: 2 },
  CoGetClassObject: { classId: 0, contexts: 1 },
};
/** CLSCTX (wtypesbase.h). */
const INPROC_SERVER_OR_HANDLER = 1 | 2;
const LOCAL_SERVER = 4;

/** Calls that ask for a local server and for nothing nearer, in address order. */
export function findComServers(flow: ModuleFlow): readonly ComServer[] {
  const apis = new Map<number, string>();
  for (const { name, slot } of flow.symbols) if (name !== undefined && Object.hasOwn(APIS, name)) apis.set(slot, name);
  if (apis.size === 0) return [];
  const servers: ComServer[] = [];
  for (const start of functionsTouching(flow, new Set(apis.keys()))) {
    const values = flow.values(start);
    if (!values) continue;
    const { code } = values;
    for (let i = 0; i < code.count; i++) {
      const api = values.isCall(i) ? apis.get(importCalled(values, flow, i)?.symbol.slot ?? -1) : undefined;
      // Contexts that come from elsewhere are not worth the way there.
      if (api === undefined || !isToldNear(values, flow, APIS[api].contexts, i) || !values.comesTo(i)) continue;
      const call = values.call(i);
      const asked = flow.table.number(call.argument(APIS[api].contexts)) ?? 0;
      if ((asked & LOCAL_SERVER) === 0 || (asked & INPROC_SERVER_OR_HANDLER) !== 0) continue;
      flow.beginSite();
      const at = flow.table.number(call.argument(APIS[api].classId));
      const offset = at === undefined ? -1 : flow.image.offsetOf(flow.image.rvaOf(at));
      servers.push({ rva: code.rva[i], api, classId: guidAt(flow.image.bytes, offset) });
    }
  }
  return servers.sort((a, b) => a.rva - b.rva);
}
