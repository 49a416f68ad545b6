// The command lines of `winnow lint`: findings of rules, the review of a change, the documents and the exit codes.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { dispatch } from '../../src/cli/dispatch.ts';
import type { LintDiffDocument, LintDocument } from '../../src/cli/lint-document.ts';
import { keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
async function winnow(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const kept = keptFace({ env: { WINNOW_CACHE: join(folder, 'cache') } });
  const code = await dispatch(words, kept, '0.0.0');
  return { code, out: kept.stdout(), err: kept.stderr() };
}
async function lint(...words: readonly string[]): Promise<LintDocument> {
  return JSON.parse((await winnow('lint', ...words, '--json')).out) as LintDocument;
}

const RULE = 'fixtures/rules/lint/wick-children.yml';
const CHANGED = 'fixtures/rules/lint/wick-children-changed.yml';
const rule = (detection: string, category = 'process_creation'): string =>
  `title: t\nlogsource: {product: windows, category: ${category}}\ndetection:\n${detection}\n`;
/** The kinds of what is found in a detection. */
async function kindsIn(detection: string, category?: string): Promise<readonly string[]> {
  return (await lint(file('one.yml', rule(detection, category)))).findings.map(({ kind }) => kind);
}

describe('winnow lint', () => {
  it('says what is wrong, where, with which values and how to mend it, and 1', async () => {
    const { code, out } = await winnow('lint', RULE);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^fixtures\/rules\/lint\/wick-children\.yml:17:5 {2}free-exclusion {2}Program Started by Wick {2}filter_main_name$/m,
    );
    expect(out).toMatch(/^ {4}with Image = C:\\Users\\Public\\oil\.exe, CommandLine = {2}\/refill$/m);
    expect(out).toMatch(/^5 findings in 1 rule with 5 exclusions: 2 free, 2 guarded, 1 forced$/m);
  });

  it('says the places again of rules that a hunt keeps, and those of the file in a rule of Elastic', async () => {
    const many = join(folder, 'many');
    mkdirSync(many);
    const text = rule("  s: {Image|endswith: '\\x.exe'}\n  f: {CommandLine|contains: y}\n  condition: s and not f");
    for (let i = 0; i < 60; i++) writeFileSync(join(many, `${i}.yml`), text);
    await winnow('hunt', 'fixtures/logs/sample', '-r', many);
    for (let i = 0; i < 2; i++) expect((await lint(many)).findings.map(({ line }) => line)).toEqual(Array(60).fill(5));
    const toml = `[rule]\nname = "e"\ntype = "eql"\nlanguage = "eql"\nquery = '''\nprocess where process.name : "x.exe" and\n  not process.command_line : "*y*"\n'''\n`;
    expect((await lint(file('e.toml', toml))).findings).toMatchObject([{ line: 7, column: 28 }]);
  });

  it('says 0 where nothing is found', async () => {
    const path = file(
      'good.yml',
      rule('  s: {Image|endswith: \\a.exe}\n  f: {User: SYSTEM}\n  condition: s and not f'),
    );
    const { code, out } = await winnow('lint', path);
    expect({ code, out }).toEqual({ code: 0, out: '0 findings in 1 rule with 1 exclusion: 1 guarded\n' });
  });

  it('prints the document that its schema describes, of the wanted kinds', async () => {
    const document = await lint(
      RULE,
      file('bad.yml', 'title: x\ndetection: {}\n'),
      '--kind',
      'weak-guard',
      '--kind',
      'free-exclusion',
    );
    const schema = JSON.parse(readFileSync('docs/formats/lint-1.schema.json', 'utf8'));
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document.findings.map(({ kind, clause }) => [kind, clause])).toEqual([
      ['free-exclusion', 'filter_main_name'],
      ['free-exclusion', 'filter_optional_stream'],
      ['weak-guard', 'filter_main_folder'],
    ]);
    expect(document.notLoaded).toHaveLength(1);
  });

  it('says 3 where a rule could not be read, 2 where the words are no command', async () => {
    expect((await winnow('lint', file('bad.yml', 'title: x\n'))).code).toBe(3);
    expect((await winnow('lint', RULE, '--kind', 'x')).code).toBe(2);
    expect((await winnow('lint', '--diff', RULE)).code).toBe(2);
    expect((await winnow('lint', RULE, '--children', 'x.json')).code).toBe(2);
  });
});

