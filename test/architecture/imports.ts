// What each source file imports, as TypeScript itself reads it: static, type-only, re-exported and dynamic imports.
import { posix } from 'node:path';
import ts from 'typescript';
import type { Tree } from './tree.ts';

export interface Import {
  readonly from: string;
  /** A path of the tree for a relative import, else the package or node: name as written. */
  readonly to: string;
  readonly relative: boolean;
}

/** Every import of the tree's TypeScript files. */
export function importsOf(tree: Tree): readonly Import[] {
  const imports: Import[] = [];
  for (const [from, text] of tree) {
    if (!from.endsWith('.ts')) continue;
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
      const relative = fileName.startsWith('.');
      imports.push({ from, to: relative ? posix.join(posix.dirname(from), fileName) : fileName, relative });
    }
  }
  return imports;
}
