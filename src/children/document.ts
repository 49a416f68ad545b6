// The JSON document of `winnow children` (schema winnow.children/1): the one shape that terminal, page and library show.
import type { Note } from '../errors.ts';
import type { RealityDocument } from './reality/document.ts';

export const CHILDREN_SCHEMA = 'winnow.children/1';

/** An address within a module: the module's ImageBase plus RVA, as "0x140045ccc" (lower case, no padding). */
export type Address = string;

/** proven: constants reach the sink on a path whose conditions do not contradict it. likely: a step was assumed. possible: named in the same function or class, not followed. */
export type Confidence = 'proven' | 'likely' | 'possible';

/** How the program can come to the site, best first: from the image itself, by an export it imports, ... */
export type Reach =
  | 'image'
  | `export:${string}`
  | 'vtable'
  | 'callback'
  | `loaded:${string}`
  | 'module-only'
  | 'other-process';

/** Why a site's child cannot be known from the file. */
export type BlindSpotReason =
  | 'registry'
  | 'command-line'
  | 'standard-input'
  | 'file'
  | 'environment'
  | 'com'
  | 'rpc'
  | 'shared-memory'
  | 'caller'
  | 'data'
  | 'step-limit';

export type SiteVia = 'import' | 'delay' | 'ordinal' | 'thunk' | 'getprocaddress';

export interface ChildrenDocument {
  readonly schema: typeof CHILDREN_SCHEMA;
  readonly parent: ParentImage;
  /** Where several files of one program were read: all of them, `parent` being the first. The marks `build` and `builds` below are their names. */
  readonly builds?: readonly Build[];
  readonly modules: readonly ModuleEntry[];
  readonly sites: readonly SiteEntry[];
  readonly children: readonly Child[];
  readonly blindSpots: readonly BlindSpot[];
  /** The calls that load a module at run time, of the image and of the modules that were analysed; absent where there is none. */
  readonly loads?: readonly LoadEntry[];
  /** Whether the children can be listed at all. */
  readonly verdict: Verdict;
  /** Children that Windows starts on any process's behalf; added by Winnow, not found in the file. */
  readonly generic: readonly GenericChild[];
  readonly documents: readonly DocumentTarget[];
  /** Classes of COM and of the Windows Runtime that are asked for. */
  readonly classes?: readonly ClassEntry[];
  /** Program and document names that stand in the modules and are not children, each with why. */
  readonly strings: readonly NamedString[];
  /** Where it was asked for, or registry files were given: the registry values whose change adds a child. */
  readonly watched?: readonly WatchedValue[];
  readonly rule: readonly EmittedRule[];
  readonly notes: readonly Note[];
  /** Where logs were given: the answer held against the process-creation events in them. */
  readonly reality?: RealityDocument;
}

/** One of several files of the same program. */
export interface Build {
  /** Architecture and version: "x64 10.0.22621.3085". */
  readonly name: string;
  readonly image: ParentImage;
}

export interface ParentImage {
  /** The file's name as given, e.g. "WerFault.exe". */
  readonly image: string;
  /** The path as the face knows it; the name where bytes came without one. */
  readonly path: string;
  /** Lower-case hex; empty where the face did not compute it. */
  readonly sha256: string;
  readonly arch: 'x64' | 'x86' | 'arm64' | 'arm' | 'il' | 'unknown';
  /** FileVersion of the version resource, or null. */
  readonly version: string | null;
  readonly kind: 'program' | 'module';
  /** IMAGE_SUBSYSTEM_WINDOWS_CUI. */
  readonly console: boolean;
}

export interface ModuleEntry {
  /** Of several builds: the one that it is in. */
  readonly build?: string;
  readonly name: string;
  readonly path: string | null;
  readonly sha256: string | null;
  readonly role: 'image' | 'specific' | 'generic' | 'run-time' | 'hosted';
  readonly found: boolean;
  /** Why it is specific or generic, in words. */
  readonly reason: string;
  /** The module whose import table named it first, or how it is loaded at run time. */
  readonly loadedBy?: string;
  /** File name of the program database that its functions' names come from, where symbols were given. */
  readonly symbols?: string;
  /** How many process-creation call sites it has; 0 where it was not read. */
  readonly sites: number;
  /** Why it was not analysed, where it was not ("no process-creation API and no program name"). */
  readonly skipped?: string;
}

