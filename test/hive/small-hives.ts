// Small hives of all kinds of records, which are changed at random to see what becomes of the reading.
import {
  type KeySpec,
  unfinished,
  writeBitmapLog,
  writeEntriesLog,
  writeHive,
} from '../../fixtures/hives/hive-writer.ts';
import { type SamSpec, samRoot } from '../../fixtures/hives/sam-writer.ts';
import type { LogFile } from '../../src/hive/recovery.ts';

export interface SmallHive {
  readonly bytes: Uint8Array;
  readonly logs: readonly LogFile[];
}

const keys = (count: number, rest: Partial<KeySpec> = {}): KeySpec[] =>
  Array.from({ length: count }, (_, i) => ({ name: `k${i}`, ...rest }));

const LISTS: KeySpec = {
  name: 'ROOT',
  className: 'class',
  subkeys: [
    { name: 'li', list: 'li', leafSize: 4, subkeys: keys(10) },
    { name: 'lf', list: 'lf', subkeys: keys(5, { className: 'another' }) },
    { name: 'lh', list: 'lh', leafSize: 3, subkeys: keys(8, { subkeys: keys(2) }) },
  ],
  values: [
    { name: '', type: 500, data: new Uint8Array(0) },
    { name: 'big', type: 3, data: new Uint8Array(40_000).fill(7) },
    { name: 'text', type: 1, data: new Uint8Array(900).fill(65) },
  ],
};

const SAM: SamSpec = {
  nextRid: 1010,
  accounts: [
    { rid: 500, name: 'Administrator' },
    { rid: 1001, name: 'ann', fullName: 'Ann', comment: 'c' },
    { rid: 1002, name: 'bob', fRid: 500 },
  ],
  builtin: [
    { rid: 544, name: 'Administrators', members: [500, 1001, 'S-1-5-4'] },
    { rid: 545, name: 'Users', members: [1001, 1002] },
  ],
  aliases: [{ rid: 1003, name: 'Readers', members: [1001] }],
};

const BEFORE = writeHive(samRoot(SAM));
const AFTER = writeHive(samRoot({ ...SAM, nextRid: 1011, accounts: [...SAM.accounts!, { rid: 1010, name: 'new' }] }));
const DIRTY = unfinished(BEFORE, 2);

export const SMALL_HIVES: readonly SmallHive[] = [
  { bytes: writeHive(LISTS), logs: [] },
  { bytes: writeHive(LISTS, { minor: 3 }), logs: [] },
  { bytes: BEFORE, logs: [] },
  { bytes: AFTER, logs: [] },
  { bytes: DIRTY, logs: [{ name: 'LOG1', bytes: writeBitmapLog(DIRTY, AFTER, 2) }] },
  { bytes: DIRTY, logs: [{ name: 'LOG1', bytes: writeEntriesLog([DIRTY, AFTER], 2) }] },
];
