// Code that the answer sees being loaded without seeing which: modules by a name from outside the file, and classes of COM.
import { fileName } from '../command-text.ts';
import type { ChildrenDocument, ClassEntry } from '../document.ts';
import type { Asked, Finding } from './asked.ts';
import { type CodeModule, engineOf } from './code-modules.ts';
import type { RealityEvidence } from './document.ts';

/** As far as it is read here of the list `loads`, which not every answer has. */
interface Load {
  readonly build?: string;
  readonly module: string;
  readonly site: string;
  readonly api: string;
  readonly reach?: string;
  readonly asData?: string;
  readonly name: string | null;
  readonly reason?: string;
  readonly registry?: readonly { readonly key: string; readonly value: string }[];
  readonly detail: string;
}

const MOST = 4;
const UNREACHED: ReadonlySet<string> = new Set(['module-only', 'other-process']);

/** A run-time or script engine that the program imports, or loads by a name in its file. */
export function engineLoaded({ document }: Asked): Finding | undefined {
  const evidence: (RealityEvidence & { readonly code: CodeModule })[] = [];
  for (const { name, role, loadedBy, build } of document.modules) {
    // What is loaded at run time stands in the list of loads, with its call.
    const code = role === 'run-time' ? undefined : engineOf(name.toLowerCase());
    const by = loadedBy ?? document.parent.image;
    if (code)
      evidence.push({ code, what: `${by} imports ${name}: ${code.what}`, module: by, ...(build ? { build } : {}) });
  }
  for (const { name, module, site, build, api } of loadsOf(document)) {
    const code = name === null ? undefined : engineOf(fileName(name).toLowerCase());
    if (code)
      evidence.push({ code, what: `${api} loads ${name}: ${code.what}`, module, site, ...(build ? { build } : {}) });
  }
  if (evidence.length === 0) return undefined;
  return {
    ...finding(
      'plug-in',
      evidence.map(({ code: _, ...rest }) => rest),
    ),
    reason: evidence[0].code.reason,
  };
}

/** A module by a name that is not in the file, or was not followed to it. */
export function loadFromOutside({ document }: Asked): Finding | undefined {
  const loads = loadsOf(document).filter(({ name }) => name === null);
  return loads.length === 0 ? undefined : finding('plug-in', loads.flatMap(ofLoad));
}

/** An object of a class that is not in the file, and whose server may run in the process. */
export function classFromOutside({ document }: Asked): Finding | undefined {
  const made = (document.classes ?? []).filter(
    ({ classId, runtimeClass, reach, contexts }) =>
      classId === null &&
      runtimeClass === undefined &&
      (reach === undefined || !UNREACHED.has(reach)) &&
      mayRunInside(contexts),
  );
  return made.length === 0 ? undefined : finding('com', made.map(ofClass));
}

/** Those that the program comes to and whose code runs. */
function loadsOf(document: ChildrenDocument): readonly Load[] {
  const { loads = [] } = document as { loads?: readonly Load[] };
  return loads.filter(({ reach, asData }) => asData === undefined && (reach === undefined || !UNREACHED.has(reach)));
}

function finding(reason: 'plug-in' | 'com', evidence: readonly RealityEvidence[]): Finding {
  return { share: 'named', reason, fit: 'possible', evidence: evidence.slice(0, MOST) };
}

function ofLoad({ module, site, build, api, registry = [], reason, detail }: Load): readonly RealityEvidence[] {
  const place = { module, site, ...(build === undefined ? {} : { build }) };
  const what = `${api} loads a module whose name is not told (${reason ?? 'not known'}: ${detail})`;
  return registry.length === 0
    ? [{ what, ...place }]
    : registry.map(({ key, value }) => ({ what, key, value, ...place }));
}

function mayRunInside(contexts: ClassEntry['contexts']): boolean {
  return contexts === null || contexts.some((context) => /^INPROC/.test(context));
}

function ofClass({ module, site, build, api, detail }: ClassEntry): RealityEvidence {
  const place = { module, site, ...(build === undefined ? {} : { build }) };
  return { what: `${api} makes an object of a class that is not in the file (${detail})`, ...place };
}
