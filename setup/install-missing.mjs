// Installs what package-lock.json names, when something of it is missing or has another version; needs nothing but Node and npm.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What the build asks of Node; the built program runs on any Node from 20.0 on. */
const LEAST_NODE = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
  stop(`Winnow is built with Node ${LEAST_NODE.join('.')} or newer, and this is Node ${process.versions.node}.`);
}

const missing = missingPackages();
if (missing.length > 0) {
  console.log(`Installing what is missing: ${missing.length} of the packages, such as ${missing[0]} ...`);
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: 'inherit' };
  // npm names itself to its scripts; without it the shell finds npm, or npm.cmd.
  const { status, error } = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, 'ci'], options)
    : spawnSync('npm ci', { ...options, shell: true });
  if (error || status !== 0)
    stop(`npm ci did not succeed${error ? `: ${error.message}` : ''}; the lines above say why.`);
}

/** Packages that the lock file asks for on every platform and that are not installed as it says. */
function missingPackages() {
  const wanted = packagesOf('package-lock.json');
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.keys(wanted).filter((path) => {
    if (path === '' || wanted[path].optional) return false;
    return installed[path]?.version !== wanted[path].version || !existsSync(`${root}${path}/package.json`);
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(root + file, 'utf8')).packages ?? {};
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    stop(`${file} cannot be read: ${error.message}`);
  }
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
