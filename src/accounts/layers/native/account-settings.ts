// The settings of an account, a group or a policy that a native event lists, as far as it says that they were changed.

import type { Setting } from '../../document.ts';
import type { AccountRecord } from '../../record.ts';
import { ACCOUNT_CONTROL, changedBits, controlBits } from './account-control.ts';

/** Fields of 4720, 4738, 4741 and 4742 that hold a setting; "-" is unchanged. */
export const ACCOUNT_FIELDS = [
  'SamAccountName',
  'DisplayName',
  'UserPrincipalName',
  'HomeDirectory',
  'HomePath',
  'ScriptPath',
  'ProfilePath',
  'UserWorkstations',
  'PasswordLastSet',
  'AccountExpires',
  'PrimaryGroupId',
  'AllowedToDelegateTo',
  'UserParameters',
  'SidHistory',
  'LogonHours',
  'DnsHostName',
  'ServicePrincipalNames',
] as const;

/** Of 4731, 4735 and their like. */
export const GROUP_FIELDS = ['SamAccountName', 'SidHistory'] as const;

/** Of 4739. */
export const POLICY_FIELDS = [
  'DomainPolicyChanged',
  'MinPasswordAge',
  'MaxPasswordAge',
  'ForceLogoff',
  'LockoutThreshold',
  'LockoutObservationWindow',
  'LockoutDuration',
  'PasswordProperties',
  'MinPasswordLength',
  'PasswordHistoryLength',
  'MachineAccountQuota',
  'MixedDomainMode',
  'DomainBehaviorVersion',
  'OemInformation',
] as const;

/** Values as the record writes them: times are in the host's own language and zone, and stay as they are. */
export function settingsOf(record: AccountRecord, fields: readonly string[]): readonly Setting[] {
  const plain = fields.flatMap((name): Setting[] => {
    const value = record.value(name);
    return value === undefined ? [] : [{ name, old: null, new: value }];
  });
  const listed = controlBits(record.value('UserAccountControl') ?? '');
  // Agents that write messages out have words for the codes; the values tell the same.
  const all = listed.length > 0 ? listed : changedBits(record.value('OldUacValue'), record.value('NewUacValue'));
  const bits = all.map(
    ({ bit, isSet }): Setting => ({ name: ACCOUNT_CONTROL[bit], old: isSet ? 'no' : 'yes', new: isSet ? 'yes' : 'no' }),
  );
  return [...plain, ...bits];
}
