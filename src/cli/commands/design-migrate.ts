// `winnow design migrate`: what a newer version of ATT&CK makes of the ids in dossiers.

import type { Command } from 'commander';
import { ATTACK_VERSIONS, attackFacts, attackFactsFor, NEWEST_ATTACK } from '../../design/attack/attack-facts.ts';
import type { Environment } from '../../design/environment.ts';
import {
  MIGRATE_SCHEMA,
  MIGRATION_KINDS,
  type MigrateDocument,
  type Migration,
  migrateEnvironment,
  migrateTechnique,
} from '../../design/migrate.ts';
import { migratedText, type Rewriting } from '../../design/migrate-text.ts';
import type { Technique } from '../../design/technique.ts';
import { UsageError } from '../../errors.ts';
import { RuleError } from '../../rule/read/rule-error.ts';
import { readFiles } from '../dossier-files.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { readWholeFile, writeTextFile } from '../files.ts';
import { brief, count, type Face, jsonText, plain, type Style, styleFor } from '../print.ts';

export const name = 'migrate';
export const summary = 'what a newer version of ATT&CK makes of the ids in dossiers';

interface MigrateFlags {
  readonly to: string;
  readonly write?: boolean;
  readonly json?: boolean;
  readonly color: boolean;
}

export function grammar(command: Command): Command {
  return command
    .argument('<DOSSIER...>', 'a YAML file of dossiers, a folder of them, or - for standard input')
    .option('--to <VERSION>', `the version of ATT&CK: ${ATTACK_VERSIONS.join(', ')}`, NEWEST_ATTACK)
    .option(
      '--write',
      'pin the dossiers to it, and write the ids that took the place of revoked ones; nothing else changes',
    )
    .option('--json', `print the document, schema ${MIGRATE_SCHEMA}`)
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Looks up the ids in the version that each dossier is pinned to and in the newer one. Without --write no file changes.

Kinds:
${Object.entries(MIGRATION_KINDS)
  .map(([kind, what]) => `  ${kind.padEnd(12)}  ${what}`)
  .join('\n')}

Examples:
  winnow design migrate T1003.001.yaml --to 18.1
  winnow design migrate dossiers --to 18.1 --write`;

interface Migrated {
  readonly dossier: Technique | Environment;
  readonly from: string;
  readonly changes: readonly Migration[];
}

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [paths] = command.processedArgs as [readonly string[]];
  const flags = command.opts<MigrateFlags>();
  const to = attackFactsFor(flags.to);
  if (flags.write && paths.includes('-'))
    throw new UsageError('standard input cannot be written to; name the file, or leave out --write');
  const { techniques, environments, failed } = readFiles(paths, face);
  const problems: string[] = [];
  const migrated = [
    ...techniques.map((one) => ({ one, version: one.attack?.version, migrate: migrateTechnique.bind(undefined, one) })),
    ...environments.map((one) => ({
      one,
      version: one.attackVersion,
      migrate: migrateEnvironment.bind(undefined, one),
    })),
  ].flatMap(({ one, version, migrate }): readonly Migrated[] => {
    const from = version === undefined ? undefined : attackFacts(version);
    if (from) return [{ dossier: one, from: from.version, changes: migrate(from, to) }];
    const why =
      version === undefined
        ? 'is pinned to no version of ATT&CK'
        : `is pinned to ATT&CK ${version}, which is not known here; known are ${ATTACK_VERSIONS.join(', ')}`;
    problems.push(`${one.file}:${one.at.line}:${one.at.column}: ${one.id} ${why}`);
    return [];
  });
  const written = flags.write ? writeAll(migrated, to.version, problems) : new Set();
  const document: MigrateDocument = {
    schema: MIGRATE_SCHEMA,
    to: to.version,
    dossiers: migrated.map(({ dossier, from, changes }) => ({
      file: dossier.file,
      dossier: dossier.id,
      from,
      changes: changes.map(({ at, ...rest }) => ({ ...rest, line: at.line, column: at.column })),
      written: written.has(dossier),
    })),
  };
  face.out(flags.json ? jsonText(document) : textOf(document, styleFor(face, flags.color)));
  for (const problem of problems) face.err(`winnow: ${plain(problem)}\n`);
  return failed || problems.length > 0 || migrated.length === 0 ? EXIT.input : EXIT.done;
}

/** Writes each file that changes; the dossiers that are written anew. */
function writeAll(
  migrated: readonly Migrated[],
  version: string,
  problems: string[],
): ReadonlySet<Migrated['dossier']> {
  const written = new Set<Migrated['dossier']>();
  for (const file of new Set(migrated.map(({ dossier }) => dossier.file))) {
    const own = migrated.filter(({ dossier }) => dossier.file === file);
    const documents = new Map(
      own.map(({ dossier, changes }): [number, Rewriting] => {
        const replaced = changes.flatMap(({ id, replacement }): [string, string][] =>
          replacement === null ? [] : [[id, replacement]],
        );
        return [dossier.at.line, { version, ids: new Map(replaced) }];
      }),
    );
    const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(readWholeFile(file));
    try {
      const { text, changed } = migratedText(before, documents);
      if (text === before) continue;
      writeTextFile(file, text);
      for (const { dossier } of own) if (changed.has(dossier.at.line)) written.add(dossier);
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      problems.push(
        `${file}:${error.at?.line ?? 1}:${error.at?.column ?? 1}: ${error.message}; the file stays as it was`,
      );
    }
  }
  return written;
}

function textOf({ to, dossiers }: MigrateDocument, style: Style): string {
  const lines = dossiers.flatMap(({ file, dossier, from, changes, written }) => [
    `${plain(file)}: ${style.strong(plain(dossier))}, ATT&CK ${from} to ${to}: ${count(changes.length, 'change')}${written ? ', written' : ''}`,
    ...changes.map(
      ({ kind, id, about, line, column, before, after, replacement }) =>
        `  ${line}:${column}  ${style.doubt(kind)}  ${plain(id)}${about === dossier ? '' : ` in ${plain(about)}`}${words(before, after, replacement)}`,
    ),
  ]);
  return `${[...lines, ...(dossiers.length === 0 ? ['no dossier with a known version'] : [])].join('\n')}\n`;
}

function words(before: string | null, after: string | null, replacement: string | null): string {
  const sides = [before, replacement === null ? after : `${replacement} ${after ?? ''}`.trim()];
  const told = sides.flatMap((side) => (side === null ? [] : [brief(side)]));
  return told.length === 0 ? '' : `: ${told.join(' -> ')}`;
}
