// `winnow children`: its grammar, and its act from the given files to the printed answer.
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RuleOptions } from '../../children/child-rule.ts';
import type { Signer } from '../../children/child-rule-signer.ts';
import type { ChildrenDocument, Confidence, RuleLanguage } from '../../children/document.ts';
import type { FindOptions, ModuleFile } from '../../children/find-children.ts';
import type { FollowedModule } from '../../children/followed-module.ts';
import { FormatError, InputError, type Note, UsageError, WinnowError } from '../../errors.ts';
import type { HeldAgainst } from '../children-baseline.ts';
import { EXAMPLES } from '../children-examples.ts';
import { childrenText, LANGUAGE_NAMES, rulesText } from '../children-text.ts';
import { findWith, hostedInputs } from '../children-with.ts';
import { documentsIn } from '../document-search.ts';
import { EXIT, type ExitCode, failureLine } from '../exit.ts';
import { explainText } from '../explain.ts';
import type { ExplainSources } from '../explain-lines.ts';
import type { ReadFiles } from '../explain-sources.ts';
import { defaultFolders, fileName, readWholeFile, sha256Of } from '../files.ts';
import { countImporters, type FolderImporters, type ImportsOf } from '../importers.ts';
import { ModuleSearch, machineOf } from '../module-search.ts';
import { otherThanProgram } from '../not-a-program.ts';
import { readDate } from '../option-date.ts';
import { count, type Face, jsonText, type Progress, progressOn, styleFor } from '../print.ts';
import { childrenDiff } from './children-diff.ts';

export const name = 'children';
export const summary = 'which child processes a Windows program may start, and the detection rule';

export const nested = [childrenDiff];

const LANGUAGES = Object.keys(LANGUAGE_NAMES) as readonly RuleLanguage[];
const CONFIDENCES: readonly Confidence[] = ['proven', 'likely', 'possible'];
const SIGNERS: readonly Signer[] = ['trusted', 'microsoft'];
const DEFAULT_LANGUAGE: RuleLanguage = 'sigma';

/** What the command line said; the repeatable options are absent when never given. */
export interface ChildrenFlags {
  readonly modules?: readonly string[];
  readonly symbols?: readonly string[];
  readonly module?: readonly string[];
  readonly noModule?: readonly string[];
  readonly to?: readonly RuleLanguage[];
  readonly minConfidence?: Confidence;
  readonly signer?: Signer;
  readonly usual?: true;
  readonly parentArguments?: true;
  readonly host?: string;
  readonly registry?: readonly string[];
  readonly watch?: true;
  readonly with?: readonly string[];
  readonly services?: readonly string[];
  readonly date?: string;
  readonly sites?: true;
  readonly com?: true;
  readonly classes?: readonly string[];
  readonly strings?: true;
  readonly explain?: string;
  readonly baseline?: readonly string[];
  readonly json?: true;
  readonly stats?: true;
  readonly quiet?: true;
  readonly write?: string;
  /** False for --no-color. */
  readonly color: boolean;
}

/** What the act calls, so that a test can give another answer. */
export interface ChildrenTools {
  readonly findChildren: (image: ModuleFile, options?: FindOptions) => ChildrenDocument;
  /** For --stats. */
  readonly importsOf: ImportsOf;
  /** For --explain: looks into the image and the modules that were loaded. */
  readonly explainSources?: (document: ChildrenDocument, files: ReadFiles) => Promise<ExplainSources>;
}

