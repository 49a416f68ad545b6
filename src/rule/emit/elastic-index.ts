// Which indices of Elasticsearch hold the events of a place, as Elastic's agents name them.
import type { Place } from '../taxonomy/event-kind.ts';

/** Index patterns; `*` alone in a taxonomy that is not Elastic's own. */
export function elasticIndices({ has }: Place): readonly string[] {
  const channel = has['winlog.channel']?.[0];
  if (has['event.category']?.[0] === 'process')
    return ['logs-endpoint.events.process-*', 'logs-windows.sysmon_operational-*', 'winlogbeat-*'];
  if (typeof channel !== 'string') return has['host.os.type'] === undefined ? ['*'] : ['logs-*', 'winlogbeat-*'];
  const dataset = DATASETS[channel];
  return [dataset ?? 'logs-*', 'winlogbeat-*'];
}

const DATASETS: Readonly<Record<string, string>> = {
  'Microsoft-Windows-Sysmon/Operational': 'logs-windows.sysmon_operational-*',
  'Microsoft-Windows-PowerShell/Operational': 'logs-windows.powershell_operational-*',
  'Windows PowerShell': 'logs-windows.powershell-*',
  Security: 'logs-system.security-*',
  System: 'logs-system.system-*',
  Application: 'logs-system.application-*',
};
