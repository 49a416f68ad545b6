// What a hunt found in words: a line for each hit, counts by rule, host and tactic, and what could not be looked for.

import type { Hit, HuntDocument, NotLoaded, RuleName } from '../hunt/document.ts';
import { brief, count, plain, type Style } from './print.ts';

/** Lines of hits; with a sequence, of its last event. */
export function hitLine({ rule, events, key, matched }: Hit, style: Style): string {
  const event = events.at(-1);
  const place = event ? `${plain(event.source)}:${event.record}` : '';
  const more = events.length > 1 ? ` (${count(events.length, 'event')})` : '';
  const values = matched.map(({ field, value }) => `${plain(field)}=${brief(value, 120)}`).join('  ');
  const keys = key ? `  [${key.map((one) => brief(String(one), 60)).join(', ')}]` : '';
  return [
    `${style.weak(plain(event?.time ?? '-'))}  ${plain(event?.host ?? '-')}  ${levelled(rule, style)}  ${style.strong(brief(rule.title, 120))}${more}${keys}`,
    `    ${style.weak(place)}  ${values}`,
  ].join('\n');
}

function levelled({ level }: RuleName, style: Style): string {
  const text = level ?? 'no level';
  return level === 'high' || level === 'critical' ? style.doubt(text) : text;
}

/** Tactics of a rule by its tags: "attack.defense-evasion" is one, "attack.t1059" is a technique. */
export function tacticsOf(tags: readonly string[]): readonly string[] {
  return tags.flatMap((tag) => {
    const [, tactic] = /^attack\.([a-z][a-z_-]+)$/i.exec(tag) ?? [];
    return tactic === undefined ? [] : [tactic.toLowerCase().replaceAll('_', '-')];
  });
}

/** The counts. `tagsOf` gives the tags of a rule. */
export function huntSummary(
  { hits, counts }: HuntDocument,
  tagsOf: (rule: RuleName) => readonly string[],
  style: Style,
): readonly string[] {
  const head = `${count(counts.hits, 'hit')} of ${count(counts.rules, 'rule')} in ${count(counts.events, 'event')}`;
  if (hits.length === 0) return [head];
  const table = (heading: string, names: readonly string[]): readonly string[] => {
    const byName = new Map<string, number>();
    for (const name of names) byName.set(name, (byName.get(name) ?? 0) + 1);
    const rows = [...byName].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
    const width = Math.max(...rows.map(([, many]) => String(many).length));
    return rows.length === 0
      ? []
      : ['', style.heading(heading), ...rows.map(([name, many]) => `  ${String(many).padStart(width)}  ${name}`)];
  };
  return [
    head,
    ...table(
      'Rules',
      hits.map(({ rule }) => `${(rule.level ?? '-').padEnd(8)}  ${brief(rule.title, 120)}`),
    ),
    ...table(
      'Hosts',
      hits.map(({ events }) => plain(events.at(-1)?.host ?? 'no host')),
    ),
    ...table(
      'Tactics',
      hits.flatMap(({ rule }) => tacticsOf(tagsOf(rule)).map((tactic) => plain(tactic))),
    ),
  ];
}

/** "not loaded: rule.yml:3:1: why" */
export function notLoadedText({ file, reason, line, column }: NotLoaded): string {
  const place = line === null ? '' : `:${line}:${column ?? 1}`;
  return `not loaded: ${plain(file)}${place}: ${brief(reason)}`;
}

/** What was not loaded, and what can never match, the latter by reason. */
export function huntGaps({ notLoaded, neverMatch, counts }: HuntDocument): readonly string[] {
  const lines = notLoaded.map(notLoadedText);
  if (counts.leftOut !== undefined)
    lines.push(
      `rules over several events did not get ${count(counts.leftOut, 'event')}: too many waited; choose fewer rules or a shorter time`,
    );
  if (counts.untimed !== undefined)
    lines.push(
      `sequences and correlations did not get ${count(counts.untimed, 'event')} that a rule wanted: no time that can be read`,
    );
  const byReason = new Map<string, string[]>();
  for (const { rule, reason } of neverMatch) {
    const titles = byReason.get(reason);
    if (titles) titles.push(rule.title);
    else byReason.set(reason, [rule.title]);
  }
  for (const [reason, titles] of [...byReason].sort((one, other) => other[1].length - one[1].length))
    lines.push(
      `never matches: ${count(titles.length, 'rule')}: ${brief(reason)}: ${titles.map((title) => brief(title, 100)).join('; ')}`,
    );
  return lines;
}
