// Claim: a cold `winnow children FILE` with its modules takes less than four times an empty Node process. Both are run in turn, A B A B.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIMIT = 4;
const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'dist', 'cli.js');
const demo = join(root, 'node_modules', 'node-pty', 'prebuilds', 'win32-x64', 'conpty', 'OpenConsole.exe');

const [file = demo, folder = dirname(file), roundsText = '15'] = process.argv.slice(2);
const rounds = Number(roundsText);
for (const needed of [program, file, folder]) {
  if (existsSync(needed)) continue;
  console.error(
    `${needed} does not exist; usage: node bench/cold-start.mjs [FILE [FOLDER [ROUNDS]]], after npm run build`,
  );
  process.exit(2);
}
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`ROUNDS is a number from 1 on, not ${roundsText}`);
  process.exit(2);
}

const EMPTY = ['-e', ''];
const CHILDREN = [program, 'children', file, '--modules', folder, '--json'];

/** Milliseconds from start to end of one process whose output nobody reads. */
function time(args) {
  const from = process.hrtime.bigint();
  const { status, error } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const took = Number(process.hrtime.bigint() - from) / 1e6;
  if (error || status !== 0) {
    console.error(`node ${args.join(' ')} ended with ${error ?? status}`);
    process.exit(1);
  }
  return took;
}

/** The middle of the numbers, and those a quarter from each end. */
function quartiles(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (share) => sorted[Math.round((sorted.length - 1) * share)];
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

// Once each unmeasured, so that the files are in the system's cache for both.
time(EMPTY);
time(CHILDREN);
const empty = [];
const children = [];
for (let round = 0; round < rounds; round++) {
  empty.push(time(EMPTY));
  children.push(time(CHILDREN));
}
const ratio = quartiles(children.map((took, round) => took / empty[round]));
const show = (name, { low, median, high }, unit, digits) =>
  console.log(
    `${name.padEnd(28)}${median.toFixed(digits).padStart(8)} ${unit}   (${low.toFixed(digits)} to ${high.toFixed(digits)})`,
  );

console.log(`${file} (${(statSync(file).size / 1e6).toFixed(2)} MB), modules from ${folder}`);
console.log(`Node ${process.versions.node}, ${rounds} rounds in turn; median (and the middle half)`);
show('node -e ""', quartiles(empty), 'ms', 1);
show('winnow children --json', quartiles(children), 'ms', 1);
show('one by the other, by pairs', ratio, 'x ', 2);
console.log(`limit ${LIMIT} x: ${ratio.median < LIMIT ? 'kept' : 'NOT kept'}`);
