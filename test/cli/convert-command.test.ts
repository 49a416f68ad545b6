// The command line of `winnow convert`: what is printed where, and with which exit code.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { dispatch } from '../../src/cli/dispatch.ts';
import { languages } from '../../src/rule/emit/index.ts';
import { keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-convert-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const rule = (title: string, source: string, selection: string): string =>
  `title: ${title}\nlogsource: {${source}}\ndetection:\n  selection:\n    ${selection}\n  condition: selection\n`;
const QUERY = file('query.yml', rule('Q', 'category: dns_query', "QueryName: 'candle.example'"));
const BROKEN = file('broken.yml', rule('B', 'category: dns_query', "QueryName|glow: 'x'"));
mkdirSync(join(folder, 'rules'));
file('rules/a.yml', rule('A', 'category: process_creation, product: windows', "Image|endswith: '\\a.exe'"));
file('rules/b.yml', rule('B', 'category: dns_query, product: windows', "QueryName: 'b'"));

async function run(...args: readonly string[]) {
  const face = keptFace();
  const code = await dispatch(['convert', ...args], face, '0');
  return { code, out: face.stdout(), err: face.stderr() };
}

describe('winnow convert', () => {
  it('prints the rule, and nothing else', async () => {
    const { code, out, err } = await run(QUERY, '--to', 'sql');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`AND lower("QueryName") = 'candle.example';`);
  });

  it('writes the names of another taxonomy', async () => {
    const { out } = await run(QUERY, '--to', 'sql', '--taxonomy', 'ecs');
    expect(out).toContain(`AND lower("dns.question.name") = 'candle.example';`);
    const { code, err } = await run(QUERY, '--to', 'defender', '--taxonomy', 'ecs');
    expect(code).toBe(2);
    expect(err).toContain('defender is written with the names of mde, not of ecs');
  });

  it('names what a language cannot say, prints the rest, and ends with 2', async () => {
    const { code, out, err } = await run(join(folder, 'rules'), '--to', 'sentinel');
    expect(code).toBe(2);
    expect(out).toContain('| where NewProcessName endswith @"\\a.exe"');
    expect(err).toContain(
      `b.yml: "B" is not written in KQL (Microsoft Sentinel): Microsoft Sentinel's SecurityEvent has no`,
    );
    expect(err).toContain('1 rule not written, 1 written');
  });

  it('tells the place of an error, and ends with 3', async () => {
    const { code, err } = await run(BROKEN, QUERY, '--to', 'sigma');
    expect(code).toBe(3);
    expect(err).toContain("broken.yml:5:5: 'QueryName|glow'");
    expect((await run(join(folder, 'gone.yml'), '--to', 'sigma')).code).toBe(3);
  });

  it('prints one document', async () => {
    const { code, out } = await run(join(folder, 'rules'), BROKEN, '--to', 'sentinel', '--json');
    expect(code).toBe(3);
    const schema = JSON.parse(readFileSync('docs/formats/convert-1.schema.json', 'utf8'));
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    expect(validate(JSON.parse(out)), JSON.stringify(validate.errors)).toBe(true);
    expect(schema.properties.language.enum).toEqual(Object.keys(languages));
    expect(JSON.parse(out)).toMatchObject({
      schema: 'winnow.convert/1',
      language: 'sentinel',
      taxonomy: 'windows',
      rules: [{ title: 'A' }],
      refused: [{ title: 'B', reason: expect.stringContaining('has no table for windows/dns_query') }],
      notLoaded: [{ line: 5, column: 5 }],
    });
  });

  it('refuses a language that is none, a file that is no rule by its name, and an empty folder', async () => {
    expect((await run(QUERY, '--to', 'yara')).err).toContain(Object.keys(languages).join(', '));
    expect(await run(file('rule.txt', ''), '--to', 'sql')).toMatchObject({ code: 2 });
    expect((await run(QUERY)).code).toBe(2);
    mkdirSync(join(folder, 'empty'));
    expect((await run(join(folder, 'empty'), '--to', 'sql')).code).toBe(3);
  });

  it('joins Sigma rules so that they are read again', async () => {
    const { out } = await run(join(folder, 'rules'), '--to', 'sigma');
    const again = await run(file('joined.yml', out), '--to', 'sigma');
    expect(again).toEqual({ code: 0, out, err: '' });
  });
});
