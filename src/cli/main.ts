#!/usr/bin/env node
// The command `winnow`: gives the process's streams to the dispatcher and its answer back as the exit code.
import { setFlagsFromString } from 'node:v8';
import packageJson from '../../package.json' with { type: 'json' };
import { dispatch } from './dispatch.ts';
import { exitCodeOf, failureLine } from './exit.ts';

/** The newest Node whose V8 is known to take the flag; another one would complain on stderr. */
const LAST_TRIED = 24;

// A run is over in a fraction of a second: V8 compiles what is warm too early for that, and most of it in vain (bench/cold-start.mjs: a quarter
// of the time). Its default is 132 KB of bytecode run; what is hot for longer is still compiled.
if (Number.parseInt(process.versions.node, 10) <= LAST_TRIED) setFlagsFromString('--interrupt-budget=500000');

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader went away (`| head`): nobody is left to tell.
    if (error.code === 'EPIPE' || error.code === 'EOF') process.exit(process.exitCode ?? 0);
    throw error;
  });
}

function fail(error: unknown): never {
  process.stderr.write(failureLine(error, Boolean(process.env.WINNOW_DEBUG)));
  process.exit(exitCodeOf(error));
}
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

process.exitCode = await dispatch(
  process.argv.slice(2),
  {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    outIsTerminal: process.stdout.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
    env: process.env,
    platform: process.platform,
  },
  packageJson.version,
);
