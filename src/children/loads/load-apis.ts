// Every function that loads a module at run time, by export name: which argument names the module, and which flags say that none of its code is to run.
import type { Place, Sink } from '../sinks/sink.ts';
import { argument } from '../sinks/sink.ts';

/** A function that loads a module: its file is read as a sink's application is. */
export interface LoadApi extends Pick<Sink, 'name' | 'wide'> {
  readonly application: Place;
  /** Index of the argument with the LOAD_LIBRARY_* flags. */
  readonly flags?: number;
}

/** The A and W forms of one function. */
const bothWidths = (name: string, shape: Omit<LoadApi, 'name' | 'wide'>): readonly LoadApi[] => [
  { name: `${name}A`, wide: false, ...shape },
  { name: `${name}W`, wide: true, ...shape },
];

export const LOAD_APIS: readonly LoadApi[] = [
  ...bothWidths('LoadLibrary', { application: argument(0) }),
  ...bothWidths('LoadLibraryEx', { application: argument(0), flags: 2 }),
  // The UNICODE_STRING in argument 2 (ntdll).
  { name: 'LdrLoadDll', wide: true, application: { kind: 'unicode-string', index: 2, offset64: 0, offset32: 0 } },
  { name: 'LoadPackagedLibrary', wide: true, application: argument(0) },
  { name: 'CoLoadLibrary', wide: true, application: argument(0) },
];

const BY_NAME: ReadonlyMap<string, LoadApi> = new Map(LOAD_APIS.map((api) => [api.name, api]));

export function loadApiOf(name: string): LoadApi | undefined {
  return BY_NAME.get(name);
}

/** Flags of LoadLibraryEx with which the file is mapped as data and no code of it runs (libloaderapi.h). */
const DATA_FLAGS: readonly (readonly [number, string])[] = [
  [0x02, 'LOAD_LIBRARY_AS_DATAFILE'],
  [0x40, 'LOAD_LIBRARY_AS_DATAFILE_EXCLUSIVE'],
  [0x20, 'LOAD_LIBRARY_AS_IMAGE_RESOURCE'],
];

/** The name of the flag by which no code of the module runs; undefined where it does. */
export function dataFlagIn(flags: number): string | undefined {
  return DATA_FLAGS.find(([bit]) => (flags & bit) !== 0)?.[1];
}

/** Functions by which code looks an export of a loaded module up. */
export const LOOK_UP_NAMES: ReadonlySet<string> = new Set([
  'GetProcAddress',
  'GetProcAddressForCaller',
  'LdrGetProcedureAddress',
]);
