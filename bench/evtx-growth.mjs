// Question: does what a log costs grow only with its size? Prints the curve over logs of several sizes, with evtx_dump beside it where it is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inTurn } from './paired.mjs';

const USAGE = 'usage: node bench/evtx-growth.mjs LOG... [--rounds N], after npm run build';
const acts = fileURLToPath(new URL('evtx-acts.mjs', import.meta.url));
const MEGABYTE = 1 << 20;

const given = process.argv.slice(2);
const at = given.indexOf('--rounds');
const rounds = at < 0 ? 3 : Number(given.splice(at, 2)[1]);
if (given.length === 0 || given.some((path) => !existsSync(path))) {
  console.error(USAGE);
  process.exit(2);
}
const logs = given.map((path) => ({ path, size: statSync(path).size / MEGABYTE })).sort((a, b) => a.size - b.size);
const withPeer = spawnSync('evtx_dump', ['--version']).status === 0;
if (!withPeer) console.log('skipped: evtx_dump (cargo install evtx) is not there');
const empty = inTurn([{ name: 'node', command: process.execPath, args: ['-e', ''] }], rounds).get('node').best;
console.log(
  `Node ${process.versions.node}; best of ${rounds} rounds in turn; seconds of whole processes, and milliseconds a MiB without an empty Node process (${empty.toFixed(2)} s)`,
);
console.log('     MiB       as JSON         numbers         account         evtx_dump       what the dump says');
for (const { path, size } of logs) {
  const side = (act) => ({ name: act, command: process.execPath, args: [acts, act, path] });
  const sides = [side('dump'), side('query'), side('questions')];
  if (withPeer) sides.push({ name: 'evtx_dump', command: 'evtx_dump', args: ['-t', '1', '-o', 'jsonl', path] });
  const results = inTurn(sides, rounds);
  const cells = sides.map(({ name, command }) => {
    const { best } = results.get(name);
    const own = command === process.execPath ? empty : 0;
    return `${best.toFixed(2).padStart(7)}${(((best - own) / size) * 1000).toFixed(2).padStart(7)}  `;
  });
  console.log(`${size.toFixed(0).padStart(8)}${cells.join('')}  ${results.get('dump').told}`);
}
