// Columns of the vendors' tables, by type, as their own documents list them: what the taxonomies are held against. Facts alone.
// Defender XDR: MicrosoftDocs/defender-docs, defender-xdr/advanced-hunting-*-table.md, 2024-09-06 (CC BY 4.0). SecurityEvent: Azure Monitor Logs reference, 2024-09-25 (CC BY 4.0).
// CIM: Splunk Common Information Model 8.5.0, data model definitions, in the form of tenzir/skills, deb1293b, 2026-08-22 (Apache 2.0).
// ECS: elastic/ecs, generated/csv/fields.csv, 9.5.0-dev, b85f7573, 2026-05-29 (Apache 2.0): the fields of the sets that rules use.
// Sysmon: microsoft/SysmonCommon, manifest.xml, schema 4.90, b6010a7, 2026-04-23 (MIT).
// OCSF: ocsf/ocsf-schema, 1.9.0-dev, a5cfc68e, 2026-07-22 (Apache 2.0): attributes of objects and classes.

type Columns = Readonly<Record<string, string>>;

export const DEFENDER_TABLES: Readonly<Record<string, Columns>> = {
  DeviceProcessEvents: {
    time: `InitiatingProcessCreationTime InitiatingProcessParentCreationTime ProcessCreationTime Timestamp`,
    text: `AccountDomain AccountName AccountObjectId AccountSid AccountUpn ActionType AdditionalFields AppGuardContainerId
      DeviceId DeviceName FileName FolderPath InitiatingProcessAccountDomain InitiatingProcessAccountName
      InitiatingProcessAccountObjectId InitiatingProcessAccountSid InitiatingProcessAccountUpn
      InitiatingProcessCommandLine InitiatingProcessFileName InitiatingProcessFolderPath InitiatingProcessIntegrityLevel
      InitiatingProcessMD5 InitiatingProcessParentFileName InitiatingProcessRemoteSessionDeviceName
      InitiatingProcessRemoteSessionIP InitiatingProcessSHA1 InitiatingProcessSHA256 InitiatingProcessSignatureStatus
      InitiatingProcessSignerType InitiatingProcessTokenElevation InitiatingProcessVersionInfoCompanyName
      InitiatingProcessVersionInfoFileDescription InitiatingProcessVersionInfoInternalFileName
      InitiatingProcessVersionInfoOriginalFileName InitiatingProcessVersionInfoProductName
      InitiatingProcessVersionInfoProductVersion MD5 ProcessCommandLine ProcessIntegrityLevel
      ProcessRemoteSessionDeviceName ProcessRemoteSessionIP ProcessTokenElevation ProcessVersionInfoCompanyName
      ProcessVersionInfoFileDescription ProcessVersionInfoInternalFileName ProcessVersionInfoOriginalFileName
      ProcessVersionInfoProductName ProcessVersionInfoProductVersion SHA1 SHA256`,
    number: `CreatedProcessSessionId FileSize InitiatingProcessFileSize InitiatingProcessId InitiatingProcessLogonId
      InitiatingProcessParentId InitiatingProcessSessionId LogonId ProcessId ReportId`,
    boolean: `IsInitiatingProcessRemoteSession IsProcessRemoteSession`,
  },
  DeviceRegistryEvents: {
    time: `InitiatingProcessCreationTime InitiatingProcessParentCreationTime Timestamp`,
    text: `ActionType AppGuardContainerId DeviceId DeviceName InitiatingProcessAccountDomain InitiatingProcessAccountName
      InitiatingProcessAccountObjectId InitiatingProcessAccountSid InitiatingProcessAccountUpn
      InitiatingProcessCommandLine InitiatingProcessFileName InitiatingProcessFolderPath InitiatingProcessIntegrityLevel
      InitiatingProcessMD5 InitiatingProcessParentFileName InitiatingProcessRemoteSessionDeviceName
      InitiatingProcessRemoteSessionIP InitiatingProcessSHA1 InitiatingProcessSHA256 InitiatingProcessTokenElevation
      InitiatingProcessVersionInfoCompanyName InitiatingProcessVersionInfoFileDescription
      InitiatingProcessVersionInfoInternalFileName InitiatingProcessVersionInfoOriginalFileName
      InitiatingProcessVersionInfoProductName InitiatingProcessVersionInfoProductVersion PreviousRegistryKey
      PreviousRegistryValueData PreviousRegistryValueName RegistryKey RegistryValueData RegistryValueName
      RegistryValueType`,
    number: `InitiatingProcessFileSize InitiatingProcessId InitiatingProcessParentId InitiatingProcessSessionId ReportId`,
    boolean: `IsInitiatingProcessRemoteSession`,
  },
  DeviceNetworkEvents: {
    time: `InitiatingProcessCreationTime InitiatingProcessParentCreationTime Timestamp`,
    text: `ActionType AdditionalFields AppGuardContainerId DeviceId DeviceName InitiatingProcessAccountDomain
      InitiatingProcessAccountName InitiatingProcessAccountObjectId InitiatingProcessAccountSid
      InitiatingProcessAccountUpn InitiatingProcessCommandLine InitiatingProcessFileName InitiatingProcessFolderPath
      InitiatingProcessIntegrityLevel InitiatingProcessMD5 InitiatingProcessParentFileName
      InitiatingProcessRemoteSessionDeviceName InitiatingProcessRemoteSessionIP InitiatingProcessSHA1
      InitiatingProcessSHA256 InitiatingProcessTokenElevation InitiatingProcessVersionInfoCompanyName
      InitiatingProcessVersionInfoFileDescription InitiatingProcessVersionInfoInternalFileName
      InitiatingProcessVersionInfoOriginalFileName InitiatingProcessVersionInfoProductName
      InitiatingProcessVersionInfoProductVersion LocalIP LocalIPType Protocol RemoteIP RemoteIPType RemoteUrl`,
    number: `InitiatingProcessFileSize InitiatingProcessId InitiatingProcessParentId InitiatingProcessSessionId LocalPort
      RemotePort ReportId`,
    boolean: `IsInitiatingProcessRemoteSession`,
  },
  DeviceFileEvents: {
    time: `InitiatingProcessCreationTime InitiatingProcessParentCreationTime Timestamp`,
    text: `ActionType AdditionalFields AppGuardContainerId DeviceId DeviceName FileName FileOriginIP FileOriginReferrerUrl
      FileOriginUrl FolderPath InitiatingProcessAccountDomain InitiatingProcessAccountName
      InitiatingProcessAccountObjectId InitiatingProcessAccountSid InitiatingProcessAccountUpn
      InitiatingProcessCommandLine InitiatingProcessFileName InitiatingProcessFolderPath InitiatingProcessIntegrityLevel
      InitiatingProcessMD5 InitiatingProcessParentFileName InitiatingProcessRemoteSessionDeviceName
      InitiatingProcessRemoteSessionIP InitiatingProcessSHA1 InitiatingProcessSHA256 InitiatingProcessTokenElevation
      InitiatingProcessVersionInfoCompanyName InitiatingProcessVersionInfoFileDescription
      InitiatingProcessVersionInfoInternalFileName InitiatingProcessVersionInfoOriginalFileName
      InitiatingProcessVersionInfoProductName InitiatingProcessVersionInfoProductVersion MD5 PreviousFileName
      PreviousFolderPath RequestAccountDomain RequestAccountName RequestAccountSid RequestProtocol RequestSourceIP SHA1
      SHA256 SensitivityLabel SensitivitySubLabel ShareName`,
    number: `FileSize InitiatingProcessFileSize InitiatingProcessId InitiatingProcessParentId InitiatingProcessSessionId
      ReportId RequestSourcePort`,
    boolean: `IsAzureInfoProtectionApplied IsInitiatingProcessRemoteSession`,
  },
  DeviceImageLoadEvents: {
    time: `InitiatingProcessCreationTime InitiatingProcessParentCreationTime Timestamp`,
    text: `ActionType AppGuardContainerId DeviceId DeviceName FileName FolderPath InitiatingProcessAccountDomain
      InitiatingProcessAccountName InitiatingProcessAccountObjectId InitiatingProcessAccountSid
      InitiatingProcessAccountUpn InitiatingProcessCommandLine InitiatingProcessFileName InitiatingProcessFolderPath
      InitiatingProcessIntegrityLevel InitiatingProcessMD5 InitiatingProcessParentFileName
      InitiatingProcessRemoteSessionDeviceName InitiatingProcessRemoteSessionIP InitiatingProcessSHA1
      InitiatingProcessSHA256 InitiatingProcessTokenElevation InitiatingProcessVersionInfoCompanyName
      InitiatingProcessVersionInfoFileDescription InitiatingProcessVersionInfoInternalFileName
      InitiatingProcessVersionInfoOriginalFileName InitiatingProcessVersionInfoProductName
      InitiatingProcessVersionInfoProductVersion MD5 SHA1 SHA256`,
    number: `FileSize InitiatingProcessFileSize InitiatingProcessId InitiatingProcessParentId InitiatingProcessSessionId
      ReportId`,
    boolean: `IsInitiatingProcessRemoteSession`,
  },
  DeviceLogonEvents: {
    time: `InitiatingProcessCreationTime InitiatingProcessParentCreationTime Timestamp`,
    text: `AccountDomain AccountName AccountSid ActionType AdditionalFields AppGuardContainerId DeviceId DeviceName
      FailureReason InitiatingProcessAccountDomain InitiatingProcessAccountName InitiatingProcessAccountObjectId
      InitiatingProcessAccountSid InitiatingProcessAccountUpn InitiatingProcessCommandLine InitiatingProcessFileName
      InitiatingProcessFolderPath InitiatingProcessIntegrityLevel InitiatingProcessMD5 InitiatingProcessParentFileName
      InitiatingProcessRemoteSessionDeviceName InitiatingProcessRemoteSessionIP InitiatingProcessSHA1
      InitiatingProcessSHA256 InitiatingProcessTokenElevation InitiatingProcessVersionInfoCompanyName
      InitiatingProcessVersionInfoFileDescription InitiatingProcessVersionInfoInternalFileName
      InitiatingProcessVersionInfoOriginalFileName InitiatingProcessVersionInfoProductName
      InitiatingProcessVersionInfoProductVersion LogonType Protocol RemoteDeviceName RemoteIP RemoteIPType`,
    boolean: `IsInitiatingProcessRemoteSession IsLocalAdmin`,
    number: `InitiatingProcessFileSize InitiatingProcessId InitiatingProcessParentId InitiatingProcessSessionId LogonId
      RemotePort ReportId`,
  },
  DeviceEvents: {
    time: `InitiatingProcessCreationTime InitiatingProcessParentCreationTime ProcessCreationTime Timestamp`,
    text: `AccountDomain AccountName AccountSid ActionType AdditionalFields AppGuardContainerId DeviceId DeviceName FileName
      FileOriginIP FileOriginUrl FolderPath InitiatingProcessAccountDomain InitiatingProcessAccountName
      InitiatingProcessAccountObjectId InitiatingProcessAccountSid InitiatingProcessAccountUpn
      InitiatingProcessCommandLine InitiatingProcessFileName InitiatingProcessFolderPath InitiatingProcessMD5
      InitiatingProcessParentFileName InitiatingProcessRemoteSessionDeviceName InitiatingProcessRemoteSessionIP
      InitiatingProcessSHA1 InitiatingProcessSHA256 InitiatingProcessVersionInfoCompanyName
      InitiatingProcessVersionInfoFileDescription InitiatingProcessVersionInfoInternalFileName
      InitiatingProcessVersionInfoOriginalFileName InitiatingProcessVersionInfoProductName
      InitiatingProcessVersionInfoProductVersion LocalIP MD5 ProcessCommandLine ProcessRemoteSessionDeviceName
      ProcessRemoteSessionIP ProcessTokenElevation RegistryKey RegistryValueData RegistryValueName RemoteDeviceName
      RemoteIP RemoteUrl SHA1 SHA256`,
    number: `CreatedProcessSessionId FileSize InitiatingProcessFileSize InitiatingProcessId InitiatingProcessLogonId
      InitiatingProcessParentId InitiatingProcessSessionId LocalPort LogonId ProcessId RemotePort ReportId`,
    boolean: `IsInitiatingProcessRemoteSession IsProcessRemoteSession`,
  },
};

