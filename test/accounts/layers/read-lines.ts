// Records out of lines of JSON, as the command reads them: by way of the log readers, not past them.

import { AccountRecord } from '../../../src/accounts/record.ts';
import { sourceOf } from '../../../src/bytes/source.ts';
import { LogReport } from '../../../src/logs/log-report.ts';
import { eventsOf, openLogs } from '../../../src/logs/open-logs.ts';

export async function recordsOf(text: string): Promise<readonly AccountRecord[]> {
  const report = new LogReport();
  const records: AccountRecord[] = [];
  for await (const log of openLogs(sourceOf(new TextEncoder().encode(text), 'log.jsonl'), report))
    for await (const event of eventsOf(log, report)) records.push(new AccountRecord(event));
  return records;
}

export async function recordOf(...objects: readonly object[]): Promise<AccountRecord> {
  const [record] = await recordsOf(objects.map((one) => JSON.stringify(one)).join('\n'));
  return record;
}