export interface SiteEntry {
  /** Of several builds: the one that it is in. */
  readonly build?: string;
  readonly module: string;
  readonly site: Address;
  readonly sink: string;
  readonly via: SiteVia;
  /** Start of the function that holds the site, and its name where an export or symbols give one. */
  readonly function: Address;
  readonly functionName?: string;
  /** Call sites of that function, at most 16. */
  readonly callers: readonly Address[];
  /** Argument role ("application", "commandLine", "file", "verb", "parameters") to what is known of it, in words, one entry an alternative. */
  readonly arguments: Readonly<Record<string, readonly string[]>>;
}

/** Without which something is not started. */
export interface When {
  /** What the parent's own command line holds, all of these: the program does not come to the call without. */
  readonly parentArguments: readonly [ParentArgument, ...ParentArgument[]];
}

/** An argument of the parent. */
export interface ParentArgument {
  /** One of these texts stands in its command line, letter case aside. */
  readonly anyOf: readonly string[];
  /** The instructions that compare a part of the command line with them. */
  readonly comparedAt: readonly ComparedAt[];
}

export interface ComparedAt {
  /** Of several builds: the one that it is in. */
  readonly build?: string;
  readonly module: string;
  readonly address: Address;
}

export interface Child {
  /** File name in its own case, with extension: "cofire.exe". */
  readonly image: string;
  /** Path as the event shows it, with environment marks ("%windir%\\system32\\cofire.exe"), or null where only the name is known. */
  readonly path: string | null;
  /** Pattern of the command line, "*" where unknown, or null. */
  readonly commandLine: string | null;
  readonly confidence: Confidence;
  readonly reach: Reach;
  readonly through?: 'shell' | 'document';
  /** Where every way to start it that was found depends on the parent's arguments: on which. */
  readonly when?: When;
  /** Of several builds: those that have it. */
  readonly builds?: readonly string[];
  readonly evidence: readonly Evidence[];
}

export interface Evidence {
  /** Of several builds: the one that it is in. */
  readonly build?: string;
  readonly module: string;
  readonly sink: string;
  readonly site: Address;
  readonly function: Address;
  readonly reach: Reach;
  /** The function's name, from an export or symbols. */
  readonly name?: string;
  /** Without which arguments of the parent the program does not come here. */
  readonly when?: When;
  /** What the function's own texts hint at its name, with what that rests on: "by its strings: CReport::Start (at 0x140036cd0)". */
  readonly hint?: string;
  /** The steps from the literal to the sink, first to last. */
  readonly route: readonly RouteStep[];
  readonly literals: readonly Literal[];
  /** Where a registry value names the program: what it says. */
  readonly registry?: RegistryAnswer;
}

export interface RouteStep {
  readonly address: Address;
  /** One clause in words: "GetSystemDirectoryW gives the system directory". */
  readonly what: string;
  /** Of a blind spot: following the value ended here. */
  readonly stop?: true;
}

export interface Literal {
  readonly address: Address;
  readonly text: string;
  readonly encoding: 'utf-16' | 'ansi' | 'resource' | 'immediate';
}

export interface BlindSpot {
  /** Of several builds: the one that it is in. */
  readonly build?: string;
  readonly module: string;
  readonly sink: string;
  readonly site: Address;
  readonly reach: Reach;
  readonly reason: BlindSpotReason;
  /** What the program's name begins with, where that much is constant. */
  readonly begins?: string;
  /** For the reason `file`: the file, where its name is a constant. */
  readonly file?: string;
  /** For the reason `caller`: the exported function whose argument it is. */
  readonly export?: string;
  readonly registry?: readonly { readonly key: string; readonly value: string }[];
  /** For the reason `registry`, where a registry file was given that covers the place: what it says. The call stays a blind spot on any other host. */
  readonly answers?: readonly RegistryAnswer[];
  readonly detail: string;
  /** Without which arguments of the parent the program does not come here. */
  readonly when?: When;
  /** What was followed of the value that hides the name, in order up to the site; the step with `stop` is where it went no further. */
  readonly route?: readonly RouteStep[];
}

/** Open: a reached call starts whatever somebody outside the program's code names. Closed: what it starts can be listed, where it was followed. */
export type Verdict = OpenVerdict | ClosedVerdict;

