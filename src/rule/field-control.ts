// Who sets each field of an event: what an attacker with a user's rights chooses, and what he needs a right for.

/** What sets a field's values, and so how one of them is judged. */
export type Nature =
  /** Any text, by who does the thing. */
  | 'text'
  /** What a program's own version resource says. */
  | 'version'
  /** The file that a process runs: it must lie there. */
  | 'program'
  /** The same of the parent. */
  | 'parent-program'
  /** A file that is loaded or written: it must lie there, or be put there. */
  | 'file'
  /** A file's name without its folder. */
  | 'name'
  /** Something that is there already and is chosen as what to act upon. */
  | 'object'
  | 'registry-key'
  /** The account that acts or is acted as: name, domain or SID. */
  | 'account'
  | 'integrity'
  /** Whether and how far a signature is trusted. */
  | 'trust'
  | 'hash'
  | 'address'
  /** A name of the DNS that leads to the other side. */
  | 'host'
  /** What reports the event: it is the same whoever acts, and up to the site. */
  | 'recorder'
  /** Set by Windows, the sensor or the forwarder. */
  | 'system';

export interface FieldControl {
  readonly nature: Nature;
  /** One line: why it is in his hand, or what he lacks. */
  readonly why: string;
  /** It may have several values at once, so that tests of it do not contradict each other. */
  readonly list?: true;
  /** Fields of one thing: "Image", "process". A path ends with the name of the same thing. */
  readonly of?: string;
  /** The field, in lower case, in whose text each value of this one stands, but for quotes and what escapes them. */
  readonly within?: string;
}

const row = (nature: Nature, why: string, names: string, more: Partial<FieldControl> = {}) =>
  names.split(' ').map((name): [string, FieldControl] => [name.toLowerCase(), { nature, why, ...more }]);

const program = (of: string, names: string) =>
  row('program', 'the program that does it is one file, at its place', names, { of });
const parent = (of: string, names: string) =>
  row('parent-program', 'the parent is one file, at its place', names, {
    of,
  });

