// How each log source is switched on, and what its publisher says of how much it writes: one row a setting.
// Origin of subcategories, their events and volumes: Microsoft's pages on security auditing; of Sysmon: its own page; read 2026-11-28.

export interface LogSetting {
  /** 'audit policy Process Creation'. */
  readonly name: string;
  /** A command on the host; null where there is none. */
  readonly command: string | null;
  /** Where a group policy has it. */
  readonly policy: string | null;
  /** What it takes besides. */
  readonly also: string | null;
  /** What the publisher says of its volume, in the publisher's words; null where nothing is said. */
  readonly volume: string | null;
  /** The page that says so. */
  readonly source: string;
}

interface Row extends LogSetting {
  /** The channel of an event log, or where it is none ATT&CK's name of the log source with a star for its end ("nsm:*"); in lower case. */
  readonly log: string;
  /** Those that the setting brings; empty: whatever the log has. */
  readonly eventIds: readonly number[];
  /** Where one number stands for several kinds of objects: the data components of this one's. */
  readonly components?: readonly string[];
}

const AUDITING = 'https://learn.microsoft.com/windows/security/threat-protection/auditing/';
const AUDIT_POLICY =
  'Computer Configuration > Policies > Windows Settings > Security Settings > Advanced Audit Policy Configuration > Audit Policies';
const FILES = ['DC0039', 'DC0040', 'DC0055', 'DC0059', 'DC0061'];
const KEYS = ['DC0045', 'DC0050', 'DC0056', 'DC0063'];
const SHARES = 'High on file servers and domain controllers (SYSVOL), low on member servers and workstations';
const LOGONS = 'Low on a client computer, medium on domain controllers and network servers';
const COMMAND_LINES =
  'for command lines: Computer Configuration > Policies > Administrative Templates > System > Audit Process Creation > Include command line in process creation events';

interface AuditDetails {
  /** Some of its events are failures. */
  readonly failure?: boolean;
  readonly also?: string;
  readonly components?: readonly string[];
  /** The name in the policy editor, where it is not the one that auditpol takes. */
  readonly title?: string;
}

/** A subcategory by the name that auditpol takes on an English Windows, with the events that Microsoft's page lists. */
function audit(
  category: string,
  subcategory: string,
  eventIds: readonly number[],
  volume: string,
  { failure = false, also, components, title = subcategory }: AuditDetails = {},
): Row {
  return {
    log: 'security',
    eventIds,
    ...(components === undefined ? {} : { components }),
    name: `audit policy ${subcategory}`,
    command: auditCommand([subcategory], failure),
    policy: `${AUDIT_POLICY} > ${category} > Audit ${title}`,
    also: also ?? null,
    volume,
    source: `${AUDITING}audit-${title.toLowerCase().replaceAll(' ', '-')}`,
  };
}

/** Switches subcategories of the audit policy on. */
export function auditCommand(subcategories: readonly string[], failure: boolean): string {
  const names = subcategories.map((one) => `"${one}"`).join(',');
  return `auditpol /set /subcategory:${names} /success:enable${failure ? ' /failure:enable' : ''}`;
}

const SYSMON_PAGE = 'https://learn.microsoft.com/sysinternals/downloads/sysmon';

/** An event of Sysmon with the element of the configuration that filters it. */
function sysmon(eventIds: readonly number[], element: string, volume: string | null = null, also = ''): Row {
  return {
    log: 'microsoft-windows-sysmon/operational',
    eventIds,
    name: `Sysmon <${element}>`,
    command: 'sysmon64 -accepteula -i CONFIG.xml, or sysmon64 -c CONFIG.xml where it is installed',
    policy: null,
    also: `in the configuration under <EventFiltering>: <${element} onmatch="include"> with what is to be logged, or onmatch="exclude" with what is not${also}`,
    volume,
    source: SYSMON_PAGE,
  };
}

/** What a channel has without a setting. */
function always(channel: string, eventIds: readonly number[], source: string, volume: string | null = null): Row {
  return {
    log: channel.toLowerCase(),
    eventIds,
    name: 'written without a setting',
    command: null,
    policy: null,
    also: `collect the channel ${channel}`,
    volume,
    source,
  };
}

/** A channel of its own, which is on or off. */
function channel(name: string, eventIds: readonly number[] = []): Row {
  return {
    log: name.toLowerCase(),
    eventIds,
    name: `channel ${name}`,
    command: `wevtutil sl "${name}" /e:true`,
    policy: null,
    also: `collect the channel ${name}`,
    volume: null,
    source: 'https://learn.microsoft.com/windows-server/administration/windows-commands/wevtutil',
  };
}

