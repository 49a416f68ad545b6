// A hive whose last write was not finished, made whole from its transaction logs as Windows does when it loads it.

import { bigU64At } from '../bytes/cursor.ts';
import { latin1 } from '../bytes/text.ts';
import { BASE_BLOCK_SIZE, type BaseBlock, isDirty, readBaseBlock } from './base-block.ts';
import type { HiveNotes } from './hive-notes.ts';
import { readTransactionLog, type TransactionLog } from './transaction-log.ts';

/** A file that may hold what was not written yet. */
export interface LogFile {
  /** For messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface AppliedLog {
  readonly name: string;
  /** A bitmap is one. */
  readonly entries: number;
  /** Bytes written from it. */
  readonly bytes: number;
}

export interface Recovery {
  /** `dirty`: it needed its logs, and there were none that could be applied; what was not yet written is not seen. */
  readonly state: 'clean' | 'recovered' | 'dirty';
  readonly applied: readonly AppliedLog[];
}

export interface RecoveredHive {
  readonly bytes: Uint8Array;
  /** The one to go by: the hive's own, or a log's where that is broken. */
  readonly baseBlock: BaseBlock;
  readonly binsSize: number;
  readonly recovery: Recovery;
}

/** `bytes` themselves where nothing had to be done; else a copy. */
export function recover(bytes: Uint8Array, files: readonly LogFile[], notes: HiveNotes): RecoveredHive {
  const baseBlock = readBaseBlock(bytes);
  const own = { bytes, baseBlock, binsSize: ownBinsSize(bytes, baseBlock) };
  if (!isDirty(baseBlock)) return { ...own, recovery: { state: 'clean', applied: [] } };
  notes.add('base block', dirtyText(baseBlock));
  const logs: TransactionLog[] = [];
  for (const file of files) {
    const read = readTransactionLog(file.bytes, file.name);
    if ('log' in read) logs.push(read.log);
    else notes.add('transaction log', `${read.name} was not applied: ${read.unusable}`);
  }
  const chosen = chooseLogs(bytes, baseBlock, logs, notes);
  const writer = new PageWriter(bytes, chosen);
  const applied: AppliedLog[] = [];
  let binsSize: number | undefined;
  for (const log of chosen) {
    const done = writer.apply(log, notes);
    if (done.entries > 0) applied.push({ name: log.name, entries: done.entries, bytes: done.bytes });
    binsSize = done.binsSize ?? binsSize;
    if (done.isRefused) break;
  }
  if (binsSize === undefined) {
    notes.add(
      'base block',
      'no transaction log was applied: what Windows had not written to the hive yet is not seen; give its .LOG1 and .LOG2',
    );
    return { ...own, recovery: { state: 'dirty', applied } };
  }
  return {
    bytes: writer.written,
    baseBlock: baseBlock.checksumHolds ? baseBlock : chosen[0].baseBlock,
    binsSize,
    recovery: { state: 'recovered', applied },
  };
}

function dirtyText({ checksumHolds, primarySequence, secondarySequence }: BaseBlock): string {
  return checksumHolds
    ? `the hive was not written to its end: its sequence numbers are ${primarySequence} and ${secondarySequence}`
    : 'the checksum of the hive does not hold: it was not written to its end, or was changed';
}

/** Of a broken base block nothing is believed: all that is there is bins. */
function ownBinsSize(bytes: Uint8Array, baseBlock: BaseBlock): number {
  return baseBlock.checksumHolds ? baseBlock.binsSize : Math.max(0, bytes.length - BASE_BLOCK_SIZE);
}

/** The logs to be applied, in order. */
function chooseLogs(
  bytes: Uint8Array,
  baseBlock: BaseBlock,
  logs: readonly TransactionLog[],
  notes: HiveNotes,
): readonly TransactionLog[] {
  const withEntries = logs.filter(({ kind }) => kind === 'entries');
  const chosen = withEntries.length > 0 ? chooseEntries(baseBlock, withEntries) : chooseBitmap(bytes, baseBlock, logs);
  for (const log of logs) {
    if (chosen.includes(log)) continue;
    const why =
      log.entries.length === 0
        ? (log.stopped ?? 'it has no entries')
        : 'its changes are older than the hive or than another log, or do not go on from it';
    notes.add('transaction log', `${log.name} was not applied: ${why}`);
  }
  return chosen;
}

