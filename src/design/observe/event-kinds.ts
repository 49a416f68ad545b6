// Kinds of events: which data component of ATT&CK a Windows event or an operation of Procmon is, and what the operation is called in Sysmon.

import type { KindSource } from './document.ts';

/** Name to text, as a log has it; of an event "Channel" and "EventID" among them. */
export type PlainRecord = ReadonlyMap<string, string>;

export interface EventKind {
  readonly key: string;
  readonly source: KindSource;
  readonly channel: string | null;
  readonly eventId: string | null;
  readonly operation: string | null;
  readonly component: string | null;
  readonly logSource: { readonly name: string; readonly channel: string | null } | null;
  /** It changes something: what an action leaves, rather than what it looks at. */
  readonly isChange: boolean;
}

/** The log that events of a kind are of, by a name in lower case. */
export function logOf({ source, channel }: EventKind): string {
  return source === 'procmon' ? source : (channel?.toLowerCase() ?? '');
}

/** A record with its kind, its fields by the names of the log source that would show it. */
export interface KindRecord {
  readonly kind: EventKind;
  readonly fields: PlainRecord;
}

const SYSMON: Readonly<Record<string, string>> = {
  1: 'DC0032',
  2: 'DC0061',
  3: 'DC0082',
  5: 'DC0033',
  6: 'DC0079',
  7: 'DC0016',
  8: 'DC0020',
  9: 'DC0054',
  10: 'DC0035',
  11: 'DC0039',
  12: 'DC0056',
  13: 'DC0063',
  14: 'DC0063',
  15: 'DC0059',
  17: 'DC0048',
  18: 'DC0048',
  19: 'DC0008',
  20: 'DC0008',
  21: 'DC0008',
  22: 'DC0103',
  23: 'DC0040',
  25: 'DC0020',
  26: 'DC0040',
};
const SECURITY: Readonly<Record<string, string>> = {
  1102: 'DC0038',
  4624: 'DC0067',
  4625: 'DC0002',
  4648: 'DC0067',
  4656: 'DC0035',
  4657: 'DC0063',
  4663: 'DC0055',
  4672: 'DC0088',
  4688: 'DC0032',
  4689: 'DC0033',
  4697: 'DC0060',
  4698: 'DC0001',
  4699: 'DC0012',
  4700: 'DC0012',
  4701: 'DC0012',
  4702: 'DC0012',
  4703: 'DC0013',
  4720: 'DC0014',
  4722: 'DC0010',
  4724: 'DC0010',
  4726: 'DC0009',
  4728: 'DC0094',
  4732: 'DC0094',
  4738: 'DC0010',
  4756: 'DC0094',
  4781: 'DC0010',
  5136: 'DC0066',
  5140: 'DC0102',
  5145: 'DC0102',
  5156: 'DC0078',
};
const CHANNELS: Readonly<Record<string, { name: string; ids: Readonly<Record<string, string>> }>> = {
  'microsoft-windows-sysmon/operational': { name: 'Sysmon', ids: SYSMON },
  security: { name: 'Security', ids: SECURITY },
  system: { name: 'System', ids: { 104: 'DC0038', 7040: 'DC0065', 7045: 'DC0060' } },
  'microsoft-windows-powershell/operational': { name: 'PowerShell', ids: { 4103: 'DC0064', 4104: 'DC0029' } },
  'microsoft-windows-taskscheduler/operational': { name: 'TaskScheduler', ids: { 106: 'DC0001', 140: 'DC0012' } },
  'microsoft-windows-wmi-activity/operational': {
    name: 'WMI',
    ids: { 5857: 'DC0008', 5860: 'DC0008', 5861: 'DC0008' },
  },
};

interface Operation {
  readonly component: string;
  /** Sysmon's event, where one shows it. */
  readonly sysmon?: number;
  /** What Sysmon calls the path. */
  readonly path: string;
  readonly isChange: boolean;
}

