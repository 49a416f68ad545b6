// The built program as a process: streams, exit codes, a reader that goes away, and no stack trace whatever it is given.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = join(root, 'dist', 'cli.js');
const built = existsSync(cli);
if (!built) console.log('skipped: the built program is not run, dist/cli.js is absent (npm run build makes it)');

const folder = mkdtempSync(join(tmpdir(), 'winnow-program-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Real Windows programs that anyone has after npm install. */
const prebuilds = join(
  dirname(createRequire(import.meta.url).resolve('node-pty/package.json')),
  'prebuilds',
  'win32-x64',
);
const consoleHost = [join(prebuilds, 'conpty', 'OpenConsole.exe'), join(prebuilds, 'OpenConsole.exe')].find(existsSync);

const winnow = (...words: string[]) =>
  spawnSync(process.execPath, [cli, ...words], { encoding: 'utf8', timeout: 60_000 });

describe.skipIf(!built)('the built program', () => {
  it('gives its version and help', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(winnow('--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
    expect(winnow('children', '--help')).toMatchObject({ status: 0, stderr: '' });
  });

  it('ends with 2 for a wrong option and with 3 for a file that cannot be read', () => {
    expect(winnow('children', 'a.exe', '--jsn')).toMatchObject({ status: 2, stdout: '' });
    expect(winnow('children', join(folder, 'absent.exe'))).toMatchObject({ status: 3, stdout: '' });
    expect(winnow('children', folder)).toMatchObject({ status: 3, stdout: '' });
  });

  it('takes dossiers and results from standard input', () => {
    const given = (input: string, ...words: string[]) =>
      spawnSync(process.execPath, [cli, ...words], { encoding: 'utf8', timeout: 60_000, input });
    const clean = readFileSync(join(root, 'fixtures', 'designs', 'clean.yaml'), 'utf8');
    expect(given(clean, 'design', 'lint', '-')).toMatchObject({ status: 0, stdout: '0 findings in 2 dossiers\n' });
    expect(given('id: x\n', 'design', 'lint', '-').stderr).toMatch(/^winnow: standard input:1:1: /);
    expect(given('', 'design', 'lint', '-')).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/^winnow: (?:cannot read )?standard input is empty/),
    });
    expect(given(clean, 'design', 'migrate', '-', '--write').status).toBe(2);
    const example = readFileSync(join(root, 'fixtures', 'designs', 'example-8.yaml'), 'utf8');
    expect(given(example, 'design', 'funnel', '-', '--fixtures')).toMatchObject({ status: 0, stderr: '' });
    const rows = `day,host,hits,telemetry\n${[...Array(20).keys()].map((i) => `2026-03-${String(i + 1).padStart(2, '0')},h,1,5\n`).join('')}`;
    const words = ['Image|endswith: x', '--log-source', 'WinEventLog:Sysmon/EventCode=1'];
    expect(given(rows, 'baseline', ...words, '--result', '-', '--json')).toMatchObject({ status: 0, stderr: '' });
  });

  it('says how DuckDB is installed where a history is to be counted without it', () => {
    const hook = join(folder, 'without-duckdb.cjs');
    writeFileSync(
      hook,
      "const M = require('module'); const resolve = M._resolveFilename; M._resolveFilename = function (name, ...rest) { if (name === '@duckdb/node-api') throw new Error('not found'); return resolve.call(this, name, ...rest); };",
    );
    const history = join(folder, 'history.json');
    writeFileSync(history, '{"EventID":1,"EventTime":"2026-03-02T10:00:00Z","Channel":"x"}\n');
    const words = [cli, 'baseline', 'Image|endswith: x', '--history', history];
    const run = spawnSync(process.execPath, ['--require', hook, ...words], { encoding: 'utf8', timeout: 60_000 });
    expect(run).toMatchObject({ status: 3, stdout: '' });
    expect(run.stderr).toBe(
      'winnow: a history is counted by DuckDB, which is not installed here: npm install @duckdb/node-api\n',
    );
  });

  it('answers a file of lies in one line', () => {
    const lie = join(folder, 'lie.exe');
    for (const bytes of [
      'MZ',
      `MZ${'\0'.repeat(58)}\xff\xff\xff\x7f`,
      `MZ${'\0'.repeat(58)}\x40\0\0\0PE\0\0`,
      `MZ${'\xff'.repeat(4096)}`,
    ]) {
      writeFileSync(lie, bytes, 'latin1');
      const { status, stdout, stderr } = winnow('children', lie);
      expect([status, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(/^winnow: cannot read [^\n]+\n$/);
    }
  });

  it('is silent when the reader goes away', async () => {
    const child = spawn(process.execPath, [cli, 'completion', 'zsh'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toBe('');
  });

  if (!consoleHost) console.log('skipped: OpenConsole.exe is not read, node-pty is absent');
  describe.skipIf(!consoleHost)('on OpenConsole.exe of node-pty', () => {
    it('prints a document that the schema takes, the same bytes each time', () => {
      const { status, stdout, stderr } = winnow('children', consoleHost!, '--json');
      expect([status, stderr]).toEqual([0, '']);
      const schema = JSON.parse(readFileSync(join(root, 'docs', 'formats', 'children-1.schema.json'), 'utf8'));
      const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
      expect(validate(JSON.parse(stdout)), JSON.stringify(validate.errors)).toBe(true);
      expect(winnow('children', consoleHost!, '--json').stdout).toBe(stdout);
    });

    it('tells its child, and explains it', () => {
      expect(winnow('children', consoleHost!).stdout).toMatch(
        /cmd\.exe, started from %WINDIR%\\system32\\cmd\.exe, seen in OpenConsole\.exe/i,
      );
      expect(winnow('children', consoleHost!, '--explain', 'cmd.exe').stdout).toMatch(
        /call +0x[0-9a-f]+ +CreateProcess/,
      );
    });
  });
});
