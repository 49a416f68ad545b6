// `winnow children --write`: the folder holds under `winnow test` for every kind of rule, and no longer when an exclusion is taken out of a rule.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { emitRules, type RuleOptions, ruleFor } from '../../src/children/child-rule.ts';
import { ruleEvents } from '../../src/children/child-rule-events.ts';
import { ruleFolder } from '../../src/children/child-rule-folder.ts';
import type { RuleLanguage } from '../../src/children/document.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import { PLAIN_STYLE } from '../../src/cli/print.ts';
import { writeRules } from '../../src/cli/write-rules.ts';
import { InputError, UsageError } from '../../src/errors.ts';
import { type Condition, like, namedParts, unnamed } from '../../src/rule/condition.ts';
import { languages } from '../../src/rule/emit/index.ts';
import { exclusionsOf } from '../../src/rule/exclusions.ts';
import { literal } from '../../src/rule/pattern.ts';
import { eventQuery } from '../../src/rule/query.ts';
import { conditionOf, type Rule } from '../../src/rule/rule.ts';
import {
  child,
  type Document,
  documentOf,
  glowService,
  hostile,
  lantern,
  oldLamp,
  openConsole,
  toldLantern,
  twoBuilds,
} from '../rule/example-documents.ts';
import { keptFace } from './example-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'winnow-write-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function winnow(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const kept = keptFace();
  const code = await dispatch(words, kept, '0.0.0');
  return { code, out: kept.stdout(), err: kept.stderr() };
}

const READ = ['sigma', 'eql', 'elastic'] as const satisfies readonly RuleLanguage[];
const ALL_READ: RuleOptions = { languages: READ };

function write(name: string, document: Document, options: RuleOptions): string {
  const place = join(folder, name);
  rmSync(place, { recursive: true, force: true });
  writeRules(place, { ...document, rule: emitRules(document, options) }, options, PLAIN_STYLE);
  return place;
}

/** The condition with one part of it replaced by what no event is. */
function without(condition: Condition, part: Condition): Condition {
  if (condition === part) return like('process.image.path', literal('C:\\never.exe'));
  if (condition.kind === 'and' || condition.kind === 'or')
    return { kind: condition.kind, of: condition.of.map((one) => without(one, part)) };
  if (condition.kind === 'not' || condition.kind === 'named') return { ...condition, of: without(condition.of, part) };
  return condition;
}

/** Each exclusion of a rule; those of one filter count as one. */
function partsOf(rule: Rule): readonly Condition[] {
  const condition = conditionOf(rule, 'a test');
  const names = new Set(exclusionsOf(eventQuery(condition)).map(({ name }) => name.replace(/\[\d+\]$/, '')));
  return namedParts(condition).filter(({ name }) => names.has(name) && name !== 'signed_child');
}

const CASES: Readonly<Record<string, { readonly document: Document; readonly options: RuleOptions }>> = {
  'by path, name and command line': { document: lantern, options: ALL_READ },
  'the possible ones too': { document: lantern, options: { ...ALL_READ, minConfidence: 'possible' } },
  'signed by Microsoft': { document: lantern, options: { languages: ['eql', 'elastic'], signer: 'microsoft' } },
  'a 32-bit console program': { document: oldLamp, options: ALL_READ },
  'a module and its host': { document: glowService, options: { ...ALL_READ, host: 'svchost.exe' } },
  'an open parent': { document: openConsole, options: ALL_READ },
  'an open parent, signed': { document: openConsole, options: { languages: ['eql', 'elastic'], signer: 'trusted' } },
  'beside arguments of the parent': { document: toldLantern, options: { ...ALL_READ, parentArguments: true } },
  'several builds': { document: twoBuilds, options: ALL_READ },
  'names out of a hostile file': { document: hostile, options: ALL_READ },
  'nothing let pass': { document: documentOf({ generic: [] }), options: ALL_READ },
  'a program called as the test calls one': {
    document: documentOf({ children: [child('unlisted.exe'), child('unlisted-2.exe')] }),
    options: ALL_READ,
  },
};

