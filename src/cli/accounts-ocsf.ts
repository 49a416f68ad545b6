// Changes of accounts and groups as events of the Open Cybersecurity Schema Framework, for a SIEM: Account Change, Group Management, Entity Management.

import packageJson from '../../package.json' with { type: 'json' };
import type { Actor, Change, ChangeKind, Group, Principal } from '../accounts/document.ts';
import { ticksOf } from '../logs/index.ts';
import { accountWords, groupWords, sentenceOf } from './accounts-words.ts';

/**
 * The version of the schema that is written: the first with Unlock, and in which a group's event may do without a user
 * (github.com/ocsf/ocsf-schema, tag 1.4.0, Apache-2.0, events/iam/, read 2026-11-28).
 */
export const OCSF_VERSION = '1.4.0';

const CATEGORY = { category_uid: 3, category_name: 'Identity & Access Management' } as const;

const CLASSES = {
  account: { class_uid: 3001, class_name: 'Account Change' },
  entity: { class_uid: 3004, class_name: 'Entity Management' },
  group: { class_uid: 3006, class_name: 'Group Management' },
} as const;

type ClassId = keyof typeof CLASSES;
/** 99 is Other, whose name is the source's own. */
type Activity = readonly [of: ClassId, id: number, name: string, severity: Severity];
type Severity = 'Informational' | 'Low' | 'Medium' | 'High';

const SEVERITIES: Readonly<Record<Severity, number>> = { Informational: 1, Low: 2, Medium: 3, High: 4 };

const OTHER = 99;

/** Of each kind its class, its activity there, and how much it matters by itself. */
const ACTIVITIES: Readonly<Record<ChangeKind, Activity>> = {
  'account-created': ['account', 1, 'Create', 'Medium'],
  'account-deleted': ['account', 6, 'Delete', 'Low'],
  'account-enabled': ['account', 2, 'Enable', 'Low'],
  'account-disabled': ['account', 5, 'Disable', 'Low'],
  'account-renamed': ['account', OTHER, 'Rename', 'Low'],
  'account-changed': ['account', OTHER, 'Update', 'Low'],
  'account-unlocked': ['account', 12, 'Unlock', 'Informational'],
  'account-hidden': ['account', OTHER, 'Hide', 'High'],
  'account-resurrected-by-registry': ['account', 1, 'Create', 'High'],
  'password-changed': ['account', 3, 'Password Change', 'Informational'],
  'password-reset': ['account', 4, 'Password Reset', 'Low'],
  'password-setting-changed': ['account', OTHER, 'Password Setting Change', 'Low'],
  'dsrm-password-set': ['account', 4, 'Password Reset', 'High'],
  'sid-history-added': ['account', OTHER, 'SID History Add', 'High'],
  'rid-hijack-suspected': ['account', OTHER, 'RID Hijack', 'High'],
  'group-created': ['group', 6, 'Create', 'Low'],
  'group-deleted': ['group', 5, 'Delete', 'Low'],
  'group-changed': ['group', OTHER, 'Update', 'Informational'],
  'group-renamed': ['group', OTHER, 'Rename', 'Low'],
  'group-renamed-noop': ['group', OTHER, 'Rename', 'Informational'],
  'member-added': ['group', 3, 'Add User', 'Medium'],
  'member-removed': ['group', 4, 'Remove User', 'Low'],
  'membership-changed': ['group', OTHER, 'Membership Change', 'Medium'],
  'computer-account-created': ['account', 1, 'Create', 'Low'],
  'computer-account-changed': ['account', OTHER, 'Update', 'Low'],
  'computer-account-deleted': ['account', 6, 'Delete', 'Low'],
  'domain-policy-changed': ['entity', 3, 'Update', 'Low'],
};

/** 4740 is told as a change of the account; the schema has a word for it. */
const LOCK: Activity = ['account', 9, 'Lock', 'Low'];

