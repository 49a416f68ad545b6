// The logs that the documentation shows are those that their writers make. SAMPLE_LOGS=write makes them again.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accountsDomainLines, accountsSecurityLog, accountsSysmonLines } from '../../fixtures/logs/accounts.ts';
import { securityLog, sysmonLines } from '../../fixtures/logs/sample.ts';

describe('the sample logs', () => {
  it.each([
    ['sample/Security.evtx', () => Buffer.from(securityLog())],
    ['sample/sysmon.ndjson', () => Buffer.from(sysmonLines())],
    ['accounts/Security.evtx', () => Buffer.from(accountsSecurityLog())],
    ['accounts/sysmon.ndjson', () => Buffer.from(accountsSysmonLines())],
    ['accounts/dc1.ndjson', () => Buffer.from(accountsDomainLines())],
  ])('%s', (name, make) => {
    const path = `fixtures/logs/${name}`;
    if (process.env.SAMPLE_LOGS === 'write') {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, make());
    }
    expect(readFileSync(path).equals(make())).toBe(true);
  });
});
