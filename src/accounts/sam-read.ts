// A SAM hive out of its bytes: opened, made whole by its transaction logs, and its records read.

import { type Hive, openHive } from '../hive/hive.ts';
import type { LogFile } from '../hive/recovery.ts';
import { readSam, type Sam } from '../hive/sam/sam.ts';

export type { LogFile };

export interface OpenSam {
  readonly hive: Hive;
  readonly sam: Sam;
}

/** `logs`: its .LOG1 and .LOG2, where they are there. Throws FormatError where it is no hive, or no SAM. */
export function openSam(bytes: Uint8Array, name: string, logs: readonly LogFile[] = []): OpenSam {
  const hive = openHive(bytes, { name, logs });
  return { hive, sam: readSam(hive, name) };
}
