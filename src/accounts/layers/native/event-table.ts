// The account-management events of the Security log (Microsoft's audit events reference), a row each: what one says and which of its fields say it.

import type { ChangeKind, Direction } from '../../document.ts';
import { ACCOUNT_FIELDS, GROUP_FIELDS, POLICY_FIELDS } from './account-settings.ts';

export interface NativeEvent {
  readonly kind: ChangeKind;
  /** What its Target fields name. */
  readonly about: 'account' | 'group' | 'policy';
  readonly direction?: Direction;
  /** Where groups are of the domain alone, or may be of the host. */
  readonly groupType?: 'local' | 'global' | 'universal';
  /** Names before and after, of a rename. */
  readonly isRename?: true;
  /** Said with the change. */
  readonly note?: string;
  /** Fields that hold settings. */
  readonly settings?: readonly string[];
  /** Its TargetDomainName is none: 4740 has the name of the caller's computer there. */
  readonly hasNoDomain?: true;
}

const group = (kind: ChangeKind, groupType: 'local' | 'global' | 'universal', direction?: Direction): NativeEvent => ({
  kind,
  about: 'group',
  groupType,
  ...(direction ? { direction } : { settings: GROUP_FIELDS }),
});

/** By event id. Groups: security-enabled ones; 4744 to 4762 are distribution groups, which only a domain has. */
export const NATIVE_EVENTS: ReadonlyMap<number, NativeEvent> = new Map<number, NativeEvent>([
  [4720, { kind: 'account-created', about: 'account', settings: ACCOUNT_FIELDS }],
  [4722, { kind: 'account-enabled', about: 'account' }],
  [4723, { kind: 'password-changed', about: 'account' }],
  [4724, { kind: 'password-reset', about: 'account' }],
  [4725, { kind: 'account-disabled', about: 'account' }],
  [4726, { kind: 'account-deleted', about: 'account' }],
  [4727, group('group-created', 'global')],
  [4728, group('member-added', 'global', 'added')],
  [4729, group('member-removed', 'global', 'removed')],
  [4730, group('group-deleted', 'global')],
  [4731, group('group-created', 'local')],
  [4732, group('member-added', 'local', 'added')],
  [4733, group('member-removed', 'local', 'removed')],
  [4734, group('group-deleted', 'local')],
  [4735, group('group-changed', 'local')],
  [4737, group('group-changed', 'global')],
  [4738, { kind: 'account-changed', about: 'account', settings: ACCOUNT_FIELDS }],
  [4739, { kind: 'domain-policy-changed', about: 'policy', settings: POLICY_FIELDS }],
  [4740, { kind: 'account-changed', about: 'account', hasNoDomain: true, note: 'locked out after failed logons' }],
  [4741, { kind: 'computer-account-created', about: 'account', settings: ACCOUNT_FIELDS }],
  [4742, { kind: 'computer-account-changed', about: 'account', settings: ACCOUNT_FIELDS }],
  [4743, { kind: 'computer-account-deleted', about: 'account' }],
  [4754, group('group-created', 'universal')],
  [4755, group('group-changed', 'universal')],
  [4756, group('member-added', 'universal', 'added')],
  [4757, group('member-removed', 'universal', 'removed')],
  [4758, group('group-deleted', 'universal')],
  [4765, { kind: 'sid-history-added', about: 'account' }],
  [4766, { kind: 'sid-history-added', about: 'account' }],
  [4767, { kind: 'account-unlocked', about: 'account' }],
  [4781, { kind: 'account-renamed', about: 'account', isRename: true }],
  [4794, { kind: 'dsrm-password-set', about: 'account' }],
]);

/** Enumeration: it shows that the layer is there, and is never a change. */
export const ENUMERATION_EVENTS: ReadonlySet<number> = new Set([4798, 4799]);
/** Handles to objects of the SAM, and accesses through them. */
export const HANDLE_EVENTS: ReadonlySet<number> = new Set([4656, 4661]);
