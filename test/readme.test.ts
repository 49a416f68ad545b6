// What README and docs show is true now: printed output, the library's example, the npm scripts and the links. README_OUTPUT=write renews what is shown.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { codeBlocks, difference, shownCommands, shownNow, wordsOf } from './shown-output.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'dist', 'cli.js');
const built = existsSync(cli);
if (!built)
  console.log('skipped: what README and docs show is not compared, dist/cli.js is absent (npm run build makes it)');

const folders = ['', 'docs', 'docs/decisions', 'docs/formats', 'fixtures', 'bench', 'data'];
const pages = folders.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => (folder === '' ? name : `${folder}/${name}`)),
);
const read = (page: string) => readFileSync(join(root, page), 'utf8');
const environment = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, WINNOW_DEBUG: undefined };
const node = (...words: string[]) =>
  spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8', timeout: 60_000, env: environment });

function printedBy(command: string): string {
  const [program, ...words] = wordsOf(command);
  if (program !== 'winnow') throw new Error(`a console block may only show winnow, not ${program}`);
  const { stdout, stderr } = node(cli, ...words);
  return stdout + stderr;
}

describe.skipIf(!built)('what is shown is what is printed', () => {
  const cases = pages.flatMap((page) => shownCommands(read(page)).map((shown) => ({ page, ...shown })));

  it('shows something in README and in docs/children.md', () => {
    expect(cases.filter(({ page }) => page === 'README.md').length).toBeGreaterThan(0);
    expect(cases.filter(({ page }) => page === 'docs/children.md').length).toBeGreaterThan(0);
  });

  it.each(cases)('$page: $command', ({ page, command, shown }) => {
    const output = printedBy(command);
    if (process.env.README_OUTPUT === 'write') {
      // Read again: an earlier command may have moved the lines.
      const lines = read(page).split('\n');
      const at = shownCommands(read(page)).find((one) => one.command === command)!;
      lines.splice(at.line, at.shown.length, ...shownNow(shown, output));
      writeFileSync(join(root, page), lines.join('\n'));
    } else {
      expect(
        difference(shown, output),
        `run README_OUTPUT=write npx vitest run test/readme.test.ts; printed:\n${output}`,
      ).toBeUndefined();
    }
  });

  it.each(codeBlocks(read('README.md'), 'js').map((code) => ({ code })))(
    'README.md: the library, as shown',
    ({ code }) => {
      const { stdout, stderr } = node('--input-type=module', '--eval', code);
      const promised = [...code.matchAll(/^\/\/ prints: (.*)$/gm)].map(([, text]) => text);
      expect(stderr).toBe('');
      expect(stdout.trimEnd().split(/\r?\n/)).toEqual(promised);
    },
  );
});

describe('what is named is there', () => {
  it('has every npm script that a page names', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)].map(([, name]) => name),
    );
    expect([...new Set(named)].filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it.each(pages)('%s: links lead to files', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, to]) => to);
    expect(links.filter((to) => !existsSync(join(root, dirname(page), to)))).toEqual([]);
  });
});

describe('a page that lies is seen', () => {
  const output = 'one\ntwo\n\nthree\nfour\n';

  it.each([
    ['all of it', ['one', 'two', '', 'three', 'four']],
    ['a middle left out', ['one', '...', 'three', 'four']],
    ['both ends left out', ['...', 'two', '...']],
  ])('accepts %s', (_, shown) => expect(difference(shown, output)).toBeUndefined());

  it.each([
    ['another line', ['one', 'TWO', '...']],
    ['an end left out without saying so', ['one', 'two']],
    ['a beginning left out without saying so', ['two', '...']],
    ['the wrong order', ['...', 'three', '...', 'two', '...']],
    ['a line too many', ['...', 'four', 'five']],
    ['lines that are apart', ['...', 'two', 'three', '...']],
    ['an output longer than its end', ['one', '...', 'three']],
  ])('refuses %s', (_, shown) => expect(difference(shown, output)).toMatch(/the output/));

  it('reads commands and quotes, and renews a part between its first and last line', () => {
    const page = 'x\n```console\n$ winnow children "a b.exe" --sites\none\n```\n```sh\n$ not this\n```\n';
    expect(shownCommands(page)).toEqual([{ command: 'winnow children "a b.exe" --sites', shown: ['one'], line: 3 }]);
    expect(wordsOf('winnow children "a b.exe" --sites')).toEqual(['winnow', 'children', 'a b.exe', '--sites']);
    expect(shownNow(['...', 'two', 'old', 'three', '...'], output)).toEqual(['...', 'two', '', 'three', '...']);
    expect(() => shownNow(['...', 'gone', '...'], output)).toThrow(/no line like "gone"/);
    expect(shownNow(['...', 'two and a half', 'old', 'four', '...'], output)).toEqual([
      '...',
      'two',
      '',
      'three',
      'four',
      '...',
    ]);
  });
});