/** Of Procmon. Those that no event of Sysmon shows keep their path's name. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  'process create': { component: 'DC0032', sysmon: 1, path: 'Image', isChange: true },
  'process start': { component: 'DC0032', path: 'Path', isChange: false },
  'load image': { component: 'DC0016', sysmon: 7, path: 'ImageLoaded', isChange: false },
  'createfile (created)': { component: 'DC0039', sysmon: 11, path: 'TargetFilename', isChange: true },
  writefile: { component: 'DC0061', path: 'Path', isChange: true },
  setrenameinformationfile: { component: 'DC0061', path: 'Path', isChange: true },
  setdispositioninformationfile: { component: 'DC0040', sysmon: 23, path: 'TargetFilename', isChange: true },
  setdispositioninformationex: { component: 'DC0040', sysmon: 23, path: 'TargetFilename', isChange: true },
  createfile: { component: 'DC0055', path: 'Path', isChange: false },
  readfile: { component: 'DC0055', path: 'Path', isChange: false },
  regsetvalue: { component: 'DC0063', sysmon: 13, path: 'TargetObject', isChange: true },
  regcreatekey: { component: 'DC0056', sysmon: 12, path: 'TargetObject', isChange: true },
  regdeletekey: { component: 'DC0045', sysmon: 12, path: 'TargetObject', isChange: true },
  regdeletevalue: { component: 'DC0045', sysmon: 12, path: 'TargetObject', isChange: true },
  regrenamekey: { component: 'DC0063', sysmon: 14, path: 'TargetObject', isChange: true },
  regopenkey: { component: 'DC0050', path: 'Path', isChange: false },
  regqueryvalue: { component: 'DC0050', path: 'Path', isChange: false },
  regquerykey: { component: 'DC0050', path: 'Path', isChange: false },
  regenumkey: { component: 'DC0050', path: 'Path', isChange: false },
  regenumvalue: { component: 'DC0050', path: 'Path', isChange: false },
  'tcp connect': { component: 'DC0082', sysmon: 3, path: 'Path', isChange: true },
  'udp send': { component: 'DC0078', path: 'Path', isChange: true },
};

/** Kinds that were met, each made once; past a bound all others are one. */
const MOST_KINDS = 5000;

export class EventKinds {
  readonly #kinds = new Map<string, EventKind>();

  /** The record's kind, and its fields by the names that an observable has. */
  of(record: PlainRecord): KindRecord {
    const operation = record.get('Operation');
    if (operation !== undefined && record.has('Process Name') && record.has('Path'))
      return this.#ofProcmon(operation, record);
    const channel = record.get('Channel') ?? null;
    const eventId = record.get('EventID') ?? null;
    const key = `${channel?.toLowerCase() ?? ''}\n${eventId ?? ''}`;
    return { kind: this.#kept(key, () => eventKind(key, channel, eventId)), fields: record };
  }

  #ofProcmon(operation: string, record: PlainRecord): KindRecord {
    const detail = record.get('Detail') ?? '';
    const isCreated = operation === 'CreateFile' && /\bOpenResult: Created\b/.test(detail);
    const own = isCreated ? 'CreateFile (created)' : operation;
    const row = Object.hasOwn(OPERATIONS, own.toLowerCase()) ? OPERATIONS[own.toLowerCase()] : undefined;
    const key = `procmon\n${own}`;
    const kind = this.#kept(key, () => ({
      key,
      source: 'procmon',
      channel: null,
      eventId: null,
      operation: own,
      component: row?.component ?? null,
      logSource: row?.sysmon === undefined ? null : { name: 'WinEventLog:Sysmon', channel: `EventCode=${row.sysmon}` },
      isChange: row?.isChange ?? false,
    }));
    return { kind, fields: procmonFields(record, row, detail) };
  }

  #kept(key: string, make: () => EventKind): EventKind {
    const known = this.#kinds.get(key);
    if (known) return known;
    if (this.#kinds.size >= MOST_KINDS) return OTHER_KIND;
    const kind = make();
    this.#kinds.set(key, kind);
    return kind;
  }
}

const OTHER_KIND: EventKind = {
  key: '\nother',
  source: 'event',
  channel: null,
  eventId: null,
  operation: null,
  component: null,
  logSource: null,
  isChange: false,
};

function eventKind(key: string, channel: string | null, eventId: string | null): EventKind {
  const named = channel === null ? undefined : CHANNELS[channel.toLowerCase()];
  const ids = named?.ids ?? {};
  return {
    key,
    source: 'event',
    channel,
    eventId,
    operation: null,
    component: eventId !== null && Object.hasOwn(ids, eventId) ? ids[eventId] : null,
    logSource:
      channel === null
        ? null
        : { name: `WinEventLog:${named?.name ?? channel}`, channel: eventId === null ? null : `EventCode=${eventId}` },
    isChange: false,
  };
}

function procmonFields(record: PlainRecord, row: Operation | undefined, detail: string): PlainRecord {
  const fields = new Map<string, string>();
  const program = record.get('Process Name');
  const path = record.get('Path');
  const isStart = row?.sysmon === 1;
  // Procmon gives the name alone; an event has the path.
  if (program) fields.set(isStart ? 'ParentImage' : 'Image', `\\${program}`);
  if (path) fields.set(row?.path ?? 'Path', path);
  const told = isStart
    ? /Command line: (.*)$/s.exec(detail)?.[1]
    : row?.sysmon === 13
      ? /\bData: (.*)$/s.exec(detail)?.[1]
      : undefined;
  if (told) fields.set(isStart ? 'CommandLine' : 'Details', told);
  return fields;
}
