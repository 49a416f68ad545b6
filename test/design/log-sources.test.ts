// When a data source collects the log source of an observable: one channel and numbers that overlap, however either is written.
import { describe, expect, it } from 'vitest';
import { attackFactsFor } from '../../src/design/attack/attack-facts.ts';
import { isSeen, whyUnseen } from '../../src/design/funnel/visibility.ts';
import { isSameLogSource } from '../../src/design/log-source.ts';
import { readDossiers } from '../../src/design/read/read-dossiers.ts';
import { scaffold, techniqueNamed } from '../../src/design/scaffold.ts';

const at = { line: 1, column: 1 };
const named = (text: string) => {
  const [name, channel] = text.split(' | ');
  return { at, name: name || undefined, channel };
};

describe('log sources', () => {
  it.each([
    ['WinEventLog:Sysmon | EventCode=12, 13, 14', 'WinEventLog:Sysmon | EventCode=13', true],
    ['WinEventLog:Sysmon | EventCode=13', 'WinEventLog:Sysmon | EventCode=13, 14', true],
    ['WinEventLog:Sysmon | EventCode=12-14', 'WinEventLog:Sysmon | EventCode=13', true],
    ['WinEventLog:Sysmon | EventCode = 13', 'WinEventLog:Sysmon | EventCode=13', true],
    ['WinEventLog:Sysmon | EventID=13', 'WinEventLog:Sysmon | EventCode=13', true],
    ['WinEventLog:Sysmon | Event ID: 13', 'winEventlog:sysmon | eventcode=13', true],
    ['Microsoft-Windows-Sysmon/Operational | EventCode=13', 'WinEventLog:Sysmon | EventCode=13', true],
    ['WinEventLog:Microsoft-Windows-Sysmon/Operational | EventCode=13', 'WinEventLog:Sysmon | EventCode=13', true],
    ['WinEventLog:PowerShell', 'Microsoft-Windows-PowerShell/Operational', true],
    ['WinEventLog:Sysmon', 'WinEventLog:Sysmon | EventCode=13', true],
    [' | EventCode=13', 'WinEventLog:Sysmon | EventCode=13', true],
    ['WinEventLog:Sysmon | EventCode=12, 14', 'WinEventLog:Sysmon | EventCode=13', false],
    ['WinEventLog:Sysmon | EventCode=113', 'WinEventLog:Sysmon | EventCode=13', false],
    ['WinEventLog:Security | EventCode=13', 'WinEventLog:Sysmon | EventCode=13', false],
    ['WinEventLog:PowerShell', 'WinEventLog:Windows PowerShell', false],
    ['auditd:SYSCALL | open,  openat', 'auditd:SYSCALL | open, openat', true],
    ['auditd:SYSCALL | open', 'auditd:SYSCALL | execve', false],
    ['auditd:SYSCALL', 'auditd:PATH', false],
  ])('%s and %s: %s', (one, other, wanted) => {
    expect(isSameLogSource(named(one), named(other))).toBe(wanted);
    expect(isSameLogSource(named(other), named(one))).toBe(wanted);
  });

  it('that ATT&CK writes with several numbers are seen where one of them is collected', () => {
    const facts = attackFactsFor('18.1');
    const [technique] = readDossiers(
      scaffold(facts, techniqueNamed(facts, 'T1562.001'), 'Windows'),
      'new.yaml',
    ).techniques;
    const observables = technique.primitives.flatMap(({ observables }) => observables);
    const observable = observables.find(({ logSource }) => logSource?.channel === 'EventCode=13, 14')!;
    const environmentOf = (channel: string) =>
      readDossiers(
        `schema: design.environment/1\nid: e\ndata_sources: [{id: s, log_source: {name: "WinEventLog:Sysmon", channel: ${channel}}, data_components: [${observable.dataComponent}]}]\nbudget: {max_hits_per_day: 5}\n`,
        'e.yaml',
      ).environments[0];
    expect(isSeen(observable, environmentOf('EventCode=13'))).toBe(true);
    expect(isSeen(observable, environmentOf('EventCode=12'))).toBe(false);
    expect(whyUnseen(observable, environmentOf('EventCode=12'))).toMatch(
      /another log source than WinEventLog:Sysmon, EventCode=13, 14/,
    );
  });
});
