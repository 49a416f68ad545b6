// `winnow accounts sam`: the accounts and groups of a SAM hive and what is odd; what changed between two; one value read by itself.

import { Argument, type Command } from 'commander';
import { decodeSamValue, SAM_VALUES, type SamValueName } from '../../accounts/sam-decode.ts';
import { samDiff } from '../../accounts/sam-diff.ts';
import { samDocument } from '../../accounts/sam-document.ts';
import type { OpenSam } from '../../accounts/sam-read.ts';
import { bytesOfText } from '../../accounts/value-bytes-text.ts';
import { type Note, UsageError } from '../../errors.ts';
import { samDiffLines, samLines, samValueLines } from '../accounts-sam-text.ts';
import type { CommandModule } from '../command-module.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { isFile, readWholeFile } from '../files.ts';
import { brief, type Face, jsonText, plain, styleFor } from '../print.ts';
import { readSamFile } from '../sam-files.ts';

export const name = 'sam';
export const summary = 'the accounts, groups and members of a SAM hive, and what is odd in it';

interface SamFlags {
  readonly json?: boolean;
  readonly color: boolean;
  readonly quiet?: boolean;
}

/** The options that each of the commands has. */
function withFlags(command: Command, schema: string): Command {
  return command
    .option('--json', `print the document, schema ${schema}`)
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .option('-q, --quiet', 'no notes on stderr');
}

export function grammar(command: Command): Command {
  return withFlags(
    command.argument('<HIVE>', 'a SAM hive; a HIVE.LOG1 and HIVE.LOG2 beside it are applied where it needs them'),
    'winnow.accounts-sam/1',
  ).addHelpText(
    'after',
    `
A running Windows does not give its SAM away: take it from a shadow copy, an image of the disk, or 'reg save HKLM\\SAM SAM' as administrator.
No hash is read, kept or printed.

Examples:
  winnow accounts sam SAM
  winnow accounts sam SAM --json
  winnow accounts sam diff before/SAM after/SAM
  winnow accounts sam decode F 02000100...`,
  );
}

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [path] = command.processedArgs as [string];
  const flags = command.opts<SamFlags>();
  const { hive, sam } = readSamFile(path, face);
  const document = samDocument(hive, sam);
  if (flags.json) face.out(jsonText(document));
  else face.out(`${samLines(document, styleFor(face, flags.color)).join('\n')}\n`);
  if (!flags.quiet) tellNotes(path, document.notes, face);
  return EXIT.done;
}

function tellNotes(path: string, notes: readonly Note[], face: Face): void {
  for (const { about, text } of notes) face.err(`winnow: ${plain(path)}: ${brief(about)}: ${brief(text)}\n`);
}

const diff: CommandModule = {
  name: 'diff',
  summary: 'what changed between two states of the SAM of a machine',
  grammar: (command) =>
    withFlags(
      command.argument('<BEFORE>', 'the SAM hive as it was').argument('<AFTER>', 'the SAM hive as it is'),
      'winnow.accounts-sam-diff/1',
    ),
  run: async (command, face) => {
    const [before, after] = command.processedArgs as [string, string];
    const flags = command.opts<SamFlags>();
    const [was, is] = [readSamFile(before, face), readSamFile(after, face)];
    const sides: readonly (readonly [string, OpenSam])[] = [
      ['before', was],
      ['after', is],
    ];
    // Both documents first: reading them is what finds what is amiss in the hives.
    const notes = sides.flatMap(([side, { hive, sam }]) =>
      [...hive.notes, ...sam.notes].map(({ about, text }): Note => ({ about: `${side}: ${about}`, text })),
    );
    const document = samDiff(was.sam, is.sam, notes);
    if (flags.json) face.out(jsonText(document));
    else face.out(`${samDiffLines(document, styleFor(face, flags.color)).join('\n')}\n`);
    if (!flags.quiet) tellNotes(after, document.notes, face);
    return EXIT.done;
  },
};

const decode: CommandModule = {
  name: 'decode',
  summary: 'one value of the SAM by itself: C of a group, F or V of an account or a domain',
  grammar: (command) =>
    withFlags(
      command
        .addArgument(new Argument('<VALUE>', 'the name of the value').choices(SAM_VALUES))
        .argument('<HEX|BASE64|FILE>', 'its bytes, as an event or an export carries them, or a file of them'),
      'winnow.accounts-sam-value/1',
    ),
  run: async (command, face) => {
    const [value, given] = command.processedArgs as [SamValueName, string];
    const flags = command.opts<SamFlags>();
    const document = decodeSamValue(value, valueBytes(given));
    if (flags.json) face.out(jsonText(document));
    else face.out(`${samValueLines(document, styleFor(face, flags.color)).join('\n')}\n`);
    return EXIT.done;
  },
};

export const nested: readonly CommandModule[] = [diff, decode];

/** A file's bytes, or those that the text in it, or the text itself, stands for. */
function valueBytes(given: string): Uint8Array {
  if (isFile(given)) {
    const bytes = readWholeFile(given);
    return isText(bytes) ? (bytesOfText(new TextDecoder().decode(bytes)) ?? bytes) : bytes;
  }
  const bytes = bytesOfText(given);
  if (bytes === undefined) throw new UsageError(`${brief(given, 60)}: it is no file, no hexadecimal and no base64`);
  return bytes;
}

/** A value of the SAM has zeros; what is written of it has none, but for UTF-16, in which it is no text for us. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
}