export const SECURITY_EVENT: Columns = {
  text: `AccessMask Account AccountDomain AccountExpires AccountName AccountSessionIdentifier AccountType Activity
    AdditionalInfo AdditionalInfo2 AllowedToDelegateTo Attributes AuditPolicyChanges AuthenticationPackageName
    AuthenticationProvider AuthenticationServer AuthenticationType AzureDeploymentID CACertificateHash CAPublicKeyHash
    CalledStationID CallerProcessId CallerProcessName CallingStationID CategoryId CertificateDatabaseHash Channel
    ClassId ClassName ClientAddress ClientIPAddress ClientName CommandLine CompatibleIds Computer Correlation DCDNSName
    DeviceDescription DeviceId DisplayName Disposition DomainBehaviorVersion DomainName DomainPolicyChanged DomainSid
    EAPType ElevatedToken EventData EventLevelName EventRecordId EventSourceName ExtendedQuarantineState FailureReason
    FileHash FilePath FilePathNoUser Filter ForceLogoff Fqbn FullyQualifiedSubjectMachineName
    FullyQualifiedSubjectUserName GroupMembership HandleId HardwareIds HomeDirectory HomePath InterfaceUuid IpAddress
    IpPort Keywords Level LmPackageName LocationInformation LockoutDuration LockoutObservationWindow LockoutThreshold
    LoggingResult LogonGuid LogonHours LogonID LogonProcessName LogonTypeName MachineAccountQuota MachineInventory
    MachineLogon ManagementGroupName MandatoryLabel MaxPasswordAge MemberName MemberSid MinPasswordAge MinPasswordLength
    MixedDomainMode NASIPv4Address NASIPv6Address NASIdentifier NASPort NASPortType NetworkPolicyName NewDate
    NewMaxUsers NewProcessId NewProcessName NewRemark NewShareFlags NewTime NewUacValue NewValue NewValueType ObjectName
    ObjectServer ObjectType ObjectValueName OemInformation OldMaxUsers OldRemark OldShareFlags OldUacValue OldValue
    OldValueType Opcode OperationType PackageName ParentProcessName PasswordHistoryLength PasswordLastSet
    PasswordProperties PreviousDate PreviousTime PrimaryGroupId PrivateKeyUsageCount PrivilegeList Process ProcessId
    ProcessName ProfilePath Properties ProtocolSequence ProxyPolicyName QuarantineHelpURL QuarantineSessionID
    QuarantineSessionIdentifier QuarantineState QuarantineSystemHealthResult RelativeTargetName RemoteIpAddress
    RemotePort RequestId Requester RestrictedAdminMode RowsDeleted SamAccountName ScriptPath SecurityDescriptor
    ServiceAccount ServiceFileName ServiceName ServiceType SessionName ShareLocalPath ShareName SidHistory
    SourceComputerId SourceSystem Status StorageAccount SubStatus SubcategoryGuid SubcategoryId Subject SubjectAccount
    SubjectDomainName SubjectKeyIdentifier SubjectLogonId SubjectMachineName SubjectMachineSID SubjectUserName
    SubjectUserSid SystemUserId TableId TargetAccount TargetDomainName TargetInfo TargetLinkedLogonId TargetLogonGuid
    TargetLogonId TargetOutboundDomainName TargetOutboundUserName TargetServerName TargetSid TargetUser TargetUserName
    TargetUserSid TemplateContent TemplateDSObjectFQDN TemplateInternalName TemplateOID TemplateSchemaVersion
    TemplateVersion TenantId TokenElevationType TransmittedServices Type UserAccountControl UserParameters
    UserPrincipalName UserWorkstations VendorIds VirtualAccount Workstation WorkstationName _IsBillable _ResourceId
    _SubscriptionId`,
  number: `AuditsDiscarded AuthenticationLevel AuthenticationService ErrorCode EventID KeyLength LogonType ServiceStartType
    SystemProcessId SystemThreadId Task Version _BilledSize`,
  time: `TimeGenerated`,
};

