// The JSON document of `winnow children svchost.exe --services` (schema winnow.service-hosts/1): every service of a host, its answer and its rule.
import type { Note } from '../../errors.ts';
import type { BlindSpot, Child, EmittedRule, ModuleEntry, ParentImage } from '../document.ts';

export const SERVICE_HOSTS_SCHEMA = 'winnow.service-hosts/1';

/** A service that runs in a host, as a registry or a table has it. */
export interface HostedService {
  readonly name: string;
  /** What follows -k in its ImagePath; null where that is not known. */
  readonly group: string | null;
  /** What follows the program in its ImagePath ("-k netsvcs -p"); null where only the group, or not even that, is known. */
  readonly arguments: string | null;
  /** SERVICE_WIN32_OWN_PROCESS or SERVICE_WIN32_SHARE_PROCESS (winsvc.h); null where it is neither. */
  readonly type: 'own' | 'share' | null;
  /** A template of which each user who logs on gets a service of his own (SERVICE_USER_SERVICE). */
  readonly perUser?: true;
  /** As the value has it: "%SystemRoot%\\System32\\schedsvc.dll"; null where it has none. */
  readonly serviceDll: string | null;
  /** The export that the host calls; null where none is named, which means ServiceMain. */
  readonly serviceMain: string | null;
  /** The registry key, and when it was last written (ISO 8601, UTC). */
  readonly key?: string;
  readonly lastWritten?: string;
  /** Where it was read: a file's name, or sources of the table. */
  readonly sources: readonly string[];
}

/**
 * starts: a call that the service comes to starts a program that is known. starts-nothing: its DLL, that one's own modules and those loaded at run
 * time were read, and none has a call that starts a program. nothing-found: none was found, but not everything was read or told. not-read: the DLL was
 * not found, or could not be read.
 */
export type ServiceAnswer = 'starts' | 'starts-nothing' | 'nothing-found' | 'not-read';

export interface ServiceEntry extends HostedService {
  readonly answer: ServiceAnswer;
  /** In words, for a sentence that begins with the service's name. */
  readonly why: string;
  /** File name of its DLL as found, in lower case as looked for where it was not; null without a ServiceDll. */
  readonly module: string | null;
  readonly path: string | null;
  readonly sha256: string | null;
  /** Those that the service comes to, and those in modules with no way to them (reach module-only, other-process). */
  readonly children: readonly Child[];
  /** Calls that the service comes to whose child is not known; of those that start a COM server none, since that is another process's child. */
  readonly blindSpots: readonly BlindSpot[];
  /** The modules that were read for it, or should have been; the generic ones are left out. */
  readonly modules: readonly ModuleEntry[];
}

export interface ServiceRule extends EmittedRule {
  /** The services whose host it watches. */
  readonly services: readonly string[];
  readonly about: 'starts' | 'starts-nothing';
}

export interface ServiceSource {
  readonly kind: 'registry' | 'table';
  /** The key below which services stand, in the control set that is current; or the table's name. */
  readonly name: string;
  /** Files of the registry, or for which Windows the table is. */
  readonly from: readonly string[];
}

export interface ServiceHostsDocument {
  readonly schema: typeof SERVICE_HOSTS_SCHEMA;
  readonly host: ParentImage;
  /** False where only the host's name is known; then what it starts itself is not told. */
  readonly hostRead: boolean;
  /** What the host starts itself, in any service's process. */
  readonly hostChildren: readonly Child[];
  readonly source: ServiceSource;
  readonly services: readonly ServiceEntry[];
  readonly rules: readonly ServiceRule[];
  readonly notes: readonly Note[];
}
