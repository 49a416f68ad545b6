// Claim: in a process that is warm, an image is analysed at so many milliseconds, megabytes a second and files a second, in bounded memory.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const USAGE = 'usage: node bench/children.mjs [--rounds N] [--modules FOLDER] [FILE or FOLDER]..., after npm run build';
const built = new URL('../dist/children.js', import.meta.url);
const demo = fileURLToPath(
  new URL('../node_modules/node-pty/prebuilds/win32-x64/conpty/OpenConsole.exe', import.meta.url),
);

let options;
try {
  options = parseArgs({
    options: { rounds: { type: 'string', default: '5' }, modules: { type: 'string' } },
    allowPositionals: true,
  });
} catch (error) {
  stop(`${error.message}; ${USAGE}`);
}
const rounds = Number(options.values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) stop(`--rounds is a number from 1 on; ${USAGE}`);
const given = options.positionals.length > 0 ? options.positionals : [demo];
for (const needed of [fileURLToPath(built), ...given])
  if (!existsSync(needed)) stop(`${needed} does not exist; ${USAGE}`);
const { findChildren } = await import(built.href);

function stop(message) {
  console.error(message);
  process.exit(2);
}

/** A function that gives a folder's file by lower-case name; each is read from disk once, so that the disk is not measured. */
function modulesOf(folder) {
  const paths = new Map(readdirSync(folder).map((name) => [name.toLowerCase(), join(folder, name)]));
  const read = new Map();
  return (name) => {
    const path = paths.get(name);
    if (path === undefined || !statSync(path).isFile()) return undefined;
    if (!read.has(name)) read.set(name, { name: basename(path), path, bytes: readFileSync(path) });
    return read.get(name);
  };
}

const paths = given.flatMap((path) =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .map((name) => join(path, name))
        .filter((each) => /\.(exe|dll)$/i.test(each) && statSync(each).isFile())
    : [path],
);
const shared = options.values.modules === undefined ? undefined : modulesOf(options.values.modules);

const rows = [];
let refused = 0;
for (const path of paths) {
  const bytes = readFileSync(path);
  const folderModules = shared ?? modulesOf(dirname(path));
  let loaded = 0;
  const loadModule = (name) => {
    const module = folderModules(name);
    loaded += module?.bytes.length ?? 0;
    return module;
  };
  const times = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      loaded = 0;
      const from = performance.now();
      findChildren({ name: basename(path), path, bytes }, { loadModule });
      // The first time fills caches and compiles; it is not counted.
      if (round > 0) times.push(performance.now() - from);
    }
  } catch (error) {
    refused++;
    console.error(`left out: ${error.message}`);
    continue;
  }
  times.sort((a, b) => a - b);
  rows.push({ path, ms: times[times.length >> 1], worst: times.at(-1), megabytes: (bytes.length + loaded) / 1e6 });
}

const number = (value, digits, width) => value.toFixed(digits).padStart(width);
console.log(
  `Node ${process.versions.node}, ${rounds} rounds after one uncounted; MB are those of the image and of the modules it loads`,
);
console.log('  median ms   worst ms       MB     MB/s  file');
for (const { path, ms, worst, megabytes } of rows) {
  console.log(
    `${number(ms, 1, 11)}${number(worst, 1, 11)}${number(megabytes, 2, 9)}${number((megabytes * 1000) / ms, 1, 9)}  ${basename(path)}`,
  );
}
if (rows.length > 0) {
  const ms = rows.reduce((sum, row) => sum + row.ms, 0);
  const megabytes = rows.reduce((sum, row) => sum + row.megabytes, 0);
  const left = refused > 0 ? `, ${refused} left out` : '';
  console.log(
    `${rows.length} files${left}: ${(ms / rows.length).toFixed(1)} ms a file, ${((rows.length * 1000) / ms).toFixed(1)} files/s, ${((megabytes * 1000) / ms).toFixed(1)} MB/s`,
  );
  console.log(`memory of the process at its peak: ${((process.resourceUsage().maxRSS * 1024) / 1e6).toFixed(0)} MB`);
}