export const CIM_DATASETS: Readonly<Record<string, Columns>> = {
  'Endpoint.Processes': {
    text: `_time action cim_entity_zone dest host loaded_file original_file_name os parent_process parent_process_exec
      parent_process_guid parent_process_hash parent_process_name parent_process_path parent_user process
      process_current_directory process_exec process_guid process_hash process_integrity_level process_name process_path
      source sourcetype tag user user_id vendor_product`,
    number: `cpu_load_percent mem_used parent_process_id process_id`,
    boolean: `dest_is_expected`,
  },
  'Endpoint.Filesystem': {
    text: `_time action cim_entity_zone dest file_acl file_hash file_name file_path host image parent_process
      parent_process_exec parent_process_guid parent_process_hash parent_process_name parent_process_path process
      process_exec process_guid process_hash process_id process_name process_path source sourcetype tag user
      vendor_product`,
    time: `file_access_time file_create_time file_modify_time`,
    number: `file_size parent_process_id`,
  },
  'Endpoint.Registry': {
    text: `_time action cim_entity_zone dest host image parent_process parent_process_exec parent_process_guid
      parent_process_hash parent_process_name parent_process_path process process_exec process_guid process_hash
      process_id process_name process_path registry_hive registry_key_name registry_path registry_value_data
      registry_value_name registry_value_text registry_value_type source sourcetype status tag user vendor_product`,
    number: `parent_process_id`,
  },
  'Network_Traffic.All_Traffic': {
    text: `_time action app cim_entity_zone dest dest_interface dest_ip dest_mac dest_translated_ip dest_zone direction dvc
      dvc_ip dvc_mac dvc_zone flow_id host icmp_code process_guid process_id protocol protocol_version rule rule_id
      session_id source sourcetype src src_interface src_ip src_mac src_port src_translated_ip src_zone ssid tag
      tcp_flag tos transport user vendor_account vendor_product vlan wifi`,
    number: `bytes bytes_in bytes_out channel dest_port dest_translated_port duration icmp_type packets packets_in packets_out
      response_time src_translated_port ttl`,
  },
  'Network_Resolution.DNS': {
    text: `_time answer cim_entity_zone dest dest_ip host message_type name query query_type record_type reply_code
      reply_code_id source sourcetype src src_ip tag transport vendor_product`,
    number: `additional_answer_count answer_count authority_answer_count dest_port duration query_count response_time src_port
      transaction_id ttl`,
  },
  'Authentication.Authentication': {
    text: `_time action app authentication_method authentication_service cim_entity_zone dest dest_nt_domain host process
      reason reason_id result session_id signature signature_id source sourcetype src src_nt_domain src_user src_user_id
      src_user_role src_user_type tag user user_agent user_id user_role user_type vendor_account`,
    number: `duration response_time`,
  },
};

