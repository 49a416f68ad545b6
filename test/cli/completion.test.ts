// The completion scripts: every option stands in each of them, and each shell, where it is installed, completes with its script.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nested } from '../../src/cli/commands/accounts.ts';
import { grammar } from '../../src/cli/commands/children.ts';
import { SHELLS } from '../../src/cli/completion-script.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import { keptFace } from './example-document.ts';

async function script(shell: string): Promise<string> {
  const face = keptFace();
  expect(await dispatch(['completion', shell], face, '1')).toBe(0);
  expect(face.stderr()).toBe('');
  return face.stdout();
}

const has = (program: string) => spawnSync(program, ['--version']).status === 0;
const LONGS = grammar(new Command('children')).options.map((o) => o.long!);

describe.each(SHELLS)('%s', (shell) => {
  it('offers every option, language and confidence', async () => {
    const text = await script(shell);
    expect(LONGS.length).toBeGreaterThan(12);
    for (const long of LONGS) expect(text).toContain(shell === 'fish' ? `-l ${long.slice(2)} ` : long);
    for (const word of ['sentinel', 'possible', 'powershell']) expect(text).toContain(word);
  });
});

/** A folder with a log and a folder, whose names begin as a command within `accounts` does. */
const folder = mkdtempSync(join(tmpdir(), 'winnow-completion-'));
writeFileSync(join(folder, 'samples.evtx'), '');
mkdirSync(join(folder, 'system'));
const scripts = mkdtempSync(join(tmpdir(), 'winnow-completion-scripts-'));
afterAll(() => {
  for (const one of [folder, scripts]) rmSync(one, { recursive: true });
});

/** The script as a file: fish reads none of a socket, which is what a child's standard input may be. */
async function scriptFile(shell: string, more = ''): Promise<string> {
  const path = join(scripts, shell);
  writeFileSync(path, `${await script(shell)}\n${more}\n`);
  return path;
}

const checks: Record<string, string[]> = { bash: ['-n'], zsh: ['-n'], fish: ['--no-execute'] };
for (const [shell, words] of Object.entries(checks)) {
  const here = has(shell);
  if (!here) console.log(`skipped: the ${shell} completion is not parsed by ${shell}, which is absent here`);
  it.skipIf(!here)(`${shell} can parse its script`, async () => {
    execFileSync(shell, [...words, await scriptFile(shell)]);
  });
}

const WITHIN_ACCOUNTS = nested.map((module) => module.name);
const TO_S = ['sentinel', 'sigma', 'splunk', 'splunk-cim', 'sql', 'sysmon'];
const COMMANDS = [
  'accounts',
  'baseline',
  'children',
  'completion',
  'convert',
  'design',
  'events',
  'hunt',
  'lint',
  'test',
];
/** Words, of which the last is not complete, what is offered for it, and the files that are. */
const CASES: readonly (readonly [words: readonly string[], offered: readonly string[], files: readonly string[]])[] = [
  [['ch'], ['children'], []],
  [['children', 'x.exe', '--to', 's'], TO_S, []],
  [['children', '--min-confidence', 'p'], ['possible', 'proven'], []],
  [['children', 'sa'], [], ['samples.evtx']],
  [['completion', 'p'], ['powershell'], []],
  [['accounts', ''], WITHIN_ACCOUNTS, ['samples.evtx', 'system']],
  [
    ['accounts', 's'],
    ['sam', 'sysmon-config'],
    ['samples.evtx', 'system'],
  ],
  [['accounts', 'sy'], ['sysmon-config'], ['system']],
  [['accounts', 'samp'], [], ['samples.evtx']],
  // Behind an option or a log a command is not named.
  [['accounts', '--json', 's'], [], ['samples.evtx', 'system']],
  [['accounts', 'a.evtx', 'sam'], [], ['samples.evtx']],
  [['accounts', 'a.evtx', 'sam', 'd'], [], []],
  [
    ['accounts', 'sam', ''],
    ['decode', 'diff'],
    ['samples.evtx', 'system'],
  ],
  [['accounts', 'sam', 'decode', ''], ['C', 'F', 'V'], []],
  [['accounts', 'sam', 'decode', '--json', ''], ['C', 'F', 'V'], []],
  [['accounts', 'sam', 'decode', 'C', 's'], [], ['samples.evtx', 'system']],
  [['accounts', 'sam', 'diff', '--js'], ['--json'], []],
  [['accounts', 'rules', '--wr'], ['--write'], []],
  [['accounts', 'rules', '--to', 's'], TO_S, []],
  [['accounts', 'rules', 's'], [], []],
  [['accounts', 'sysmon-config', '--layer', 'r'], ['registry'], []],
  [['help', ''], COMMANDS, []],
  [['help', 'accounts', 's'], ['sam', 'sysmon-config'], []],
  [['help', 'accounts', 'sam', ''], ['decode', 'diff'], []],
];
const sorted = (words: Iterable<string>) => [...new Set(words)].sort();
const lines = (text: string) => text.split(/\r?\n/).filter((line) => line !== '');

