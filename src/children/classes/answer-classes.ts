// Puts to each class that is asked for who serves it, by the registry files and the table that were given.

import type { RegistryView } from '../../registry/view.ts';
import type { ClassEntry, ClassServer } from '../document.ts';
import { type ClassTable, classKey } from './class-table.ts';
import { parentOf, RegisteredServers } from './registered-servers.ts';

export interface ClassSources {
  readonly registry?: RegistryView;
  /** A user's own table. */
  readonly classTable?: ClassTable;
}

/** A server before it is known whose child it is. */
type Found = Omit<ClassServer, 'parent'>;

/** The entries with their servers; `program` is the parent's file name. Without any source they stay as they are. */
export function answerClasses(
  classes: readonly ClassEntry[],
  { registry, classTable: table }: ClassSources,
  program: string,
  is32Bit: boolean,
): readonly ClassEntry[] {
  if (registry === undefined && table === undefined) return classes;
  const registered = registry && new RegisteredServers(registry, is32Bit);
  const known = new Map<string, readonly Found[] | undefined>();
  const serversOf = (entry: ClassEntry): readonly Found[] | undefined => {
    const key = JSON.stringify([entry.classId, entry.progId, entry.runtimeClass]);
    if (!known.has(key)) known.set(key, findServers(entry, registered, table));
    return known.get(key);
  };
  return classes.map((entry) => {
    const servers = serversOf(entry)?.filter(({ kind }) => isAskedFor(entry, kind));
    if (servers === undefined) return entry;
    return { ...entry, servers: servers.map((server) => withParent(server, program)) };
  });
}

function findServers(
  { classId, progId, runtimeClass }: ClassEntry,
  registered: RegisteredServers | undefined,
  table: ClassTable | undefined,
): readonly Found[] | undefined {
  const id = classId ?? (progId === undefined ? undefined : registered?.classOf(progId));
  const fromTable = [id, progId, runtimeClass].flatMap((name) =>
    name === undefined ? [] : (table?.servers.get(classKey(name)) ?? []),
  );
  const fromRegistry =
    runtimeClass !== undefined
      ? registered?.ofRuntimeClass(runtimeClass)
      : id === undefined
        ? undefined
        : registered?.ofClass(id);
  return fromTable.length === 0 ? fromRegistry : [...fromTable, ...(fromRegistry ?? [])];
}

/** Whether the contexts that are asked for, where they are told, take a server of that kind; an elevated class runs in no process that is not. */
function isAskedFor({ contexts, elevated }: ClassEntry, kind: ClassServer['kind']): boolean {
  if (kind === 'in-process') return elevated === undefined && (contexts === null || contexts.includes('INPROC_SERVER'));
  return contexts === null || contexts.includes('LOCAL_SERVER');
}

function withParent({ source, kind, path, commandLine, ...place }: Found, program: string): ClassServer {
  return {
    source,
    kind,
    path,
    ...(commandLine === undefined ? {} : { commandLine }),
    parent: parentOf(kind, program),
    ...place,
  };
}
