// Networks: connections (Sysmon event 3) and DNS queries (event 22).
// Columns: see the documents in docs/languages.md; test/rule/taxonomy-columns.test.ts holds them against the vendors' lists.
import { additionalField } from './defender-paths.ts';
import { type EventKind, type FieldRow, sysmonPlaces } from './event-kind.ts';
import { ACTING_IN_DEVICE_EVENTS, ACTING_PROCESS } from './process-kinds.ts';

const CONNECTION: readonly FieldRow[] = [
  {
    sysmon: 'DestinationIp',
    windows: 'DestAddress',
    ecs: 'destination.ip',
    mde: 'RemoteIP',
    cim: 'dest_ip',
    ocsf: 'dst_endpoint.ip',
  },
  {
    sysmon: 'DestinationPort',
    windows: 'DestPort',
    ecs: 'destination.port',
    mde: 'RemotePort',
    cim: 'dest_port',
    ocsf: 'dst_endpoint.port',
  },
  { sysmon: 'DestinationHostname', ecs: 'destination.domain', ocsf: 'dst_endpoint.hostname' },
  { sysmon: 'SourceIp', ecs: 'source.ip', mde: 'LocalIP', cim: 'src_ip', ocsf: 'src_endpoint.ip' },
  { sysmon: 'SourcePort', ecs: 'source.port', mde: 'LocalPort', cim: 'src_port', ocsf: 'src_endpoint.port' },
  { sysmon: 'SourceHostname', ecs: 'source.domain', ocsf: 'src_endpoint.hostname' },
  {
    sysmon: 'Protocol',
    ecs: 'network.transport',
    mde: 'Protocol',
    cim: 'transport',
    ocsf: 'connection_info.protocol_name',
  },
  {
    sysmon: 'Initiated',
    ecs: { name: 'network.direction', words: { true: 'egress', false: 'ingress' } },
    mde: { name: 'ActionType', words: { true: 'ConnectionSuccess', false: 'InboundConnectionAccepted' } },
    cim: { name: 'direction', words: { true: 'outbound', false: 'inbound' } },
    ocsf: { name: 'connection_info.direction', words: { true: 'Outbound', false: 'Inbound' } },
  },
  { ecs: 'network.direction' },
  {
    sysmon: 'SourceIsIpv6',
    ecs: { name: 'network.type', words: { true: 'ipv6', false: 'ipv4' } },
  },
  { ecs: 'network.protocol' },
];

export const NETWORK_KINDS: readonly EventKind[] = [
  {
    id: 'network_connection',
    eql: { category: 'network', types: ['start', 'connection', 'protocol'] },
    places: {
      ...sysmonPlaces('network connection', 3),
      mde: {
        table: 'DeviceNetworkEvents, ActionType ConnectionSuccess, InboundConnectionAccepted (Microsoft Defender XDR)',
        name: 'DeviceNetworkEvents',
        has: { ActionType: ['ConnectionSuccess', 'InboundConnectionAccepted'] },
      },
      cim: {
        table: 'All Traffic of the data model Network Traffic (Splunk CIM)',
        name: 'Network_Traffic.All_Traffic',
        has: {},
      },
      ocsf: { table: 'Network Activity, Open (OCSF)', has: { class_uid: [4001], activity_id: [1] } },
    },
    // All_Traffic says of the program its id alone.
    rows: [
      ...CONNECTION,
      ...ACTING_PROCESS.map(
        ({ cim, ...row }): FieldRow => (cim === 'process_id' || cim === 'process_guid' ? { ...row, cim } : row),
      ),
    ],
  },
  {
    id: 'dns_query',
    eql: { category: 'dns', types: [] },
    places: {
      ...sysmonPlaces('DNS query', 22),
      mde: {
        table: 'DeviceEvents, ActionType DnsQueryResponse (Microsoft Defender XDR)',
        name: 'DeviceEvents',
        has: { ActionType: ['DnsQueryResponse'] },
        computed: { QueryName: additionalField('DnsQueryString') },
      },
      cim: {
        table: 'DNS of the data model Network Resolution (Splunk CIM)',
        name: 'Network_Resolution.DNS',
        has: {},
      },
      ocsf: { table: 'DNS Activity (OCSF)', has: { class_uid: [4003] } },
    },
    rows: [
      { sysmon: 'QueryName', ecs: 'dns.question.name', mde: 'QueryName', cim: 'query', ocsf: 'query.hostname' },
      { sysmon: 'QueryStatus' },
      { sysmon: 'QueryResults' },
      ...ACTING_IN_DEVICE_EVENTS.map(({ sysmon, ecs, mde, ocsf }): FieldRow => ({ sysmon, ecs, mde, ocsf })),
    ],
  },
];
