// Which exports of a module a host program calls: what svchost.exe, dllhost.exe, spoolsv.exe and others look up in the modules that they run.

import type { PeImage } from '../../pe/image.ts';
import type { Root } from '../exported.ts';

/** A module as a host runs it. */
export interface HostedIn {
  /** File name of the host program, "svchost.exe". */
  readonly host: string;
  /** The exports that it is to call, as given ("Control_RunDLL", "#12"); without, those that this host looks up in any module. */
  readonly exports?: readonly string[];
  /** Of a service: the export that its ServiceMain value names, or "ServiceMain"; where it is exported, no other service of the module is entered. */
  readonly serviceMain?: string;
}

/** Looked up by COM in every process that uses a class of the module. */
const COM = ['DllGetClassObject', 'DllGetActivationFactory', 'DllCanUnloadNow'];

/** Names in lower case, or how they look. */
interface Entries {
  readonly names: readonly string[];
  readonly like?: RegExp;
}

const SERVICE: Entries = {
  names: [...COM, 'SvchostPushServiceGlobals', 'SvchostPushServiceGlobalsEx'],
  like: /ServiceMain/i,
};
const CLASSES: Entries = { names: COM };

/**
 * By host, documented where it says so: the service host (ServiceMain of a service's Parameters key, or any name that this key gives), COM's
 * surrogate and the task host (classes), the WMI provider host (classes, and MI_Main of providers of the newer kind), the print spooler
 * (winsplp.h: monitors, print processors and providers), and the registering of classes (olectl.h).
 */
const HOSTS: Readonly<Record<string, Entries>> = {
  'svchost.exe': SERVICE,
  'dllhost.exe': CLASSES,
  'taskhostw.exe': CLASSES,
  'taskhost.exe': CLASSES,
  'wmiprvse.exe': { names: [...COM, 'MI_Main', 'GetProviderClassID'] },
  'spoolsv.exe': {
    names: [
      'InitializePrintMonitor',
      'InitializePrintMonitor2',
      'InitializeMonitorUI',
      'InitializePrintProvidor',
      'OpenPrintProcessor',
      'ClosePrintProcessor',
      'ControlPrintProcessor',
      'PrintDocumentOnPrintProcessor',
      'EnumPrintProcessorDatatypesW',
      'GetPrintProcessorCapabilities',
      'DrvEnableDriver',
      'SpoolerFreeLibrary',
      'SpoolerInit',
    ],
  },
  'regsvr32.exe': { names: ['DllRegisterServer', 'DllUnregisterServer', 'DllInstall'] },
};

export interface HostedRoots {
  readonly roots: readonly Root[];
  /** Asked for and not exported. */
  readonly absent: readonly string[];
  /** Whether the other exports are left to other processes. */
  readonly isChosen: boolean;
}

/**
 * Where a host enters a module: the exports that were asked for, else those that this host looks up, else, where it exports none of them
 * or the host is not known, all; then the routines of the RPC interfaces that the module serves, and its entry point (DllMain).
 */
export function hostedRoots(image: PeImage, { host, exports: wanted, serviceMain }: HostedIn): HostedRoots {
  const own = (image.exports?.symbols ?? []).filter(({ forwarder }) => forwarder === undefined);
  const rootOf = ({ name, ordinal, rva }: (typeof own)[number]): Root => ({
    reach: `export:${name ?? `#${ordinal}`}`,
    rva,
  });
  const absent: string[] = [];
  let chosen: readonly (typeof own)[number][];
  if (wanted !== undefined) {
    chosen = wanted.flatMap((text) => {
      const names = host.toLowerCase() === 'rundll32.exe' ? [`${text}W`, `${text}A`, text] : [text];
      const found = names
        .map((one) =>
          own.find(({ name, ordinal }) => (one.startsWith('#') ? Number(one.slice(1)) === ordinal : name === one)),
        )
        .find((symbol) => symbol !== undefined);
      if (found === undefined) absent.push(text);
      return found === undefined ? [] : [found];
    });
  } else {
    const key = host.toLowerCase();
    const known = Object.hasOwn(HOSTS, key) ? HOSTS[key] : undefined;
    const isExported = own.some(({ name }) => name !== undefined && name === serviceMain);
    const entries = known && serviceMain !== undefined && isExported ? { names: [...known.names, serviceMain] } : known;
    chosen = own.filter(({ name }) => name !== undefined && entries && isEntry(entries, name));
  }
  const isChosen = chosen.length > 0;
  const roots = [
    ...(isChosen ? chosen : own).map(rootOf),
    // An export that was asked for is all that this process comes for: it serves no interface.
    ...(wanted === undefined || !isChosen ? [...image.rpcRoutines.keys()] : []).map(
      (rva): Root => ({ reach: 'callback', rva }),
    ),
    ...(image.entryPoint > 0 ? [{ reach: 'export:DllMain' as const, rva: image.entryPoint }] : []),
  ];
  return { roots, absent, isChosen };
}

function isEntry({ names, like }: Entries, name: string): boolean {
  return names.includes(name) || like?.test(name) === true;
}
