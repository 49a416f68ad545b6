// `winnow children --baseline`: the process-creation events of the logs, and the answer held against them.
import type { ChildrenDocument } from '../children/document.ts';
import { Observed } from '../children/reality/observed.ts';
import { tellReality } from '../children/reality/reality.ts';
import { InputError, UsageError } from '../errors.ts';
import { eventsOf, LogReport } from '../logs/index.ts';
import { failureLine } from './exit.ts';
import { fileName } from './files.ts';
import { logsOf, namedLogs, reportLines } from './log-inputs.ts';
import type { Progress } from './print.ts';

/** What was read of logs. */
export interface ReadLogs {
  readonly observed: Observed;
  /** Lines for stderr: what was read with doubt, and the inputs that could not be read. */
  readonly notes: readonly string[];
  readonly failures: readonly string[];
  /** Whether an input could not be read. */
  readonly failed: boolean;
}

export interface HeldAgainst extends Omit<ReadLogs, 'observed'> {
  /** The document with what the logs say of it. */
  readonly document: ChildrenDocument;
}

/** Throws UsageError where no event can have what was analysed as its parent: a module without the program that it runs in. */
export async function heldAgainst(
  document: ChildrenDocument,
  logs: readonly string[],
  host: string | undefined,
  progress: Progress,
): Promise<HeldAgainst> {
  if (document.parent.kind === 'module' && host === undefined)
    throw new UsageError(
      `--baseline looks for the children of a program, and ${document.parent.image} is a module; give --host PROGRAM as well`,
    );
  const program = fileName(host ?? document.parent.image);
  const { observed, ...told } = await readBaseline(logs, (name) => name === program.toLowerCase(), progress);
  return { ...told, document: { ...document, reality: tellReality(observed, document, program) } };
}

/** The process-creation events of the logs; `isParent` says whose children are wanted, by file name in lower case. */
export async function readBaseline(
  given: readonly string[],
  isParent: (name: string) => boolean,
  progress: Progress,
): Promise<ReadLogs> {
  const { paths, failures } = namedLogs(given);
  const told = failures.map((failure) => failureLine(failure));
  const report = new LogReport();
  const observed = new Observed(isParent);
  try {
    for (const path of paths) {
      try {
        const step = (end: number, size: number): void => progress.step(`${path},`, end, size);
        for await (const log of logsOf(path, report, step))
          for await (const event of eventsOf(log, report, { glance: (one) => observed.wants(one) }))
            observed.take(event);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        told.push(failureLine(error));
      }
    }
  } finally {
    progress.end();
  }
  return { observed, notes: reportLines(report), failures: told, failed: told.length + report.refused > 0 };
}
