// The check: each need has events that the layer itself reads, the written configuration passes, and what is told to mend a configuration mends it.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { registrySighting } from '../../../src/accounts/layers/registry/registry.ts';
import { sysmonAct } from '../../../src/accounts/layers/registry/registry-act.ts';
import { AccountRecord } from '../../../src/accounts/record.ts';
import { checkSysmonConfig, LAYERS, NEEDS } from '../../../src/accounts/sysmon-config/check.ts';
import { readConfigXml, type XmlElement } from '../../../src/accounts/sysmon-config/config-xml.ts';
import type { CheckedNeed, Mend, SysmonCheckDocument } from '../../../src/accounts/sysmon-config/document.ts';
import { EVENT_NAMES, FIELDS } from '../../../src/accounts/sysmon-config/schema.ts';
import { sysmonConfigText } from '../../../src/accounts/sysmon-config/write-config.ts';
import { cpuTime } from '../../cpu-time.ts';
import { bytesOf, configText } from './small-config.ts';

const check = (text: string): SysmonCheckDocument => checkSysmonConfig(bytesOf(text), 'c.xml');
const need = (document: SysmonCheckDocument, id: string): CheckedNeed => document.needs.find((one) => one.id === id)!;
const wrongIn = ({ needs }: SysmonCheckDocument): readonly string[] =>
  needs
    .filter(({ weight, verdict }) =>
      weight === 'noise' ? verdict === 'seen' || verdict === 'partly' : verdict !== 'seen',
    )
    .map(({ id, verdict }) => `${id} ${verdict}`);
const schema = JSON.parse(readFileSync('docs/formats/accounts-sysmon-check-1.schema.json', 'utf8'));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

describe('the table of needs', () => {
  it('has each id once', () => expect(new Set(NEEDS.map(({ id }) => id)).size).toBe(NEEDS.length));

  it.each(NEEDS.map((one) => [one.id, one] as const))('%s: its events have the fields of their kind', (_id, one) => {
    for (const { id, name, fields } of one.examples) {
      expect(name).toBe(one.event);
      expect(Object.keys(fields).sort()).toEqual([...FIELDS[id]].sort());
    }
    expect(one.rules.length > 0).toBe(one.weight !== 'noise');
    expect(one.guard.length).toBeGreaterThan(0);
  });

  it.each(NEEDS.filter(({ layer }) => layer === 'registry').map((one) => [one.id, one] as const))(
    '%s: the layer tells a change of its events, of noise none of its own',
    (_id, { weight, examples }) => {
      const sightings = examples.map(({ id, fields }) => {
        const record = new AccountRecord({
          place: { log: 'l', record: '1' },
          system: { eventId: String(id) },
          data: Object.entries(fields),
          container: 'EventData',
        });
        const act = sysmonAct(record);
        return act && registrySighting(record, act);
      });
      if (weight === 'noise') expect(sightings.filter((one) => one && !one.isSupport)).toEqual([]);
      else expect(sightings.filter((one) => one !== undefined).length).toBeGreaterThan(0);
    },
  );
});

