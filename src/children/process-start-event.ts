// A made-up process start as the JSON of Sysmon by Winlogbeat (its own data and ECS names beside it), or of Elastic Defend where who signed counts.

import { SYSMON_CHANNEL } from '../rule/taxonomy/event-kind.ts';
import type { Field } from '../rule/taxonomy.ts';

type Values = Readonly<Record<Field, string | boolean>>;

/** Names and numbers that stand for those of a host. */
const HOST = 'ws1.example';
const DOMAIN = 'EXAMPLE';
const USER = 'alice';
const FOLDER = 'C:\\Windows\\System32\\';
/** 1 January 2024, 10:00 UTC: nothing in an event comes from the clock. */
const FIRST_TIME = Date.UTC(2024, 0, 1, 10);

/** `index`: the event's place in its file, from 0; a second passes between two. `about` is kept as a label. */
export function processStartEvent(values: Values, about: string, index: number, isSigned: boolean): object {
  const time = new Date(FIRST_TIME + index * 1000).toISOString();
  const common = {
    '@timestamp': time,
    event: {
      action: isSigned ? 'start' : 'Process creation',
      category: ['process'],
      ...(isSigned
        ? { dataset: 'endpoint.events.process', kind: 'event', module: 'endpoint' }
        : { code: '1', kind: 'event', module: 'sysmon', provider: PROVIDER }),
      type: ['start'],
    },
    host: { hostname: 'ws1', name: HOST, os: { family: 'windows', type: 'windows' } },
    labels: { test: about },
    process: processOf(values, index, isSigned),
    user: { domain: DOMAIN, name: USER },
  };
  if (isSigned) return { ...common, agent: { type: 'endpoint' } };
  return { ...common, agent: { type: 'winlogbeat' }, winlog: winlogOf(values, index, time) };
}

const PROVIDER = 'Microsoft-Windows-Sysmon';

function processOf(values: Values, index: number, isSigned: boolean): object {
  const isTrusted = values['process.signature.trusted'] === true;
  return {
    ...(isSigned ? { code_signature: signatureOf(values, isTrusted) } : {}),
    command_line: values['process.commandLine'],
    entity_id: entityId(index),
    executable: values['process.image.path'],
    name: values['process.image'],
    parent: {
      command_line: values['process.parent.commandLine'],
      entity_id: PARENT_ID,
      executable: values['process.parent.image.path'],
      name: values['process.parent.image'],
      pid: PARENT_PID,
    },
    pid: pidOf(index),
    working_directory: FOLDER,
  };
}

function signatureOf(values: Values, isTrusted: boolean): object {
  if (!isTrusted) return { exists: false };
  return { exists: true, status: 'trusted', subject_name: values['process.signature.subject'], trusted: true };
}

/** What Sysmon writes of a program without version information, in its order. */
function winlogOf(values: Values, index: number, time: string): object {
  return {
    channel: SYSMON_CHANNEL,
    computer_name: HOST,
    event_data: {
      RuleName: '-',
      UtcTime: time.replace('T', ' ').replace('Z', ''),
      ProcessGuid: entityId(index),
      ProcessId: String(pidOf(index)),
      Image: values['process.image.path'],
      FileVersion: '-',
      Description: '-',
      Product: '-',
      Company: '-',
      OriginalFileName: '-',
      CommandLine: values['process.commandLine'],
      CurrentDirectory: FOLDER,
      User: `${DOMAIN}\\${USER}`,
      LogonGuid: '{00000000-0000-0000-0000-0000000003e8}',
      LogonId: '0x3e8',
      TerminalSessionId: '1',
      IntegrityLevel: 'Medium',
      Hashes: `SHA256=${'0'.repeat(64)}`,
      ParentProcessGuid: PARENT_ID,
      ParentProcessId: String(PARENT_PID),
      ParentImage: values['process.parent.image.path'],
      ParentCommandLine: values['process.parent.commandLine'],
      ParentUser: `${DOMAIN}\\${USER}`,
    },
    event_id: '1',
    opcode: 'Info',
    process: { pid: 1776, thread: { id: 2264 } },
    provider_guid: '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}',
    provider_name: PROVIDER,
    record_id: String(index + 1),
    task: 'Process Create (rule: ProcessCreate)',
    user: { identifier: 'S-1-5-18' },
    version: 5,
  };
}

const PARENT_ID = '{00000000-0000-0000-0000-000000000100}';
const PARENT_PID = 4096;

function entityId(index: number): string {
  return `{00000000-0000-0000-0001-${String(index + 1).padStart(12, '0')}}`;
}

function pidOf(index: number): number {
  return 5000 + 4 * index;
}
