// The command lines of `winnow hunt` and `winnow test`: what is printed, in each form, and with which exit code.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import Papa from 'papaparse';
import { afterAll, describe, expect, it } from 'vitest';
import { dispatch } from '../../src/cli/dispatch.ts';
import type { HuntDocument } from '../../src/hunt/document.ts';
import { keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-hunt-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, content: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}
async function winnow(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const kept = keptFace({ env: { WINNOW_CACHE: join(folder, 'cache') } });
  const code = await dispatch(words, kept, '0.0.0');
  return { code, out: kept.stdout(), err: kept.stderr() };
}

const RULES = 'fixtures/rules/accounts';
const LOGS = 'fixtures/logs/sample';
const rule = (title: string, image: string, more = ''): string => `title: ${title}
logsource: {product: windows, category: process_creation}
detection: {s: {Image|endswith: '${image}'}, condition: s}
${more}`;

describe('winnow hunt', () => {
  it('prints hits, counts and what cannot match, and says 1 where something was found', async () => {
    const { code, out, err } = await winnow('hunt', LOGS, '--rules', RULES);
    expect(code).toBe(1);
    expect(out).toMatch(/^2024-05-01T10:00:00\.0000000Z {2}ws7\.example {2}medium {2}User Added With Net$/m);
    expect(out).toMatch(/^3 hits of 5 rules in 12 events$/m);
    expect(out).toMatch(/^Tactics\n {2}2 {2}persistence\n {2}1 {2}privilege-escalation$/m);
    expect(err).toBe(
      'winnow: never matches: 1 rule: no event of its log source (windows/dns_query) is in these logs: Name Asked For by Net\n',
    );
  });

  it('says how many events sequences did not get for their time, in words and in the document', async () => {
    const events = ['a', 'b', 'a'].map((name, i) => ({
      ...(i === 0 ? {} : { '@timestamp': `2024-01-01T00:00:0${i}Z` }),
      'event.category': 'process',
      'process.name': name,
    }));
    const log = file('untimed.jsonl', events.map((event) => JSON.stringify(event)).join('\n'));
    const query = 'sequence [process where process.name == "a"] [process where process.name == "b"]';
    const rules = ['-r', file('untimed/one.eql', query), '-r', file('untimed/two.eql', query)];
    const { code, err } = await winnow('hunt', log, ...rules);
    expect(code).toBe(0);
    expect(err).toMatch(/did not get 1 event that a rule wanted: no time that can be read$/m);
    const document = JSON.parse((await winnow('hunt', log, ...rules, '--json')).out) as HuntDocument;
    expect(document.counts).toMatchObject({ events: 3, hits: 0, untimed: 1 });
    const schema = JSON.parse(readFileSync('docs/formats/hunt-1.schema.json', 'utf8'));
    expect(new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema)(document)).toBe(true);
  });

  it('prints the document that its schema describes', async () => {
    const { out } = await winnow(
      'hunt',
      LOGS,
      '-r',
      RULES,
      '-r',
      file('bad.yml', 'title: x\ndetection: {}\n'),
      '--json',
    );
    const document = JSON.parse(out) as HuntDocument;
    const schema = JSON.parse(readFileSync('docs/formats/hunt-1.schema.json', 'utf8'));
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document.hits.map(({ events }) => events.length)).toEqual([1, 1, 2]);
    expect(document.notLoaded).toMatchObject([{ reason: expect.stringMatching(/'logsource'/), line: 1 }]);
  });

  it('prints CSV', async () => {
    const { out } = await winnow('hunt', LOGS, '-r', RULES, '--csv');
    const { data } = Papa.parse<Record<string, string>>(out.trim(), { header: true });
    expect(data.map(({ title, record }) => `${title} ${record}`)).toEqual([
      'User Added With Net 1',
      'User Added With Net 1',
      'Member Added to and Removed From Administrators 8',
    ]);
  });

  it.each([
    [['--level', 'high'], 1],
    [['--tag', 'attack.t1136'], 2],
    [['--status', 'test'], 2],
    [['--until', '2024-05-01T10:00:00Z'], 2],
    [['--since', '2024-05-01T10:01:00Z'], 0],
  ] as const)('chooses by %s', async (words, hits) => {
    const { code, out } = await winnow('hunt', LOGS, '-r', RULES, ...words, '--json');
    expect((JSON.parse(out) as HuntDocument).hits).toHaveLength(hits);
    expect(code).toBe(hits > 0 ? 1 : 0);
  });

  it('goes on past bad rules and bad logs, and says 3', async () => {
    const bad = file('rules/bad.yml', 'title: [');
    const good = file('rules/good.yml', rule('good', 'whoami.exe'));
    const { code, out, err } = await winnow('hunt', LOGS, join(folder, 'gone.evtx'), '-r', bad, '-r', good);
    expect(code).toBe(3);
    expect(out).toMatch(/^2 hits of 1 rule /m);
    expect(err).toMatch(/not loaded: .*bad\.yml:1:9: no YAML/);
    expect(err).toMatch(/gone\.evtx: it does not exist/);
  });

  it('names what is not supported, and leaves the exit code alone', async () => {
    const text = `${rule('expand', 'x')}---\n${rule('x', 'y').replace("endswith: 'y'", "expand: '%y%'")}`;
    const { code, err } = await winnow('hunt', LOGS, '-r', file('expand.yml', text));
    expect(code).toBe(0);
    expect(err).toMatch(/not loaded: .*expand\.yml:7:17: .*placeholders have no values here/);
  });

  it('refuses what is no rule, and a run without rules', async () => {
    expect(await winnow('hunt', LOGS, '-r', file('a.txt', 'x'))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no file of rules/),
    });
    expect(await winnow('hunt', LOGS)).toMatchObject({ code: 2, err: /required option '-r, --rules/ });
    expect(await winnow('hunt', LOGS, '-r', join(folder, 'gone.yml'))).toMatchObject({ code: 3 });
  });

  it('finds the same of many rules when it has them from its cache', async () => {
    for (let i = 0; i < 60; i++)
      file(`many/${i}.yml`, rule(`number ${i}`, `${i % 2 === 0 ? 'net' : 'net1'}.exe`, 'level: low'));
    const first = await winnow('hunt', LOGS, '-r', join(folder, 'many'), '--json');
    const second = await winnow('hunt', LOGS, '-r', join(folder, 'many'), '--json');
    expect(second).toEqual(first);
    file('many/0.yml', rule('changed', 'net.exe'));
    const third = await winnow('hunt', LOGS, '-r', join(folder, 'many'), '--json');
    expect(third.out).toMatch(/"title": "changed"/);
  });

  it('lets nothing of a log or rule through to the terminal as it is', async () => {
    const evil =
      '{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"\\u001b[31mx.exe","Hostname":"a\\u202eb"}';
    const { out } = await winnow('hunt', file('evil.json', evil), '-r', file('evil.yml', rule('"\\e[1m"', 'x.exe')));
    expect(out).toMatch(/Image=\\x1b\[31mx\.exe/);
    expect(out).toMatch(/a\\u\{202e\}b/);
    expect(out).not.toMatch(/[\x1b\u202e]/);
  });
});

