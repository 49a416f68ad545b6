// Writes data/api-sets.json from an apisetschema.dll: node data/extract-api-sets.mjs PATH_OF_APISETSCHEMA (after `npm run build`).
import { readFileSync, writeFileSync } from 'node:fs';
import { readApiSet, readImage } from '../dist/pe.js';

const path = process.argv[2];
if (path === undefined) {
  console.error('usage: node data/extract-api-sets.mjs PATH_OF_APISETSCHEMA');
  process.exit(2);
}
const image = readImage(readFileSync(path), path);
const { contracts } = readApiSet(image);
if (image.notes.length > 0) {
  for (const { about, text } of image.notes) console.error(`${about}: ${text}`);
  process.exit(3);
}
const lines = Object.keys(contracts)
  .sort()
  .map((contract) => `${JSON.stringify(contract)}:${JSON.stringify(contracts[contract])}`);
writeFileSync(new URL('api-sets.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`);
console.log(`${lines.length} contracts of Windows ${image.versionInfo?.fixed}`);
