// Code that the answer sees being loaded without seeing which: modules by a name from outside the file, and classes of COM.
import { fileName } from '../command-text.ts';
import type { ClassEntry } from '../document.ts';
import type { Asked, Finding } from './asked.ts';
import { type CodeModule, engineOf } from './code-modules.ts';
import type { RealityEvidence } from './document.ts';

/** As far as it is read here of the list `loads`, which not every answer has. */
interface Load {
  readonly build?: string;
  readonly module: string;
  readonly site: string;
  readonly api: string;
  readonly reach: string;
  readonly name: string | null;
  readonly reason?: string;
  readonly registry?: readonly { readonly key: string; readonly value: string }[];
  readonly detail: string;
}

const MOST = 4;
const UNREACHED: ReadonlySet<string> = new Set(['module-only', 'other-process']);

/** A run-time or script engine that the program imports, or loads by a name in its file. */
export function engineLoaded({ document }: Asked): Finding | undefined {
  const { loads = [] } = document as { loads?: readonly Load[] };
  const evidence: (RealityEvidence & { readonly code: CodeModule })[] = [];
  for (const { name, loadedBy, build } of document.modules) {
    const code = engineOf(name.toLowerCase());
    const by = loadedBy ?? document.parent.image;
    if (code)
      evidence.push({ code, what: `${by} imports ${name}: ${code.what}`, module: by, ...(build ? { build } : {}) });
  }
  for (const { name, module, site, build, api, reach } of loads) {
    const code = name === null || UNREACHED.has(reach) ? undefined : engineOf(fileName(name).toLowerCase());
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

/** `reason`: only modules whose name comes from there. */
export function loadOrClass({ document }: Asked, reason?: string): Finding | undefined {
  const { classes = [] } = document;
  const { loads = [] } = document as { loads?: readonly Load[] };
  const fromOutside = loads.filter(
    (load) => load.name === null && !UNREACHED.has(load.reach) && (reason === undefined || load.reason === reason),
  );
  if (fromOutside.length > 0) return finding('plug-in', fromOutside.flatMap(ofLoad));
  if (reason !== undefined) return undefined;
  const made = classes.filter(({ reach, contexts }) => !UNREACHED.has(reach) && mayRunInside(contexts));
  return made.length === 0 ? undefined : finding('com', made.map(ofClass));
}

function finding(reason: 'plug-in' | 'com', evidence: readonly RealityEvidence[]): Finding {
  return { share: 'named', reason, fit: 'possible', evidence: evidence.slice(0, MOST) };
}

function ofLoad({ module, site, build, api, registry = [], reason, detail }: Load): readonly RealityEvidence[] {
  const place = { module, site, ...(build === undefined ? {} : { build }) };
  const what = `${api} loads a module whose name is not in the file (${reason ?? 'not known'}: ${detail})`;
  return registry.length === 0
    ? [{ what, ...place }]
    : registry.map(({ key, value }) => ({ what, key, value, ...place }));
}

function mayRunInside(contexts: ClassEntry['contexts']): boolean {
  return contexts === null || contexts.some((context) => /^INPROC/.test(context));
}

function ofClass({ module, site, build, api, classId, detail }: ClassEntry): RealityEvidence {
  const place = { module, site, ...(build === undefined ? {} : { build }) };
  const which = classId === null ? {} : { classId };
  return { what: `${api} makes an object whose server may run in the process (${detail})`, ...which, ...place };
}
