// The scope as rules: what stands in them, that they test as they should in every language that Winnow reads, and what is refused by name.
import { describe, expect, it } from 'vitest';
import type { ExclusionEntry } from '../../src/design/document.ts';
import { attackPage } from '../../src/design/references.ts';
import type { Subject } from '../../src/design/report/subject.ts';
import { ruleFiles, writtenRules } from '../../src/design/rule-folder.ts';
import { ruleSourceOf } from '../../src/design/rule-source.ts';
import { designRules, fileNameOf } from '../../src/design/rules.ts';
import { bitsRegex, withoutBits } from '../../src/rule/bits-in-hexadecimal.ts';
import { match } from '../../src/rule/condition.ts';
import { type LanguageId, languages } from '../../src/rule/emit/index.ts';
import { readSelection } from '../../src/rule/read/selection.ts';
import { meets } from '../../src/rule/value-match.ts';
import { fixture, HOSTILE, subjectOf } from './designs.ts';

const proof = {
  attack_events_hidden: 0,
  evadable: 0,
  attack_events: 22,
  why: 'no attack event can be made to satisfy it',
};
const EXCLUSIONS: readonly ExclusionEntry[] = [
  {
    observable: 'lsass-opened',
    predicate: "{SourceImage: 'C:\\Windows\\System32\\csrss.exe'}",
    class: 'guarded',
    covers: 5400,
    proof,
  },
  {
    observable: 'lsass-opened',
    predicate: "{SourceImage|endswith: '\\MsMpEng.exe', GrantedAccess: '0x1410'}",
    class: 'free',
    covers: 12,
    proof: { ...proof, evadable: 22 },
    owner: 'the blue team',
    expiry: '2027-01-01',
    abuse: 'name the tool so',
  },
  { observable: 'another', predicate: '{Image: x}', class: 'forced', covers: 1, proof },
];

const rulesOf = ({ funnel, technique, environment }: Subject) => designRules(funnel, technique, environment);
const LSASS = subjectOf(fixture('lsass-handle'), EXCLUSIONS);

describe('a rule in a table of another log', () => {
  const startOf = (log: string, field: string) =>
    rulesOf(
      subjectOf(`schema: design.technique/1
id: T
procedures: [{id: p, primitives: [A]}]
primitives:
  - {id: A, control: fixed, observables: [{id: start, data_component: DC0032, log_source: ${log}, predicate: {${field}|endswith: '\\a.exe'}}]}
---
schema: design.environment/1
id: e
data_sources: [{id: s, data_components: [DC0032]}]
budget: {max_hits_per_day: 5}
baseline_results: {start: {hits_per_day: 1}}
`),
    );
  const SYSMON = startOf('{name: "WinEventLog:Sysmon", channel: EventCode=1}', 'Image');
  const SECURITY = startOf('{name: "WinEventLog:Security", channel: EventCode=4688}', 'NewProcessName');

  it.each([
    ['sentinel', /SecurityEvent, EventID 4688 .*Microsoft-Windows-Sysmon\/Operational, event 1: the figures/],
    ['defender', /DeviceProcessEvents/],
    ['esql', /Elastic Common Schema/],
    ['splunk-cim', /Endpoint/],
  ] as const)('says so in its header and its notes: %s', (language, said) => {
    const [{ text, notes }] = writtenRules(SYSMON, language);
    expect(text).toMatch(said);
    expect(text).toContain('Another log');
    expect(notes.join()).toMatch(said);
  });

  it('says nothing where the log is the one that was counted', () => {
    for (const [rules, language] of [
      [SYSMON, 'sigma'],
      [SYSMON, 'splunk'],
      [SECURITY, 'sentinel'],
      [SECURITY, 'sigma'],
    ] as const) {
      const [{ text, notes }] = writtenRules(rules, language);
      expect(text).not.toBeNull();
      expect(text).not.toContain('Another log');
      expect(notes).toEqual([]);
    }
  });
});

it('a page that is named with and without a slash at its end stands once', () => {
  const [scope] = writtenRules(
    rulesOf(
      subjectOf(
        fixture('lsass-handle').replace(
          /^references:.*$/m,
          'references: [https://attack.mitre.org/techniques/T1003/001]',
        ),
        EXCLUSIONS,
      ),
    ),
    'sigma',
  );
  expect(scope.text!.match(/attack\.mitre\.org\/techniques\/T1003\/001/g)).toHaveLength(1);
});

