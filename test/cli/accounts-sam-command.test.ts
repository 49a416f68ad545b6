// The command lines of `winnow accounts sam`: hives, pairs of them and single values, in words and as documents; and real hives where they are at hand.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { unfinished, writeEntriesLog, writeHive } from '../../fixtures/hives/hive-writer.ts';
import { accountF, samRoot } from '../../fixtures/hives/sam-writer.ts';
import { sampleHives } from '../../fixtures/hives/sample.ts';
import type { SamValueDocument } from '../../src/accounts/sam-decode.ts';
import type { SamDiffDocument } from '../../src/accounts/sam-diff.ts';
import type { SamDocument } from '../../src/accounts/sam-document.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import { keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-sam-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
async function winnow(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const kept = keptFace();
  const code = await dispatch(['accounts', ...words], kept, '0.0.0');
  return { code, out: kept.stdout(), err: kept.stderr() };
}

/** The document that is printed, held against its schema. */
async function documentOf<T>(schema: string, ...words: readonly string[]): Promise<T> {
  const { out } = await winnow(...words, '--json');
  const document = JSON.parse(out) as T;
  const text = readFileSync(`docs/formats/${schema}.schema.json`, 'utf8');
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(text));
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return document;
}

const [BEFORE, AFTER] = ['fixtures/hives/sample/before/SAM', 'fixtures/hives/sample/after/SAM'];

