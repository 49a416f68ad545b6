// `winnow design observe` as a person runs it: two logs, one recording, its mistakes, and its schema.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { dispatch } from '../../src/cli/dispatch.ts';
import { keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-observe-'));
afterAll(() => rmSync(folder, { recursive: true }));
const sessions = 'data/dossiers/sessions';

async function observe(...words: string[]) {
  const kept = keptFace();
  const code = await dispatch(['design', 'observe', ...words], kept, '0.0.0');
  return { code, out: kept.stdout(), err: kept.stderr() };
}

describe('winnow design observe', () => {
  it('tells what a session has that another has not, by its schema', async () => {
    const { code, out } = await observe(
      `${sessions}/local-account.ndjson`,
      `${sessions}/hollowed-notepad.ndjson`,
      '--json',
    );
    expect(code).toBe(0);
    const document = JSON.parse(out);
    const validate = new Ajv2020().compile(JSON.parse(readFileSync('docs/formats/observe-1.schema.json', 'utf8')));
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document.proposals.map(({ kind }: { kind: { event_id: string } }) => kind.event_id)).toContain('25');
  });

  it('takes one recording apart by --where', async () => {
    const { code, out } = await observe(
      'fixtures/designs/recording.csv',
      '--where',
      'Process Name: tool.exe',
      '--yaml',
    );
    expect(code).toBe(0);
    expect(out).toContain("'TargetObject|contains': '\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\'");
    expect(out).not.toContain('svchost');
  });

  it('takes a recording alone, and says that nothing was before', async () => {
    const { code, out, err } = await observe('fixtures/designs/recording.csv');
    expect(code).toBe(0);
    expect(out).toContain('nothing is known of before');
    expect(err).toContain('no event before');
  });

  it('never writes what stands in a log to the terminal as it is', async () => {
    const log = join(folder, 'hostile.ndjson');
    const hostile = {
      Channel: 'Security',
      EventID: 1,
      SourceName: 'x',
      EventTime: '2024-01-01 00:00:00',
      Hostname: 'h',
      Image: 'C:\\\u001b[31m\u202e.exe',
    };
    writeFileSync(log, `${JSON.stringify(hostile)}\n`);
    for (const form of [[], ['--yaml'], ['--json']]) {
      const { out } = await observe(`${sessions}/local-account.ndjson`, log, ...form);
      expect(out).not.toMatch(/[\u001b\u202e]/);
    }
  });

  it.each([
    [['absent.evtx', `${sessions}/log-cleared.ndjson`], 3, /absent\.evtx/],
    [
      [`${sessions}/log-cleared.ndjson`, `${sessions}/log-cleared.ndjson`, '--where', 'Image: none'],
      3,
      /no event of the action/,
    ],
    [['-', `${sessions}/log-cleared.ndjson`], 2, /read twice/],
    [[`${sessions}/log-cleared.ndjson`, '--json', '--yaml'], 2, /exclude/],
    [[`${sessions}/log-cleared.ndjson`, '--where', '|||'], 2, /selection/],
  ])('%j ends with %i', async (words, wanted, message) => {
    const { code, err } = await observe(...words);
    expect(code).toBe(wanted);
    expect(err).toMatch(message);
  });
});
