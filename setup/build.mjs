// Builds dist/ as tsdown.config.ts says, then the bytecode of the command's program; speaks only when something is wrong.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
await build({ logLevel: 'warn' });
const make = fileURLToPath(new URL('code-cache.mjs', import.meta.url));
const { status, error } = spawnSync(process.execPath, [make], { stdio: ['ignore', 'ignore', 'inherit'] });
if (error || status !== 0) {
  console.error(
    `the bytecode of dist/program.cjs was not made (${error ?? `exit ${status}`}); the command works without, and starts slower`,
  );
}
