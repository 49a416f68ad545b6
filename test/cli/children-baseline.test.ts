// `winnow children --baseline`: logs of several forms, the report, the document, exit codes and refusals.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { grammar, run } from '../../src/cli/commands/children.ts';
import { UsageError } from '../../src/errors.ts';
import { jsonLines, securityStart, sysmonStart } from '../children/reality/start-events.ts';
import { EXAMPLE, keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-reality-'));
afterAll(() => rmSync(folder, { recursive: true }));

const schema = JSON.parse(readFileSync(new URL('../../docs/formats/reality-1.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

const PROGRAM = join(folder, 'Report.exe');
const headers = new Uint8Array(256);
headers.set([0x4d, 0x5a]);
headers[0x3c] = 0x80;
headers.set([0x50, 0x45, 0, 0, 0x64, 0x86], 0x80);
writeFileSync(PROGRAM, headers);

const PARENT = 'C:\\Windows\\System32\\report.exe';
const LISTED = EXAMPLE.children[0].image;
const events = [
  sysmonStart({ at: 1, image: `C:\\Windows\\System32\\${LISTED}`, parent: PARENT, parentLine: 'report.exe' }),
  sysmonStart({ at: 2, image: 'C:\\x\\\u001b[31mstranger.exe', parent: PARENT, line: 'stranger\u001b.exe -x' }),
  securityStart({ at: 3, image: 'C:\\x\\orphan.exe' }),
  securityStart({ at: 4, image: 'C:\\x\\other.exe', parent: 'C:\\x\\elsewhere.exe' }),
];
const LOG = join(folder, 'log.jsonl');
writeFileSync(LOG, jsonLines(events));

async function act(words: readonly string[], document = EXAMPLE) {
  const kept = keptFace();
  const command = grammar(new Command('children'))
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} });
  command.parse([...words], { from: 'user' });
  const code = await run(command, kept, { findChildren: () => document, importsOf: () => [] });
  return { code, stdout: kept.stdout(), stderr: kept.stderr() };
}

describe('winnow children --baseline', () => {
  it('adds to the report what the logs say, harmless on a terminal', async () => {
    const { code, stdout } = await act([PROGRAM, '--baseline', LOG]);
    expect(code).toBe(0);
    expect(stdout).toContain('Against reality (4 process-creation events of 1 host');
    expect(stdout).toContain('2 events with Report.exe as parent');
    expect(stdout).toContain('set apart: 1 event with no name in the parent field');
    expect(stdout).toContain('Never seen (');
    expect(stdout).toContain('\\x1b[31mstranger.exe');
    expect(stdout).not.toContain('\u001b');
  });

  it('puts it into the document, as its schema says', async () => {
    const { code, stdout } = await act([PROGRAM, '--json', '--baseline', LOG]);
    expect(code).toBe(0);
    const { reality, schema: name } = JSON.parse(stdout);
    expect(name).toBe('winnow.children/1');
    expect(validate(reality), JSON.stringify(validate.errors)).toBe(true);
    expect(reality.counts).toMatchObject({ all: 4, ofParent: 2, ofOthers: 1, setApart: 1 });
  });

  it('is a schema that refuses a document with a field too many or a count too few', async () => {
    const { reality } = JSON.parse((await act([PROGRAM, '--json', '--baseline', LOG])).stdout);
    expect(validate({ ...reality, more: 1 })).toBe(false);
    const { joined: _, ...counts } = reality.counts;
    expect(validate({ ...reality, counts })).toBe(false);
  });

  it('reads several logs and folders, each once', async () => {
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    writeFileSync(join(logs, 'a.jsonl'), jsonLines(events.slice(0, 1)));
    writeFileSync(join(logs, 'b.jsonl'), jsonLines(events.slice(1)));
    const { stdout } = await act([PROGRAM, '--json', '--baseline', logs, join(logs, 'a.jsonl')]);
    expect(JSON.parse(stdout).reality.counts.all).toBe(4);
  });

  it('answers with what can be read, and says that an input cannot', async () => {
    const { code, stdout, stderr } = await act([PROGRAM, '--baseline', LOG, join(folder, 'absent.evtx')]);
    expect(code).toBe(3);
    expect(stdout).toContain('4 process-creation events');
    expect(stderr).toMatch(/winnow: .*absent\.evtx/);
    const garbage = join(folder, 'garbage.evtx');
    writeFileSync(garbage, 'no log');
    expect((await act([PROGRAM, '--baseline', garbage])).code).toBe(3);
  });

  it('refuses a module without the program that it runs in, and an answer that leaves the report out', async () => {
    const module = { ...EXAMPLE, parent: { ...EXAMPLE.parent, kind: 'module' as const } };
    await expect(act([PROGRAM, '--baseline', LOG], module)).rejects.toThrow(UsageError);
    const hosted = await act([PROGRAM, '--json', '--host', 'ELSEWHERE.EXE', '--baseline', LOG], module);
    expect(JSON.parse(hosted.stdout).reality).toMatchObject({ parent: 'ELSEWHERE.EXE', counts: { ofParent: 1 } });
    await expect(act([PROGRAM, '--quiet', '--baseline', LOG])).rejects.toThrow(/--baseline and --quiet/);
    await expect(act([PROGRAM, '--explain', 'a.exe', '--baseline', LOG])).rejects.toThrow(/--baseline and --explain/);
  });
});
