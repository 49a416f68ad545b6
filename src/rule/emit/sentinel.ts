// KQL for Microsoft Sentinel over Windows Security event 4688.
import { windows } from '../taxonomy.ts';
import { emitKusto } from './kusto-text.ts';
import type { Language } from './language.ts';

const ASSUMES = [
  'ParentProcessName needs Windows 10, Windows Server 2016 or newer: without it the rule never fires.',
  'CommandLine is empty unless the policy "Include command line in process creation events" is on: an exclusion by command line then lets nothing pass.',
];

export const sentinel: Language = {
  id: 'sentinel',
  title: 'KQL (Microsoft Sentinel)',
  extension: '.kql',
  taxonomy: windows,
  emit: (rule) => emitKusto(rule, windows, ['SecurityEvent', '| where EventID == 4688'], ASSUMES),
};
