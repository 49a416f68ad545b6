// Which children a rule lets pass, by what, what its notes say, and what it refuses.
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { CHILD_RULE_LANGUAGES, emitRules, type RuleOptions, ruleFor } from '../../src/children/child-rule.ts';
import { knownPath } from '../../src/children/child-rule-paths.ts';
import type { ChildrenDocument, ParentImage, RuleLanguage } from '../../src/children/document.ts';
import { UsageError } from '../../src/errors.ts';
import { namedParts } from '../../src/rule/condition.ts';
import type { LanguageId } from '../../src/rule/emit/index.ts';
import { showPattern } from '../../src/rule/pattern.ts';
import { conditionOf } from '../../src/rule/rule.ts';
import {
  blindSpot,
  child,
  type Document,
  documentOf,
  evidence,
  glowService,
  hostile,
  lantern,
  oldLamp,
  openConsole,
  toldLantern,
} from './example-documents.ts';

const NONE: RuleOptions = { languages: [] };

const filters = (document: Omit<ChildrenDocument, 'rule'>, options = NONE) =>
  namedParts(conditionOf(ruleFor(document, options).rule, 'a test'))
    .filter((part) => part.name !== 'selection')
    .map((part) => part.about);
const notes = (document: Omit<ChildrenDocument, 'rule'>, heading: string) =>
  ruleFor(document, NONE).rule.notes.find((note) => note.heading === heading)?.lines ?? [];

