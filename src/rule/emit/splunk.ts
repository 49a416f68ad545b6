// Splunk SPL over Windows event logs as the Splunk Add-ons for Sysmon and for Windows name their fields.
import type { Place } from '../taxonomy/event-kind.ts';
import { sysmon } from '../taxonomy.ts';
import type { Language } from './language.ts';
import { emitSplunk, placeTerms } from './splunk-text.ts';

/** Names of what stands around an event's data, where the add-ons have others. */
const COLUMNS: Readonly<Record<string, string>> = { EventID: 'EventCode', Provider_Name: 'Name', Channel: 'Channel' };
export const splunkColumn = (name: string): string => COLUMNS[name] ?? name;

export const splunk: Language = {
  id: 'splunk',
  title: 'SPL (Splunk, Sysmon)',
  extension: '.spl',
  taxonomy: sysmon,
  emit: (rule) =>
    emitSplunk(rule, {
      taxonomy: sysmon,
      first: (place, search) => [[...sourceTerms(place), ...search].join(' ')],
      assumes: (place) => [
        `Search: ${sourceTerms(place).join(' ').replaceAll('"', '')} (${addOn(place)}); add your index.`,
        'Letter case is ignored by field=value and by (?i) in match().',
      ],
      column: splunkColumn,
      hasRaw: true,
    }),
};

function addOn({ has }: Place): string {
  return String(has.Channel?.[0]).includes('Sysmon')
    ? 'Splunk Add-on for Sysmon'
    : 'Splunk Add-on for Microsoft Windows';
}

/** The channel is the source of events in XML. */
function sourceTerms({ has, ...place }: Place): readonly string[] {
  const { Channel = [], ...others } = has;
  const sources = (Channel.length === 0 ? ['*'] : Channel).map((channel) => `source="XmlWinEventLog:${channel}"`);
  return [
    ...(sources.length > 1 ? [`(${sources.join(' OR ')})`] : sources),
    ...placeTerms({ ...place, has: others }, splunkColumn),
  ];
}