export const ECS_FIELDS: Columns = {
  text: `destination.domain dll.code_signature.status dll.code_signature.subject_name dll.hash.md5 dll.hash.sha1
    dll.hash.sha256 dll.name dll.path dll.pe.company dll.pe.description dll.pe.file_version dll.pe.imphash
    dll.pe.original_file_name dll.pe.product dns.question.name error.code event.action event.category event.code
    event.type file.code_signature.status file.code_signature.subject_name file.extension file.hash.md5 file.hash.sha1
    file.hash.sha256 file.name file.path file.pe.company file.pe.description file.pe.file_version file.pe.imphash
    file.pe.original_file_name file.pe.product host.name host.os.type message network.direction network.protocol
    network.transport network.type process.args process.code_signature.status process.code_signature.subject_name
    process.command_line process.entity_id process.executable process.hash.md5 process.hash.sha1 process.hash.sha256
    process.name process.parent.args process.parent.code_signature.status process.parent.code_signature.subject_name
    process.parent.command_line process.parent.entity_id process.parent.executable process.parent.hash.md5
    process.parent.hash.sha1 process.parent.hash.sha256 process.parent.name process.parent.pe.company
    process.parent.pe.description process.parent.pe.file_version process.parent.pe.imphash
    process.parent.pe.original_file_name process.parent.pe.product process.parent.working_directory process.pe.company
    process.pe.description process.pe.file_version process.pe.imphash process.pe.original_file_name process.pe.product
    process.working_directory registry.data.bytes registry.data.strings registry.data.type registry.hive registry.key
    registry.path registry.value rule.name source.domain user.domain user.id user.name`,
  address: `destination.ip dns.resolved_ip host.ip source.ip`,
  number: `destination.port file.size process.args_count process.parent.args_count process.parent.pid process.parent.thread.id
    process.pid process.thread.id source.port`,
  boolean: `dll.code_signature.exists dll.code_signature.trusted file.code_signature.exists file.code_signature.trusted
    process.code_signature.exists process.code_signature.trusted process.parent.code_signature.exists
    process.parent.code_signature.trusted`,
};

