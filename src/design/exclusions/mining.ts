// What mining of exclusions takes and gives: hits that are noise, hits that are attacks, and the list of exclusions with its proofs.

import type { Row } from '../../history/question.ts';
import type { Condition } from '../../rule/condition.ts';
import type { ExclusionClass, ExclusionEntry } from '../document.ts';
import type { Observable, Predicate, Session } from '../technique.ts';

/** A hit that a session's `attack_events` chose. */
export interface AttackRow extends Row {
  /** The session's id. */
  readonly session: string;
}

/** Somebody looked at an exclusion and answers for it until a day. */
export interface Acceptance {
  readonly predicate: Predicate;
  readonly owner: string;
  /** The last day on which it holds, "2027-01-31". */
  readonly expiry: string;
  /** Events a day that it covered when it was reviewed; undefined where nobody counted. */
  readonly reviewedPerDay?: number;
  /** Why it was accepted, and where that is written down. */
  readonly reason?: string;
  readonly ticket?: string;
}

export interface MiningInput {
  readonly observable: Observable;
  /** Hits that no session marks as an attack's: the noise. */
  readonly benign: readonly Row[];
  readonly attacks: readonly AttackRow[];
  /** Whose `attack_events` chose `attacks`: labels that test what the observable tests are refused. */
  readonly sessions?: readonly Session[];
  /** The dossier's: "user", "administrator", "system". Where it is undefined no exclusion is called guarded. */
  readonly attackerRights: string | undefined;
  /** Hits that may be left over all rows. */
  readonly budget: number;
  readonly acceptances: readonly Acceptance[];
  /** Who answers for free exclusions that are found here, and until when; without, none is proposed. */
  readonly answers?: { readonly owner: string; readonly expiry: string };
  /** ISO date, "2026-11-28": acceptances that ended before it do not hold. */
  readonly today: string;
  /** Days that the rows are of; undefined where a rate would be no figure. */
  readonly days?: number;
  readonly options?: MiningOptions;
}

export interface MiningOptions {
  /** What a class costs, times 0 (forced), 1 (guarded) or 2 (free). */
  readonly lambda?: number;
  /** Exclusions in the list at most. */
  readonly most?: number;
}

export interface MinedExclusion {
  readonly entry: ExclusionEntry;
  /** What is let pass. */
  readonly condition: Condition;
  /** Benign events that it covers, whatever stands before it in the list. */
  readonly hits: number;
  /** Summiting the Pyramid's level of its weakest way to be satisfied; null of a forced one, which takes nothing away. */
  readonly level: 1 | 2 | 3 | null;
}

/** A free exclusion that was found and is not proposed: nobody answers for it. */
export interface HeldBack {
  readonly predicate: string;
  readonly covers: number;
  readonly abuse: string;
}

export interface Mined {
  /** As they stand in the document, in the order in which they were chosen. */
  readonly entries: readonly ExclusionEntry[];
  readonly exclusions: readonly MinedExclusion[];
  /** Any of the exclusions; undefined where there are none. A rule is its condition and not this. */
  readonly condition: Condition | undefined;
  readonly residual: {
    readonly benign: number;
    readonly excluded: number;
    readonly left: number;
    readonly isWithinBudget: boolean;
  };
  /** Of the whole list. */
  readonly replay: { readonly evadable: number; readonly attack_events: number };
  readonly attack: {
    /** Labelled events that do the primitive: what must never be hidden. */
    readonly events: number;
    readonly sessions: readonly string[];
    /** Labelled events in which the tool does not do what the dossier calls forced: hidden by forced exclusions at most. */
    readonly beside: number;
  };
  /** Tests that the dossier's forced parts came to, in words. */
  readonly forced: readonly string[];
  /** Acceptances that were not taken, or cover more than they were reviewed for. */
  readonly flags: readonly { readonly predicate: string; readonly problem: string }[];
  readonly heldBack: readonly HeldBack[];
  readonly notes: readonly string[];
}

export const CLASS_RANK: Readonly<Record<ExclusionClass, number>> = { free: 0, guarded: 1, forced: 2 };
