// One line of PowerShell that copies named system modules from a Windows host into a folder.

export interface CollectCommand {
  /** Runs in Windows PowerShell 5.1 and later; undefined when no name can stand in it. */
  readonly command: string | undefined;
  /** Names that are left out of the command, because a shell could read more into them than a name. */
  readonly leftOut: readonly string[];
}

// The names come out of the analysed file, which may be hostile, and the line is made to be pasted into a shell: only letters,
// digits and four marks, none of which means anything inside single quotes. No path, no wildcard, no quote of any alphabet.
const ORDINARY_NAME = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/;

/** The command for modules by file name; those of a 32-bit image stand in SysWOW64 on a 64-bit host. */
export function collectCommand(names: readonly string[], imageIs32Bit: boolean): CollectCommand {
  const inLine = names.filter((name) => ORDINARY_NAME.test(name));
  const leftOut = names.filter((name) => !ORDINARY_NAME.test(name));
  if (inLine.length === 0) return { command: undefined, leftOut };
  const system = imageIs32Bit
    ? '$s="$env:SystemRoot\\SysWOW64"; if(!(Test-Path $s)){$s="$env:SystemRoot\\System32"}'
    : '$s="$env:SystemRoot\\System32"';
  const list = inLine.map((name) => `'${name}'`).join(',');
  const command =
    `$d='winnow-modules'; ${system}; New-Item -ItemType Directory -Force $d | Out-Null; ` +
    `${list} | ForEach-Object { if(Test-Path "$s\\$_"){Copy-Item "$s\\$_" $d}else{Write-Warning "$_ is not in $s"} }`;
  return { command, leftOut };
}
