// The document of `winnow accounts coverage`, schema winnow.accounts-coverage/1: the coverage of winnow.accounts/1 by itself.

import type { AccountsDocument, LayerCoverage } from './document.ts';

export const ACCOUNTS_COVERAGE_SCHEMA = 'winnow.accounts-coverage/1';

export interface AccountsCoverageDocument {
  readonly schema: typeof ACCOUNTS_COVERAGE_SCHEMA;
  readonly coverage: readonly LayerCoverage[];
  readonly counts: AccountsDocument['counts'];
}

export function coverageDocument({ coverage, counts }: AccountsDocument): AccountsCoverageDocument {
  return { schema: ACCOUNTS_COVERAGE_SCHEMA, coverage, counts };
}
