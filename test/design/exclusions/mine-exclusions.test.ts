// Exclusions that are mined: what is forced and what is not, labels, rights, acceptances, and hits that are made to hurt.
import { describe, expect, it } from 'vitest';
import { mineExclusions, withExclusions } from '../../../src/design/exclusions/mine-exclusions.ts';
import type { AttackRow, MiningInput } from '../../../src/design/exclusions/mining.ts';
import { miningFields } from '../../../src/design/exclusions/mining-fields.ts';
import { rowTest } from '../../../src/design/exclusions/row-values.ts';
import type { Row } from '../../../src/history/question.ts';
import { readSelection } from '../../../src/rule/read/selection.ts';
import { AT, LSASS, observable, predicate } from './observable.ts';

const FORCED = { TargetImage: 'lsass.exe', GrantedAccess: 'bit 0x10 set' };
const FREE = ['SourceImage', 'GrantedAccess other bits'];
const row = (SourceImage: string, GrantedAccess: string, count: number, more: Record<string, string> = {}): Row => ({
  values: { SourceImage, TargetImage: 'C:\\Windows\\System32\\lsass.exe', GrantedAccess, ...more },
  count,
});
const attack = (session: string, image: string, access: string, more: Record<string, string> = {}): AttackRow => ({
  ...row(image, access, 1, more),
  session,
});
const BENIGN = [
  row('C:\\Windows\\System32\\svchost.exe', '0x1000', 400),
  row('C:\\Windows\\System32\\svchost.exe', '0x3000', 60),
  row('C:\\Program Files\\Agent\\agent.exe', '0x1400', 300),
  row('C:\\Windows\\System32\\wbem\\wmiprvse.exe', '0x1410', 6),
];
const ATTACKS = [
  attack('dump', 'C:\\Users\\ada\\tool.exe', '0x1fffff'),
  attack('dump', 'C:\\Users\\ada\\tool.exe', '0x1000'),
  attack('read', 'C:\\Windows\\System32\\rundll32.exe', '0x1010'),
];

function mine(more: Partial<MiningInput> = {}) {
  return mineExclusions({
    observable: observable(LSASS, FORCED, FREE),
    benign: BENIGN,
    attacks: ATTACKS,
    attackerRights: 'administrator',
    budget: 0,
    acceptances: [],
    today: '2026-11-28',
    ...more,
  });
}

describe('handles to lsass', () => {
  it('has one forced exclusion: the bit without which memory cannot be read', () => {
    const mined = mine();
    expect(mined.entries).toEqual([
      {
        observable: 'O3',
        predicate: '{GrantedAccess|gte: 0, GrantedAccess|bits|neq: 0x10}',
        class: 'forced',
        covers: 760,
        proof: {
          attack_events_hidden: 0,
          evadable: 0,
          attack_events: 2,
          why: expect.stringMatching(
            /GrantedAccess has all of the bits 0x10; 1 of the labelled events, in 1 of the sessions, is not so/,
          ),
        },
      },
    ]);
    expect(mined.residual).toEqual({ benign: 766, excluded: 760, left: 6, isWithinBudget: false });
    expect(mined.attack).toEqual({ events: 2, sessions: ['dump', 'read'], beside: 1 });
    expect(mined.heldBack.map(({ covers }) => covers)).toEqual([6]);
  });

  it('is a condition that can stand in a rule, and a selection that is read as that condition', () => {
    const { exclusions, condition } = mine();
    const rule = rowTest(withExclusions(readSelection(LSASS), { condition }));
    expect(BENIGN.filter(rule)).toEqual(BENIGN.slice(3));
    expect(ATTACKS.filter(rule)).toEqual([ATTACKS[0], ATTACKS[2]]);
    const read = rowTest(readSelection(exclusions[0].entry.predicate, { bits: true }));
    for (const each of [...BENIGN, ...ATTACKS]) expect(read(each)).toBe(rowTest(exclusions[0].condition)(each));
  });

  it.each(['', '-', '%%4490', 'x', null])('does not let pass an event whose mask is %j', (value) => {
    const { condition } = mine();
    expect(rowTest(condition!)({ values: { GrantedAccess: value }, count: 1 })).toBe(false);
  });

  it('has no forced exclusion where the dossier calls nothing forced, also if the predicate asks for the bit', () => {
    for (const text of [LSASS, `{${LSASS}, GrantedAccess|bits: 0x10}`]) {
      const mined = mine({ observable: observable(text, {}, FREE) });
      expect(mined.entries.filter((entry) => entry.class === 'forced')).toEqual([]);
    }
  });
});

