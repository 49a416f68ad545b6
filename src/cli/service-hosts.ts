// `winnow children svchost.exe --services SYSTEM`: the act, from the hive or table of services to the printed answers and rules.
import type { RuleOptions } from '../children/child-rule.ts';
import { findServiceHosts, type ServiceHosts } from '../children/hosts/find-service-hosts.ts';
import { knownServices, SERVICE_TABLES } from '../children/hosts/known-services.ts';
import { type FoundServices, registryServices, withoutServices } from '../children/hosts/registry-services.ts';
import { InputError, UsageError, type WinnowError } from '../errors.ts';
import type { LogFile } from '../hive/recovery.ts';
import { openRegistry } from '../registry/open-registry.ts';
import { hostOf } from './children-with.ts';
import type { ChildrenFlags } from './commands/children.ts';
import { EXIT, type ExitCode, failureLine } from './exit.ts';
import { defaultFolders, fileName, filesBeside, isFile, readWholeFile } from './files.ts';
import { ModuleSearch, machineOf } from './module-search.ts';
import { type Face, jsonText, progressOn, styleFor } from './print.ts';
import { serviceHostsText, serviceRulesText } from './service-hosts-text.ts';
import { writeServiceRules } from './write-rules.ts';

/** Transaction logs, as Windows names them beside a hive. */
const LOG_SUFFIXES = ['.LOG1', '.LOG2', '.LOG'];

export async function runServices(
  [hostPath, ...others]: readonly string[],
  given: readonly string[],
  flags: ChildrenFlags,
  rule: RuleOptions,
  face: Face,
): Promise<ExitCode> {
  if (others.length > 0) throw new UsageError('--services is about one host; give one FILE with it');
  refuse(flags);
  const failures: WinnowError[] = [];
  const folders = flags.modules;
  const host = hostOf(hostPath, folders, failures);
  const found = readServices(given, host.name, failures);
  const searched = host.file ?? { name: host.name, bytes: new Uint8Array() };
  const places = folders ?? placesFor(host.file?.path ?? hostPath, host.file?.bytes, face);
  const search = new ModuleSearch(searched, places);
  const progress = progressOn(face, flags.quiet === true);
  let hosts: ServiceHosts;
  try {
    hosts = findServiceHosts(host, found, {
      loadModule: (name) => search.load(name),
      include: flags.module,
      exclude: flags.noModule,
      rule,
      onService: progress.step,
    });
  } finally {
    progress.end();
  }
  const document = { ...hosts.document, notes: [...hosts.document.notes, ...search.notes] };
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

function refuse(flags: ChildrenFlags): void {
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

/** Of a table's name, or of hives and exports. What cannot be read is a failure; InputError where no services are left. */
function readServices(given: readonly string[], host: string, failures: WinnowError[]): FoundServices {
  const [only, ...more] = given;
  const table = more.length === 0 && !isFile(only) ? knownServices(only) : undefined;
  if (table !== undefined) return table;
  const files = given.map((path) => ({
    name: path,
    bytes: readFound(path),
    logs: filesBeside(path, LOG_SUFFIXES).map((log): LogFile => ({ name: fileName(log), bytes: readWholeFile(log) })),
  }));
  const opened = openRegistry(files);
  failures.push(...opened.failures);
  const found = registryServices(opened.view, host);
  if (found !== undefined) return { ...found, notes: [...found.notes, ...opened.notes] };
  const [first] = failures.splice(0);
  throw first ?? new InputError(withoutServices(given));
}

function readFound(path: string): Uint8Array {
  try {
    return readWholeFile(path);
  } catch (error) {
    if (!(error instanceof InputError) || /[\\/.]/.test(path)) throw error;
    throw new InputError(`${error.message}, or name a table: ${SERVICE_TABLES.join(', ')}`, { cause: error });
  }
}

function placesFor(path: string, bytes: Uint8Array | undefined, face: Face): readonly string[] {
  return defaultFolders(path, bytes !== undefined && machineOf(bytes) === 'x86', face.platform, face.env);
}
