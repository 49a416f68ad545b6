// Process-creation events for tests, as objects of JSON lines: Sysmon 1, Security 4688, and what stands beside them.
import { asObject, type EventFacts } from '../../../fixtures/logs/text-writer.ts';

const SYSMON = { provider: 'Microsoft-Windows-Sysmon', channel: 'Microsoft-Windows-Sysmon/Operational' };
const SECURITY = { provider: 'Microsoft-Windows-Security-Auditing', channel: 'Security' };

export interface Start {
  /** Seconds after 2024-01-01T10:00:00Z. */
  readonly at: number;
  readonly host?: string;
  readonly image: string;
  readonly line?: string;
  readonly pid?: number;
  readonly guid?: string;
  readonly parent?: string;
  readonly parentLine?: string;
  readonly parentPid?: number;
  readonly parentGuid?: string;
}

let record = 0;

function timeOf(at: number): string {
  return new Date(Date.UTC(2024, 0, 1, 10) + at * 1000).toISOString();
}

function withoutAbsent(data: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function facts(
  source: { readonly provider: string; readonly channel: string },
  eventId: number,
  { at, host = 'ws1.example' }: Pick<Start, 'at' | 'host'>,
  data: Readonly<Record<string, string | undefined>>,
): EventFacts {
  record++;
  return {
    ...source,
    eventId,
    computer: host,
    time: timeOf(at),
    recordId: record,
    processId: 4,
    data: withoutAbsent(data),
  };
}

export function sysmonStart(start: Start): EventFacts {
  const { image, line, pid, guid, parent, parentLine, parentPid, parentGuid } = start;
  return facts(SYSMON, 1, start, {
    UtcTime: timeOf(start.at).replace('T', ' ').replace('Z', ''),
    ProcessGuid: guid,
    ProcessId: pid?.toString(),
    Image: image,
    CommandLine: line,
    ParentProcessGuid: parentGuid,
    ParentProcessId: parentPid?.toString(),
    ParentImage: parent,
    ParentCommandLine: parentLine,
  });
}

export function securityStart(start: Start): EventFacts {
  const { image, line, pid, parent, parentPid } = start;
  const hexadecimal = (id: number | undefined) => (id === undefined ? undefined : `0x${id.toString(16)}`);
  return facts(SECURITY, 4688, start, {
    NewProcessId: hexadecimal(pid),
    NewProcessName: image,
    CommandLine: line,
    ProcessId: hexadecimal(parentPid),
    ParentProcessName: parent,
  });
}

/** Sysmon 7. */
export function moduleLoad(at: number, image: string, guid: string, module: string): EventFacts {
  return facts(SYSMON, 7, { at }, { ProcessGuid: guid, Image: image, ImageLoaded: module });
}

/** Sysmon 8. */
export function remoteThread(at: number, source: string, image: string, guid: string): EventFacts {
  return facts(SYSMON, 8, { at }, { SourceImage: source, TargetImage: image, TargetProcessGuid: guid });
}

/** JSON lines as Winlogbeat writes them. */
export function jsonLines(events: readonly EventFacts[]): string {
  return events.map((event) => `${JSON.stringify(asObject('winlogbeat', event))}\n`).join('');
}
