// The document of a hunt, schema winnow.hunt/1: what was found, and what could not be looked for.

export const HUNT_SCHEMA = 'winnow.hunt/1';

export interface HuntDocument {
  readonly schema: typeof HUNT_SCHEMA;
  /** In the order of the events. */
  readonly hits: readonly Hit[];
  readonly notLoaded: readonly NotLoaded[];
  /** Rules that nothing in these logs can fulfil. */
  readonly neverMatch: readonly NeverMatch[];
  readonly counts: {
    readonly events: number;
    readonly rules: number;
    readonly hits: number;
    /** Records, lines and inputs that could not be read. */
    readonly unreadable: number;
    /** Events that rules over several events did not get, since too many waited; only where there are such. */
    readonly leftOut?: number;
    /** Events without a time that can be read, which sequences and correlations did not get though a rule wanted them; only where there are such. */
    readonly untimed?: number;
  };
}

export interface Hit {
  readonly rule: RuleName;
  /** One, or those of a sequence, sample or count: in the order of the steps. */
  readonly events: readonly HitEvent[];
  /** What the events have in common, where a rule asks for that. */
  readonly key?: readonly (string | number | boolean | null)[];
  readonly matched: readonly { readonly field: string; readonly value: string }[];
}

export interface RuleName {
  readonly file: string;
  readonly id: string | null;
  readonly title: string;
  readonly level: string | null;
}

export interface HitEvent {
  /** The log; a member of an archive behind "!". */
  readonly source: string;
  /** EVTX: the record's number. JSON lines and CSV: the line, blank ones not counted. A JSON array and XML: the event. From 1. */
  readonly record: number | string;
  /** As the log has it, or null. */
  readonly time: string | null;
  readonly host: string | null;
}

export interface NotLoaded {
  readonly file: string;
  readonly reason: string;
  readonly line: number | null;
  readonly column: number | null;
}

export interface NeverMatch {
  readonly rule: RuleName;
  readonly reason: string;
}