export function grammar(command: Command): Command {
  return command
    .argument(
      '<FILE...>',
      'the program (.exe) or module (.dll) to read; several builds of it give one answer and one rule',
    )
    .addOption(repeatable('--modules <DIR>', 'folder in which its modules are looked up by name'))
    .addOption(repeatable('--symbols <DIR>', 'folder of .pdb files, or a symbol store, by which functions are named'))
    .addOption(repeatable('--module <NAME>', 'analyse this module, even when it looks generic'))
    .addOption(repeatable('--no-module <NAME>', 'leave this module out, even when it looks specific'))
    .addOption(repeatable('--to <LANGUAGE>', `rule language (default: ${DEFAULT_LANGUAGE})`, LANGUAGES))
    .addOption(
      new Option('--min-confidence <LEVEL>', 'children that the rule lets pass (default: likely)').choices(CONFIDENCES),
    )
    .addOption(
      new Option(
        '--signer <WHO>',
        'let pass only what is signed as well, by this signer (eql, elastic, esql, dsl, lucene)',
      ).choices(SIGNERS),
    )
    .option('--usual', 'let pass what Windows usually has in the registry values that name a child (not from the file)')
    .option(
      '--parent-arguments',
      'let a child pass only beside the arguments of the parent without which it is not started (not sentinel)',
    )
    .option('--host <PROGRAM>', 'for a DLL: the program that hosts it, so that a rule can be written')
    .addOption(
      repeatable(
        '--registry <[KEY=]FILE>',
        'registry hive or .reg export of a host: tells the programs that its values name',
      ),
    )
    .addOption(
      repeatable(
        '--with <MODULE>',
        'a module that runs in FILE, a host such as svchost.exe: a path, or a name in --modules',
      ),
    )
    .addOption(
      repeatable(
        '--services <HIVE>',
        'answer for every service that runs in FILE: a SYSTEM hive, a .reg export, or windows-10 for a table',
      ),
    )
    .option(
      '--watch',
      'list the registry values whose change adds a child; the rule watches them, in place of the children',
    )
    .option(
      '--date <YYYY-MM-DD>',
      'date that the rule carries (default: none, so that the same input gives the same bytes)',
      readDate,
    )
    .option('--write <DIR>', 'write the rules into this folder, with tests/ of events by which winnow test checks them')
    .option('--sites', 'list every call site with its address and arguments')
    .option('--com', 'list the classes of COM and the Windows Runtime that are asked for')
    .addOption(
      repeatable(
        '--classes <FILE>',
        'table (CSV or JSON) of COM classes and their servers: clsid, server, kind, arguments',
      ),
    )
    .option('--strings', 'list the program names that are no children, with why')
    .option('--explain <CHILD>', 'show the route to one child, or what is known of another name or a call site (0x...)')
    .option('--baseline <LOG...>', 'hold the answer against the process-creation events of these logs')
    .option('--json', 'print the whole document (schema winnow.children/1) and nothing else')
    .option('--stats', 'count how many images of the folders import each module (reads all of them)')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('-q, --quiet', 'print the rules only')
    .addHelpText('after', EXAMPLES);
}

/** The act; `tools` are loaded when not given, so that help and usage errors never wait for the analysis. */
export async function run(command: Command, face: Face, tools?: ChildrenTools): Promise<ExitCode> {
  const [given] = command.processedArgs as [readonly string[]];
  const flags = command.opts<ChildrenFlags>();
  refuseContradictions(flags);
  const led: Note[] = [];
  const paths = await programsOf(given, flags, led);
  refuseSeveralPrograms(paths, flags);
  const rule: RuleOptions = {
    languages: flags.to ?? [DEFAULT_LANGUAGE],
    minConfidence: flags.minConfidence,
    signer: flags.signer,
    usual: flags.usual,
    parentArguments: flags.parentArguments,
    date: flags.date,
    host: flags.host,
  };
  if (flags.services !== undefined)
    return (await import('../service-hosts.ts')).runServices(paths, flags.services, flags, rule, face);
  const failures: WinnowError[] = [];
  const hosting = flags.with && hostedInputs(paths, flags.with, flags, failures);
  const images = hosting ? [hosting.host.file ?? hosting.hosted[0].file] : readImageFiles(paths, failures);
  const { findChildren, importsOf, explainSources } = tools ?? (await loadTools());
  const find = hosting ? await findWith(hosting) : findChildren;

  const symbols = flags.symbols && (await import('../symbol-files.ts')).symbolFiles(flags.symbols);
  const registry = flags.registry && (await import('../children-registry.ts')).openRegistryFiles(flags.registry);
  failures.push(...(registry?.failures ?? []));
  const classes = flags.classes && (await import('../children-classes.ts')).openClassTables(flags.classes);
  failures.push(...(classes?.failures ?? []));
  const progress = progressOn(face, flags.quiet === true);
  const searches: ModuleSearch[] = [];
  const documents: ChildrenDocument[] = [];
  /** For --explain, which looks into one image and its modules. */
  const analysed = new Map<string, FollowedModule>();
  try {
    for (const image of images) {
      const search = new ModuleSearch(image, foldersFor(image, paths.length > 1, flags, face));
      searches.push(search);
      const importers = flags.stats ? statsOf(search.folders.folders, importsOf, progress, failures) : undefined;
      try {
        const document = find(image, {
          loadModule: (wanted) => search.load(wanted),
          loadSymbols: symbols?.load,
          include: flags.module?.map(moduleName),
          exclude: flags.noModule?.map(moduleName),
          host: flags.host,
          registry: registry?.view,
          loadDocument: documentsIn(search.folders, image),
          classTable: classes?.table,
          importers,
          onProgress: progress.step,
          ...(flags.explain === undefined ? {} : { onAnalysed: (name, module) => analysed.set(name, module) }),
          ...(images.length > 1 || flags.watch ? {} : { rule }),
        });
        const more = [...led, ...search.notes, ...(registry?.notes ?? []), ...(classes?.table.notes ?? [])];
        documents.push(more.length === 0 ? document : { ...document, notes: [...document.notes, ...more] });
      } catch (error) {
        const told = error instanceof FormatError ? withPath(error, image.path ?? image.name, image.name) : error;
        if (images.length === 1 || !(told instanceof FormatError)) throw told;
        failures.push(told);
      }
    }
  } finally {
    progress.end();
  }
  const [first, ...others] = documents;
  let held: HeldAgainst | undefined;
  for (const document of documents) failures.push(...cutOff(document));
  failures.push(...(symbols?.failures() ?? []));
  const told = [...searches.flatMap((search) => [...search.folders.failures, ...search.failures]), ...failures];
  if (first !== undefined) {
    const several = images.length > 1;
    const childRule = flags.watch ? undefined : rule;
    const joined = several
      ? (await import('../../children/builds.ts')).joinBuilds([first, ...others], childRule)
      : first;
    if (flags.baseline !== undefined)
      held = await (await import('../children-baseline.ts')).heldAgainst(joined, flags.baseline, flags.host, progress);
    const answered = held?.document ?? joined;
    const document =
      flags.watch || registry
        ? (await import('../children-watched.ts')).withWatched(answered, flags.host, registry, flags.watch && rule)
        : answered;
    const fileOf = (module: string) => searches[0]?.loaded.get(module.toLowerCase());
    const files = { analysed, fileOf, loadSymbols: symbols?.load };
    const sources = flags.explain === undefined ? undefined : await explainSources?.(document, files);
    const written =
      flags.write === undefined
        ? []
        : (await import('../write-rules.ts')).writeRules(flags.write, document, rule, styleFor(face, flags.color));
    face.out(answer(document, flags, face, sources, written));
  }
  const lines = new Set([...(held?.failures ?? []), ...told.map((failure) => failureLine(failure))]);
  if (flags.quiet !== true) for (const note of held?.notes ?? []) face.err(note);
  for (const line of lines) face.err(line);
  return lines.size > 0 || held?.failed === true ? EXIT.input : EXIT.done;
}

