// The logs that the documentation shows are those that their writer makes. SAMPLE_LOGS=write makes them again.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { securityLog, sysmonLines } from '../../fixtures/logs/sample.ts';

describe('the sample logs', () => {
  it.each([
    ['Security.evtx', () => Buffer.from(securityLog())],
    ['sysmon.ndjson', () => Buffer.from(sysmonLines())],
  ])('%s', (name, make) => {
    const path = `fixtures/logs/sample/${name}`;
    if (process.env.SAMPLE_LOGS === 'write') {
      mkdirSync('fixtures/logs/sample', { recursive: true });
      writeFileSync(path, make());
    }
    expect(readFileSync(path).equals(make())).toBe(true);
  });
});
