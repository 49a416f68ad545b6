// The completion scripts of four shells, all from one table of what the grammar offers.
import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

interface Offer {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionOffer[];
  /** Fixed words for the command's own argument; files where there are none. */
  readonly words: readonly string[];
}

interface OptionOffer {
  readonly long: string;
  readonly short?: string;
  readonly description: string;
  /** What follows it: nothing, one of the choices, a folder, or any text. */
  readonly value: 'none' | 'choice' | 'folder' | 'text';
  readonly choices: readonly string[];
}

/** The script for `shell`, made from the root command and its subcommands. */
export function completionScript(shell: Shell, program: Command): string {
  const offers = offersOf(program);
  switch (shell) {
    case 'bash':
      return bash(offers);
    case 'zsh':
      return zsh(offers);
    case 'fish':
      return fish(offers);
    case 'powershell':
      return powershell(offers);
  }
}

function offersOf(program: Command): Offer[] {
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary(),
    words: command.registeredArguments[0]?.argChoices ?? [],
    options: [
      ...command.options.map((option): OptionOffer => {
        const choices = option.argChoices ?? [];
        const value = !option.required
          ? 'none'
          : choices.length > 0
            ? 'choice'
            : option.flags.includes('<DIR>')
              ? 'folder'
              : 'text';
        return { long: option.long!, short: option.short, description: option.description, value, choices };
      }),
      { long: '--help', short: '-h', description: 'print the help', value: 'none', choices: [] },
    ],
  }));
}

function flagsOf(options: readonly OptionOffer[]): string[] {
  return options.flatMap((o) => (o.short ? [o.long, o.short] : [o.long]));
}

function bash(offers: readonly Offer[]): string {
  const values = offers.flatMap((offer) =>
    offer.options.flatMap((o) => {
      if (o.value === 'choice')
        return [
          `    "${offer.name} ${o.long}") COMPREPLY=($(compgen -W "${o.choices.join(' ')}" -- "$cur")); return;;`,
        ];
      // compopt came with bash 4; the bash of macOS completes files there too.
      if (o.value === 'folder')
        return [`    "${offer.name} ${o.long}") compopt -o dirnames +o default 2>/dev/null; return;;`];
      return [];
    }),
  );
  const lists = offers.map(
    (offer) =>
      `    ${offer.name}) case "$cur" in -*) words="${flagsOf(offer.options).join(' ')}";; *) words="${offer.words.join(' ')}";; esac;;`,
  );
  return `# bash completion of winnow
_winnow() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${offers.map((o) => o.name).join(' ')} help --help --version" -- "$cur"))
    return
  fi
  case "\${COMP_WORDS[1]} $prev" in
${values.join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${lists.join('\n')}
  esac
  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$cur")); fi
}
complete -o default -F _winnow winnow
`;
}

function zsh(offers: readonly Offer[]): string {
  const text = (s: string) => s.replaceAll(/[[\]:\\]/g, '\\$&').replaceAll("'", "'\\''");
  const option = (o: OptionOffer) => {
    const action =
      o.value === 'none'
        ? ''
        : o.value === 'choice'
          ? `:value:(${o.choices.join(' ')})`
          : o.value === 'folder'
            ? ':folder:_files -/'
            : ':value: ';
    return [o.long, ...(o.short ? [o.short] : [])].map((flag) => `        '*${flag}[${text(o.description)}]${action}'`);
  };
  const cases = offers.map((offer) => {
    const argument = offer.words.length > 0 ? `'1:what:(${offer.words.join(' ')})'` : `'1:file:_files'`;
    return `    ${offer.name})
      _arguments -s \\
${offer.options.flatMap(option).join(' \\\n')} \\
        ${argument}
      ;;`;
  });
  return `#compdef winnow
# zsh completion of winnow
_winnow() {
  local -a commands=(
${offers.map((o) => `    '${text(o.name)}:${text(o.summary)}'`).join('\n')}
    'help:print the help of a command'
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = "_winnow" ]; then _winnow "$@"; else compdef _winnow winnow; fi
`;
}

function fish(offers: readonly Offer[]): string {
  const text = (s: string) => `'${s.replaceAll(/['\\]/g, '\\$&')}'`;
  const lines = ['# fish completion of winnow'];
  for (const offer of offers) {
    lines.push(`complete -c winnow -n __fish_use_subcommand -f -a ${offer.name} -d ${text(offer.summary)}`);
    const when = `complete -c winnow -n '__fish_seen_subcommand_from ${offer.name}'`;
    if (offer.words.length > 0) lines.push(`${when} -f -a ${text(offer.words.join(' '))}`);
    for (const o of offer.options) {
      const short = o.short ? ` -s ${o.short.slice(1)}` : '';
      const value =
        o.value === 'none'
          ? ''
          : o.value === 'choice'
            ? ` -x -a ${text(o.choices.join(' '))}`
            : o.value === 'folder'
              ? " -x -a '(__fish_complete_directories)'"
              : ' -x';
      lines.push(`${when} -l ${o.long.slice(2)}${short}${value} -d ${text(o.description)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function powershell(offers: readonly Offer[]): string {
  const text = (s: string) => `'${s.replaceAll("'", "''")}'`;
  const list = (words: readonly string[]) => `@(${words.map(text).join(', ')})`;
  const entries = offers.map((offer) => {
    const values = offer.options.filter((o) => o.value === 'choice').map((o) => `${text(o.long)} = ${list(o.choices)}`);
    return `    ${text(offer.name)} = @{ options = ${list(flagsOf(offer.options))}; words = ${list(offer.words)}; values = @{ ${values.join('; ')} } }`;
  });
  return `# PowerShell completion of winnow (Windows PowerShell 5.1 and later); files and folders are completed by the shell itself
Register-ArgumentCompleter -Native -CommandName winnow -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $commands = @{
${entries.join('\n')}
  }
  $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  if ($before.Count -le 1) {
    $offer = @($commands.Keys) + 'help' | Sort-Object
  } else {
    $command = $commands[$before[1]]
    if ($null -eq $command) { return }
    $last = $before[$before.Count - 1]
    if ($command.values.ContainsKey($last)) { $offer = $command.values[$last] }
    elseif ($wordToComplete -like '-*') { $offer = $command.options }
    else { $offer = $command.words }
  }
  $offer | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}
