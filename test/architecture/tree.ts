// A tree of text files as the checks see it: from the disk for the real one, from memory for a bad one.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Path from the root of the project, with "/", to the file's text. */
export type Tree = ReadonlyMap<string, string>;

/** One sentence for each thing that is wrong: "src/x.ts: ...". */
export type Problems = readonly string[];

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TEXT = /\.(?:ts|mjs|json|md|c|cpp|h)$/;
/** Expected answers are text whatever they are called. */
const GOLDEN = /^test\/golden\//;

/** The text files under some folders of the project; a folder or file that is absent gives none. */
export function readTree(...tops: readonly string[]): Tree {
  const tree = new Map<string, string>();
  const visit = (path: string): void => {
    for (const entry of readdirSync(ROOT + path, { withFileTypes: true })) {
      const inside = `${path}/${entry.name}`;
      if (entry.isDirectory()) visit(inside);
      else if (TEXT.test(entry.name) || GOLDEN.test(inside)) tree.set(inside, readFileSync(ROOT + inside, 'utf8'));
    }
  };
  for (const top of tops) {
    try {
      if (TEXT.test(top)) tree.set(top, readFileSync(ROOT + top, 'utf8'));
      else visit(top);
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
    }
  }
  return tree;
}

/** A tree in memory, for feeding a check what it must refuse. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  return new Map(Object.entries(files));
}
