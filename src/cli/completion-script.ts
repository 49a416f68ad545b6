// The completion scripts of four shells, all from one table of what the grammar offers.
import type { Command } from 'commander';
import { type ArgumentOffer, all, flagsOf, type Offer, type OptionOffer, offerOf } from './completion-offers.ts';

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** The script for `shell`, made from the root command and the commands within it, at any depth. */
export function completionScript(shell: Shell, program: Command): string {
  const root = offerOf(program);
  switch (shell) {
    case 'bash':
      return bash(root);
    case 'zsh':
      return zsh(root);
    case 'fish':
      return fish(root);
    case 'powershell':
      return powershell(root);
  }
}

function namesOf(offers: readonly Offer[]): string {
  return offers.map((o) => o.name).join(' ');
}

function bash(root: Offer): string {
  const offers = all(root).slice(1);
  const within = all(root).filter((offer) => offer.nested.length > 0);
  const values = offers.flatMap((offer) =>
    offer.options.flatMap((o) => {
      const flags = flagsOf([o]).map((flag) => `"${offer.path} ${flag}"`);
      if (o.value === 'choice')
        return [`    ${flags.join('|')}) COMPREPLY=($(compgen -W "${o.choices.join(' ')}" -- "$cur")); return;;`];
      // compopt came with bash 4; the bash of macOS completes files there too.
      if (o.value === 'folder') return [`    ${flags.join('|')}) compopt -o dirnames +o default 2>/dev/null; return;;`];
      if (o.value === 'text') return [`    ${flags.join('|')}) return;;`];
      return [];
    }),
  );
  const valued = offers.flatMap((offer) =>
    flagsOf(offer.options.filter((o) => o.value !== 'none')).map((flag) => `"${offer.path} ${flag}"`),
  );
  const lists = offers.map((offer) => `    "${offer.path}") words="${flagsOf(offer.options).join(' ')}";;`);
  const fixed = offers.flatMap((offer) => [
    ...offer.arguments.flatMap((one, i) =>
      one.words.length > 0
        ? [`    "${offer.path} ${one.variadic ? '"*' : `${i}"`}) words="${one.words.join(' ')}";;`]
        : [],
    ),
    ...(offer.arguments.length === 0 ? [`    "${offer.path} "*) compopt +o default 2>/dev/null;;`] : []),
  ]);
  return `# bash completion of winnow
_winnow() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" at="" words="" nested="" n=1 given=0 help="" file
  COMPREPLY=()
  if [ "$COMP_CWORD" -gt 1 ] && [ "\${COMP_WORDS[1]}" = help ]; then help=yes; n=2; fi
  while [ "$n" -lt "$COMP_CWORD" ]; do
    case "\${at:+$at }\${COMP_WORDS[n]}" in
      ${offers.map((offer) => `"${offer.path}"`).join('|')}) at="\${at:+$at }\${COMP_WORDS[n]}";;
      *) break;;
    esac
    n=$((n+1))
  done
  if [ "$n" -eq "$COMP_CWORD" ]; then
    case "$at" in
${within.map((offer) => `      "${offer.path}") nested="${namesOf(offer.nested)}";;`).join('\n')}
    esac
  fi
  if [ -n "$help" ]; then
    compopt +o default 2>/dev/null
    COMPREPLY=($(compgen -W "$nested" -- "$cur"))
    return
  fi
  if [ -z "$at" ]; then
    if [ -n "$nested" ]; then COMPREPLY=($(compgen -W "$nested help --help --version" -- "$cur")); fi
    return
  fi
  case "$at $prev" in
${values.join('\n')}
  esac
  while [ "$n" -lt "$COMP_CWORD" ]; do
    case "$at \${COMP_WORDS[n]}" in
      ${valued.join('|')}) n=$((n+1));;
      *" -"?*) ;;
      *) given=$((given+1));;
    esac
    n=$((n+1))
  done
  case "$cur" in
  -*) case "$at" in
${lists.join('\n')}
    esac;;
  *) case "$at $given" in
${fixed.join('\n')}
    esac;;
  esac
  if [ -n "$words$nested" ]; then
    case "$cur" in -*) nested="";; esac
    COMPREPLY=($(compgen -W "$words $nested" -- "$cur"))
  fi
  # Where a command could stand, files can too; where none begins so, the shell completes files by itself.
  if [ -n "$nested" ] && [ "\${#COMPREPLY[@]}" -gt 0 ] && compopt -o filenames 2>/dev/null; then
    while IFS= read -r file; do
      if [ -n "$file" ]; then COMPREPLY[\${#COMPREPLY[@]}]="$file"; fi
    done <<< "$(compgen -f -- "$cur")"
  fi
}
complete -o default -F _winnow winnow
`;
}

