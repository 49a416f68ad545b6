// What Sysmon's own schema says: the events of a configuration, their fields in order, the conditions, and what is logged of an event that no list names.
// Origin: manifest.xml, rules.c and xml.cpp of microsoft/SysmonCommon, MIT License, Copyright (c) 2021 Windows Sysinternals, as of 2026-04-23.

/** The events that the layers need; a configuration's others do not bear on them. */
export type EventName = 'ProcessCreate' | 'RegistryEvent';

/** Events 12 to 14 share the name RegistryEvent, but not their fields. */
export type EventId = 1 | 12 | 13 | 14;

/** Events of each name, in the order in which Sysmon tries them on a list. */
export const EVENT_IDS: Readonly<Record<EventName, readonly EventId[]>> = {
  ProcessCreate: [1],
  RegistryEvent: [12, 13, 14],
};

/** Fields in the order of the newest schema: Sysmon reads a list of any schema version by the table of its own. */
export const FIELDS: Readonly<Record<EventId, readonly string[]>> = {
  1: [
    'RuleName',
    'UtcTime',
    'ProcessGuid',
    'ProcessId',
    'Image',
    'FileVersion',
    'Description',
    'Product',
    'Company',
    'OriginalFileName',
    'CommandLine',
    'CurrentDirectory',
    'User',
    'LogonGuid',
    'LogonId',
    'TerminalSessionId',
    'IntegrityLevel',
    'Hashes',
    'ParentProcessGuid',
    'ParentProcessId',
    'ParentImage',
    'ParentCommandLine',
    'ParentUser',
  ],
  12: ['RuleName', 'EventType', 'UtcTime', 'ProcessGuid', 'ProcessId', 'Image', 'TargetObject', 'User'],
  13: ['RuleName', 'EventType', 'UtcTime', 'ProcessGuid', 'ProcessId', 'Image', 'TargetObject', 'Details', 'User'],
  14: ['RuleName', 'EventType', 'UtcTime', 'ProcessGuid', 'ProcessId', 'Image', 'TargetObject', 'NewName', 'User'],
};

/** What becomes of an event that no list of the configuration names. */
export const LOGGED_BY_DEFAULT: Readonly<Record<EventName, boolean>> = { ProcessCreate: true, RegistryEvent: false };

/** Conditions, and the schema version that brought each. */
export const CONDITIONS = {
  is: 2,
  'is not': 2,
  'is any': 4.31,
  contains: 2,
  'contains any': 4.22,
  'contains all': 4.22,
  excludes: 2,
  'excludes any': 4.23,
  'excludes all': 4.23,
  'begin with': 2,
  'not begin with': 4.7,
  'end with': 2,
  'not end with': 4.7,
  'less than': 2,
  'more than': 2,
  image: 2,
} as const;

export type Condition = keyof typeof CONDITIONS;

/** The condition of a rule that gives none. */
export const DEFAULT_CONDITION: Condition = 'is';

/** Since when there are <RuleGroup> and <Rule>, and up to when a list without a group is joined by "or", where later ones are by "and". */
export const RULE_GROUP_SINCE = 4.2;
export const LAST_OR_BY_DEFAULT = 4.1;
export const RULE_SINCE = 4.22;

/** Names of Sysmon's events on Windows and Linux; the last three are from the lists of public configurations. */
export const EVENT_NAMES: ReadonlySet<string> = new Set([
  'ProcessCreate',
  'FileCreateTime',
  'NetworkConnect',
  'ProcessTerminate',
  'DriverLoad',
  'ImageLoad',
  'CreateRemoteThread',
  'RawAccessRead',
  'ProcessAccess',
  'FileCreate',
  'RegistryEvent',
  'FileCreateStreamHash',
  'PipeEvent',
  'WmiEvent',
  'DnsQuery',
  'FileDelete',
  'ClipboardChange',
  'ProcessTampering',
  'FileDeleteDetected',
  'eBPFEvent',
  'FileBlockExecutable',
  'FileBlockShredding',
  'FileExecutableDetected',
]);

/** Characters of a rule's name; with more of them Sysmon refuses the configuration. */
export const LONGEST_RULE_NAME = 255;

/** Variables that Sysmon expands in a rule's value, as they are on a usual Windows. */
export const VARIABLES: ReadonlyMap<string, string> = new Map([
  ['systemroot', 'C:\\Windows'],
  ['windir', 'C:\\Windows'],
  ['systemdrive', 'C:'],
  ['programfiles', 'C:\\Program Files'],
  ['programfiles(x86)', 'C:\\Program Files (x86)'],
  ['programdata', 'C:\\ProgramData'],
  ['allusersprofile', 'C:\\ProgramData'],
  ['public', 'C:\\Users\\Public'],
  ['comspec', 'C:\\Windows\\system32\\cmd.exe'],
]);
