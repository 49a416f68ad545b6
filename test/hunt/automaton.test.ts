// What the automaton finds in a value, in bytes and in texts, is what the plainest search finds.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Automaton } from '../../src/hunt/automaton.ts';
import type { Anchor } from '../../src/hunt/literals.ts';
import { RememberedSearch } from '../../src/hunt/remembered-search.ts';
import { SkipSearch } from '../../src/hunt/skip-search.ts';
import type { Sought, TextSearch } from '../../src/hunt/text-search.ts';
import { foldCase } from '../../src/rule/fold.ts';

const ANCHORS: readonly Anchor[] = ['anywhere', 'start', 'end', 'whole'];

function found(automaton: TextSearch, text: string, isBytes: boolean): readonly number[] {
  const ids = new Set<number>();
  const finder = { found: (id: number) => void ids.add(id) };
  if (isBytes) {
    const bytes = new Uint8Array(text.length * 2 + 6);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < text.length; i++) view.setUint16(4 + i * 2, text.charCodeAt(i), true);
    automaton.scanBytes(bytes, 4, text.length * 2, finder);
  } else automaton.scanText(text, finder);
  return [...ids].sort((one, other) => one - other);
}

function plainly(texts: readonly Sought[], text: string): readonly number[] {
  const folded = foldCase(text);
  const holds = ({ text: sought, anchor }: Sought): boolean => {
    if (anchor === 'whole') return folded === sought;
    if (anchor === 'start') return folded.startsWith(sought);
    return anchor === 'end' ? folded.endsWith(sought) : folded.includes(sought);
  };
  return texts.filter(holds).map(({ id }) => id);
}

describe('the automaton', () => {
  const letters = ['a', 'b', 'A', '\\', 'é', 'É', 'Σ', 'ς', 'İ', 'K', '\u{1f600}'];
  const word = (min: number) => fc.string({ unit: fc.constantFrom(...letters), minLength: min, maxLength: 6 });
  const sought = fc
    .array(fc.tuple(word(1), fc.constantFrom(...ANCHORS)), { minLength: 1, maxLength: 30 })
    .map((all) => all.map(([text, anchor], id): Sought => ({ text: foldCase(text), anchor, id })));

  it('finds what the plainest search finds', () =>
    fc.assert(
      fc.property(sought, fc.array(word(0), { maxLength: 4 }), (texts, values) => {
        const automaton = new Automaton(texts);
        for (const value of values.map((one) => one.repeat(2))) {
          expect(found(automaton, value, false)).toEqual(plainly(texts, value));
          expect(found(automaton, value, true)).toEqual(plainly(texts, value));
        }
      }),
      { numRuns: 500 },
    ));

  it('finds them with more states than the table of rows has room for', () => {
    const texts = Array.from(
      { length: 3000 },
      (_, id): Sought => ({
        text: `${(id * 7919).toString(36)}-${(id * 104_729).toString(36)}-${'x'.repeat(id % 90)}`,
        anchor: ANCHORS[id % 4],
        id,
      }),
    );
    const automaton = new Automaton(texts);
    for (const { text } of texts) expect(found(automaton, text, false)).toEqual(plainly(texts, text));
    expect(found(automaton, `zz${texts[40].text}zz`, true)).toEqual(plainly(texts, `zz${texts[40].text}zz`));
  });

  it('ends at a zero in bytes', () => {
    const automaton = new Automaton([
      { text: 'ab', anchor: 'end', id: 0 },
      { text: 'c', anchor: 'anywhere', id: 1 },
    ]);
    expect(found(automaton, 'xab\0c', true)).toEqual([0]);
  });
});

describe('the search that skips', () => {
  const letters = ['a', 'b', 'A', 'é', 'É', 'İ', '\u{1f600}'];
  const word = (min: number, max: number) =>
    fc.string({ unit: fc.constantFrom(...letters), minLength: min, maxLength: max });
  const sought = fc
    .array(word(4, 9), { minLength: 1, maxLength: 12 })
    .map((all) => all.map((text, id): Sought => ({ text: foldCase(text), anchor: 'anywhere', id })));

  it('finds what the plainest search finds', () =>
    fc.assert(
      fc.property(sought, fc.array(word(0, 12), { maxLength: 4 }), (texts, parts) => {
        const search = new SkipSearch(texts);
        const value = [...parts, texts[0].text, ...parts].join('a');
        expect(found(search, value, false)).toEqual(plainly(texts, value));
        expect(found(search, value, true)).toEqual(plainly(texts, value));
      }),
      { numRuns: 2000 },
    ));

  it('ends at a zero in bytes', () => {
    const search = new SkipSearch([{ text: 'abcd', anchor: 'anywhere', id: 0 }]);
    expect(found(search, 'xabcd\0y', true)).toEqual([0]);
    expect(found(search, 'x\0abcdy', true)).toEqual([]);
  });
});

describe('the search that remembers', () => {
  const texts: readonly Sought[] = ['cmd.exe', '\\x', 'a', 'run'].map((text, id) => ({
    text,
    anchor: ANCHORS[id],
    id,
  }));

  it('finds the same in values that come again as in those that do not', () => {
    const search = new RememberedSearch(new Automaton(texts));
    for (let round = 0; round < 3; round++)
      for (let i = 0; i < 1500; i++) {
        // Longer than what is remembered, shorter, and of the same length with a difference in one place.
        const value = `${'\\x'.repeat(i % 2)}c${'ab'.repeat(i % 300)}${i % 7}cmd.exe${'z'.repeat(i % 5)}ru${'n'.repeat(i % 2)}`;
        expect(found(search, value, true)).toEqual(plainly(texts, value));
      }
  });

  it('looks no value through again that it knows, and gives up where hardly one comes again', () => {
    const own = new Automaton(texts);
    let scanned = 0;
    const counted: TextSearch = {
      hasSymbols: own.hasSymbols,
      scanText: (text, finder) => own.scanText(text, finder),
      scanBytes: (...all) => {
        scanned++;
        own.scanBytes(...all);
      },
    };
    const search = new RememberedSearch(counted);
    for (let i = 0; i < 5000; i++) found(search, `C:\\x\\${i % 10}.exe`, true);
    expect(scanned).toBeLessThan(100);
    for (let i = 0; i < 20_000; i++) found(search, `C:\\x\\${i}.tmp`, true);
    scanned = 0;
    for (let i = 0; i < 100; i++) found(search, 'C:\\x\\1.exe', true);
    expect(scanned).toBe(100);
  });
});
