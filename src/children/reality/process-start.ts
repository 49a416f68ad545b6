// A process-creation event as the answer is held against it: Sysmon 1, Security 4688, and process starts in the fields of ECS.
import { type EventPlace, fieldReader, type LogEvent } from '../../logs/event.ts';
import { ticksOf } from '../../logs/log-time.ts';

export type StartSource = 'Sysmon 1' | 'Security 4688' | 'ECS';

export interface ProcessStart {
  readonly place: EventPlace;
  readonly source: StartSource;
  /** In lower case; empty where the event has none. */
  readonly host: string;
  /** 100 ns since 1601; undefined where there is none that can be read. */
  readonly time: bigint | undefined;
  /** The program's path. */
  readonly image: string;
  readonly commandLine: string | undefined;
  readonly pid: number | undefined;
  /** Sysmon's name of the process. */
  readonly guid: string | undefined;
  /** The parent field as it stands; empty where it is missing. */
  readonly parentImage: string;
  readonly parentCommandLine: string | undefined;
  readonly parentPid: number | undefined;
  readonly parentGuid: string | undefined;
}

type Read = (event: LogEvent) => string | undefined;

const reader = (name: string): Read => {
  const read = fieldReader(name);
  return (event) => read(event)[0];
};

/** The fields of one kind of event. */
interface Fields {
  readonly image: readonly Read[];
  readonly commandLine: Read;
  readonly pid: Read;
  readonly guid: Read;
  readonly parentImage: readonly Read[];
  readonly parentCommandLine: Read;
  readonly parentPid: Read;
  readonly parentGuid: Read;
  readonly time: Read;
}

const NONE: Read = () => undefined;

const SYSMON: Fields = {
  image: [reader('Image')],
  commandLine: reader('CommandLine'),
  pid: reader('ProcessId'),
  guid: reader('ProcessGuid'),
  parentImage: [reader('ParentImage')],
  parentCommandLine: reader('ParentCommandLine'),
  parentPid: reader('ParentProcessId'),
  parentGuid: reader('ParentProcessGuid'),
  time: reader('UtcTime'),
};

const SECURITY: Fields = {
  image: [reader('NewProcessName')],
  commandLine: reader('CommandLine'),
  pid: reader('NewProcessId'),
  guid: NONE,
  parentImage: [reader('ParentProcessName')],
  parentCommandLine: NONE,
  // The creator's; the new one's is NewProcessId.
  parentPid: reader('ProcessId'),
  parentGuid: NONE,
  time: NONE,
};

const ECS: Fields = {
  image: [reader('process.executable'), reader('process.name')],
  commandLine: reader('process.command_line'),
  pid: reader('process.pid'),
  guid: reader('process.entity_id'),
  parentImage: [reader('process.parent.executable'), reader('process.parent.name')],
  parentCommandLine: reader('process.parent.command_line'),
  parentPid: reader('process.parent.pid'),
  parentGuid: reader('process.parent.entity_id'),
  time: NONE,
};

/** The process start that an event tells; undefined of any other event. */
export function processStartOf(event: LogEvent): ProcessStart | undefined {
  const id = event.system.eventId;
  if (id === '1' && isOf(event, 'sysmon')) return startBy(event, 'Sysmon 1', SYSMON);
  if (id === '4688' && isOf(event, 'security')) return startBy(event, 'Security 4688', SECURITY);
  return id === undefined && isStart(event) ? startBy(event, 'ECS', ECS) : undefined;
}

/** By the provider, or where an exporter left that out by the channel. */
export function isOf({ system }: LogEvent, word: 'sysmon' | 'security'): boolean {
  return `${system.provider ?? ''}|${system.channel ?? ''}`.toLowerCase().includes(word);
}

const ECS_KIND = fieldReader('event.category');
const ECS_TYPE = fieldReader('event.type');
const ECS_ACTION = fieldReader('event.action');

function isStart(event: LogEvent): boolean {
  if (!ECS_KIND(event).includes('process')) return false;
  return ECS_TYPE(event).includes('start') || ECS_ACTION(event).includes('start');
}

function startBy(event: LogEvent, source: StartSource, fields: Fields): ProcessStart | undefined {
  const image = first(event, fields.image);
  if (image === undefined) return undefined;
  return {
    place: event.place,
    source,
    host: (event.system.computer ?? '').toLowerCase(),
    time: ticksOf(fields.time(event) ?? '') ?? ticksOf(event.system.timeCreated ?? ''),
    image,
    commandLine: told(fields.commandLine(event)),
    pid: numberOf(fields.pid(event)),
    guid: told(fields.guid(event)),
    parentImage: first(event, fields.parentImage) ?? '',
    parentCommandLine: told(fields.parentCommandLine(event)),
    parentPid: numberOf(fields.parentPid(event)),
    parentGuid: told(fields.parentGuid(event)),
  };
}

function first(event: LogEvent, reads: readonly Read[]): string | undefined {
  for (const read of reads) {
    const text = read(event);
    if (text !== undefined && text.trim() !== '') return text.trim();
  }
  return undefined;
}

/** "-" is what Windows writes for nothing. */
function told(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' || text.trim() === '-' ? undefined : text;
}

/** Decimal, or as the Security log writes it: 0xea0. */
export function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^(?:0x[\da-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : undefined;
}
