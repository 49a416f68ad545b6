// `winnow children svchost.exe --services SYSTEM`: the act, from the hive or table of services to the printed answers and rules.
import type { RuleOptions } from '../children/child-rule.ts';
import { findServiceHosts, type ServiceHosts } from '../children/hosts/find-service-hosts.ts';
import { knownServices, SERVICE_TABLES } from '../children/hosts/known-services.ts';
import { type FoundServices, registryServices, withoutServices } from '../children/hosts/registry-services.ts';
import { InputError, UsageError, type WinnowError } from '../errors.ts';
import { openRegistryFiles } from './children-registry.ts';
import { hostOf } from './children-with.ts';
import { EXIT, type ExitCode, failureLine } from './exit.ts';
import { defaultFolders, isFile } from './files.ts';
import { folderOfModules } from './module-folder.ts';
import { ModuleSearch, machineOf } from './module-search.ts';
import { type Face, jsonText, progressOn, styleFor } from './print.ts';
import { serviceHostsText, serviceRulesText } from './service-hosts-text.ts';
import { writeServiceRules } from './write-rules.ts';

/** What the command line said. */
export interface ServiceFlags {
  readonly modules?: readonly string[];
  readonly module?: readonly string[];
  readonly noModule?: readonly string[];
  readonly registry?: readonly string[];
  readonly json?: true;
  readonly quiet?: true;
  readonly write?: string;
  readonly color: boolean;
  readonly with?: unknown;
  readonly host?: unknown;
  readonly explain?: unknown;
  readonly sites?: unknown;
  readonly strings?: unknown;
  readonly stats?: unknown;
  readonly symbols?: unknown;
}

export async function runServices(
  [hostPath, ...others]: readonly string[],
  given: readonly string[],
  flags: ServiceFlags,
  rule: RuleOptions,
  face: Face,
): Promise<ExitCode> {
  if (others.length > 0) throw new UsageError('--services is about one host; give one FILE with it');
  refuse(flags);
  const failures: WinnowError[] = [];
  const folders = flags.modules;
  const host = hostOf(hostPath, folders, failures);
  const { found, registry } = readServices(given, flags.registry, host.name, failures);
  const searched = host.file ?? { name: host.name, bytes: new Uint8Array() };
  const places = folders ?? placesFor(host.file?.path ?? hostPath, host.file?.bytes, face);
  const search = new ModuleSearch(searched, places);
  const progress = progressOn(face, flags.quiet === true);
  let hosts: ServiceHosts;
  try {
    hosts = findServiceHosts(host, found, {
      loadModule: (name) => search.load(name),
      folder: folderOfModules(places),
      include: flags.module,
      exclude: flags.noModule,
      registry: registry?.view,
      rule,
      onService: progress.step,
    });
  } finally {
    progress.end();
  }
  const document = { ...hosts.document, notes: [...hosts.document.notes, ...search.notes, ...(registry?.notes ?? [])] };
  const style = styleFor(face, flags.color);
  const written = flags.write === undefined ? [] : writeServiceRules(flags.write, hosts.plans, style);
  const told = written.map((line) => `${line}\n`).join('');
  if (flags.json) face.out(jsonText(document));
  else if (flags.quiet) face.out(told === '' ? serviceRulesText(document) : told);
  else face.out(`${serviceHostsText(document, style)}${told === '' ? '' : `\n${told}`}`);
  const lines = new Set([...failures, ...search.folders.failures, ...search.failures].map((one) => failureLine(one)));
  for (const line of lines) face.err(line);
  return lines.size > 0 ? EXIT.input : EXIT.done;
}

function refuse(flags: ServiceFlags): void {
  const other = (['with', 'host', 'explain', 'sites', 'strings', 'stats', 'symbols'] as const).find(
    (flag) => flags[flag] !== undefined,
  );
  if (other !== undefined)
    throw new UsageError(
      `--services answers for every service, and takes no --${other}; ask for one service with --with DLL`,
    );
  if (flags.json && flags.quiet)
    throw new UsageError('--json and --quiet ask for two different answers; give one of them');
}

interface GivenServices {
  readonly found: FoundServices;
  /** Of the hives and exports of --services and --registry; undefined without any. */
  readonly registry: ReturnType<typeof openRegistryFiles> | undefined;
}

/** Of a table's name, or of hives and exports. What cannot be read is a failure; InputError where no services are left. */
function readServices(
  given: readonly string[],
  more: readonly string[] = [],
  host: string,
  failures: WinnowError[],
): GivenServices {
  const [only] = given;
  const table = given.length === 1 && !isFile(only) ? knownServices(only) : undefined;
  const files = [...(table ? [] : given), ...more];
  const registry = files.length === 0 ? undefined : openRegistryFiles(files);
  failures.push(...(registry?.failures ?? []));
  if (table !== undefined) return { found: table, registry };
  const found = registry && registryServices(registry.view, host);
  if (found !== undefined) return { found, registry };
  const [first] = failures.splice(0);
  const way = /[\\/.=]/.test(only) ? '' : `, or name a table: ${SERVICE_TABLES.join(', ')}`;
  throw first === undefined
    ? new InputError(withoutServices(given))
    : new InputError(`${first.message}${way}`, { cause: first });
}

function placesFor(path: string, bytes: Uint8Array | undefined, face: Face): readonly string[] {
  return defaultFolders(path, bytes !== undefined && machineOf(bytes) === 'x86', face.platform, face.env);
}
