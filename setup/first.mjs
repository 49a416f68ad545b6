// What a stranger sees first: the main job on a real Windows program, which the development package node-pty brings along.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = 'node_modules/node-pty/prebuilds/win32-x64/conpty/OpenConsole.exe';

const runs = [
  { asks: 'Which programs may it start, at which call sites, and what is the rule?', words: ['--sites'] },
  { asks: 'How is cmd.exe known?', words: ['--explain', 'cmd.exe'] },
];

for (const { asks, words } of runs) {
  const command = ['children', PROGRAM, ...words];
  console.log(`\n# ${asks}\n$ winnow ${command.join(' ')}\n`);
  const { status, error } = spawnSync(process.execPath, ['dist/cli.js', ...command], { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status);
}

console.log(`
# Next
$ node dist/cli.js children FILE     your own program, on any system; on Windows its modules come from System32
$ node dist/cli.js children --help   languages, modules, JSON
$ npm test                           the tests`);