describe('what is found', () => {
  const long = Array.from({ length: 30 }, (_, index) => `'\\n${index}.exe'`).join(', ');
  it.each([
    ['never-fires', '  s: {CommandLine: a}\n  t: {CommandLine: b}\n  condition: s and t'],
    ['never-fires', '  s: {Image|endswith: \\a.exe}\n  f: {Image|contains: a}\n  condition: s and not f'],
    ['impossible-value', '  s: {Image: \\a.exe}\n  condition: s'],
    ['impossible-value', "  s: {Image: 'C:\\a\\*\\a.exe'}\n  condition: s"],
    ['missing-field', '  s: {TargetObject: a}\n  condition: s'],
    ['subsumed', '  s: {CommandLine|contains: [abc, b]}\n  condition: s'],
    ['dear-list', `  s: {Image|endswith: [${long}]}\n  condition: s`],
    [
      'crossing-wildcard',
      "  s: {CommandLine: a}\n  f: {Image: 'C:\\Program Files\\\\*\\a.exe'}\n  condition: s and not f",
    ],
    ['doubtful-parent', '  s: {CommandLine: a}\n  f: {ParentImage: C:\\Windows\\a.exe}\n  condition: s and not f'],
  ])('%s', async (kind, detection) => {
    expect(await kindsIn(detection)).toContain(kind);
  });

  it('an exclusion that another one covers', async () => {
    const { findings } = await lint(
      file(
        'two.yml',
        rule(
          '  s: {CommandLine: a}\n  f: {User: SYSTEM}\n  g: {User: SYSTEM, Image|endswith: x}\n  condition: s and not f and not g',
        ),
      ),
    );
    expect(findings.filter(({ kind }) => kind === 'subsumed')).toMatchObject([
      { clause: 'g', message: 'f lets the same pass already' },
    ]);
  });

  it.each([
    ['a field that only some events of the source have', '  s: {Details: a}\n  condition: s', 'registry_event'],
    [
      'a parent that is asked for',
      '  s: {ParentImage|endswith: a.exe}\n  f: {ParentImage: C:\\Windows\\a.exe}\n  condition: s and not f',
      undefined,
    ],
    ['a name of the kernel', '  s: {Image: System}\n  condition: s', undefined],
    ['a field of the event as a whole', '  s: {Computer: a}\n  condition: s', undefined],
    ['one of two alternatives', '  s: {CommandLine: a}\n  t: {CommandLine: b}\n  condition: s or t', undefined],
  ])('nothing wrong with %s', async (_, detection, category) => {
    expect(await kindsIn(detection, category)).toEqual([]);
  });

  it('in rules of other logs, that Windows has none', async () => {
    const path = file(
      'linux.yml',
      'title: t\nlogsource: {product: linux, service: auditd}\ndetection: {s: {a: b}, condition: s}\n',
    );
    expect((await lint(path)).findings).toMatchObject([{ kind: 'never-fires' }]);
  });
});

describe('winnow lint --diff', () => {
  it('says what is newly let pass, what an attacker can wear, and what is no longer asked for', async () => {
    const { code, out } = await winnow('lint', '--diff', RULE, CHANGED);
    expect(code).toBe(1);
    expect(out).toMatch(
      /newly lets pass: Image: C:\\Program Files\\Lantern\\lamp\.exe\n {4}\*\\wick\.exe -> C:\\Program Files\\Lantern\\lamp\.exe: not explained/,
    );
    expect(out).toMatch(/no longer finds: Image: \*\\oil\.exe/);
    expect(out).toMatch(/^1 rule compared: 3 things newly allowed, 1 of them an attacker can wear$/m);
  });

  it('explains a pair by a document of children', async () => {
    const children = file(
      'wick.json',
      JSON.stringify({
        schema: 'winnow.children/1',
        parent: { image: 'wick.exe' },
        children: [{ image: 'lamp.exe', confidence: 'proven' }],
      }),
    );
    const { out } = await winnow('lint', '--diff', RULE, CHANGED, '--children', children, '--json');
    const document = JSON.parse(out) as LintDiffDocument;
    const schema = JSON.parse(readFileSync('docs/formats/lint-diff-1.schema.json', 'utf8'));
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document.allowed[0].pairs[0].explained).toEqual({
      parent: 'wick.exe',
      child: 'lamp.exe',
      confidence: 'proven',
    });
    expect(document.counts).toEqual({ compared: 1, allowed: 3, free: 1 });
  });

  it('says 0 where nothing is newly let pass', async () => {
    expect((await winnow('lint', '--diff', RULE, RULE)).code).toBe(0);
  });

  it('refuses what is no document of children', async () => {
    expect((await winnow('lint', '--diff', RULE, CHANGED, '--children', file('x.json', '{}'))).code).toBe(3);
    expect((await winnow('lint', '--diff', RULE, CHANGED, '--children', file('y.json', '{'))).code).toBe(3);
  });
});
