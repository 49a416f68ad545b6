// Every service of a host: what its DLL and the modules of that start, whether that is all there is to know, and the rules that follow.
import { type Note, WinnowError } from '../../errors.ts';
import { visibleText } from '../../rule/visible-text.ts';
import type { RuleOptions } from '../child-rule.ts';
import { fileName } from '../command-text.ts';
import type { Child, ChildrenDocument, ModuleEntry, ParentImage } from '../document.ts';
import { type FindOptions, findChildren, type ModuleFile } from '../find-children.ts';
import { NOTHING_TO_READ } from '../modules.ts';
import { isReached } from '../verdict.ts';
import { findHosted, type Host, type HostedOptions } from './find-hosted.ts';
import { registeredPlugIn } from './plug-in-lists.ts';
import { type ModuleFolder, PlugInFinder } from './plug-ins.ts';
import type { FoundServices } from './registry-services.ts';
import {
  type HostedService,
  SERVICE_HOSTS_SCHEMA,
  type ServiceAnswer,
  type ServiceEntry,
  type ServiceHostsDocument,
} from './service-hosts.ts';
import { type AnsweredService, planServiceRules, type RulePlan, rulesOfPlans } from './service-rules.ts';

export interface ServiceHostOptions extends Omit<FindOptions, 'rule' | 'host' | 'hostedIn' | 'onAnalysed'> {
  readonly rule?: RuleOptions;
  /** Where plug-ins of the services' DLLs are looked for; without, none are. */
  readonly folder?: ModuleFolder;
  /** Told before each service. */
  readonly onService?: (name: string, done: number, total: number) => void;
}

export interface ServiceHosts {
  readonly document: ServiceHostsDocument;
  /** What its rules were made of, for their files. */
  readonly plans: readonly RulePlan[];
}

/** Pure: the DLLs come by `loadModule`, by their lower-case names. Throws FormatError for a host that is no PE image. */
export function findServiceHosts(
  host: Host,
  { source, services, notes: found }: FoundServices,
  options: ServiceHostOptions = {},
): ServiceHosts {
  const { rule, onService, folder, ...finding } = options;
  const finder = folder && new PlugInFinder(folder);
  const notes: Note[] = [...found];
  const own = host.file && findChildren(host.file, finding);
  const loadModule = keptModules(options.loadModule, notes);
  const answered = services.map((service, i): AnsweredService => {
    onService?.(service.name, i, services.length);
    return answerService(
      host,
      service,
      loadModule,
      { ...finding, loadModule, ...plugInsOf(service, finder, finding) },
      notes,
    );
  });
  onService?.(host.name, services.length, services.length);
  const plans = rule ? planServiceRules(host.name, answered, rule, notes) : [];
  const document: ServiceHostsDocument = {
    schema: SERVICE_HOSTS_SCHEMA,
    host: own?.parent ?? nameOnly(host.name),
    hostRead: own !== undefined,
    hostChildren: own?.children ?? [],
    source,
    services: answered.map(({ entry }) => entry),
    rules: rulesOfPlans(plans),
    notes: [
      ...notes,
      ...(own ? own.notes : [{ about: host.name, text: 'its file was not found: what it starts itself is not told' }]),
    ],
  };
  return { document, plans };
}

/** With a registry, only the plug-ins that it gives to this service's group. */
function plugInsOf(
  { group }: HostedService,
  finder: PlugInFinder | undefined,
  { registry }: FindOptions,
): Pick<HostedOptions, 'plugIns'> {
  if (finder === undefined) return {};
  const wanted = registry && ((name: string, by: string) => registeredPlugIn(registry, name, by, group));
  return { plugIns: { finder, ...(wanted === undefined ? {} : { wanted }) } };
}

function nameOnly(name: string): ParentImage {
  return { image: name, path: name, sha256: '', arch: 'unknown', version: null, kind: 'program', console: false };
}

type Load = (name: string) => ModuleFile | undefined;

/** Each module is read once, however many services use it. */
function keptModules(load: FindOptions['loadModule'], notes: Note[]): Load {
  const known = new Map<string, ModuleFile | undefined>();
  const failed = new Map<string, WinnowError>();
  return (name) => {
    const failure = failed.get(name);
    if (failure !== undefined) throw failure;
    if (!known.has(name)) {
      try {
        known.set(name, load?.(name));
      } catch (error) {
        if (!(error instanceof WinnowError)) throw error;
        failed.set(name, error);
        notes.push({ about: name, text: error.message });
        throw error;
      }
    }
    return known.get(name);
  };
}

