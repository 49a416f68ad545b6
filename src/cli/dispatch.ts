// From the words of the command line to one command's act; only the command that is named gets loaded.
import { Command, CommanderError } from 'commander';
import type { CommandModule } from './command-module.ts';
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
    name: 'completion',
    summary: 'a script that completes the command line in bash, zsh, fish or PowerShell',
    load: () => import('./commands/completion.ts'),
  },
];

/** Runs `winnow ARGS` and gives its exit code; every failure has been told on `face.err` by then. */
export async function dispatch(args: readonly string[], face: Face, version: string): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  try {
    const program = await programFor(args, face, version, (answered) => {
      code = answered;
    });
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return usageOutcome(error, args, face);
    face.err(failureLine(error, Boolean(face.env.WINNOW_DEBUG)));
    return exitCodeOf(error);
  }
}

async function programFor(
  args: readonly string[],
  face: Face,
  version: string,
  answered: (code: ExitCode) => void,
): Promise<Command> {
  const program = new Command('winnow')
    .description(
      'Tells normal from suspicious: what a Windows program may start, what logs hold, and what rules find in them and let pass.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [COMMAND]', 'print the help of a command')
    // What stands behind a command's name is that command's, which may have the same options as the one that it is within.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: face.out, writeErr: face.err, outputError: () => {} })
    .addHelpText(
      'after',
      () => `\n${EXIT_TABLE}\n\n'winnow COMMAND --help' shows the options of a command, with examples.`,
    );
  for (const entry of COMMANDS) {
    const command = program.command(entry.name).summary(entry.summary).description(sentence(entry.summary));
    // The completion script speaks of every command's options.
    if (!args.includes(entry.name) && !args.includes('completion')) continue;
    addModule(command, await entry.load());
  }
  return program;

  function addModule(command: Command, module: CommandModule): void {
    module.grammar(command).action(async () => answered(await module.run(command, face)));
    if (module.nested) command.enablePositionalOptions();
    for (const one of module.nested ?? [])
      addModule(command.command(one.name).summary(one.summary).description(sentence(one.summary)), one);
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
function usageOutcome(error: CommanderError, args: readonly string[], face: Face): ExitCode {
  if (error.exitCode === 0) return EXIT.done;
  // Called with nothing at all: the help has been printed on stderr.
  if (error.code === 'commander.help') return EXIT.usage;
  const message = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  const command = COMMANDS.find((entry) => entry.name === args[0]);
  face.err(`winnow: ${plain(message)}; see 'winnow ${command ? `${command.name} ` : ''}--help'\n`);
  return EXIT.usage;
}
