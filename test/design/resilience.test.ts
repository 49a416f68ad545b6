// Scores of Summiting the Pyramid over scopes, spanning sets against an exhaustive search, and the sessions that bear them out.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resilienceOf, scoreOfAny, scoreText, spanningSets } from '../../src/design/resilience.ts';
import type { Column, Level, Technique } from '../../src/design/technique.ts';
import { observable } from './exclusions/observable.ts';

type Part = Pick<Technique, 'procedures' | 'primitives'>;

const AT = { line: 1, column: 1 };

/** Primitives with one observable each ("PM1" has "O1"), of these levels and columns. */
function technique(
  procedures: Readonly<Record<string, readonly string[]>>,
  observables: Readonly<Record<string, [Level | undefined, Column | undefined]>>,
): Part {
  return {
    procedures: Object.entries(procedures).map(([id, primitives]) => ({
      at: AT,
      id,
      name: undefined,
      primitives,
      atomic: [],
      sessions: [],
      references: [],
    })),
    primitives: Object.entries(observables).map(([id, [level, column]]) => ({
      at: AT,
      id: `PM${id.slice(1)}`,
      name: undefined,
      control: 'fixed',
      varies: undefined,
      observables: [observable('A: b', {}, [], { id, level, column })],
    })),
  };
}

const seen = (
  id: string,
  exclusionLevels: readonly (number | null)[] = [],
  hit: readonly string[] = [],
  able: readonly string[] = [],
) => ({
  observable: id,
  exclusionLevels,
  sessionsHit: hit,
  sessionsAble: able,
});

describe('a score', () => {
  it('is the highest of alternatives', () => {
    const [one, two] = [
      { level: 4, column: 'U' as const },
      { level: 3, column: 'K' as const },
    ];
    expect(scoreText(scoreOfAny([one, two])!)).toBe('4U');
    expect(scoreText(scoreOfAny([one, { level: 4, column: 'K' }])!)).toBe('4K');
    expect(scoreOfAny([])).toBeUndefined();
  });
});

describe('the resilience of a scope', () => {
  const lsass = technique({ dump: ['PM3'], read: ['PM3'] }, { O3: [4, 'U'] });

  it('of one observable with a forced exclusion is its own, with the sessions that support it', () => {
    const sessions = ['a', 'b', 'c'];
    expect(resilienceOf(lsass, [seen('O3', [null], sessions, sessions)])).toEqual({
      score: '4U',
      spanning_set: ['O3'],
      sessions: '3/3',
      notes: [],
    });
  });

  it('falls to the weakest way to satisfy an exclusion', () => {
    const found = resilienceOf(lsass, [seen('O3', [null, 3, 1], ['a'], ['a', 'b'])]);
    expect(found).toMatchObject({ score: '1U', sessions: '1/2' });
    expect(found?.notes).toEqual([
      'O3 is of level 4; what is let pass can be satisfied at level 1',
      'labelled sessions that the scope does not hit: b',
    ]);
  });

  it('is that of the procedure that is seen least', () => {
    const two = technique({ loud: ['PM1', 'PM2'], quiet: ['PM2'] }, { O1: [5, 'K'], O2: [2, 'A'] });
    expect(resilienceOf(two, [seen('O1'), seen('O2')])?.score).toBe('2A');
    const gap = technique({ loud: ['PM1'], unseen: ['PM9'] }, { O1: [5, 'K'] });
    expect(resilienceOf(gap, [seen('O1')])).toMatchObject({
      score: '5K',
      spanning_set: [],
      notes: ['no observable of the scope hits unseen'],
    });
  });

  it('is none of an empty scope, and has no score without a level', () => {
    expect(resilienceOf(lsass, [])).toBeNull();
    const unknown = technique({ a: ['PM1'] }, { O1: [undefined, undefined] });
    expect(resilienceOf(unknown, [seen('O1')])).toMatchObject({ score: null, spanning_set: ['O1'], sessions: '0/0' });
  });
});

describe('spanning sets', () => {
  it('are all smallest ones, as an exhaustive search finds them', () => {
    const names = ['1', '2', '3', '4', '5', '6'];
    const uses = fc.array(fc.subarray(names), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(uses, fc.subarray(names), (procedures, scope) => {
        const whole = technique(
          Object.fromEntries(procedures.map((own, index) => [`p${index}`, own.map((name) => `PM${name}`)])),
          Object.fromEntries(names.map((name) => [`O${name}`, [4, 'U']])),
        );
        const subsets = Array.from({ length: 2 ** scope.length }, (_, bits) =>
          scope.filter((__, at) => (bits >> at) & 1),
        );
        const spans = subsets.filter((set) => procedures.every((own) => own.some((name) => set.includes(name))));
        const least = Math.min(...spans.map((set) => set.length));
        const wanted = spans.filter((set) => set.length === least).map((set) => set.map((name) => `O${name}`).sort());
        const { sets } = spanningSets(
          whole,
          scope.map((name) => `O${name}`),
        );
        expect(sets.map(String).sort()).toEqual(wanted.map(String).sort());
      }),
    );
  });

  it('of very many observables are found without trying all', () => {
    const names = Array.from({ length: 400 }, (_, index) => String(index));
    const many = technique(
      Object.fromEntries(names.map((name, index) => [`p${name}`, [`PM${name}`, `PM${(index + 1) % 400}`]])),
      Object.fromEntries(names.map((name) => [`O${name}`, [4, 'U']])),
    );
    const { sets, isExact } = spanningSets(
      many,
      names.map((name) => `O${name}`),
    );
    expect(isExact).toBe(false);
    expect(sets[0].length).toBeLessThan(400);
  });
});