/** By the name of an object or class: its attributes, those of the objects it is made from too. */
export const OCSF_ATTRIBUTES: Readonly<Record<string, string>> = {
  process_activity: `action action_id activity_id activity_name actor actual_permissions ai_agent ai_model api attacks attestation_list
    authorizations category_name category_uid class_name class_uid cloud confidence confidence_id confidence_score count
    device disposition disposition_id duration end_time enrichments exit_code firewall_rule injection_type
    injection_type_id is_alert launch_type launch_type_id malware malware_scan_info message message_context metadata
    module observables osint policy process raw_data raw_data_hash raw_data_size requested_permissions risk_details
    risk_level risk_level_id risk_score severity severity_id start_time status status_code status_detail status_id time
    timezone_offset type_name type_uid unmapped`,
  file_activity: `access_mask action action_id activity_id activity_name actor ai_agent ai_model api attacks attestation_list
    authorizations category_name category_uid class_name class_uid cloud component confidence confidence_id
    confidence_score connection_uid count create_mask device disposition disposition_id duration end_time enrichments
    file file_diff file_result firewall_rule is_alert malware malware_scan_info message message_context metadata
    observables osint policy raw_data raw_data_hash raw_data_size risk_details risk_level risk_level_id risk_score
    severity severity_id start_time status status_code status_detail status_id time timezone_offset type_name type_uid
    unmapped`,
  module_activity: `action action_id activity_id activity_name actor ai_agent ai_model api attacks attestation_list authorizations
    category_name category_uid class_name class_uid cloud confidence confidence_id confidence_score count device
    disposition disposition_id duration end_time enrichments firewall_rule is_alert malware malware_scan_info message
    message_context metadata module observables osint policy raw_data raw_data_hash raw_data_size risk_details
    risk_level risk_level_id risk_score severity severity_id start_time status status_code status_detail status_id time
    timezone_offset type_name type_uid unmapped`,
  network_activity: `action action_id activity_id activity_name actor ai_agent ai_model api app_name app_protocol_name attacks
    attestation_list authorizations category_name category_uid class_name class_uid cloud confidence confidence_id
    confidence_score connection_info count cumulative_traffic device disposition disposition_id dst_endpoint duration
    end_time enrichments firewall_rule initiator initiator_id is_alert is_src_dst_assignment_known ja4_fingerprint_list
    load_balancer malware malware_scan_info message message_context metadata network_observation_point observables
    observation_point observation_point_id osint packet_list policy proxy proxy_connection_info proxy_endpoint
    proxy_http_request proxy_http_response proxy_tls proxy_traffic raw_data raw_data_hash raw_data_size risk_details
    risk_level risk_level_id risk_score severity severity_id src_endpoint start_time status status_code status_detail
    status_id time timezone_offset tls traffic type_name type_uid unmapped url`,
  dns_activity: `action action_id activity_id activity_name actor ai_agent ai_model answers api app_name app_protocol_name attacks
    attestation_list authority authorizations category_name category_uid class_name class_uid cloud confidence
    confidence_id confidence_score connection_info count cumulative_traffic device disposition disposition_id
    dst_endpoint duration end_time enrichments firewall_rule flag_ids flags is_alert ja4_fingerprint_list load_balancer
    malware malware_scan_info message message_context metadata network_observation_point observables observation_point
    observation_point_id opcode opcode_id osint packet_list policy proxy proxy_connection_info proxy_endpoint
    proxy_http_request proxy_http_response proxy_tls proxy_traffic query query_additional query_time raw_data
    raw_data_hash raw_data_size rcode rcode_id response_additional response_time risk_details risk_level risk_level_id
    risk_score severity severity_id src_endpoint start_time status status_code status_detail status_id time
    timezone_offset tls traffic transaction_id type_name type_uid unmapped`,
  authentication: `account_switch_type account_switch_type_id action action_id activity_id activity_name actor ai_agent ai_model api
    attacks attestation_list auth_factors auth_protocol auth_protocol_id authentication_token authorizations
    category_name category_uid certificate class_name class_uid cloud confidence confidence_id confidence_score count
    device disposition disposition_id dst_endpoint duration end_time enrichments firewall_rule http_request
    http_response is_alert is_cleartext is_mfa is_new_logon is_remote logon_process logon_type logon_type_id malware
    malware_scan_info message message_context metadata observables osint policy raw_data raw_data_hash raw_data_size
    risk_details risk_level risk_level_id risk_score service session severity severity_id src_endpoint start_time status
    status_code status_detail status_id time timezone_offset type_name type_uid unmapped user`,
  account_change: `action action_id activity_id activity_name actor ai_agent ai_model api attacks attestation_list auth_factors
    authorizations category_name category_uid class_name class_uid cloud confidence confidence_id confidence_score count
    device disposition disposition_id duration end_time enrichments firewall_rule http_request http_response is_alert
    malware malware_scan_info message message_context metadata observables osint policies policy raw_data raw_data_hash
    raw_data_size risk_details risk_level risk_level_id risk_score severity severity_id src_endpoint start_time status
    status_code status_detail status_id time timezone_offset type_name type_uid unmapped user user_result`,
  scheduled_job_activity: `action action_id activity_id activity_name actor ai_agent ai_model api attacks attestation_list authorizations
    category_name category_uid class_name class_uid cloud confidence confidence_id confidence_score count device
    disposition disposition_id duration end_time enrichments firewall_rule is_alert job malware malware_scan_info
    message message_context metadata observables osint policy raw_data raw_data_hash raw_data_size risk_details
    risk_level risk_level_id risk_score severity severity_id start_time status status_code status_detail status_id time
    timezone_offset type_name type_uid unmapped updated_job`,
  process: `ai_agent ancestry cmd_line container cpid created_time environment_variables file hosted_ai_agent_list integrity
    integrity_id lineage loaded_modules name namespace_pid parent_process path pid ptid sandbox session terminated_time
    tid uid uid_numeric user working_directory xattributes`,
  file: `accessed_time accessor attributes company_name confidentiality confidentiality_id created_time creator
    data_classification data_classifications desc download_info drive_type drive_type_id encryption_details ext hashes
    imported_symbols internal_name is_deleted is_encrypted is_public is_readonly is_system mime_type modified_time
    modifier name owner parent_folder path product security_descriptor signature signatures size storage_class tags type
    type_id uid uid_numeric uri url version volume xattributes`,
  module: `base_address file function_invocation function_name load_type load_type_id start_address type`,
  network_connection_info: `boundary boundary_id community_uid direction direction_id flag_history protocol_name protocol_num protocol_ver
    protocol_ver_id session tcp_flags uid`,
  network_endpoint: `agent_list autonomous_system container domain fingerprints hostname hw_info instance_uid interface_name
    interface_uid intermediate_ips ip isp isp_org location mac mac_vendor name namespace_pid network_scope
    network_scope_id os owner pool port proxy_endpoint subnet_uid svc_name type type_id uid uid_numeric vlan_uid vpc_uid
    zone`,
  user: `account credential_uid display_name domain email_addr forward_addr full_name groups has_mfa ldap_person name org
    phone_number programmatic_credentials risk_level risk_level_id risk_score type type_id uid uid_alt uid_numeric`,
  actor: `app_name app_uid authorizations iam_role idp invoked_by process session user`,
  job: `cmd_line created_time desc file job_actions job_triggers last_run_time name next_run_time run_state run_state_id
    type type_id uid user`,
  dns_query: `class hostname opcode opcode_id packet_uid type`,
};

