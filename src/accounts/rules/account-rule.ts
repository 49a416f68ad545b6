// A rule of the accounts mission: a row of the table, and the rule that every language is written from.

import { and, type Condition, named, not } from '../../rule/condition.ts';
import type { LogSource } from '../../rule/log-source.ts';
import { eventQuery } from '../../rule/query.ts';
import { readSelection } from '../../rule/read/selection.ts';
import { NOTHING_SAID, type Rule, type Severity, type Threat } from '../../rule/rule.ts';
import { uuidV5 } from '../../rule/uuid-v5.ts';
import type { ChangeKind, LayerId } from '../document.ts';

/** Of the identifiers of account rules; the name within it is the row's. */
const NAMESPACE = 'c7f4a7c0-2b4e-4c64-9d0a-6b8b1a0f5e21';

/** Where an observable stands in MITRE CTID's Summiting the Pyramid: 1 (a value that changes at will) to 5 (core to the technique); recorded by the application, in user mode or by the kernel. */
export interface Resilience {
  readonly level: 1 | 2 | 3 | 4 | 5;
  readonly column: 'A' | 'U' | 'K';
  readonly why: string;
}

export interface AccountRule {
  /** The file's name, and what the identifier is made of: it stays as it is. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly layer: LayerId;
  /** Changes that it finds; none of what is activity and no change. */
  readonly kinds: readonly ChangeKind[];
  readonly logSource: LogSource;
  /** Selections in Sigma's form, all of which must hold, by their names. */
  readonly select: Readonly<Record<string, string>>;
  /** Selections of which none may hold. */
  readonly but?: Readonly<Record<string, string>>;
  readonly severity: Severity;
  readonly threats: readonly Threat[];
  readonly falsePositives: readonly string[];
  readonly resilience: Resilience;
  readonly evasions: readonly string[];
}

/** The row as a rule in Sigma's names. */
export function ruleOf(row: AccountRule): Rule {
  const part = (name: string, text: string): Condition =>
    named(`${name}`, text.trim().replaceAll(/\s*\n\s*/g, '; '), [], readSelection(text));
  const selected = Object.entries(row.select).map(([name, text]) => part(`selection_${name}`, text));
  const excluded = Object.entries(row.but ?? {}).map(([name, text]) => not(part(`filter_main_${name}`, text)));
  const { level, column, why } = row.resilience;
  return {
    ...NOTHING_SAID,
    id: uuidV5(NAMESPACE, row.name),
    title: row.title,
    description: row.about,
    status: 'experimental',
    severity: row.severity,
    authors: ['Winnow'],
    falsePositives: row.falsePositives,
    threats: row.threats,
    logSource: row.logSource,
    taxonomy: 'sysmon',
    query: eventQuery(and(...selected, ...excluded)),
    notes: [
      { heading: 'Resilience', lines: [`Summiting the Pyramid: level ${level}${column}. ${why}`] },
      { heading: 'Known evasions', lines: row.evasions },
    ],
  };
}
