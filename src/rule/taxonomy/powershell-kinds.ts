// PowerShell's own logs: script blocks (4104), modules (4103), and the classic log (400, 600).
import type { EventKind, FieldRow } from './event-kind.ts';

/** Of Windows PowerShell and of PowerShell 7. */
const CHANNELS = ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'];
const CLASSIC = ['Windows PowerShell'];

function powershell(
  id: string,
  what: string,
  channels: readonly string[],
  eventId: number,
  rows: readonly FieldRow[],
): EventKind {
  const table = `${channels[0]}, event ${eventId} (${what})`;
  return {
    id,
    places: {
      sysmon: { table, has: { Channel: channels, EventID: [eventId] } },
      ecs: {
        table: `${table} by Elastic Agent or Winlogbeat`,
        has: { 'winlog.channel': channels, 'event.code': [String(eventId)] },
      },
    },
    rows,
  };
}

/** The three texts of the classic log; its agents take only the third apart. */
const DATA: readonly FieldRow[] = [{ sysmon: 'Data' }];

export const POWERSHELL_KINDS: readonly EventKind[] = [
  powershell('ps_script', 'script block', CHANNELS, 4104, [
    { sysmon: 'ScriptBlockText', ecs: 'powershell.file.script_block_text' },
    { sysmon: 'ScriptBlockId', ecs: 'powershell.file.script_block_id' },
    { sysmon: 'Path', ecs: 'file.path' },
  ]),
  powershell('ps_module', 'pipeline execution', CHANNELS, 4103, [
    // Elastic's agents take both apart.
    { sysmon: 'Payload' },
    { sysmon: 'ContextInfo' },
  ]),
  powershell('ps_classic_start', 'engine started', CLASSIC, 400, DATA),
  powershell('ps_classic_provider_start', 'provider started', CLASSIC, 600, DATA),
  powershell('ps_classic_script', 'pipeline execution', CLASSIC, 800, DATA),
];
