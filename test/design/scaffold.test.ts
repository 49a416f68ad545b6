// The dossier that is begun from ATT&CK: it can be read as it is, for every technique, and has what ATT&CK lists.
import { describe, expect, it } from 'vitest';
import { attackFactsFor, strategiesOf } from '../../src/design/attack/attack-facts.ts';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';
import { factsDocument, scaffold, techniqueNamed } from '../../src/design/scaffold.ts';

const facts = attackFactsFor('18.1');
const begun = (words: string, platform?: string) => scaffold(facts, techniqueNamed(facts, words), platform);

describe('a dossier that is begun', () => {
  it('names strategy, analytics, components and log sources of the technique', () => {
    const [technique] = readDossiers(begun('t1003.001', 'windows'), 'new.yaml').techniques;
    expect(technique).toMatchObject({
      id: 'T1003.001-lsass-memory',
      name: 'LSASS Memory',
      attack: { version: '18.1', technique: 'T1003.001', detectionStrategy: 'DET0363', analytics: ['AN1030'] },
      procedures: [{ primitives: ['PM1', 'PM2', 'PM3', 'PM4', 'PM5'] }],
    });
    expect(technique.primitives[0].observables).toMatchObject([
      {
        id: 'T1003.001-O1',
        dataComponent: 'DC0035',
        logSource: { name: 'WinEventLog:Sysmon', channel: 'EventCode=10' },
      },
    ]);
  });

  it('can be read for every technique, with an observable for each log source', () => {
    let read = 0;
    for (const technique of facts.techniques.values()) {
      if (technique.revokedBy !== undefined) continue;
      const [dossier] = readDossiers(scaffold(facts, technique), technique.id).techniques;
      const sources = strategiesOf(facts, technique.id)
        .flatMap(({ analytics }) => analytics)
        .flatMap((id) => facts.analytics.get(id)!.sources)
        .map(({ component, name, channel }) => `${component} ${name} ${channel}`);
      const shown = dossier.primitives.flatMap(({ observables }) =>
        observables.map((one) => `${one.dataComponent} ${one.logSource?.name} ${one.logSource?.channel}`),
      );
      expect(shown.sort(), technique.id).toEqual([...new Set(sources)].sort());
      read++;
    }
    expect(read).toBeGreaterThan(690);
  });

  it('keeps to a platform, and names those that there are', () => {
    const all = factsDocument(facts, techniqueNamed(facts, 'T1136.001'));
    const linux = factsDocument(facts, techniqueNamed(facts, 'T1136.001'), 'linux');
    expect(linux.analytics.length).toBeLessThan(all.analytics.length);
    expect(new Set(linux.analytics.flatMap(({ platforms }) => platforms))).toEqual(new Set(['Linux']));
    expect(() => begun('T1003.001', 'Linux')).toThrow(
      "T1003.001 is no technique of the platform 'Linux'; it has Windows",
    );
  });

  it('is of a technique by its name too, and says what was meant', () => {
    expect(techniqueNamed(facts, ' lsass memory ').id).toBe('T1003.001');
    expect(() => begun('T1003.01')).toThrow('did you mean T1003.001 LSASS Memory?');
    expect(() => begun('LSAS Memory')).toThrow('did you mean T1003.001 LSASS Memory?');
    expect(() => begun('T1086')).toThrow('T1086 is revoked in ATT&CK 18.1; T1059.001 PowerShell took its place');
    expect(() => begun('zzzzzzzz')).toThrow(/is no technique of ATT&CK 18\.1$/);
  });
});
