// Which events of Windows logs each Sigma log source means, and how fields are called there where not as Sigma calls them.

import type { LogSource } from './log-source.ts';

/** Events of one kind: those of a channel, and of these, of certain numbers. */
export interface EventKind {
  readonly channels: readonly string[];
  /** Who writes them; where an export lost the channel, it tells them as well. Empty: it is not told. */
  readonly provider: string;
  /** Absent: any. */
  readonly eventIds?: readonly number[];
  /** Fields of which an event of the kind has certain values; one of them. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  /** By Sigma's name, the event's own. Absent: they are the same. */
  readonly names?: Readonly<Record<string, string>>;
}

const SYSMON_CHANNEL = 'Microsoft-Windows-Sysmon/Operational';
const SECURITY = 'Security';
const POWERSHELL = ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'];

function sysmon(...eventIds: number[]): EventKind {
  return { channels: [SYSMON_CHANNEL], provider: 'Microsoft-Windows-Sysmon', eventIds };
}

function powerShell(...eventIds: number[]): EventKind {
  return { channels: POWERSHELL, provider: 'Microsoft-Windows-PowerShell', eventIds };
}

function classicPowerShell(...eventIds: number[]): EventKind {
  return { channels: ['Windows PowerShell'], provider: 'PowerShell', eventIds };
}

/** Process creation of the Security log (Windows 10 and later; CommandLine where a policy turns it on). */
const PROCESS_4688: EventKind = {
  channels: [SECURITY],
  provider: 'Microsoft-Windows-Security-Auditing',
  eventIds: [4688],
  names: {
    image: 'NewProcessName',
    parentimage: 'ParentProcessName',
    processid: 'NewProcessId',
    parentprocessid: 'ProcessId',
    user: 'SubjectUserName',
    logonid: 'SubjectLogonId',
    integritylevel: 'MandatoryLabel',
  },
};

/** Windows categories of Sigma's taxonomy, by name. */
export const CATEGORIES: Readonly<Record<string, readonly EventKind[]>> = {
  process_creation: [sysmon(1), PROCESS_4688],
  file_change: [sysmon(2)],
  network_connection: [sysmon(3)],
  sysmon_status: [sysmon(4, 16)],
  process_termination: [sysmon(5)],
  driver_load: [sysmon(6)],
  image_load: [sysmon(7)],
  create_remote_thread: [sysmon(8)],
  raw_access_thread: [sysmon(9)],
  process_access: [sysmon(10)],
  file_event: [sysmon(11)],
  registry_add: [{ ...sysmon(12), where: { EventType: ['CreateKey'] } }],
  registry_delete: [{ ...sysmon(12), where: { EventType: ['DeleteKey', 'DeleteValue'] } }],
  registry_set: [sysmon(13)],
  registry_rename: [sysmon(14)],
  registry_event: [sysmon(12, 13, 14)],
  create_stream_hash: [sysmon(15)],
  pipe_created: [sysmon(17, 18)],
  wmi_event: [sysmon(19, 20, 21)],
  dns_query: [sysmon(22)],
  file_delete: [sysmon(23, 26)],
  clipboard_change: [sysmon(24)],
  process_tampering: [sysmon(25)],
  file_block_executable: [sysmon(27)],
  file_block_shredding: [sysmon(28)],
  file_executable_detected: [sysmon(29)],
  sysmon_error: [sysmon(255)],
  ps_module: [powerShell(4103)],
  ps_script: [powerShell(4104)],
  ps_classic_start: [classicPowerShell(400)],
  ps_classic_provider_start: [classicPowerShell(600)],
  ps_classic_script: [classicPowerShell(800)],
  file_access: [kernelFile(10, 12)],
  file_rename: [kernelFile(27)],
};

function kernelFile(...eventIds: number[]): EventKind {
  return { channels: ['Microsoft-Windows-Kernel-File/Analytic'], provider: 'Microsoft-Windows-Kernel-File', eventIds };
}

function channel(...channels: string[]): readonly EventKind[] {
  return [{ channels, provider: '' }];
}

