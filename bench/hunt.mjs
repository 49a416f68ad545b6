// Question: how long does a hunt take with one rule, with fifty and with all, beside rsigma on the same log, and what does a rule more cost?
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTurn, ratio } from './paired.mjs';

const USAGE =
  'usage: node bench/hunt.mjs LOG.evtx RULES [ROUNDS], after npm run build; rsigma 0.23 (cargo install rsigma --features evtx) beside it where it is there';
const acts = fileURLToPath(new URL('hunt-acts.mjs', import.meta.url));
const built = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const small = fileURLToPath(new URL('../fixtures/logs/sample/Security.evtx', import.meta.url));
const [log, folder, rounds = '3'] = process.argv.slice(2);
for (const needed of [log, folder, built])
  if (needed === undefined || !existsSync(needed)) {
    console.error(`${needed ?? 'no log'}: does not exist; ${USAGE}`);
    process.exit(2);
  }
const LOADING = 'winnow, all rules, a log of 8 events';
const all = filesUnder(folder).filter((path) => path.endsWith('.yml'));
const about = (pattern) => all.filter((path) => pattern.test(readFileSync(path, 'utf8')));
const accounts = about(/EventID: *\n? *-? *(?:47[234]\d)|\\net1?\.exe/).slice(0, 50);
const scratch = mkdtempSync(join(tmpdir(), 'winnow-hunt-'));
try {
  const sets = [
    ['1 rule', all.slice(0, 1)],
    ['about 50 account rules', accounts],
    ['200 rules', spread(200)],
    [`all ${all.length} rules`, all],
  ].map(([name, files], i) => ({ name, rules: copied(files, i) }));
  const hasPeer = spawnSync('rsigma', ['--version']).status === 0;
  if (!hasPeer) console.log('skipped: rsigma is not there');
  const sides = sets.flatMap(({ name, rules }) => [
    { name: `winnow, ${name}`, command: process.execPath, args: [acts, log, rules, join(scratch, 'cache')] },
    ...(hasPeer
      ? [
          {
            name: `rsigma, ${name}`,
            command: 'rsigma',
            args: [
              'engine',
              'eval',
              '-r',
              rules,
              '-e',
              `@${log}`,
              '--jq',
              '.Event.EventData + .Event.System',
              '-p',
              'sysmon',
              '-q',
            ],
          },
        ]
      : []),
  ]);
  sides.push({
    name: LOADING,
    command: process.execPath,
    args: [acts, small, join(scratch, '3'), join(scratch, 'cache')],
  });
  // What was read of the rules is kept; the first run of each is not counted.
  inTurn(
    sides.filter(({ name }) => name.startsWith('winnow')),
    1,
  );
  const results = inTurn(sides, Number(rounds));
  const megabytes = statSync(log).size / 1e6;
  console.log(
    `Node ${process.versions.node}; ${rounds} rounds in turn, whole processes, one thread each, seconds: best, median, all`,
  );
  for (const { name } of sides) {
    const { best, median, times, told } = results.get(name);
    const rate = (megabytes / best).toFixed(0);
    console.log(
      `${name.padEnd(38)}${best.toFixed(2).padStart(6)}${median.toFixed(2).padStart(8)}   ${times.map((time) => time.toFixed(2)).join(' ')}   ${rate} MB/s   ${name.startsWith('winnow') ? told : ''}`,
    );
  }
  if (hasPeer)
    for (const { name } of sets)
      console.log(
        `${name}: ${ratio(results, `rsigma, ${name}`, `winnow, ${name}`).toFixed(2)} times as fast as rsigma`,
      );
  const most = sets.at(-1).name;
  console.log(
    `from 200 rules to all: ${ratio(results, `winnow, ${most}`, 'winnow, 200 rules').toFixed(2)} times the time`,
  );
} finally {
  rmSync(scratch, { recursive: true });
}

function filesUnder(path) {
  return statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .flatMap((name) => filesUnder(join(path, name)))
    : [path];
}

/** So many of all rules, evenly. */
function spread(count) {
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => all[Math.floor((i * all.length) / count)]);
}

function copied(files, number) {
  const into = join(scratch, String(number));
  mkdirSync(into);
  for (const [i, file] of files.entries()) copyFileSync(file, join(into, `${i}.yml`));
  return into;
}
