// KQL for Microsoft Sentinel over the Windows Security log.
import type { Place } from '../taxonomy/event-kind.ts';
import { windows } from '../taxonomy.ts';
import { emitKusto, placeLines } from './kusto-text.ts';
import type { Language } from './language.ts';

const ASSUMES_4688 = [
  'ParentProcessName needs Windows 10, Windows Server 2016 or newer: without it the rule never fires.',
  'CommandLine is empty unless the policy "Include command line in process creation events" is on: an exclusion by command line then lets nothing pass.',
];

export const sentinel: Language = {
  id: 'sentinel',
  title: 'KQL (Microsoft Sentinel)',
  extension: '.kql',
  taxonomy: windows,
  emit: (rule) =>
    emitKusto(
      rule,
      windows,
      (place) => ['SecurityEvent', ...placeLines(place)],
      (place) => (isProcessStart(place) ? ASSUMES_4688 : []),
    ),
};

function isProcessStart({ has }: Place): boolean {
  return has.EventID?.includes(4688) ?? false;
}