/** Windows services of Sigma's taxonomy: the channels of each. */
export const SERVICES: Readonly<Record<string, readonly EventKind[]>> = {
  application: channel('Application'),
  'application-experience': channel(
    'Microsoft-Windows-Application-Experience/Program-Telemetry',
    'Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant',
  ),
  applocker: channel(
    'Microsoft-Windows-AppLocker/EXE and DLL',
    'Microsoft-Windows-AppLocker/MSI and Script',
    'Microsoft-Windows-AppLocker/Packaged app-Deployment',
    'Microsoft-Windows-AppLocker/Packaged app-Execution',
  ),
  'appmodel-runtime': channel('Microsoft-Windows-AppModel-Runtime/Admin'),
  'appxdeployment-server': channel('Microsoft-Windows-AppXDeploymentServer/Operational'),
  'appxpackaging-om': channel('Microsoft-Windows-AppxPackaging/Operational'),
  'bits-client': channel('Microsoft-Windows-Bits-Client/Operational'),
  capi2: channel('Microsoft-Windows-CAPI2/Operational'),
  'certificateservicesclient-lifecycle-system': channel(
    'Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational',
  ),
  'codeintegrity-operational': channel('Microsoft-Windows-CodeIntegrity/Operational'),
  dhcp: channel('Microsoft-Windows-DHCP-Server/Operational'),
  'diagnosis-scripted': channel('Microsoft-Windows-Diagnosis-Scripted/Operational'),
  'dns-client': channel('Microsoft-Windows-DNS Client Events/Operational', 'Microsoft-Windows-DNS-Client/Operational'),
  'dns-server': channel('DNS Server'),
  'dns-server-analytic': channel('Microsoft-Windows-DNS-Server/Analytical', 'Microsoft-Windows-DNSServer/Analytical'),
  'dns-server-audit': channel('Microsoft-Windows-DNS-Server/Audit', 'Microsoft-Windows-DNSServer/Audit'),
  'driver-framework': channel('Microsoft-Windows-DriverFrameworks-UserMode/Operational'),
  'firewall-as': channel('Microsoft-Windows-Windows Firewall With Advanced Security/Firewall'),
  'hyper-v-worker': channel('Microsoft-Windows-Hyper-V-Worker-Admin', 'Microsoft-Windows-Hyper-V-Worker/Operational'),
  'iis-configuration': channel('Microsoft-IIS-Configuration/Operational'),
  'kernel-event-tracing': channel('Microsoft-Windows-Kernel-EventTracing/Admin'),
  'kernel-shimengine': channel(
    'Microsoft-Windows-Kernel-ShimEngine/Operational',
    'Microsoft-Windows-Kernel-ShimEngine/Diagnostic',
  ),
  ldap: channel('Microsoft-Windows-LDAP-Client/Debug'),
  'lsa-server': channel('Microsoft-Windows-LSA/Operational'),
  'microsoft-servicebus-client': channel(
    'Microsoft-ServiceBus-Client/Admin',
    'Microsoft-ServiceBus-Client/Operational',
  ),
  'msexchange-management': channel('MSExchange Management'),
  ntlm: channel('Microsoft-Windows-NTLM/Operational'),
  openssh: channel('OpenSSH/Operational'),
  powershell: channel(...POWERSHELL),
  'powershell-classic': channel('Windows PowerShell'),
  'printservice-admin': channel('Microsoft-Windows-PrintService/Admin'),
  'printservice-operational': channel('Microsoft-Windows-PrintService/Operational'),
  security: channel(SECURITY),
  'security-mitigations': channel(
    'Microsoft-Windows-Security-Mitigations/KernelMode',
    'Microsoft-Windows-Security-Mitigations/Kernel Mode',
    'Microsoft-Windows-Security-Mitigations/UserMode',
    'Microsoft-Windows-Security-Mitigations/User Mode',
  ),
  sense: channel('Microsoft-Windows-SENSE/Operational'),
  'shell-core': channel('Microsoft-Windows-Shell-Core/Operational'),
  'smbclient-connectivity': channel('Microsoft-Windows-SmbClient/Connectivity'),
  'smbclient-security': channel('Microsoft-Windows-SmbClient/Security'),
  'smbserver-connectivity': channel('Microsoft-Windows-SMBServer/Connectivity'),
  sysmon: channel(SYSMON_CHANNEL),
  system: channel('System'),
  taskscheduler: channel('Microsoft-Windows-TaskScheduler/Operational'),
  'terminalservices-localsessionmanager': channel('Microsoft-Windows-TerminalServices-LocalSessionManager/Operational'),
  vhdmp: channel('Microsoft-Windows-VHDMP/Operational', 'Microsoft-Windows-VHDMP-Operational'),
  windefend: channel('Microsoft-Windows-Windows Defender/Operational'),
  wmi: channel('Microsoft-Windows-WMI-Activity/Operational'),
};

/** Every event of Windows logs. */
const ANY_WINDOWS: readonly EventKind[] = [{ channels: [], provider: '' }];

/** The kinds of events of a log source, or why there is none in Windows logs. */
export function kindsOf({ product, category, service }: LogSource): readonly EventKind[] | string {
  if (product !== null && product !== 'windows') return `logs of ${product} are not among those that are read`;
  if (category === null && service === null) return ANY_WINDOWS;
  const named = category === null ? undefined : known(CATEGORIES, category);
  const served = service === null ? undefined : known(SERVICES, service);
  if (category !== null && !named) return `no event of Windows logs is known to be of the category ${category}`;
  if (service !== null && !served) return `no channel of Windows is known for the service ${service}`;
  if (!named) return served!;
  if (!served) return named;
  const channels = new Set(served.flatMap((kind) => kind.channels));
  const both = named.filter((kind) => kind.channels.some((one) => channels.has(one)));
  return both.length > 0 ? both : `the category ${category} has no event in the service ${service}`;
}

function known<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
