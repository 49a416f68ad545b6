// The test of a value in words, for a person.

import { networkText } from './network.ts';
import { patternShape, showPattern } from './pattern.ts';
import type { Order, ValueTest } from './value-test.ts';

const ORDERS: Readonly<Record<'eq' | Order, string>> = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' };
const SHAPES = { equals: 'is', startswith: 'begins with', endswith: 'ends with', contains: 'has' } as const;

/** "ends with '\net.exe'", "is within 10.0.0.0/8". Not escaped for a terminal. */
export function testText(test: ValueTest): string {
  switch (test.kind) {
    case 'like': {
      const shape = patternShape(test.pattern);
      const text =
        shape.shape === 'other' ? `fits '${showPattern(test.pattern)}'` : `${SHAPES[shape.shape]} '${shape.text}'`;
      return test.cased ? `${text}, letter case as it stands` : text;
    }
    case 'regex':
      return `matches /${test.source}/${test.cased ? '' : 'i'}`;
    case 'number':
      return `${ORDERS[test.op]} ${test.than}`;
    case 'field': {
      const words = {
        whole: 'is the value of',
        start: 'begins with that of',
        end: 'ends with that of',
        anywhere: 'has that of',
      };
      return `${words[test.part]} ${test.name}`;
    }
    case 'bits':
      return `has ${test.wanted} of the bits 0x${test.mask.toString(16)}`;
    case 'time':
      return `in its ${test.part} ${ORDERS[test.op]} ${test.than}`;
    case 'cidr':
      return `is within ${networkText(test.network)}`;
    case 'null':
      return 'is not there or empty';
    case 'exists':
      return test.wanted ? 'is there' : 'is not there';
    case 'boolean':
      return `is ${test.wanted}`;
  }
}