/** The event; undefined of a change without a time, which the schema asks for. */
export function ocsfEvent(change: Change): Readonly<Record<string, unknown>> | undefined {
  const { kind, time, host, outcome, account, group, member, actor } = change;
  const ticks = ticksOf(time ?? '');
  if (ticks === undefined) return undefined;
  const native = change.evidence.find(({ layer }) => layer === 'native');
  const [of, activity_id, activity_name, usual] =
    kind === 'account-changed' && native?.what === '4740' ? LOCK : ACTIVITIES[kind];
  const severity = change.benign ? 'Informational' : usual;
  const { class_uid, class_name } = CLASSES[of];
  return {
    activity_id,
    activity_name,
    ...CATEGORY,
    class_uid,
    class_name,
    type_uid: class_uid * 100 + activity_id,
    type_name: `${class_name}: ${activity_name}`,
    time: Number((ticks - UNIX_EPOCH) / 10_000n),
    severity_id: SEVERITIES[severity],
    severity,
    ...STATUS[outcome],
    message: sentenceOf(change),
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'Winnow', vendor_name: 'Winnow', version: packageJson.version },
      profiles: ['host'],
      original_time: time,
      ...(native && /^\d+$/.test(native.what) ? { event_code: native.what } : {}),
    },
    ...(host === null ? {} : { device: deviceOf(host) }),
    ...actorOf(actor),
    ...(of === 'account' ? { user: userOf(account, kind.startsWith('computer-')) } : {}),
    ...(of === 'group' ? { group: groupOf(group), ...(member ? { user: userOf(member) } : {}) } : {}),
    ...(of === 'entity' ? { entity: policyOf(change) } : {}),
    unmapped: unmappedOf(change),
  };
}

/** 100 ns between 1601 and 1970. */
const UNIX_EPOCH = 116_444_736_000_000_000n;

const STATUS = {
  success: { status_id: 1, status: 'Success' },
  failure: { status_id: 2, status: 'Failure' },
  attempt: { status_id: 0, status: 'Unknown', status_detail: 'attempt: no layer shows whether it took effect' },
} as const;

/** A key that is left out where its value is not known. */
function known(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));
}

function deviceOf(host: string): Record<string, unknown> {
  const name = isAddress(host) ? { ip: host } : { hostname: host };
  return { ...name, type_id: 0, type: 'Unknown', os: { name: 'Windows', type_id: 100, type: 'Windows' } };
}

function isAddress(text: string): boolean {
  return /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:.]+)$/i.test(text);
}

function userOf(principal: Principal | null, isComputer = false): Record<string, unknown> {
  const { name = null, domain = null, sid = null } = principal ?? {};
  const type = isComputer ? { type_id: 3, type: 'System' } : { type_id: 1, type: 'User' };
  return {
    // The schema asks for a name or a SID.
    ...known({ name: name ?? (sid === null ? accountWords(principal) : null), uid: sid, domain }),
    ...(name === null && sid !== null && !sid.startsWith('S-1-5-21-') ? { type_id: 0, type: 'Unknown' } : type),
  };
}

function groupOf(group: Group | null): Record<string, unknown> {
  const { name = null, domain = null, sid = null, rid_hex = null } = group ?? {};
  return known({
    name: name ?? (sid === null && rid_hex === null ? groupWords(group) : null),
    uid: sid ?? rid_hex,
    domain,
  });
}

function policyOf({ host, account }: Change): Record<string, unknown> {
  const name = `Password and lockout policy of ${account?.domain ?? account?.name ?? host ?? 'a host that is not named'}`;
  return { name, type_id: 5, type: 'Policy', policy: { name } };
}

/** A process without a number is no process of the schema; what is known of it is in `unmapped`. */
function actorOf(actor: Actor | null): Record<string, unknown> {
  if (!actor) return {};
  const { name, sid, domain, logonId, source, process } = actor;
  const image = process?.image ?? null;
  const parts = known({
    user: name === null && sid === null ? null : known({ name, uid: sid, domain }),
    session: logonId === null ? null : { uid: logonId },
    process:
      process?.pid == null
        ? null
        : known({
            pid: process.pid,
            cmd_line: process.commandLine,
            name: image === null ? null : fileName(image),
            file: image === null ? null : { name: fileName(image), path: image, type_id: 1, type: 'Regular File' },
          }),
  });
  const from = source === null ? {} : { src_endpoint: isAddress(source) ? { ip: source } : { name: source } };
  return { ...(Object.keys(parts).length > 0 ? { actor: parts } : {}), ...from };
}

function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) || path;
}

/** What Winnow knows and the schema has no place for. */
function unmappedOf(change: Change): Record<string, unknown> {
  const { kind, outcome, scope, direction, account, group, member, actor } = change;
  return known({
    kind,
    outcome,
    scope,
    direction,
    account_rid: account?.rid,
    group_rid_hex: group?.rid_hex,
    member_rid: member?.rid,
    process:
      actor?.process && (actor.process.pid === null || actor.process.parentImage !== null)
        ? known({ ...actor.process })
        : null,
    benign: change.benign,
    inferred: change.inferred,
    settings: change.settings.length > 0 ? change.settings : null,
    layers: change.layers,
    evidence: change.evidence,
    notes: change.notes.length > 0 ? change.notes : null,
  });
}
