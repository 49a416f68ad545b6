// Step B: which primitives every procedure needs, and which of these claims a labelled session breaks.

import type { Evidence } from '../document.ts';
import type { Primitive, Technique } from '../technique.ts';

/** What labelled attack sessions show of one observable; sessions by their ids. */
export interface SessionsSeen {
  /** Sessions with telemetry of its log source. */
  readonly telemetry: ReadonlySet<string>;
  /** Sessions that show it. */
  readonly hit: ReadonlySet<string>;
}

/** By observable; empty where no session was read. */
export type SessionEvidence = ReadonlyMap<string, SessionsSeen>;

export interface Necessity {
  readonly isNecessary: boolean;
  readonly isRefuted: boolean;
  readonly evidence: Evidence;
}

/** Necessary is what is in every procedure; refuted, what a session labelled attack has the telemetry for and does not show. */
export function necessityOf(primitive: Primitive, technique: Technique, sessions: SessionEvidence): Necessity {
  const procedures = technique.procedures.filter((one) => one.primitives.includes(primitive.id)).map(({ id }) => id);
  const isNecessary = procedures.length === technique.procedures.length;
  const attacks = technique.sessions.filter(({ label }) => label === 'attack').map(({ id }) => id);
  const seen = primitive.observables.flatMap(({ id }) => sessions.get(id) ?? []);
  const told = seen.length === 0 ? [] : attacks;
  const hit = told.filter((id) => seen.some((one) => one.hit.has(id)));
  const able = told.filter((id) => seen.some((one) => one.telemetry.has(id) || one.hit.has(id)));
  const broken = able.filter((id) => !hit.includes(id));
  return {
    isNecessary,
    isRefuted: isNecessary && broken.length > 0,
    evidence: {
      procedures,
      sessions_hit: hit,
      sessions_total: able.length,
      broken_by: broken,
      cannot_tell: told.filter((id) => !able.includes(id)),
    },
  };
}