const pwsh = ['pwsh', 'powershell'].find(has);
if (!pwsh) console.log('skipped: the PowerShell completion is not run, PowerShell is absent here');
describe.skipIf(!pwsh)('PowerShell completes', () => {
  // Where nothing is offered PowerShell completes files, also where none is asked for.
  it.each(CASES.filter(([, offered, files]) => offered.length + files.length > 0))(
    '%j',
    async (words, offered, files) => {
      const line = `winnow ${words.join(' ')}`;
      const ask = `${await script('powershell')}
(TabExpansion2 '${line}' ${line.length}).CompletionMatches | ForEach-Object { $_.ListItemText }`;
      const out = execFileSync(pwsh!, ['-NoProfile', '-Command', '-'], {
        input: `${ask}\n`,
        encoding: 'utf8',
        cwd: folder,
      });
      expect(sorted(lines(out))).toEqual(sorted([...offered, ...files]));
    },
  );
});

const bash = has('bash') && process.platform !== 'win32';
if (!bash) console.log('skipped: the bash completion is not run, bash is absent here');
describe.skipIf(!bash)('bash completes', () => {
  it.each(CASES)('%j', async (words, offered, files) => {
    // compopt works in a completion only; here it says what the shell is told.
    const ask = `compopt() { TOLD="$TOLD $*"; }
COMP_WORDS=(winnow ${words.map((w) => `'${w}'`).join(' ')}); COMP_CWORD=${words.length}; TOLD=""; _winnow
printf '%s\n' "\${COMPREPLY[@]}"; echo "told:$TOLD"`;
    const input = `${await script('bash')}\n${ask}\n`;
    const answer = lines(execFileSync('bash', ['-s'], { input, encoding: 'utf8', cwd: folder }));
    const told = answer.pop();
    // Where nothing is offered bash completes files by itself, if it is not told otherwise.
    const itself = answer.length === 0 && !told?.includes('+o default');
    expect(sorted(answer)).toEqual(sorted([...offered, ...(itself ? [] : files)]));
    if (files.length > 0 && !itself) expect(told).toContain('-o filenames');
    if (words[1] === 'rules' && offered.length === 0) expect(told).toContain('+o default');
  });

  it('the program itself, with its options', async () => {
    const ask = `COMP_WORDS=(winnow ''); COMP_CWORD=1; _winnow; printf '%s\n' "\${COMPREPLY[@]}"`;
    const input = `${await script('bash')}\n${ask}\n`;
    const answer = lines(execFileSync('bash', ['-s'], { input, encoding: 'utf8' }));
    expect(sorted(answer)).toEqual(sorted([...COMMANDS, 'help', '--help', '--version']));
  });
});

const fish = has('fish');
if (!fish) console.log('skipped: the fish completion is not run, fish is absent here');
describe.skipIf(!fish)('fish completes', () => {
  it.each(CASES)('%j', async (words, offered, files) => {
    const path = await scriptFile('fish', `complete -C 'winnow ${words.join(' ')}'`);
    const answer = lines(execFileSync('fish', ['--no-config', path], { encoding: 'utf8', cwd: folder }));
    const found = answer.map((line) => line.replace(/\t.*/, '').replace(/\/$/, ''));
    // It also offers what has the letters somewhere, where nothing begins with them.
    const begun = found.filter((word) => word.startsWith(words.at(-1)!));
    expect(sorted(begun)).toEqual(sorted([...offered, ...files]));
  });
});

/** What zsh would show for each line: its `compadd` prints what matches, in a terminal of its own. */
const ZSH_CAPTURE = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1= RPS1=; stty -echo
autoload -U compinit; compinit -D -u
source $1
compadd () {
  if [[ \\\${@[1,(i)(-|--)]} == *-(O|A|D)\\\\ * ]]; then builtin compadd \\"\\$@\\"; return \\$?; fi
  local -a hits
  builtin compadd -O hits \\"\\$@\\"
  print -rl -- '[[['\\$^hits']]]'
}
show () { zle complete-word; BUFFER=; print -r -- '<<<''end>>>'; }
zle -N show
bindkey '^X' show
print -r -- '<<<''ready>>>'"
zpty -r z text '*<<<ready>>>*'
shift
for line; do
  zpty -w -n z "$line"$'\\x18'
  zpty -r z text '*<<<end>>>*'
  print -r -- $text
done
zpty -d z`;

const zsh = has('zsh') && spawnSync('zsh', ['-fc', 'zmodload zsh/zpty']).status === 0;
if (!zsh) console.log('skipped: the zsh completion is not run, zsh or its zpty is absent here');
describe.skipIf(!zsh)('zsh completes', () => {
  const answers: string[] = [];
  beforeAll(async () => {
    const ask = [
      '-fc',
      ZSH_CAPTURE,
      'zsh',
      await scriptFile('zsh'),
      ...CASES.map(([words]) => `winnow ${words.join(' ')}`),
    ];
    const out = execFileSync('zsh', ask, { encoding: 'utf8', cwd: folder, timeout: 60_000 });
    answers.push(...out.split('<<<end>>>'));
  }, 60_000);

  it.each(CASES.map((one, i) => [i, ...one] as const))('%i: %j', (i, words, offered, files) => {
    expect(answers).toHaveLength(CASES.length + 1);
    const found = [...answers[i].matchAll(/\[\[\[(.*?)\]\]\]/g)].map(([, word]) => word);
    // Where there is no argument it offers the options.
    const asked = found.filter((word) => words.at(-1)!.startsWith('-') || !word.startsWith('-'));
    expect(sorted(asked)).toEqual(sorted([...offered, ...files]));
  });
});
