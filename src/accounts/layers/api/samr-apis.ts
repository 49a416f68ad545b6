// The methods of the Security Account Manager (SAM) Remote Protocol by their numbers on the wire, a row each ([MS-SAMR] 3.1.5 and its IDL, appendix A; methods that are not used on the wire are left out).

import type { ChangeKind } from '../../document.ts';
import type { ApiRow, ControlFlags, Level } from './api-row.ts';

/** UUID of the interface ([MS-SAMR] 1.9), in lower case. */
export const SAMR_INTERFACE = '12345778-1234-abcd-ef00-0123456789ac';

/** USER_ACCOUNT codes ([MS-SAMR] 2.2.1.12). */
const USER: ControlFlags = { disabled: 0x1, passwordNotRequired: 0x4, passwordNeverExpires: 0x200, machine: 0x1c0 };

/** USER_INFORMATION_CLASS ([MS-SAMR] 2.2.6.28). */
const USER_CLASSES: ReadonlyMap<number, Level> = new Map<number, Level>([
  [6, 'account-renamed'],
  [7, 'account-renamed'],
  [16, 'control'],
  // UserInternal1, 5, 5New and 7: nothing but a password.
  [18, 'password-reset'],
  [24, 'password-reset'],
  [26, 'password-reset'],
  [31, 'password-reset'],
  // UserAll, UserInternal4, 4New and 8: WhichFields says what.
  [21, 'password-maybe'],
  [23, 'password-maybe'],
  [25, 'password-maybe'],
  [32, 'password-maybe'],
]);
/** GROUP_INFORMATION_CLASS and ALIAS_INFORMATION_CLASS ([MS-SAMR] 2.2.4.6, 2.2.5.5): the name is 2 in both. */
const NAME_CLASS: ReadonlyMap<number, Level> = new Map<number, Level>([[2, 'group-renamed']]);

const samr = (opnum: number, api: string, kind?: ChangeKind, more: Partial<ApiRow> = {}): ApiRow => ({
  api,
  family: 'samr',
  opnum,
  ...(kind ? { kind } : {}),
  ...more,
});
const ADDED = { direction: 'added' } as const;
const REMOVED = { direction: 'removed' } as const;
const SETS_USER = { levels: USER_CLASSES, flags: USER } as const;
const MACHINE = { flags: USER, machine: { argument: 'accounttype', mask: USER.machine } } as const;

/** In the order of the protocol. */
export const SAMR_APIS: readonly ApiRow[] = [
  samr(0, 'SamrConnect'),
  samr(1, 'SamrCloseHandle'),
  samr(2, 'SamrSetSecurityObject', 'account-changed', {
    isSupport: true,
    note: 'sets the access control list of an object of the SAM',
  }),
  samr(3, 'SamrQuerySecurityObject'),
  samr(5, 'SamrLookupDomainInSamServer'),
  samr(6, 'SamrEnumerateDomainsInSamServer'),
  samr(7, 'SamrOpenDomain'),
  samr(8, 'SamrQueryInformationDomain'),
  samr(9, 'SamrSetInformationDomain', 'domain-policy-changed'),
  samr(10, 'SamrCreateGroupInDomain', 'group-created'),
  samr(11, 'SamrEnumerateGroupsInDomain'),
  samr(12, 'SamrCreateUserInDomain', 'account-created'),
  samr(13, 'SamrEnumerateUsersInDomain'),
  samr(14, 'SamrCreateAliasInDomain', 'group-created'),
  samr(15, 'SamrEnumerateAliasesInDomain'),
  samr(16, 'SamrGetAliasMembership'),
  samr(17, 'SamrLookupNamesInDomain'),
  samr(18, 'SamrLookupIdsInDomain'),
  samr(19, 'SamrOpenGroup'),
  samr(20, 'SamrQueryInformationGroup'),
  samr(21, 'SamrSetInformationGroup', 'group-changed', { levels: NAME_CLASS }),
  samr(22, 'SamrAddMemberToGroup', 'member-added', ADDED),
  samr(23, 'SamrDeleteGroup', 'group-deleted'),
  samr(24, 'SamrRemoveMemberFromGroup', 'member-removed', REMOVED),
  samr(25, 'SamrGetMembersInGroup'),
  samr(26, 'SamrSetMemberAttributesOfGroup', 'group-changed', { isSupport: true }),
  samr(27, 'SamrOpenAlias'),
  samr(28, 'SamrQueryInformationAlias'),
  samr(29, 'SamrSetInformationAlias', 'group-changed', { levels: NAME_CLASS }),
  samr(30, 'SamrDeleteAlias', 'group-deleted'),
  samr(31, 'SamrAddMemberToAlias', 'member-added', ADDED),
  samr(32, 'SamrRemoveMemberFromAlias', 'member-removed', REMOVED),
  samr(33, 'SamrGetMembersInAlias'),
  samr(34, 'SamrOpenUser'),
  samr(35, 'SamrDeleteUser', 'account-deleted'),
  samr(36, 'SamrQueryInformationUser'),
  samr(37, 'SamrSetInformationUser', 'account-changed', SETS_USER),
  samr(38, 'SamrChangePasswordUser', 'password-changed'),
  samr(39, 'SamrGetGroupsForUser'),
  samr(40, 'SamrQueryDisplayInformation'),
  samr(41, 'SamrGetDisplayEnumerationIndex'),
  samr(44, 'SamrGetUserDomainPasswordInformation'),
  samr(45, 'SamrRemoveMemberFromForeignDomain', 'member-removed', {
    ...REMOVED,
    isSupport: true,
    note: 'out of all groups of a domain, as is done before an account is deleted',
  }),
  samr(46, 'SamrQueryInformationDomain2'),
  samr(47, 'SamrQueryInformationUser2'),
  samr(48, 'SamrQueryDisplayInformation2'),
  samr(49, 'SamrGetDisplayEnumerationIndex2'),
  samr(50, 'SamrCreateUser2InDomain', 'account-created', MACHINE),
  samr(51, 'SamrQueryDisplayInformation3'),
  samr(52, 'SamrAddMultipleMembersToAlias', 'member-added', ADDED),
  samr(53, 'SamrRemoveMultipleMembersFromAlias', 'member-removed', REMOVED),
  samr(54, 'SamrOemChangePasswordUser2', 'password-changed'),
  samr(55, 'SamrUnicodeChangePasswordUser2', 'password-changed'),
  samr(56, 'SamrGetDomainPasswordInformation'),
  samr(57, 'SamrConnect2'),
  samr(58, 'SamrSetInformationUser2', 'account-changed', SETS_USER),
  samr(62, 'SamrConnect4'),
  samr(64, 'SamrConnect5'),
  samr(65, 'SamrRidToSid'),
  samr(66, 'SamrSetDSRMPassword', 'dsrm-password-set'),
  samr(67, 'SamrValidatePassword'),
  samr(73, 'SamrUnicodeChangePasswordUser4', 'password-changed'),
  samr(74, 'SamrValidateComputerAccountReuseAttempt'),
  samr(77, 'SamrAccountIsDelegatedManagedServiceAccount'),
];