/** The programs that are given; in place of a shortcut, the one that it leads to. */
async function programsOf(given: readonly string[], flags: ChildrenFlags, led: Note[]): Promise<readonly string[]> {
  if (!given.some((path) => /\.(lnk|pif|url|website|msc)$/i.test(path))) return given;
  const { programOfShortcut } = await import('../shortcut-given.ts');
  return given.map((path) => programOfShortcut(path, flags.modules ?? [], led));
}

/** Several files are builds of one program, and get one rule. */
function refuseSeveralPrograms(paths: readonly string[], flags: ChildrenFlags): void {
  const other = paths.find((path) => fileName(path).toLowerCase() !== fileName(paths[0]).toLowerCase());
  if (other !== undefined)
    throw new UsageError(
      `${paths[0]} and ${other} are files of different programs: several FILEs are builds of one (of the same name, in folders of their own) and get one rule; run winnow once for each program`,
    );
  if (paths.length > 1 && flags.explain !== undefined)
    throw new UsageError('--explain looks into one build; give one FILE with it');
}

/** Each file once. What cannot be read is kept in `failures` while another can; the only one, or the last of none, is thrown. */
function readImageFiles(paths: readonly string[], failures: WinnowError[]): readonly ModuleFile[] {
  const images = new Map<string, ModuleFile>();
  for (const path of paths) {
    try {
      const image = readImageFile(path);
      images.set(image.sha256 ?? path, images.get(image.sha256 ?? path) ?? image);
    } catch (error) {
      if (paths.length === 1 || !(error instanceof WinnowError)) throw error;
      failures.push(error);
    }
  }
  return [...images.values()];
}

/** Of several builds each is served by its own folder first, then by the folders given; of one, by these alone. */
function foldersFor(image: ModuleFile, several: boolean, flags: ChildrenFlags, face: Face): readonly string[] {
  const path = image.path ?? image.name;
  const usual = () => defaultFolders(path, machineOf(image.bytes) === 'x86', face.platform, face.env);
  if (flags.modules === undefined) return usual();
  return several ? [...new Set([usual()[0], ...flags.modules])] : flags.modules;
}

