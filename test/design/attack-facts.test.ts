// The tables of ATT&CK: each version holds together, and says what ATT&CK says of some ids that differ.
import { describe, expect, it } from 'vitest';
import {
  ATTACK_VERSIONS,
  attackFacts,
  attackFactsFor,
  NEWEST_ATTACK,
  strategiesOf,
} from '../../src/design/attack/attack-facts.ts';
import { nearest } from '../../src/design/attack/nearest.ts';

describe.each(ATTACK_VERSIONS)('ATT&CK %s', (version) => {
  const facts = attackFactsFor(version);

  it('has nothing that leads nowhere', () => {
    for (const technique of facts.techniques.values()) {
      expect(technique.id).toMatch(/^T\d{4}(\.\d{3})?$/);
      expect(technique.name).not.toBe('');
      for (const tactic of technique.tactics) expect(facts.tactics.has(tactic), tactic).toBe(true);
      if (technique.revokedBy !== undefined) expect(facts.techniques.has(technique.revokedBy), technique.id).toBe(true);
    }
    for (const strategy of facts.strategies.values()) {
      expect(facts.techniques.has(strategy.technique), strategy.id).toBe(true);
      for (const id of strategy.analytics) expect(facts.analytics.has(id), id).toBe(true);
    }
    for (const analytic of facts.analytics.values())
      for (const { component, name } of analytic.sources) {
        expect(facts.components.has(component), analytic.id).toBe(true);
        expect(name, analytic.id).not.toBe('');
      }
  });

  it('has a strategy for each live technique, from 18 on', () => {
    const live = [...facts.techniques.values()].filter((one) => one.revokedBy === undefined && !one.deprecated);
    const withOne = live.filter(({ id }) => strategiesOf(facts, id).length === 1);
    expect(withOne).toHaveLength(version.startsWith('18') ? live.length : 0);
  });
});

describe('what differs between versions', () => {
  const [now, was18, was17] = ['18.1', '18.0', '17.1'].map((version) => attackFactsFor(version));

  it('is told of each version as it was', () => {
    expect(NEWEST_ATTACK).toBe('18.1');
    expect(now.techniques.get('T1003.001')).toEqual({
      id: 'T1003.001',
      name: 'LSASS Memory',
      tactics: ['credential-access'],
      platforms: ['Windows'],
      deprecated: false,
      revokedBy: undefined,
    });
    expect([now, was17].map(({ techniques }) => techniques.get('T1552.003')?.name)).toEqual([
      'Shell History',
      'Bash History',
    ]);
    expect([now, was17].map(({ techniques }) => techniques.has('T1677'))).toEqual([true, false]);
    expect(now.techniques.get('T1086')).toMatchObject({ name: 'PowerShell', revokedBy: 'T1059.001' });
    expect(now.strategies.get('DET0363')).toMatchObject({ technique: 'T1003.001', analytics: ['AN1030'] });
    expect(now.analytics.get('AN1030')?.sources[0]).toEqual({
      component: 'DC0035',
      name: 'WinEventLog:Sysmon',
      channel: 'EventCode=10',
    });
    const registry = [now, was18].map(({ analytics }) =>
      analytics.get('AN1030')!.sources.find((one) => one.component === 'DC0063'),
    );
    expect(registry.map((one) => one?.channel)).toEqual(['EventCode=13, 14', 'EventCode=13']);
    expect([now, was17].map(({ componentIds }) => componentIds)).toEqual([true, false]);
    expect(was17.components.get('DC0035')?.name).toBe('Process Access');
  });

  it('counts what the extraction counted', () => {
    expect(
      [now.techniques, now.strategies, now.analytics, now.components, now.tactics].map(({ size }) => size),
    ).toEqual([835, 691, 1739, 109, 14]);
    expect(was17.techniques.size).toBe(823);
  });

  it('takes the last of a first number, and refuses what it does not know by name', () => {
    expect(attackFacts('18')?.version).toBe('18.1');
    expect(attackFacts('3.1')).toBeUndefined();
    expect(() => attackFactsFor('3.1')).toThrow(/ATT&CK 3\.1 is not known here; known are 18\.1, 18\.0, 17\.1/);
  });
});

describe('the nearest of a list', () => {
  it('is the one with the least to change, and none where too much would change', () => {
    const ids = ['T1003', 'T1003.001', 'T1003.002', 'T1059.001'];
    expect(nearest('T1003.01', ids)).toBe('T1003.001');
    expect(nearest('T1030.002', ids)).toBe('T1003.002');
    expect(nearest('DC0350', ['DC0032', 'DC0035'])).toBe('DC0035');
    expect(nearest('XX', ids)).toBeUndefined();
    expect(nearest('', ids)).toBeUndefined();
  });
});
