// From the words of the command line to one command's act; only the command that is named gets loaded.
import { Command, CommanderError } from 'commander';
import { UsageError } from '../errors.ts';
import { type CommandModule, pathOf } from './command-module.ts';
import { EXIT, EXIT_MEANINGS, type ExitCode, exitCodeOf, failureLine } from './exit.ts';
import { type Face, plain } from './print.ts';

const COMMANDS: readonly { name: string; summary: string; load: () => Promise<CommandModule> }[] = [
  {
    name: 'children',
    summary: 'which child processes a Windows program may start, and the detection rule',
    load: () => import('./commands/children.ts'),
  },
  {
    name: 'events',
    summary: 'the events of Windows logs: EVTX, JSON, XML, CSV, packed or not',
    load: () => import('./commands/events.ts'),
  },
  {
    name: 'accounts',
    summary: 'local account and group changes, each told once, by four layers of visibility',
    load: () => import('./commands/accounts.ts'),
  },
  {
    name: 'design',
    summary: 'from a technique to the scope of a detection, and what is missing to see it',
    load: () => import('./commands/design.ts'),
  },
  {
    name: 'hunt',
    summary: 'rules over logs: which events fulfil which rule',
    load: () => import('./commands/hunt.ts'),
  },
  {
    name: 'test',
    summary: 'whether rules match logs, and what is in the way where they do not',
    load: () => import('./commands/test.ts'),
  },
  {
    name: 'lint',
    summary: 'what is wrong with rules: exclusions that an attacker can use, rules that never fire',
    load: () => import('./commands/lint.ts'),
  },
  {
    name: 'convert',
    summary: 'rules from one language into another, never weaker: Sigma, EQL, ES|QL, KQL, SPL, SQL ...',
    load: () => import('./commands/convert.ts'),
  },
  {
    name: 'baseline',
    summary: 'how often what a selection or a rule asks for happens, by a history of logs',
    load: () => import('./commands/baseline.ts'),
  },
  {
    name: 'completion',
    summary: 'a script that completes the command line in bash, zsh, fish or PowerShell',
    load: () => import('./commands/completion.ts'),
  },
];

/** What parsing the words leads to. */
interface Outcome {
  code: ExitCode;
  /** The command whose words could not be understood. */
  at?: Command;
}

/** Runs `winnow ARGS` and gives its exit code; every failure has been told on `face.err` by then. */
export async function dispatch(args: readonly string[], face: Face, version: string): Promise<ExitCode> {
  const outcome: Outcome = { code: EXIT.done };
  try {
    const program = await programFor(args, face, version, outcome);
    await program.parseAsync(args, { from: 'user' });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError) return usageOutcome(error, outcome.at, face);
    face.err(failureLine(error, Boolean(face.env.WINNOW_DEBUG)));
    return exitCodeOf(error);
  }
}

async function programFor(args: readonly string[], face: Face, version: string, outcome: Outcome): Promise<Command> {
  const program = tellingWhere(new Command('winnow'))
    .description(
      'Tells normal from suspicious: what a Windows program may start, what logs hold, and what rules find in them and let pass.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    // A nested command's arguments are long; what it does is broken into lines beside them nevertheless.
    .configureHelp({ minWidthToWrap: 24 })
    // What stands behind a command's name is that command's, which may have the same options as the one that it is within.
    .enablePositionalOptions()
    .configureOutput({ writeOut: face.out, writeErr: face.err, outputError: () => {} })
    .addHelpText(
      'after',
      () => `\n${EXIT_TABLE}\n\n'winnow COMMAND --help' shows the options of a command, with examples.`,
    );
  for (const entry of COMMANDS) {
    const command = within(program, entry);
    // The completion script speaks of every command's options.
    if (!args.includes(entry.name) && !args.includes('completion')) continue;
    addModule(command, await entry.load());
  }
  program
    .command('help')
    .summary('print the help of a command')
    .description('Print the help of a command.')
    .argument('[COMMAND...]', 'a command, and the one within it: accounts sam')
    .action((words: readonly string[]) => named(program, words).help());
  return program;

  function addModule(command: Command, module: CommandModule): void {
    module.grammar(command).action(async () => {
      refuseOptionsBefore(command);
      outcome.code = await module.run(command, face);
    });
    if (!module.nested) return;
    command.enablePositionalOptions();
    for (const one of module.nested) addModule(within(command, one), one);
    const own = command.usage().replace('[command] ', '');
    command.usage(`${own}\n       winnow ${pathOf(command)} COMMAND ...`);
  }

  function within(parent: Command, { name, summary }: { name: string; summary: string }): Command {
    return tellingWhere(parent.command(name)).summary(summary).description(sentence(summary));
  }

  function tellingWhere(command: Command): Command {
    return command.exitOverride((error) => {
      outcome.at = command;
      throw error;
    });
  }
}

/** The command that the words name, one within the other. */
function named(program: Command, words: readonly string[]): Command {
  let at = program;
  for (const word of words) {
    const next = at.commands.find((command) => command.name() === word);
    if (!next) return at.error(`unknown command '${word}'${at.parent ? ` within '${pathOf(at)}'` : ''}`);
    at = next;
  }
  return at;
}

/** An option before the name of a nested command would be the outer one's, and do nothing. */
function refuseOptionsBefore(command: Command): void {
  for (let outer = command.parent; outer; outer = outer.parent) {
    const given = outer.options.find((option) => outer?.getOptionValueSource(option.attributeName()) === 'cli');
    if (given) {
      const name = command.name();
      throw new UsageError(`${given.long} stands before '${name}'; what it takes goes behind it`);
    }
  }
}

const EXIT_TABLE = [
  'Exit codes:',
  ...EXIT_MEANINGS.map(([code, meaning]) => `  ${String(code).padEnd(4)}${meaning}`),
].join('\n');

function sentence(summary: string): string {
  return `${summary[0].toUpperCase()}${summary.slice(1)}.`;
}

/** Help and version end here with 0; a mistake gets one line that says what is wrong and where help is. */
function usageOutcome(error: CommanderError, at: Command | undefined, face: Face): ExitCode {
  if (error.exitCode === 0) return EXIT.done;
  // Called with nothing at all: the help has been printed on stderr.
  if (error.code === 'commander.help') return EXIT.usage;
  let message = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  const path = at ? pathOf(at) : '';
  if (error.code === 'commander.excessArguments' && at?.parent) {
    message = message.replace(`'${at.name()}'`, `'${path}'`);
    if (at.commands.length > 0) message = `unknown command '${at.args[0]}' within '${path}', or ${message}`;
  }
  face.err(`winnow: ${plain(message)}; see 'winnow ${path && `${path} `}--help'\n`);
  return EXIT.usage;
}