function zsh(root: Offer): string {
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
    return flagsOf([o]).map((flag) => `        '*${flag}[${text(o.description)}]${action}'`);
  };
  const argument = (one: ArgumentOffer, i: number, offer: Offer) => {
    const action = one.words.length > 0 ? `what:(${one.words.join(' ')})` : 'file:_files';
    const first = i === 0 && offer.nested.length > 0 ? [`'1:file:_winnow_or_file'`] : [];
    if (one.variadic) return [...first, `'*:${action}'`];
    return first.length > 0 ? first : [`'${i + 1}:${action}'`];
  };
  const offers = all(root).slice(1);
  const cases = offers.map(
    (offer) => `    '${offer.path}')
      _arguments -s \\
${[...offer.options.flatMap(option), ...offer.arguments.flatMap((one, i) => argument(one, i, offer).map((spec) => `        ${spec}`))].join(' \\\n')}
      ;;`,
  );
  const lists = all(root)
    .filter((offer) => offer.nested.length > 0)
    .map(
      (offer) => `      '${offer.path}') nested=(
${offer.nested.map((o) => `        '${text(o.name)}:${text(o.summary)}'`).join('\n')}
      );;`,
    );
  return `#compdef winnow
# zsh completion of winnow
_winnow_or_file() {
  if (( ! $#nested )); then _files; return; fi
  _alternative 'commands:command:{_describe -t commands command nested}' 'files:file:_files'
}
_winnow() {
  local at="" help=""
  local -a nested
  integer n=2
  if (( CURRENT > 2 )) && [[ $words[2] = help ]]; then help=yes; n=3; fi
  while (( n < CURRENT )); do
    case "\${at:+$at }$words[n]" in
      ${offers.map((offer) => `'${offer.path}'`).join('|')}) at="\${at:+$at }$words[n]";;
      *) break;;
    esac
    (( n++ ))
  done
  if (( n == CURRENT )); then
    case $at in
${lists.join('\n')}
    esac
  fi
  if [[ -n $help ]]; then
    (( $#nested )) && _describe command nested
    return
  fi
  if [[ -z $at ]]; then
    (( $#nested )) || return
    nested+=('help:print the help of a command')
    _describe command nested
    return
  fi
  # The name of the command becomes one word, and what stands behind it is its own.
  words=("\${(@)words[n-1,-1]}")
  (( CURRENT -= n - 2 ))
  case $at in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = "_winnow" ]; then _winnow "$@"; else compdef _winnow winnow; fi
`;
}