function statsOf(
  folders: readonly string[],
  importsOf: ImportsOf,
  progress: Progress,
  failures: WinnowError[],
): FolderImporters {
  const importers = countImporters(folders, importsOf, (done, total) => progress.step('Counting imports', done, total));
  if (importers.unreadable > 0) {
    failures.push(
      new InputError(`--stats left out ${count(importers.unreadable, 'file')} that could not be read as programs`),
    );
  }
  return importers;
}

/** A file that ends too early was read as far as it goes: its answer stands, and the run says that an input could not be read. */
function cutOff(document: ChildrenDocument): InputError[] {
  return document.notes
    .filter(({ text }) => text.startsWith('the file is cut off'))
    .map(
      ({ about, text }) =>
        new InputError(`cannot read the whole of ${about.split(': ')[0]}: ${text}; get the file again`),
    );
}

async function loadTools(): Promise<ChildrenTools> {
  const [{ findChildren }, { hostsImportedBy }] = await Promise.all([
    import('../../children/find-children.ts'),
    import('../../children/modules.ts'),
  ]);
  return {
    findChildren,
    importsOf: (bytes, path) => hostsImportedBy({ name: fileName(path), bytes }),
    explainSources: async (document, files) => (await import('../explain-sources.ts')).explainSources(document, files),
  };
}

/** `written`: lines about the rules that were written into a folder; with --quiet they stand in place of the rules. */
function answer(
  document: ChildrenDocument,
  flags: ChildrenFlags,
  face: Face,
  sources: ExplainSources | undefined,
  written: readonly string[],
): string {
  if (flags.json) return jsonText(document);
  const told = written.map((line) => `${line}\n`).join('');
  if (flags.quiet) return told === '' ? rulesText(document) : told;
  const style = styleFor(face, flags.color);
  const more = told === '' ? '' : `\n${told}`;
  if (flags.explain !== undefined) return `${explainText(document, flags.explain, style, sources)}${more}`;
  const report = childrenText(document, {
    style,
    sites: flags.sites === true,
    com: flags.com === true,
    strings: flags.strings === true,
    defaultLanguage: flags.to === undefined,
  });
  return `${report}${more}`;
}

function refuseContradictions(flags: ChildrenFlags): void {
  const exclusive = (['json', 'quiet', 'explain'] as const).filter((flag) => flags[flag] !== undefined);
  if (exclusive.length > 1) {
    throw new UsageError(`--${exclusive[0]} and --${exclusive[1]} ask for two different answers; give one of them`);
  }
  if (flags.watch && flags.write !== undefined)
    throw new UsageError('--write writes rules about children with their tests; print the rule of --watch with -q');
  const without = (['quiet', 'explain'] as const).find((flag) => flags[flag] !== undefined);
  if (flags.baseline !== undefined && without !== undefined)
    throw new UsageError(`--baseline and --${without} ask for two different answers; give one of them`);
  const both = flags.module?.find((m) => flags.noModule?.some((n) => moduleName(n) === moduleName(m)));
  if (both !== undefined) throw new UsageError(`--module and --no-module both name ${both}; give one of them`);
}

function readImageFile(path: string): ModuleFile {
  const bytes = readWholeFile(path);
  const other = otherThanProgram(bytes);
  if (other) throw new FormatError(`cannot read ${path}: it is ${other}`);
  return { name: fileName(path), path, bytes, sha256: sha256Of(bytes) };
}

/** A FormatError begins with the file's name; the whole path and the way out are told instead. */
function withPath(error: FormatError, path: string, imageName: string): FormatError {
  const what = error.message.startsWith(`${imageName}: `) ? error.message.slice(imageName.length + 2) : error.message;
  return new FormatError(`cannot read ${path}: ${what}; it may be cut short or damaged, get the file again`, {
    cause: error,
  });
}

/** "wer" and "C:\x\Wer.dll" both mean wer.dll. */
function moduleName(text: string): string {
  const last = fileName(text).toLowerCase();
  return last.includes('.') ? last : `${last}.dll`;
}

/** An option that may be given several times, each with one value; also one that begins with "--no-" without negating another. */
function repeatable(flags: string, description: string, choices?: readonly string[]): Option {
  const option = new Option(flags, description);
  // commander reads "--no-" as "turn the other off" and gives it no value of its own; here it is a name like any other.
  option.negate = false;
  if (choices) option.choices(choices);
  return option.argParser<readonly string[]>((value, previous = []) => {
    if (value === '') throw new InvalidArgumentError('It is empty.');
    if (choices && !choices.includes(value))
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
    return previous.includes(value) ? previous : [...previous, value];
  });
}
