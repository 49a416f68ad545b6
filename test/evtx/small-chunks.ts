// Chunks of few records for the fuzzer: between them every value type, and shapes that have a program and shapes that only a tree is made of.
import { dataTemplate, eventRecord, eventTemplate, strings } from '../../fixtures/logs/events.ts';
import {
  type InstanceSpec,
  type RecordSpec,
  type TemplateSpec,
  value,
  writeChunks,
} from '../../fixtures/logs/evtx-writer.ts';
import { ARRAY, ValueType } from '../../src/evtx/value-type.ts';

const TIME = 131_124_823_716_816_408n;
const SECURITY = eventTemplate(1, 'Provider', 'Security');
const PLAIN = dataTemplate(2, ['Name', ['Number', ValueType.uint64], 'Sid', 'Time', 'Raw']);
const LISTS = dataTemplate(3, ['List', 'Twice', 'Twice', 'Other', 'Twice']);
const TYPES: readonly InstanceSpec['values'][number][] = [
  value.string('text é \ud83d\ude00 "quoted"'),
  value.ansi('caf\u00e9'),
  value.int8(-5),
  value.uint8(250),
  value.int16(-300),
  value.uint16(65_535),
  value.int32(-5),
  value.uint32(4_294_967_295),
  value.int64(-9_007_199_254_740_993n),
  value.uint64(18_446_744_073_709_551_615n),
  value.real32(1.5),
  value.real64(1e21),
  value.bool(1),
  value.binary(1, 2, 3),
  value.guid('{1f5df8ff-1979-0001-784b-a31f7919d401}'),
  value.sizeT(0x7ffen, 8),
  value.fileTime(TIME),
  value.systemTime(2024, 2, 4, 29, 23, 5, 7, 45),
  value.sid(5, 21, 1, 500),
  value.hexInt32(0xdeadbeef),
  value.hexInt64(0x8000_0000_0000_0001n),
];
const EVERY = dataTemplate(
  4,
  TYPES.map((_, i) => `F${i}`),
);
const UNNAMED: TemplateSpec = {
  id: 5,
  root: { name: 'EventData', content: [{ name: 'Data', content: [{ slot: 0, type: ValueType.string | ARRAY }] }] },
};
const USER: TemplateSpec = {
  id: 6,
  root: {
    name: 'UserData',
    content: [
      {
        name: 'Outer',
        attributes: { xmlns: 'urn:x', Size: { slot: 0, type: ValueType.uint32 } },
        content: [
          { name: 'A', content: ['a ', { entity: 'amp' }, { slot: 1, type: ValueType.string }], dependency: 1 },
          { name: 'B', content: [{ slot: 2, type: ValueType.binXml }] },
          { name: 'B', content: [{ slot: 0, type: ValueType.uint32 }] },
        ],
      },
    ],
  },
};

const record = (recordId: bigint, data: InstanceSpec, eventId = 4720): RecordSpec =>
  eventRecord(SECURITY, { eventId, recordId, time: TIME, data });
const plain = (i: number): InstanceSpec => ({
  template: PLAIN,
  values: [
    value.string('text é \ud83d\ude00 "quoted"'),
    value.uint64(BigInt(i)),
    value.sid(5, 21, 1, 2, 3, 500),
    value.fileTime(TIME),
    value.binary(1, 2, 3),
  ],
});
const user: InstanceSpec = {
  template: USER,
  values: [value.uint32(7), value.string('inner'), strings(dataTemplate(7, ['Deep']), 'x')],
};
const lists: InstanceSpec = {
  template: LISTS,
  values: [value.strings('a', 'b'), ...['1', '2', '3', '4'].map(value.string)],
};

/** Whole chunks, each with the same bytes every time. */
export const SMALL_CHUNKS: readonly Uint8Array[] = [
  [record(1n, plain(1)), record(2n, plain(2), 4732), record(3n, plain(3))],
  [
    record(1n, { template: EVERY, values: TYPES }),
    record(2n, { template: UNNAMED, values: [value.strings('a', 'b')] }),
  ],
  [record(1n, user), record(2n, lists)],
].map((records) => [...writeChunks(records)][0]);
