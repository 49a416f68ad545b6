// JSON in pieces is the JSON of the whole, whatever the document.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPieces } from '../src/cli/json-pieces.ts';
import { jsonText } from '../src/cli/print.ts';

describe('JSON in pieces', () => {
  it('is the JSON of the whole', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything({ maxDepth: 4 })), (document) => {
        const pieces = [...jsonPieces(document)];
        expect(pieces.join('')).toBe(jsonText(document));
      }),
      { numRuns: 300 },
    );
  });

  it('comes in more than one piece where it is long', () => {
    const document = { schema: 'x', items: Array.from({ length: 5000 }, (_, i) => ({ i, text: 'line\n\u001b[1m' })) };
    const pieces = [...jsonPieces(document)];
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join('')).toBe(jsonText(document));
  });
});
