// What a store elsewhere answered about observables: `--result OBSERVABLE=FILE.csv`, checked against the dossiers of the run.

import type { Command } from 'commander';
import { Option } from 'commander';
import { type AnsweredFigures, answeredFigures } from '../design/counting/answered-figures.ts';
import type { Environment } from '../design/environment.ts';
import type { Technique } from '../design/technique.ts';
import { UsageError } from '../errors.ts';
import { readRemoteResult } from '../history/remote/remote-result.ts';
import type { HistoryFlags } from './design-history.ts';
import { readWholeFile } from './files.ts';
import { plain } from './print.ts';

export interface ResultFlags {
  /** Each "OBSERVABLE=FILE.csv". */
  readonly result?: readonly string[];
}

export function resultGrammar(command: Command): Command {
  return command.addOption(
    new Option(
      '--result <OBSERVABLE=FILE>',
      "the rows that the queries of 'winnow baseline --observable ... --to' gave, as CSV: they count as a history of this observable; may be given several times",
    )
      .argParser((text: string, before: readonly string[] = []) => [...before, text])
      .conflicts('fixtures'),
  );
}

/** Files by observable. Throws UsageError for an observable that no dossier has, and for one that is named twice. */
export function resultFiles(
  { result = [] }: ResultFlags,
  techniques: readonly Technique[],
): ReadonlyMap<string, string> {
  const ids = techniques.flatMap(({ primitives }) =>
    primitives.flatMap(({ observables }) => observables.map(({ id }) => id)),
  );
  const files = new Map<string, string>();
  for (const text of result) {
    // An id may hold the sign, too.
    const [id] = ids.filter((one) => text.startsWith(`${one}=`)).sort((one, other) => other.length - one.length);
    const known = plain(ids.join(', '));
    if (id === undefined)
      throw new UsageError(
        text.includes('=')
          ? `--result ${plain(text)}: no dossier has such an observable; there are ${known}`
          : `--result ${plain(text)}: OBSERVABLE=FILE.csv is expected; the observables are ${known}`,
      );
    if (files.has(id)) throw new UsageError(`--result names ${plain(id)} twice: an observable has one answer`);
    files.set(id, text.slice(id.length + 1));
  }
  return files;
}

/** Throws InputError for a file that cannot be read, or is no answer. */
export function readResults(
  files: ReadonlyMap<string, string>,
  techniques: readonly Technique[],
  environment: Environment,
  { since, until, excludeDay }: HistoryFlags,
): AnsweredFigures {
  return answeredFigures({
    techniques,
    environment,
    observables: [...files.keys()],
    ...(since === undefined ? {} : { from: since }),
    ...(until === undefined ? {} : { to: until }),
    excludedDays: excludeDay ?? [],
    read: (question, window) => {
      const file = files.get(question.id)!;
      return readRemoteResult([{ file, text: new TextDecoder().decode(readWholeFile(file)) }], question, window);
    },
  });
}
