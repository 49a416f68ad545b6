// Events as the tests of accounts write them: a line of fields, with what every event of its log has.
import type { LogEvent } from '../../src/logs/event.ts';

let record = 0;

const AUDIT_SUCCESS = '0x8020000000000000';

/** An event of the Security log of FS01, a second after the one before. */
export function securityEvent(
  id: number,
  data: Readonly<Record<string, string>>,
  own: LogEvent['system'] = {},
): LogEvent {
  return event('Microsoft-Windows-Security-Auditing', 'Security', id, data, { keywords: AUDIT_SUCCESS, ...own });
}

export function sysmonEvent(
  id: number,
  data: Readonly<Record<string, string>>,
  own: LogEvent['system'] = {},
): LogEvent {
  return event('Microsoft-Windows-Sysmon', 'Microsoft-Windows-Sysmon/Operational', id, data, own);
}

function event(
  provider: string,
  channel: string,
  id: number,
  data: Readonly<Record<string, string>>,
  own: LogEvent['system'],
): LogEvent {
  record++;
  const second = String(record % 60).padStart(2, '0');
  return {
    place: { log: 'test.evtx', record: String(record) },
    system: {
      provider,
      channel,
      eventId: String(id),
      computer: 'FS01',
      timeCreated: `2024-05-01T10:00:${second}.0000000Z`,
      ...own,
    },
    data: Object.entries(data),
    container: 'EventData',
  };
}

export const MACHINE = 'S-1-5-21-11-22-33';
export const SUBJECT = {
  SubjectUserSid: `${MACHINE}-1000`,
  SubjectUserName: 'admin',
  SubjectDomainName: 'FS01',
  SubjectLogonId: '0x1234',
};
export const LSASS = 'C:\\Windows\\system32\\lsass.exe';
