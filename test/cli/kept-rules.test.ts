// Rules that were kept are the rules that were read, whatever is in them; what is cut off is not taken for all.
import { describe, expect, it } from 'vitest';
import { keptText, type LoadedRules, readKept } from '../../src/cli/kept-rules.ts';
import { readSigma } from '../../src/rule/read/sigma.ts';

function loaded(...values: readonly string[]): LoadedRules {
  const text = (value: string): string => `
title: one
logsource: { product: windows, category: process_creation }
detection:
  selection: { ${value} }
  condition: selection`;
  const rules = values.flatMap((value) => readSigma(text(value)).rules.map((rule) => ({ file: 'a\nb.yml', rule })));
  return { rules, notLoaded: [{ file: 'c.yml', reason: 'x', line: 1, column: null }], failures: 1 };
}

describe('kept rules', () => {
  const all = loaded('Ip|cidr: 10.0.0.0/8', 'Image: "\\0bigint 5"', 'Image: "x\\ny"', 'Size|gt: 5', 'Size|lt: .inf');

  it('are those that were read', () => {
    expect(all.rules.length).toBeGreaterThan(3);
    expect(readKept(keptText(all))).toEqual(all);
    expect(readKept(keptText(loaded()))).toEqual(loaded());
  });

  it('are refused where the end is missing', () => {
    const lines = keptText(all).split('\n');
    expect(() => readKept(lines.slice(0, -1).join('\n'))).toThrow(/rules were kept/);
    expect(() => readKept(keptText(all).slice(0, -9))).toThrow(SyntaxError);
  });
});