/** By the number of an event of Sysmon: its data. */
export const SYSMON_EVENTS: Readonly<Record<number, string>> = {
  1: `RuleName UtcTime ProcessGuid ProcessId Image FileVersion Description Product Company OriginalFileName
    CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid
    ParentProcessId ParentImage ParentCommandLine ParentUser`,
  2: `RuleName UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime PreviousCreationUtcTime User`,
  3: `RuleName UtcTime ProcessGuid ProcessId Image User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname
    SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort
    DestinationPortName`,
  4: `UtcTime State Version SchemaVersion`,
  5: `RuleName UtcTime ProcessGuid ProcessId Image User`,
  6: `RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus`,
  7: `RuleName UtcTime ProcessGuid ProcessId Image ImageLoaded FileVersion Description Product Company
    OriginalFileName Hashes Signed Signature SignatureStatus User`,
  8: `RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage
    NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser`,
  9: `RuleName UtcTime ProcessGuid ProcessId Image Device User`,
  10: `RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId
    TargetImage GrantedAccess CallTrace SourceUser TargetUser`,
  11: `RuleName UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime User`,
  12: `RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject User`,
  13: `RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject Details User`,
  14: `RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject NewName User`,
  15: `RuleName UtcTime ProcessGuid ProcessId Image TargetFilename CreationUtcTime Hash Contents User`,
  16: `UtcTime Configuration ConfigurationFileHash`,
  17: `RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image User`,
  18: `RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image User`,
  19: `RuleName EventType UtcTime Operation User EventNamespace Name Query`,
  20: `RuleName EventType UtcTime Operation User Name Type Destination`,
  21: `RuleName EventType UtcTime Operation User Consumer Filter`,
  22: `RuleName UtcTime ProcessGuid ProcessId QueryName QueryStatus QueryResults Image User`,
  23: `RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable Archived`,
  24: `RuleName UtcTime ProcessGuid ProcessId Image Session ClientInfo Hashes Archived User`,
  25: `RuleName UtcTime ProcessGuid ProcessId Image Type User`,
  26: `RuleName UtcTime ProcessGuid ProcessId User Image TargetFilename Hashes IsExecutable`,
  100: `RuleName UtcTime ProcessGuid ProcessId Image User BpfCommand BpfProgramType BpfProgramId BpfProgramName`,
  255: `UtcTime ID Description`,
};