describe('a forced part', () => {
  const forcedOf = (text: string, more: Partial<MiningInput> = {}) =>
    mine({ observable: observable(LSASS, { GrantedAccess: text }, FREE), ...more }).forced;

  it.each([
    ['bit 0x10 set', 'GrantedAccess has all of the bits 0x10'],
    ['bit 16 is set', 'GrantedAccess has all of the bits 0x10'],
    ['0x10 set', 'GrantedAccess has all of the bits 0x10'],
    ['any of the bits 0x10, 0x40', 'GrantedAccess has any of the bits 0x50'],
    ['bits 0x10 or 0x40 set', 'GrantedAccess has any of the bits 0x50'],
    ['all of the bits 0x10 and 0x1000', 'GrantedAccess has all of the bits 0x1010'],
    ['bit 0x200000 clear', 'GrantedAccess not: has any of the bits 0x200000'],
  ])('%j is read', (text, said) => expect(forcedOf(text)).toEqual([said]));

  it('is refuted by a session whose attack does not show it', () => {
    const mined = mine({ observable: observable(LSASS, { GrantedAccess: 'bit 0x20 set' }, FREE) });
    expect(mined.forced).toEqual([]);
    expect(mined.notes.join('\n')).toMatch(/refuted: no labelled event of read is so/);
    expect(mined.entries.filter((entry) => entry.class === 'forced')).toEqual([]);
  });

  it('of words that nothing explains is not guessed at', () => {
    expect(forcedOf('enough to read memory')).toEqual([]);
    expect(forcedOf('enough to read memory', { attacks: [] })).toEqual([]);
  });

  it('of words about a field that the predicate tests is what the predicate asks', () => {
    const mined = mine({
      observable: observable(LSASS, { TargetImage: 'the process of the local security authority' }),
    });
    expect(mined.forced).toEqual(["TargetImage ends with '\\lsass.exe'"]);
  });

  it('is not believed of a field that is called free as a whole', () => {
    const mined = mine({ observable: observable(LSASS, { SourceImage: 'tool.exe' }, ['SourceImage']) });
    expect(mined.forced).toEqual([]);
    expect(mined.notes.join()).toMatch(/calls the whole field free as well/);
  });
});

describe('guards', () => {
  const agent = observable(LSASS, {});
  it.each([
    ['user', 'guarded'],
    ['administrator', undefined],
    ['system', undefined],
    [undefined, undefined],
    ['root', undefined],
  ])('stand against an attacker with the rights %j: %j', (attackerRights, own) => {
    const mined = mine({ observable: agent, attackerRights, attacks: ATTACKS.slice(0, 2) });
    expect(mined.entries.map((entry) => entry.class)).toEqual(own ? expect.arrayContaining([own]) : []);
    expect(mined.replay.evadable).toBe(0);
  });

  it('do not stand where a labelled attack has what they rest on', () => {
    const benign = [row('C:\\Program Files\\Agent\\agent.exe', '0x1400', 300, { CallTrace: 'a' })];
    const attacks = [attack('s', 'C:\\Program Files\\Agent\\agent.exe', '0x1410', { CallTrace: 'b' })];
    const mined = mine({ observable: agent, benign, attacks, attackerRights: 'user' });
    expect(mined.entries).toEqual([]);
  });
});

describe('labels', () => {
  const session = (attackEvents: string) => ({
    at: AT,
    id: 'dump',
    path: 'a.zip',
    label: 'attack' as const,
    window: undefined,
    attackEvents: predicate(attackEvents),
  });
  it.each([
    ["{SourceImage|endswith: '\\tool.exe', GrantedAccess|bits: 0x10}", /attack_events tests GrantedAccess/],
    [LSASS, /attack_events tests TargetImage/],
    ['- tool', /text anywhere/],
  ])('that are derived from what is tested are refused: %s', (text, problem) => {
    const attackEvents = text.startsWith('-')
      ? { ...predicate('A: b'), condition: { kind: 'keyword' as const, values: [] } }
      : predicate(text);
    const sessions = [{ ...session('A: b'), attackEvents }];
    expect(() => mine({ sessions })).toThrow(problem);
  });
  it('by the tool are taken', () => {
    expect(() => mine({ sessions: [session("{EventID: 10, SourceImage|endswith: '\\tool.exe'}")] })).not.toThrow();
  });
});

