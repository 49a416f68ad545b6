// Tests of a value by literals of the type that its column has: a number for a column of numbers, a text for one of texts, a network for one of addresses.
import { networkOf } from './network.ts';
import { literal, literalsOf, patternShape, type TextPattern } from './pattern.ts';
import type { ColumnType } from './taxonomy/column-types.ts';
import type { ValueTest } from './value-test.ts';

/** The same tests in the column's type; what has no such form stays, for the language to say or to refuse. */
export function typedTests(tests: readonly ValueTest[], type: ColumnType | 'untyped'): readonly ValueTest[] {
  return tests.map((test) => typedTest(test, type));
}

/** What a part of such a value may be, as text. */
const PARTS = { number: /^\d*$/, address: /^[\da-f:.]*$/i, boolean: /^[a-z]*$/i } as const;

/** Whether a value of the type can be what the test asks for at all. */
export function fitsType(test: ValueTest, type: ColumnType | 'untyped'): boolean {
  if (test.kind !== 'like' || type === 'text' || type === 'untyped') return true;
  const text = literalText(test.pattern);
  if (text === null) return literalsOf(test.pattern).every((part) => PARTS[type].test(part));
  if (type === 'number') return /^\d{1,15}$/.test(text);
  return type === 'boolean' ? /^(?:true|false)$/i.test(text) : networkOf(text) !== undefined && !text.includes('/');
}

function typedTest(test: ValueTest, type: ColumnType | 'untyped'): ValueTest {
  switch (type) {
    case 'untyped':
      return test;
    case 'text':
      if (test.kind === 'number' && test.op === 'eq')
        return { kind: 'like', pattern: literal(String(test.than)), cased: true };
      return test;
    case 'number': {
      const text = test.kind === 'like' ? literalText(test.pattern) : null;
      return text !== null && /^(?:0|[1-9]\d{0,14})$/.test(text)
        ? { kind: 'number', op: 'eq', than: Number(text) }
        : test;
    }
    case 'boolean': {
      const text = test.kind === 'like' ? literalText(test.pattern)?.toLowerCase() : undefined;
      return text === 'true' || text === 'false' ? { kind: 'boolean', wanted: text === 'true' } : test;
    }
    case 'address': {
      const network = test.kind === 'like' ? networkBeginning(test.pattern) : undefined;
      if (network) return { kind: 'cidr', network };
      // Letter case is nothing to an address.
      return test.kind === 'like' && literalText(test.pattern) !== null ? { ...test, cased: true } : test;
    }
  }
}

/** The network of all addresses that begin with "10." or "10.1.". */
function networkBeginning(pattern: TextPattern): ReturnType<typeof networkOf> {
  const shape = patternShape(pattern);
  if (shape.shape !== 'startswith' || !/^(?:(?:0|[1-9]\d{0,2})\.){1,3}$/.test(shape.text)) return undefined;
  const octets = shape.text.split('.').slice(0, -1);
  return networkOf(`${[...octets, 0, 0, 0].slice(0, 4).join('.')}/${octets.length * 8}`);
}

function literalText(pattern: TextPattern): string | null {
  const literals = literalsOf(pattern);
  return literals.length === pattern.length ? literals.join('') : null;
}
