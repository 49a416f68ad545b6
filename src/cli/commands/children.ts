// `winnow children`: its grammar, and its act from the given files to the printed answer.
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Signer } from '../../children/child-rule-signer.ts';
import type { ChildrenDocument, Confidence, RuleLanguage } from '../../children/document.ts';
import type { FindOptions, ModuleFile } from '../../children/find-children.ts';
import { FormatError, InputError, UsageError, WinnowError } from '../../errors.ts';
import { childrenText, rulesText } from '../children-text.ts';
import { EXIT, type ExitCode, failureLine } from '../exit.ts';
import { explainText } from '../explain.ts';
import type { ExplainSources } from '../explain-lines.ts';
import { defaultFolders, fileName, type ModuleFolders, moduleFolders, readWholeFile, sha256Of } from '../files.ts';
import { countImporters, type ImportsOf } from '../importers.ts';
import { otherThanProgram } from '../not-a-program.ts';
import { count, type Face, jsonText, progressOn, styleFor } from '../print.ts';

export const name = 'children';
export const summary = 'which child processes a Windows program may start, and the detection rule';

const LANGUAGES: readonly RuleLanguage[] = ['eql', 'elastic', 'sigma', 'defender', 'sentinel', 'splunk'];
const CONFIDENCES: readonly Confidence[] = ['proven', 'likely', 'possible'];
const SIGNERS: readonly Signer[] = ['trusted', 'microsoft'];
const DEFAULT_LANGUAGE: RuleLanguage = 'sigma';

/** What the command line said; the repeatable options are absent when never given. */
export interface ChildrenFlags {
  readonly modules?: readonly string[];
  readonly module?: readonly string[];
  readonly noModule?: readonly string[];
  readonly to?: readonly RuleLanguage[];
  readonly minConfidence?: Confidence;
  readonly signer?: Signer;
  readonly usual?: true;
  readonly host?: string;
  readonly date?: string;
  readonly sites?: true;
  readonly strings?: true;
  readonly explain?: string;
  readonly json?: true;
  readonly stats?: true;
  readonly quiet?: true;
  /** False for --no-color. */
  readonly color: boolean;
}

/** What the act calls, so that a test can give another answer. */
export interface ChildrenTools {
  readonly findChildren: (image: ModuleFile, options?: FindOptions) => ChildrenDocument;
  /** For --stats. */
  readonly importsOf: ImportsOf;
  /** For --explain: looks into the image and the modules that were loaded. */
  readonly explainSources?: (
    document: ChildrenDocument,
    fileOf: (module: string) => ModuleFile | undefined,
  ) => Promise<ExplainSources>;
}

