// Commands within a command: their help by both ways, and mistakes that name the command they are made in.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dispatch } from '../../src/cli/dispatch.ts';
import { keptFace } from './example-document.ts';

async function winnow(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const face = keptFace();
  const code = await dispatch(words, face, '1.2.3');
  return { code, out: face.stdout(), err: face.stderr() };
}

const folder = mkdtempSync(join(tmpdir(), 'winnow-dispatch-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the help', () => {
  it.each([
    [['accounts'], 'accounts [options] <LOG...>\n       winnow accounts COMMAND ...'],
    [['accounts', 'sam'], 'accounts sam [options] <HIVE>\n       winnow accounts sam COMMAND ...'],
    [['accounts', 'sam', 'diff'], 'accounts sam diff [options] <BEFORE> <AFTER>'],
    [['accounts', 'rules'], 'accounts rules [options]'],
    [['children'], 'children [options] <FILE...>\n       winnow children COMMAND ...'],
    [['children', 'diff'], 'children diff [options] <OLD> <NEW>'],
  ])('of %j is the same by help and by --help', async (words, usage) => {
    const [by, behind] = [await winnow('help', ...words), await winnow(...words, '--help')];
    expect(by).toEqual(behind);
    expect([by.code, by.err]).toEqual([0, '']);
    expect(by.out.startsWith(`Usage: winnow ${usage}\n\n`)).toBe(true);
  });

  it('lists the commands within the command, in lines that a terminal has room for', async () => {
    const { out } = await winnow('accounts', '--help');
    for (const name of ['sam', 'sysmon-config', 'rules']) expect(out).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    const list = /\nCommands:\n((?: .*\n)+)/.exec((await winnow('accounts', 'sam', '--help')).out)![1];
    expect(list).toMatch(/^ {2}diff .*\n(?: {40}.*\n)* {2}decode /);
    for (const line of list.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('of the program is printed by help alone', async () => {
    expect(await winnow('help')).toEqual(await winnow('--help'));
  });
});

describe('a mistake', () => {
  it.each([
    [['help', 'nought'], "unknown command 'nought'; see 'winnow --help'"],
    [['help', 'accounts', 'samm'], "unknown command 'samm' within 'accounts'; see 'winnow accounts --help'"],
    [
      ['help', 'accounts', 'sam', 'dif'],
      "unknown command 'dif' within 'accounts sam'; see 'winnow accounts sam --help'",
    ],
    [['help', 'children', 'sam'], "unknown command 'sam' within 'children'; see 'winnow children --help'"],
    [
      ['accounts', 'sam', 'dif', 'a', 'b'],
      "unknown command 'dif' within 'accounts sam', or too many arguments for 'accounts sam'. Expected 1 argument but got 3.; see 'winnow accounts sam --help'",
    ],
    [
      ['accounts', 'rules', 'x'],
      "too many arguments for 'accounts rules'. Expected 0 arguments but got 1.; see 'winnow accounts rules --help'",
    ],
    [['accounts', 'sam', 'diff', 'a'], "missing required argument 'AFTER'; see 'winnow accounts sam diff --help'"],
    [
      ['accounts', 'rules', '--jsn'],
      "unknown option '--jsn' (Did you mean --json?); see 'winnow accounts rules --help'",
    ],
    [['accounts'], "missing required argument 'LOG'; see 'winnow accounts --help'"],
    [['accounts', '--json', 'sam', 'x'], "--json stands before 'sam'; what it takes goes behind it"],
    [['accounts', '-q', 'sam', 'diff', 'x', 'y'], "--quiet stands before 'diff'; what it takes goes behind it"],
  ])('%j', async (words, told) => {
    expect(await winnow(...words)).toEqual({ code: 2, out: '', err: `winnow: ${told}\n` });
  });
});

it('a word that names no command within accounts is a log', async () => {
  const log = join(folder, 'samm.ndjson');
  writeFileSync(log, '{"EventID":4720,"Channel":"Security"}\n');
  expect((await winnow('accounts', log)).code).toBe(0);
  const { code, err } = await winnow('accounts', join(folder, 'samm'));
  expect(code).toBe(3);
  expect(err).toMatch(/cannot read .*samm: it does not exist/);
});