describe('free exclusions', () => {
  const text = "{SourceImage: 'C:\\Windows\\System32\\wbem\\wmiprvse.exe'}";
  const acceptance = { predicate: predicate(text), owner: 'ada', expiry: '2027-01-31' };

  it('stand in the list only with somebody who answers for them, a day, and how they are abused', () => {
    const [, entry] = mine({ acceptances: [acceptance] }).entries;
    expect(entry).toMatchObject({
      predicate: text,
      class: 'free',
      covers: 6,
      owner: 'ada',
      expiry: '2027-01-31',
      proof: { evadable: 2 },
    });
    expect(entry.abuse).toMatch(/for example SourceImage = .*wmiprvse\.exe/);
    const answered = mine({ answers: { owner: 'soc', expiry: '2027-06-30' } }).entries.filter(
      (one) => one.class === 'free',
    );
    expect(answered).toMatchObject([{ covers: 6, owner: 'soc', expiry: '2027-06-30' }]);
  });

  it.each([
    ['nobody', { owner: ' ' }, /nobody is named/],
    ['no day', { expiry: 'soon' }, /no day on which it ends/],
    ['a day that is none', { expiry: '2027-02-31' }, /no day on which it ends/],
    ['a day that is past', { expiry: '2026-11-27' }, /ended on 2026-11-27/],
    [
      'an attack in it',
      { predicate: predicate("SourceImage|startswith: 'C:\\Windows\\'") },
      /hides 1 labelled attack events, of read/,
    ],
    ['more than was reviewed', { reviewedPerDay: 0.5 }, /covers 3 events a day, more than 3 times the 0.5/],
  ])('with %s are not taken, and that is said', (_, more, problem) => {
    const mined = mine({ acceptances: [{ ...acceptance, ...more }], days: 2 });
    expect(mined.entries.filter((entry) => entry.class === 'free')).toEqual([]);
    expect(mined.flags).toMatchObject([{ problem: expect.stringMatching(problem) }]);
  });

  it('that cover three times what was reviewed are still taken', () => {
    expect(mine({ acceptances: [{ ...acceptance, reviewedPerDay: 1 }], days: 2 }).flags).toEqual([]);
  });

  it('of a run are proposed by nobody whose day is past', () => {
    const mined = mine({ answers: { owner: 'soc', expiry: '2020-01-01' } });
    expect(mined.entries.filter((entry) => entry.class === 'free')).toEqual([]);
    expect(mined.notes.join()).toMatch(/no free exclusion is proposed: it ended on 2020-01-01/);
  });
});

/** Of this process's own work, whatever else the machine does. */
function secondsSince(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

describe('many hits', () => {
  it('100,000 different ones take seconds', () => {
    const benign = Array.from({ length: 100_000 }, (_, index) =>
      row(
        `C:\\Apps\\v${index % 977}\\app${index % 61}.exe`,
        `0x${(0x1000 | (index % 3 === 0 ? 0x10 : 0)).toString(16)}`,
        1,
        {
          CommandLine: `app ${index}`,
          SourceUser: `CORP\\u${index % 211}`,
        },
      ),
    );
    const begin = process.cpuUsage();
    const mined = mine({ benign });
    expect(secondsSince(begin)).toBeLessThan(10);
    expect(mined.entries[0]).toMatchObject({ class: 'forced', covers: 66_666 });
  });

  it('that attackers share every value with are bounded too', () => {
    const of = (index: number): Row =>
      row(`C:\\Apps\\a${index % 37}\\b${index % 11}.exe`, `0x${((index * 2654435761) % 0xfffff).toString(16)}`, 1, {
        SourceUser: `CORP\\u${index % 53}`,
        CallTrace: `c${index % 71}`,
        TargetUser: `t${index % 29}`,
      });
    const benign = Array.from({ length: 100_000 }, (_, index) => of(index));
    const attacks = Array.from({ length: 500 }, (_, index) => ({ ...of(index * 7919), session: `s${index % 9}` }));
    const begin = process.cpuUsage();
    const mined = mine({
      benign,
      attacks,
      observable: observable(LSASS, {}),
      answers: { owner: 'soc', expiry: '2027-01-31' },
      attackerRights: 'user',
    });
    expect(secondsSince(begin)).toBeLessThan(20);
    for (const { condition } of mined.exclusions) expect(attacks.filter(rowTest(condition))).toEqual([]);
  }, 200_000);

  it('with thousands of fields and huge values are bounded, and what is left out is said', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`Field${index}`, `v${index % 7}`]));
    const huge = `C:\\Windows\\${'a\\'.repeat(500_000)}x`;
    const benign = [
      row(huge, '0x1000', 50, many),
      row('C:\\a.exe', '0x1000', 50, { ...many, __proto__: 'x', toString: 'y' }),
    ];
    const begin = process.cpuUsage();
    const mined = mine({ benign });
    expect(secondsSince(begin)).toBeLessThan(10);
    expect(mined.notes.join()).toMatch(/fields the first 32 are looked at/);
    expect(mined.residual.left).toBe(0);
  });

  it('of none is no exclusion', () => {
    expect(mine({ benign: [], attacks: [] })).toMatchObject({
      entries: [],
      condition: undefined,
      residual: { left: 0, isWithinBudget: true },
    });
  });
});

describe('fields that a store is asked for', () => {
  it('are those of the observable and of its log source', () => {
    const logSource = { at: AT, name: 'WinEventLog:Sysmon', channel: 'EventCode=10' };
    expect(miningFields(observable(LSASS, FORCED, FREE, { logSource }))).toEqual([
      'TargetImage',
      'GrantedAccess',
      'SourceImage',
      'CallTrace',
      'SourceUser',
      'TargetUser',
    ]);
    expect(miningFields(observable(LSASS, {}))).toEqual(['TargetImage']);
  });
});
