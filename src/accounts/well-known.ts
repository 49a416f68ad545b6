// Accounts and groups that every Windows has, by their RID or SID (MS-DTYP 2.4.2.4; Microsoft's list of well-known SIDs).

/** Local groups of the domain Builtin, by RID. */
export const BUILTIN_GROUPS: ReadonlyMap<number, string> = new Map([
  [544, 'Administrators'],
  [545, 'Users'],
  [546, 'Guests'],
  [547, 'Power Users'],
  [548, 'Account Operators'],
  [549, 'Server Operators'],
  [550, 'Print Operators'],
  [551, 'Backup Operators'],
  [552, 'Replicator'],
  [554, 'Pre-Windows 2000 Compatible Access'],
  [555, 'Remote Desktop Users'],
  [556, 'Network Configuration Operators'],
  [557, 'Incoming Forest Trust Builders'],
  [558, 'Performance Monitor Users'],
  [559, 'Performance Log Users'],
  [560, 'Windows Authorization Access Group'],
  [561, 'Terminal Server License Servers'],
  [562, 'Distributed COM Users'],
  [568, 'IIS_IUSRS'],
  [569, 'Cryptographic Operators'],
  [573, 'Event Log Readers'],
  [574, 'Certificate Service DCOM Access'],
  [575, 'RDS Remote Access Servers'],
  [576, 'RDS Endpoint Servers'],
  [577, 'RDS Management Servers'],
  [578, 'Hyper-V Administrators'],
  [579, 'Access Control Assistance Operators'],
  [580, 'Remote Management Users'],
  [581, 'System Managed Accounts Group'],
  [582, 'Storage Replica Administrators'],
  [583, 'Device Owners'],
  [584, 'User Mode Hardware Operators'],
  [585, 'OpenSSH Users'],
]);

/** Accounts of a host that Windows makes, by RID; each may have been renamed. */
export const BUILTIN_ACCOUNTS: ReadonlyMap<number, string> = new Map([
  [500, 'Administrator'],
  [501, 'Guest'],
  [503, 'DefaultAccount'],
  [504, 'WDAGUtilityAccount'],
]);

/** Others that can be a member or an actor. */
export const WELL_KNOWN_SIDS: ReadonlyMap<string, string> = new Map([
  ['S-1-1-0', 'Everyone'],
  ['S-1-5-4', 'INTERACTIVE'],
  ['S-1-5-7', 'ANONYMOUS LOGON'],
  ['S-1-5-11', 'Authenticated Users'],
  ['S-1-5-17', 'IUSR'],
  ['S-1-5-18', 'SYSTEM'],
  ['S-1-5-19', 'LOCAL SERVICE'],
  ['S-1-5-20', 'NETWORK SERVICE'],
]);

/** The logon session of Windows itself (ntifs.h, SYSTEM_LUID). */
export const SYSTEM_LOGON = '0x3e7';
export const SYSTEM_SID = 'S-1-5-18';
