// From the paths of a command line to logs that are read one after the other: files, folders, standard input.

import { InputError } from '../errors.ts';
import { type LogInput, type LogReport, type OpenedLog, openLogs } from '../logs/index.ts';
import { filesUnder, isFolder, openFile, standardInput } from './files.ts';
import { count, plain } from './print.ts';

/** Names of what is read in a folder or an archive: logs, packed or not. A file that is named itself is read whatever its name. */
const LOG_NAME = /\.(evtx|json|jsonl|ndjson|xml|csv|tsv)(\.gz)?$|\.(zip|tar|tar\.gz|tgz)$/i;

/** What macOS keeps beside a file on other disks and in archives, under the file's own name with "._" in front. */
const BESIDE_FILE = /(?:^|[\\/!])\._[^\\/]*$/;

export function isLogName(name: string): boolean {
  return LOG_NAME.test(name) && !BESIDE_FILE.test(name);
}

/** What the paths name, before anything is opened. */
export interface NamedLogs {
  /** "-" is standard input. */
  readonly paths: readonly string[];
  readonly failures: readonly InputError[];
  /** Files of folders that have no log's name. */
  readonly passedOver: number;
}

export function namedLogs(given: readonly string[]): NamedLogs {
  const paths: string[] = [];
  const failures: InputError[] = [];
  let passedOver = 0;
  for (const path of given) {
    if (path === '-' || !isFolder(path)) {
      paths.push(path);
      continue;
    }
    try {
      const all = filesUnder(path, failures);
      const logs = all.filter(isLogName);
      passedOver += all.length - logs.length;
      if (logs.length === 0)
        failures.push(
          new InputError(
            `${path}: no log in this folder (.evtx, .json, .jsonl, .ndjson, .xml, .csv, also .gz, .zip and .tar)`,
          ),
        );
      paths.push(...logs);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failures.push(error);
    }
  }
  return { paths: [...new Set(paths)], failures, passedOver };
}

/** Opens one path; what is to be called when it was read. Throws InputError. */
export function openInput(
  path: string,
  onRead: (end: number, size: number) => void,
): { input: LogInput; close: () => void } {
  if (path === '-') return { input: { name: 'standard input', blocks: standardInput() }, close: () => {} };
  const file = openFile(path, (end) => onRead(end, file.size));
  return { input: file, close: file.close };
}

/** The logs of one path, which is closed behind the last. Throws InputError. */
export async function* logsOf(
  path: string,
  report: LogReport,
  onRead: (end: number, size: number) => void = () => {},
): AsyncGenerator<OpenedLog> {
  const { input, close } = openInput(path, onRead);
  try {
    yield* openLogs(input, report, isLogName);
  } finally {
    close();
  }
}

/** What a reading noted, as lines for stderr. */
export function reportLines(report: LogReport): string[] {
  const lines = report.notes.map(({ about, text }) => `winnow: ${plain(about)}: ${plain(text)}\n`);
  if (report.left > 0) lines.push(`winnow: ${count(report.left, 'more note')} left out\n`);
  return lines;
}
