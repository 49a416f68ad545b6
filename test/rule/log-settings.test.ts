// The table of settings: every log source of the shipped dossiers is in it, and what it says has the shape that a person can act on.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';
import { channelsOf, eventIdsOf } from '../../src/history/log-source-condition.ts';
import { logSettings } from '../../src/rule/log-settings.ts';

const SHARED = [4656, 4658, 4660, 4661, 4663, 4670];
const LOGS = ['Security', 'System', 'Microsoft-Windows-Sysmon/Operational', 'Microsoft-Windows-PowerShell/Operational'];
const settings = LOGS.flatMap((log) =>
  Array.from({ length: 8000 }, (_, id) => ({ log, id, found: logSettings(log, [id], '') })),
);

describe('settings of log sources', () => {
  it('are known for each event log that a shipped dossier names', () => {
    const dossiers = readdirSync('data/dossiers').filter((name) => name.endsWith('.yaml'));
    const observables = dossiers.flatMap((name) =>
      readDossiers(readFileSync(`data/dossiers/${name}`, 'utf8'), name).techniques.flatMap(({ primitives }) =>
        primitives.flatMap((one) => one.observables),
      ),
    );
    const named = observables.filter(({ logSource }) => channelsOf(logSource?.name) !== undefined);
    expect(named.length).toBeGreaterThan(60);
    for (const { id, logSource, dataComponent } of named) {
      const ids = eventIdsOf(logSource!.channel ?? '');
      const found = channelsOf(logSource!.name)!.flatMap((log) => logSettings(log, ids, dataComponent));
      expect(found.length, id).toBeGreaterThan(0);
    }
  });

  it('are one an event, but of the events that several kinds of objects share', () => {
    const several = settings.filter(({ found }) => found.length > 1).map(({ id }) => id);
    expect(several).toEqual(SHARED);
    expect(settings.filter(({ found }) => found.length === 1).length).toBeGreaterThan(100);
  });

  it('say where they come from, and what to do', () => {
    for (const { found } of settings)
      for (const { name, command, policy, also, source } of found) {
        expect(source, name).toMatch(/^https:\/\/\S+$/);
        expect(command ?? policy ?? also, name).toMatch(/\S/);
        expect(name).toMatch(/^(?:audit policy|Sysmon|PowerShell|channel|written)\b/);
      }
  });

  it('know a log whatever the case, a beginning that stands for many, and no other', () => {
    expect(logSettings('SECURITY', [4688], 'DC0032')).toMatchObject([
      {
        command: 'auditpol /set /subcategory:"Process Creation" /success:enable',
        volume: 'Medium to High, depending on the process activity on the computer',
      },
    ]);
    expect(logSettings('NSM:Flow', [], 'DC0085')).toMatchObject([{ name: 'a network sensor' }]);
    expect(logSettings('ETW:Microsoft-Windows-RPC', [], 'DC0021')).toHaveLength(1);
    for (const log of ['ETW:Token', 'EDR:file', '', 'nsm', 'Security ', 'constructor'])
      expect(logSettings(log, [], 'DC0021'), log).toEqual([]);
    expect(logSettings('Microsoft-Windows-Sysmon/Operational', [], 'DC0032')).toEqual([]);
  });
});
