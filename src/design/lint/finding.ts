// What lint finds in a dossier: the shape of a finding, and that of a row of the table of all kinds.

import type { Position } from '../../rule/condition.ts';
import type { AttackFacts } from '../attack/attack-facts.ts';
import type { Environment } from '../environment.ts';
import type { Technique } from '../technique.ts';

/** One thing that is to be mended or decided. */
export interface DossierFinding {
  readonly kind: string;
  readonly file: string;
  /** The id of the technique's or environment's dossier. */
  readonly dossier: string;
  /** The id of the part that it is about; the dossier's own where it is about all of it. */
  readonly about: string;
  readonly at: Position;
  /** What is wrong, one line. */
  readonly message: string;
  /** How to mend it, one line. */
  readonly mend: string;
}

/** What a row finds in a dossier. */
export interface Hit {
  readonly about: string;
  readonly at: Position;
  readonly message: string;
}

/** What a row may look at beside the dossier. */
export interface LintContext {
  /** The version that the dossier is pinned to; the newest where it names none, or one that is not known. */
  readonly facts: AttackFacts;
  /** The version that is named is one of the table. */
  readonly pinned: boolean;
  /** For how many ids and names that are wrong the nearest is looked for yet, in all dossiers. */
  readonly effort: { left: number };
  /** Of each dossier's and each observable's id, the dossiers that are read together and have it. */
  readonly owners: ReadonlyMap<string, readonly Technique[]>;
}

/** One kind of finding. */
export interface FindingRow {
  readonly kind: string;
  /** What it says, for the table in docs/design-lint.md. */
  readonly what: string;
  readonly mend: string;
  readonly inTechnique?: (technique: Technique, context: LintContext) => readonly Hit[];
  readonly inEnvironment?: (environment: Environment, context: LintContext) => readonly Hit[];
}
