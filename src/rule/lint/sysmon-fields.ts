// Which fields the events of Sysmon and the process creation of the Security log have.

const PROCESS = 'RuleName UtcTime ProcessGuid ProcessId Image User';
const FILE = `${PROCESS} TargetFilename`;
const REGISTRY = `${PROCESS} EventType TargetObject`;
const VERSION = 'FileVersion Description Product Company OriginalFileName';
const TWO =
  'RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage SourceUser TargetUser';
const WMI = 'RuleName EventType UtcTime Operation User';

/** By number, Sysmon 15 (schema 4.90). */
const SYSMON: Readonly<Record<number, string>> = {
  1: `${PROCESS} ${VERSION} CommandLine CurrentDirectory LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser`,
  2: `${FILE} CreationUtcTime PreviousCreationUtcTime`,
  3: `${PROCESS} Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName`,
  4: 'UtcTime State Version SchemaVersion',
  5: PROCESS,
  6: 'RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus',
  7: `${PROCESS} ${VERSION} ImageLoaded Hashes Signed Signature SignatureStatus`,
  8: `${TWO} NewThreadId StartAddress StartModule StartFunction`,
  9: `${PROCESS} Device`,
  10: `${TWO} SourceThreadId GrantedAccess CallTrace`,
  11: `${FILE} CreationUtcTime`,
  12: REGISTRY,
  13: `${REGISTRY} Details`,
  14: `${REGISTRY} NewName`,
  15: `${FILE} CreationUtcTime Hash Contents`,
  16: 'UtcTime Configuration ConfigurationFileHash',
  17: `${PROCESS} EventType PipeName`,
  18: `${PROCESS} EventType PipeName`,
  19: `${WMI} EventNamespace Name Query`,
  20: `${WMI} Name Type Destination`,
  21: `${WMI} Consumer Filter`,
  22: `${PROCESS} QueryName QueryStatus QueryResults`,
  23: `${FILE} Hashes IsExecutable Archived`,
  24: `${PROCESS} Session ClientInfo Hashes Archived`,
  25: `${PROCESS} Type`,
  26: `${FILE} Hashes IsExecutable`,
  27: `${FILE} Hashes`,
  28: `${FILE} Hashes IsExecutable`,
  29: `${FILE} Hashes`,
  255: 'UtcTime ID Description',
};

/** Security 4688, version 2 (Windows 10 and later). */
const PROCESS_4688 =
  'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId NewProcessId NewProcessName TokenElevationType ProcessId CommandLine ' +
  'TargetUserSid TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel';

/** The fields of an event in lower case; undefined where they are not known. */
export function fieldsOfEvent(channel: string, eventId: number): ReadonlySet<string> | undefined {
  const isSysmon = channel === 'Microsoft-Windows-Sysmon/Operational';
  const names = isSysmon ? SYSMON[eventId] : channel === 'Security' && eventId === 4688 ? PROCESS_4688 : undefined;
  return names === undefined ? undefined : new Set(names.toLowerCase().split(' '));
}

/** What every event has: its System part, in lower case, as rules and exports name it. */
export const SYSTEM_FIELDS: ReadonlySet<string> = new Set(
  (
    'eventid event_id eventcode provider_name provider channel computer computername hostname level task opcode keywords version eventrecordid ' +
    'timecreated timestamp security_userid execution_processid execution_threadid correlation_activityid eventsource source'
  ).split(' '),
);
