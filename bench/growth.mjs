// Question: how much does what a call site costs grow with the module that it stands in? Warm milliseconds by size, over the modules of a folder.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const USAGE =
  'usage: node bench/growth.mjs FOLDER [FILES], after npm run build; FILES of each size are measured, 20 unless given';
const built = new URL('../dist/children.js', import.meta.url);
const [folder, count = '20'] = process.argv.slice(2);
for (const needed of [folder, fileURLToPath(built)]) {
  if (needed !== undefined && existsSync(needed)) continue;
  console.error(`${needed ?? 'no folder'}: does not exist; ${USAGE}`);
  process.exit(2);
}
const most = Number(count);
if (!Number.isInteger(most) || most < 1) {
  console.error(`FILES is a number from 1 on; ${USAGE}`);
  process.exit(2);
}
const { findChildren } = await import(built.href);

/** Sizes from, in bytes; a file belongs to the last that it reaches. */
const SIZES = [0, 0.5e6, 1e6, 2e6, 5e6, 10e6, 20e6];
/** Rounds of which the best counts, after one that compiles. */
const ROUNDS = 3;

const files = readdirSync(folder)
  .filter((name) => /\.(exe|dll)$/i.test(name))
  .map((name) => ({ name, size: statSync(join(folder, name)).size }))
  .sort((a, b) => a.size - b.size);

const number = (value, digits, width) => value.toFixed(digits).padStart(width);
console.log(
  `Node ${process.versions.node}; each file alone, the best of ${ROUNDS} warm rounds; files with call sites only`,
);
console.log('  from MB    files    sites   sites cut   ms a file   ms a site   ms a MB');
SIZES.forEach((from, k) => {
  const below = SIZES[k + 1] ?? Number.POSITIVE_INFINITY;
  const row = { files: 0, sites: 0, cut: 0, ms: 0, bytes: 0 };
  for (const { name, size } of files) {
    if (size < from || size >= below || row.files >= most) continue;
    const bytes = readFileSync(join(folder, name));
    let best = Number.POSITIVE_INFINITY;
    let document;
    try {
      for (let round = 0; round <= ROUNDS; round++) {
        const start = performance.now();
        document = findChildren({ name, bytes });
        if (round > 0) best = Math.min(best, performance.now() - start);
        if (document.sites.length === 0) break;
      }
    } catch {
      continue;
    }
    if (document.sites.length === 0) continue;
    row.files++;
    row.sites += document.sites.length;
    row.cut += document.blindSpots.filter(({ reason }) => reason === 'step-limit').length;
    row.ms += best;
    row.bytes += size;
  }
  if (row.files === 0) return;
  console.log(
    `${number(from / 1e6, 1, 9)}${number(row.files, 0, 9)}${number(row.sites, 0, 9)}${number(row.cut, 0, 12)}${number(row.ms / row.files, 1, 12)}${number(row.ms / row.sites, 2, 12)}${number(row.ms / (row.bytes / 1e6), 1, 10)}`,
  );
});
