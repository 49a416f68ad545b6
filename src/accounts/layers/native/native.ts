// Layer A: what an account-management event of the Security log says.

import { type AccountRecord, optional, ridOf } from '../../record.ts';
import type { Named, Sighting } from '../../sighting.ts';
import { settingsOf } from './account-settings.ts';
import { NATIVE_EVENTS, type NativeEvent } from './event-table.ts';

/** The sighting of an account-management event; undefined of any other. */
export function nativeSighting(record: AccountRecord): Sighting | undefined {
  const row = NATIVE_EVENTS.get(record.id);
  if (!row) return undefined;
  const target = targetOf(record, row);
  const settings = [
    ...(row.isRename ? renameOf(record) : []),
    ...(row.settings ? settingsOf(record, row.settings) : []),
  ];
  const isGroup = row.about === 'group' || (row.isRename && isBuiltin(target.sid));
  const notes = row.note === undefined ? [] : [row.note];
  return {
    layer: 'native',
    kind: row.isRename ? renameKind(record, isGroup === true) : row.kind,
    at: record.at,
    host: record.host,
    outcome: hasFailed(record) ? 'failure' : 'success',
    ...(isDn(record.value('MemberName')) ? { scope: 'domain' as const } : {}),
    ...(row.about === 'policy' ? {} : isGroup ? { group: target } : { account: target }),
    ...optional('member', row.direction && memberOf(record)),
    ...optional('direction', row.direction),
    ...optional('actor', record.subject()),
    ...(settings.length > 0 ? { settings } : {}),
    evidence: record.evidence('native', String(record.id)),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

function targetOf(record: AccountRecord, row: NativeEvent): Named {
  if (row.about === 'policy') return record.named('DomainName', 'DomainName', 'DomainSid');
  const own = record.named(row.isRename ? 'NewTargetUserName' : 'TargetUserName', 'TargetDomainName', 'TargetSid');
  if (!row.hasNoDomain) return own;
  const { domain: _, ...rest } = own;
  return rest;
}

function renameOf(record: AccountRecord): NonNullable<Sighting['settings']> {
  const name = record.value('NewTargetUserName');
  return name === undefined
    ? []
    : [{ name: 'SamAccountName', old: record.value('OldTargetUserName') ?? null, new: name }];
}

function renameKind(record: AccountRecord, isGroup: boolean): Sighting['kind'] {
  if (!isGroup) return 'account-renamed';
  return record.value('OldTargetUserName') === record.value('NewTargetUserName')
    ? 'group-renamed-noop'
    : 'group-renamed';
}

/** MemberName is "-" of a local account, a distinguished name on a domain controller. */
function memberOf(record: AccountRecord): Named {
  const name = record.value('MemberName');
  const { sid } = record.named('MemberName', 'MemberName', 'MemberSid');
  const own = isDn(name) ? commonName(name) : name;
  return { ...optional('name', own), ...(sid === undefined ? {} : { sid, ...optional('rid', ridOf(sid)) }) };
}

function isDn(name: string | undefined): name is string {
  return name !== undefined && /^(?:CN|OU|DC)=/i.test(name);
}

/** Of "CN=Smith\, J,OU=x,DC=y": "Smith, J". */
function commonName(dn: string): string | undefined {
  return /^CN=((?:\\.|[^,\\])+)/i.exec(dn)?.[1].replaceAll(/\\(.)/g, '$1');
}

function isBuiltin(sid: string | undefined): boolean {
  return sid?.startsWith('S-1-5-32-') === true;
}

/** 4766 is the failure of 4765; 4794 has a status. */
function hasFailed(record: AccountRecord): boolean {
  if (record.id === 4766) return true;
  const status = record.id === 4794 ? record.value('Status') : undefined;
  return record.isFailure || (status !== undefined && !/^0x0+$/i.test(status));
}
