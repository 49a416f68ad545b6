// What a recorded session can tell: only where its events fill what is needed, and which of its hits are labelled.

import { describe, expect, it } from 'vitest';
import { mineExclusions } from '../../src/design/exclusions/mine-exclusions.ts';
import { necessityOf } from '../../src/design/funnel/necessity.ts';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';
import { SessionJudge } from '../../src/design/sessions/session-judge.ts';
import type { Binding } from '../../src/rule/binding.ts';

type Fields = Readonly<Record<string, string>>;

const OWN: Binding<Fields> = {
  field: (name) => (event) => (event[name] === undefined ? [] : [event[name]]),
  all: (event) => Object.values(event),
};

function judged(attackEvents: string, events: readonly Fields[], predicate = "{Image|endswith: '\\rundll32.exe'}") {
  const { techniques } = readDossiers(
    `
schema: design.technique/1
id: t
attacker_rights: user
procedures: [{id: P, primitives: [A], sessions: [s]}]
sessions: [{id: s, path: nowhere, label: attack${attackEvents}}]
primitives:
  - id: A
    control: fixed
    observables:
      - id: o
        data_component: DC0032
        log_source: {name: 'WinEventLog:Sysmon', channel: 'EventCode=1'}
        requires_fields: [ParentImage]
        predicate: ${predicate}
`,
    'made.yaml',
  );
  const [technique] = techniques;
  const judge = new SessionJudge<Fields>(technique, OWN);
  const take = judge.taker(technique.sessions[0]);
  for (const event of events) take({ EventID: '1', Channel: 'Microsoft-Windows-Sysmon/Operational', ...event });
  return { technique, judge };
}

const SYSTEM32 = 'C:\\Windows\\System32\\';

describe('a session labelled attack', () => {
  it.each([
    ['every field that is needed', { Image: 'C:\\a.exe', ParentImage: 'C:\\b.exe' }, 'refuted'],
    ['no field that is required', { Image: 'C:\\a.exe' }, 'cannot tell'],
    ['a required field as what sensors write of nothing', { Image: 'C:\\a.exe', ParentImage: '-' }, 'cannot tell'],
    ['no field that is asked for', { ParentImage: 'C:\\b.exe' }, 'cannot tell'],
  ])('whose events fill %s: %j is %s', (_, event, said) => {
    const { technique, judge } = judged('', [event]);
    const { isRefuted, evidence } = necessityOf(technique.primitives[0], technique, judge.evidence());
    expect(isRefuted).toBe(said === 'refuted');
    expect(evidence).toMatchObject(said === 'refuted' ? { broken_by: ['s'] } : { broken_by: [], cannot_tell: ['s'] });
  });

  it('can tell by fields that different events fill', () => {
    const { technique, judge } = judged('', [{ Image: 'C:\\a.exe' }, { ParentImage: 'C:\\b.exe' }]);
    expect(necessityOf(technique.primitives[0], technique, judge.evidence()).isRefuted).toBe(true);
  });

  const HIT = { Image: `${SYSTEM32}rundll32.exe`, ParentImage: 'C:\\evil.exe', CommandLine: 'x' };

  it.each([
    [', attack_events: {ParentImag: evil}', ['s'], 1],
    [", attack_events: {ParentImage|endswith: '\\evil.exe'}", [], 0],
    ['', [], 1],
  ])('with%s tells which sessions have no marked event, and their hits', (attackEvents, unmarked, rows) => {
    const { judge } = judged(attackEvents, [HIT, HIT]);
    expect(judge.sessionsUnmarked).toEqual(unmarked);
    expect(judge.unmarkedRows('o').map(({ count }) => count)).toEqual(rows === 1 ? [2] : []);
  });

  const mineOf = (attackEvents: string) => {
    const { technique, judge } = judged(attackEvents, [HIT]);
    const [observable] = technique.primitives[0].observables;
    return mineExclusions({
      observable,
      benign: [{ values: { ...HIT, ParentImage: 'C:\\Apps\\a.exe' }, count: 100 }],
      attacks: judge.attackRows('o'),
      unmarked: judge.unmarkedRows('o'),
      attackerRights: 'user',
      budget: 0,
      acceptances: [],
      answers: { owner: 'me', expiry: '2027-01-01' },
      today: '2026-11-28',
    });
  };

  it('in which nothing is marked keeps its hits: an exclusion hides none of them', () => {
    const { entries, silenced } = mineOf(', attack_events: {ParentImag: evil}');
    expect(entries.map(({ predicate }) => predicate)).toEqual(["{ParentImage: 'C:\\Apps\\a.exe'}"]);
    expect(entries[0].proof.why).toMatch(/no attack event is labelled, so what it hides is not tested/);
    expect(silenced).toEqual([]);
  });

  it('whose every hit a forced exclusion lets pass is told', () => {
    const { technique, judge } = judged('', [{ ...HIT, GrantedAccess: '0x1000' }]);
    const [observable] = technique.primitives[0].observables;
    const { silenced, notes } = mineExclusions({
      observable: {
        ...observable,
        forced: [{ at: { line: 1, column: 1 }, field: 'ParentImage', text: 'C:\\real.exe' }],
        predicate: {
          ...observable.predicate!,
          condition: {
            kind: 'match',
            field: 'ParentImage',
            values: [{ kind: 'like', pattern: [{ any: 'many' }], cased: false }],
          },
        },
      },
      benign: [{ values: HIT, count: 100 }],
      attacks: [],
      unmarked: judge.unmarkedRows('o'),
      attackerRights: 'user',
      budget: 0,
      acceptances: [],
      today: '2026-11-28',
    });
    expect(silenced).toEqual(['s']);
    expect(notes.join()).toMatch(/hides every hit of s, in which attack_events mark none/);
  });
});