/** The newer of two; one that is older than the hive was written to it already. */
function chooseBitmap(bytes: Uint8Array, baseBlock: BaseBlock, logs: readonly TransactionLog[]): TransactionLog[] {
  const isBin = latin1(bytes, BASE_BLOCK_SIZE, BASE_BLOCK_SIZE + 4) === 'hbin';
  const since = baseBlock.checksumHolds ? baseBlock.lastWritten : isBin ? bigU64At(bytes, BASE_BLOCK_SIZE + 20) : 0n;
  const fit = logs.filter((log) => log.baseBlock.lastWritten >= since);
  return fit.sort((a, b) => (a.baseBlock.lastWritten < b.baseBlock.lastWritten ? 1 : -1)).slice(0, 1);
}

/** Both, the one with the earlier entries first, where the later goes on from it; of a hive whose base block is broken, the later alone. */
function chooseEntries(baseBlock: BaseBlock, logs: readonly TransactionLog[]): TransactionLog[] {
  const inOrder = [...logs].sort((a, b) => distance(b.baseBlock.primarySequence, a.baseBlock.primarySequence));
  if (!baseBlock.checksumHolds) return inOrder.slice(-1);
  const chosen: TransactionLog[] = [];
  for (const log of inOrder) {
    const first = log.baseBlock.primarySequence;
    const before = chosen.at(-1)?.entries.at(-1)?.sequence;
    const goesOn =
      before === undefined ? distance(baseBlock.secondarySequence, first) >= 0 : first === (before + 1) >>> 0;
    if (goesOn && log.entries.length > 0) chosen.push(log);
  }
  return chosen;
}

/** How far `to` is after `from`, where numbers begin anew at 2^32; negative where it is before. */
function distance(from: number, to: number): number {
  return (to - from) | 0;
}

/** Writes logged pages into a copy of a hive, which grows with them, but to no more than all that is logged can fill. */
class PageWriter {
  #bytes: Uint8Array;
  readonly #limit: number;
  #end: number;

  constructor(bytes: Uint8Array, logs: readonly TransactionLog[]) {
    this.#bytes = bytes;
    this.#end = bytes.length;
    let logged = 0;
    for (const { entries } of logs)
      for (const { pages } of entries) for (const page of pages) logged += page.bytes.length;
    this.#limit = Math.max(bytes.length, BASE_BLOCK_SIZE) + logged;
    if (logged > 0) {
      this.#bytes = new Uint8Array(this.#limit);
      this.#bytes.set(bytes);
    }
  }

  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  apply(
    log: TransactionLog,
    notes: HiveNotes,
  ): {
    readonly entries: number;
    readonly bytes: number;
    readonly binsSize: number | undefined;
    /** A page was not written, so that nothing can go on from here. */
    readonly isRefused: boolean;
  } {
    let bytes = 0;
    let entries = 0;
    let binsSize: number | undefined;
    for (const entry of log.entries) {
      if (entry.pages.some((page) => BASE_BLOCK_SIZE + page.offset + page.bytes.length > this.#limit)) {
        notes.add('transaction log', `${log.name} was applied only up to a page that lies far behind the hive`);
        return { entries, bytes, binsSize, isRefused: true };
      }
      for (const page of entry.pages) {
        this.#bytes.set(page.bytes, BASE_BLOCK_SIZE + page.offset);
        this.#end = Math.max(this.#end, BASE_BLOCK_SIZE + page.offset + page.bytes.length);
        bytes += page.bytes.length;
      }
      entries++;
      binsSize = entry.binsSize;
    }
    if (log.stopped !== undefined) notes.add('transaction log', `${log.name} was applied only in part: ${log.stopped}`);
    return { entries, bytes, binsSize, isRefused: false };
  }
}
