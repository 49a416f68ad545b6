// A day or a time of ISO 8601 as dossiers write it.

import { dayIndex } from '../history/statistics/calendar.ts';

const DAY_MS = 86_400_000;

/**
 * Milliseconds since 1970: of "2020-09-04" midnight, of "2020-09-04T09:00:00.5Z" that instant; UTC where there is no zone. Undefined where it is none, as the
 * 31st of February.
 */
export function isoTime(text: string): number | undefined {
  const [, day, time, zone] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)\s?(Z|[+-]\d\d:?\d\d)?)?$/i.exec(text.trim()) ?? [];
  const index = dayIndex(day ?? '');
  if (index === undefined || time === undefined) return index === undefined ? undefined : index * DAY_MS;
  const read = Date.parse(`${day}T${time.replace(',', '.')}${zonedBy(zone)}`);
  return Number.isNaN(read) ? undefined : read;
}

function zonedBy(zone: string | undefined): string {
  if (zone === undefined || /^z$/i.test(zone)) return 'Z';
  return zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
}
