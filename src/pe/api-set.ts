// API sets: which module implements a contract such as api-ms-win-core-file-l1-1-0 (the schema in apisetschema.dll, or the built-in table).
import builtIn from '../../data/api-sets.json' with { type: 'json' };
import { utf16le } from '../bytes/text.ts';
import type { ImageLayout } from './layout.ts';

/** A contract's host, or the host for each importer by lower-case file name, with '' for all others. A host of '' means that this Windows has none. */
export type ApiSetHosts = string | Readonly<Record<string, string>>;

export interface ApiSetMap {
  /** By contract in lower case, without its minor version and ".dll". */
  readonly contracts: Readonly<Record<string, ApiSetHosts>>;
}

const SECTION = '.apiset';
const ENTRY_SIZE = 24;
const VALUE_SIZE = 20;

/** True for a module name that is a contract's, not a file's: api-ms-* and ext-ms-*. */
export function isApiSet(module: string): boolean {
  return /^(?:api|ext)-/i.test(module);
}

/** The host's file name in lower case; undefined when the map does not know the contract or it has no host. `importer` is the file name of the importing module. */
export function apiSetHost(map: ApiSetMap, contract: string, importer?: string): string | undefined {
  const key = contractKey(contract);
  if (!Object.hasOwn(map.contracts, key)) return undefined;
  const hosts = map.contracts[key];
  if (typeof hosts === 'string') return hosts || undefined;
  const special = importer?.toLowerCase();
  const host = special !== undefined && Object.hasOwn(hosts, special) ? hosts[special] : hosts[''];
  return host || undefined;
}

/** Contracts and hosts of one Windows version; data/README.md says which. */
export function builtInApiSets(): ApiSetMap {
  return { contracts: builtIn };
}

/** Lower case, without ".dll" and without the last of a contract's three version numbers. */
function contractKey(contract: string): string {
  return contract
    .toLowerCase()
    .replace(/\.dll$/, '')
    .replace(/(-l\d+-\d+)-\d+$/, '$1');
}

/**
 * Reads the `.apiset` section of apisetschema.dll: API_SET_NAMESPACE of schema version 6 (Windows 10 and later).
 * Other versions and damage are notes of the image, with what could be read.
 */
export function readApiSet(image: ImageLayout): ApiSetMap {
  const contracts: Record<string, ApiSetHosts> = Object.create(null);
  const note = (text: string): void => image.note('api set', text);
  const section = image.sections.find(({ name }) => name === SECTION);
  if (section === undefined) {
    note(`there is no ${SECTION} section`);
    return { contracts };
  }
  const root = section.virtualAddress;
  const version = image.readU32(root);
  if (version !== 6) {
    note(`schema version ${version} cannot be read, only version 6 (Windows 10 and later)`);
    return { contracts };
  }
  const available = image.bytesAt(root);
  const count = image.readU32(root + 12);
  const entries = image.readU32(root + 16);
  // Names may overlap; together they are not read for more than the section is long, twice over.
  let left = available * 2;
  let unreadable = 0;
  const text = (at: number, length: number): string | undefined => {
    left -= length;
    const offset = image.offsetOf(root + at);
    if (at < 0 || length < 0 || left < 0 || offset < 0 || length > image.bytesAt(root + at)) return undefined;
    return utf16le(image.bytes, offset, offset + length);
  };

  for (let i = 0; i < count && left >= 0; i++) {
    const entry = root + entries + i * ENTRY_SIZE;
    if (image.bytesAt(entry) < ENTRY_SIZE) {
      note(`the table should have ${count} contracts, but the file holds ${i}`);
      break;
    }
    // HashedLength leaves out the minor version.
    const contract = text(image.readU32(entry + 4), image.readU32(entry + 12));
    const values = image.readU32(entry + 16);
    const valueCount = image.readU32(entry + 20);
    if (contract === undefined) {
      unreadable++;
      continue;
    }
    const hosts: Record<string, string> = Object.create(null);
    let special = 0;
    for (let v = 0; v < valueCount && left >= 0; v++) {
      const value = root + values + v * VALUE_SIZE;
      if (image.bytesAt(value) < VALUE_SIZE) {
        unreadable++;
        break;
      }
      left -= VALUE_SIZE;
      const nameLength = image.readU32(value + 8);
      const importer = nameLength === 0 ? '' : text(image.readU32(value + 4), nameLength);
      const hostLength = image.readU32(value + 16);
      const host = hostLength === 0 ? '' : text(image.readU32(value + 12), hostLength);
      if (importer === undefined || host === undefined) {
        unreadable++;
        continue;
      }
      if (importer !== '') special++;
      hosts[importer.toLowerCase()] = host.toLowerCase();
    }
    contracts[contract.toLowerCase()] = special === 0 ? (hosts[''] ?? '') : hosts;
  }
  if (unreadable > 0) note(`${unreadable} entries cannot be read`);
  if (left < 0) note('the schema holds more than the file can; it overlaps, the rest is left out');
  return { contracts };
}
