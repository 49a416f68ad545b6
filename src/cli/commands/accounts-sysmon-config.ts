// `winnow accounts sysmon-config`: its grammar, and its act: the Sysmon rules that the layers need, or the check of a configuration for them.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { checkSysmonConfig, LAYERS } from '../../accounts/sysmon-config/check.ts';
import { LARGEST_CONFIG } from '../../accounts/sysmon-config/config-xml.ts';
import type { SysmonLayer } from '../../accounts/sysmon-config/need.ts';
import { sysmonConfigText } from '../../accounts/sysmon-config/write-config.ts';
import { FormatError, UsageError } from '../../errors.ts';
import { checkText } from '../accounts-sysmon-text.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { readWholeFile } from '../files.ts';
import { type Face, jsonText, styleFor } from '../print.ts';

export const name = 'sysmon-config';
export const summary = 'the Sysmon rules that show account changes, and what a configuration has of them';

interface SysmonConfigFlags {
  readonly check?: string;
  readonly layer?: readonly SysmonLayer[];
  readonly json?: boolean;
  readonly color: boolean;
}

export function grammar(command: Command): Command {
  return command
    .option('--check <CONFIG>', 'say what this configuration of Sysmon would see and drop of account changes, and why')
    .addOption(
      new Option('--layer <LAYER>', 'write only the rules of this layer; may be given several times')
        .choices(LAYERS)
        .argParser((text: string, before: readonly SysmonLayer[] = []) => {
          const known = LAYERS.find((layer) => layer === text);
          if (!known) throw new InvalidArgumentError(`Allowed choices are ${LAYERS.join(', ')}.`);
          return [...before, known];
        }),
    )
    .option('--json', 'with --check: print the document, schema winnow.accounts-sysmon-check/1')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Without --check the rules are printed as a configuration, for your own one to take its groups.
The check tries example events on the configuration as Sysmon would. Exit code 0, whatever it finds.

Examples:
  winnow accounts sysmon-config > accounts.xml
  winnow accounts sysmon-config --check sysmonconfig-export.xml
  winnow accounts sysmon-config --check sysmonconfig.xml --json`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const flags = command.opts<SysmonConfigFlags>();
  if (flags.check === undefined) {
    if (flags.json) throw new UsageError('--json goes with --check');
    face.out(sysmonConfigText(flags.layer));
    return EXIT.done;
  }
  if (flags.layer) throw new UsageError('--layer does not go with --check, which is about all layers');
  const document = checked(flags.check);
  face.out(flags.json ? jsonText(document) : checkText(document, styleFor(face, flags.color)));
  return EXIT.done;
}

function checked(path: string): ReturnType<typeof checkSysmonConfig> {
  const bytes = readWholeFile(path, LARGEST_CONFIG);
  try {
    return checkSysmonConfig(bytes, path);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(`${path}:${error.message}`, { cause: error });
  }
}
