// Documents that are given to be compared: of another version, damaged, or made to harm.
import { describe, expect, it } from 'vitest';
import { readChildrenDocument } from '../../../src/children/diff/read-document.ts';
import { FormatError } from '../../../src/errors.ts';
import { EXAMPLE } from '../../cli/example-document.ts';

const refusal = (json: string): string => {
  try {
    readChildrenDocument(json);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return (error as Error).message;
  }
  throw new Error('it was read');
};

describe('readChildrenDocument', () => {
  it('reads what winnow children --json writes', () => {
    expect(readChildrenDocument(JSON.stringify(EXAMPLE))).toEqual(EXAMPLE);
  });

  it.each(['winnow.children/2', 'winnow.children/0', 'winnow.hunt/1'])('refuses %s with the way out', (schema) => {
    expect(refusal(JSON.stringify({ ...EXAMPLE, schema }))).toBe(
      `a document of schema ${schema}, and this version compares winnow.children/1; make it again with this version: winnow children FILE --json`,
    );
  });

  it.each(['', '{', '[]', 'null', '7', '{"schema":1}', '{"__proto__":{"schema":"winnow.children/1"}}'])(
    'refuses %j',
    (json) => {
      expect(refusal(json)).toMatch(/no JSON|no document of schema|not as winnow/);
    },
  );

  it('refuses nesting of any depth, and says what it is', () => {
    const deep = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`;
    expect(refusal(deep(200_000))).toMatch(/no document of schema|no JSON/);
    const inside = JSON.stringify(EXAMPLE).replace('"children":[', `"children":[${deep(100_000)},`);
    expect(refusal(inside)).toMatch(/children\[0\]: an object is expected|no JSON/);
  });

  it('refuses a part of another shape, whichever it is, and never fails otherwise', () => {
    const bad: readonly unknown[] = [null, 7, 'x'.repeat(50), [], {}, [[]], [null], true];
    let refused = 0;
    const places: (readonly (string | number)[])[] = [];
    const walk = (value: unknown, at: readonly (string | number)[]) => {
      places.push(at);
      if (Array.isArray(value)) for (const [i, one] of value.entries()) walk(one, [...at, i]);
      else if (typeof value === 'object' && value !== null)
        for (const [name, one] of Object.entries(value)) walk(one, [...at, name]);
    };
    walk(EXAMPLE, []);
    for (const at of places.slice(1))
      for (const value of bad) {
        const copy = structuredClone(EXAMPLE) as unknown as Record<string | number, unknown>;
        let parent = copy;
        for (const step of at.slice(0, -1)) parent = parent[step] as typeof parent;
        parent[at[at.length - 1]] = value;
        try {
          readChildrenDocument(JSON.stringify(copy));
        } catch (error) {
          expect(error, at.join('.')).toBeInstanceOf(FormatError);
          refused++;
        }
      }
    expect(refused).toBeGreaterThan(places.length);
  });

  it('refuses more children than any program has', () => {
    const many = { ...EXAMPLE, children: Array.from({ length: 2001 }, () => EXAMPLE.children[0]) };
    expect(refusal(JSON.stringify(many))).toMatch(/children: a list of at most 2000 is expected/);
  });

  it('refuses an address that is none', () => {
    const damaged = JSON.stringify(EXAMPLE).replaceAll(/"site":"0x[0-9a-f]+"/g, '"site":"0xzz"');
    expect(refusal(damaged)).toMatch(/site: an address like 0x140045ccc is expected/);
  });
});