describe('a folder of rules that was written', () => {
  it.each(Object.entries(CASES))(
    'holds, and fails without any one exclusion: %s',
    async (name, { document, options }) => {
      const place = write(name, document, options);
      const { code, out, err } = await winnow('test', place);
      expect({ code, err }, out).toEqual({ code: 0, err: '' });
      const { rule } = ruleFor(document, options);
      const parts = partsOf(rule);
      const tests = (parts.length === 0 ? 1 : 2) * options.languages.length;
      expect(out).toContain(`${tests} of ${tests} tests hold`);
      const condition = conditionOf(rule, 'a test');
      for (const part of parts)
        for (const language of options.languages) {
          const file = readdirSync(place).find((one) => one.endsWith(languages[language].extension))!;
          const text = readFileSync(join(place, file), 'utf8');
          writeFileSync(
            join(place, file),
            languages[language].emit({ ...rule, query: eventQuery(without(condition, part)) }),
          );
          const broken = await winnow('test', place);
          expect(broken.code, `${language} without ${part.kind === 'named' && part.name}`).toBe(1);
          expect(broken.out).toMatch(/^fails .* does not match .*\n {7}found: .*no-match\.jsonl:\d+ {2}/m);
          writeFileSync(join(place, file), text);
        }
    },
  );

  it('fails without any one path, name or command line of an exclusion', () => {
    const { rule, process } = ruleFor(lantern, { languages: [] });
    const condition = conditionOf(rule, 'a test');
    const { noMatch } = ruleEvents(condition, process)!;
    for (const path of ['wickhelper.exe', 'SysWOW64\\WerFault.exe', 'System32\\WerFault.exe', 'glow.exe'])
      expect(noMatch.filter(({ values }) => String(values['process.image.path']).endsWith(path))).toHaveLength(1);
    const cmd = partsOf(rule).find((part) => part.kind === 'named' && part.name === 'filter_main_cmd')!;
    const node = unnamed(cmd);
    const lines = node.kind === 'and' && node.of[1].kind === 'match' ? node.of[1].values.length : 0;
    expect(lines).toBeGreaterThan(1);
    expect(noMatch.filter(({ about }) => about === 'filter_main_cmd')).toHaveLength(lines);
  });

  it('has full events: of Sysmon with ECS names beside its own, or of Elastic Defend where signatures count', () => {
    const events = (options: RuleOptions) =>
      ruleFolder({ ...lantern, rule: emitRules(lantern, options) }, options)
        .filter(({ kind }) => kind === 'test')
        .flatMap(({ text }) => text.trim().split('\n'))
        .map((line) => JSON.parse(line));
    for (const event of events(ALL_READ)) {
      const { Image, ParentImage, CommandLine, ParentCommandLine, ...rest } = event.winlog.event_data;
      expect(event.process).toMatchObject({
        executable: Image,
        name: Image.split('\\').at(-1),
        command_line: CommandLine,
        parent: { executable: ParentImage, name: 'Lantern.exe', command_line: ParentCommandLine },
      });
      expect(rest).toMatchObject({ ProcessGuid: event.process.entity_id, User: 'EXAMPLE\\alice' });
    }
    const [first, ...others] = events({ languages: ['eql'], signer: 'microsoft' });
    expect(first).toMatchObject({ agent: { type: 'endpoint' }, process: { code_signature: { exists: false } } });
    for (const event of others)
      expect(event.process.code_signature).toMatchObject({ trusted: true, subject_name: 'Microsoft Windows' });
  });

  it('gives the same bytes for the same input', () => {
    const document = { ...lantern, rule: emitRules(lantern, ALL_READ) };
    expect(ruleFolder(structuredClone(document), ALL_READ)).toEqual(ruleFolder(document, ALL_READ));
  });
});

