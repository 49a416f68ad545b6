// The registry values whose change adds a child of a program: those that its own code reads, and those of Windows that concern it by its name or its children.

import type { Note } from '../../errors.ts';
import type { RegistryView } from '../../registry/view.ts';
import type { Child, ChildrenDocument, RegistryAnswer, WatchedValue } from '../document.ts';
import { type PlaceAnswer, PlaceAnswers } from '../registry-answers/place-answers.ts';
import { SYSTEM_VALUES, type SystemValue } from './system-values.ts';

type Document = Omit<ChildrenDocument, 'rule' | 'watched'>;

/** `view`: what the values hold on a host is told too; where more than is told, with a note. `host`: for a module, the program that it runs in. */
export function watchedValues(
  document: Document,
  host?: string,
  view?: RegistryView,
  notes: Note[] = [],
): readonly WatchedValue[] {
  const places = view && new PlaceAnswers(view, document.parent.arch === 'x86');
  const own = ownValues(document);
  const taken = new Set(own.map(placeKey));
  const system = systemValues(document, host).filter((value) => !taken.has(placeKey(value)));
  const watched = [
    ...own,
    ...system.map((value) => {
      const answers =
        places
          ?.of(value)
          .filter(({ answer }) => answer.data !== null)
          .map(asRead) ?? [];
      return answers.length === 0 ? value : { ...value, answers };
    }),
  ];
  notes.push(...(places?.notes ?? []));
  return watched;
}

/** As its text stands: it is not read as a command here. */
function asRead({ answer }: PlaceAnswer): RegistryAnswer {
  return { ...answer, image: null, path: null, commandLine: null };
}

function placeKey({ key, value }: { readonly key: string; readonly value: string }): string {
  return `${key}\n${value}`.toLowerCase();
}

/** What the program's own code reads a program's name from. A place of which neither key nor value is told cannot be watched. */
function ownValues({ blindSpots, parent }: Document): readonly WatchedValue[] {
  const values = new Map<string, WatchedValue>();
  for (const { registry, module, site, sink, answers, build } of blindSpots)
    for (const place of registry ?? []) {
      const id = `${build ?? ''}\n${placeKey(place)}`;
      if (values.has(id) || !canBeWatched(place)) continue;
      const there = answers?.filter(
        ({ data, value }) => data !== null && (place.value.includes('*') || same(value, place.value)),
      );
      const technique = techniqueOf(place);
      values.set(id, {
        ...(build === undefined ? {} : { build }),
        key: place.key,
        value: place.value,
        why: `is what ${parent.image} starts (${sink} in ${module})`,
        ...(technique === undefined ? {} : { technique }),
        module,
        site,
        ...(there === undefined || there.length === 0 ? {} : { answers: there }),
      });
    }
  return [...values.values()];
}

/** Whether more than the root is told of the key. */
function canBeWatched({ key, value }: { readonly key: string; readonly value: string }): boolean {
  const told = key.split('\\').slice(1).join('').replaceAll('*', '');
  return told.length > 1 || (/[^*]/.test(value) && value.length > 1);
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The technique of the row that is about the same place, whatever the hive. */
function techniqueOf({ key, value }: { readonly key: string; readonly value: string }): string | undefined {
  const below = withoutRoot(key);
  return SYSTEM_VALUES.find((row) => !row.key.includes('{') && same(row.value, value) && withoutRoot(row.key) === below)
    ?.technique;
}

/** Below HKLM or HKCU, in one case: "software\microsoft\...". */
function withoutRoot(key: string): string {
  return key
    .toLowerCase()
    .replace(/^[^\\]*\\/, '')
    .replace(/\\$/, '');
}

function systemValues(document: Document, host: string | undefined): readonly WatchedValue[] {
  const process = (host ?? document.parent.image).split(/[\\/]/).at(-1)?.toLowerCase() ?? '';
  const values: WatchedValue[] = [];
  for (const row of SYSTEM_VALUES) {
    const { value, why, technique } = row;
    for (const key of keysOf(row, document, process))
      values.push({ key, value, why, ...(technique === undefined ? {} : { technique }) });
  }
  return values;
}

function keysOf(row: SystemValue, document: Document, process: string): readonly string[] {
  const { key, readBy } = row;
  if (readBy.includes('command-processor')) return usesShell(document) ? [key] : [];
  if (!readBy.includes('any')) return readBy.includes(process) ? [key] : [];
  if (key.includes('{type}')) return typesOf(document).map((type) => key.replace('{type}', type));
  const byShell = key.includes('App Paths');
  const images = document.children.filter((child) => !byShell || isFoundByName(child)).map(({ image }) => image);
  return [...new Map(images.map((image) => [image.toLowerCase(), image])).values()].map((image) =>
    key.replace('{child}', image),
  );
}

/** Whether ShellExecute has to find the child. */
function isFoundByName({ path, evidence }: Child): boolean {
  return path === null && evidence.some(({ sink }) => /^ShellExecute/.test(sink));
}

function usesShell({ sites }: Document): boolean {
  return sites.some(({ sink }) => /^(_w?|w)?(system|popen)$/.test(sink));
}

/** Names of types that Windows has for usual extensions. */
const TYPES: Readonly<Record<string, string>> = {
  '.msc': 'mscfile',
  '.cpl': 'cplfile',
  '.txt': 'txtfile',
  '.hta': 'htafile',
  '.reg': 'regfile',
  '.bat': 'batfile',
  '.cmd': 'cmdfile',
  '.chm': 'chm.file',
  '.htm': 'htmlfile',
  '.html': 'htmlfile',
};

/** What the program opens, by the names under which a user registers for it: a scheme, an extension, and the usual type of that. */
function typesOf({ documents }: Document): readonly string[] {
  const types = new Set<string>();
  for (const { target } of documents) {
    const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(target)?.[1].toLowerCase();
    const extension = /\.[A-Za-z0-9]{1,10}$/.exec(target)?.[0].toLowerCase();
    if (scheme !== undefined && scheme !== 'shell') types.add(scheme);
    else if (extension !== undefined) {
      types.add(extension);
      if (Object.hasOwn(TYPES, extension)) types.add(TYPES[extension]);
    }
  }
  return [...types];
}
