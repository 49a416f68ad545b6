// Which columns hold numbers, addresses or yes and no instead of text, in the taxonomies whose tables have types.
// Checked against the vendors' lists in test/rule/vendor-columns.ts; Elastic's agents keep all of winlog.event_data as keywords (winlog.yml of its packages).
import type { TaxonomyId } from './event-kind.ts';

export type ColumnType = 'text' | 'number' | 'address' | 'boolean';

const TYPES: Readonly<Partial<Record<TaxonomyId, Readonly<Partial<Record<ColumnType, ReadonlySet<string>>>>>>> = {
  ecs: {
    number: new Set([
      'destination.port',
      'source.port',
      'process.pid',
      'process.parent.pid',
      'process.args_count',
      'process.thread.id',
      'file.size',
    ]),
    address: new Set(['destination.ip', 'source.ip', 'dns.resolved_ip', 'host.ip']),
    boolean: new Set([
      'process.code_signature.trusted',
      'process.code_signature.exists',
      'process.parent.code_signature.trusted',
      'process.parent.code_signature.exists',
      'dll.code_signature.trusted',
      'dll.code_signature.exists',
      'file.code_signature.trusted',
      'file.code_signature.exists',
    ]),
  },
  windows: {
    number: new Set([
      'EventID',
      'LogonType',
      'KeyLength',
      'ErrorCode',
      'ServiceStartType',
      'AuthenticationLevel',
      'AuthenticationService',
      'AuditsDiscarded',
    ]),
  },
  mde: {
    number: new Set(['RemotePort', 'LocalPort', 'ProcessId', 'InitiatingProcessId', 'InitiatingProcessParentId']),
  },
  ocsf: {
    number: new Set([
      'class_uid',
      'activity_id',
      'status_id',
      'logon_type_id',
      'process.pid',
      'actor.process.pid',
      'dst_endpoint.port',
      'src_endpoint.port',
    ]),
    address: new Set(['dst_endpoint.ip', 'src_endpoint.ip']),
  },
};

/** Whether the columns of the taxonomy have types at all; elsewhere each value is a text. */
export function hasTypes(taxonomy: TaxonomyId): boolean {
  return TYPES[taxonomy] !== undefined;
}

export function columnType(taxonomy: TaxonomyId, name: string): ColumnType {
  const types = TYPES[taxonomy];
  for (const type of ['number', 'address', 'boolean'] as const) if (types?.[type]?.has(name)) return type;
  return 'text';
}