export function grammar(command: Command): Command {
  return command
    .argument('<FILE>', 'the program (.exe) or module (.dll) to read')
    .addOption(repeatable('--modules <DIR>', 'folder in which its modules are looked up by name'))
    .addOption(repeatable('--module <NAME>', 'analyse this module, even when it looks generic'))
    .addOption(repeatable('--no-module <NAME>', 'leave this module out, even when it looks specific'))
    .addOption(repeatable('--to <LANGUAGE>', `rule language (default: ${DEFAULT_LANGUAGE})`, LANGUAGES))
    .addOption(
      new Option('--min-confidence <LEVEL>', 'children that the rule lets pass (default: likely)').choices(CONFIDENCES),
    )
    .addOption(
      new Option('--signer <WHO>', 'let pass only what is signed as well, by this signer (eql and elastic)').choices(
        SIGNERS,
      ),
    )
    .option('--usual', 'let pass what Windows usually has in the registry values that name a child (not from the file)')
    .option('--host <PROGRAM>', 'for a DLL: the program that hosts it, so that a rule can be written')
    .option(
      '--date <YYYY-MM-DD>',
      'date that the rule carries (default: none, so that the same input gives the same bytes)',
      readDate,
    )
    .option('--sites', 'list every call site with its address and arguments')
    .option('--strings', 'list the program names that are no children, with why')
    .option('--explain <CHILD>', 'show the route to one child, or what is known of another name or a call site (0x...)')
    .option('--json', 'print the whole document (schema winnow.children/1) and nothing else')
    .option('--stats', 'count how many images of the folders import each module (reads all of them)')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('-q, --quiet', 'print the rules only')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Without --modules the modules are looked for beside FILE, then on Windows in System32 (SysWOW64 for a 32-bit FILE).
--modules, --module, --no-module and --to may be given several times.

Examples:
  winnow children C:\\Windows\\System32\\WerFault.exe
  winnow children "C:\\Program Files\\Tool\\tool.exe" --to eql --to defender
  winnow children WerFault.exe --modules ./dlls --explain cofire.exe
  winnow children WerFault.exe --modules ./dlls --explain faultrep.dll:0x180019121
  winnow children WerFault.exe --modules ./dlls --to eql --signer microsoft --min-confidence proven
  winnow children WerFault.exe --modules ./dlls --to sigma --quiet > werfault.yml
  winnow children C:\\Windows\\System32\\wer.dll --host wermgr.exe --sites
  winnow children WerFault.exe --json > werfault.json`;

/** The act; `tools` are loaded when not given, so that help and usage errors never wait for the analysis. */
export async function run(command: Command, face: Face, tools?: ChildrenTools): Promise<ExitCode> {
  const [path] = command.processedArgs as [string];
  const flags = command.opts<ChildrenFlags>();
  refuseContradictions(flags);
  const image = readImageFile(path);
  const { findChildren, importsOf, explainSources } = tools ?? (await loadTools());

  const failures: WinnowError[] = [];
  const folders = moduleFolders(flags.modules ?? defaultFolders(path, is32Bit(image.bytes), face.platform, face.env));
  const loaded = new Map<string, ModuleFile>([[image.name.toLowerCase(), image]]);
  const progress = progressOn(face, flags.quiet === true);
  let document: ChildrenDocument;
  try {
    const importers = flags.stats
      ? countImporters(folders.folders, importsOf, (done, total) => progress.step('Counting imports', done, total))
      : undefined;
    if (importers && importers.unreadable > 0) {
      failures.push(
        new InputError(`--stats left out ${count(importers.unreadable, 'file')} that could not be read as programs`),
      );
    }
    document = findChildren(image, {
      loadModule: (wanted) => loadModule(wanted, folders, loaded, failures),
      include: flags.module?.map(moduleName),
      exclude: flags.noModule?.map(moduleName),
      host: flags.host,
      importers,
      onProgress: progress.step,
      rule: {
        languages: flags.to ?? [DEFAULT_LANGUAGE],
        minConfidence: flags.minConfidence,
        signer: flags.signer,
        usual: flags.usual,
        date: flags.date,
        host: flags.host,
      },
    });
  } catch (error) {
    throw error instanceof FormatError ? withPath(error, path, image.name) : error;
  } finally {
    progress.end();
  }

  failures.push(...cutOff(document));
  const fileOf = (module: string) => loaded.get(module.toLowerCase());
  const sources = flags.explain === undefined ? undefined : await explainSources?.(document, fileOf);
  face.out(answer(document, flags, face, sources));
  for (const failure of [...folders.failures, ...failures]) face.err(failureLine(failure));
  return folders.failures.length + failures.length > 0 ? EXIT.input : EXIT.done;
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
    explainSources: async (document, fileOf) =>
      (await import('../explain-sources.ts')).explainSources(document, fileOf),
  };
}

function answer(document: ChildrenDocument, flags: ChildrenFlags, face: Face, sources?: ExplainSources): string {
  if (flags.json) return jsonText(document);
  if (flags.quiet) return rulesText(document);
  const style = styleFor(face, flags.color);
  if (flags.explain !== undefined) return explainText(document, flags.explain, style, sources);
  return childrenText(document, {
    style,
    sites: flags.sites === true,
    strings: flags.strings === true,
    defaultLanguage: flags.to === undefined,
  });
}

function refuseContradictions(flags: ChildrenFlags): void {
  const exclusive = (['json', 'quiet', 'explain'] as const).filter((flag) => flags[flag] !== undefined);
  if (exclusive.length > 1) {
    throw new UsageError(`--${exclusive[0]} and --${exclusive[1]} ask for two different answers; give one of them`);
  }
  const both = flags.module?.find((m) => flags.noModule?.some((n) => moduleName(n) === moduleName(m)));
  if (both !== undefined) throw new UsageError(`--module and --no-module both name ${both}; give one of them`);
}

function readImageFile(path: string): ModuleFile {
  const bytes = readWholeFile(path);
  const other = otherThanProgram(bytes);
  if (other) throw new FormatError(`cannot read ${path}: it is ${other}`);
  return { name: fileName(path), path, bytes, sha256: sha256Of(bytes) };
}

/** Each failure is kept, to be told once at the end, and thrown, so that the document's notes tell it too. */
function loadModule(
  wanted: string,
  folders: ModuleFolders,
  loaded: Map<string, ModuleFile>,
  failures: WinnowError[],
): ModuleFile | undefined {
  const path = folders.find(wanted.toLowerCase());
  if (path === undefined) return undefined;
  try {
    const bytes = readWholeFile(path);
    const other = otherThanProgram(bytes);
    if (other) throw new InputError(`cannot read ${path}: it is ${other}`);
    const module = { name: fileName(path), path, bytes, sha256: sha256Of(bytes) };
    loaded.set(wanted.toLowerCase(), module);
    return module;
  } catch (error) {
    if (error instanceof WinnowError) failures.push(error);
    throw error;
  }
}

/** A FormatError begins with the file's name; the whole path and the way out are told instead. */
function withPath(error: FormatError, path: string, imageName: string): FormatError {
  const what = error.message.startsWith(`${imageName}: `) ? error.message.slice(imageName.length + 2) : error.message;
  return new FormatError(`cannot read ${path}: ${what}; it may be cut short or damaged, get the file again`, {
    cause: error,
  });
}

/** IMAGE_FILE_MACHINE_I386 at e_lfanew + 4 (PE format, sections 3.1 and 3.3); false where the header cannot be read. */
function is32Bit(bytes: Uint8Array): boolean {
  if (bytes.length < 64) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = view.getUint32(0x3c, true);
  return header + 6 <= bytes.length && view.getUint16(header + 4, true) === 0x14c;
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

function readDate(value: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value) {
    throw new InvalidArgumentError('It is no date of the form YYYY-MM-DD.');
  }
  return value;
}
