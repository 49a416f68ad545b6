// The columns of Microsoft Sentinel's table SecurityEvent that hold a value of the event under the event's own name (Azure Monitor Logs reference).

export const SECURITY_EVENT_COLUMNS: ReadonlySet<string> = new Set(
  `AccessList AccessMask AccessReason AccountDomain AccountExpires AccountName AllowedToDelegateTo Attributes
  AuditPolicyChanges AuthenticationLevel AuthenticationPackageName AuthenticationProvider AuthenticationServer AuthenticationService
  AuthenticationType CallerProcessId CallerProcessName CategoryId Channel ClassId ClassName ClientAddress ClientName
  CommandLine CompatibleIds Computer DeviceDescription DeviceId DisplayName Disposition DomainName DomainSid ElevatedToken
  ErrorCode EventID FailureReason FileHash FilePath Filter Fqbn GroupMembership HandleId HardwareIds HomeDirectory HomePath
  ImpersonationLevel IpAddress IpPort KeyLength Level LmPackageName LocationInformation LogonGuid LogonHours LogonProcessName
  LogonType MandatoryLabel MemberName MemberSid NewProcessId NewProcessName NewUacValue NewValue NewValueType
  ObjectName ObjectServer ObjectType ObjectValueName OldUacValue OldValue OldValueType OperationType PackageName
  ParentProcessName PasswordLastSet PrimaryGroupId PrivilegeList ProcessId ProcessName ProfilePath Properties
  RelativeTargetName RequestId Requester RestrictedAdminMode SamAccountName ScriptPath SecurityDescriptor ServiceAccount
  ServiceFileName ServiceName ServiceStartType ServiceType SessionName ShareLocalPath ShareName SidHistory Status
  SubStatus SubcategoryGuid SubcategoryId Subject SubjectDomainName SubjectLogonId SubjectUserName SubjectUserSid
  TargetDomainName TargetInfo TargetLinkedLogonId TargetLogonGuid TargetLogonId TargetOutboundDomainName
  TargetOutboundUserName TargetServerName TargetSid TargetUserName TargetUserSid TemplateContent TemplateInternalName
  TemplateOID TemplateVersion TokenElevationType TransmittedServices UserAccountControl UserParameters UserPrincipalName
  UserWorkstations VirtualAccount Workstation WorkstationName`.split(/\s+/),
);