describe('what is let pass', () => {
  it('by path where it is known, by name where it is not, and the generic ones', () => {
    expect(ruleFor(lantern, NONE).excluded.map(({ image, by }) => `${image} ${by}`)).toEqual([
      'wickhelper.exe path',
      'glow.exe name',
      'cmd.exe command-line',
      'update.exe path',
      'WerFault.exe path',
      'WerFaultSecure.exe path',
      'wermgr.exe path',
    ]);
  });

  it('less and more by confidence', () => {
    const images = (minConfidence: RuleOptions['minConfidence']) =>
      ruleFor(lantern, { languages: [], minConfidence }).excluded.map(({ image }) => image);
    expect(images('proven')).not.toContain('glow.exe');
    expect(images('likely')).not.toContain('spark.exe');
    expect(images('possible')).toContain('spark.exe');
    for (const image of ['trim.bat', 'mmc.exe', 'ember.exe', 'ash.exe'])
      expect(images('possible')).not.toContain(image);
  });

  it('names every child that is not let pass, with why', () => {
    const lines = notes(lantern, 'Children that are not excluded').map((line) => line.split(':')[0]);
    expect(lines).toEqual(['trim.bat', 'mmc.exe', 'spark.exe', 'ember.exe', 'ash.exe']);
  });

  it('a 32-bit parent: both system folders, both Program Files; a console program: its console host', () => {
    expect(filters(oldLamp)).toEqual([
      'wickhelper.exe by path ?:\\Windows\\SysWOW64\\wickhelper.exe or ?:\\Windows\\System32\\wickhelper.exe',
      'flame.exe by path ?:\\Program Files (x86)\\Lantern\\flame.exe or ?:\\Program Files\\Lantern\\flame.exe',
      ...['WerFault', 'WerFaultSecure', 'wermgr'].map(
        (name) =>
          `${name}.exe by path ?:\\Windows\\System32\\${name}.exe or ?:\\Windows\\SysWOW64\\${name}.exe (generic)`,
      ),
      'conhost.exe by path ?:\\Windows\\System32\\conhost.exe (generic)',
      'OldLamp.exe by path ?:\\Windows\\OldLamp.exe or ?:\\Windows\\System32\\OldLamp.exe or ?:\\Windows\\SysWOW64\\OldLamp.exe or ?:\\Windows\\System32\\wbem\\OldLamp.exe or ?:\\Windows\\SysWOW64\\wbem\\OldLamp.exe or ?:\\Program Files\\*\\OldLamp.exe or ?:\\Program Files (x86)\\*\\OldLamp.exe (generic)',
    ]);
  });

  it('its own image: by name where the file shows it, else where only administrators write, never by the name alone', () => {
    const own = { image: 'Lantern.exe', why: 'starts itself again' };
    const generic = documentOf({ generic: [own] });
    expect(ruleFor(generic, NONE).excluded).toMatchObject([{ image: 'Lantern.exe', by: 'path' }]);
    const found = documentOf({ generic: [own], children: [child('Lantern.exe')] });
    expect(ruleFor(found, NONE).excluded).toMatchObject([{ image: 'Lantern.exe', by: 'name' }]);
    for (const image of ['100%.exe', 'a*b.exe', 'half\uD800.exe'])
      expect(ruleFor(documentOf({ generic: [{ ...own, image }] }), NONE).excluded).toEqual([]);
  });

  it('a shell only with its command line, spelled as events may show it', () => {
    const console = documentOf({ children: openConsole.children });
    expect(filters(console)[0]).toBe(
      'cmd.exe by path ?:\\Windows\\System32\\cmd.exe, with the command line ' +
        '?:\\Windows\\system32\\cmd.exe or %WINDIR%\\system32\\cmd.exe or "?:\\Windows\\system32\\cmd.exe" or ' +
        '"%WINDIR%\\system32\\cmd.exe" or "?:\\Windows\\system32\\cmd.exe"  or "%WINDIR%\\system32\\cmd.exe" ',
    );
    const shell = (commandLine: string | null) =>
      ruleFor(documentOf({ children: [child('cmd.exe', { commandLine })] }), NONE).excluded[0];
    for (const unknown of ['*', 'cmd.exe *', '"cmd.exe"*', ' * ', '', null]) {
      expect(shell(unknown)).toMatchObject({ by: 'name' });
      expect(shell(unknown).why).toContain('its command line is not known');
    }
    expect(shell('cmd /c ver')).toMatchObject({ by: 'command-line' });
    expect(shell('cmd /c ver').why).not.toContain('any text');
    expect(shell('cmd /c ver *').why).toContain('lets any text pass');
  });

  it('joins what another exclusion lets pass already, and keeps the evidence of both', () => {
    const path = '%windir%\\system32\\glow.exe';
    const document = documentOf({
      generic: [],
      children: [
        child('glow.exe', { path, evidence: [evidence('0x1')] }),
        child('GLOW.EXE', { evidence: [evidence('0x2')] }),
        child('glow.exe', { path: 'C:\\WINDOWS\\SYSTEM32\\GLOW.EXE', evidence: [evidence('0x3')] }),
      ],
    });
    const { rule, excluded } = ruleFor(document, NONE);
    expect(excluded).toHaveLength(1);
    expect(excluded[0].by).toBe('name');
    expect(namedParts(conditionOf(rule, 'a test'))[1].why.join()).toMatch(/0x2 .*0x1 .*0x3 /);
  });

  it('nothing at all where there is nothing: then every child matches', () => {
    const empty = documentOf({ generic: [] });
    const [{ text }] = emitRules(empty, { languages: ['sigma'] });
    expect(parseYaml(text).detection).toEqual({
      selection: { 'ParentImage|endswith': '\\Lantern.exe' },
      condition: 'selection',
    });
  });

  it('not a command line too long for a language, rather than a shell with any', () => {
    const long = documentOf({
      generic: [],
      children: [child('cmd.exe', { commandLine: `cmd /c ${'?('.repeat(300)} *` })],
    });
    expect(ruleFor(long, NONE).excluded).toEqual([]);
    expect(notes(long, 'Children that are not excluded')[0]).toContain('more than 400 characters');
  });

  it('not a name that no file can have, even from a hostile file', () => {
    expect(ruleFor(hostile, NONE).excluded.map(({ image }) => image)).not.toContain('a\nb*/ ``` | delete.exe');
    expect(notes(hostile, 'Children that are not excluded')[0]).toContain('half\uD800.exe');
  });
});