function powerShell(eventIds: readonly number[], what: string, policy: string, page: string): Row {
  return {
    log: 'microsoft-windows-powershell/operational',
    eventIds,
    name: `PowerShell ${what}`,
    command: null,
    policy: `Computer Configuration > Policies > Administrative Templates > Windows Components > Windows PowerShell > ${policy}`,
    also: null,
    volume: null,
    source: `https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/${page}?view=powershell-5.1`,
  };
}

const SACL = (what: string): string => `an audit entry (SACL) on each ${what} that is to be watched`;
const ON_CONTROLLERS = 'on domain controllers; an audit entry (SACL) on the objects that are to be watched';

const ROWS: readonly Row[] = [
  audit(
    'Account Logon',
    'Credential Validation',
    [4774, 4775, 4776, 4777],
    'High on domain controllers, low on member servers and workstations',
    { failure: true },
  ),
  audit(
    'Account Logon',
    'Kerberos Authentication Service',
    [4768, 4771, 4772],
    'High on Kerberos Key Distribution Center servers',
    { failure: true, also: 'on domain controllers' },
  ),
  audit(
    'Account Logon',
    'Kerberos Service Ticket Operations',
    [4769, 4770, 4773],
    'Very High on Kerberos Key Distribution Center servers',
    { failure: true, also: 'on domain controllers' },
  ),
  audit(
    'Account Management',
    'Security Group Management',
    [4727, 4728, 4729, 4730, 4731, 4732, 4733, 4734, 4735, 4737, 4754, 4755, 4756, 4757, 4758, 4764, 4799],
    'Low',
  ),
  audit(
    'Account Management',
    'User Account Management',
    [4720, 4722, 4723, 4724, 4725, 4726, 4738, 4740, 4765, 4766, 4767, 4780, 4781, 4794, 4798, 5376, 5377],
    'Low',
    { failure: true },
  ),
  audit(
    'Detailed Tracking',
    'Process Creation',
    [4688, 4696],
    'Medium to High, depending on the process activity on the computer',
    { also: COMMAND_LINES },
  ),
  audit('Detailed Tracking', 'Process Termination', [4689], 'Low to Medium, depending on system usage'),
  audit('Detailed Tracking', 'Token Right Adjusted Events', [4703], 'High', { title: 'Token Right Adjusted' }),
  audit('DS Access', 'Directory Service Access', [4661, 4662], 'High on servers running AD DS role services', {
    failure: true,
    also: ON_CONTROLLERS,
  }),
  audit('DS Access', 'Directory Service Changes', [5136, 5137, 5138, 5139, 5141], 'High on domain controllers', {
    also: ON_CONTROLLERS,
  }),
  audit('Logon/Logoff', 'Logoff', [4634, 4647], 'High'),
  audit('Logon/Logoff', 'Logon', [4624, 4625, 4648, 4675], LOGONS, { failure: true }),
  audit('Logon/Logoff', 'Special Logon', [4672, 4964], LOGONS),
  audit('Object Access', 'Detailed File Share', [5145], SHARES, { failure: true }),
  audit('Object Access', 'File Share', [5140, 5142, 5143, 5144, 5168], SHARES, { failure: true }),
  audit(
    'Object Access',
    'File System',
    [4656, 4658, 4660, 4663, 4664, 4670, 4985],
    'Varies, depending on how file system SACLs are configured',
    { failure: true, also: SACL('file or folder'), components: FILES },
  ),
  audit(
    'Object Access',
    'Filtering Platform Connection',
    [5031, 5150, 5151, 5154, 5155, 5156, 5157, 5158, 5159],
    'High',
    { failure: true },
  ),
  audit('Object Access', 'Kernel Object', [4656, 4658, 4660, 4663], 'High', {
    failure: true,
    also: SACL('process or other kernel object'),
    components: ['DC0035'],
  }),
  audit(
    'Object Access',
    'Other Object Access Events',
    [4691, 4698, 4699, 4700, 4701, 4702, 5148, 5149, 5888, 5889, 5890],
    'Low',
    { failure: true },
  ),
  audit(
    'Object Access',
    'Registry',
    [4656, 4657, 4658, 4660, 4663, 4670, 5039],
    'Low to Medium, depending on how registry SACLs are configured',
    { failure: true, also: SACL('key'), components: KEYS },
  ),
  audit('Object Access', 'SAM', [4661], 'High on domain controllers', { failure: true }),
  audit('Policy Change', 'Authorization Policy Change', [4670, 4704, 4705, 4911, 4913], 'Medium to High'),
  audit('Privilege Use', 'Sensitive Privilege Use', [4673, 4674], 'High', { failure: true }),
  audit('System', 'Security System Extension', [4610, 4611, 4614, 4622, 4697], 'Low'),
  always('Security', [1102], `${AUDITING}event-1102`, 'Typically you should not see this event'),
  always('System', [7036, 7040, 7045], 'https://artefacts.help/windows_etw_services.html'),
  always(
    'System',
    [104],
    'https://learn.microsoft.com/windows/security/threat-protection/use-windows-event-forwarding-to-assist-in-intrusion-detection',
  ),
  sysmon([1], 'ProcessCreate'),
  sysmon([2], 'FileCreateTime'),
  sysmon([3], 'NetworkConnect', null, '; off unless it is configured'),
  always('Microsoft-Windows-Sysmon/Operational', [4, 16], SYSMON_PAGE),
  sysmon([5], 'ProcessTerminate'),
  sysmon([6], 'DriverLoad'),
  sysmon(
    [7],
    'ImageLoad',
    'monitoring all image load events will generate a significant amount of logging',
    '; off unless it is configured',
  ),
  sysmon([8], 'CreateRemoteThread'),
  sysmon([9], 'RawAccessRead'),
  sysmon(
    [10],
    'ProcessAccess',
    'can generate significant amounts of logging if there are diagnostic utilities active that repeatedly open processes',
  ),
  sysmon([11], 'FileCreate'),
  sysmon([12, 13, 14], 'RegistryEvent'),
  sysmon([15], 'FileCreateStreamHash'),
  sysmon([17, 18], 'PipeEvent'),
  sysmon([19, 20, 21], 'WmiEvent'),
  sysmon([22], 'DnsQuery'),
  sysmon(
    [23],
    'FileDelete',
    null,
    '; deleted files are kept in the ArchiveDirectory (event 26, <FileDeleteDetected>, keeps none)',
  ),
  sysmon([24], 'ClipboardChange'),
  sysmon([25], 'ProcessTampering'),
  sysmon([26], 'FileDeleteDetected'),
  sysmon([27], 'FileBlockExecutable'),
  sysmon([28], 'FileBlockShredding'),
  sysmon([29], 'FileExecutableDetected'),
  powerShell([4103, 4105, 4106], 'module logging', 'Turn on Module Logging', 'about_group_policy_settings'),
  powerShell([4104], 'script block logging', 'Turn on PowerShell Script Block Logging', 'about_logging'),
  channel('Microsoft-Windows-WMI-Activity/Operational'),
  channel('Microsoft-Windows-TaskScheduler/Operational'),
  channel('Microsoft-Windows-Windows Firewall With Advanced Security/Firewall'),
  {
    log: 'etw:microsoft-windows-*',
    eventIds: [],
    name: 'a consumer of the ETW provider',
    command: 'logman create trace NAME -p PROVIDER -o FILE.etl -ets',
    policy: null,
    also: 'no event log has it: a sensor (EDR) has to read the provider all the time; a trace shows whether it tells enough',
    volume: null,
    source: 'https://learn.microsoft.com/windows-server/administration/windows-commands/logman-create-trace',
  },
  {
    log: 'nsm:*',
    eventIds: [],
    name: 'a network sensor',
    command: null,
    policy: null,
    also: 'Zeek or another monitor at a tap or mirrored port that the traffic passes; encrypted content stays hidden',
    volume: null,
    source: 'https://docs.zeek.org/en/v8.2.0/about/monitoring.html',
  },
];

/**
 * Settings that bring events of a log: `log` is the channel or, for what is no event log, the log source's own name; of several
 * for one number those for the data component, where any is. Empty where the table knows none.
 */
export function logSettings(log: string, eventIds: readonly number[], component: string): readonly LogSetting[] {
  const wanted = log.trim().toLowerCase();
  const rows = ROWS.filter(
    (row) =>
      (row.log.endsWith('*') ? wanted.startsWith(row.log.slice(0, -1)) : row.log === wanted) &&
      (row.eventIds.length === 0 || row.eventIds.some((id) => eventIds.includes(id))),
  );
  const own = rows.filter(({ components }) => components?.includes(component));
  const kept = own.length === 0 ? rows : rows.filter((row) => row.components === undefined || own.includes(row));
  return kept.map(({ log: _, eventIds: _ids, components: _components, ...setting }) => setting);
}
