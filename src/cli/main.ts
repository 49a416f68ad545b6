#!/usr/bin/env node
// The command `winnow`: starts the program from its bytecode.
import { fileURLToPath } from 'node:url';
import { compileLater, loadCompiled } from './compiled.ts';

compileLater();
const program = loadCompiled<typeof import('./program.ts')>(fileURLToPath(new URL('program.cjs', import.meta.url)));
process.exitCode = await program.exports.run(process.argv.slice(2), new URL('events-worker.js', import.meta.url));
