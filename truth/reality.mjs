// Prints how Winnow's answers stand against the parent-child pairs of real logs: explained, named, unexplained, silent.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'tsdown';

const USAGE = `usage: npm run reality -- [--logs PATH]... [--binaries FOLDER]... [--json] [--explained]
  --logs PATH        logs of process creation: files, archives, folders (default: the environment variable WINNOW_HISTORY, else ../shared/history beside the project)
  --binaries FOLDER  the programs that may be parents, and their modules, also in folders directly in it (default: the environment variable WINNOW_TRUTH_BINARIES)
  --explained        list the explained pairs too
  --json             print the pairs as JSON and nothing else`;

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

function stop(message) {
  console.error(message);
  process.exit(2);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        logs: { type: 'string', multiple: true },
        binaries: { type: 'string', multiple: true },
        explained: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    return stop(`${error.message}\n${USAGE}`);
  }
}

const options = readOptions();
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}
const logs = options.logs ?? [process.env.WINNOW_HISTORY ?? at('../../shared/history')];
const binaries =
  options.binaries ?? (process.env.WINNOW_TRUTH_BINARIES ? [process.env.WINNOW_TRUTH_BINARIES] : undefined);
if (binaries === undefined) stop(`--binaries FOLDER is needed: the programs are not part of this repository\n${USAGE}`);
const absent = [...logs, ...binaries].find((path) => !existsSync(path));
if (absent !== undefined) stop(`${absent} is not there\n${USAGE}`);

const built = mkdtempSync(join(tmpdir(), 'winnow-'));
try {
  await build({
    config: false,
    cwd: at('..'),
    entry: { pairs: 'truth/reality-pairs.ts' },
    outDir: built,
    dts: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    outExtensions: () => ({ js: '.mjs' }),
  });
  const { binariesIn, measure, evidenceWords } = await import(pathToFileURL(join(built, 'pairs.mjs')).href);
  const step = (text) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`);
  const measured = await measure(logs, binariesIn(binaries), step);
  if (options.json) console.log(JSON.stringify(measured, null, 2));
  else print(measured, evidenceWords);
} finally {
  rmSync(built, { recursive: true, force: true });
}

function print({ pairs, events, ofPrograms, setApart, otherPairs, failed, failures }, words) {
  for (const line of failures) process.stderr.write(line);
  console.log(
    `${events} process-creation events; ${ofPrograms} with one of the programs as parent, ${setApart} with no parent that can be told.`,
  );
  console.log(`${pairs.length} pairs (and ${otherPairs} of parents that are not among the programs):\n`);
  const all = pairs.reduce((sum, pair) => sum + pair.events, 0);
  const row = (name, some) => {
    const seen = some.reduce((sum, pair) => sum + pair.events, 0);
    console.log(
      `  ${name.padEnd(24)}${String(some.length).padStart(6)}  ${percent(some.length, pairs.length)}   events ${String(seen).padStart(7)}  ${percent(seen, all)}`,
    );
  };
  for (const share of ['explained', 'named', 'unexplained', 'silent']) {
    const some = pairs.filter((pair) => pair.share === share);
    row(share, some);
    for (const fit of some.some((pair) => pair.fit) ? ['shown', 'possible'] : [])
      row(
        `  of it ${fit}`,
        some.filter((pair) => pair.fit === fit),
      );
  }
  for (const line of failed) console.log(`\nnot analysed: ${line}`);
  for (const share of ['silent', 'unexplained', 'named', ...(options.explained ? ['explained'] : [])]) {
    const some = pairs.filter((pair) => pair.share === share);
    if (some.length > 0) console.log(`\n${share}`);
    for (const { parent, child, reason, fit, events: seen, evidence, commandLine, record } of some) {
      console.log(`  ${parent} > ${child}  ${reason}${fit ? ` (${fit})` : ''}, ${seen}`);
      for (const one of evidence.slice(0, 2)) console.log(`      ${words(one)}`);
      if (share !== 'explained')
        console.log(`      ${(commandLine ?? 'no command line').slice(0, 120)}; record ${record}`);
    }
  }
}

function percent(part, whole) {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1).padStart(5)} %`;
}
