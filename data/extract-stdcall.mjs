// Makes data/stdcall.json: node data/extract-stdcall.mjs LIBRARY_FOLDER [IMAGE_FOLDER], the second to keep only names that its x86 images import.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readImage } from '../dist/pe.js';

const [libraries, images] = process.argv.slice(2);
if (libraries === undefined) {
  console.error('usage: node data/extract-stdcall.mjs LIBRARY_FOLDER [IMAGE_FOLDER]');
  process.exit(2);
}

/** Bytes by name; undefined where two libraries disagree. */
const bytesOf = new Map();
for (const file of readdirSync(libraries).filter((name) => /^lib.*\.a$/.test(name))) {
  const text = readFileSync(join(libraries, file)).toString('latin1');
  for (const [, name, bytes] of text.matchAll(/__imp__([A-Za-z_]\w*)@(\d+)\b/g)) {
    const known = bytesOf.get(name);
    bytesOf.set(name, bytesOf.has(name) && known !== Number(bytes) ? undefined : Number(bytes));
  }
}

/** The names that x86 images of a folder import. */
function importedNames(folder) {
  const names = new Set();
  for (const file of readdirSync(folder)) {
    let image;
    try {
      image = readImage(readFileSync(join(folder, file)), file);
    } catch {
      continue;
    }
    if (image.arch !== 'x86') continue;
    for (const { name } of [...image.imports, ...image.delayImports]) if (name !== undefined) names.add(name);
  }
  return names;
}

const wanted = images === undefined ? undefined : importedNames(images);
const byBytes = new Map();
for (const [name, bytes] of [...bytesOf].sort(([a], [b]) => (a < b ? -1 : 1)))
  if (bytes !== undefined && bytes % 4 === 0 && (wanted === undefined || wanted.has(name)))
    byBytes.set(bytes, [...(byBytes.get(bytes) ?? []), name]);
const table = Object.fromEntries([...byBytes].sort(([a], [b]) => a - b).map(([bytes, names]) => [bytes, names.join(' ')]));
process.stdout.write(`${JSON.stringify(table, null, 1)}\n`);
