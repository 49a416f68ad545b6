// Writes data/importers.json from folders of Windows images: node data/count-importers.mjs FOLDER... (after `npm run build`).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importedHosts } from '../dist/children.js';
import { builtInApiSets, isApiSet, isPortableExecutable, readImage } from '../dist/pe.js';

/** Modules that fewer images import are left out of the table; `least` says so to its reader. */
const LEAST = 3;

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error('usage: node data/count-importers.mjs FOLDER...');
  process.exit(2);
}
const apiSets = builtInApiSets();
const counts = new Map();
let total = 0;
for (const folder of folders) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile() || isApiSet(entry.name)) continue;
    const bytes = readFileSync(join(folder, entry.name));
    if (!isPortableExecutable(bytes)) continue;
    let hosts;
    try {
      const image = readImage(bytes, entry.name);
      if (image.clr !== undefined) continue; // a managed image imports mscoree.dll whatever it does
      hosts = importedHosts(image, apiSets);
    } catch (error) {
      console.error(`${entry.name}: ${error.message}`);
      continue;
    }
    if (hosts.size === 0) continue;
    total++;
    for (const host of hosts) counts.set(host, (counts.get(host) ?? 0) + 1);
  }
}
const rows = [...counts]
  .filter(([name, count]) => count >= LEAST && !isApiSet(name))
  .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  .map(([name, count]) => `${JSON.stringify(name)}:${count}`);
writeFileSync(
  new URL('importers.json', import.meta.url),
  `{"total":${total},"least":${LEAST},"count":{\n${rows.join(',\n')}\n}}\n`,
);
console.log(`${total} images, ${rows.length} modules with at least ${LEAST} importers`);
