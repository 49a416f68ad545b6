// Prints how `winnow children diff` does on the differences that were written down in fixtures/children-diff/: equal or differs, item by item.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compareItems } from './children-diff-items.mjs';
import { expectedDifferences, readSides } from './children-diff-sides.mjs';

const USAGE = `usage: node truth/children-diff.mjs [FOLDER] [--second-werfault FILE] [--json]
  FOLDER                  holds the public sets as win11/, x86/ and dll/ (default: the environment variable WINNOW_TRUTH_BINARIES)
  --second-werfault FILE  WerFault.exe 10.0.22000.2713 (default: the environment variable WINNOW_SECOND_WERFAULT)
  --json                  print the items as JSON and nothing else`;

function stop(message) {
  console.error(message);
  process.exit(2);
}

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        'second-werfault': { type: 'string', default: process.env.WINNOW_SECOND_WERFAULT },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    return stop(`${error.message}\n${USAGE}`);
  }
}

const { values, positionals } = readOptions();
if (values.help || positionals.length > 1) stop(USAGE);
const built = new URL('../dist/children.js', import.meta.url);
if (!existsSync(fileURLToPath(built))) stop('dist/ is not built: run npm run build');
const { diffChildren, findChildren } = await import(built.href);

const root = positionals[0] ?? process.env.WINNOW_TRUTH_BINARIES;
const say = values.json ? () => {} : console.log;
const pairs = [];
for (const { name, expected } of expectedDifferences()) {
  const { sides, missing } = readSides(expected, root, values['second-werfault']);
  if (missing) {
    say(`${name}: skipped: absent: ${missing.join(', ')}`);
    pairs.push({ name, skipped: missing });
    continue;
  }
  const [old, now] = sides.map(({ file, modules }) =>
    findChildren(file, { loadModule: (wanted) => modules.get(wanted) }),
  );
  const items = compareItems(expected, diffChildren(old, now, { rule: { languages: [] } }));
  const equal = items.filter((item) => item.equal).length;
  say(`${name}: ${equal} of ${items.length} equal`);
  for (const item of items)
    say(`  ${item.equal ? 'equal  ' : 'differs'}  ${item.item}${item.equal ? '' : `; found: ${item.found}`}`);
  pairs.push({ name, items });
}
const all = pairs.flatMap(({ items = [] }) => items);
say(`all: ${all.filter((item) => item.equal).length} of ${all.length} equal`);
if (values.json) console.log(JSON.stringify(pairs));
