// The JSON document of `winnow children --baseline` (schema winnow.reality/1): an answer held against process-creation events.
import type { EventPlace } from '../../logs/event.ts';

/** As the children document has them. */
type Address = string;
type Confidence = 'proven' | 'likely' | 'possible';

export const REALITY_SCHEMA = 'winnow.reality/1';

/**
 * explained: the answer lists the child, or has a call that starts whatever it is told. named: the answer does not list it, but something is known
 * that starts it, with its evidence. unexplained: neither.
 */
export type Share = 'explained' | 'named' | 'unexplained';

/** Why a child was seen, the likely reason where the answer does not list it. */
export type SeenReason =
  /** The answer lists it. */
  | 'child'
  /** Windows starts it on any process's behalf. */
  | 'generic'
  /** Who uses the program, or gives it a script or a file, chose it. */
  | 'users-choice'
  /** It opens a document or an address. */
  | 'document'
  /** A value of the registry names it. */
  | 'registry'
  /** Code of a module that is no part of the answer. */
  | 'plug-in'
  /** COM starts a server, or runs one in the process. */
  | 'com'
  /** A service, or what a service host runs. */
  | 'service'
  /** Another process had started a thread in it. */
  | 'injected'
  /** A call whose argument was not followed to the end. */
  | 'not-followed'
  /** Code of the program, or of one of its modules, that was not read. */
  | 'not-read'
  /** Nothing that is known fits. */
  | 'none';

/** What shows a reason. One of the fields behind `what` says where to look. */
export interface RealityEvidence {
  /** One clause in words. */
  readonly what: string;
  /** Of several builds: the one that it is in. */
  readonly build?: string;
  readonly module?: string;
  readonly site?: Address;
  readonly key?: string;
  readonly value?: string;
  /** CLSID or AppID, with braces, in lower case. */
  readonly classId?: string;
  readonly service?: string;
  readonly record?: EventPlace;
}

/** Starts of one child for one reason. */
export interface SeenChild {
  /** File name as the first event has it. */
  readonly image: string;
  readonly share: Share;
  readonly reason: SeenReason;
  /** shown: the events or the answer tie this child to the evidence. possible: nothing contradicts it. Absent of what is unexplained. */
  readonly fit?: 'shown' | 'possible';
  /** Where the answer lists it. */
  readonly confidence?: Confidence;
  /** How many events. */
  readonly events: number;
  /** How many hosts, and their names, at most 16. */
  readonly hostCount: number;
  readonly hosts: readonly string[];
  /** Times in UTC, to the millisecond; null where no event of it has one that can be read. */
  readonly first: string | null;
  readonly last: string | null;
  /** Where the first events stand, at most 8. */
  readonly records: readonly EventPlace[];
  /** Paths that it was started from, at most 8. */
  readonly paths: readonly string[];
  /** The first command lines, at most 3, each cut at 400 characters. */
  readonly commandLines: readonly string[];
  readonly evidence: readonly RealityEvidence[];
}

/** Why the parent field of an event names no program. */
export type OddParent =
  /** It is missing, empty or "-". */
  | 'no-name'
  /** It is a security identifier. */
  | 'sid'
  /** It is a name without folder and without a program's extension, as services have. */
  | 'service-name'
  /** It is a process of the kernel, which has no image: System, Registry ... */
  | 'kernel';

/** Events of one odd parent field, which are set apart before anything is concluded. */
export interface SetApart {
  readonly kind: OddParent;
  /** What stands in the field; empty where it is missing. */
  readonly text: string;
  readonly events: number;
  /** Of them, those whose parent an earlier event of the same host names; they count as events of that program. */
  readonly joined: number;
  readonly hosts: readonly string[];
  readonly first: string | null;
  readonly last: string | null;
  readonly records: readonly EventPlace[];
}

export interface UnseenChild {
  readonly image: string;
  readonly path: string | null;
  readonly confidence: Confidence;
}

/** Always: all = ofParent + ofOthers + setApart + notKept, and ofParent = explained + named + unexplained. */
export interface RealityCounts {
  /** Process-creation events that were read. */
  readonly all: number;
  /** Of them, those whose parent is the program, by its own field or joined. */
  readonly ofParent: number;
  readonly ofOthers: number;
  /** Those whose parent is not known. */
  readonly setApart: number;
  /** Past the number of events that are held at a time: counted only. */
  readonly notKept: number;
  /** Among ofParent: those whose parent field named no program, and another event did. */
  readonly joined: number;
  readonly explained: number;
  readonly named: number;
  readonly unexplained: number;
}

export interface RealityDocument {
  readonly schema: typeof REALITY_SCHEMA;
  /** File name of the program whose children were looked for. */
  readonly parent: string;
  /** The paths that it ran from, at most 16, with how many events. */
  readonly parentPaths: readonly { readonly path: string; readonly events: number }[];
  /** By kind of event: "Sysmon 1", "Security 4688", "ECS". */
  readonly sources: readonly { readonly source: string; readonly events: number }[];
  readonly hostCount: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly counts: RealityCounts;
  readonly setApart: readonly SetApart[];
  readonly seen: readonly SeenChild[];
  /** Children of the answer that no event shows. */
  readonly neverSeen: readonly UnseenChild[];
}