export interface OpenVerdict {
  readonly kind: 'open';
  /** In words, for a sentence that begins with the program's name. */
  readonly reason: string;
  readonly sites: readonly [OpenSite, ...OpenSite[]];
}

export interface ClosedVerdict {
  readonly kind: 'closed';
  readonly reason: string;
  readonly sites: readonly [];
}

/** A call by which the program starts whatever it is told. */
export interface OpenSite {
  /** Of several builds: the one that it is in. */
  readonly build?: string;
  readonly module: string;
  readonly sink: string;
  readonly site: Address;
  readonly reason: BlindSpotReason;
  readonly detail: string;
  /** Without which arguments of the parent the program does not come here. */
  readonly when?: When;
}

export interface GenericChild {
  readonly image: string;
  readonly why: string;
}

export interface DocumentTarget {
  /** Of several builds: the one that it is in. */
  readonly build?: string;
  readonly target: string;
  readonly module: string;
  readonly site: Address;
  readonly sink: string;
  readonly reach?: Reach;
  /** What opens it, each with why: a registry or shortcut that was given says so, else what Windows usually has. */
  readonly openedBy?: readonly OpenedBy[];
  /** Where a host says which program opens it, as long as no registry that was given does. */
  readonly lookIn?: readonly LookIn[];
  /** Of a shortcut that was found in the folders: what it leads to, a step each. */
  readonly leadsTo?: readonly LedTo[];
}

export interface NamedString {
  /** Of several builds: the one that it is in. */
  readonly build?: string;
  readonly text: string;
  readonly module: string;
  readonly address: Address;
  /** Addresses of the instructions or pointers that refer to it, at most 16. */
  readonly referrers: readonly Address[];
  readonly why: string;
}

export type RuleLanguage =
  | 'eql'
  | 'elastic'
  | 'sigma'
  | 'defender'
  | 'sentinel'
  | 'splunk'
  | 'splunk-cim'
  | 'esql'
  | 'dsl'
  | 'lucene'
  | 'sysmon'
  | 'sql';

/** What a rule finds: a child that is none of those listed; or, of an open parent, a child outside the folders that only administrators write to; or a write to a registry value that adds a child. */
export type RuleKind = 'unlisted-child' | 'unprotected-child' | 'watched-registry';

export interface EmittedRule {
  readonly language: RuleLanguage;
  readonly kind: RuleKind;
  /** Why it is not the rule of unlisted children, in words: that one would be wrong. */
  readonly notWritten?: string;
  readonly text: string;
  /** What the rule lets pass, each with why. */
  readonly excluded: readonly ExcludedChild[];
  /** For who gets an alert: what it means, what to look at first, what would make it benign; at most three lines. */
  readonly triage?: readonly string[];
}

export interface ExcludedChild {
  readonly image: string;
  readonly by: 'path' | 'name' | 'command-line';
  readonly why: string;
}

/** A program that opens a document, address or shortcut. */
export interface OpenedBy {
  readonly image: string;
  /** With environment marks; null where only the name is known. */
  readonly path: string | null;
  /** Pattern of the command line, "*" where unknown, or null. */
  readonly commandLine: string | null;
  readonly confidence: Confidence;
  readonly why: string;
  /** registry: a file that was given says so. file: a shortcut that was given leads to it. fixed: every Windows has it so. usual: a Windows that nobody changed. */
  readonly by: 'registry' | 'file' | 'fixed' | 'usual';
  /** Who starts it, where that is not the program: then it is no child of it. */
  readonly parent?: string;
  readonly answers?: readonly RegistryAnswer[];
}

/** A place in the registry of a host. */
export interface LookIn {
  readonly key: string;
  readonly value: string;
  readonly why: string;
  /** What a registry that was given says, where that names no program. */
  readonly answers?: readonly RegistryAnswer[];
}

/** A step from a shortcut to what it leads to. */
export interface LedTo {
  /** The file that was read, by its path as given. */
  readonly file: string;
  /** What it leads to, or is: "C:\\Quay\\alpha.exe /run", "console with snap-ins {...}". */
  readonly target: string;
}

