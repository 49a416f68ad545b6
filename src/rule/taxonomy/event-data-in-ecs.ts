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
/** The events in which it is renamed. 4778 and 4779 have a copy of ClientAddress. */
const RENAMED_IN: ReadonlySet<number> = new Set([
  1100, 1102, 1104, 1105, 1108, 4624, 4625, 4648, 4670, 4673, 4674, 4689, 4697, 4719, 4720, 4722, 4723, 4724, 4725,
  4726, 4727, 4728, 4729, 4730, 4731, 4732, 4733, 4734, 4735, 4737, 4738, 4740, 4741, 4742, 4743, 4744, 4745, 4746,
  4747, 4748, 4749, 4750, 4751, 4752, 4753, 4754, 4755, 4756, 4757, 4758, 4759, 4760, 4761, 4762, 4763, 4764, 4767,
  4768, 4769, 4770, 4771, 4798, 4799, 4817, 4904, 4905, 4907, 4912, 5140, 5145,
]);
const SESSIONS: ReadonlySet<number> = new Set([4778, 4779]);
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

/** The column for a value of an event of the log. `eventIds`: those that the rule asks for, none if it does not say. Throws UnsupportedError where it is kept in a form of which nothing can be said. */
export function eventDataInEcs(service: string, field: string, eventIds: readonly number[]): Column {
  const own = `winlog.event_data.${field}`;
  if (WITH_USER_DATA.has(service)) return { form: 'either', names: [`winlog.user_data.${field}`, own] };
  if (service !== 'security') return own;
  if (NUMBERED_IN_SECURITY.has(field))
    throw new UnsupportedError(`Elastic's agents write ${field} of the Security log as another number`);
  const areAll = (ids: ReadonlySet<number>): boolean => eventIds.length > 0 && eventIds.every((id) => ids.has(id));
  if (field === 'ClientAddress' && areAll(SESSIONS)) return { form: 'either', names: ['source.ip'], rest: own };
  if (!Object.hasOwn(RENAMED_IN_SECURITY, field)) return own;
  const renamed = RENAMED_IN_SECURITY[field];
  if (areAll(RENAMED_IN) && !field.startsWith('New') && !field.startsWith('Parent'))
    return { form: 'either', names: [renamed], rest: own };
  const isElsewhere = eventIds.length > 0 && eventIds.every((id) => id !== 4688 && !RENAMED_IN.has(id));
  return isElsewhere ? own : { form: 'either', names: [renamed, own] };
}
