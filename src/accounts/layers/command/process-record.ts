// The start of a process as a record tells it: Sysmon 1, Security 4688, and process events in the fields of ECS.

import { type AccountRecord, logonIdOf, optional } from '../../record.ts';
import type { ActorSeen } from '../../sighting.ts';

export interface ProcessStart {
  /** The program's path; by its file's own name, too, where the record has that. */
  readonly image: string;
  readonly originalName: string | undefined;
  readonly commandLine: string;
  readonly pid: number | undefined;
  readonly parentPid: number | undefined;
  readonly actor: ActorSeen;
  /** "Sysmon 1" */
  readonly source: string;
}

/** undefined of a record of another kind, and of one that has no command line. */
export function processStart(record: AccountRecord): ProcessStart | undefined {
  if (record.id === 1 && isOf(record, 'sysmon')) return sysmonStart(record);
  if (record.id === 4688 && isOf(record, 'security')) return securityStart(record);
  return Number.isNaN(record.id) ? ecsStart(record) : undefined;
}

/** By the provider, or where an exporter left that out by the channel. */
export function isOf(record: AccountRecord, word: 'sysmon' | 'security' | 'powershell'): boolean {
  const { provider, channel } = record.event.system;
  return `${provider ?? ''}|${channel ?? ''}`.toLowerCase().includes(word);
}

function sysmonStart(record: AccountRecord): ProcessStart | undefined {
  const image = record.value('Image');
  const commandLine = record.value('CommandLine');
  if (image === undefined || commandLine === undefined) return undefined;
  const pid = numberOf(record.value('ProcessId'));
  return {
    image,
    originalName: record.value('OriginalFileName'),
    commandLine,
    pid,
    parentPid: numberOf(record.value('ParentProcessId')),
    actor: {
      ...userOf(record.value('User')),
      ...optional('logonId', logonIdOf(record.value('LogonId'))),
      process: processOf(image, pid, commandLine, record.value('ParentImage')),
    },
    source: 'Sysmon 1',
  };
}

function securityStart(record: AccountRecord): ProcessStart | undefined {
  const image = record.value('NewProcessName');
  const commandLine = record.value('CommandLine');
  if (image === undefined || commandLine === undefined) return undefined;
  const pid = numberOf(record.value('NewProcessId'));
  // Where the process is given to another session, Target names whose it is: that of WMI's, of a scheduled task.
  const target = logonIdOf(record.value('TargetLogonId'));
  const who: ActorSeen | undefined =
    target === undefined
      ? record.subject()
      : { ...record.named('TargetUserName', 'TargetDomainName', 'TargetUserSid'), logonId: target };
  return {
    image,
    originalName: undefined,
    commandLine,
    pid,
    parentPid: numberOf(record.value('ProcessId')),
    actor: { ...who, process: processOf(image, pid, commandLine, record.value('ParentProcessName')) },
    source: '4688',
  };
}

/** The parent that a record of Sysmon tells of, with the parent's own command line: what it was to run may have no record of its own. */
export function parentStart(record: AccountRecord): ProcessStart | undefined {
  if (record.id !== 1 || !isOf(record, 'sysmon')) return undefined;
  const image = record.value('ParentImage');
  const commandLine = record.value('ParentCommandLine');
  if (image === undefined || commandLine === undefined) return undefined;
  const pid = numberOf(record.value('ParentProcessId'));
  return {
    image,
    originalName: undefined,
    commandLine,
    pid,
    parentPid: undefined,
    actor: { ...userOf(record.value('ParentUser')), process: processOf(image, pid, commandLine, undefined) },
    source: 'Sysmon 1 parent',
  };
}

/** Elastic Defend and its like. */
function ecsStart(record: AccountRecord): ProcessStart | undefined {
  const image = record.value('process.executable') ?? record.value('process.name');
  const commandLine = record.value('process.command_line');
  const what = `${record.value('event.type') ?? ''} ${record.value('event.action') ?? ''}`;
  if (image === undefined || commandLine === undefined || /\bend\b|terminat/i.test(what)) return undefined;
  const pid = numberOf(record.value('process.pid'));
  return {
    image,
    originalName: record.value('process.pe.original_file_name'),
    commandLine,
    pid,
    parentPid: numberOf(record.value('process.parent.pid')),
    actor: {
      ...record.named('user.name', 'user.domain', 'user.id'),
      ...optional('logonId', logonIdOf(record.value('process.Ext.authentication_id'))),
      process: processOf(
        image,
        pid,
        commandLine,
        record.value('process.parent.executable') ?? record.value('process.parent.name'),
      ),
    },
    source: 'process',
  };
}

function processOf(
  image: string,
  pid: number | undefined,
  commandLine: string,
  parentImage: string | undefined,
): NonNullable<ActorSeen['process']> {
  return { image, ...optional('pid', pid), commandLine, ...optional('parentImage', parentImage) };
}

/** Decimal, or as the Security log writes it: 0xea0. */
function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^(?:0x[\da-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : undefined;
}

/** Of "HOST\name". */
export function userOf(user: string | undefined): ActorSeen {
  const cut = user?.indexOf('\\') ?? -1;
  if (user === undefined || cut <= 0) return user === undefined ? {} : { name: user };
  return { domain: user.slice(0, cut), name: user.slice(cut + 1) };
}
