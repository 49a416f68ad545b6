// The command lines of `winnow design new`, `lint`, `migrate` and `import`: files in, text or documents out, and the exit codes.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { dispatch } from '../../src/cli/dispatch.ts';
import { keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-dossiers-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
async function design(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const kept = keptFace();
  const code = await dispatch(['design', ...words], kept, '0.0.0');
  return { code, out: kept.stdout(), err: kept.stderr() };
}
/** The document that is printed, held against its schema. */
async function documentOf(name: string, ...words: readonly string[]) {
  const { out } = await design(...words, '--json');
  const document = JSON.parse(out);
  const schema = JSON.parse(readFileSync(`docs/formats/${name}-1.schema.json`, 'utf8'));
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return document;
}

describe('winnow design new', () => {
  it('prints a dossier that lint takes up', async () => {
    const { code, out } = await design('new', 'T1003.001', '--platform', 'Windows');
    expect(code).toBe(0);
    const linted = await design('lint', file('new.yaml', out));
    expect(linted).toMatchObject({ code: 1, err: '' });
    expect(linted.out).toMatch(/new\.yaml:\d+:\d+ {2}one-procedure {2}T1003\.001-lsass-memory {2}procedure-1\n/);
    expect(linted.out).not.toMatch(/unknown-/);
  });

  it('writes it into a file that is not there, and never over one', async () => {
    const path = join(folder, 'deep', 'T1136.001.yaml');
    expect(await design('new', 'T1136.001', '--write', path)).toMatchObject({ code: 0, out: '' });
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('technique: T1136.001');
    const again = await design('new', 'T1136.001', '--write', path);
    expect(again).toMatchObject({ code: 2 });
    expect(again.err).toContain('is there already');
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('prints what ATT&CK says as a document', async () => {
    const document = await documentOf('design-new', 'new', 'LSASS Memory', '--attack', '18.0');
    expect(document).toMatchObject({ technique: 'T1003.001', attack_version: '18.0', tactics: ['credential-access'] });
    expect(document.analytics[0].sources).toContainEqual({
      data_component: 'DC0035',
      component_name: 'Process Access',
      name: 'WinEventLog:Sysmon',
      channel: 'EventCode=10',
    });
  });

  it.each([
    [['new', 'T1003.01'], 'did you mean T1003.001'],
    [['new', 'T1003.001', '--platform', 'Amiga'], 'it has Windows'],
    [['new', 'T1003.001', '--attack', '3'], 'known are 18.1'],
    [['migrate', 'x.yaml', '--to', '99'], 'known are 18.1'],
  ])('says 2 for %j', async (words, message) => {
    const { code, err } = await design(...words);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

const CLEAN = readFileSync('fixtures/designs/clean.yaml', 'utf8');

describe('winnow design lint', () => {
  it('says 0 where nothing is found, 1 where something is, 3 with the place where a dossier cannot be read', async () => {
    const clean = file('clean.yaml', CLEAN);
    expect(await design('lint', clean)).toEqual({ code: 0, out: '0 findings in 2 dossiers\n', err: '' });
    const [bad, level] = [
      file('bad.yaml', CLEAN.replace('control: fixed', 'controls: fixed')),
      file('level.yaml', CLEAN.replace('level: 4', 'level: 7')),
    ];
    const found = await design('lint', clean, bad, level);
    expect(found.code).toBe(3);
    expect(found.err).toMatch(/bad\.yaml:\d+:\d+: a primitive has no key 'controls' \(did you mean 'control'\?\)/);
    expect(found.err).toMatch(/level\.yaml:\d+:\d+: 'level' is one of 1, 2, 3, 4, 5, not 7/);
    expect(found.out).toContain('0 findings in 2 dossiers');
  });

  it('reads a dossier in UTF-16, as PowerShell 5 writes it, and counts nothing where none was read', async () => {
    const path = join(folder, 'utf16.yaml');
    writeFileSync(path, Buffer.from(`\uFEFF${CLEAN}`, 'utf16le'));
    expect(await design('lint', path)).toEqual({ code: 0, out: '0 findings in 2 dossiers\n', err: '' });
    const none = await design('lint', file('none.yaml', 'schema: odd\n'));
    expect(none).toMatchObject({ code: 3, out: '' });
  });

  it('passes over Sigma rules that lie in a folder of dossiers, and says so', async () => {
    const own = join(folder, 'with-rules');
    mkdirSync(own);
    writeFileSync(join(own, 'clean.yaml'), CLEAN);
    const rule = join(own, 'rule.yml');
    writeFileSync(rule, 'title: x\nlogsource:\n  product: windows\ndetection:\n  a: {Image: b}\n  condition: a\n');
    expect(await design('lint', own)).toEqual({
      code: 0,
      out: '0 findings in 2 dossiers\n',
      err: `winnow: ${rule}: a Sigma rule and no dossier; passed over\n`,
    });
    expect((await design('lint', rule)).code).toBe(3);
    writeFileSync(join(own, 'odd.yaml'), 'id: x\n');
    expect((await design('lint', own)).code).toBe(3);
  });

  it('prints the document, and one kind alone', async () => {
    const path = file('two.yaml', CLEAN.replace('T1055', 'T1086').replace(/references:.*\n/, ''));
    const document = await documentOf('design-lint', 'lint', path);
    expect(document.counts).toEqual({ techniques: 1, environments: 1, kinds: { 'no-reference': 1, 'retired-id': 1 } });
    expect((await documentOf('design-lint', 'lint', path, '--kind', 'retired-id')).findings).toHaveLength(1);
    expect((await design('lint', path, '--kind', 'no-level')).code).toBe(0);
    expect((await design('lint', path, '--kind', 'odd')).code).toBe(2);
  });

  it('says 3 for a folder without dossiers', async () => {
    mkdirSync(join(folder, 'bare'));
    const { code, err } = await design('lint', join(folder, 'bare'));
    expect([code, err]).toEqual([3, expect.stringMatching(/no \.yaml file in this folder/)]);
    expect((await design('migrate', join(folder, 'bare'))).code).toBe(3);
  });

  it('shows no control character of a dossier', async () => {
    const { out } = await design(
      'lint',
      file('hostile.yaml', CLEAN.replace('name: open the process', 'name: "TODO \\e[31m\\u202e"')),
    );
    expect(out).toContain('TODO \\x1b[31m\\u{202e}');
  });
});

describe('winnow design migrate', () => {
  const OLD = CLEAN.replaceAll('"18.1"', '"18.0"').replace('T1055', 'T1086');

  it('says what changes, and changes nothing by itself', async () => {
    const path = file('old.yaml', OLD);
    const { code, out } = await design('migrate', path);
    expect(code).toBe(0);
    expect(out).toMatch(/old\.yaml: read-lsass, ATT&CK 18\.0 to 18\.1: \d+ changes?\n/);
    expect(out).toMatch(/revoked {2}T1086 in O1: PowerShell -> T1059\.001 PowerShell/);
    expect(readFileSync(path, 'utf8')).toBe(OLD);
  });

  it('writes version and replaced ids, and is done then', async () => {
    const path = file('write.yaml', OLD);
    const document = await documentOf('design-migrate', 'migrate', path, '--write');
    expect(
      document.dossiers.map(({ dossier, written }: { dossier: string; written: boolean }) => [dossier, written]),
    ).toEqual([
      ['read-lsass', true],
      ['company', true],
    ]);
    expect(readFileSync(path, 'utf8')).toBe(CLEAN.replace('T1055', 'T1059.001'));
    expect((await documentOf('design-migrate', 'migrate', path, '--write')).dossiers).toMatchObject([
      { changes: [], written: false },
      { changes: [], written: false },
    ]);
  });

  it('tells of each document of a file whether it was written, the id on whichever line', async () => {
    const [technique, environment] = OLD.split(/^---$/m);
    const current = CLEAN.split(/^---$/m)[0].replace('id: read-lsass', 'id: current');
    const last = technique.replace('id: read-lsass\n', '').replace(/^references:/m, 'id: last\nreferences:');
    const path = file(
      'several.yaml',
      [technique, environment, current, last].map((one) => `${one.trim()}\n`).join('---\n'),
    );
    const { dossiers } = await documentOf('design-migrate', 'migrate', path, '--write');
    expect(
      Object.fromEntries(dossiers.map((one: { dossier: string; written: boolean }) => [one.dossier, one.written])),
    ).toEqual({ 'read-lsass': true, current: false, last: true, company: true });
    expect(readFileSync(path, 'utf8')).not.toContain('"18.0"');
  });

  it('says 3 for a dossier that is pinned to nothing, or to what is not known', async () => {
    const path = file('unpinned.yaml', CLEAN.replace('version: "18.1", ', '').replace('"18.1"', '"9.0"'));
    const { code, err, out } = await design('migrate', path);
    expect(code).toBe(3);
    expect(err).toMatch(/unpinned\.yaml:\d+:\d+: read-lsass is pinned to no version/);
    expect(err).toMatch(/company is pinned to ATT&CK 9\.0, which is not known here/);
    expect(out).toBe('no dossier with a known version\n');
  });
});

const MODEL = JSON.stringify({
  nodes: [{ id: 'a', caption: 'Open Key', labels: ['Sysmon 12'], properties: { Key: 'SAM' } }],
  relationships: [],
});

describe('winnow design import', () => {
  it('makes one dossier of data models, and environments of administration files, in one file', async () => {
    const models = [file('p_a.json', MODEL), file('p_b.json', MODEL.replace('Open', 'Save'))];
    const sources = file('sources.yaml', 'file_type: data-source-administration\nname: n\ndata_sources: []\n');
    const path = join(folder, 'imported.yaml');
    const { code } = await design('import', ...models, sources, '--technique', 'T1003.002', '--write', path);
    expect(code).toBe(0);
    expect((await design('lint', path)).out).toMatch(/findings in 2 dossiers\n$/);
    const document = await documentOf('design-import', 'import', ...models, sources);
    expect(document.dossiers.map(({ from }: { from: readonly string[] }) => from)).toEqual([models, [sources]]);
    expect(document.dossiers[0].dossier).toContain('id: p-report');
  });

  const HOSTILE: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
    ['empty', '', /is empty/],
    ['other JSON', '{"a": 1}', /neither a data model/],
    ['a broken graph', '{"nodes": [1], "relationships": []}', /node 1 has no "id"/],
    ['brackets', '['.repeat(4_000_000), /no JSON/],
    ['braces', `${'{"a":'.repeat(500_000)}1${'}'.repeat(500_000)}`, /neither a data model/],
    ['no text', new Uint8Array([0xff, 0xfe, 0x00, 0x80]), /./],
    ['another kind', 'file_type: group-administration\n', /holds scores/],
    [
      'a bad value',
      'file_type: data-source-administration\ndata_sources: [{data_source_name: {}}]\n',
      /:2:\d+: "data_source_name" is a text/,
    ],
  ];
  it.each(HOSTILE)('says 3, in one line, for %s', async (name, content, message) => {
    const { code, out, err } = await design('import', file(`${name.replace(' ', '-')}.x`, content));
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('goes on after a file that cannot be read, and names a folder as none', async () => {
    mkdirSync(join(folder, 'dir'));
    const { code, out, err } = await design(
      'import',
      join(folder, 'dir'),
      file('ok.json', MODEL),
      join(folder, 'absent'),
    );
    expect(code).toBe(3);
    expect(out).toContain('Open Key: Key SAM');
    expect(err.trimEnd().split('\n')).toHaveLength(2);
    expect(existsSync(join(folder, 'absent'))).toBe(false);
  });
});
