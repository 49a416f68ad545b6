// Makes the bytecode of dist/program.cjs: runs the main job on what node-pty brings along, and keeps what V8 compiled for it.
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cacheOf, compileLater, loadCompiled } from '../dist/compiled.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = `${root}dist/program.cjs`;
const demo = `${root}node_modules/node-pty/prebuilds/win32-x64/conpty/OpenConsole.exe`;

compileLater();
const program = loadCompiled(file);
const runs = [
  ['--help'],
  ...(existsSync(demo)
    ? [
        ['children', demo],
        ['children', demo, '--json'],
      ]
    : []),
];
for (const words of runs) {
  const code = await program.exports.run(words);
  if (code !== 0) process.exit(code);
}
writeFileSync(cacheOf(file), program.bytecode());
