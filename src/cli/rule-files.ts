// From the paths of a command line to rules: files and folders of them, and what of those could not be loaded.

import { InputError, UsageError } from '../errors.ts';
import type { NotLoaded } from '../hunt/document.ts';
import type { HuntRule } from '../hunt/hunt-rule.ts';
import { BY_NAME } from '../rule/binding.ts';
import { compileCondition } from '../rule/evaluate.ts';
import { readerFor, readers } from '../rule/read/index.ts';
import { placed, RuleError } from '../rule/read/rule-error.ts';
import type { Rule } from '../rule/rule.ts';
import { fileName, filesUnder, isFolder, readWholeFile } from './files.ts';

/** The largest file of rules, in bytes. */
const LARGEST = 1 << 24;

export interface LoadedRules {
  readonly rules: readonly HuntRule[];
  readonly notLoaded: readonly NotLoaded[];
  /** Files that could not be read as what they are; one that asks for what is not supported is none of them. */
  readonly failures: number;
}

/** The rules of files and folders. Throws InputError for a path that is not there, UsageError for a file that is no rule by its name. */
export function loadRules(paths: readonly string[], step: (done: number, total: number) => void): LoadedRules {
  const files = [...new Set(paths.flatMap(ruleFiles))];
  const rules: HuntRule[] = [];
  const notLoaded: NotLoaded[] = [];
  let failures = 0;
  const fail = (file: string, error: InputError | RuleError): void => {
    if (error.kind !== 'unsupported') failures++;
    const at = error instanceof RuleError ? error.at : undefined;
    const reason = error.message.startsWith(`${file}: `) ? error.message.slice(file.length + 2) : error.message;
    notLoaded.push({ file, reason, line: at?.line ?? null, column: at?.column ?? null });
  };
  for (const [index, file] of files.entries()) {
    step(index, files.length);
    try {
      const read = readers[readerFor(file)!].read(textOf(readWholeFile(file, LARGEST)), fileName(file));
      for (const error of read.errors) fail(file, error);
      for (const rule of read.rules) {
        const problem = problemOf(rule);
        if (problem) fail(file, problem);
        else rules.push({ file, rule });
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      fail(file, error);
    }
  }
  return { rules, notLoaded, failures };
}

function ruleFiles(path: string): readonly string[] {
  if (!isFolder(path)) {
    if (readerFor(path) !== undefined) return [path];
    const known = Object.values(readers).flatMap(({ extensions }) => extensions);
    throw new UsageError(`${path}: no file of rules by its name; ${known.join(', ')} are read`);
  }
  const files = filesUnder(path).filter((file) => readerFor(file) !== undefined);
  if (files.length === 0) throw new InputError(`${path}: no rule in this folder`);
  return files;
}

/** Why a rule that was read cannot be evaluated; undefined where it can. */
function problemOf({ query }: Rule): RuleError | undefined {
  try {
    if (query.kind === 'event') compileCondition(query.condition, BY_NAME);
    return undefined;
  } catch (error) {
    const problem = placed(error, undefined);
    if (problem instanceof RuleError) return problem;
    throw error;
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes);
}
