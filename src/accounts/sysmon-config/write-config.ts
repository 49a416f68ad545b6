// The Sysmon rules that the layers need, as a configuration of its own or to be put into another.

import { LAYERS, NEEDS } from './check.ts';
import type { Need, SysmonLayer } from './need.ts';
import { indented, ruleXml } from './rule-xml.ts';
import { RULE_SINCE } from './schema.ts';

const TITLES: Readonly<Record<SysmonLayer, string>> = {
  registry: 'Layer D: writes to the SAM, and accounts hidden from the sign-in screen',
  command: 'Layer B: the programs by which accounts and groups are changed',
};

const REMARKS: Readonly<Record<SysmonLayer, readonly string[]>> = {
  registry: [
    'Leave this group out where your configuration has one list for RegistryEvent, which excludes: then Sysmon logs all others, and with this group it would log these alone.',
    'Where Windows is not in C:\\Windows, change the path of lsass.exe: its writes to F are a counter of logons, those of others are not.',
    'A list that excludes goes before this one: what it drops is not seen. The check of winnow accounts sysmon-config says what does.',
  ],
  command: [
    'Leave this group out where no list of your configuration names ProcessCreate, or only one that excludes: then Sysmon logs all others, and with this group it would log these programs alone.',
  ],
};

/** XML, ASCII, with a newline at its end; the same for the same layers. */
export function sysmonConfigText(layers: readonly SysmonLayer[] = LAYERS): string {
  return `${[
    '<!-- The Sysmon rules that `winnow accounts` needs: put each group into the EventFiltering of your configuration. -->',
    `<Sysmon schemaversion="${RULE_SINCE.toFixed(2)}">`,
    '  <EventFiltering>',
    ...LAYERS.filter((layer) => layers.includes(layer)).map((layer) => indented(groupOf(layer), 4)),
    '  </EventFiltering>',
    '</Sysmon>',
  ].join('\n')}\n`;
}

function groupOf(layer: SysmonLayer): string {
  const needs = NEEDS.filter((need) => need.layer === layer && need.rules.length > 0);
  const { event } = needs[0];
  return [
    `<!-- ${TITLES[layer]}. -->`,
    ...REMARKS[layer].map((remark) => `<!-- ${remark} -->`),
    `<RuleGroup name="winnow-accounts-${layer}" groupRelation="or">`,
    `  <${event} onmatch="include">`,
    ...rulesOf(needs).map((line) => indented(line, 4)),
    `  </${event}>`,
    '</RuleGroup>',
  ].join('\n');
}

/** Each rule once, under what it is for. */
function rulesOf(needs: readonly Need[]): readonly string[] {
  const reasons = new Map<string, Need[]>();
  for (const need of needs)
    for (const parts of need.rules) {
      const xml = ruleXml(parts);
      reasons.set(xml, [...(reasons.get(xml) ?? []), need]);
    }
  let last = '';
  return [...reasons].flatMap(([xml, own]) => {
    const words = own.map(({ what, cost }) => (cost ? `${what} (cost: ${cost})` : what)).join('; ');
    const lines = words === last ? [xml] : [`<!-- ${words} -->`, xml];
    last = words;
    return lines;
  });
}
