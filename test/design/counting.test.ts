// Step E on a history: what is asked, what floods and is mined, and what the figures come to.

import { describe, expect, it } from 'vitest';
import { countObservables } from '../../src/design/counting/count-observables.ts';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';
import { type MemoryEvent, MemoryStore } from './memory-store.ts';

const LSASS = 'C:\\Windows\\System32\\lsass.exe';

function dossierWith(handle: string, more = ''): ReturnType<typeof readDossiers> {
  return readDossiers(
    `
schema: design.technique/1
id: read-lsass
attacker_rights: administrator
procedures: [{id: P, primitives: [PM1]}]
sessions: [{id: S1, path: nowhere, label: attack, attack_events: {SourceImage|endswith: '\\tool.exe'}}]
primitives:
  - id: PM1
    control: fixed
    observables:
      - id: O1
        data_component: DC0035
        log_source: {name: 'WinEventLog:Sysmon', channel: 'EventCode=10'}
        requires_fields: [SourceImage, TargetImage, GrantedAccess]
        predicate: ${handle}
        forced: {TargetImage: lsass.exe, GrantedAccess: 'bit 0x10 set'}
        free: [SourceImage, 'GrantedAccess other bits']
        level: 4
${more}---
schema: design.environment/1
id: here
data_sources: [{id: sysmon, data_components: [DC0035]}]
budget: {max_hits_per_day: 3}
`,
    'made.yaml',
  );
}

/** Every day on two hosts: so many handles without the bit, and on the last day one of the attack's. */
function history(days: number, noise: number): readonly MemoryEvent[] {
  const events: MemoryEvent[] = [];
  for (let i = 0; i < days; i++) {
    const day = new Date(Date.UTC(2026, 2, 1 + i)).toISOString().slice(0, 10);
    const handle = (host: string, source: string, access: string): MemoryEvent => ({
      day,
      host,
      fields: {
        EventID: '10',
        Channel: 'Microsoft-Windows-Sysmon/Operational',
        SourceImage: source,
        TargetImage: LSASS,
        GrantedAccess: access,
      },
    });
    for (let n = 0; n < noise; n++)
      events.push(
        handle(n % 2 === 0 ? 'A' : 'B', `C:\\Windows\\System32\\agent${n % 3}.exe`, n % 2 === 0 ? '0x1000' : '0x1400'),
      );
    if (noise === 0)
      events.push({
        ...handle('A', 'C:\\x.exe', '0x1000'),
        fields: { EventID: '10', Channel: 'Microsoft-Windows-Sysmon/Operational', TargetImage: 'C:\\other.exe' },
      });
    if (i === days - 1) events.push(handle('A', 'C:\\Temp\\tool.exe', '0x1010'));
  }
  return events;
}

async function counted(handle: string, events: readonly MemoryEvent[], bounds: { readonly mostRows?: number } = {}) {
  const { techniques, environments } = dossierWith(handle);
  const store = new MemoryStore(events);
  const result = await countObservables({
    store,
    techniques,
    environment: environments[0],
    sessions: () => ({ evidence: new Map(), attackRows: () => [] }),
    excludedDays: [],
    today: '2026-04-01',
    ...bounds,
  });
  return { ...result, store };
}

const ANY_HANDLE = "{TargetImage|endswith: '\\lsass.exe'}";

describe('an observable', () => {
  it('that floods is counted again without what nobody can do while attacking', async () => {
    const { figures, exclusions } = await counted(ANY_HANDLE, history(30, 40));
    const figure = figures.get('O1');
    expect(figure?.hitsPerDay?.p90).toBeGreaterThanOrEqual(40);
    expect(figure?.afterExclusions?.p90).toBeLessThanOrEqual(1);
    const mined = exclusions.get('O1');
    expect(mined?.entries.map((one) => one.class)).toEqual(['forced']);
    expect(mined?.entries[0].proof).toMatchObject({ attack_events_hidden: 0, evadable: 0, attack_events: 1 });
    expect(mined?.residual.excluded).toBe(1200);
  });

  it('with more hits that differ than are mined says so', async () => {
    const [all, cut] = [
      await counted(ANY_HANDLE, history(30, 40), { mostRows: 7 }),
      await counted(ANY_HANDLE, history(30, 40), { mostRows: 6 }),
    ];
    // Three programs by two masks, and the attack's own, which is the rarest.
    expect(all.notes).toEqual([]);
    expect(cut.notes).toEqual([
      'O1: more than 6 hits differ: exclusions are mined from the most frequent, the others count as left over',
      'O1: no labelled attack event is at hand: what an exclusion would hide is not tested',
    ]);
    expect(cut.figures.get('O1')?.afterExclusions).toEqual(all.figures.get('O1')?.afterExclusions);
  });

  it('that is rare is not mined', async () => {
    const { figures, exclusions } = await counted(
      "{TargetImage|endswith: '\\lsass.exe', GrantedAccess|bits: 0x10}",
      history(30, 40),
    );
    expect(figures.get('O1')?.hitsPerDay).toMatchObject({ p50: 0, p90: 0, max: 1 });
    expect(exclusions.size).toBe(0);
  });

  it('has no figure where there is no telemetry', async () => {
    const events = history(30, 0).map((one) => ({ ...one, fields: { EventID: '4688', Channel: 'Security' } }));
    const { figures } = await counted(ANY_HANDLE, events);
    expect(figures.get('O1')?.hitsPerDay).toBeUndefined();
    expect(figures.get('O1')?.reason).toMatch(/telemetry/);
  });

  it('is unknown, in what was measured as well, where no event fills a field that it needs', async () => {
    const { figures } = await counted("{TargetImage|endswith: '\\lsass.exe', Signer: x}", history(30, 4));
    const figure = figures.get('O1');
    expect(figure).toMatchObject({ hitsPerDay: undefined, reason: expect.stringContaining('fills Signer') });
    expect(figure?.measured).toMatchObject({ hits: 0, verdict: 'unknown', reason: figure?.reason });
  });

  it('has no figure where there are too few days', async () => {
    const { figures } = await counted(ANY_HANDLE, history(5, 4));
    expect(figures.get('O1')?.hitsPerDay).toBeUndefined();
  });
});