/** By its name in lower case: Sigma and Sysmon, the Security log and others of Windows, the Elastic Common Schema. */
const FIELDS: ReadonlyMap<string, FieldControl> = new Map([
  ...row(
    'text',
    'who starts a program chooses its command line',
    'CommandLine ParentCommandLine ProcessCommandLine SourceCommandLine process.command_line process.parent.command_line process.args_count process.parent.args_count',
  ),
  ...row('text', 'who starts a program chooses its arguments and may add some', 'process.args', {
    list: true,
    within: 'process.command_line',
  }),
  ...row('text', 'who starts a program chooses its arguments and may add some', 'process.parent.args', {
    list: true,
    within: 'process.parent.command_line',
  }),
  ...row('text', 'who starts a program chooses its arguments and may add some', 'process.Ext.effective_parent.args', {
    list: true,
  }),
  ...row(
    'text',
    'who starts a program chooses where it begins',
    'CurrentDirectory process.working_directory process.parent.working_directory',
  ),
  ...row(
    'version',
    "it stands in the file's own version resource",
    'OriginalFileName Description Product Company FileVersion process.pe.original_file_name process.pe.description process.pe.product process.pe.company process.parent.pe.original_file_name dll.pe.original_file_name file.pe.original_file_name dll.pe.imphash process.pe.imphash',
  ),
  ...row(
    'text',
    "the text of a script is its author's",
    'ScriptBlockText Payload ContextInfo HostApplication ScriptName Path Contents EngineVersion HostVersion HostName',
  ),
  ...row(
    'text',
    'who writes a value chooses what he writes',
    'Details NewValue registry.data.bytes registry.data.type',
  ),
  ...row('text', 'who writes a value chooses what he writes', 'registry.data.strings', { list: true }),
  ...row(
    'text',
    'who makes a pipe, a task, a service or a rule names it',
    'PipeName TaskName TaskContent TaskContentNew ServiceName winlog.event_data.ServiceName winlog.event_data.TaskName file.pipe.name Name Destination Query Consumer Filter RuleName ApplicationName PackageFullName TemplateContent NewTemplateContent ShareName winlog.event_data.ShareName',
  ),
  ...row(
    'text',
    "a thread's stack is laid by its own process, and what is on it can be loaded",
    'CallTrace winlog.event_data.CallTrace process.thread.Ext.call_stack_summary StartModule StartFunction',
    {},
  ),
  ...row(
    'text',
    'who asks for access or does something chooses how',
    'GrantedAccess AccessMask AccessList Accesses winlog.event_data.GrantedAccess winlog.event_data.AccessMask winlog.event_data.AccessList LogonType winlog.logon.type winlog.event_data.LogonType LogonProcessName AuthenticationPackageName winlog.event_data.AuthenticationPackageName TicketEncryptionType winlog.event_data.TicketEncryptionType TicketOptions WorkstationName Workstation',
  ),
  ...row(
    'text',
    'who connects chooses the port and the protocol',
    'DestinationPort SourcePort DestPort Protocol destination.port source.port network.transport network.protocol Initiated network.direction User_Agent',
  ),
  ...row(
    'text',
    'who changes an object chooses which and to what',
    'AttributeValue AttributeLDAPDisplayName SamAccountName NewUacValue winlog.event_data.NewTargetUserName winlog.event_data.AttributeValue winlog.event_data.AttributeLDAPDisplayName winlog.event_data.SamAccountName group.id group.name RelativeTargetName winlog.event_data.RelativeTargetName SearchFilter AllowedToDelegateTo',
  ),
  ...row(
    'text',
    'it is written by who makes the file',
    'file.extension dll.Ext.size file.size file.Ext.original.name file.Ext.original.extension file.Ext.header_bytes file.Ext.entropy',
  ),
  ...row(
    'text',
    'it is as long ago as he waits',
    'process.Ext.relative_file_creation_time process.Ext.relative_file_name_modify_time dll.Ext.relative_file_creation_time dll.Ext.relative_file_name_modify_time',
  ),
  ...program('Image', 'Image NewProcessName'),
  ...program('SourceImage', 'SourceImage winlog.event_data.SourceImage'),
  ...['ProcessName', 'ProcessPath', 'Application', 'ApplicationPath', 'ModifyingApplication'].flatMap((name) =>
    program(name, name),
  ),
  ...program('winlog ProcessName', 'winlog.event_data.ProcessName winlog.event_data.NewProcessName'),
  ...program('process', 'process.executable'),
  ...program('effective parent', 'process.Ext.effective_parent.executable'),
  ...parent('ParentImage', 'ParentImage ParentProcessName'),
  ...parent('SourceParentImage', 'SourceParentImage'),
  ...parent('GrandParentImage', 'GrandParentImage'),
  ...parent('process.parent', 'process.parent.executable'),
  ...parent('winlog ParentProcessName', 'winlog.event_data.ParentProcessName'),
  ...row('file', 'the library is one file, at its place', 'ImageLoaded', { of: 'ImageLoaded' }),
  ...row('file', 'the library is one file, at its place', 'dll.path', { of: 'dll' }),
  ...row('file', 'a file is written where one may write', 'TargetFilename file.path', { of: 'file' }),
  ...row('file', 'a file is written where one may write', 'file.Ext.original.path FileName ObjectPath'),
  ...row(
    'file',
    'the program of a service is one file, at its place',
    'ImagePath ServiceFileName winlog.event_data.ServiceFileName winlog.event_data.ImagePath winlog.event_data.BinaryPath',
  ),
  ...row('name', "a program's own file is called as one likes", 'process.name', { of: 'process' }),
  ...row('name', "a program's own file is called as one likes", 'process.parent.name', { of: 'process.parent' }),
  ...row('name', "a program's own file is called as one likes", 'process.Ext.effective_parent.name', {
    of: 'effective parent',
  }),
  ...row('name', 'a library of his own is called as he likes', 'dll.name', { of: 'dll' }),
  ...row('name', 'a file is called as one likes', 'file.name', { of: 'file' }),
  ...row('object', 'who opens a process chooses which', 'TargetImage winlog.event_data.TargetImage', {
    of: 'TargetImage',
  }),
  ...row('object', 'who opens a process chooses which', 'Target.process.executable', { of: 'Target.process' }),
  ...row(
    'object',
    'who opens, reads or changes something chooses what',
    'ObjectName winlog.event_data.ObjectName ObjectType winlog.event_data.ObjectType ObjectClass winlog.event_data.ObjectClass Properties ObjectDN winlog.event_data.ObjectDN Device TargetProcessAddress',
  ),
  ...row(
    'registry-key',
    'who writes to the registry chooses where, as far as he may',
    'TargetObject registry.path registry.key ObjectValueName',
  ),
  ...row('text', 'who writes to the registry names the value', 'registry.value EventType registry.hive'),
  ...row(
    'account',
    'one acts as an account only with its secret or its session',
    'User ParentUser SourceUser TargetUser SubjectUserName SubjectUserSid SubjectDomainName TargetUserName TargetUserSid TargetDomainName AccountName UserName SubjectLogonId LogonId TargetLogonId user.name user.id user.domain user.effective.name winlog.event_data.SubjectUserName winlog.event_data.SubjectUserSid winlog.event_data.SubjectDomainName winlog.event_data.SubjectLogonId winlog.event_data.TargetUserName winlog.event_data.TargetUserSid winlog.event_data.TargetDomainName winlog.logon.id',
  ),
  ...row(
    'integrity',
    'a higher level needs the right to it',
    'IntegrityLevel MandatoryLabel process.Ext.token.integrity_level_name winlog.event_data.IntegrityLevel process.Ext.token.elevation_level',
  ),
  ...row(
    'trust',
    'trust needs a certificate that the host trusts',
    'Signed SignatureStatus Signature process.code_signature.trusted process.code_signature.status process.parent.code_signature.trusted process.parent.code_signature.status dll.code_signature.trusted dll.code_signature.status file.code_signature.trusted file.code_signature.status process.code_signature.exists dll.code_signature.exists file.code_signature.exists process.parent.code_signature.exists',
  ),
  ...row(
    'text',
    "a certificate of one's own bears any name; only trust says more",
    'process.code_signature.subject_name process.parent.code_signature.subject_name dll.code_signature.subject_name file.code_signature.subject_name',
  ),
  ...row(
    'hash',
    'no other file has that hash',
    'Hashes Hash Sha256 Sha1 Md5 process.hash.sha256 process.hash.sha1 process.hash.md5 process.parent.hash.sha256 dll.hash.sha256 file.hash.sha256',
    { list: true },
  ),
  ...row('text', "a table of imports can be laid out as another's", 'Imphash'),
  ...row(
    'address',
    'one talks from and to a machine that one has',
    'DestinationIp SourceIp IpAddress SourceAddress DestAddress ClientAddress RemoteAddress destination.ip source.ip destination.address source.address',
  ),
  ...row('host', 'a name of the DNS belongs to its owner', 'QueryName destination.domain RemoteName'),
  ...row(
    'text',
    "Sysmon looks the address up, and its owner's DNS says any name",
    'DestinationHostname SourceHostname',
  ),
  // Elasticsearch looks for words within these.
  ...row(
    'text',
    "the text of a script is its author's",
    'powershell.file.script_block_text powershell.command.name message',
    { list: true },
  ),
  ...row('system', 'Windows lists the rights that a session has', 'PrivilegeList winlog.event_data.PrivilegeList', {
    list: true,
  }),
  ...row('host', 'a name of the DNS belongs to its owner', 'dns.question.name', { list: true }),
  ...row('system', 'Windows or the sensor sets it', 'event.category event.type', { list: true }),
  ...row(
    'recorder',
    'what reports the event is up to the site',
    'Provider_Name Channel data_stream.dataset event.module event.provider event.dataset agent.type winlog.channel winlog.provider_name',
  ),
  ...row(
    'system',
    'Windows or the sensor sets it',
    'EventID event.code Computer ProcessId ParentProcessId process.pid process.parent.pid ProcessGuid TimeCreated host.os.type host.id event.action host.name TargetParentProcessId',
  ),
]);

