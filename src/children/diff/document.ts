// The JSON document of `winnow children diff` (schema winnow.children-diff/1): what came, went and moved between two builds of a program.
import type { Note } from '../../errors.ts';
import type { Address, BlindSpotReason, Confidence, ParentImage, RuleKind, RuleLanguage } from '../document.ts';

export const CHILDREN_DIFF_SCHEMA = 'winnow.children-diff/1';

/**
 * came, went: only the new build has it, only the old one. moved: both have it, at another address, in another function or module; what else is
 * not the same is named in `differs`. changed: at the same place, but not the same.
 */
export type Change = 'came' | 'went' | 'moved' | 'changed';

export interface ChildrenDiff {
  readonly schema: typeof CHILDREN_DIFF_SCHEMA;
  readonly old: DiffSide;
  readonly new: DiffSide;
  /** Builds, by name, that only one of two documents of several builds has. */
  readonly builds: readonly BuildDifference[];
  readonly modules: readonly ModuleDifference[];
  readonly children: readonly ChildDifference[];
  readonly sites: readonly SiteDifference[];
  readonly blindSpots: readonly BlindSpotDifference[];
  /** Documents and addresses that are opened. */
  readonly documents: readonly NamedDifference[];
  /** Modules that are loaded at run time; absent where no document has a list of them. */
  readonly loads?: readonly NamedDifference[];
  /** COM classes that are created; absent where no document has a list of them. */
  readonly classes?: readonly NamedDifference[];
  readonly verdict: VerdictDifference;
  readonly rule: RuleDifference | null;
  /** How many are the same in both, or have only moved. */
  readonly counts: Readonly<Record<CountedList, DiffCounts>>;
  readonly notes: readonly Note[];
}

export type CountedList = 'children' | 'sites' | 'blindSpots' | 'documents' | 'loads' | 'classes';

export interface DiffCounts {
  /** At the same place, and the same. */
  readonly same: number;
  readonly moved: number;
  readonly changed: number;
  readonly came: number;
  readonly went: number;
}

/** One of the two: a file that was analysed, or the document of one. */
export interface DiffSide {
  readonly image: ParentImage;
  /** Where it is the document of several builds: their names. */
  readonly builds?: readonly string[];
}

export interface BuildDifference {
  readonly change: 'came' | 'went';
  readonly name: string;
}

export interface ModuleDifference {
  readonly change: 'came' | 'went' | 'changed';
  readonly name: string;
  /** Of several builds: the one that it is in. */
  readonly build?: string;
  readonly old?: ModuleState;
  readonly new?: ModuleState;
}

export interface ModuleState {
  readonly role: string;
  readonly found: boolean;
}

/** A place in a module. */
export interface Place {
  /** Of several builds: the one that it is in. */
  readonly build?: string;
  readonly module: string;
  readonly site: Address;
  /** Start of the function, where the document has it. */
  readonly function?: Address;
}

export interface ChildDifference {
  readonly change: Change;
  readonly image: string;
  readonly through?: 'shell' | 'document';
  /** What is not the same: "path", "command line", "confidence", "reach", "parent arguments", "starts". */
  readonly differs: readonly string[];
  readonly old?: ChildState;
  readonly new?: ChildState;
  /** Where `differs` names the command line: words of it that stand in one of the two files only, at calls that start nothing else. */
  readonly words?: { readonly came: readonly string[]; readonly went: readonly string[] };
  /** The calls that start it. */
  readonly starts: readonly StartDifference[];
}

export interface ChildState {
  readonly path: string | null;
  readonly commandLine: string | null;
  readonly confidence: Confidence;
  readonly reach: string;
  /** Without which arguments of the parent it is not started: one of each list. */
  readonly when?: NeededArguments;
}

export interface StartDifference {
  /** `same`: at the same place. */
  readonly change: 'came' | 'went' | 'moved' | 'same';
  readonly sink: string;
  readonly old?: Place;
  readonly new?: Place;
}

export interface SiteDifference {
  readonly change: Change;
  readonly sink: string;
  /** What is not the same: "sink", "module", "function name", "via", or the role of an argument. */
  readonly differs: readonly string[];
  readonly old?: SiteState;
  readonly new?: SiteState;
}

export interface SiteState extends Place {
  readonly sink: string;
  readonly functionName?: string;
  /** Argument role to what is known of it, in words. */
  readonly arguments: Readonly<Record<string, readonly string[]>>;
}

/** A call whose program the file does not name, with all that is hidden at it. */
export interface BlindSpotDifference {
  readonly change: Change;
  readonly sink: string;
  readonly old?: Place;
  readonly new?: Place;
  /** What hides the name in both. */
  readonly stayed: readonly HiddenBy[];
  readonly came: readonly HiddenBy[];
  readonly went: readonly HiddenBy[];
  /** Where the program comes there by other arguments of its own command line: by which, one of each list; null for by any. */
  readonly when?: { readonly old: NeededArguments | null; readonly new: NeededArguments | null };
}

export type NeededArguments = readonly (readonly string[])[];

export interface HiddenBy {
  readonly reason: BlindSpotReason;
  readonly registry?: readonly { readonly key: string; readonly value: string }[];
  /** The file or the exported function, where the document names one. */
  readonly source?: string;
  readonly detail: string;
}

/** Something that has a name and stands at a call: a document, a module that is loaded, a class. */
export interface NamedDifference {
  readonly change: Change;
  /** What it is; null where the document does not know. */
  readonly name: string | null;
  /** The function that is called. */
  readonly call: string;
  readonly old?: Place;
  readonly new?: Place;
}

export interface VerdictDifference {
  readonly old: 'open' | 'closed';
  readonly new: 'open' | 'closed';
  /** Why the new one is what it is; only where they are not alike. */
  readonly reason?: string;
}

export interface RuleDifference {
  readonly old: RuleKind;
  readonly new: RuleKind;
  /** What the rule of the new build lets pass and that of the old one does not. */
  readonly passes: readonly PassDifference[];
  readonly noLongerPasses: readonly PassDifference[];
  /** In each language that was asked for: the query of what passes now and did not, and of what does no longer; null where there is none. */
  readonly queries: readonly RuleQueries[];
}

export interface PassDifference {
  readonly image: string;
  readonly by: 'path' | 'name' | 'command-line';
  /** What passes, in words. */
  readonly about: string;
  /** What the other rule lets pass of a program of this name, in words; absent where nothing. */
  readonly beside?: string;
  readonly why: string;
}

export interface RuleQueries {
  readonly language: RuleLanguage;
  readonly passes: string | null;
  readonly noLongerPasses: string | null;
}