function fish(root: Offer): string {
  const text = (s: string) => `'${s.replaceAll(/['\\]/g, '\\$&')}'`;
  const offers = all(root).slice(1);
  const valued = offers.flatMap((offer) =>
    flagsOf(offer.options.filter((o) => o.value !== 'none')).map((flag) => text(`${offer.path} ${flag}`)),
  );
  const lines = [
    `# fish completion of winnow
# Four lines: the command before the cursor, how many arguments it has, whether it is the last word, whether help is asked of it.
function __winnow_before
  set -l words (commandline -opc)
  set -e words[1]
  set -l at
  set -l given 0
  set -l direct yes
  set -l help no
  if test "$words[1]" = help
    set help yes
    set -e words[1]
  end
  while set -q words[1]
    set -l path (string join -- ' ' $at $words[1])
    if test $direct = yes; and contains -- $path ${offers.map((offer) => text(offer.path)).join(' ')}
      set at $path
    else
      set direct no
      if contains -- "$at $words[1]" ${valued.join(' ')}
        set -e words[1]
      else if not string match -q -- '-?*' $words[1]
        set given (math $given + 1)
      end
    end
    set -q words[1]; and set -e words[1]
  end
  printf '%s\\n' "$at" $given $direct $help
end
function __winnow_at
  set -l before (__winnow_before)
  test "$before[1]" = "$argv[1]"; and test $before[4] = no; and begin
    not set -q argv[2]; or test $before[2] = $argv[2]
  end
end
function __winnow_behind
  set -l before (__winnow_before)
  test "$before[1]" = "$argv[1]"; and test $before[3] = yes
end
function __winnow_help
  set -l before (__winnow_before)
  test $before[4] = yes
end
complete -c winnow -n __winnow_help -f
complete -c winnow -n '__winnow_behind ""' -f
complete -c winnow -n '__winnow_at ""; and __winnow_behind ""' -a help -d 'print the help of a command'`,
  ];
  for (const outer of all(root))
    for (const { name, summary } of outer.nested)
      lines.push(`complete -c winnow -n '__winnow_behind "${outer.path}"' -a ${name} -d ${text(summary)}`);
  for (const offer of offers) {
    const when = (...more: readonly number[]) =>
      `complete -c winnow -n '__winnow_at ${[`"${offer.path}"`, ...more].join(' ')}'`;
    if (offer.arguments.length === 0) lines.push(`${when()} -f`);
    for (const [i, one] of offer.arguments.entries())
      if (one.words.length > 0) lines.push(`${one.variadic ? when() : when(i)} -f -a ${text(one.words.join(' '))}`);
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
      lines.push(`${when()} -l ${o.long.slice(2)}${short}${value} -d ${text(o.description)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function powershell(root: Offer): string {
  const text = (s: string) => `'${s.replaceAll("'", "''")}'`;
  const list = (words: readonly string[]) => `@(${words.map(text).join(', ')})`;
  const table = (rows: readonly (readonly [string, readonly string[]])[]) =>
    `@{ ${rows.map(([key, words]) => `${text(key)} = ${list(words)}`).join('; ')} }`;
  const entries = all(root).map(({ path, options, arguments: given, nested }) => {
    const values = options.flatMap((o) =>
      o.value === 'choice' ? flagsOf([o]).map((flag) => [flag, o.choices] as const) : [],
    );
    const words = given.flatMap((one, i) =>
      one.words.length > 0 ? [[one.variadic ? 'all' : String(i), one.words] as const] : [],
    );
    const fields = [
      `nested = ${list(nested.map((o) => o.name))}`,
      `options = ${list(flagsOf(options))}`,
      `valued = ${list(flagsOf(options.filter((o) => o.value !== 'none')))}`,
      `values = ${table(values)}`,
      `words = ${table(words)}`,
    ];
    return `    ${text(path)} = @{ ${fields.join('; ')} }`;
  });
  return `# PowerShell completion of winnow (Windows PowerShell 5.1 and later); where nothing is offered, the shell completes files and folders itself
Register-ArgumentCompleter -Native -CommandName winnow -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $commands = @{
${entries.join('\n')}
  }
  $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  $at = ''
  $n = 1
  $help = $before.Count -gt 1 -and $before[1] -eq 'help'
  if ($help) { $n = 2 }
  while ($n -lt $before.Count) {
    $next = "$at $($before[$n])".Trim()
    if (-not $commands.ContainsKey($next)) { break }
    $at = $next
    $n++
  }
  $command = $commands[$at]
  $last = $before[$before.Count - 1]
  $files = $false
  $offer = @()
  if ($n -eq $before.Count -and $wordToComplete -notlike '-*') {
    $offer = @($command.nested)
    $files = $at -ne '' -and -not $help
  }
  if ($help) {
  } elseif ($at -eq '') {
    if ($n -eq $before.Count) { $offer = @($command.nested) + @('help', '--help', '--version') | Sort-Object }
  } elseif ($command.values.ContainsKey($last)) {
    $offer = $command.values[$last]
  } elseif ($command.valued -contains $last) {
  } elseif ($wordToComplete -like '-*') {
    $offer = $command.options
  } else {
    $given = 0
    for (; $n -lt $before.Count; $n++) {
      if ($command.valued -contains $before[$n]) { $n++ }
      elseif ($before[$n] -notlike '-?*') { $given++ }
    }
    foreach ($place in 'all', "$given") { if ($command.words.ContainsKey($place)) { $offer += $command.words[$place] } }
  }
  $offer = @($offer | Where-Object { $_ -like "$wordToComplete*" })
  $offer | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
  # Where a command could stand, files can too.
  if ($files -and $offer.Count -gt 0) { [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete) }
}
`;
}
