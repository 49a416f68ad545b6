// What each layer could have seen of each host, in words, with the fix for each hole.

import type { LayerCoverage } from '../accounts/document.ts';
import { blindWords, NO_HOST } from './accounts-choice.ts';
import { LAYER_LETTERS, LAYER_WORDS } from './accounts-words.ts';
import { brief, count, type Style } from './print.ts';

const VERDICT_WIDTH = 'filtered'.length;
const LAYER_WIDTH = Math.max(...Object.values(LAYER_WORDS).map((words) => words.length));

/** Hosts that are named beside a fix. */
const MOST_HOSTS = 5;

/** Of each host what it has of each layer, then the fix for each hole with the hosts that have it. */
export function coverageLines(coverage: readonly LayerCoverage[], style: Style): readonly string[] {
  if (coverage.length === 0) return [NO_LAYER];
  const hosts = new Map<string, LayerCoverage[]>();
  const fixes = new Map<string, LayerCoverage[]>();
  const add = (to: Map<string, LayerCoverage[]>, key: string, one: LayerCoverage): void => {
    const own = to.get(key);
    if (own) own.push(one);
    else to.set(key, [one]);
  };
  for (const one of coverage) {
    add(hosts, one.host, one);
    if (one.fix !== null) add(fixes, `${one.layer} ${one.fix}`, one);
  }
  return [
    ...[...hosts].flatMap(([host, own]) => hostLines(host, own, style)),
    ...(fixes.size === 0 ? [] : [`  ${style.heading('To see what was not seen')}`]),
    ...[...fixes.values()].map((holes) => {
      const names = holes.slice(0, MOST_HOSTS).map(({ host }) => brief(nameOf(host), 120));
      const more = holes.length > names.length ? ` and ${holes.length - names.length} more` : '';
      return `    ${LAYER_LETTERS[holes[0].layer]}  on ${names.join(', ')}${more}: ${brief(holes[0].fix ?? '', 400)}`;
    }),
  ];
}

function nameOf(host: string): string {
  return host === '' ? NO_HOST : host;
}

function hostLines(host: string, own: readonly LayerCoverage[], style: Style): readonly string[] {
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

/** Said where nothing of any layer is in the logs, or nothing of the hosts that were asked for. */
export const NO_LAYER =
  'No event of any layer is in what was asked for (Security, Sysmon, PowerShell, API telemetry): nothing can be said of accounts.';

export function unreadableWords(many: number): string {
  return `${count(many, 'record, line or input', 'records, lines or inputs')} could not be read`;
}
