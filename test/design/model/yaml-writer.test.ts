// The YAML that the models are tested with: the package `yaml` reads back what was written, at the places that the writer says.

import { describe, expect, it } from 'vitest';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { Random } from './random.ts';
import { methodExample, plantedCase, randomCase } from './random-dossiers.ts';
import { anyStyle, Raw, type Tree, writeYaml } from './yaml-writer.ts';

describe('YAML of random dossiers', () => {
  it('is read as the trees it was written from, each key and value at its place', () => {
    const random = new Random(1);
    for (let seed = 0; seed < 150; seed++) {
      const { dossiers, environment } = seed === 0 ? methodExample() : seed % 5 ? randomCase(seed) : plantedCase(seed);
      const trees = [...dossiers, environment];
      const written = writeYaml(trees, anyStyle(random), random);
      const lines = new LineCounter();
      const documents = parseAllDocuments(written.text, { lineCounter: lines });
      if (!Array.isArray(documents)) throw new Error('nothing was written');
      expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
      expect(documents.map((one) => one.toJS())).toEqual(trees.map(plainOf));
      for (const [i, document] of documents.entries()) follow(document.contents as Node, [i]);

      function follow(node: Node, path: (string | number)[]): void {
        expect(written.value(path)).toEqual(placeOf(node));
        if (isSeq(node)) for (const [i, item] of node.items.entries()) follow(item as Node, [...path, i]);
        if (isMap(node))
          for (const { key, value } of node.items) {
            if (!isScalar(key)) throw new Error('a key is a text');
            expect(written.key([...path, String(key.value)])).toEqual(placeOf(key));
            follow(value as Node, [...path, String(key.value)]);
          }
      }
      function placeOf(node: Node) {
        const { line, col } = lines.linePos(node.range![0]);
        return { line, column: col };
      }
    }
  });
});

function plainOf(tree: Tree): unknown {
  if (tree instanceof Raw) return Number(tree.text);
  if (Array.isArray(tree)) return tree.map(plainOf);
  if (tree === null || typeof tree !== 'object') return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, plainOf(value)]));
}
