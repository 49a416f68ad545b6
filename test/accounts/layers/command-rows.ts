// How the tests of layer B write what a sighting says, in one line: kind, whom, and what else the command tells.

import { CommandLayer } from '../../../src/accounts/layers/command/command-layer.ts';
import { AccountRecord } from '../../../src/accounts/record.ts';
import type { Named, Sighting } from '../../../src/accounts/sighting.ts';
import type { EventSystem } from '../../../src/logs/event.ts';

type Data = Readonly<Record<string, string>>;

/** The sightings of one record; a part of a longer script is read by itself. */
export function commandSightings(record: AccountRecord): readonly Sighting[] {
  const layer = new CommandLayer();
  return [...layer.take(record), ...layer.rest()];
}

export function recordOf(system: EventSystem, data: Data, record = '1'): AccountRecord {
  return new AccountRecord({
    place: { log: 'test.evtx', record },
    system: { computer: 'HOST', timeCreated: '2026-01-02T03:04:05.678Z', ...system },
    data: Object.entries(data),
    container: 'EventData',
  });
}

export function sysmonRecord(image: string, line: string, data: Data = {}): AccountRecord {
  return recordOf(
    { provider: 'Microsoft-Windows-Sysmon', channel: 'Microsoft-Windows-Sysmon/Operational', eventId: '1' },
    {
      UtcTime: '2026-01-02 03:04:05.678',
      ProcessId: '4242',
      Image: image,
      CommandLine: line,
      User: 'HOST\\alice',
      LogonId: '0x58d874',
      ParentProcessId: '4000',
      ParentImage: 'C:\\Windows\\explorer.exe',
      ...data,
    },
  );
}

const POWERSHELL: EventSystem = {
  provider: 'Microsoft-Windows-PowerShell',
  channel: 'Microsoft-Windows-PowerShell/Operational',
  userId: 'S-1-5-21-1-2-3-1001',
  processId: '777',
};

export function scriptRecord(text: string, data: Data = {}, record = '1'): AccountRecord {
  const own = { MessageNumber: '1', MessageTotal: '1', ScriptBlockText: text, ScriptBlockId: 'a', Path: '', ...data };
  return recordOf({ ...POWERSHELL, eventId: '4104' }, own, record);
}

export function payloadRecord(payload: string): AccountRecord {
  const context = '        Host Application = powershell.exe\r\n        User = HOST\\alice\r\n';
  return recordOf({ ...POWERSHELL, eventId: '4103' }, { ContextInfo: context, UserData: '', Payload: payload });
}

/** What a command line gives, by the program it begins with. */
export function ofLine(line: string): readonly string[] {
  const program = /^"?([^"\s/]*\\)?([\w.-]+?)(?:\.exe)?(?=["\s/]|$)/i.exec(line)?.[2] ?? '';
  return commandSightings(sysmonRecord(`C:\\Windows\\System32\\${program}.exe`, line)).map(shown);
}

export function ofScript(text: string): readonly string[] {
  return commandSightings(scriptRecord(text)).map(shown);
}

export function ofRecords(records: readonly AccountRecord[]): readonly string[] {
  const layer = new CommandLayer();
  return [...records.flatMap((record) => layer.take(record)), ...layer.rest()].map(shown);
}

/** "member-added HOST\bob > Administrators S-1-5-32-544 [domain, carried, comment=x]" */
export function shown(sighting: Sighting): string {
  const { kind, account, group, member, scope, settings = [], command, isSupport, outcome } = sighting;
  const whom = [account, member].filter((one) => one !== undefined).map(named);
  const groups = group ? [`> ${named(group)}`] : [];
  const marks = [
    ...(scope === 'domain' ? ['domain'] : []),
    ...(command?.isCarried ? ['carried'] : []),
    ...(isSupport ? ['support'] : []),
    ...(outcome === 'attempt' ? [] : [outcome]),
    ...settings.map(({ name, old, new: value }) => `${name}=${old === null ? '' : `${old}->`}${value}`),
  ];
  return [kind, ...whom, ...groups, ...(marks.length > 0 ? [`[${marks.join(', ')}]`] : [])].join(' ');
}

function named({ domain, name, sid, rid }: Named): string {
  const full = domain === undefined ? name : `${domain}\\${name}`;
  return [full, sid ?? (full === undefined && rid !== undefined ? `rid ${rid}` : undefined)]
    .filter((one) => one !== undefined)
    .join(' ');
}
