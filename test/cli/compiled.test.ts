// The command's program starts from bytecode where that fits, and without it where it does not.
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cacheOf, loadCompiled } from '../../src/cli/compiled.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-compiled-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Sum {
  readonly of: (a: number, b: number) => number;
  readonly where: string;
}

const SOURCE = "exports.of = (a, b) => a + b;\nexports.where = require('node:path').basename(__filename);";

function written(name: string, cache?: Uint8Array, source = SOURCE): string {
  const file = join(folder, name);
  writeFileSync(file, source);
  if (cache) writeFileSync(cacheOf(file), cache);
  return file;
}

describe('loadCompiled', () => {
  it('runs a CommonJS file that has no bytecode', () => {
    const { exports, cached } = loadCompiled<Sum>(written('plain.cjs'));
    expect([exports.of(2, 3), exports.where, cached]).toEqual([5, 'plain.cjs', false]);
  });

  it('takes the bytecode that was made of it', () => {
    const bytecode = loadCompiled<Sum>(written('first.cjs')).bytecode();
    const { exports, cached } = loadCompiled<Sum>(written('again.cjs', bytecode));
    expect([exports.of(2, 3), cached]).toEqual([5, true]);
  });

  it.each([
    ['an empty file', new Uint8Array(0)],
    ['what is no bytecode', new Uint8Array(500).fill(7)],
  ])('passes over %s', (what, cache) => {
    // A source of its own: V8 also remembers what this process compiled before.
    const { exports, cached } = loadCompiled<Sum>(written('damaged.cjs', cache, `${SOURCE}\n// ${what}`));
    expect([exports.of(2, 3), cached]).toEqual([5, false]);
  });

  it('passes over bytecode that is cut off, and bytecode of another source', () => {
    const bytecode = loadCompiled<Sum>(written('first.cjs')).bytecode();
    const cut = bytecode.subarray(0, bytecode.length - 9);
    expect(loadCompiled<Sum>(written('cut.cjs', cut)).cached).toBe(false);
    const other = loadCompiled<Sum>(written('other.cjs', bytecode, `${SOURCE}\nexports.of = (a, b) => a * b;`));
    expect([other.exports.of(2, 3), other.cached]).toEqual([6, false]);
  });

  it('passes over bytecode that is older than the file, also where the source is as long', () => {
    const file = written(
      'older.cjs',
      loadCompiled<Sum>(written('sum.cjs')).bytecode(),
      SOURCE.replace('a + b', 'a * b'),
    );
    utimesSync(cacheOf(file), new Date(0), new Date(0));
    const { exports, cached } = loadCompiled<Sum>(file);
    expect([exports.of(2, 3), cached]).toEqual([6, false]);
  });
});
