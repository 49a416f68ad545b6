// `winnow accounts sysmon-config` on a small program of commander's: what it prints, the exit codes and the words of its errors.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Command, CommanderError } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import * as sysmonConfig from '../../src/cli/commands/accounts-sysmon-config.ts';
import { EXIT, exitCodeOf, failureLine } from '../../src/cli/exit.ts';
import { keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-sysmon-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function accounts(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const kept = keptFace();
  const program = new Command('accounts').exitOverride().configureOutput({ writeOut: kept.out, writeErr: kept.err });
  const command = program.command(sysmonConfig.name).summary(sysmonConfig.summary);
  let code: number = EXIT.done;
  sysmonConfig.grammar(command).action(async () => {
    code = await sysmonConfig.run(command, kept);
  });
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    code = error instanceof CommanderError ? EXIT.usage : exitCodeOf(error);
    if (!(error instanceof CommanderError)) kept.err(failureLine(error));
  }
  return { code, out: kept.stdout(), err: kept.stderr() };
}
const check = (path: string, ...more: readonly string[]) => accounts('sysmon-config', '--check', path, ...more);

const NOISY = `<Sysmon schemaversion="4.50">
<EventFiltering>
<RuleGroup name="" groupRelation="or">
<RegistryEvent onmatch="include">
<Image condition="end with">regedit.exe</Image>
</RegistryEvent>
</RuleGroup>
<RuleGroup name="" groupRelation="or">
<RegistryEvent onmatch="exclude">
<EventType condition="is">CreateKey</EventType>
</RegistryEvent>
</RuleGroup>
</EventFiltering>
</Sysmon>
`;

describe('winnow accounts sysmon-config', () => {
  it('writes rules that its own check finds complete', async () => {
    const { code, out } = await accounts('sysmon-config');
    expect(code).toBe(0);
    const checked = await check(file('own.xml', out));
    expect(checked).toMatchObject({ code: 0, err: '' });
    expect(checked.out).toMatch(/^Layer D, registry writes to the SAM: whole, 11 of 11 needs seen$/m);
    expect(checked.out).toMatch(/^Layer B, processes: whole, 7 of 7 needs seen$/m);
    expect(checked.out).not.toMatch(/To mend|Beside/);
  });

  it('writes those of one layer', async () => {
    const { out } = await accounts('sysmon-config', '--layer', 'registry');
    expect(out).toContain('<RegistryEvent onmatch="include">');
    expect(out).not.toContain('<ProcessCreate');
  });

  it('says what a configuration drops, by which line, and the change that mends it', async () => {
    const path = file('noisy.xml', NOISY);
    const { code, out } = await check(path);
    expect(code).toBe(0);
    const place = path.replaceAll('\\', '\\\\');
    expect(out).toMatch(/^Layer D, registry writes to the SAM: partly, 0 of 11 needs seen, 4 in part$/m);
    expect(out).toMatch(
      new RegExp(
        `^ {2}dropped {8}helpful {2}an account is created: its key .*\n {6}${place}:10:1 {2}EventType is CreateKey excludes it$`,
        'm',
      ),
    );
    expect(out).toMatch(
      /^ {2}not collected {2}needed {3}an account is deleted.*\n {6}no rule includes it of <RegistryEvent onmatch="include"> in line 4$/m,
    );
    expect(out).toMatch(/^ {2}line 10: in place of: EventType is CreateKey$/m);
    expect(out).toMatch(/^ {8}SetValue HKLM\\SAM\\.*\\000001F5\\F by C:\\Windows\\System32\\reg\.exe$/m);
  });

  it('prints the document of its schema', async () => {
    const schema = JSON.parse(readFileSync('docs/formats/accounts-sysmon-check-1.schema.json', 'utf8'));
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    const document = JSON.parse((await check(file('json.xml', NOISY), '--json')).out);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    for (const breakIt of [
      (d: { needs: { verdict: string }[] }) => (d.needs[0].verdict = 'maybe'),
      (d: { mends: { line: unknown }[] }) => (d.mends[0].line = '1'),
      (d: { lists?: unknown }) => delete d.lists,
    ]) {
      const broken = structuredClone(document);
      breakIt(broken);
      expect(validate(broken)).toBe(false);
    }
  });

  it('says 3 and the place for a file that is no configuration', async () => {
    const broken = file('broken.xml', '<Sysmon schemaversion="4.90">\n  <EventFiltering>\n</Sysmon>');
    expect(await check(broken)).toMatchObject({ code: 3, out: '', err: expect.stringMatching(/broken\.xml:3:\d+: /) });
    expect(await check(file('other.xml', '<Rules/>'))).toMatchObject({
      code: 3,
      err: expect.stringMatching(/other\.xml:1:1: .*no configuration/),
    });
    expect(await check(join(folder, 'absent.xml'))).toMatchObject({ code: 3 });
    expect(await check(file('nothing.xml', ''))).toMatchObject({ code: 3 });
  });

  it('says 2 for words that do not go together', async () => {
    expect(await accounts('sysmon-config', '--json')).toMatchObject({ code: 2, err: expect.stringMatching(/--check/) });
    expect(await accounts('sysmon-config', '--layer', 'api')).toMatchObject({ code: 2 });
    expect(await check(file('w.xml', NOISY), '--layer', 'registry')).toMatchObject({ code: 2 });
  });

  it('tells a hundred of many things beside, and how many more there are', async () => {
    const many = NOISY.replace('<EventFiltering>', `<EventFiltering>${'<x/>'.repeat(130)}`);
    const { out } = await check(file('many.xml', many));
    expect(out.match(/<x> is no event/g)).toHaveLength(100);
    expect(out).toMatch(/^ {2}\.\.\. \(30 more; --json has all\)$/m);
  });

  it('is not made to say a long schemaversion over and over', async () => {
    const long = `4.1${'1'.repeat(100_000)}`;
    const rules = '<Rule groupRelation="and"><Image>a</Image></Rule>'.repeat(2000);
    const list = `<FileCreate onmatch="include">${rules}</FileCreate>`;
    const path = file('long.xml', `<Sysmon schemaversion="${long}"><EventFiltering>${list}</EventFiltering></Sysmon>`);
    expect((await check(path, '--json')).out.length).toBeLessThan(1_000_000);
  });

  it('prints nothing out of a file that a terminal would act on', async () => {
    const hostile = NOISY.replace('regedit.exe', 'a&#x9b;31m&#x202e;')
      .replace('>CreateKey', ' name="&#x9b;">CreateKey')
      .replace('<EventFiltering>', '<EventFiltering><x\u202e/>');
    const { out } = await check(file('hostile.xml', hostile.replace('"exclude"', '"exclude" x="&#x9b;"')));
    expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
    expect((await check(file('hostile2.xml', hostile), '--json')).out).not.toMatch(/[\x7f-\x9f\u202a-\u202e]/);
  });
});
