// The command line of `winnow children diff`: programs and documents, in words and as a document, and what is refused.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import type { ChildrenDiff } from '../../src/children/diff/document.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import { made, numbers, randomDocument } from '../children/diff/made-up.ts';
import { EXAMPLE, keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-children-diff-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
async function winnow(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const kept = keptFace();
  const code = await dispatch(['children', 'diff', ...words], kept, '0.0.0');
  return { code, out: kept.stdout(), err: kept.stderr() };
}
const schema = JSON.parse(readFileSync('docs/formats/children-diff-1.schema.json', 'utf8'));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
async function documentOf(...words: readonly string[]): Promise<ChildrenDiff> {
  const { out } = await winnow(...words, '--json', '-q');
  const document = JSON.parse(out) as ChildrenDiff;
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return document;
}

const [X86, X64] = ['clang-x86', 'clang-x64'].map((build) => `fixtures/children/bin/${build}/cmov-two.exe`);
const OTHER = 'fixtures/children/bin/clang-x64/printf-system-directory.exe';

describe('winnow children diff', () => {
  it('compares two programs', async () => {
    const { code, out, err } = await winnow(X86, X64);
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toMatch(/^Children: 2 moved$/m);
    expect(out).toMatch(/^ {2}moved {4}gamma\.exe\n {11}ShellExecuteExW cmov-two\.exe 0x[0-9a-f]+ -> 0x[0-9a-f]+$/m);
    expect(out).toMatch(/^What the rule lets pass: the same$/m);
  });

  it('compares a document with a program, and says how the rule changes in a language', async () => {
    const kept = keptFace();
    await dispatch(['children', X86, '--json'], kept, '0.0.0');
    const { code, out } = await winnow(file('old.json', kept.stdout()), OTHER, '--to', 'eql', '--sites');
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}went {5}gamma\.exe, path not known/m);
    expect(out).toMatch(/^EQL: what passes no longer$/m);
    expect(out).toMatch(/^Call sites: 1 moved\n {2}moved/m);
  });

  it('prints documents that fulfil the schema', async () => {
    expect((await documentOf(X86, OTHER, '--to', 'sigma', '--to', 'eql')).rule?.queries).toHaveLength(2);
    const example = file('example.json', JSON.stringify(EXAMPLE));
    expect((await documentOf(example, example)).children).toEqual([]);
    await documentOf(example, X64);
    const next = numbers(5);
    for (let i = 0; i < 10; i++)
      await documentOf(...['a', 'b'].map((name) => file(`${name}.json`, JSON.stringify(randomDocument(next)))));
  });

  it('needs the host of a module for a rule', async () => {
    const reef = 'fixtures/children/bin/clang-x64/module-reef.dll';
    expect((await documentOf(reef, reef)).rule).toBeNull();
    expect((await documentOf(reef, reef, '--host', 'host.exe')).rule).not.toBeNull();
    expect((await winnow(reef, reef)).out).toMatch(/give the program that hosts it with --host/);
  });

  it('makes texts of a document harmless', async () => {
    const nasty = made({
      children: [{ ...EXAMPLE.children[0], image: '\u001b[31mx\u202e.exe', path: '%windir%\\\u0007' }],
    });
    const { out, err } = await winnow(file('a.json', JSON.stringify(made({}))), file('b.json', JSON.stringify(nasty)));
    expect(out).toContain('\\x1b[31mx\\u{202e}.exe');
    expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('ends with 3 for what cannot be read, with the way out, and with 2 for a mistake', async () => {
    const next = file('next.json', JSON.stringify({ ...EXAMPLE, schema: 'winnow.children/2' }));
    const refused = await winnow(next, X64);
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toMatch(/next\.json: a document of schema winnow\.children\/2.*winnow children FILE --json\n$/);
    for (const [name, content] of [
      ['empty.json', ''],
      ['text.txt', 'no program'],
      ['list.json', '[[]]'],
      ['cut.json', '{"schema": "winnow.children/1", '],
      ['cut.exe', 'MZ'],
    ])
      expect(await winnow(X64, file(name, content)), name).toMatchObject({ code: 3, out: '' });
    expect(await winnow(X64, join(folder, 'absent'))).toMatchObject({ code: 3, out: '' });
    expect(await winnow(X64)).toMatchObject({ code: 2, out: '' });
    expect(await winnow(X64, X64, '--to', 'latin')).toMatchObject({ code: 2, out: '' });
  });
});
