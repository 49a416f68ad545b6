// From the paths of a command line to dossiers: files and folders of them, and what is wrong with each.

import { createHash } from 'node:crypto';
import { FUNNEL_SCHEMA } from '../design/document.ts';
import type { Environment } from '../design/environment.ts';
import { DossierError, type Problem, problemText } from '../design/read/dossier-error.ts';
import { checkAcceptances } from '../design/read/read-acceptances.ts';
import { checkTogether, type Dossiers, readDossiers } from '../design/read/read-dossiers.ts';
import { ACCEPTANCES_SCHEMA, type ReviewedAcceptance } from '../design/reviewed-acceptance.ts';
import type { Technique } from '../design/technique.ts';
import { InputError, UsageError } from '../errors.ts';
import { EXIT, type ExitCode, failureLine } from './exit.ts';
import { filesUnder, isFolder } from './files.ts';
import { givenName, readGiven } from './given-file.ts';
import { type Face, plain } from './print.ts';

/** The largest dossier, in bytes. */
const LARGEST = 1 << 22;

export interface LoadedDossiers {
  readonly techniques: readonly Technique[];
  readonly environment: Environment;
  readonly acceptances: readonly ReviewedAcceptance[];
  /** EXIT.input where a dossier could not be read: what was wrong has been told. */
  readonly code: ExitCode;
}

export interface LoadOptions {
  /** Figures may stand in the environment. */
  readonly fixtures?: boolean;
  /** Files of accepted exclusions, beside those that stand among the dossiers. */
  readonly acceptances?: readonly string[];
}

/**
 * The dossiers of files and folders with the environment they are judged in, which stands in `environment` or, where that
 * is undefined, beside them. Undefined where nothing can be answered: why has been told on stderr, and the exit code is 3.
 * Throws UsageError where no environment is named.
 */
export function loadDossiers(
  paths: readonly string[],
  environment: string | undefined,
  { fixtures = false, acceptances = [] }: LoadOptions,
  face: Face,
): LoadedDossiers | undefined {
  const own = readFiles(paths, face);
  const around = environment === undefined ? own : readFiles([environment], face);
  const reviewed = readFiles(acceptances, face);
  const failed = own.failed || around.failed;
  // Without a part of what was reviewed another list of exclusions would be answered.
  if (reviewed.failed) return undefined;
  const none = acceptances.length > 0 && reviewed.acceptances.length === 0;
  if (none) throw new InputError(`${acceptances[0]}:1:1: no accepted exclusion (schema: ${ACCEPTANCES_SCHEMA}) here`);
  const accepted = [
    ...own.acceptances,
    ...(environment === undefined ? [] : around.acceptances),
    ...reviewed.acceptances,
  ];
  if (environment === undefined && own.environments.length === 0 && !failed)
    throw new UsageError('--environment names the environment, where no document among the dossiers is one');
  if (!failed && own.techniques.length === 0)
    throw new InputError(`${paths[0]}:1:1: no dossier of a technique (schema: design.technique/1) here`);
  const problems =
    around.failed && around.environments.length === 0
      ? []
      : environmentProblems(environment, around.environments, fixtures);
  for (const problem of problems) tell(problem, face);
  const [only] = around.environments;
  if (only === undefined || problems.length > 0 || own.techniques.length === 0) return undefined;
  try {
    checkTogether(own.techniques);
    checkAcceptances(accepted, own.techniques);
  } catch (error) {
    if (!(error instanceof DossierError)) throw error;
    for (const problem of error.problems) tell(problem, face);
    return undefined;
  }
  return {
    techniques: own.techniques,
    environment: only,
    acceptances: accepted,
    code: failed ? EXIT.input : EXIT.done,
  };
}

/** The dossiers of files, folders and standard input ("-"), whatever their kind; what is wrong with a file is told, and `failed` is set. */
export function readFiles(
  paths: readonly string[],
  face: Face,
): {
  techniques: readonly Technique[];
  environments: readonly Environment[];
  acceptances: readonly ReviewedAcceptance[];
  failed: boolean;
} {
  const techniques: Technique[] = [];
  const environments: Environment[] = [];
  const acceptances: ReviewedAcceptance[] = [];
  let failed = false;
  const given = new Set(paths);
  for (const path of new Set(paths.flatMap((path) => dossierFiles(path, face)))) {
    const dossiers = readFile(path, !given.has(path), face);
    if (!dossiers) failed = true;
    techniques.push(...(dossiers?.techniques ?? []));
    environments.push(...(dossiers?.environments ?? []));
    acceptances.push(...(dossiers?.acceptances ?? []));
  }
  return { techniques, environments, acceptances, failed };
}

function dossierFiles(path: string, face: Face): readonly string[] {
  if (path === '-' || !isFolder(path)) return [path];
  const files = filesUnder(path).filter((file) => /\.ya?ml$/i.test(file));
  if (files.length === 0) face.err(`winnow: ${plain(path)}: no .yaml file in this folder\n`);
  return files;
}

/** In a folder rules may lie beside the dossiers that they were made of: those are passed over, and told. */
function readFile(path: string, isFromFolder: boolean, face: Face): Dossiers | undefined {
  try {
    const bytes = readGiven(path, LARGEST);
    // PowerShell 5 writes UTF-16 where a command's output goes into a file.
    const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
    if (isFromFolder && isSigmaRule(text)) {
      face.err(`winnow: ${plain(path)}: a Sigma rule and no dossier; passed over\n`);
      return { techniques: [], environments: [], acceptances: [] };
    }
    return readDossiers(text, givenName(path));
  } catch (error) {
    if (error instanceof DossierError) for (const problem of error.problems) tell(problem, face);
    else if (error instanceof InputError) face.err(failureLine(error));
    else throw error;
    return undefined;
  }
}

/** By the byte order mark. */
function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

function isSigmaRule(text: string): boolean {
  return /^logsource:/m.test(text) && /^detection:/m.test(text) && !/^schema:/m.test(text);
}

function tell(problem: Problem, face: Face): void {
  face.err(`winnow: ${plain(problemText(problem))}\n`);
}

function environmentProblems(
  path: string | undefined,
  environments: readonly Environment[],
  fixtures: boolean,
): readonly Problem[] {
  const [first, second] = environments;
  if (first === undefined)
    return path === undefined
      ? []
      : [
          {
            file: path,
            at: { line: 1, column: 1 },
            message: 'no environment (schema: design.environment/1) in this file',
          },
        ];
  if (second)
    return [
      {
        file: second.file,
        at: second.at,
        message: `a second environment, beside that of ${first.file}; a run has one`,
      },
    ];
  if (first.baselineResultsAt !== undefined && !fixtures)
    return [
      {
        file: first.file,
        at: first.baselineResultsAt,
        message:
          "'baseline_results' stands for a history in tests and examples: a real run counts, and takes it only with --fixtures",
      },
    ];
  return [];
}

/** Of a dossier and its environment as they were read, in hexadecimal. */
export function inputsSha256(technique: Technique, environment: Environment): string {
  return createHash('sha256')
    .update(`${FUNNEL_SCHEMA}\n${technique.canonical}\n${environment.canonical}\n`)
    .digest('hex');
}
