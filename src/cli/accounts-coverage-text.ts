// What each layer could have seen of each host, in words, with the fix for each hole.

import type { LayerCoverage } from '../accounts/document.ts';
import { blindWords } from './accounts-choice.ts';
import { LAYER_LETTERS, LAYER_WORDS } from './accounts-words.ts';
import { brief, count, type Style } from './print.ts';

const VERDICT_WIDTH = 'filtered'.length;
const LAYER_WIDTH = Math.max(...Object.values(LAYER_WORDS).map((words) => words.length));

/** Hosts that are named beside a fix. */
const MOST_HOSTS = 5;

/** Of each host what it has of each layer, then the fix for each hole with the hosts that have it. */
export function coverageLines(coverage: readonly LayerCoverage[], style: Style): readonly string[] {
  if (coverage.length === 0) return [NO_LAYER];
  const hosts = [...new Set(coverage.map(({ host }) => host))];
  const fixes = new Map<string, LayerCoverage[]>();
  for (const one of coverage) {
    if (one.fix === null) continue;
    const key = `${one.layer} ${one.fix}`;
    fixes.set(key, [...(fixes.get(key) ?? []), one]);
  }
  return [
    ...hosts.flatMap((host) => hostLines(host, coverage, style)),
    ...(fixes.size === 0 ? [] : [`  ${style.heading('To see what was not seen')}`]),
    ...[...fixes.values()].map((holes) => {
      const names = holes.map(({ host }) => brief(nameOf(host), 120));
      const more = names.length > MOST_HOSTS ? ` and ${names.length - MOST_HOSTS} more` : '';
      return `    ${LAYER_LETTERS[holes[0].layer]}  on ${names.slice(0, MOST_HOSTS).join(', ')}${more}: ${brief(holes[0].fix ?? '', 400)}`;
    }),
  ];
}

function nameOf(host: string): string {
  return host === '' ? '(no host named)' : host;
}

function hostLines(host: string, coverage: readonly LayerCoverage[], style: Style): readonly string[] {
  const own = coverage.filter((one) => one.host === host);
  return [
    `  ${style.heading(brief(nameOf(host), 120))}: ${blindWords(own, LAYER_LETTERS)}`,
    ...own.map(({ layer, verdict, saw, missed, why }) => {
      const mark = verdict === 'data' ? style.sure : style.doubt;
      const head = `    ${LAYER_LETTERS[layer]}  ${LAYER_WORDS[layer].padEnd(LAYER_WIDTH)}  ${mark(verdict.padEnd(VERDICT_WIDTH))}`;
      return verdict === 'data'
        ? `${head}  saw ${saw}, missed ${missed}; ${brief(why)}`
        : `${head}  could not have seen ${saw > 0 ? `more than ${count(saw, 'change')}` : 'any change'}: ${brief(why)}`;
    }),
  ];
}

/** Said where nothing of any layer is in the logs. */
export const NO_LAYER =
  'No event of any layer is in these logs (Security, Sysmon, PowerShell, API telemetry): nothing can be said of accounts.';

export function unreadableWords(many: number): string {
  return `${count(many, 'record, line or input', 'records, lines or inputs')} could not be read`;
}
