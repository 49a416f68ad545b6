// The pairs of real files of fixtures/children-diff/: which they are, and where they lie on this machine.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../fixtures/children-diff/', import.meta.url));

/** Every pair that was written down: its name and what is expected. */
export function expectedDifferences() {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({
      name: name.replace(/\.json$/, ''),
      expected: JSON.parse(readFileSync(join(FOLDER, name), 'utf8')),
    }));
}

/**
 * Both files of a pair with their modules, as findChildren takes them; or what is not there. `root` holds the public sets as win11/, x86/ and dll/;
 * `second` is the file that none of them has.
 */
export function readSides(expected, root, second) {
  const missing = [];
  const read = ({ image, file, sha256 }) => {
    const path = /^(?:win11|x86|dll)\//.test(file) ? root && join(root, file) : second;
    if (!path || !existsSync(path)) {
      missing.push(`${file} (SHA-256 ${sha256})`);
      return undefined;
    }
    const bytes = readFileSync(path);
    if (createHash('sha256').update(bytes).digest('hex') === sha256) return { name: image, bytes, sha256 };
    missing.push(`${file}: the file there is another`);
    return undefined;
  };
  const sides = ['old', 'new'].map((side) => ({
    file: read(expected[side]),
    modules: new Map(expected.modules.map((module) => [module[side].image.toLowerCase(), read(module[side])])),
  }));
  return missing.length > 0 ? { missing } : { sides };
}
