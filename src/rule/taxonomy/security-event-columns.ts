// The columns of Microsoft Sentinel's table SecurityEvent that hold a value of the event under the event's own name.
// Source: Azure Monitor Logs reference, SecurityEvent, as of 2024-09-25. What the table says of the record itself (Account, Process, Task, StorageAccount ...) is left out.
// AccessList, AccessReason and ImpersonationLevel are not in that list: Microsoft's own rules ask for the first (Azure-Sentinel, named pipes of Cobalt Strike, event 5145),
// and public data collection rules that declare the whole table have all three.

export const SECURITY_EVENT_COLUMNS: ReadonlySet<string> = new Set(
  `AccessList AccessMask AccessReason AccountDomain AccountExpires AccountName AccountSessionIdentifier AllowedToDelegateTo Attributes
  AuditPolicyChanges AuditsDiscarded AuthenticationLevel AuthenticationPackageName AuthenticationProvider
  AuthenticationServer AuthenticationService AuthenticationType CACertificateHash CAPublicKeyHash CalledStationID
  CallerProcessId CallerProcessName CallingStationID CategoryId CertificateDatabaseHash Channel ClassId ClassName
  ClientAddress ClientIPAddress ClientName CommandLine CompatibleIds Computer DCDNSName DeviceDescription DeviceId
  DisplayName Disposition DomainBehaviorVersion DomainName DomainPolicyChanged DomainSid EAPType ElevatedToken
  ErrorCode EventID ExtendedQuarantineState FailureReason FileHash FilePath Filter ForceLogoff Fqbn
  FullyQualifiedSubjectMachineName FullyQualifiedSubjectUserName GroupMembership HandleId HardwareIds HomeDirectory
  HomePath ImpersonationLevel InterfaceUuid IpAddress IpPort KeyLength Level LmPackageName LocationInformation LockoutDuration
  LockoutObservationWindow LockoutThreshold LoggingResult LogonGuid LogonHours LogonID LogonProcessName LogonType
  MachineAccountQuota MachineInventory MachineLogon MandatoryLabel MaxPasswordAge MemberName MemberSid MinPasswordAge
  MinPasswordLength MixedDomainMode NASIPv4Address NASIPv6Address NASIdentifier NASPort NASPortType NetworkPolicyName
  NewDate NewMaxUsers NewProcessId NewProcessName NewRemark NewShareFlags NewTime NewUacValue NewValue NewValueType
  ObjectName ObjectServer ObjectType ObjectValueName OemInformation OldMaxUsers OldRemark OldShareFlags OldUacValue
  OldValue OldValueType OperationType PackageName ParentProcessName PasswordHistoryLength PasswordLastSet
  PasswordProperties PreviousDate PreviousTime PrimaryGroupId PrivateKeyUsageCount PrivilegeList ProcessId ProcessName
  ProfilePath Properties ProtocolSequence ProxyPolicyName QuarantineHelpURL QuarantineSessionID
  QuarantineSessionIdentifier QuarantineState QuarantineSystemHealthResult RelativeTargetName RemoteIpAddress
  RemotePort RequestId Requester RestrictedAdminMode RowsDeleted SamAccountName ScriptPath SecurityDescriptor
  ServiceAccount ServiceFileName ServiceName ServiceStartType ServiceType SessionName ShareLocalPath ShareName
  SidHistory Status SubStatus SubcategoryGuid SubcategoryId Subject SubjectDomainName SubjectKeyIdentifier
  SubjectLogonId SubjectMachineName SubjectMachineSID SubjectUserName SubjectUserSid TableId TargetDomainName
  TargetInfo TargetLinkedLogonId TargetLogonGuid TargetLogonId TargetOutboundDomainName TargetOutboundUserName
  TargetServerName TargetSid TargetUser TargetUserName TargetUserSid TemplateContent TemplateDSObjectFQDN
  TemplateInternalName TemplateOID TemplateSchemaVersion TemplateVersion TokenElevationType TransmittedServices
  UserAccountControl UserParameters UserPrincipalName UserWorkstations VendorIds VirtualAccount Workstation
  WorkstationName`.split(/\s+/),
);
