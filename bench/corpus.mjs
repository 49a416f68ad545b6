// Question: what does asking every program and DLL of folders cost, one after another in one process and one thread, beside reading the same bytes?
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const USAGE = 'usage: node bench/corpus.mjs FOLDER..., after npm run build';
const built = new URL('../dist/children.js', import.meta.url);
const folders = process.argv.slice(2);
for (const needed of [...folders, fileURLToPath(built)]) {
  if (existsSync(needed)) continue;
  console.error(`${needed}: does not exist; ${USAGE}`);
  process.exit(2);
}
if (folders.length === 0) {
  console.error(USAGE);
  process.exit(2);
}
const { findChildren } = await import(built.href);

/** Milliseconds from which on a file is named. */
const SLOW = 250;
/** Call sites from which on; a file belongs to the last that it reaches. */
const SITES = [0, 1, 2, 5, 10, 20, 50, 100];

const paths = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /\.(exe|dll|com|scr|cpl|ocx|ax|drv)$/i.test(name))
    .sort()
    .map((name) => join(folder, name)),
);

const rows = [];
let reading = 0;
let bytesRead = 0;
let refused = 0;
let crashed = 0;
const began = performance.now();
for (const path of paths) {
  const start = performance.now();
  const bytes = readFileSync(path);
  const asked = performance.now();
  reading += asked - start;
  bytesRead += bytes.length;
  try {
    const { sites, blindSpots } = findChildren({ name: path.replace(/^.*[\\/]/, ''), bytes });
    const cut = blindSpots.filter(({ reason }) => reason === 'step-limit').length;
    rows.push({ path, ms: performance.now() - asked, sites: sites.length, cut });
  } catch (error) {
    if (error?.name === 'FormatError') refused++;
    else {
      crashed++;
      console.log(`${path}: ${error?.stack ?? error}`);
    }
  }
}
const seconds = (performance.now() - began) / 1000;
const peak = process.resourceUsage().maxRSS / 1024;

const total = (key, of = rows) => of.reduce((sum, row) => sum + row[key], 0);
const megabytes = bytesRead / 1e6;
console.log(
  `Node ${process.versions.node}; ${paths.length} files (${refused} refused as no PE), ${megabytes.toFixed(0)} MB, ${total('sites')} call sites`,
);
console.log(
  `${seconds.toFixed(2)} s: ${(paths.length / seconds).toFixed(0)} files/s, ${(megabytes / seconds).toFixed(0)} MB/s, ${(seconds / (reading / 1000)).toFixed(1)} x reading the same bytes (${(reading / 1000).toFixed(2)} s); peak ${peak.toFixed(0)} MB`,
);
console.log(`files that crashed: ${crashed}; sites that reached a limit: ${total('cut')}`);
console.log('sites from    files    sites          s   ms a file   ms a site');
SITES.forEach((from, k) => {
  const below = SITES[k + 1] ?? Number.POSITIVE_INFINITY;
  const of = rows.filter(({ sites }) => sites >= from && sites < below);
  if (of.length === 0) return;
  const ms = total('ms', of);
  const site = from === 0 ? '-' : (ms / total('sites', of)).toFixed(2);
  console.log(
    `${String(from).padStart(10)}${String(of.length).padStart(9)}${String(total('sites', of)).padStart(9)}${(ms / 1000).toFixed(2).padStart(11)}${(ms / of.length).toFixed(2).padStart(12)}${site.padStart(12)}`,
  );
});
const slow = rows.filter(({ ms }) => ms >= SLOW).sort((a, b) => b.ms - a.ms);
console.log(`files of ${SLOW} ms or more: ${slow.length}`);
for (const { path, ms, sites } of slow.slice(0, 40))
  console.log(`${ms.toFixed(0).padStart(8)} ms ${String(sites).padStart(5)} sites  ${path}`);
