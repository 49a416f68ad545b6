// Hives that were not written to their end, and what their transaction logs make of them.
import { describe, expect, it } from 'vitest';
import {
  type KeySpec,
  sealEntry,
  sealHive,
  unfinished,
  writeBitmapLog,
  writeEntriesLog,
  writeHive,
} from '../../fixtures/hives/hive-writer.ts';
import { baseBlockChecksum, isHive, readBaseBlock } from '../../src/hive/base-block.ts';
import { openHive } from '../../src/hive/hive.ts';
import { marvin32 } from '../../src/hive/marvin32.ts';
import { readTransactionLog } from '../../src/hive/transaction-log.ts';
import { told } from './told.ts';

const tree = (count: number, note: string): KeySpec => ({
  name: 'ROOT',
  values: [{ name: 'note', type: 1, data: new TextEncoder().encode(note) }],
  subkeys: Array.from({ length: count }, (_, i) => ({
    name: `Key${i}`,
    values: [{ name: 'v', type: 3, data: new Uint8Array(100).fill(i) }],
  })),
});
const FIRST = writeHive(tree(20, 'first'), { primarySequence: 10 });
const SECOND = writeHive(tree(21, 'secnd'), { primarySequence: 11 });
/** It has more bins than the others. */
const THIRD = writeHive(tree(90, 'third'), { primarySequence: 12 });
const file = (name: string, bytes: Uint8Array) => ({ name, bytes });
const toldOf = (bytes: Uint8Array) => told(openHive(bytes));
const texts = (notes: readonly { readonly text: string }[]) => notes.map(({ text }) => text).join('\n');

describe('a hive that was written to its end', () => {
  it('is read as it is, whatever its logs say', () => {
    const hive = openHive(FIRST, { logs: [file('LOG1', writeBitmapLog(FIRST, THIRD, 10))] });
    expect(told(hive)).toEqual(toldOf(FIRST));
    expect(hive.recovery).toEqual({ state: 'clean', applied: [] });
    expect(hive.notes).toEqual([]);
  });
});

describe('a hive that was not written to its end', () => {
  const dirty = unfinished(FIRST, 11);

  it('is read as it stands, with a note, where there are no logs', () => {
    const hive = openHive(dirty);
    expect(told(hive)).toEqual(toldOf(FIRST));
    expect(hive.recovery.state).toBe('dirty');
    expect(texts(hive.notes)).toMatch(/sequence numbers are 11 and 10\n.*no transaction log was applied/);
  });

  it.each([
    ['a page or two', SECOND],
    ['pages behind its end', THIRD],
  ])('takes from a bitmap of dirty pages %s', (_, after) => {
    const hive = openHive(dirty, { logs: [file('LOG1', writeBitmapLog(dirty, after, 11))] });
    expect(told(hive)).toEqual(toldOf(after));
    expect(hive.recovery).toMatchObject({ state: 'recovered', applied: [{ name: 'LOG1', entries: 1 }] });
  });

  it('takes from log entries one after the other', () => {
    const hive = openHive(dirty, { logs: [file('LOG1', writeEntriesLog([dirty, SECOND, THIRD], 11))] });
    expect(told(hive)).toEqual(toldOf(THIRD));
    expect(hive.recovery).toMatchObject({ state: 'recovered', applied: [{ name: 'LOG1', entries: 2 }] });
  });

  it.each([
    ['in order', 0],
    ['in the wrong order', 1],
  ])('takes from two logs of which the second goes on from the first, given %s', (_, turn) => {
    const logs = [
      file('LOG1', writeEntriesLog([dirty, SECOND], 11)),
      file('LOG2', writeEntriesLog([SECOND, THIRD], 12)),
    ];
    const hive = openHive(dirty, { logs: turn === 0 ? logs : logs.reverse() });
    expect(told(hive)).toEqual(toldOf(THIRD));
    expect(hive.recovery.applied.map(({ name }) => name)).toEqual(['LOG1', 'LOG2']);
  });

  it('takes over numbers that begin anew', () => {
    const late = unfinished(sequenced(FIRST, 0xffff_ffff), 0);
    const logs = [
      file('LOG1', writeEntriesLog([late, SECOND], 0xffff_ffff)),
      file('LOG2', writeEntriesLog([SECOND, THIRD], 0)),
    ];
    expect(told(openHive(late, { logs }))).toEqual(toldOf(THIRD));
  });

  it('does not take what is older than it, does not go on, or is another form of nothing', () => {
    const logs = [
      file('OLD', writeEntriesLog([dirty, SECOND], 3)),
      file('EMPTY', new Uint8Array(512)),
      file('TEXT', new TextEncoder().encode('no log')),
      file('HIVE', FIRST),
    ];
    const hive = openHive(dirty, { logs });
    expect(told(hive)).toEqual(toldOf(FIRST));
    expect(texts(hive.notes)).toMatch(/EMPTY was not applied: it is empty/);
    expect(texts(hive.notes)).toMatch(/TEXT was not applied: it does not begin with a base block/);
    expect(texts(hive.notes)).toMatch(/HIVE was not applied: it says that it is of type 0/);
    expect(texts(hive.notes)).toMatch(/OLD was not applied: its changes are older/);
    const gap = openHive(dirty, {
      logs: [file('LOG1', writeEntriesLog([dirty, SECOND], 11)), file('LOG2', writeEntriesLog([SECOND, THIRD], 13))],
    });
    expect(told(gap)).toEqual(toldOf(SECOND));
    expect(texts(gap.notes)).toMatch(/LOG2 was not applied/);
  });

  it('does not take the older of two bitmaps', () => {
    const later = sealHive(withLastWritten(writeBitmapLog(dirty, THIRD, 12)));
    const hive = openHive(dirty, { logs: [file('LOG1', writeBitmapLog(dirty, SECOND, 11)), file('LOG2', later)] });
    expect(told(hive)).toEqual(toldOf(THIRD));
  });

  it('stops before an entry whose hash does not hold', () => {
    const log = writeEntriesLog([dirty, SECOND, THIRD], 11);
    const second = 512 + new DataView(log.buffer).getUint32(516, true);
    log[second + 100] ^= 1;
    const hive = openHive(dirty, { logs: [file('LOG1', log)] });
    expect(told(hive)).toEqual(toldOf(SECOND));
    expect(texts(hive.notes)).toMatch(/applied only in part: entry 12 has a hash that does not hold/);
  });

  it('goes on with the other log where one stops before an entry that does not hold', () => {
    const log = writeEntriesLog([dirty, SECOND, FIRST], 11);
    log[log.length - 1] ^= 1;
    const logs = [file('LOG1', log), file('LOG2', writeEntriesLog([SECOND, THIRD], 12))];
    const hive = openHive(dirty, { logs });
    expect(told(hive)).toEqual(toldOf(THIRD));
    expect(hive.recovery.applied.map(({ name, entries }) => [name, entries])).toEqual([
      ['LOG1', 1],
      ['LOG2', 1],
    ]);
  });

  it('is read with the base block of its log where its own is broken', () => {
    const broken = dirty.slice();
    broken.fill(0xee, 36, 44);
    const hive = openHive(broken, { logs: [file('LOG1', writeBitmapLog(dirty, SECOND, 11))] });
    expect(told(hive)).toEqual(toldOf(SECOND));
  });

  it.each<[string, (entry: Uint8Array, view: DataView) => void]>([
    ['pages far behind the hive', (_, view) => view.setUint32(40, 0xf000_0000, true)],
    ['more pages than it has room for', (_, view) => view.setUint32(20, 0xffff_ffff, true)],
    ['a page longer than it', (_, view) => view.setUint32(44, 0xffff_ffff, true)],
    ['bins of 4 GB', (_, view) => view.setUint32(16, 0xffff_f000, true)],
    ['bins of an odd size', (_, view) => view.setUint32(16, 5, true)],
  ])('takes nothing it should not from an entry with %s', (_, change) => {
    const log = writeEntriesLog([dirty, SECOND], 11);
    const entry = log.subarray(512);
    change(entry, new DataView(entry.buffer, entry.byteOffset));
    sealEntry(entry);
    const hive = openHive(dirty, { logs: [file('LOG1', log)] });
    expect(told(hive).length).toBeGreaterThan(0);
    expect(hive.notes.length).toBeGreaterThan(1);
  });

  it.each([
    ['its bitmap', 520],
    ['its pages', 1100],
  ])('says that a log is cut off in %s', (_, length) => {
    const log = writeBitmapLog(dirty, THIRD, 11).slice(0, length);
    expect(texts(openHive(dirty, { logs: [file('LOG1', log)] }).notes)).toMatch(/cut off/);
  });
});

