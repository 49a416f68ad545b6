// KQL read and typed by Microsoft's own parser (npm @kusto/language-service-next), over the columns that the taxonomy knows.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../src/errors.ts';
import { languages } from '../../src/rule/emit/index.ts';
import { readSigma } from '../../src/rule/read/sigma.ts';
import { columnType } from '../../src/rule/taxonomy/column-types.ts';
import { type Column, columnNames, type EventKind, type TaxonomyId } from '../../src/rule/taxonomy/event-kind.ts';
import { EVENT_KINDS } from '../../src/rule/taxonomy/event-kinds.ts';
import { SECURITY_EVENT_COLUMNS } from '../../src/rule/taxonomy/security-event-columns.ts';
import { SECURITY_KINDS } from '../../src/rule/taxonomy/security-kinds.ts';

interface Diagnostics {
  readonly Count: number;
  getItem(index: number): { readonly Message: string };
}
interface Kusto {
  readonly KustoCode: { ParseAndAnalyze(text: string, globals: unknown): { GetDiagnostics(): Diagnostics } };
  readonly GlobalState: { readonly Default: { WithDatabase(database: unknown): unknown } };
  readonly Symbols: {
    readonly TableSymbol: { From(schema: string): { WithName(name: string): unknown } };
    readonly DatabaseSymbol: { readonly ctor: new (name: string, tables: readonly unknown[]) => unknown };
  };
}

function loadKusto(): Kusto | null {
  const require = createRequire(import.meta.url);
  try {
    require('@kusto/language-service-next/bridge.min.js');
    require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  } catch {
    console.log('skipped: KQL is not parsed, because @kusto/language-service-next is not installed');
    return null;
  }
  return (globalThis as unknown as { Kusto: { Language: Kusto } }).Kusto.Language;
}

function namesOf(column: Column | undefined): readonly string[] {
  return column === undefined ? [] : columnNames(column);
}

/** Of each table, the columns of the kinds that are in it. */
function tablesOf(kinds: readonly EventKind[], taxonomy: TaxonomyId): ReadonlyMap<string, ReadonlySet<string>> {
  const tables = new Map<string, Set<string>>();
  for (const { places, rows } of kinds) {
    const place = places[taxonomy];
    if (!place) continue;
    const columns = tables.get(place.name ?? 'SecurityEvent') ?? new Set();
    for (const name of [...Object.keys(place.has), ...rows.flatMap((row) => namesOf(row[taxonomy]))]) columns.add(name);
    if (place.computed) for (const name of ['RegistryKey', 'RegistryValueName', 'AdditionalFields']) columns.add(name);
    for (const name of Object.keys(place.computed ?? {})) columns.delete(name);
    tables.set(place.name ?? 'SecurityEvent', columns);
  }
  return tables;
}

const kusto = loadKusto();

describe.skipIf(kusto === null)('Microsoft parses and types', () => {
  const schema = (columns: Iterable<string>, taxonomy: TaxonomyId): string =>
    `(${[...columns].map((name) => `${name}: ${columnType(taxonomy, name) === 'number' ? 'long' : 'string'}`).join(', ')})`;
  const kinds = [...EVENT_KINDS, ...SECURITY_KINDS];

  /** What the parser has against a text. */
  function problems(text: string, taxonomy: TaxonomyId): readonly string[] {
    const { Symbols, GlobalState, KustoCode } = kusto!;
    const tables = [...tablesOf(kinds, taxonomy)].map(([name, columns]) => {
      const all =
        taxonomy === 'windows' ? new Set([...columns, ...SECURITY_EVENT_COLUMNS, 'EventSourceName']) : columns;
      return Symbols.TableSymbol.From(schema(new Set([...all, 'DeviceName']), taxonomy)).WithName(name);
    });
    const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('db', tables));
    const found = KustoCode.ParseAndAnalyze(text, globals).GetDiagnostics();
    return Array.from({ length: found.Count }, (_, index) => found.getItem(index).Message);
  }

  it('finds fault with what is wrong', () => {
    expect(problems('DeviceNetworkEvents | where RemotePort endswith "a"', 'mde')).toHaveLength(1);
    expect(problems('DeviceNetworkEvents | where Nothing == 1', 'mde')).toHaveLength(1);
  });

  const folder = new URL('../../fixtures/rules/', import.meta.url);
  const rules = readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .flatMap((name) => readSigma(readFileSync(new URL(name, folder), 'utf8')).rules);

  for (const [language, taxonomy] of [
    ['defender', 'mde'],
    ['sentinel', 'windows'],
  ] as const) {
    it(`${language}: every example that it can say`, () => {
      let written = 0;
      for (const rule of rules) {
        try {
          const text = languages[language].emit(rule);
          written++;
          expect(problems(text, taxonomy), text).toEqual([]);
        } catch (error) {
          if (!(error instanceof UnsupportedError)) throw error;
        }
      }
      expect(written).toBeGreaterThan(0);
    });
  }

  it('every test of a value', () => {
    const detection = `title: t
logsource: {product: windows, service: security}
detection:
  a:
    EventID: [4624, 4625]
    TargetUserName|cased: ['A', 'B*', '*C', '*D*', 'E*F']
    TargetDomainName|re|i: '^x.y'
    LogonType: '3'
    IpAddress|cidr: ['10.0.0.0/8', 'fe80::/10']
    SubjectUserName|fieldref: TargetUserName
    WorkstationName|fieldref|startswith: TargetUserName
    KeyLength|gte: 12
    IpPort|lt: 1024
    Status: null
    SubStatus|exists: true
    ElevatedToken: true
    PasswordLastSet|hour: 3
    ProcessName: ['Ä*', 'a*b?c']
  k: ['some words']
  condition: a and k and not a
`;
    const [rule] = readSigma(detection).rules;
    expect(problems(languages.sentinel.emit(rule), 'windows')).toEqual([]);
  });
});