describe('the names of the files', () => {
  const paths = (document: Document, options: RuleOptions) =>
    ruleFolder({ ...document, rule: emitRules(document, options) }, options).map(({ path }) => path);

  it('say the parent, the kind of rule, and the language where two have one extension', () => {
    expect(paths(glowService, { languages: ['sigma', 'defender', 'splunk-cim', 'sql'], host: 'svchost.exe' })).toEqual([
      'svchost-glowsvc-unlisted-child.yml',
      'svchost-glowsvc-unlisted-child.defender.kql',
      'svchost-glowsvc-unlisted-child.splunk-cim.spl',
      'svchost-glowsvc-unlisted-child.sql',
      'tests/svchost-glowsvc-unlisted-child.match.jsonl',
      'tests/svchost-glowsvc-unlisted-child.no-match.jsonl',
    ]);
    expect(paths(openConsole, { languages: ['eql'] })[0]).toBe('openconsole-unprotected-child.eql');
  });

  it('lead out of no folder, and are short', () => {
    for (const image of ['..\\..\\x.exe', '../../x.exe', 'a\n"b.match.exe', `${'x'.repeat(300)}.exe`, '...exe'])
      for (const path of paths(documentOf({ parent: { ...lantern.parent, image } }), { languages: ['sigma'] })) {
        expect(path).toMatch(/^(?:tests\/)?[\p{L}\p{N}_-]+\.(?:yml|(?:no-)?match\.jsonl)$/u);
        expect(path.length).toBeLessThan(140);
      }
  });

  it('no tests where none of the languages is read, and what would help', () => {
    const options: RuleOptions = { languages: ['defender', 'sql'] };
    expect(paths(lantern, options)).toEqual(['lantern-unlisted-child.defender.kql', 'lantern-unlisted-child.sql']);
    const place = join(folder, 'unread');
    const lines = writeRules(place, { ...lantern, rule: emitRules(lantern, options) }, options, PLAIN_STYLE);
    expect(lines.at(-1)).toBe('No tests: winnow test checks rules in eql, elastic, sigma; add --to with one of them.');
    expect(existsSync(join(place, 'tests'))).toBe(false);
  });
});

describe('the command line', () => {
  const PROGRAM = 'fixtures/children/bin/clang-x64/parent-argument.exe';

  it('writes beside what it prints; with -q it prints where', async () => {
    const place = join(folder, 'command');
    const quiet = await winnow('children', PROGRAM, '--write', place, '--to', 'sigma', '--parent-arguments', '-q');
    expect(quiet).toMatchObject({ code: 0, err: '' });
    expect(quiet.out.split('\n').slice(0, 4)).toEqual([
      'Written',
      `  ${join(place, 'parent-argument-unlisted-child.yml')}`,
      `  ${join(place, 'tests', 'parent-argument-unlisted-child.match.jsonl')}, 1 event`,
      expect.stringMatching(/no-match\.jsonl, \d+ events$/),
    ]);
    expect((await winnow('test', place)).code).toBe(0);
    const whole = await winnow('children', PROGRAM, '--write', place);
    expect(whole.out).toMatch(/Rule \(Sigma\)[\s\S]*\nWritten\n/);
    const json = await winnow('children', PROGRAM, '--write', place, '--json');
    expect(JSON.parse(json.out).rule[0].triage).toHaveLength(3);
  });

  it('makes the example of the docs', async () => {
    const example = 'fixtures/rules/children';
    const place = join(folder, 'example');
    const program = 'fixtures/children/bin/clang-x64/printf-system-directory.exe';
    const to = ['sigma', 'eql', 'elastic', 'defender'].flatMap((language) => ['--to', language]);
    await winnow('children', program, ...to, '--write', place, '-q');
    const files = (of: string) =>
      readdirSync(of, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const texts = (of: string) =>
      files(of)
        .map(({ name, parentPath }) => [name, readFileSync(join(parentPath, name), 'utf8')])
        .sort();
    // `winnow children ... --write fixtures/rules/children` makes it anew.
    expect(texts(place)).toEqual(texts(example));
  });

  it('refuses what cannot be written, and a module without a host', async () => {
    const blocked = await winnow('children', PROGRAM, '--write', PROGRAM, '-q');
    expect(blocked).toMatchObject({ code: 3, out: '', err: expect.stringMatching(/something else stands there/) });
    // Where no folder can be made, Node's mkdir with "recursive" never ends.
    if (process.platform === 'linux')
      expect(await winnow('children', PROGRAM, '--write', '/proc/none/rules', '-q')).toMatchObject({
        code: 3,
        err: expect.stringMatching(/^winnow: cannot write /),
      });
    expect(() => writeRules(folder, { ...glowService, rule: [] }, ALL_READ, PLAIN_STYLE)).toThrow(UsageError);
    expect(() =>
      writeRules(PROGRAM, { ...lantern, rule: emitRules(lantern, ALL_READ) }, ALL_READ, PLAIN_STYLE),
    ).toThrow(InputError);
  });
});
