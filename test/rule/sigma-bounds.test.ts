import { describe, expect, it } from 'vitest';
import { readSigma } from '../../src/rule/read/sigma.ts';

const HEAD = 'title: t\nlogsource: {category: process_creation}\ndetection:\n';

function read(detection: string): { readonly rules: number; readonly error: string } {
  const { rules, errors } = readSigma(HEAD + detection);
  return { rules: rules.length, error: errors[0]?.message ?? '' };
}

describe('Sigma that is too large or too dear', () => {
  it('is refused before its dashes are multiplied', () => {
    expect(read(`  s: {CommandLine|windash: '${' -a'.repeat(30)}'}\n  condition: s`).error).toContain('more dashes');
    expect(read(`  s: {CommandLine|windash: ' -a -b -c'}\n  condition: s`).rules).toBe(1);
  });

  it('has a bounded condition', () => {
    const many = Array<string>(200_000).fill('a').join(' and ');
    expect(read(`  a: {Image: b}\n  condition: ${many}`).error).toContain('words');
  });

  it('reads lists and maps of many values', { timeout: 60_000 }, () => {
    const lines = (line: (i: number) => string): string => Array.from({ length: 130_000 }, (_, i) => line(i)).join('');
    expect(read(`  s:\n    Image|contains|all:\n${lines((i) => `      - v${i}\n`)}  condition: s`).error).toBe('');
    expect(read(`  s:\n${lines((i) => `    F${i}: v\n`)}  condition: s`).error).toMatch(/^$|more than/);
  });

  it('names what stands twice', () => {
    const { errors } = readSigma(`${HEAD}  s: {Image: a}\n  s: {Image: b}\n  condition: s`);
    expect(errors[0]?.message).toBe("'s' stands twice in one map");
    expect(errors[0]?.at).toEqual({ line: 5, column: 3 });
  });
});

describe('patterns of names', () => {
  it('mean a name with an underscore in front only where they have one', () => {
    const two = '  _a: {Image: x}\n  b: {Image: y}\n';
    const fields = (condition: string): string =>
      JSON.stringify(readSigma(`${HEAD}${two}  condition: ${condition}`).rules);
    for (const condition of ['1 of them', '1 of *']) expect(fields(condition)).not.toContain('"x"');
    expect(fields('1 of _*')).toContain('"x"');
  });

  it('are looked at in time that grows with the name', () => {
    const name = 'a'.repeat(900);
    expect(read(`  ${name}: {Image: x}\n  condition: 1 of ${'a*'.repeat(30)}b`).error).toContain('no selection');
  });
});

describe('modifiers', () => {
  it('are refused where one would have to be passed over', () => {
    const contradicting = [
      'lt|contains',
      'cidr|re',
      'contains|cidr',
      'exists|startswith',
      're|wide',
      'fieldref|base64',
      'i',
      're|exists',
    ];
    for (const one of contradicting)
      expect([one, read(`  s: {Image|${one}: 5}\n  condition: s`).error]).toEqual([
        one,
        expect.stringMatching(/contradict|behind 're'/),
      ]);
    for (const one of [
      're|i',
      're|all',
      're|contains',
      'fieldref|endswith',
      'wide|base64offset|contains',
      'cased|contains',
      'gte',
      'hour|gte',
    ])
      expect([one, read(`  s: {Image|${one}: 5}\n  condition: s`).error]).toEqual([one, '']);
  });
});
