// A hive told as lines, one for each key and value, so that two can be compared.
import type { Hive } from '../../src/hive/hive.ts';

export function told(hive: Hive): string[] {
  const lines: string[] = [];
  for (const key of hive.keys()) {
    lines.push(`${key.path} ${key.lastWritten} ${key.className ?? ''}`);
    for (const value of key.values())
      lines.push(`${key.path} ${value.name}=${value.type} ${Buffer.from(value.data()).toString('hex')}`);
  }
  return lines;
}
