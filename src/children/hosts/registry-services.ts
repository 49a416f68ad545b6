// The services of one host program in a registry: group, ServiceDll and ServiceMain of each key below Services of the current control set.
import type { Note } from '../../errors.ts';
import type { RegistryView, RegistryViewKey } from '../../registry/view.ts';
import { visibleText } from '../../rule/visible-text.ts';
import { fileName, imageInCommandLine } from '../command-text.ts';
import type { HostedService, ServiceSource } from './service-hosts.ts';

const SERVICES = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services';
/** Real machines have less than a thousand keys below Services. */
export const MOST_SERVICE_KEYS = 20_000;
export const MOST_SERVICES = 2000;
/** SERVICE_* of winnt.h. */
const OWN_PROCESS = 0x10;
const SHARE_PROCESS = 0x20;
const USER_SERVICE = 0x40;
const USER_SERVICE_INSTANCE = 0x80;

export interface FoundServices {
  readonly source: ServiceSource;
  readonly services: readonly HostedService[];
  readonly notes: readonly Note[];
}

/** `host` is the program's file name; undefined where the registry holds no services at all. */
export function registryServices(view: RegistryView, host: string): FoundServices | undefined {
  const root = view.key(SERVICES);
  if (root === undefined) return undefined;
  const services: HostedService[] = [];
  const notes: Note[] = [];
  const files = new Set<string>([root.source]);
  let keys = 0;
  let instances = 0;
  let left = 0;
  for (const key of root.subkeys()) {
    if (++keys > MOST_SERVICE_KEYS) {
      notes.push({ about: root.path, text: `it has more than ${MOST_SERVICE_KEYS} keys; the others are not read` });
      break;
    }
    const service = readService(key, host);
    if (service === undefined) continue;
    if (service === 'instance') instances++;
    else if (services.length >= MOST_SERVICES) left++;
    else {
      services.push(service);
      files.add(key.source);
    }
  }
  if (left > 0)
    notes.push({ about: root.path, text: `more than ${MOST_SERVICES} services run in ${host}; ${left} are not told` });
  if (instances > 0)
    notes.push({
      about: root.path,
      text: `${instances} services of single users are left out: they run as their templates, which are told`,
    });
  return { source: { kind: 'registry', name: root.path, from: [...files] }, services, notes };
}

function readService(key: RegistryViewKey, host: string): HostedService | 'instance' | undefined {
  const command = textOf(key, 'ImagePath');
  if (command === undefined) return undefined;
  const { start, end } = imageInCommandLine(command);
  if (withExtension(fileName(command.slice(start, end))).toLowerCase() !== host.toLowerCase()) return undefined;
  const type = key.value('Type')?.content;
  const bits = typeof type === 'number' ? type : 0;
  if ((bits & USER_SERVICE_INSTANCE) !== 0) return 'instance';
  const words = command.slice(command[end] === '"' ? end + 1 : end).trim();
  const parameters = key.subkey('Parameters');
  const value = (name: string): string | undefined => {
    const own = parameters === undefined ? undefined : textOf(parameters, name);
    return own ?? textOf(key, name);
  };
  const group = /(?:^|\s)[-/]k\s+("[^"]*"|\S+)/i.exec(words)?.[1].replaceAll('"', '');
  return {
    name: nameOf(key),
    group: group ?? null,
    arguments: words === '' ? null : words,
    type: (bits & OWN_PROCESS) !== 0 ? 'own' : (bits & SHARE_PROCESS) !== 0 ? 'share' : null,
    ...((bits & USER_SERVICE) !== 0 ? { perUser: true as const } : {}),
    serviceDll: value('ServiceDll') ?? null,
    serviceMain: value('ServiceMain') ?? null,
    key: key.path,
    ...(key.lastWritten === undefined ? {} : { lastWritten: key.lastWritten }),
    sources: [key.source],
  };
}

/** A text that is not empty. */
function textOf(key: RegistryViewKey, name: string): string | undefined {
  const content = key.value(name)?.content;
  return typeof content === 'string' && content.trim() !== '' ? content.trim() : undefined;
}

function nameOf({ path }: RegistryViewKey): string {
  return path.slice(path.lastIndexOf('\\') + 1);
}

function withExtension(name: string): string {
  return name.includes('.') ? name : `${name}.exe`;
}

/** For a registry that was given and holds no services. */
export function withoutServices(files: readonly string[]): string {
  return `${files.map((file) => visibleText(file)).join(', ')}: no ${SERVICES} in it; give the SYSTEM hive, or an export of that key`;
}
