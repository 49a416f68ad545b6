// Question: how long do the account changes of a large Security log take, and how much memory, beside reading the log alone and beside others' account rules?
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inTurn, ratio } from './paired.mjs';

const USAGE =
  'usage: node bench/accounts.mjs LOG.evtx [ROUNDS], after npm run build; node bench/make-evtx.mjs LOG.evtx 1074 writes a log. evtx_dump and chainsaw beside it where they are there (CHAINSAW_RULES: a folder of its rules for accounts)';
const acts = fileURLToPath(new URL('accounts-acts.mjs', import.meta.url));
const built = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const [log, rounds = '3'] = process.argv.slice(2);
for (const needed of [log, built])
  if (needed === undefined || !existsSync(needed)) {
    console.error(`${needed ?? 'no log'}: does not exist; ${USAGE}`);
    process.exit(2);
  }
const ACCOUNTS = 'winnow accounts, JSON';
const READING = 'winnow events --count: reading alone';
const sides = [
  { name: ACCOUNTS, command: process.execPath, args: [acts, 'accounts', log, '--json', '--quiet'] },
  { name: READING, command: process.execPath, args: [acts, 'events', log, '--count', '--quiet'] },
];
const isThere = (command) => spawnSync(command, ['--version']).status === 0;
if (isThere('evtx_dump'))
  sides.push({ name: 'evtx_dump, JSON lines', command: 'evtx_dump', args: ['-o', 'jsonl', '-t', '1', log] });
else console.log('skipped: evtx_dump is not there');
if (isThere('chainsaw') && process.env.CHAINSAW_RULES)
  sides.push({
    name: 'chainsaw, account rules',
    command: 'chainsaw',
    args: ['hunt', log, '-r', process.env.CHAINSAW_RULES, '--json'],
  });
else console.log('skipped: chainsaw is not there, or CHAINSAW_RULES names no rules');
const results = inTurn(sides, Number(rounds));
const megabytes = statSync(log).size / 1e6;
console.log(
  `Node ${process.versions.node}; ${rounds} rounds in turn, whole processes, one thread each, seconds: best, median, all`,
);
for (const { name } of sides) {
  const { best, median, times, told } = results.get(name);
  console.log(
    `${name.padEnd(38)}${best.toFixed(2).padStart(6)}${median.toFixed(2).padStart(8)}   ${times.map((time) => time.toFixed(2)).join(' ')}   ${(megabytes / best).toFixed(0)} MB/s   ${name.startsWith('winnow') ? told : ''}`,
  );
}
console.log(`accounts takes ${ratio(results, ACCOUNTS, READING).toFixed(2)} times as long as reading alone`);