describe('known paths', () => {
  const shown = (path: string, arch: ParentImage['arch'] = 'x64') => knownPath(path, arch)?.patterns.map(showPattern);

  it('any drive, variables as their folders, dots resolved', () => {
    expect(shown('C:\\Lantern\\a.exe')).toEqual(['?:\\Lantern\\a.exe']);
    expect(shown('%SystemRoot%/System32/./x/../a.exe')).toEqual(['?:\\Windows\\System32\\a.exe']);
    expect(shown('\\\\?\\C:\\..\\a.exe')).toEqual(['?:\\a.exe']);
    expect(shown('%SystemDrive%\\a.exe')).toEqual(['?:\\a.exe']);
    expect(shown('%ProgramFiles(x86)%\\a.exe')).toEqual(['?:\\Program Files (x86)\\a.exe']);
    expect(shown('\\\\lamp\\share\\a.exe')).toEqual(['\\\\lamp\\share\\a.exe']);
  });

  it('the system folder by the architecture of the parent', () => {
    expect(shown('%windir%\\SysWOW64\\a.exe', 'x64')).toEqual(['?:\\Windows\\SysWOW64\\a.exe']);
    expect(shown('%windir%\\Sysnative\\a.exe', 'x86')).toEqual(['?:\\Windows\\System32\\a.exe']);
    expect(shown('%windir%\\System32\\a.exe', 'il')).toEqual([
      '?:\\Windows\\System32\\a.exe',
      '?:\\Windows\\SysWOW64\\a.exe',
    ]);
    expect(shown('%windir%\\System32Files\\a.exe', 'x86')).toEqual(['?:\\Windows\\System32Files\\a.exe']);
  });

  it('says where a path protects little', () => {
    expect(knownPath('%temp%\\a.exe', 'x64')?.doubts).toEqual(['a folder that ordinary users can write to']);
    expect(knownPath('%windir%\\*\\a.exe', 'x64')?.doubts).toEqual(['a part of the path is not known (*)']);
  });

  it('is not known without a root, with an unknown variable, or with what no path can hold', () => {
    for (const path of [
      'a.exe',
      '.\\a.exe',
      '\\a.exe',
      '*\\a.exe',
      '%LAMP%\\a.exe',
      '%windir%\\%x%\\a.exe',
      'C:a.exe',
    ]) {
      expect(shown(path)).toBeUndefined();
    }
    for (const path of ['C:\\a\n.exe', 'C:\\a?.exe', 'C:\\a:b.exe', 'C:\\', 'C:\\\uD800.exe', '%__proto__%\\a.exe']) {
      expect(shown(path)).toBeUndefined();
    }
  });
});

