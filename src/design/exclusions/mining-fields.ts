// Which fields of a log source's events an exclusion may rest on, so that a store is asked for no more.

import { fieldsOf } from '../../rule/condition.ts';
import type { Observable } from '../technique.ts';

const fields = (...names: readonly string[]): readonly string[] => names.flatMap((name) => name.split(' '));

/** By channel and number of the event: Sysmon's events (Sysmon 15, manifest) and the Security log's (Windows Security Auditing). */
const FIELDS: readonly { readonly log: RegExp; readonly ids: readonly number[]; readonly fields: readonly string[] }[] =
  [
    {
      log: /sysmon/i,
      ids: [1],
      fields: fields(
        'Image OriginalFileName Company Product CommandLine ParentImage ParentCommandLine User IntegrityLevel Hashes',
      ),
    },
    {
      log: /sysmon/i,
      ids: [3],
      fields: fields('Image User Protocol Initiated DestinationIp DestinationPort DestinationHostname SourceIp'),
    },
    {
      log: /sysmon/i,
      ids: [6, 7],
      fields: fields('Image ImageLoaded Signed Signature SignatureStatus Company OriginalFileName User'),
    },
    {
      log: /sysmon/i,
      ids: [8],
      fields: fields('SourceImage TargetImage StartModule StartFunction SourceUser TargetUser'),
    },
    {
      log: /sysmon/i,
      ids: [10],
      fields: fields('SourceImage TargetImage GrantedAccess CallTrace SourceUser TargetUser'),
    },
    { log: /sysmon/i, ids: [11, 15, 23, 26], fields: fields('Image TargetFilename User') },
    { log: /sysmon/i, ids: [12, 13, 14], fields: fields('Image EventType TargetObject Details NewName User') },
    { log: /sysmon/i, ids: [17, 18], fields: fields('Image EventType PipeName User') },
    {
      log: /sysmon/i,
      ids: [19, 20, 21],
      fields: fields('EventType Operation User Name Type Destination Query Consumer Filter'),
    },
    { log: /sysmon/i, ids: [22], fields: fields('Image QueryName QueryStatus QueryResults User') },
    { log: /sysmon/i, ids: [25], fields: fields('Image Type User') },
    {
      log: /security/i,
      ids: [4624, 4625, 4648],
      fields: fields(
        'SubjectUserName TargetUserName TargetDomainName LogonType LogonProcessName AuthenticationPackageName WorkstationName IpAddress ProcessName',
      ),
    },
    {
      log: /security/i,
      ids: [4656, 4658, 4660, 4663],
      fields: fields('SubjectUserName ObjectType ObjectName AccessMask AccessList ProcessName'),
    },
    {
      log: /security/i,
      ids: [4672, 4673, 4674, 4703],
      fields: fields(
        'SubjectUserName TargetUserName EnabledPrivilegeList DisabledPrivilegeList PrivilegeList ProcessName',
      ),
    },
    {
      log: /security/i,
      ids: [4688],
      fields: fields(
        'NewProcessName CommandLine ParentProcessName SubjectUserName TargetUserName TokenElevationType MandatoryLabel',
      ),
    },
    {
      log: /security|system/i,
      ids: [4697, 7045],
      fields: fields(
        'ServiceName ServiceFileName ImagePath ServiceType StartType ServiceStartType AccountName ServiceAccount SubjectUserName',
      ),
    },
    {
      log: /security/i,
      ids: [4698, 4699, 4700, 4701, 4702],
      fields: fields('SubjectUserName TaskName TaskContent TaskContentNew'),
    },
    {
      log: /security/i,
      ids: [4720, 4722, 4724, 4725, 4726, 4728, 4732, 4738, 4756, 4781],
      fields: fields('SubjectUserName TargetUserName TargetDomainName SamAccountName MemberName MemberSid NewUacValue'),
    },
    {
      log: /security/i,
      ids: [5140, 5145],
      fields: fields('SubjectUserName IpAddress ShareName RelativeTargetName AccessMask'),
    },
    {
      log: /security/i,
      ids: [5156, 5158],
      fields: fields('Application Direction Protocol SourceAddress DestAddress DestPort'),
    },
  ];

/** Of the observable's own fields, and of those that its log source has: what a store is to be asked for. */
export function miningFields(observable: Observable): readonly string[] {
  const { predicate, forced, free, requiresFields, logSource } = observable;
  const name = logSource?.name ?? '';
  const ids = new Set([...(logSource?.channel ?? '').matchAll(/\b\d{1,5}\b/g)].map(([id]) => Number(id)));
  const known = FIELDS.filter(({ log, ids: own }) => log.test(name) && own.some((id) => ids.has(id)));
  return [
    ...new Set([
      ...(predicate ? fieldsOf(predicate.condition) : []),
      ...[...forced.map(({ field }) => field), ...free].map((text) => text.trim().split(/[\s|]/)[0]),
      ...requiresFields,
      ...known.flatMap((one) => one.fields),
    ]),
  ].filter((field) => field !== '');
}
