// Prints how right Winnow is over all that is there: the truth table in ../shared, the fixtures, and the programs of libwine, as they are and stripped.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fixtures } from './fixtures.mjs';
import { scoreTable } from './score.mjs';
import { stripper } from './strip.mjs';
import { sweepFolder } from './sweep.mjs';

const USAGE = `usage: npm run truth -- [--truth FILE] [--binaries FOLDER] [--libwine FOLDER] [--without TRAP]... [--json]
  --truth FILE        a truth table (default: ../shared/children/truth.json beside the project)
  --binaries FOLDER   the folder that the table's paths begin in (default: the environment variable WINNOW_TRUTH_BINARIES, else FILE's own)
  --libwine FOLDER    the folder x86_64-windows of Debian's libwine 8.0~repack-4 (default: the environment variable WINNOW_TRUTH_LIBWINE)
  --without TRAP      leave this trap of real programs unhandled, to see what its handler is worth (may be given several times)
  --json              print the figures as JSON and nothing else`;

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const built = new URL('../dist/children.js', import.meta.url);
const builtWithout = new URL('../dist/truth.js', import.meta.url);

function stop(message) {
  console.error(message);
  process.exit(2);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        truth: { type: 'string' },
        binaries: { type: 'string' },
        libwine: { type: 'string' },
        without: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    return stop(`${error.message}\n${USAGE}`);
  }
}

const options = readOptions();
if (![built, builtWithout].every((file) => existsSync(fileURLToPath(file))))
  stop('dist/ is not built: run npm run build, or npm run truth');
const { findChildren: find } = await import(built.href);
const { flowWithout, TRAPS } = await import(builtWithout.href);
if (options.help) {
  console.log(`${USAGE}\n\nTraps:\n${TRAPS.map(({ trap, without }) => `  ${trap.padEnd(19)} ${without}`).join('\n')}`);
  process.exit(0);
}
const strange = options.without.find((trap) => !TRAPS.some((row) => row.trap === trap));
if (strange !== undefined)
  stop(`--without: there is no trap "${strange}"; they are ${TRAPS.map(({ trap }) => trap).join(', ')}`);
const makeFlow = options.without.length > 0 ? flowWithout(options.without) : undefined;
const findChildren = (file, more) => find(file, { ...more, makeFlow });

const say = options.json ? () => {} : console.log;
const skipped = [];
const skip = (what, why) => {
  skipped.push({ what, why });
  say(`${what}: skipped: ${why}\n`);
};
const figures = options.without.length > 0 ? { without: options.without } : {};
for (const { trap, without } of TRAPS) if (options.without.includes(trap)) say(`without ${trap}: ${without}\n`);

sharedTruth();
figures.fixtures = fixtures(options.without);
sayFixtures(figures.fixtures);
libwine();
if (options.json) console.log(JSON.stringify({ ...figures, skipped }));

function sharedTruth() {
  const what = 'truth table of real programs';
  const file = options.truth ?? at('../../shared/children/truth.json');
  if (!existsSync(file)) return skip(what, `${file} is absent (--truth FILE)`);
  const truth = JSON.parse(readFileSync(file, 'utf8'));
  const root = options.binaries ?? process.env.WINNOW_TRUTH_BINARIES ?? dirname(file);
  const files = truth.parents.map(({ file }) => join(root, file));
  if (!files.some((path) => existsSync(path)))
    return skip(what, `none of its ${files.length} programs is under ${root} (--binaries FOLDER)`);
  figures.truth = scoreTable(truth, root, findChildren);
  sayScore(what, figures.truth);
}

function libwine() {
  const what = 'programs of libwine';
  const root = options.libwine ?? process.env.WINNOW_TRUTH_LIBWINE;
  if (root === undefined) return skip(what, 'no folder is given (--libwine FOLDER; truth/README.md says which)');
  if (!existsSync(root)) return stop(`${root} does not exist\n${USAGE}`);
  const truth = JSON.parse(readFileSync(at('libwine.json'), 'utf8'));
  figures.libwine = scoreTable(truth, root, findChildren);
  sayScore(what, figures.libwine);
  figures.libwine.sweep = sweepFolder(root, findChildren);
  saySweep('every file of libwine', figures.libwine.sweep);
  const stripped = stripper();
  if (typeof stripped === 'string') return skip(`${what}, stripped`, stripped);
  try {
    figures.libwine_stripped = scoreTable(truth, root, findChildren, stripped.strip);
    sayScore(`${what}, stripped of symbols and debug data`, figures.libwine_stripped);
    figures.libwine_stripped.sweep = sweepFolder(root, findChildren, stripped.strip);
    saySweep('every file of libwine, stripped', figures.libwine_stripped.sweep);
  } finally {
    stripped.end();
  }
}

function sayScore(what, { programs, by_arch, ...all }) {
  say(`${what}: ${all.parents} analysed, ${all.absent} absent or another build, ${all.failed} failed`);
  for (const { program, arch, error, missed, false: falsely, blind_spots_missed } of programs) {
    if (error) say(`  ${program} ${arch}: FAILED: ${error}`);
    if (missed.length > 0) say(`  ${program} ${arch}: missed ${missed.join(', ')}`);
    if (falsely.length > 0) say(`  ${program} ${arch}: false ${falsely.join(', ')}`);
    for (const spot of blind_spots_missed) say(`  ${program} ${arch}: blind spot not found: ${spot}`);
  }
  const groups = Object.entries(by_arch);
  for (const [group, s] of groups.length > 1 ? [['all', all], ...groups] : [['all', all]])
    say(
      `  ${group.padEnd(3)}  recall ${s.recall} (${s.true} of ${s.true + s.missed})  precision ${s.precision} (${s.false} false)  ` +
        `proven precision ${s.proven_precision}\n       blind spots found ${s.blind_spots_found}  registry named ${s.registry_named}  ` +
        `invented ${s.blind_spots_invented}  registry wrong ${s.registry_wrong}  sites shown ${s.sites_shown}`,
    );
  say(`  median ${all.median_ms} ms\n`);
}

function saySweep(what, { files, no_programs, crashed, limited, cut, slowest }) {
  say(
    `${what}, each alone: ${files} analysed, ${crashed.length} crashed, ${limited.length} ended at a limit, ${no_programs} are no PE files`,
  );
  for (const { file, error } of crashed) say(`  ${file}: ${error}`);
  for (const { file, notes } of limited) say(`  ${file}: ${notes.join('; ')}`);
  if (cut.length > 0) say(`  called functions not followed to the end in ${cut.length}: ${cut.join(', ')}`);
  say(`  slowest: ${slowest.file}, ${slowest.ms} ms\n`);
}

function sayFixtures({ fixtures, passed, open, failed }) {
  say(`fixtures: ${passed} of ${fixtures} give their answer, ${open.length} are open, ${failed.length} fail`);
  for (const { fixture, why } of failed) say(`  ${fixture}: ${why}`);
  say('');
}