describe('rules of the scope', () => {
  const [scope, signature] = writtenRules(rulesOf(LSASS), 'sigma');

  it('are the predicate over its log source, without what its exclusions let pass, and their proofs', () => {
    const { text } = scope;
    for (const part of [
      'category: process_access',
      "TargetImage|endswith: '\\lsass.exe'",
      'selection and not 1 of filter_main_*',
      'filter_main_guarded_1:',
      'filter_main_free_2:',
      'hides 0 of 22 labelled attack events; 22 of them could be rewritten to satisfy it',
      'owner: the blue team; expires: 2027-01-01; how to abuse it: name the tool so',
      'attack.t1003.001',
      'https://attack.mitre.org/techniques/T1003/001/',
      'level: high',
      'Summiting the Pyramid: level 4U',
      'Expected: 0.5 hits a day once the exclusions are applied',
      'Look at the signer of SourceImage',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('another');
  });

  it('tell hits before and after exclusions, how they were come by, and each page once', () => {
    const { text } = scope;
    expect(text).toContain(
      '0.5 hits a day after exclusions, 180 hits a day before (figures of an example, nothing counted)',
    );
    expect(text).not.toContain('counted by fixtures');
    const doubled = fixture('lsass-handle').replace(
      /^references: .*$/m,
      'references: [https://ATTACK.mitre.org/techniques/T1003/001]',
    );
    expect(doubled).toContain('ATTACK');
    const [again] = writtenRules(rulesOf(subjectOf(doubled)), 'sigma');
    expect(again.text!.match(/techniques\/T1003\/001/g)).toHaveLength(1);
  });

  it('have default names beside them as signatures of level 1 that are never counted', () => {
    expect(rulesOf(LSASS).map(({ kind }) => kind)).toEqual(['scope', 'signature']);
    expect(LSASS.funnel.scope.map(({ primitive }) => primitive)).not.toContain('write');
    expect(signature.text).toContain("'*\\lsass.dmp'");
    expect(signature.text).toContain('level 1 of Summiting the Pyramid, never counted in the scope');
  });

  it.each(Object.keys(languages) as LanguageId[])('are written in %s, or refused with a reason', (id) => {
    for (const { text, refused } of writtenRules(rulesOf(LSASS), id)) expect(text === null).toBe(refused !== null);
  });

  it.each(['sigma', 'eql', 'elastic'] as const)(
    'have a test that must match and one an exclusion that must not, in %s',
    (id) => {
      const files = ruleFiles(writtenRules(rulesOf(LSASS), id), id).map(({ path }) => path);
      expect(files).toContain('tests/lsass-handle-lsass-opened.match.jsonl');
      expect(files).toContain('tests/lsass-handle-lsass-opened.no-match.jsonl');
      const noMatch = ruleFiles(writtenRules(rulesOf(LSASS), id), id).find(({ path }) =>
        path.endsWith('opened.no-match.jsonl'),
      );
      expect(noMatch?.text.trim().split('\n')).toHaveLength(2);
    },
  );

  it('have no id, name or text from anything but the dossier', () => {
    expect(writtenRules(rulesOf(subjectOf(fixture('lsass-handle'), EXCLUSIONS)), 'sigma')).toEqual(
      writtenRules(rulesOf(LSASS), 'sigma'),
    );
  });

  it('leave an exclusion out that cannot be read, and say so', () => {
    const broken = subjectOf(fixture('lsass-handle'), [{ ...EXCLUSIONS[0], predicate: 'no selection' }]);
    const [rule] = writtenRules(rulesOf(broken), 'sigma');
    expect(rule.notes).toHaveLength(1);
    expect(rule.text).toContain('the exclusion no selection is not in the rule');
    expect(rule.text).not.toContain('filter_main');
  });
});

describe('an exclusion that the predicate rules out by itself', () => {
  it('stands in the rule as the miner writes it, and needs no test: no event of the scope is one', () => {
    const forced = { ...EXCLUSIONS[0], class: 'forced' as const, predicate: '{GrantedAccess|bits|neq: 0x10}' };
    const own = subjectOf(fixture('lsass-handle'), [forced]);
    const written = writtenRules(rulesOf(own), 'sigma');
    expect(written[0].text).toContain('filter_main_forced_1:');
    const paths = ruleFiles(written, 'sigma').map(({ path }) => path);
    expect(paths).toContain('tests/lsass-handle-lsass-opened.match.jsonl');
    expect(paths).not.toContain('tests/lsass-handle-lsass-opened.no-match.jsonl');
  });
});

describe('what is no rule', () => {
  it('is refused with what is missing', () => {
    const rules = rulesOf(subjectOf(fixture('example-8')));
    expect(rules.map(({ refused }) => refused)).toEqual(
      Array(2).fill('the observable has no predicate: nothing says which events are meant'),
    );
    const [other] = rulesOf(subjectOf(fixture('lsass-handle').replaceAll('WinEventLog:Sysmon', 'auditd:SYSCALL')));
    expect(other.refused).toBe(
      'auditd:SYSCALL, EventCode=10 is no event log of Windows, and rules are written for those alone',
    );
    expect(
      rulesOf(subjectOf(fixture('lsass-handle').replace('[DC0035, DC0039]', '[DC0082]'))).map(({ kind }) => kind),
    ).toEqual(['signature']);
  });
});

describe('a log source', () => {
  it.each([
    ['WinEventLog:Sysmon', 'EventCode=10', 'process_access', null, 0],
    ['WinEventLog:Sysmon', 'EventCode=13', 'registry_set', null, 0],
    ['WinEventLog:Sysmon', 'EventCode=12, 13, 14', 'registry_event', null, 0],
    ['WinEventLog:Sysmon', 'EventCode=17', null, 'sysmon', 1],
    ['WinEventLog:Security', 'EventCode=4688', null, 'security', 1],
    ['WinEventLog:Security', 'EventCode=4656, 4663', null, 'security', 1],
    ['WinEventLog:PowerShell', 'EventCode=4104', 'ps_script', null, 0],
    ['WinEventLog:System', undefined, null, 'system', 0],
    ['WinEventLog:Vendor/Operational', 'EventCode=7', null, null, 2],
  ])('%s %s', (name, channel, category, service, conditions) => {
    const source = ruleSourceOf({ at: { line: 1, column: 1 }, name, channel });
    expect(source?.logSource).toEqual({ category, product: 'windows', service });
    expect(source?.conditions).toHaveLength(conditions);
  });
});

describe('bits as a regular expression', () => {
  const numbers = [...Array(0x2000).keys()];
  it.each([0x10n, 0x1n, 0x1410n, 0xffn, 0x1000n, 0x80n])('mean the same for mask %s', (mask) => {
    for (const wanted of ['all', 'any'] as const) {
      const [own, spelled] = [meets({ kind: 'bits', mask, wanted }), meets(bitsRegex({ kind: 'bits', mask, wanted }))];
      for (const number of numbers) {
        const text = `0x${number.toString(16)}`;
        if (own([text]) !== spelled([text])) throw new Error(`${wanted} of ${mask} for ${text}`);
        if (own([text]) !== spelled([text.toUpperCase().replace('X', 'x')])) throw new Error(`${text} in capitals`);
      }
    }
  });

  it('stand only for fields that Windows writes in hexadecimal', () => {
    expect(withoutBits(readSelection('GrantedAccess|bits: 0x10', { bits: true }))).not.toBeNull();
    expect(withoutBits(readSelection('ProcessId|bits: 0x10', { bits: true }))).toBeNull();
    expect(withoutBits(match('GrantedAccess', { kind: 'exists', wanted: true }))).toBeNull();
  });
});

describe('names of files', () => {
  it('are of letters, digits, "-" and "_", short, and each once', () => {
    const taken = new Set<string>();
    const names = [...HOSTILE, 'T1003.001', 't1003 001', '../../etc', 'CON', ''].map((id) => fileNameOf(id, taken));
    for (const name of names) expect(name).toMatch(/^[a-z0-9_-]{1,70}$/);
    expect(new Set(names).size).toBe(names.length);
  });
});

it('only ids of ATT&CK have a page', () => {
  expect(attackPage('T1003.001')).toBe('https://attack.mitre.org/techniques/T1003/001/');
  expect(attackPage('T1098')).toBe('https://attack.mitre.org/techniques/T1098/');
  for (const none of ['T0000', 'x', 'T1003.1', '../', undefined, null]) expect(attackPage(none)).toBeUndefined();
});
