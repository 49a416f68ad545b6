// From the logs of a command line to the story of accounts, with what went wrong on the way.

import { Collector } from '../accounts/collector.ts';
import type { AccountsDocument } from '../accounts/document.ts';
import type { SamStates } from '../accounts/join/with-sam.ts';
import { builtInMappings } from '../accounts/layers/api/built-in-mappings.ts';
import { readApiMapping } from '../accounts/layers/api/mapping-file.ts';
import { tellStory } from '../accounts/story.ts';
import { Wanted } from '../accounts/wanted.ts';
import { InputError, UsageError } from '../errors.ts';
import { eventsOf, type Glance, LogReport } from '../logs/index.ts';
import { EXIT, type ExitCode, failureLine } from './exit.ts';
import { readWholeFile } from './files.ts';
import { logsOf, namedLogs, reportLines } from './log-inputs.ts';
import { count, type Face, plain, progressOn } from './print.ts';
import { readSamFile } from './sam-files.ts';

export interface ReadStory {
  readonly document: AccountsDocument;
  /** Tells what went wrong, once the answer is printed, and gives the exit code. */
  readonly end: () => ExitCode;
}

/** Beside the logs. */
export interface StoryInputs {
  /** SAM hives of the logs' host, as it was and as it is. */
  readonly samBefore?: string;
  readonly samAfter?: string;
  /** Mappings of other vendors' API events. */
  readonly apiMapping?: readonly string[];
}

/** Throws UsageError where only one of the hives is given, and what reading them and the mappings throws. */
export async function readStory(
  given: readonly string[],
  face: Face,
  quiet: boolean,
  inputs: StoryInputs = {},
): Promise<ReadStory> {
  const sam = samStates(inputs, face);
  const mappings = (inputs.apiMapping ?? []).map((path) =>
    readApiMapping(new TextDecoder().decode(readWholeFile(path)), path),
  );
  const { paths, failures } = namedLogs(given);
  const told = failures.map((failure) => failureLine(failure));
  const progress = progressOn(face, quiet);
  const report = new LogReport();
  const collector = new Collector([...mappings, ...builtInMappings()]);
  try {
    for (const path of paths) {
      try {
        const step = (end: number, size: number): void =>
          progress.step(`${path}, ${count(collector.sightings.length, 'sighting')},`, end, size);
        for await (const log of logsOf(path, report, step)) {
          const wanted = new Wanted(collector.names);
          const glance = (one: Glance): boolean => wanted.has(one);
          for await (const event of eventsOf(log, report, { glance })) collector.take(event);
          collector.events += wanted.passedOver;
        }
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        told.push(failureLine(error));
      }
    }
  } finally {
    progress.end();
  }
  const refused = told.length + report.refused;
  return {
    document: tellStory(collector, report.unreadable + refused, sam, () => {
      face.err(
        `winnow: the SAM hives are not shown to be of a host in these logs, and add nothing: no account that changed has the SID of their machine${sam?.after.machineSid === undefined ? '' : `, ${plain(sam.after.machineSid)}`}\n`,
      );
    }),
    end: () => {
      if (!quiet) for (const line of reportLines(report)) face.err(line);
      for (const line of told) face.err(line);
      return refused > 0 ? EXIT.input : EXIT.done;
    },
  };
}

function samStates({ samBefore, samAfter }: StoryInputs, face: Face): SamStates | undefined {
  if (samBefore === undefined && samAfter === undefined) return undefined;
  if (samBefore === undefined || samAfter === undefined)
    throw new UsageError('--sam-before and --sam-after are given together: what changed between them names members');
  return { before: readSamFile(samBefore, face).sam, after: readSamFile(samAfter, face).sam, file: samAfter };
}
