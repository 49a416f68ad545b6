// The hand-written dossier of a technique, as it is read: primitives, the procedures that use them, what shows them, and labelled sessions.

import type { Condition, Position } from '../rule/condition.ts';

export const TECHNIQUE_SCHEMA = 'design.technique/1';

/** Who sets what a primitive does: nobody can do it otherwise, or the attacker chooses. */
export const CONTROLS = ['fixed', 'attacker_controlled'] as const;
export type Control = (typeof CONTROLS)[number];

/** Columns of Summiting the Pyramid for host events: application, user mode, kernel mode; for network traffic: payload, header. */
export const COLUMNS = ['A', 'U', 'K', 'P', 'H'] as const;
export type Column = (typeof COLUMNS)[number];

/** Levels of Summiting the Pyramid, from ephemeral values to the core of a technique. */
export const LEVELS = [1, 2, 3, 4, 5] as const;
export type Level = (typeof LEVELS)[number];

/** What stands at a place of a file; paths and ids in errors come from here. */
export interface Placed {
  readonly at: Position;
}

export interface Technique extends Placed {
  /** The file it was read from, as it was given. */
  readonly file: string;
  /** All that was read, with its keys in order: what two files that say the same share. */
  readonly canonical: string;
  readonly id: string;
  readonly name: string | undefined;
  readonly attack: Attack | undefined;
  readonly scopeNote: string | undefined;
  /** What an attacker who gets this far may do already ("user", "administrator", "system"): decides what guards an exclusion. */
  readonly attackerRights: string | undefined;
  readonly procedures: readonly Procedure[];
  readonly primitives: readonly Primitive[];
  readonly sessions: readonly Session[];
  /** Where the dossier's facts come from: addresses. */
  readonly references: readonly string[];
}

/** Of MITRE ATT&CK; the version is pinned here. */
export interface Attack extends Placed {
  readonly version: string | undefined;
  readonly technique: string | undefined;
  readonly detectionStrategy: string | undefined;
  readonly analytics: readonly string[];
}

/** One way to carry the technique out. */
export interface Procedure extends Placed {
  readonly id: string;
  readonly name: string | undefined;
  /** Ids of primitives. */
  readonly primitives: readonly string[];
  /** Atomic Red Team's tests of it: GUIDs, or "T1003.001 #1". */
  readonly atomic: readonly string[];
  /** Ids of sessions. */
  readonly sessions: readonly string[];
  readonly references: readonly string[];
}

export interface Primitive extends Placed {
  readonly id: string;
  readonly name: string | undefined;
  readonly control: Control;
  readonly varies: Varies | undefined;
  readonly observables: readonly Observable[];
}

/** What an attacker may choose. */
export interface Varies extends Placed {
  readonly field: string | undefined;
  /** What the published tool does unless told otherwise: a signature, never a detection. */
  readonly default: string | undefined;
  /** How many values are known; those that are listed. */
  readonly knownValues: number | readonly string[] | undefined;
  readonly openEnded: boolean;
}

/** What one data source records of a primitive. */
export interface Observable extends Placed {
  readonly id: string;
  /** ATT&CK's data component: "DC0035". */
  readonly dataComponent: string;
  readonly logSource: LogSourceName | undefined;
  readonly requiresFields: readonly string[];
  /** A Sigma selection, with `bits` beside Sigma's own modifiers. */
  readonly predicate: Predicate | undefined;
  readonly level: Level | undefined;
  readonly column: Column | undefined;
  /** What of the event the attacker must make true: a Sigma selection, or words ("bit 0x10 set") for each field. */
  readonly forced: readonly Forced[];
  /** Fields that an attacker may set at will; words behind the first say which part ("GrantedAccess other bits"). */
  readonly free: readonly string[];
  readonly context: Context;
}

/** As ATT&CK names a log source: "WinEventLog:Sysmon", "EventCode=10". */
export interface SourceName {
  readonly name: string | undefined;
  readonly channel: string | undefined;
}

export interface LogSourceName extends Placed, SourceName {}

export interface Predicate extends Placed {
  readonly condition: Condition;
  /** As it was written, in one line. */
  readonly text: string;
}

/** The part of one field that an attacker has to make true. */
export interface Forced extends Placed {
  readonly field: string;
  /** As it was written. */
  readonly text: string;
}

export interface Context {
  /** ATT&CK ids of other techniques that show the same. */
  readonly unrelatedTechniques: readonly string[];
  /** What decides between them: "the signer of SourceImage". */
  readonly enrichment: readonly string[];
}

/** A recorded session, of an attack or of none. */
export interface Session extends Placed {
  readonly id: string;
  /** A log, beside the dossier or in the folder that a run names. */
  readonly path: string;
  readonly label: 'attack' | 'benign';
  readonly window: SessionWindow | undefined;
  /** Which of its events are the attack's: by its tool, never by what is to be tested. */
  readonly attackEvents: Predicate | undefined;
}

/** Times in ISO 8601, UTC. */
export interface SessionWindow {
  readonly from: string | undefined;
  readonly to: string | undefined;
}
