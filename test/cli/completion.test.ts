// The completion scripts: every option stands in each of them, and bash, where there is one, completes with its script.
import { execFileSync, spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
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

const checks: Record<string, string[]> = { bash: ['-n'], zsh: ['-n'], fish: ['--no-execute'] };
for (const [shell, words] of Object.entries(checks)) {
  const here = has(shell);
  if (!here) console.log(`skipped: the ${shell} completion is not parsed by ${shell}, which is absent here`);
  it.skipIf(!here)(`${shell} can parse its script`, async () => {
    execFileSync(shell, words, { input: await script(shell) });
  });
}

const pwsh = ['pwsh', 'powershell'].find(has);
if (!pwsh) console.log('skipped: the PowerShell completion is not run, PowerShell is absent here');
it.skipIf(!pwsh)('PowerShell completes with its script', async () => {
  const ask = `${await script('powershell')}
(TabExpansion2 'winnow children a.exe --to s' 28).CompletionMatches | ForEach-Object { $_.CompletionText }`;
  const out = execFileSync(pwsh!, ['-NoProfile', '-Command', '-'], { input: `${ask}\n`, encoding: 'utf8' });
  expect(out.trim().split(/\r?\n/)).toEqual(['sigma', 'sentinel', 'splunk', 'splunk-cim', 'sysmon', 'sql']);
});

const bash = has('bash') && process.platform !== 'win32';
if (!bash) console.log('skipped: the bash completion is not run, bash is absent here');
describe.skipIf(!bash)('bash completes', async () => {
  const text = await script('bash');
  const complete = (...words: string[]): string[] => {
    const line = words.map((w) => `'${w}'`).join(' ');
    const ask = `COMP_WORDS=(winnow ${line}); COMP_CWORD=${words.length}; _winnow; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-s'], { input: `${text}\n${ask}\n`, encoding: 'utf8' })
      .trim()
      .split('\n');
  };
  it.each([
    [['ch'], ['children']],
    [
      ['children', '--to', 's'],
      ['sigma', 'sentinel', 'splunk', 'splunk-cim', 'sysmon', 'sql'],
    ],
    [
      ['children', '--min-confidence', 'p'],
      ['proven', 'possible'],
    ],
    [['children', '--no-m'], ['--no-module']],
    [
      ['children', 'x.exe', '--mod'],
      ['--modules', '--module'],
    ],
    [['children', 'W'], ['']],
    [['completion', 'p'], ['powershell']],
  ])('%j', (words, offered) => {
    expect(complete(...words)).toEqual(offered);
  });
});
