// The classes of COM and of the Windows Runtime that a program asks for, in words: counts, those with a server, and all of them when asked for.
import type { ChildrenDocument, ClassEntry, ClassServer } from '../children/document.ts';
import { brief, count, plain, type Style } from './print.ts';
import { reachWords } from './reach-words.ts';

export interface ClassesTextOptions {
  readonly style: Style;
  /** All classes, not only those whose server is told. */
  readonly all: boolean;
  /** With the address of each call. */
  readonly sites: boolean;
}

/** Calls that ask for one class in one way. */
interface Group {
  readonly first: ClassEntry;
  readonly entries: ClassEntry[];
}

/** The section, without a line where nothing is asked for. */
export function classLines({ classes = [] }: ChildrenDocument, { style, all, sites }: ClassesTextOptions): string[] {
  if (classes.length === 0) return [];
  const groups = new Map<string, Group>();
  for (const entry of classes) {
    const key = JSON.stringify([nameOf(entry), entry.build, entry.module, entry.contexts, entry.servers ?? []]);
    const group = groups.get(key);
    if (group) group.entries.push(entry);
    else groups.set(key, { first: entry, entries: [entry] });
  }
  const lines = [style.heading('Classes of COM and the Windows Runtime'), `  ${summary(classes, all)}`];
  for (const group of groups.values())
    if (all || (group.first.servers ?? []).length > 0) lines.push(...groupLines(group, style, sites));
  return lines;
}

function summary(classes: readonly ClassEntry[], all: boolean): string {
  const names = classes.map(nameOf);
  const told = new Set(names.filter((name) => name !== undefined));
  const untold = names.filter((name) => name === undefined).length;
  const parts = [
    `${count(classes.length, 'call')} ${classes.length === 1 ? 'asks' : 'ask'} for ${told.size === 0 ? 'classes' : `${told.size} named ${told.size === 1 ? 'class' : 'classes'}`}`,
    ...(untold === 0 ? [] : [`${untold} of them for one that is not told near the call`]),
    ...(all ? [] : ['--com lists them']),
  ];
  return `${parts.join('; ')}.`;
}

/** What a class is known by; undefined where it is not told. */
function nameOf({ classId, progId, moniker, runtimeClass }: ClassEntry): string | undefined {
  if (moniker !== undefined) return classId === null ? moniker : `${moniker} {${classId}}`;
  if (classId !== null) return progId === undefined ? `{${classId}}` : `{${classId}} (${progId})`;
  return progId ?? runtimeClass;
}

function groupLines({ first, entries }: Group, style: Style, sites: boolean): string[] {
  const name = nameOf(first);
  const apis = [...new Set(entries.map(({ api }) => brief(api)))].join(', ');
  const parts = [
    name === undefined ? style.doubt('not told near the call') : style.strong(brief(name)),
    ...(first.elevated ? ['with elevated rights (the Application Information service starts consent.exe for it)'] : []),
    ...(first.contexts === null || first.contexts.length === 0
      ? []
      : [first.contexts.map((flag) => brief(flag)).join(' | ')]),
    `by ${apis} in ${brief(first.module)}${first.build === undefined ? '' : ` of ${brief(first.build)}`}`,
    ...(entries.length > 1 ? [count(entries.length, 'call')] : []),
  ];
  const lines = [`  ${parts.join(', ')}`];
  if (sites)
    for (const { site, function: start, reach, detail } of entries) {
      const how = reach === undefined ? '' : reachWords(reach);
      lines.push(`      ${plain(site)} in function ${plain(start)}${how === '' ? '' : `, ${how}`}: ${brief(detail)}`);
    }
  for (const server of first.servers ?? []) lines.push(...serverLines(server, style));
  if (first.servers?.length === 0)
    lines.push(`      ${style.doubt('the given files have no server of it that these contexts take')}`);
  return lines;
}

function serverLines(server: ClassServer, style: Style): string[] {
  const { kind, path, commandLine, parent, source, key, lastWritten } = server;
  const what = {
    'in-process': 'served by',
    local: 'served by',
    service: 'served by the service',
    surrogate: 'served by',
  };
  const started =
    kind === 'in-process'
      ? 'loaded into the program itself'
      : `${kind === 'surrogate' ? 'loaded into' : 'started as'} a child of ${brief(parent)}, not of the program`;
  const lines = [`      ${what[kind]} ${style.strong(brief(path))}, ${started}`];
  if (commandLine !== undefined) lines.push(`        command line: ${brief(commandLine)}`);
  const when = lastWritten === undefined ? '' : `, last written ${plain(lastWritten)}`;
  lines.push(`        by ${brief(source)}${key === undefined ? '' : `: ${brief(key)}`}${when}`);
  return lines;
}
