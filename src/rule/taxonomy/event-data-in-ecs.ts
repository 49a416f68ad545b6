// Where Elastic's agents keep the data of an event of Windows' logs that are not taken apart by kind.
import { UnsupportedError } from '../../errors.ts';
import type { Column } from './event-kind.ts';

/**
 * Data of the Security log that is renamed, not copied, for most events (logons, accounts, groups, services, tasks, shares, process starts) and left
 * where it was for the others (handles and objects: 4656, 4663). Source: elastic/integrations, packages/system, data_stream/security,
 * ingest_pipeline/standard.yml, commit 057f555b (facts of its processors alone).
 */
const RENAMED_IN_SECURITY: Readonly<Record<string, string>> = {
  ProcessName: 'process.executable',
  NewProcessName: 'process.executable',
  ParentProcessName: 'process.parent.executable',
  IpAddress: 'source.ip',
  IpPort: 'source.port',
  WorkstationName: 'source.domain',
};
/** The same, and hexadecimal text becomes a number. */
const NUMBERED_IN_SECURITY: ReadonlySet<string> = new Set(['ProcessId', 'NewProcessId']);

/** Logs whose events carry UserData instead of EventData. The agents keep the two apart (Winlogbeat's reference, fields winlog.event_data and winlog.user_data). */
const WITH_USER_DATA: ReadonlySet<string> = new Set([
  'applocker',
  'capi2',
  'printservice-admin',
  'printservice-operational',
  'terminalservices-localsessionmanager',
]);

/** The column for a value of an event of the log. Throws UnsupportedError where it is kept in a form of which nothing can be said. */
export function eventDataInEcs(service: string, field: string): Column {
  const own = `winlog.event_data.${field}`;
  if (WITH_USER_DATA.has(service)) return { form: 'either', names: [`winlog.user_data.${field}`, own] };
  if (service !== 'security') return own;
  if (NUMBERED_IN_SECURITY.has(field))
    throw new UnsupportedError(`Elastic's agents write ${field} of the Security log as another number`);
  if (!Object.hasOwn(RENAMED_IN_SECURITY, field)) return own;
  return { form: 'either', names: [RENAMED_IN_SECURITY[field], own] };
}