/** A call by which the program asks COM or the Windows Runtime for a class. */
export interface ClassEntry {
  /** Of several builds: the one that it is in. */
  readonly build?: string;
  readonly module: string;
  readonly site: Address;
  /** Start of the function that holds the call. */
  readonly function: Address;
  /** The function that is called: "CoCreateInstance". */
  readonly api: string;
  /** Absent where neither direct calls nor what was asked about call sites tells it; nothing more is read for it. */
  readonly reach?: Reach;
  /** CLSID in lower case, without braces; null where it is not told. */
  readonly classId: string | null;
  /** A ProgID that the call, or the one that made its class identifier, is given. */
  readonly progId?: string;
  /** The display name that is given to a moniker function: "Elevation:Administrator!new:{...}". */
  readonly moniker?: string;
  /** The class of the Windows Runtime: "Windows.System.Launcher". */
  readonly runtimeClass?: string;
  /** The contexts that are asked for: names of CLSCTX without their prefix; null where they are not told, or the function takes none. */
  readonly contexts: readonly string[] | null;
  /** The moniker asks for the class with elevated rights. */
  readonly elevated?: true;
  readonly detail: string;
  /** What the given registry or table says who serves the class. */
  readonly servers?: readonly ClassServer[];
}

/** What serves a class. */
export interface ClassServer {
  /** The hive, export or table that says so, by its name as given. */
  readonly source: string;
  /** in-process: a module that the program loads. local: a program. service: a service. surrogate: a module that dllhost.exe loads. */
  readonly kind: 'in-process' | 'local' | 'service' | 'surrogate';
  /** The module or program, as it is written there; of a service its name. */
  readonly path: string;
  readonly commandLine?: string;
  /** The process that starts it, as its command line; of an in-process server the program itself. */
  readonly parent: string;
  /** The registry key. */
  readonly key?: string;
  /** When the key was last written: ISO 8601, UTC. */
  readonly lastWritten?: string;
}

/** What a registry file that was given says of a place that the program reads. */
export interface RegistryAnswer {
  /** The file, by its name as given. */
  readonly source: string;
  /** Full path of the key in the file's own case; of a value that is not there, as the program names it. */
  readonly key: string;
  /** The value's name; '' is the default value. */
  readonly value: string;
  /** What stands in it, as text; null where the file holds the place and has no such value. */
  readonly data: string | null;
  /** When the key was last written, ISO 8601, UTC; only hives say so. */
  readonly lastWritten?: string;
  /** File name of the program that it names; null where it names none. */
  readonly image: string | null;
  readonly path: string | null;
  readonly commandLine: string | null;
  /** In words: why it names none, or with what doubt. */
  readonly detail?: string;
}

/** A registry value whose change adds a child of the program, or puts another in a child's place. */
export interface WatchedValue {
  /** Of several builds: the one that it is in. */
  readonly build?: string;
  /** Full path; "*" stands for what is not known of it, or for any name. */
  readonly key: string;
  /** '' is the default value, "*" any. */
  readonly value: string;
  /** In words, for a sentence that begins with the value. */
  readonly why: string;
  /** Of ATT&CK: "T1546.012". */
  readonly technique?: string;
  /** Where the program itself reads it; without, Windows does for it. */
  readonly module?: string;
  readonly site?: Address;
  /** What registry files that were given have there. */
  readonly answers?: readonly RegistryAnswer[];
}

/** A call that loads a module at run time; one entry for each name that it may be given. */
export interface LoadEntry {
  /** Of several builds: the one that it is in. */
  readonly build?: string;
  readonly module: string;
  readonly site: Address;
  /** Start of the function that holds the call. */
  readonly function: Address;
  /** The function that loads ("LoadLibraryExW"). */
  readonly api: string;
  /** Absent where what was asked about call sites does not tell it; nothing more is read for it. */
  readonly reach?: Reach;
  /** File name of the module, in the file's own case and with its extension, or null where it is not known. */
  readonly name: string | null;
  /** Why the name is not known, where it is not. */
  readonly reason?: BlindSpotReason;
  /** The values that hold the name, where the registry does. */
  readonly registry?: readonly { readonly key: string; readonly value: string }[];
  /** Where the name is the only one that the function holds, and its way to the call was not followed. */
  readonly assumed?: true;
  /** The flag with which the file is mapped as data, so that no code of it runs ("LOAD_LIBRARY_AS_DATAFILE"). */
  readonly asData?: string;
  /** In words: the text that names it, or what hides it. */
  readonly detail: string;
}
