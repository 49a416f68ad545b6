// `winnow children diff`: what came, went and moved between two builds of a program, or two documents of them, and how the rule changes.
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Confidence, RuleLanguage } from '../../children/document.ts';
import { diffSide } from '../children-diff-inputs.ts';
import { childrenDiffText } from '../children-diff-text.ts';
import { LANGUAGE_NAMES } from '../children-text.ts';
import type { CommandModule } from '../command-module.ts';
import { EXIT, failureLine } from '../exit.ts';
import { namesOption } from '../option-names.ts';
import { brief, jsonText, plain, progressOn, styleFor } from '../print.ts';

const LANGUAGES = Object.keys(LANGUAGE_NAMES) as readonly RuleLanguage[];
const CONFIDENCES: readonly Confidence[] = ['proven', 'likely', 'possible'];

/** What the command line said. */
export interface ChildrenDiffFlags {
  readonly modules?: readonly string[];
  readonly symbols?: readonly string[];
  readonly module?: readonly string[];
  readonly noModule?: readonly string[];
  readonly to?: readonly RuleLanguage[];
  readonly minConfidence?: Confidence;
  readonly host?: string;
  readonly sites?: true;
  readonly json?: true;
  readonly quiet?: true;
  /** False for --no-color. */
  readonly color: boolean;
}

const names = (flags: string, description: string) => new Option(flags, description).argParser(namesOption);

function languages(text: string, before: readonly RuleLanguage[] = []): readonly RuleLanguage[] {
  const language = LANGUAGES.find((one) => one === text);
  if (language === undefined) throw new InvalidArgumentError(`Allowed choices are ${LANGUAGES.join(', ')}.`);
  return before.includes(language) ? before : [...before, language];
}

/** commander reads "--no-" as "turn the other off"; here it is a name like any other. */
function noModule(): Option {
  const option = names('--no-module <NAME>', 'leave this module out, even when it looks specific');
  option.negate = false;
  return option;
}

export const childrenDiff: CommandModule = {
  name: 'diff',
  summary: 'what came, went and moved between two builds of a program, and how its rule changes',
  grammar: (command) =>
    command
      .argument('<OLD>', "a program or module, or the document that 'winnow children FILE --json' wrote of it")
      .argument('<NEW>', 'the same of another build')
      .addOption(names('--modules <DIR>', 'folder in which modules are looked up that do not lie beside the file'))
      .addOption(names('--symbols <DIR>', 'folder of .pdb files, or a symbol store, by which functions are named'))
      .addOption(names('--module <NAME>', 'analyse this module, even when it looks generic'))
      .addOption(noModule())
      .addOption(
        new Option('--to <LANGUAGE>', 'also the query of what only one of the two rules lets pass').argParser(
          languages,
        ),
      )
      .addOption(
        new Option('--min-confidence <LEVEL>', 'children that the rules let pass (default: likely)').choices(
          CONFIDENCES,
        ),
      )
      .option('--host <PROGRAM>', 'for a DLL: the program that hosts it, so that there is a rule')
      .option('--sites', 'list the call sites too')
      .option('--json', 'print the document, schema winnow.children-diff/1')
      .option('--no-color', 'no colours (NO_COLOR does the same)')
      .option('-q, --quiet', 'no notes on stderr')
      .addHelpText('after', EXAMPLES),
  run: async (command: Command, face) => {
    const [oldPath, newPath] = command.processedArgs as [string, string];
    const flags = command.opts<ChildrenDiffFlags>();
    const progress = progressOn(face, flags.quiet === true);
    const rule = { languages: flags.to ?? [], minConfidence: flags.minConfidence, host: flags.host };
    const failures: Error[] = [];
    const read = async (path: string) => {
      try {
        return await diffSide(path, flags, face, progress, failures);
      } finally {
        progress.end();
      }
    };
    const [old, now] = [await read(oldPath), await read(newPath)];
    const { diffChildren } = await import('../../children/diff/children-diff.ts');
    const document = diffChildren(old, now, { rule });
    if (flags.json) face.out(jsonText(document));
    else face.out(childrenDiffText(document, styleFor(face, flags.color), { sites: flags.sites === true }));
    if (!flags.quiet)
      for (const { about, text } of document.notes) face.err(`winnow: ${plain(about)}: ${brief(text, 600)}\n`);
    const lines = new Set(failures.map((failure) => failureLine(failure)));
    for (const line of lines) face.err(line);
    return lines.size > 0 ? EXIT.input : EXIT.done;
  },
};

const EXAMPLES = `
Modules are looked for beside each file, then in --modules; a file of a module that is made for another machine is passed over.
Two things of two builds are one when they are the same by what they are; at another address, in another function or module they have moved.
It exits with 0 whatever it finds.

Examples:
  winnow children diff 22H2/WerFault.exe 23H2/WerFault.exe
  winnow children diff SysWOW64/wermgr.exe System32/wermgr.exe --modules ./dlls --sites
  winnow children diff old.json new.exe --to eql
  winnow children diff old.json new.json --json`;
