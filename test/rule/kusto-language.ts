// Microsoft's own parser of KQL (npm @kusto/language-service-next), for tests that have queries read and typed.
import { createRequire } from 'node:module';

interface Diagnostics {
  readonly Count: number;
  getItem(index: number): { readonly Message: string };
}
export interface Kusto {
  readonly KustoCode: { ParseAndAnalyze(text: string, globals: unknown): { GetDiagnostics(): Diagnostics } };
  readonly GlobalState: { readonly Default: { WithDatabase(database: unknown): unknown } };
  readonly Symbols: {
    readonly TableSymbol: { From(schema: string): { WithName(name: string): unknown } };
    readonly DatabaseSymbol: { readonly ctor: new (name: string, tables: readonly unknown[]) => unknown };
  };
}

/** Null where the package is not installed. */
export function loadKusto(): Kusto | null {
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

const KUSTO_TYPES: Readonly<Record<string, string>> = {
  text: 'string',
  number: 'long',
  time: 'datetime',
  boolean: 'bool',
  dynamic: 'dynamic',
};

/** A table's columns, by type the names, as Kusto writes them. */
export function schemaOf(columns: Readonly<Record<string, string>>): string {
  const all = Object.entries(columns).flatMap(([type, names]) =>
    names.split(/\s+/).map((name) => `${name}: ${KUSTO_TYPES[type]}`),
  );
  return `(${all.join(', ')})`;
}
