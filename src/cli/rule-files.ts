// From the paths of a command line to rules: files and folders of them, and what of those could not be loaded.

import { createHash } from 'node:crypto';
import packageJson from '../../package.json' with { type: 'json' };
import { InputError, UsageError } from '../errors.ts';
import type { NotLoaded } from '../hunt/document.ts';
import { ECS_ACCESS } from '../hunt/ecs-event.ts';
import type { HuntRule } from '../hunt/hunt-rule.ts';
import { isQueryRule } from '../hunt/query-rules.ts';
import { QueryRun } from '../hunt/query-run.ts';
import { BY_NAME } from '../rule/binding.ts';
import { compileCondition } from '../rule/evaluate.ts';
import type { Query } from '../rule/query.ts';
import type { EqlDialect } from '../rule/read/eql-tokens.ts';
import { type ReaderId, readerFor, readers } from '../rule/read/index.ts';
import type { ReadRules } from '../rule/read/read-rules.ts';
import { placed, RuleError } from '../rule/read/rule-error.ts';
import type { Rule } from '../rule/rule.ts';
import { fileName, filesUnder, isFolder, readCached, readWholeFile, writeCached } from './files.ts';
import { keptText, type LoadedRules, readKept } from './kept-rules.ts';

/** The largest file of rules, in bytes. */
export const LARGEST_RULES = 1 << 24;

export interface LoadOptions {
  /** Is told how far it is. */
  readonly step?: (done: number, total: number) => void;
  /** A folder that keeps what a hunt needs of the rules, without the places of their parts, by the texts they were read from. */
  readonly cache?: string;
  /** Of EQL. */
  readonly dialect?: EqlDialect;
}

/** Of the form in which rules are kept. */
const CACHE_VERSION = 3;

/** The rules of files and folders. Throws InputError for a path that is not there, UsageError for a file that is no rule by its name. */
export function loadRules(
  paths: readonly string[],
  { step = () => {}, cache, dialect }: LoadOptions = {},
): LoadedRules {
  const files = [...new Set(paths.flatMap((path) => ruleFiles(path)))];
  const texts = files.map((file) => {
    try {
      return readWholeFile(file, LARGEST_RULES);
    } catch (error) {
      if (error instanceof InputError) return error;
      throw error;
    }
  });
  if (cache === undefined || files.length < FEW) return readAll(files, texts, step, dialect);
  const name = `rules-${keyOf(files, texts, dialect)}`;
  const kept = readCached(cache, name);
  if (kept) {
    try {
      return readKept(new TextDecoder().decode(kept));
    } catch {
      // Cut off or of another make: it is read again.
    }
  }
  const loaded = readAll(files, texts, step, dialect);
  writeCached(
    cache,
    name,
    new TextEncoder().encode(
      keptText({ ...loaded, rules: loaded.rules.map(({ file, rule }) => ({ file, rule: slim(rule) })) }),
    ),
  );
  return loaded;
}

/** A rule without what only a person reads, and without the places of its parts: what a hunt asks and tells of it. */
function slim(rule: Rule): Rule {
  const { elastic: _, ...rest } = rule;
  const text = { description: '', authors: [], references: [], falsePositives: [], notes: [], triage: [] };
  return { ...rest, ...text, query: withoutPlaces(rule.query) as Query };
}

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key === 'at' ? [] : [[key, withoutPlaces(inner)]])),
  );
}

/** Files that are read sooner than they are looked up. */
const FEW = 4;

function keyOf(
  files: readonly string[],
  texts: readonly (Uint8Array | InputError)[],
  dialect: EqlDialect | undefined,
): string {
  const hash = createHash('sha256').update(`${packageJson.version} ${CACHE_VERSION} ${dialect}`);
  for (const [index, text] of texts.entries())
    hash.update(`\0${files[index]}\0`).update(text instanceof InputError ? text.message : text);
  return hash.digest('hex');
}

function readAll(
  files: readonly string[],
  texts: readonly (Uint8Array | InputError)[],
  step: (done: number, total: number) => void,
  dialect: EqlDialect | undefined,
): LoadedRules {
  const rules: HuntRule[] = [];
  const notLoaded: NotLoaded[] = [];
  let failures = 0;
  const fail = (file: string, error: InputError | RuleError): void => {
    if (error.kind !== 'unsupported') failures++;
    notLoaded.push(notLoadedOf(file, error));
  };
  for (const [index, file] of files.entries()) {
    step(index, files.length);
    const text = texts[index];
    if (text instanceof InputError) {
      fail(file, text);
      continue;
    }
    const read = readRules(new TextDecoder('utf-8').decode(text), file, readerFor(file)!, dialect);
    for (const error of read.errors) fail(file, error);
    for (const rule of read.rules) {
      const problem = problemOf(rule);
      if (problem) fail(file, problem);
      else rules.push({ file, rule });
    }
  }
  return { rules, notLoaded, failures };
}

/** The rules of a text, by the language that it is in. */
export function readRules(text: string, file: string, language: ReaderId, dialect: EqlDialect | undefined): ReadRules {
  return readers[language].read(text, {
    title: fileName(file).replace(/\.[^.]+$/, ''),
    ...(dialect ? { dialect } : {}),
  });
}

export function notLoadedOf(file: string, error: InputError | RuleError): NotLoaded {
  const at = error instanceof RuleError ? error.at : undefined;
  const reason = error.message.startsWith(`${file}: `) ? error.message.slice(file.length + 2) : error.message;
  return { file, reason, line: at?.line ?? null, column: at?.column ?? null };
}

/** The files of rules of a path; `others` is the way out for a file that is none by its name. Throws InputError and UsageError. */
export function ruleFiles(path: string, others = ''): readonly string[] {
  if (!isFolder(path)) {
    if (readerFor(path) !== undefined) return [path];
    const known = Object.values(readers).flatMap(({ extensions }) => extensions);
    throw new UsageError(`${path}: no file of rules by its name; ${known.join(', ')} are read${others}`);
  }
  const files = filesUnder(path).filter((file) => readerFor(file) !== undefined);
  if (files.length === 0) throw new InputError(`${path}: no rule in this folder`);
  return files;
}

/** Why a rule that was read cannot be evaluated; undefined where it can. */
function problemOf(rule: Rule): RuleError | undefined {
  try {
    if (isQueryRule(rule)) new QueryRun(rule.query, ECS_ACCESS);
    else if (rule.query.kind === 'event') compileCondition(rule.query.condition, BY_NAME);
    return undefined;
  } catch (error) {
    const problem = placed(error, undefined);
    if (problem instanceof RuleError) return problem;
    throw error;
  }
}