describe('the configuration that is written', () => {
  const text = sysmonConfigText();

  it('passes the check wholly, without a problem, and collects no noise', () => {
    const document = check(text);
    expect(wrongIn(document)).toEqual([]);
    expect(document).toMatchObject({ refusal: null, problems: [], mends: [] });
    expect(document.layers.map(({ verdict }) => verdict)).toEqual(['whole', 'whole']);
    expect(document.needs.filter(({ weight }) => weight === 'noise').map(({ verdict }) => verdict)).toEqual(
      Array(3).fill('not-collected'),
    );
  });

  it("keeps to Sysmon's own DTD: what may stand in what, and with which attributes", () => {
    const may: Readonly<Record<string, readonly [inner: readonly string[], attributes: readonly string[]]>> = {
      Sysmon: [['EventFiltering'], ['schemaversion']],
      EventFiltering: [['RuleGroup', ...EVENT_NAMES], []],
      RuleGroup: [[...EVENT_NAMES], ['name', 'groupRelation']],
      ProcessCreate: [['Rule', ...FIELDS[1]], ['onmatch']],
      RegistryEvent: [['Rule', ...FIELDS[12]], ['onmatch']],
      Rule: [
        [...FIELDS[1], ...FIELDS[12]],
        ['name', 'groupRelation'],
      ],
    };
    const wrong: string[] = [];
    const visit = (element: XmlElement): void => {
      const [inner, attributes] = may[element.name] ?? [[], ['condition', 'name']];
      for (const one of Object.keys(element.attributes))
        if (!attributes.includes(one)) wrong.push(`${element.name} ${one}`);
      for (const child of element.children) {
        if (!inner.includes(child.name)) wrong.push(`${element.name} > ${child.name}`);
        visit(child);
      }
    };
    const root = readConfigXml(bytesOf(text));
    expect(root).toMatchObject({ name: 'Sysmon', attributes: { schemaversion: '4.22' } });
    visit(root);
    expect(wrong).toEqual([]);
    // No condition and no field that schema 4.22 has not.
    expect(text).not.toMatch(/condition="(?:is any|not |excludes a)|<ParentUser|<User/);
  });

  it('has no rule without which all would be seen as well', () => {
    const rules = [...text.matchAll(/^ {8}(?:<Rule [\s\S]*?<\/Rule>|<(?!Rule|!--).*)$/gm)].map(([rule]) => rule);
    expect(rules.length).toBeGreaterThan(20);
    // The program's own name in its file tells it as well as the file's does.
    const without = (rule: string) =>
      text
        .replace(rule, '')
        .replace(rule.includes('<Image condition="image">net') ? /^ *<OriginalFileName.*$/gm : '', '');
    for (const rule of rules) {
      const ids = wrongIn(check(without(rule))).filter(
        (one) => !(one.startsWith('renamed') && rule.includes('<Image')),
      );
      expect(ids, rule).not.toEqual([]);
    }
  });

  it('is of the layers that are wanted', () => {
    const registry = sysmonConfigText(['registry']);
    expect(registry).not.toContain('<ProcessCreate');
    expect(check(registry).layers.map(({ verdict }) => verdict)).toEqual(['whole', 'whole']);
    expect(sysmonConfigText(['command'])).not.toContain('<RegistryEvent');
    expect(LAYERS).toEqual(['registry', 'command']);
  });
});

/** A configuration with one rule a line. */
const group = (event: string, onmatch: string, ...rules: readonly string[]) =>
  [
    '<RuleGroup name="" groupRelation="or">',
    `<${event} onmatch="${onmatch}">`,
    ...rules,
    `</${event}>`,
    '</RuleGroup>',
  ].join('\n');
const RUN = '<TargetObject condition="contains">\\CurrentVersion\\Run</TargetObject>';
const CREATE_KEY = '<EventType condition="is">CreateKey</EventType>';
const POWERSHELL = '<Image condition="end with">\\powershell.exe</Image>';

const CONFIGS: Readonly<Record<string, string>> = {
  empty: configText(''),
  'include list': configText(group('RegistryEvent', 'include', RUN)),
  'include and exclude list': configText(
    [group('RegistryEvent', 'include', RUN), group('RegistryEvent', 'exclude', CREATE_KEY, POWERSHELL)].join('\n'),
  ),
  'exclude list': configText(group('RegistryEvent', 'exclude', POWERSHELL, CREATE_KEY)),
  'exclude list of all lsass.exe does': configText(
    group('RegistryEvent', 'exclude', '<Image condition="image">lsass.exe</Image>'),
  ),
  'a Rule that excludes': configText(
    group(
      'RegistryEvent',
      'exclude',
      '<Rule groupRelation="and">',
      '<Image condition="end with">lsass.exe</Image>',
      '<EventType condition="is">SetValue</EventType>',
      '</Rule>',
    ),
  ),
  'a Rule that excludes by one of its fields': configText(
    group(
      'RegistryEvent',
      'exclude',
      '<Rule groupRelation="or"><Image condition="end with">lsass.exe</Image><EventType>DeleteKey</EventType></Rule>',
    ),
  ),
  'net use excluded': configText(
    group('ProcessCreate', 'exclude', '<CommandLine condition="contains">net use</CommandLine>'),
  ),
  'some programs included': configText(
    group(
      'ProcessCreate',
      'include',
      '<Image condition="image">cmd.exe</Image>',
      '<Image condition="image">net.exe</Image>',
    ),
  ),
};

/** The text with the changes made: what comes last in the file first, so that lines keep their numbers. */
function mended(text: string, mends: readonly Mend[]): string {
  const lines = text.split('\n');
  const last = lines.indexOf('</EventFiltering>');
  for (const { kind, line, what, xml } of [...mends].reverse()) {
    if (line === null) lines.splice(last, 0, xml);
    else if (kind === 'narrow-exclude' && what.startsWith('in place of')) lines.splice(line - 1, 1, xml);
    else if (kind === 'remove-exclude') lines.splice(line - 1, 1);
    else if (['add-include', 'add-exclude', 'narrow-exclude'].includes(kind)) lines.splice(line, 0, xml);
    else throw new Error(`${kind} is not made here`);
  }
  return lines.join('\n');
}

describe.each(Object.entries(CONFIGS))('a configuration: %s', (_name, text) => {
  const before = check(text);

  it('is told as its schema describes it', () => {
    expect(validate(before), JSON.stringify(validate.errors)).toBe(true);
  });

  it('is mended wholly by all changes together', () => {
    expect(wrongIn(before)).not.toEqual([]);
    const after = check(mended(text, before.mends));
    expect(wrongIn(after)).toEqual([]);
    expect(after.mends).toEqual([]);
  });

  it("is mended for each need by that one's changes alone", () => {
    for (const one of before.needs) {
      expect(one.isMended, one.id).toBe(true);
      if (one.mends.length === 0) continue;
      const after = need(check(mended(text, one.mends)), one.id);
      expect(after.mends, one.id).toEqual([]);
    }
  });
});

describe('what is told', () => {
  it('the rule that drops an event, with its place and name', () => {
    const document = check(
      configText(group('RegistryEvent', 'exclude', '<EventType name="noise" condition="is">CreateKey</EventType>')),
    );
    expect(need(document, 'user-name-created')).toMatchObject({
      verdict: 'dropped',
      examples: [
        {
          by: { line: 5, column: 1, name: 'noise', text: 'EventType is CreateKey' },
          why: 'EventType is CreateKey excludes it',
        },
      ],
      mends: [{ kind: 'narrow-exclude', line: 5 }],
    });
    expect(need(document, 'user-name-set').verdict).toBe('seen');
    expect(need(document, 'user-f-by-lsass')).toMatchObject({ verdict: 'seen', cost: expect.stringMatching(/logon/) });
  });

  it('that nothing includes it, with the lists that could', () => {
    const document = check(configText(group('RegistryEvent', 'include', RUN)));
    expect(need(document, 'user-name-set')).toMatchObject({
      verdict: 'not-collected',
      examples: [{ by: null, why: 'no rule includes it of <RegistryEvent onmatch="include"> in line 4' }],
    });
    expect(document.layers).toMatchObject([{ layer: 'registry', verdict: 'blind', seen: 0 }, { verdict: 'whole' }]);
  });

  it('that part of it is seen', () => {
    const document = check(
      configText(group('RegistryEvent', 'include', '<Image condition="image">regedit.exe</Image>')),
    );
    expect(need(document, 'user-f-by-other').verdict).toBe('partly');
    expect(document.layers[0]).toMatchObject({ verdict: 'partly', seen: 0, partly: 4 });
  });

  it('that a program loses what it does by one word of its command line', () => {
    const document = check(CONFIGS['net use excluded']);
    const { verdict, examples } = need(document, 'net.exe');
    expect(verdict).toBe('partly');
    expect(examples.map((one) => `${one.verdict} ${one.fields.CommandLine}`)).toContain(
      'dropped net user support /delete',
    );
    expect(examples.map((one) => `${one.verdict} ${one.fields.CommandLine}`)).toContain(
      'seen net localgroup Administrators support /add',
    );
  });

  it('which rule of a list under "and" for one field decides', () => {
    const list =
      '<RegistryEvent onmatch="exclude">\n<Image condition="is">b</Image>\n<Image condition="image">lsass.exe</Image>\n</RegistryEvent>';
    const document = check(configText(list));
    expect(need(document, 'user-name-set').examples[0].by).toMatchObject({ line: 5, text: 'Image image lsass.exe' });
    expect(need(document, 'user-name-set').mends.map(({ kind }) => kind)).toEqual(['set-relation', 'narrow-exclude']);
    const both = list
      .replace('>b<', '>C:\\Windows\\system32\\lsass.exe<')
      .replace('Image condition="image">lsass.exe</Image', 'EventType>SetValue</EventType');
    expect(need(check(configText(both)), 'user-name-set').examples[0].by).toMatchObject({
      line: 3,
      text: 'all rules of the list together',
    });
    expect(need(check(configText(both)), 'user-name-set')).toMatchObject({
      isMended: true,
      mends: [{ kind: 'narrow-exclude', line: 3 }],
    });
  });

  it('that two lists which exclude switch the event off, and how to join them', () => {
    const document = check(
      configText([group('RegistryEvent', 'exclude', RUN), group('RegistryEvent', 'exclude', CREATE_KEY)].join('\n')),
    );
    expect(need(document, 'user-name-set')).toMatchObject({
      verdict: 'not-collected',
      examples: [{ why: expect.stringMatching(/several lists that exclude and none that includes/) }],
      mends: [{ kind: 'join-excludes', line: 4 }],
      isMended: true,
    });
  });

  it('in an older schema, that a newer one is needed or the rule goes', () => {
    const old = (...lists: readonly string[]) => check(configText(lists.join('\n'), '4.1'));
    const document = old(
      '<RegistryEvent onmatch="include">\n<Image>b</Image>\n</RegistryEvent>',
      '<ProcessCreate onmatch="exclude">\n<CommandLine condition="contains">net use</CommandLine>\n</ProcessCreate>',
    );
    expect(need(document, 'user-f-by-other').mends.map(({ kind }) => kind)).toEqual(['raise-schema', 'add-include']);
    expect(need(document, 'user-name-set').mends.map(({ kind }) => kind)).toEqual(['add-include']);
    expect(need(document, 'net.exe').mends).toMatchObject([{ kind: 'remove-exclude', line: 7 }]);
  });

  it('that Sysmon does not take the file; then nothing is seen', () => {
    const document = check(configText('<DnsQuery onmatch="include"><Image condition="like">x</Image></DnsQuery>'));
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document.refusal).toMatchObject({ line: 3, column: 29 });
    expect(document.layers.map(({ verdict }) => verdict)).toEqual(['blind', 'blind']);
    expect(document.mends).toEqual([]);
  });

  it('within seconds, of a configuration that excludes all in a thousand ways', () => {
    const rules = Array(1000).fill(`<TargetObject condition="contains any">${'zz;'.repeat(1000)}</TargetObject>`);
    const begin = cpuTime();
    const document = check(configText(group('RegistryEvent', 'exclude', ...rules)));
    expect(cpuTime() - begin).toBeLessThan(20_000);
    expect(need(document, 'user-name-set')).toMatchObject({ verdict: 'dropped', isMended: false });
  });
});
