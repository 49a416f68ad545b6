// Who serves a class, as the registry files that were given say: COM's keys CLSID and AppID, ProgIDs, and those of the Windows Runtime.

import type { RegistryView, RegistryViewKey } from '../../registry/view.ts';
import { WOW64_NODE } from '../../registry/wow64.ts';
import type { ClassServer } from '../document.ts';
import { classIdIn } from './moniker.ts';
import { programOfLine } from './program-of-line.ts';

/** The COM service host that starts local servers and surrogates (service "DCOM Server Process Launcher"). */
export const COM_LAUNCHER = 'svchost.exe -k DcomLaunch';
/** The service control manager, which starts services for the COM service host. */
const SERVICE_MANAGER = 'services.exe';

/** The process that starts a server; `program` is the one that asks for the class. */
export function parentOf(kind: ClassServer['kind'], program: string): string {
  return kind === 'in-process' ? program : kind === 'service' ? SERVICE_MANAGER : COM_LAUNCHER;
}

/** Where classes are registered: a user's before the machine's, and what an export holds of both together where it does not tell them apart. */
const USER_AND_MACHINE = ['HKEY_CURRENT_USER\\Software\\Classes', 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes'];
const TOGETHER = 'HKEY_CLASSES_ROOT';
const RUNTIME = 'Microsoft\\WindowsRuntime';
const SERVICES = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services';

/** TreatAs and CurVer lead on this often at most. */
const MOST_STEPS = 4;
const MOST_SERVERS = 32;
const LONGEST = 2000;

/** A server, and whether it is of a view of the registry that is not the program's own. */
type Found = Omit<ClassServer, 'parent'>;

export class RegisteredServers {
  readonly #view: RegistryView;
  readonly #is32Bit: boolean;

  /** `is32Bit`: the program is, so that a 64-bit Windows shows it the classes below WOW6432Node. */
  constructor(view: RegistryView, is32Bit: boolean) {
    this.#view = view;
    this.#is32Bit = is32Bit;
  }

  /** Undefined where no given file could hold the class. */
  ofClass(classId: string): readonly Found[] | undefined {
    const found: Found[] = [];
    const seen = new Set<string>();
    for (const root of this.#roots(`CLSID\\{${classId}}`)) {
      for (const { key, isOwn } of this.#classKeys(root, classId)) {
        for (const one of heldBy(key)) this.#addServers(one, root, isOwn, found, seen);
        if (found.length >= MOST_SERVERS) return found;
      }
    }
    return found.length === 0 && !this.#covers(`CLSID\\{${classId}}`) ? undefined : found;
  }

  /** The CLSID that a ProgID stands for. */
  classOf(progId: string): string | undefined {
    let name = progId;
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      // A backslash would lead out of the key.
      if (name === '' || name.includes('\\')) return undefined;
      for (const root of this.#roots(name)) {
        const text = textOf(this.#view.key(`${root}\\${name}\\CLSID`), '');
        const classId = text === undefined ? undefined : classIdIn(text);
        if (classId !== undefined) return classId;
      }
      const next = this.#roots(name)
        .map((root) => textOf(this.#view.key(`${root}\\${name}\\CurVer`), ''))
        .find((text) => text !== undefined);
      if (next === undefined) return undefined;
      name = next;
    }
    return undefined;
  }

  /** Of a class of the Windows Runtime; undefined where no given file could hold it. */
  ofRuntimeClass(name: string): readonly Found[] | undefined {
    if (name.includes('\\')) return undefined;
    const software = 'HKEY_LOCAL_MACHINE\\SOFTWARE';
    const path = (node: string): string => `${software}\\${node}${RUNTIME}\\ActivatableClassId\\${name}`;
    const key = (this.#is32Bit ? this.#view.key(path(`${WOW64_NODE}\\`)) : undefined) ?? this.#view.key(path(''));
    if (key === undefined) return this.#view.covers(path('')) ? [] : undefined;
    return heldBy(key).flatMap((one) => this.#runtimeServers(one, software));
  }

  #runtimeServers(key: RegistryViewKey, software: string): readonly Found[] {
    const module = textOf(key, 'DllPath');
    const serverName = textOf(key, 'Server');
    // ActivationType: 0 within the process, 1 in another one.
    if (numberOf(key, 'ActivationType') !== 1 || serverName === undefined || serverName.includes('\\'))
      return module === undefined ? [] : [{ ...placeOf(key), kind: 'in-process', path: module }];
    const server = this.#view.key(`${software}\\${RUNTIME}\\Server\\${serverName}`);
    const service = textOf(server, 'ServiceName');
    if (service !== undefined) return [this.#service(server ?? key, service, undefined)];
    const program = textOf(server, 'ExePath');
    if (program === undefined)
      return module === undefined ? [] : [{ ...placeOf(key), kind: 'surrogate', path: module }];
    const more = textOf(server, 'CommandLine');
    return [
      {
        ...placeOf(server ?? key),
        kind: 'local',
        path: programOfLine(program),
        ...(more === undefined ? {} : { commandLine: more }),
      },
    ];
  }

  #addServers(key: RegistryViewKey, root: string, isOwn: boolean, found: Found[], seen: Set<string>): void {
    const add = (server: Found): void => {
      const { kind, path, source, key: at } = server;
      const id = JSON.stringify([kind, path, source, at]).toLowerCase();
      if (!seen.has(id)) found.push(server);
      seen.add(id);
    };
    const module = textOf(key.subkey('InprocServer32'), '');
    if (module !== undefined && isOwn)
      add({ ...placeOf(key.subkey('InprocServer32') ?? key), kind: 'in-process', path: module });
    const local = this.#localServer(key, root, module);
    if (local !== undefined) add(local);
  }

  /** A service before a program, a program before a surrogate. */
  #localServer(key: RegistryViewKey, root: string, module: string | undefined): Found | undefined {
    const appId = classIdIn(textOf(key, 'AppID') ?? '');
    const application = appId === undefined ? undefined : this.#application(root, appId);
    const service = textOf(application, 'LocalService');
    if (service !== undefined)
      return this.#service(application ?? key, service, textOf(application, 'ServiceParameters'));
    const local = key.subkey('LocalServer32');
    const line = textOf(local, '');
    const program = textOf(local, 'ServerExecutable');
    if (local !== undefined && (line ?? program) !== undefined)
      return {
        ...placeOf(local),
        kind: 'local',
        path: program ?? programOfLine(line ?? ''),
        commandLine: `${line ?? program} -Embedding`,
      };
    const surrogate = application?.value('DllSurrogate');
    if (surrogate === undefined || application === undefined || module === undefined) return undefined;
    const own = typeof surrogate.content === 'string' ? surrogate.content.trim() : '';
    return {
      ...placeOf(application),
      kind: 'surrogate',
      path: module,
      commandLine:
        own === '' ? `%SystemRoot%\\system32\\DllHost.exe /Processid:{${(appId ?? '').toUpperCase()}}` : told(own),
    };
  }

  #service(key: RegistryViewKey, name: string, parameters: string | undefined): Found {
    const image = name.includes('\\') ? undefined : textOf(this.#view.key(`${SERVICES}\\${name}`), 'ImagePath');
    const line = image === undefined ? undefined : [image, parameters].filter(Boolean).join(' ');
    return { ...placeOf(key), kind: 'service', path: name, ...(line === undefined ? {} : { commandLine: line }) };
  }

  #application(root: string, appId: string): RegistryViewKey | undefined {
    return [root, ...USER_AND_MACHINE, TOGETHER]
      .flatMap((from) => [`${from}\\AppID\\{${appId}}`, `${from}\\${WOW64_NODE}\\AppID\\{${appId}}`])
      .map((path) => this.#view.key(path))
      .find((key) => key !== undefined);
  }

  /** The keys of a class, the program's own view of the registry first; what it is treated as stands for it. */
  *#classKeys(root: string, classId: string): Generator<{ readonly key: RegistryViewKey; readonly isOwn: boolean }> {
    const plain = this.#classKey(`${root}\\CLSID`, classId);
    const node = this.#classKey(`${root}\\${WOW64_NODE}\\CLSID`, classId);
    const is64BitWindows = this.#view.key(`${root}\\${WOW64_NODE}`) !== undefined;
    const own = this.#is32Bit && is64BitWindows ? node : plain;
    if (own !== undefined) yield { key: own, isOwn: true };
    const other = own === plain ? node : plain;
    if (other !== undefined) yield { key: other, isOwn: false };
  }

  #classKey(classes: string, classId: string): RegistryViewKey | undefined {
    let key = this.#view.key(`${classes}\\{${classId}}`);
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      const other = classIdIn(textOf(key?.subkey('TreatAs'), '') ?? '');
      const next = other === undefined ? undefined : this.#view.key(`${classes}\\{${other}}`);
      if (next === undefined) break;
      key = next;
    }
    return key;
  }

  /** A user's and the machine's classes; what holds both together where no file tells them apart. */
  #roots(below: string): readonly string[] {
    const told = USER_AND_MACHINE.filter((root) =>
      [`${root}\\${below}`, `${root}\\${WOW64_NODE}\\${below}`].some((path) => this.#view.key(path) !== undefined),
    );
    return told.length > 0 ? told : [TOGETHER];
  }

  #covers(below: string): boolean {
    return [...USER_AND_MACHINE.slice(1), TOGETHER].some((root) => this.#view.covers(`${root}\\${below}`));
  }
}

function heldBy(key: RegistryViewKey): readonly RegistryViewKey[] {
  return (key.heldBy?.() ?? [key]).slice(0, MOST_SERVERS);
}

function placeOf({ source, path, lastWritten }: RegistryViewKey): Pick<ClassServer, 'source' | 'key' | 'lastWritten'> {
  return { source, key: path, ...(lastWritten === undefined ? {} : { lastWritten }) };
}

/** The text of a value, without blanks around it; undefined where there is none. */
function textOf(key: RegistryViewKey | undefined, name: string): string | undefined {
  const content = key?.value(name)?.content;
  const text = typeof content === 'string' ? content.trim() : '';
  return text === '' ? undefined : told(text);
}

function told(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`;
}

function numberOf(key: RegistryViewKey, name: string): number | undefined {
  const content = key.value(name)?.content;
  return typeof content === 'number' ? content : undefined;
}