function answerService(
  host: Host,
  service: HostedService,
  load: Load,
  options: HostedOptions,
  notes: Note[],
): AnsweredService {
  if (service.serviceDll === null) return notRead(service, null, 'no ServiceDll is named for it');
  const wanted = moduleName(service.serviceDll);
  try {
    const file = load(wanted);
    if (file === undefined) return notRead(service, wanted, `its DLL ${wanted} was not found among the modules`);
    const document = findHosted(host, [{ file, serviceMain: service.serviceMain ?? 'ServiceMain' }], options);
    for (const note of document.notes)
      if (note.about !== host.name && !notes.some(({ about, text }) => about === note.about && text === note.text))
        notes.push(note);
    return { entry: entryOf(service, file, document), document };
  } catch (error) {
    if (!(error instanceof WinnowError)) throw error;
    notes.push({ about: service.name, text: error.message });
    return notRead(service, wanted, `its DLL ${wanted} could not be read`);
  }
}

function notRead(service: HostedService, module: string | null, why: string): AnsweredService {
  const entry: ServiceEntry = {
    ...service,
    answer: 'not-read',
    why,
    module,
    path: null,
    sha256: null,
    children: [],
    blindSpots: [],
    modules: [],
  };
  return { entry };
}

function entryOf(service: HostedService, file: ModuleFile, document: ChildrenDocument): ServiceEntry {
  const { children } = document;
  const modules = document.modules.filter(({ role }) => role !== 'generic' && role !== 'image');
  const blindSpots = document.blindSpots.filter(({ reach, reason }) => isReached(reach) && reason !== 'com');
  const open = blindSpots.filter(({ answers }) => !answers?.some(({ image }) => image !== null));
  const { answer, why } = answerOf(document, modules, open.length);
  return {
    ...service,
    answer,
    why,
    module: file.name,
    path: file.path ?? null,
    sha256: file.sha256 ?? null,
    children,
    blindSpots,
    modules,
  };
}

/** Whether the service comes to a call that starts this program. */
export function isStarted({ reach, confidence }: Child): boolean {
  return isReached(reach) && confidence !== 'possible';
}

function answerOf(
  document: ChildrenDocument,
  modules: readonly ModuleEntry[],
  open: number,
): { readonly answer: ServiceAnswer; readonly why: string } {
  const started = document.children.filter(isStarted);
  const doubts = [...missing(modules), ...untold(document, open)];
  if (started.length > 0) {
    const names = started.map(({ image }) => image).join(', ');
    return { answer: 'starts', why: `it starts ${names}${doubts.length === 0 ? '' : `; ${doubts.join('; ')}`}` };
  }
  if (doubts.length > 0)
    return { answer: 'nothing-found', why: `nothing was found that it starts, but ${doubts.join('; ')}` };
  const read = modules.map(({ name }) => name).join(', ');
  const sites = document.sites.length;
  const calls =
    sites === 0 ? 'no call in it starts a program' : `it comes to none of the ${sites} calls that start a program`;
  return { answer: 'starts-nothing', why: `${calls}; read: ${read}${unnamedLoads(document)}` };
}

/** What is loaded by names that the code does not tell: a plug-in of no kind that is known, or nothing. */
function unnamedLoads({ loads = [], parent }: ChildrenDocument): string {
  const sites = new Set(
    loads
      // The host's own call loads the service's DLL.
      .filter(
        ({ name, reach, module }) =>
          name === null && module !== parent.image && reach !== undefined && isReached(reach),
      )
      .map(({ module, site }) => `${module} ${site}`),
  );
  return sites.size === 0
    ? ''
    : `; modules of names that are not known are loaded at ${[...sites].slice(0, 3).join(', ')}${sites.size > 3 ? ` and ${sites.size - 3} more` : ''}`;
}

/** Modules that would have to be read to know more. */
function missing(modules: readonly ModuleEntry[]): readonly string[] {
  const names = modules
    .filter(({ found, skipped }) => !found || (skipped !== undefined && skipped !== NOTHING_TO_READ))
    .map(({ name }) => name);
  return names.length === 0 ? [] : [`not read: ${names.join(', ')}`];
}

/** What was read and does not tell. */
function untold(document: ChildrenDocument, open: number): readonly string[] {
  const limits = document.notes.filter(({ text }) => /are not told$|step limit$/.test(text));
  return [
    ...(open > 0 ? [`${open === 1 ? 'one call starts' : `${open} calls start`} what is not known`] : []),
    ...limits.map(({ about, text }) => `${visibleText(about)}: ${text}`),
  ];
}

/** As a folder is asked for it. */
function moduleName(path: string): string {
  const name = fileName(path.replaceAll('/', '\\').replaceAll('"', '')).trim().toLowerCase();
  return name.includes('.') ? name : `${name}.dll`;
}
