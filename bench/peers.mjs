// Claim: the children of a program are told in a small part of the time in which other analysers disassemble it; those that are installed run beside.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const USAGE =
  'usage: node bench/peers.mjs [FILE [ROUNDS]], after npm run build; PYTHON names the Python that has smda, capa stands on the PATH';
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const demo = fileURLToPath(
  new URL('../node_modules/node-pty/prebuilds/win32-x64/conpty/OpenConsole.exe', import.meta.url),
);
const [file = demo, given = '3'] = process.argv.slice(2);
const rounds = Number(given);
for (const needed of [file, cli]) {
  if (existsSync(needed)) continue;
  console.error(`${needed} does not exist; ${USAGE}`);
  process.exit(2);
}
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`ROUNDS is a number from 1 on; ${USAGE}`);
  process.exit(2);
}

const SMDA = 'import sys; from smda.Disassembler import Disassembler; Disassembler().disassembleFile(sys.argv[1])';
const python = process.env.PYTHON ?? 'python3';
/** What is timed: the command, and one that says whether it is there. */
const analysers = [
  { name: 'winnow children --json', run: [process.execPath, cli, 'children', file, '--json'] },
  { name: 'smda, disassembly', run: [python, '-c', SMDA, file], probe: [python, '-c', 'import smda'] },
  { name: 'capa', run: ['capa', '-q', file], probe: ['capa', '--version'] },
];

const start = ([command, ...words]) => spawnSync(command, words, { stdio: ['ignore', 'ignore', 'ignore'] });
const present = analysers.filter(({ name, probe }) => {
  if (probe === undefined || start(probe).status === 0) return true;
  console.log(`${name.padEnd(28)} not installed, left out`);
  return false;
});

const times = new Map(present.map(({ name }) => [name, []]));
for (let round = 0; round < rounds; round++)
  for (const { name, run } of present) {
    const from = performance.now();
    const { status } = start(run);
    if (status === 0) times.get(name).push(performance.now() - from);
  }
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const own = median(times.get(present[0].name));
console.log(`${file}: whole processes, cold, median of ${rounds} in turn`);
for (const [name, all] of times)
  console.log(
    all.length === 0
      ? `${name.padEnd(28)} failed`
      : `${name.padEnd(28)}${(median(all) / 1000).toFixed(2).padStart(9)} s${(median(all) / own).toFixed(1).padStart(8)} x`,
  );
