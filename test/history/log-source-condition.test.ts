// ATT&CK's log sources as conditions: channels by name, numbers in the ways that ATT&CK writes them, and what is no Windows event log.
import { describe, expect, it } from 'vitest';
import {
  eventIdsOf,
  logSourceCondition,
  logSourceOfText,
  productCondition,
} from '../../src/history/log-source-condition.ts';
import { BY_NAME } from '../../src/rule/binding.ts';
import type { Condition } from '../../src/rule/condition.ts';
import { compileCondition } from '../../src/rule/evaluate.ts';

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';
const takes = (condition: Condition | undefined, channel: string, id: string): boolean | undefined =>
  condition &&
  compileCondition(condition, BY_NAME)((name) => (name === 'Channel' ? [channel] : name === 'EventID' ? [id] : [])) ===
    true;

describe('a log source of ATT&CK', () => {
  it.each([
    ['WinEventLog:Sysmon', 'EventCode=10', SYSMON, '10', true],
    ['WinEventLog:Sysmon', 'EventCode=10', SYSMON, '1', false],
    ['WinEventLog:Sysmon', 'EventCode=10', 'Security', '10', false],
    ['WinEventLog:Security', 'EventCode=4624, 4625', 'security', '4625', true],
    ['WinEventLog:Security', undefined, 'Security', '1', true],
    ['WinEventLog:PowerShell', 'EventCode=4103, 4104', 'Microsoft-Windows-PowerShell/Operational', '4104', true],
    [
      'WinEventLog:Microsoft-Windows-Bits-Client/Operational',
      'EventCode=59',
      'Microsoft-Windows-Bits-Client/Operational',
      '59',
      true,
    ],
    ['WinEventLog:System', 'EventCode=7045', 'System', '7045', true],
  ])('%s %s takes %s %s: %s', (name, channel, ofEvent, id, wanted) =>
    expect(takes(logSourceCondition(name, channel), ofEvent, id)).toBe(wanted),
  );

  it.each(['auditd:SYSCALL', 'linux:syslog', 'NSM:Flow', 'WinEventLog:', undefined])('is none for %s', (name) =>
    expect(logSourceCondition(name, 'EventCode=1')).toBeUndefined(),
  );

  it.each([
    ['EventCode=1, 4688', [1, 4688]],
    ['EventCode IN (4656, 4663)', [4656, 4663]],
    ['EventID: 10 or 1', [1, 10]],
    ['EventCode=4720-4722', [4720, 4721, 4722]],
    ['EventCode=4624 with LogonType=3', [4624]],
    ['LogonType=3', []],
  ])('%s names %j', (text, ids) => expect(eventIdsOf(text)).toEqual(ids));

  it('is read out of one text', () => {
    expect(takes(logSourceOfText('WinEventLog:Sysmon/EventCode=10'), SYSMON, '10')).toBe(true);
    expect(takes(logSourceOfText('WinEventLog:Sysmon'), SYSMON, '3')).toBe(true);
    const bits = 'Microsoft-Windows-Bits-Client/Operational';
    expect(takes(logSourceOfText(`WinEventLog:${bits}/EventCode=59`), bits, '59')).toBe(true);
  });

  it('is told by a product that is the name of a log', () => {
    expect(takes(productCondition('Sysmon'), SYSMON, '3')).toBe(true);
    expect(takes(productCondition('Windows Security'), 'Security', '4624')).toBe(true);
    expect(productCondition('Some EDR')).toBeUndefined();
  });
});
