// Reads hives that were changed at random, and tells what is wrong with the reading.
import { randomNumbers } from '../../fixtures/logs/random-numbers.ts';
import { FormatError } from '../../src/errors.ts';
import { type Hive, openHive } from '../../src/hive/hive.ts';
import type { LogFile } from '../../src/hive/recovery.ts';
import { valueContent } from '../../src/hive/value-content.ts';
import { mutate, recordsOf } from './mutate.ts';
import { SMALL_HIVES } from './small-hives.ts';

/** Milliseconds of the processor for one hive. */
export const SLOW = 1000;
/** Bytes of data and names that are handed out for each byte of the hive and its logs. */
const MOST_TIMES = 64;

const RECORDS = SMALL_HIVES.map(({ bytes }) => recordsOf(bytes));

/** The hive with the changes of a number, and its reading to the end: answered or refused, in time, and no more than the bytes can be the reason for. */
export class Fuzzer {
  /** Milliseconds of the processor that one hive took at most. */
  slowest = 0;
  /** Hives that were not refused. */
  read = 0;
  /** What else is done with each; it throws where something is wrong. */
  readonly #further: (hive: Hive) => void;

  constructor(further: (hive: Hive) => void = () => {}) {
    this.#further = further;
  }

  /** What is wrong with the reading of the changed hive; nothing if all is well. */
  fault(number: number): string | undefined {
    const random = randomNumbers(number);
    const which = number % SMALL_HIVES.length;
    const { bytes, logs } = SMALL_HIVES[which];
    // A hive with logs is changed, or its log is: of either nothing is believed.
    const isLog = logs.length > 0 && random() < 0.5;
    const changed = isLog ? bytes : mutate(bytes, RECORDS[which], random);
    const changedLogs = isLog
      ? logs.map((log) => ({ ...log, bytes: mutate(log.bytes, [516, 520, 556, 600, 1024], random) }))
      : logs;
    const start = process.cpuUsage().user;
    try {
      const fault = this.#fault(changed, changedLogs);
      if (fault !== undefined) return fault;
    } catch (error) {
      return String((error as Error).stack);
    }
    const took = (process.cpuUsage().user - start) / 1000;
    this.slowest = Math.max(this.slowest, took);
    return took > SLOW ? `took ${took} ms of the processor` : undefined;
  }

  /** What is wrong with the reading of a hive. */
  faultOf(bytes: Uint8Array, logs: readonly LogFile[] = []): string | undefined {
    return this.#fault(bytes, logs);
  }

  #fault(bytes: Uint8Array, logs: readonly LogFile[]): string | undefined {
    let hive: Hive;
    try {
      hive = openHive(bytes, { logs });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return undefined;
    }
    this.read++;
    const most = (bytes.length + logs.reduce((all, log) => all + log.bytes.length, 0)) * MOST_TIMES;
    let given = 0;
    for (const key of hive.keys()) {
      given += 76 + key.name.length + (key.className?.length ?? 0) + (key.securityDescriptor?.length ?? 0);
      for (const value of key.values()) {
        const data = value.data();
        if (data.length > value.size) return `a value of ${value.size} bytes has ${data.length}`;
        valueContent(value.type, data);
        given += 24 + value.name.length + data.length;
      }
      if (given > most) return `more than ${MOST_TIMES} times the bytes of the hive were handed out`;
    }
    if (hive.notes.length > 201) return `${hive.notes.length} notes`;
    this.#further(hive);
    return undefined;
  }
}