describe('winnow accounts sam', () => {
  it('lists accounts, groups with their members, and what is odd', async () => {
    const { code, out, err } = await winnow('sam', AFTER);
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toMatch(/^SAM of the machine S-1-5-21-1004336348-1177238915-682003330, next RID 1008$/m);
    expect(out).toMatch(
      /^ {2}501 {3}Guest {2}enabled, password not required, password never expires {2}logs on as RID 500$/m,
    );
    expect(out).toMatch(/^ {2}544 {3}Administrators\n(?: {10}S-1-\S+ {2}\w+\n){2} {10}S-1-\S+-1007 {2}support$/m);
    expect(out).toMatch(/^ {2}empty: Backup Operators$/m);
    expect(out).toMatch(/^Odd \(1\)\n {2}f-rid-differs {2}Guest has RID 501 \(000001F5\) and logs on with RID 500/m);
  });

  it('prints a document', async () => {
    const document = await documentOf<SamDocument>('accounts-sam-1', 'sam', AFTER);
    expect(document.next_rid).toBe(1008);
    expect(document.names).toEqual({ Administrator: 500, Guest: 501, ann: 1001, support: 1007 });
    expect(document.missing_rids_below_next).toEqual([1000, 1002, 1003, 1004, 1005, 1006]);
  });

  it('applies the logs beside a hive that was not written to its end, whatever their letter case', async () => {
    const dirty = unfinished(sampleHives.before(), 2);
    const path = file('SAM', dirty);
    expect((await winnow('sam', path)).err).toMatch(/no transaction log was applied/);
    file('sam.LOG1', new Uint8Array(0));
    file('sam.log2', writeEntriesLog([dirty, sampleHives.after()], 2));
    const document = await documentOf<SamDocument>('accounts-sam-1', 'sam', path);
    expect(document.recovery).toMatchObject({ state: 'recovered', applied: [{ name: 'sam.log2', entries: 1 }] });
    expect(document.names).toHaveProperty('support', 1007);
    expect((await winnow('sam', path)).out).toMatch(/^made whole by sam\.log2 \(1 entry\)$/m);
  });

  it.each([
    ['is not there', () => join(folder, 'none'), /does not exist/],
    ['is no hive', () => file('text', 'text'), /text: it is no registry hive/],
    ['is no SAM', () => file('SOFTWARE', writeHive({ name: 'ROOT' })), /SOFTWARE: it is no SAM hive/],
  ])('refuses a file that %s', async (_, make, message) => {
    const { code, out, err } = await winnow('sam', make());
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(message);
  });

  it('lets no name of the hive reach the terminal as it is', async () => {
    const name = '\x1b[31mred\u202e';
    const path = file(
      'named',
      writeHive(
        samRoot({ accounts: [{ rid: 1000, name, comment: name }], builtin: [{ rid: 544, name, members: [1000] }] }),
      ),
    );
    for (const words of [
      ['sam', path],
      ['sam', path, '--json'],
      ['sam', 'diff', BEFORE, path],
      ['sam', 'diff', path, BEFORE, '--json'],
    ]) {
      const { out, err } = await winnow(...words);
      expect(out + err).toMatch(/\[31mred/);
      expect(out + err).not.toMatch(/[\x1b\u202e]/);
    }
  });

  it('says that it wants a command or a hive', async () => {
    expect(await winnow()).toMatchObject({ code: 2, err: expect.stringMatching(/winnow accounts --help/) });
    expect((await winnow('sam')).code).toBe(2);
    expect((await winnow('--help')).out).toMatch(/sam \[options\]/);
    expect((await winnow('sam', '--help')).out).toMatch(/decode \[options\] <VALUE>/);
  });
});

describe('winnow accounts sam diff', () => {
  it('tells what changed', async () => {
    const { code, out } = await winnow('sam', 'diff', BEFORE, AFTER);
    expect(code).toBe(0);
    expect(out.split('\n').filter((line) => /^[a-z]+-/.test(line))).toEqual([
      'account-enabled  Guest (RID 501)',
      'rid-hijack-suspected  Guest (RID 501)',
      'account-created  support (RID 1007)',
      'member-added  support (RID 1007) in Administrators (RID 544)',
      'member-added  support (RID 1007) in Users (RID 545)',
    ]);
    expect(out).toMatch(/^next RID 1007 -> 1008$/m);
    expect((await winnow('sam', 'diff', BEFORE, BEFORE)).out).toBe('Nothing changed.\n');
  });

  it('prints a document', async () => {
    const { changes } = await documentOf<SamDiffDocument>('accounts-sam-diff-1', 'sam', 'diff', BEFORE, AFTER);
    expect(changes[3]).toEqual({
      kind: 'member-added',
      account: null,
      group: { name: 'Administrators', domain: 'Builtin', sid: 'S-1-5-32-544', rid: 544, rid_hex: '00000220' },
      member: { name: 'support', domain: null, sid: 'S-1-5-21-1004336348-1177238915-682003330-1007', rid: 1007 },
      direction: 'added',
      settings: [],
      keyLastWrite: '2024-05-01T10:00:10.000000Z',
      notes: [],
    });
  });
});

describe('winnow accounts sam decode', () => {
  const hex = Buffer.from(accountF({ rid: 1007, name: '', fRid: 500, control: 0x211 })).toString('hex');

  it.each([
    ['hexadecimal', () => hex],
    ['hexadecimal that is too long for a path', () => hex + ' '.repeat(300)],
    ['base64', () => Buffer.from(hex, 'hex').toString('base64')],
    ['a file of bytes', () => file('F.bin', Buffer.from(hex, 'hex'))],
    ['a file of text', () => file('F.txt', `${hex}\n`)],
  ])('reads %s', async (_, make) => {
    const document = await documentOf<SamValueDocument>('accounts-sam-value-1', 'sam', 'decode', 'F', make());
    expect(document).toMatchObject({ value: 'F', of: 'user', size: 80, fields: { rid: 500, acb: '0x211' } });
  });

  it('says it in words', async () => {
    const { code, out } = await winnow('sam', 'decode', 'F', hex);
    expect(code).toBe(0);
    expect(out).toMatch(/^F of a user, 80 bytes\n/);
    expect(out).toMatch(/^ {2}acb words +disabled, normal account, password never expires$/m);
  });

  it('refuses what is no value', async () => {
    expect(await winnow('sam', 'decode', 'F', '00')).toMatchObject({
      code: 3,
      err: expect.stringMatching(/1 bytes are no F value/),
    });
    expect(await winnow('sam', 'decode', 'F', '?')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no file, no hexadecimal/),
    });
    expect((await winnow('sam', 'decode', 'X', '00')).code).toBe(2);
  });
});

/** SAM hives of real machines with what they hold, in expected.json; WINNOW_SAM_HIVES names another folder. */
const real = process.env.WINNOW_SAM_HIVES ?? '../shared/accounts/hives';
const isReal = existsSync(join(real, 'expected.json'));
if (!isReal)
  console.log(
    `skipped: real SAM hives are not read, because ${join(real, 'expected.json')} (or WINNOW_SAM_HIVES) is absent`,
  );

describe.skipIf(!isReal)('real hives', () => {
  type Expected = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const expected = isReal ? (JSON.parse(readFileSync(join(real, 'expected.json'), 'utf8')) as Expected) : {};
  const names = Object.keys(expected);

  it.each(names.length > 0 ? names : ['none'])('%s holds what it should', async (name) => {
    const document = await documentOf<Readonly<Record<string, unknown>>>('accounts-sam-1', 'sam', join(real, name));
    const own = Object.fromEntries(Object.keys(expected[name]).map((key) => [key, document[key]]));
    expect(own).toEqual(expected[name]);
    expect(document.notes).toEqual([]);
  });
});
