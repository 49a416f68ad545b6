// KQL read and typed by Microsoft's own parser (npm @kusto/language-service-next), over the columns that Microsoft's reference lists.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../src/errors.ts';
import { languages } from '../../src/rule/emit/index.ts';
import { readSigma } from '../../src/rule/read/sigma.ts';
import type { TaxonomyId } from '../../src/rule/taxonomy/event-kind.ts';
import { loadKusto, schemaOf } from './kusto-language.ts';
import { DEFENDER_TABLES, SECURITY_EVENT } from './vendor-columns.ts';

const kusto = loadKusto();

describe.skipIf(kusto === null)('Microsoft parses and types', () => {
  /** What the parser has against a text. */
  function problems(text: string, taxonomy: TaxonomyId): readonly string[] {
    const { Symbols, GlobalState, KustoCode } = kusto!;
    const known =
      taxonomy === 'mde'
        ? DEFENDER_TABLES
        : // Not in Microsoft's reference, but in its rules and templates.
          {
            SecurityEvent: {
              ...SECURITY_EVENT,
              text: `${SECURITY_EVENT.text} AccessList AccessReason ImpersonationLevel`,
            },
          };
    const tables = Object.entries(known).map(([name, columns]) =>
      Symbols.TableSymbol.From(schemaOf(columns)).WithName(name),
    );
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
