// `winnow completion SHELL`: a script, made from the commands' own grammar, that completes the command line.
import { Argument, type Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion-script.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Face } from '../print.ts';

export const name = 'completion';
export const summary = 'a script that completes the command line in bash, zsh, fish or PowerShell';

export function grammar(command: Command): Command {
  return command
    .addArgument(new Argument('<SHELL>', 'the shell to write for').choices(SHELLS))
    .addHelpText('after', INSTALL);
}

const INSTALL = `
Where it goes:
  bash        winnow completion bash >> ~/.bashrc
  zsh         winnow completion zsh > a folder of $fpath, as _winnow
  fish        winnow completion fish > ~/.config/fish/completions/winnow.fish
  powershell  winnow completion powershell >> $PROFILE`;

export async function run(command: Command, face: Face): Promise<ExitCode> {
  const [shell] = command.processedArgs as [Shell];
  face.out(completionScript(shell, command.parent!));
  return EXIT.done;
}