it('a log by itself is no hive', () => {
  expect(() => openHive(new Uint8Array([...writeEntriesLog([FIRST, SECOND], 11), ...new Uint8Array(4096)]))).toThrow(
    /it is a transaction log/,
  );
});

it('the base block is read, and its checksum held against it', () => {
  expect(isHive(FIRST)).toBe(true);
  expect(readBaseBlock(FIRST)).toMatchObject({
    primarySequence: 10,
    secondarySequence: 10,
    major: 1,
    minor: 5,
    fileType: 0,
    fileName: '\\SystemRoot\\System32\\Config\\SAM'.slice(-31),
    checksumHolds: true,
  });
  expect(baseBlockChecksum(new Uint8Array(512))).toBe(1);
  const all = new Uint8Array(512);
  all.fill(0xff, 0, 4);
  expect(baseBlockChecksum(all)).toBe(0xffff_fffe);
  expect(readBaseBlock(new Uint8Array(3))).toMatchObject({ primarySequence: -1, checksumHolds: false });
});

it.each([
  [0, 0x0396_6e08, 0xb39e_fca4],
  [4, 0xe859_29f2, 0x2929_e21e],
  [32, 0x25c2_e24c, 0xc64f_eee4],
  [40, 0xb67b_6ea3, 0x2366_e1ba],
])('Marvin32 of the bytes below %i is what another implementation makes of them', (length, low, high) => {
  expect(
    marvin32(
      Uint8Array.from({ length }, (_, i) => i),
      0,
      length,
    ),
  ).toEqual({ low, high });
});

it('a log says what it is', () => {
  const read = readTransactionLog(writeEntriesLog([FIRST, SECOND], 11), 'x');
  expect('log' in read && read.log.kind).toBe('entries');
  expect('log' in read && read.log.entries.map(({ sequence }) => sequence)).toEqual([11]);
});

function sequenced(hive: Uint8Array, sequence: number): Uint8Array {
  const bytes = hive.slice();
  new DataView(bytes.buffer).setUint32(4, sequence, true);
  new DataView(bytes.buffer).setUint32(8, sequence, true);
  return sealHive(bytes);
}

function withLastWritten(log: Uint8Array): Uint8Array {
  const view = new DataView(log.buffer);
  view.setBigUint64(12, view.getBigUint64(12, true) + 1n, true);
  return log;
}