/** Who sets a field; undefined where that is not known. */
export function controlOf(field: string): FieldControl | undefined {
  return FIELDS.get(field.toLowerCase());
}

/** Programs of protected folders that run what anyone gives them: named by themselves they guard nothing. */
export const LAUNCHERS: ReadonlySet<string> = new Set(
  (
    'cmd.exe powershell.exe pwsh.exe powershell_ise.exe wscript.exe cscript.exe mshta.exe rundll32.exe regsvr32.exe msiexec.exe msbuild.exe installutil.exe regasm.exe regsvcs.exe ' +
    'forfiles.exe pcalua.exe conhost.exe wmic.exe odbcconf.exe cmstp.exe bash.exe wsl.exe python.exe pythonw.exe java.exe javaw.exe node.exe perl.exe'
  ).split(' '),
);

/** Programs that start what a user without rights asks them to start: by a scheduled task, by WMI, by a double click. */
export const PARENT_LAUNCHERS: ReadonlySet<string> = new Set([
  ...LAUNCHERS,
  'svchost.exe',
  'taskeng.exe',
  'wmiprvse.exe',
  'explorer.exe',
]);

/** Domains below which anyone gets a name. */
export const RENTED_DOMAINS: readonly string[] = [
  'amazonaws.com',
  'azureedge.net',
  'azurewebsites.net',
  'cloudapp.azure.com',
  'cloudapp.net',
  'cloudfront.net',
  'windows.net',
  'azure.com',
  'appspot.com',
  'firebaseio.com',
  'firebaseapp.com',
  'web.app',
  'googleusercontent.com',
  'googleapis.com',
  'github.io',
  'githubusercontent.com',
  'github.com',
  'gitlab.io',
  'gitlab.com',
  'herokuapp.com',
  'netlify.app',
  'vercel.app',
  'pages.dev',
  'workers.dev',
  'trycloudflare.com',
  'ngrok.io',
  'ngrok-free.app',
  'sharepoint.com',
  'onedrive.com',
  'dropbox.com',
  'fastly.net',
  'akamaihd.net',
];

/** States of a signature that a certificate of one's own has (Elastic Defend). */
export const UNTRUSTED_STATUSES: readonly string[] = [
  'errorChaining',
  'errorUntrustedRoot',
  'errorBadDigest',
  'noSignature',
  'Unavailable',
];
