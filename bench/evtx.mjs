// Question: how long does a whole log take as JSON, and a question for account events, beside other readers on the same file?
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inTurn, ratio } from './paired.mjs';

const USAGE =
  'usage: node bench/evtx.mjs LOG [ROUNDS] [--python PYTHON_WITH_EVTX] [--ts-evtx FOLDER_OF_@ts-evtx/core], after npm run build';
const acts = fileURLToPath(new URL('evtx-acts.mjs', import.meta.url));
const built = fileURLToPath(new URL('../dist/evtx.js', import.meta.url));
const DUMP = 'winnow, all as JSON';
/** Every event of PyPI's evtx as a line of JSON. */
const PYTHON = `import sys
from evtx import PyEvtxParser
for record in PyEvtxParser(sys.argv[1], number_of_threads=1).records_json():
    sys.stdout.write(record['data'] + '\\n')`;

const given = process.argv.slice(2);
const python = option('--python', process.env.WINNOW_PYTHON);
const tsEvtx = option('--ts-evtx', process.env.WINNOW_TS_EVTX);
const [path, rounds = '3'] = given;
for (const needed of [path, built]) {
  if (needed !== undefined && existsSync(needed)) continue;
  console.error(`${needed ?? 'no log'}: does not exist; ${USAGE}`);
  process.exit(2);
}
const peers = [
  {
    name: 'evtx_dump',
    is: 'evtx_dump (cargo install evtx)',
    probe: ['evtx_dump', ['--version']],
    args: ['-t', '1', '-o', 'jsonl', path],
  },
  {
    name: 'PyPI evtx',
    is: 'evtx of PyPI (pip install evtx; --python)',
    probe: [python, ['-c', 'import evtx']],
    args: ['-c', PYTHON, path],
  },
  {
    name: '@ts-evtx/core',
    is: '@ts-evtx/core of npm (--ts-evtx)',
    probe: [tsEvtx && process.execPath, ['-e', `fs.accessSync(${JSON.stringify(`${tsEvtx}/dist/index.js`)})`]],
    args: [acts, 'ts-evtx', path, tsEvtx],
  },
].filter(({ is, probe: [command, args] }) => {
  const isThere = command !== undefined && spawnSync(command, args).status === 0;
  if (!isThere) console.log(`skipped: ${is} is not there`);
  return isThere;
});
const results = inTurn(
  [
    { name: DUMP, command: process.execPath, args: [acts, 'dump', path] },
    { name: 'winnow, numbers of events', command: process.execPath, args: [acts, 'query', path] },
    { name: 'winnow, account events', command: process.execPath, args: [acts, 'questions', path] },
    ...peers.map(({ name, probe: [command], args }) => ({ name, command, args })),
  ],
  Number(rounds),
);
console.log(
  `Node ${process.versions.node}; ${rounds} rounds in turn, whole processes, one thread each, seconds: best, median, all`,
);
for (const [name, { best, median, times, told }] of results)
  console.log(
    `${name.padEnd(26)}${best.toFixed(2).padStart(8)}${median.toFixed(2).padStart(8)}   ${times.map((s) => s.toFixed(2)).join(' ')}   ${told}`,
  );
for (const { name } of peers)
  console.log(
    `as JSON as fast as ${name} by ${ratio(results, name, DUMP).toFixed(2)}; account events against its dump by ${ratio(results, name, 'winnow, account events').toFixed(2)}`,
  );

function option(name, otherwise) {
  const at = given.indexOf(name);
  return at < 0 ? otherwise : given.splice(at, 2)[1];
}
