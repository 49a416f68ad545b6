// The document of `winnow design lint` (schema winnow.design-lint/1).

import type { DossierFinding } from './finding.ts';

export const LINT_SCHEMA = 'winnow.design-lint/1';

export interface DesignLintDocument {
  readonly schema: typeof LINT_SCHEMA;
  readonly findings: readonly {
    readonly kind: string;
    readonly file: string;
    readonly line: number;
    readonly column: number;
    /** Its id. */
    readonly dossier: string;
    /** The id of the part that it is about; the dossier's own where it is about all of it. */
    readonly about: string;
    readonly message: string;
    readonly mend: string;
  }[];
  readonly counts: {
    readonly techniques: number;
    readonly environments: number;
    /** Of each kind that was found. */
    readonly kinds: Readonly<Record<string, number>>;
  };
}

export function lintDocument(
  findings: readonly DossierFinding[],
  techniques: number,
  environments: number,
): DesignLintDocument {
  const kinds: Record<string, number> = {};
  for (const { kind } of findings) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return {
    schema: LINT_SCHEMA,
    findings: findings.map(({ at, ...rest }) => ({ ...rest, line: at.line, column: at.column })),
    counts: { techniques, environments, kinds },
  };
}
