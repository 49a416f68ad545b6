#!/usr/bin/env node
// The command `winnow`: starts the program from its bytecode.
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileLater, loadCompiled } from './compiled.ts';

/** Node's exit code where what is waited for can never come (process.html, "Unsettled Top-Level Await"). */
const UNSETTLED = 13;
process.on('exit', () => {
  if (process.exitCode !== UNSETTLED) return;
  writeSync(2, 'winnow: unexpected: it waited for what never came, and has no answer; please report it\n');
  process.exitCode = 70;
});

compileLater();
const program = loadCompiled<typeof import('./program.ts')>(fileURLToPath(new URL('program.cjs', import.meta.url)));
process.exitCode = await program.exports.run(process.argv.slice(2), new URL('events-worker.js', import.meta.url));