function expectTestDocument(document: unknown): void {
  const schema = JSON.parse(readFileSync('docs/formats/test-1.schema.json', 'utf8'));
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
}

describe('winnow test', () => {
  it.each([
    ['with a near miss', [`${RULES}/net-user-add.yml`, `${RULES}/tests/net-user-add.no-match.jsonl`]],
    ['of a match', [`${RULES}/net-user-add.yml`, LOGS]],
    ['with a rule that is not loaded', [file('unread.yml', 'title: x\ndetection: {}\n'), LOGS]],
    ['of a folder', [RULES]],
  ] as const)('prints the document that its schema describes: %s', async (_, words) => {
    expectTestDocument(JSON.parse((await winnow('test', ...words, '--json')).out));
  });

  it('says what is in the way of the nearest event', async () => {
    const log = `${RULES}/tests/net-user-add.no-match.jsonl`;
    const { code, out } = await winnow('test', `${RULES}/net-user-add.yml`, log);
    expect(code).toBe(1);
    expect(out).toMatch(/nearest: .*no-match\.jsonl:1 of 2024-05-01 10:00:00\n/);
    expect(out).toMatch(
      /selection_command: CommandLine has ' user '; it is 'net localgroup administrators support \/add'/,
    );
  });

  it('names the exclusion that is in the way', async () => {
    const log =
      '{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"C:\\\\net1.exe","CommandLine":"C:\\\\Windows\\\\system32\\\\net1 user x /add"}';
    const { out } = await winnow('test', `${RULES}/net-user-add.yml`, file('one.jsonl', log));
    expect(out).toMatch(/filter_main_net1: Image is excluded; it is 'C:\\net1\.exe'/);
  });

  it('says so where no event is of the log source', async () => {
    const { code, out } = await winnow('test', `${RULES}/dns.yml`, LOGS);
    expect(code).toBe(1);
    expect(out).toMatch(/no event in it is of the log source/);
  });

  it('checks a folder with its tests', async () => {
    expect(await winnow('test', RULES)).toMatchObject({ code: 0, out: expect.stringMatching(/2 of 2 tests hold/) });
    file('wrong/a.yml', rule('a', 'a.exe'));
    file('wrong/tests/a.match.jsonl', '{"Channel":"Security","EventID":4688,"NewProcessName":"C:\\\\b.exe"}');
    const { code, out } = await winnow('test', join(folder, 'wrong'), '--json');
    expect(code).toBe(1);
    expectTestDocument(JSON.parse(out));
    expect(JSON.parse(out)).toMatchObject({
      counts: { tests: 1, holds: 0 },
      outcomes: [{ expected: 'match', hits: 0, nearMiss: { failed: [{ field: 'NewProcessName' }] } }],
    });
  });

  it('names a test without a rule, and does not pass', async () => {
    file('orphan/tests/gone.match.jsonl', '{"a":1}\n');
    file('orphan/here.yml', rule('here', 'a.exe'));
    const { code, err } = await winnow('test', join(folder, 'orphan'));
    expect(code).toBe(3);
    expect(err).toMatch(/gone\.match\.jsonl: no file of rules has this name/);
  });

  it('says that no event is of the log source only where it looked', async () => {
    const log = file('other.jsonl', '{"Channel":"Security","EventID":1,"a":1}\n');
    const said = 'no event in it is of the log source';
    expect((await winnow('test', file('one.yml', rule('one', 'a.exe')), log)).out).toContain(said);
    expect((await winnow('test', file('one.yml', rule('one', 'a.exe')), join(folder, 'gone.json'))).out).not.toContain(
      said,
    );
    const { code, out } = await winnow('test', file('one.eql', 'sequence by a [any where true] [any where true]'), log);
    expect([code, out.includes(said)]).toEqual([1, false]);
  });

  it('asks for logs or tests', async () => {
    expect(await winnow('test', `${RULES}/dns.yml`)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/name logs to test it with/),
    });
    file('none/a.yml', rule('a', 'a.exe'));
    expect(await winnow('test', join(folder, 'none'))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no rule in it has tests/),
    });
  });
});