describe('what the rule says about itself', () => {
  it('says plainly that an open parent is one, why the rule of unlisted children is not written, and rates it lower', () => {
    const open = ruleFor(openConsole, NONE);
    expect(open.kind).toBe('unprotected-child');
    expect(open.notWritten).toBe(
      'the rule "child is none of these" would be wrong: it starts what its own command line names',
    );
    expect(open.rule.severity).toBe('low');
    expect(notes(openConsole, 'Open parent')[0]).toContain('what its own command line names');
    for (const { text } of emitRules(openConsole, {
      languages: ['eql', 'elastic', 'sigma', 'defender', 'sentinel', 'splunk'],
    })) {
      expect(text).toMatch(/^(\/\/|#|```) Open parent:/m);
    }
    const closed = ruleFor(lantern, NONE);
    expect(closed).toMatchObject({ kind: 'unlisted-child', rule: { severity: 'medium' } });
    expect(closed).not.toHaveProperty('notWritten');
  });

  it('names registry keys, missing modules and doubts', () => {
    const lines = notes(lantern, 'Blind spots');
    expect(lines[0]).toContain('HKLM\\Software\\Lantern, value Shade');
    expect(lines.at(-1)).toContain('flint.dll');
    expect(lines.join()).not.toContain('KERNEL32');
    expect(notes(lantern, 'Read with doubt')).toHaveLength(1);
    expect(ruleFor(lantern, NONE).rule.falsePositives.join()).toContain('HKLM\\Software\\Lantern: Shade');
  });

  it('has one identifier a parent: whatever its children, letter case, language and date', () => {
    const id = ruleFor(lantern, NONE).rule.id;
    const other = documentOf({ parent: { ...lantern.parent, image: 'LANTERN.EXE' }, blindSpots: [blindSpot('com')] });
    expect(ruleFor(other, { languages: [], date: '2024-01-01' }).rule.id).toBe(id);
    expect(ruleFor(oldLamp, NONE).rule.id).not.toBe(id);
    const [elastic, sigma] = emitRules(lantern, { languages: ['elastic', 'sigma'] });
    expect((parseToml(elastic.text) as { rule: { rule_id: string } }).rule.rule_id).toBe(id);
    expect(parseYaml(sigma.text).id).toBe(id);
  });

  it('holds every key that an Elastic rule file needs', () => {
    const [{ text }] = emitRules(lantern, { languages: ['elastic'] });
    const toml = parseToml(text) as { metadata: object; rule: Record<string, unknown> };
    expect(Object.keys(toml.metadata)).toEqual(['creation_date', 'integration', 'maturity', 'updated_date']);
    const keys =
      'author description false_positives from index language license name note references risk_score rule_id severity tags timestamp_override type query threat';
    expect(Object.keys(toml.rule)).toEqual(keys.split(' '));
    expect(toml.rule.name).toMatch(/^[a-zA-Z0-9].+?[a-zA-Z0-9[\]()]$/);
    expect(toml.rule.note).toContain(`### Investigating ${toml.rule.name}\n`);
    expect(toml.rule.threat).toEqual([
      {
        framework: 'MITRE ATT&CK',
        technique: [
          { id: 'T1055', name: 'Process Injection', reference: 'https://attack.mitre.org/techniques/T1055/' },
        ],
        tactic: { id: 'TA0004', name: 'Privilege Escalation', reference: 'https://attack.mitre.org/tactics/TA0004/' },
      },
    ]);
  });
});

describe('a signer', () => {
  it('is asked for beside the list, and by languages whose table says it', () => {
    const [{ text }] = emitRules(lantern, { languages: ['eql'], signer: 'microsoft' });
    expect(text).toContain('process.code_signature.trusted == true and');
    expect(text).toContain('process.code_signature.subject_name : (');
    const [elastic] = emitRules(lantern, { languages: ['elastic'], signer: 'trusted' });
    const { rule } = parseToml(elastic.text) as { rule: { index: string[]; query: string } };
    expect(rule.index).toEqual(['logs-endpoint.events.process-*']);
    expect(rule.query).not.toContain('subject_name');
  });

  it.each(['sigma', 'defender', 'sentinel', 'splunk', 'splunk-cim', 'sysmon', 'sql'] as const)(
    'is refused by name in %s',
    (language) => {
      for (const document of [lantern, openConsole])
        expect(() => emitRules(document, { languages: ['eql', language], signer: 'trusted' })).toThrow(
          /has no column for the trust of the host in the signature of the child; languages that can: eql, elastic, esql, dsl, lucene$/,
        );
    },
  );

  it('has nothing to say where every child matches', () => {
    const empty = documentOf({ generic: [] });
    expect(emitRules(empty, { languages: ['splunk'], signer: 'trusted' })[0].text).not.toContain('signed_child');
  });
});

describe('the arguments of the parent', () => {
  const scoped: RuleOptions = { languages: ['eql'], parentArguments: true };

  it('are told of every child and blind spot that needs some', () => {
    const lines = notes(toldLantern, "Children that need the parent's arguments");
    expect(lines[0]).toBe(
      'wickhelper.exe: only where the command line of Lantern.exe holds "-wick" or "/wick", and "-light" (compared at 0x140001100 in Lantern.exe and 1 more)',
    );
    expect(lines).toHaveLength(3);
    expect(notes(toldLantern, 'Blind spots')[0]).toMatch(/, only where the command line of Lantern\.exe holds "-run"/);
    expect(notes(lantern, "Children that need the parent's arguments")).toEqual([]);
  });

  it('narrow what is let pass only where that is asked for, and never by a single character', () => {
    const [plain] = emitRules({ ...toldLantern, verdict: lantern.verdict }, { languages: ['eql'] });
    expect(plain.text).not.toContain('process.parent.command_line');
    const abouts = filters(toldLantern, scoped);
    expect(abouts.filter((about) => about.includes('the command line of the parent is'))).toEqual([
      'wickhelper.exe by path ?:\\Windows\\System32\\wickhelper.exe, where the command line of the parent is *-wick* or */wick* and *-light*',
    ]);
  });

  it('keep an open parent closed beside those that open it, if every call needs one', () => {
    const rule = ruleFor(toldLantern, scoped);
    expect(rule).toMatchObject({ kind: 'unlisted-child', rule: { severity: 'medium' } });
    expect(rule).not.toHaveProperty('notWritten');
    expect(rule.rule.description).toContain('Left out is Lantern.exe with "-run" on its command line');
    expect(emitRules(toldLantern, scoped)[0].text).toContain('not process.parent.command_line : "*-run*" and');
    const other = documentOf({ blindSpots: [...toldLantern.blindSpots, blindSpot('rpc', { site: '0x140002300' })] });
    expect(ruleFor(other, scoped).kind).toBe('unprotected-child');
    const short = documentOf({
      blindSpots: [blindSpot('rpc', { when: { parentArguments: [{ anyOf: ['-r', 'r'], comparedAt: [] }] } })],
    });
    expect(ruleFor(short, scoped).kind).toBe('unprotected-child');
  });

  it('are refused by name where the table has no command line of the parent', () => {
    expect(() => emitRules(toldLantern, { languages: ['sentinel'], parentArguments: true })).toThrow(
      /has no column for the command line of the parent; languages that can: eql, elastic, sigma, defender, splunk, splunk-cim, esql, dsl, lucene, sql$/,
    );
  });

  it('do not fold a child that needs none into one that needs some', () => {
    const path = '%windir%\\system32\\wickhelper.exe';
    const both = documentOf({
      children: [...toldLantern.children, child('wickhelper.exe', { path, confidence: 'likely' })],
    });
    expect(filters(both, scoped).filter((about) => about.startsWith('wickhelper.exe'))).toEqual([
      'wickhelper.exe by path ?:\\Windows\\System32\\wickhelper.exe',
    ]);
  });
});

describe('an open parent', () => {
  const options: RuleOptions = { languages: ['eql', 'sigma'] };

  it('keeps only the exclusions that the protected folders do not make idle', () => {
    const document = documentOf({
      blindSpots: [blindSpot('standard-input')],
      generic: [...documentOf().generic, { image: 'Lantern.exe', why: 'starts itself again' }],
      children: [
        child('a.exe', { path: '%windir%\\system32\\a.exe' }),
        child('b.exe', { path: '%windir%\\Temp\\b.exe' }),
        child('c.exe', { path: '%windir%\\*\\c.exe' }),
        child('d.exe', { path: 'D:\\Lantern\\d.exe' }),
        child('e.exe'),
      ],
    });
    expect(ruleFor(document, NONE).excluded.map(({ image }) => image)).toEqual(['b.exe', 'c.exe', 'd.exe', 'e.exe']);
    expect(notes(document, 'Children that the file itself names')).toHaveLength(5);
  });

  it('says in every rule that the other one is not written', () => {
    for (const rule of emitRules(openConsole, options)) {
      expect(rule).toMatchObject({ kind: 'unprotected-child', notWritten: expect.stringContaining('would be wrong') });
      expect(rule.text).toContain('is not written');
    }
    for (const rule of emitRules(lantern, options)) {
      expect(rule.kind).toBe('unlisted-child');
      expect(rule).not.toHaveProperty('notWritten');
    }
  });

  it('has an identifier of its own', () => {
    const closed = documentOf({ parent: openConsole.parent });
    expect(ruleFor(openConsole, NONE).rule.id).not.toBe(ruleFor(closed, NONE).rule.id);
  });

  it('claims no process injection', () => {
    expect(ruleFor(openConsole, NONE).rule.threats).toEqual([]);
  });
});

describe('a module', () => {
  it('has no rule without a host', () => {
    expect(emitRules(glowService, { languages: ['eql', 'sigma'] })).toEqual([]);
    expect(() => ruleFor(glowService, NONE)).toThrow(UsageError);
  });

  it('has one of its host, which says that it covers the module alone', () => {
    const options: RuleOptions = { languages: ['sigma'], host: 'C:\\Windows\\System32\\svchost.exe' };
    const [{ text }] = emitRules(glowService, options);
    expect(parseYaml(text).detection.selection).toEqual({ 'ParentImage|endswith': '\\svchost.exe' });
    expect(text).toContain('Only the children of glowsvc.dll are let pass');
    const { id } = ruleFor(glowService, options).rule;
    expect(id).not.toBe(
      ruleFor({ ...glowService, parent: { ...glowService.parent, image: 'svchost.exe', kind: 'program' } }, NONE).rule
        .id,
    );
  });
});

describe('what is refused', () => {
  it('a date that is none', () => {
    for (const date of ['2023-02-29', '2024/01/01', '2024-1-1', 'today', '', '2024-01-01T00:00']) {
      expect(() => ruleFor(lantern, { languages: [], date })).toThrow(UsageError);
    }
  });

  it('what a language cannot say, by name and with the languages that can', () => {
    expect(() => emitRules(lantern, { languages: ['sigma', 'sysmon'] })).toThrow(
      /^no rule in sysmon: a Sysmon filter has no wildcards .* Image .*; languages that can: eql, elastic, sigma, defender, sentinel, splunk, splunk-cim, esql, dsl, lucene, sql$/,
    );
    // An open parent's folders stand on drive C:, so that nothing has to stand for a letter.
    const [{ text }] = emitRules(openConsole, { languages: ['sysmon'] });
    expect(text).toContain('<ParentImage condition="end with">\\OpenConsole.exe</ParentImage>');
    expect(() => emitRules(hostile, { languages: ['lucene'] })).toThrow(
      /^no rule in lucene: .*; languages that can: eql/,
    );
  });

  it('a language that is none, and a parent without a name', () => {
    expect(() => emitRules(lantern, { languages: ['toString' as RuleLanguage] })).toThrow(UsageError);
    expect(() => ruleFor(documentOf({ parent: { ...lantern.parent, image: '' } }), NONE)).toThrow(UsageError);
  });

  it('every language of the document has an emitter', () => {
    const known: RuleLanguage extends LanguageId ? true : false = true;
    expect(known).toBe(true);
  });
});

describe('three lines for who gets the alert', () => {
  const triageOf = (document: Document, options = NONE) => ruleFor(document, options).rule.triage;

  it('what it means, where to look first, what would make it benign, out of the document', () => {
    const [means, look, benign] = triageOf({ ...lantern, sites: [] });
    expect(means).toBe(
      'It means: Lantern.exe started a program that the code of Lantern.exe and wick.dll (0 calls that start programs) does not name, so foreign code runs in Lantern.exe, another program wears its name, or a setting of the host named the child.',
    );
    expect(look).toContain(
      'Let pass are ?:\\Windows\\System32\\wickhelper.exe, ?:\\Windows\\System32\\cmd.exe, ?:\\Users\\*\\AppData\\Local\\Lantern\\update.exe and 1 more: such a name in another folder is worn by another program.',
    );
    expect(look).toContain('cmd.exe is known with another command line only.');
    expect(look).toContain('No alert comes of a program called glow.exe, whatever it is.');
    expect(benign).toBe(
      'Benign: the child is what HKLM\\Software\\Lantern, value Shade names on this host; a COM server that it has run named it; flint.dll, which was not read, starts it; or a plug-in or security product in Lantern.exe or another version of Lantern.exe does.',
    );
  });

  it('the arguments that a child needs, and calls that were not followed', () => {
    const [, look, benign] = triageOf({ ...toldLantern, verdict: lantern.verdict });
    expect(look).toContain(
      'wickhelper.exe is started only where the command line of Lantern.exe holds "-wick" or "/wick".',
    );
    expect(benign).toContain(
      'its own command line named it; the call that could not be followed starts it; or a plug-in',
    );
  });

  it('of an open parent, what tells it what to start', () => {
    const [means, look] = triageOf(openConsole);
    expect(means).toContain('OpenConsole.exe starts what its own command line names');
    expect(look).toMatch(/^Look first: at the command line of OpenConsole\.exe and who started it/);
  });

  it('stand once in each language that has a place for them, at most three and of bounded length', () => {
    const keys = Array.from({ length: 50 }, (_, index) => ({ key: `HKLM\\${'k'.repeat(2000)}${index}`, value: 'v' }));
    const large = documentOf({ blindSpots: [blindSpot('registry', { registry: keys })], children: lantern.children });
    for (const document of [lantern, openConsole, large]) {
      const languages = CHILD_RULE_LANGUAGES.filter((id) => document === openConsole || id !== 'sysmon');
      for (const { language, text, triage = [] } of emitRules(document, { languages })) {
        expect(triage).toHaveLength(3);
        for (const line of triage) expect(line.length).toBeLessThan(1000);
        const shown = language === 'dsl' || language === 'lucene' ? 0 : 1;
        expect(text.split('It means: ').length - 1, language).toBe(shown);
        expect(text.split('Benign: ').length - 1, language).toBe(shown);
      }
    }
    const [sigma] = emitRules(lantern, { languages: ['sigma'] });
    const lines = parseYaml(sigma.text).description.split('\n');
    expect(lines.slice(-3)).toEqual(sigma.triage);
    const [elastic] = emitRules(lantern, { languages: ['elastic'] });
    const { note } = (parseToml(elastic.text) as { rule: { note: string } }).rule;
    expect(note).toMatch(/### Possible investigation steps\n\n- It means: .*\n- Look first: .*\n- Benign: .*\n/);
  });

  it('show nothing hidden that stands in the file', () => {
    const name = 'a\u202e\nb.dll';
    const spot = blindSpot('registry', { registry: [{ key: `HKLM\\${name}`, value: name }] });
    for (const { text } of emitRules(documentOf({ blindSpots: [spot] }), {
      languages: ['sigma', 'eql', 'splunk', 'sql'],
    })) {
      expect(text).not.toContain('\u202e');
      expect(text).toContain('\\u{202e}');
    }
  });
});
