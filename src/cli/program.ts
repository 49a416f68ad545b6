// The program `winnow`: gives the process's streams to the dispatcher and its answer back as the exit code.
import packageJson from '../../package.json' with { type: 'json' };
import { dispatch } from './dispatch.ts';
import { type ExitCode, exitCodeOf, failureLine } from './exit.ts';

/** Runs `winnow ARGS` on this process's streams; `eventsWorker` is the script of its threads. */
export async function run(args: readonly string[], eventsWorker?: URL): Promise<ExitCode> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // The reader went away (`| head`): nobody is left to tell.
      if (error.code === 'EPIPE' || error.code === 'EOF') process.exit(process.exitCode ?? 0);
      throw error;
    });
  }
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  return dispatch(
    args,
    {
      out: (text) => void process.stdout.write(text),
      outBytes: async (bytes) => {
        await new Promise<void>((resolve) => void process.stdout.write(bytes, () => resolve()));
      },
      err: (text) => void process.stderr.write(text),
      outIsTerminal: process.stdout.isTTY === true,
      errIsTerminal: process.stderr.isTTY === true,
      env: process.env,
      platform: process.platform,
      ...(eventsWorker ? { eventsWorker } : {}),
    },
    packageJson.version,
  );
}

function fail(error: unknown): never {
  process.stderr.write(failureLine(error, Boolean(process.env.WINNOW_DEBUG)));
  process.exit(exitCodeOf(error));
}
