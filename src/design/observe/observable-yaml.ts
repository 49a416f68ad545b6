// Proposals as observables of a dossier, to be pasted into a primitive: level, column, what is forced and what is free are left to a person.

import { sigmaText } from '../../rule/emit/sigma-selection.ts';
import { yamlString } from '../../rule/emit/yaml-text.ts';
import type { ObserveDocument, Proposal, ProposedTest } from './document.ts';

/** ATT&CK's component for what a program logs of itself: where the kind is none that the table knows. */
const OTHER_COMPONENT = 'DC0038';

/** A list in YAML, which the reader of dossiers takes as `observables`. */
export function observablesYaml({ proposals }: ObserveDocument): string {
  return proposals.map((proposal, i) => `${linesOf(proposal, i + 1).join('\n')}\n`).join('');
}

function linesOf(proposal: Proposal, number: number): readonly string[] {
  const { data_component, log_source, tests } = proposal;
  const fields = [...new Set(tests.map(({ field }) => field))];
  return [
    `# ${hitsText(proposal)}`,
    `- id: observed-${number}`,
    `  data_component: ${data_component ?? `${OTHER_COMPONENT} # to be looked up`}`,
    ...(log_source
      ? [
          `  log_source: {name: ${yamlString(log_source.name)}${log_source.channel === null ? '' : `, channel: ${yamlString(log_source.channel)}`}}`,
        ]
      : ['  # No event of Windows or Sysmon shows it by default.']),
    ...(fields.length > 0 ? [`  requires_fields: [${fields.map(yamlString).join(', ')}]`] : []),
    ...(tests.length > 0 ? [`  predicate: {${tests.map(selectionPart).join(', ')}}`] : []),
    '  # level, column, forced and free are for a person to say.',
  ];
}

function selectionPart({ key, form, value }: ProposedTest): string {
  return `${yamlString(key)}: ${form === 'bit' ? value : yamlString(sigmaText([value]))}`;
}

/** "3 with the action, 0 of 4225 before: at most 0.071 %". */
export function hitsText({ hits_after, hits_before, of_before, share_at_most }: Proposal): string {
  const rare =
    share_at_most === null ? 'nothing is known of before' : `at most ${Number((share_at_most * 100).toPrecision(2))} %`;
  return `${hits_after} with the action, ${hits_before} of ${of_before} before: ${rare}`;
}
