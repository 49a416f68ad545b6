// From the paths of a command line to the sources of a history: files that DuckDB reads itself, and logs that Winnow's readers open.

import { InputError } from '../errors.ts';
import { whyCutOff } from '../history/stores/packed-files.ts';
import { type HistorySource, isPlainJson } from '../history/stores/relations.ts';
import { eventsOf, type LogEvent, LogReport } from '../logs/index.ts';
import { fileId, filesUnder, isFile, isFolder, readStart } from './files.ts';
import { isLogName, logsOf } from './log-inputs.ts';

const PARQUET = /\.(?:parquet|pq)$/i;

export interface HistorySources {
  readonly sources: readonly HistorySource[];
  /** What the readers told; it is full once a question was answered. */
  readonly report: () => LogReport;
  readonly failures: readonly InputError[];
  /** Packed files are read as far as they go: one that is cut off becomes a failure. */
  readonly checkWhole: () => Promise<void>;
}

/** Files, folders and patterns ("logs/*.parquet"). Throws InputError where none of them names a file. */
export function historySources(
  given: readonly string[],
  onRead: (path: string, end: number, size: number) => void = () => {},
): HistorySources {
  const failures: InputError[] = [];
  const files = distinctFiles(given.flatMap((path) => filesOf(path, failures)));
  if (files.length === 0) throw failures[0] ?? new InputError('the history has no file');
  const parquet: string[] = [];
  const json: string[] = [];
  const csv: string[] = [];
  const logs: string[] = [];
  for (const file of files) {
    const start = readStart(file, 1 << 16);
    if (!start) failures.push(new InputError(`cannot read ${file}: it is no file that can be read`));
    else if (isParquet(start)) parquet.push(file);
    else if (isPlainCsv(file, start)) csv.push(file);
    else if (isPlainJson(file)) json.push(file);
    else logs.push(file);
  }
  let report = new LogReport();
  const all: readonly HistorySource[] = [
    { kind: 'parquet', files: parquet },
    { kind: 'json', files: json },
    { kind: 'csv', files: csv },
  ];
  const sources = all.filter((source) => source.kind !== 'events' && source.files.length > 0);
  async function* open(): AsyncGenerator<LogEvent> {
    report = new LogReport();
    for (const path of logs)
      for await (const log of logsOf(path, report, (end, size) => onRead(path, end, size)))
        yield* eventsOf(log, report);
  }
  if (logs.length > 0) sources.push({ kind: 'events', name: 'logs', open });
  if (sources.length === 0) throw failures[0];
  async function checkWhole(): Promise<void> {
    for (const path of [...json, ...logs]) {
      const why = await whyCutOff(path);
      if (why !== undefined)
        failures.push(new InputError(`${path} cannot be read to its end: ${why}; only what is before was counted`));
    }
  }
  return { sources, report: () => report, failures, checkWhole };
}

/** One file under several names (from another folder, by a link) is counted once. */
function distinctFiles(paths: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const id = fileId(path);
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

function filesOf(path: string, failures: InputError[]): readonly string[] {
  if (isFolder(path)) {
    const files = filesUnder(path, failures).filter((file) => PARQUET.test(file) || isLogName(file));
    if (files.length === 0) failures.push(new InputError(`${path}: no Parquet file and no log in this folder`));
    return files;
  }
  if (isFile(path) || !/[*?]/.test(path)) return [path];
  const files = matching(path, failures);
  if (files.length === 0) failures.push(new InputError(`${path}: no file of this pattern`));
  return files;
}

/** "logs/*.parquet", "logs/**" + "/x?.json": a star stands for no separator, two for any. */
function matching(pattern: string, failures: InputError[]): readonly string[] {
  const parts = pattern.replaceAll('\\', '/').split('/');
  const fixed = parts.slice(
    0,
    parts.findIndex((part) => /[*?]/.test(part)),
  );
  const base = fixed.length === 0 ? '.' : fixed.join('/') || '/';
  if (!isFolder(base)) return [];
  const source = parts
    .slice(fixed.length)
    .map((part) =>
      part === '**'
        ? '(?:[^/]+/)*'
        : `${part
            .replace(/[.+^${}()|[\]\\]/g, '\\$&')
            .replace(/\*+/g, '[^/]*')
            .replaceAll('?', '[^/]')}/`,
    )
    .join('');
  const wanted = new RegExp(`^${source.replace(/\/$/, '')}$`);
  const prefix = base === '.' ? '' : base === '/' ? '/' : `${base}/`;
  return filesUnder(base, failures).filter((file) => {
    const path = file.replaceAll('\\', '/');
    return wanted.test(path.startsWith(prefix) ? path.slice(prefix.length) : path);
  });
}

function isParquet(start: Uint8Array): boolean {
  return start[0] === 0x50 && start[1] === 0x41 && start[2] === 0x52 && start[3] === 0x31;
}

/** Commas between, names in the first row, and times that DuckDB reads too; any other goes through Winnow's own reader. */
function isPlainCsv(path: string, start: Uint8Array): boolean {
  if (!/\.csv$/i.test(path) || start.includes(0)) return false;
  const text = new TextDecoder().decode(start);
  const [names = ''] = text.split(/\r?\n/);
  return (
    /^\uFEFF?[\w@"]/.test(names) &&
    names.includes(',') &&
    !/[;\t|]/.test(names) &&
    !/\d\/\d{4},? \d|\/Date\(/.test(text)
  );
}
