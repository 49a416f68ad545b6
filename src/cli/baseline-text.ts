// A baseline in words: the verdict, hits per day, hosts, values from the rarest on, and what the figures do not say.

import type { BaselineDocument } from '../history/baseline-document.ts';
import type { FieldStack, HitsPerDay } from '../history/statistics/baseline-summary.ts';
import { percent } from '../history/statistics/verdict.ts';
import { brief, count, listed, plain, type Style } from './print.ts';

/** Days and names that are told one by one. */
const MOST_TOLD = 8;

export function baselineLines(document: BaselineDocument, style: Style): readonly string[] {
  const { verdict, reason, window, hosts, concentration, coverage_check: coverage } = document;
  const paint = verdict === 'few' ? style.sure : verdict === 'flood' ? style.alarm : style.doubt;
  const shares = [
    ...(concentration.top_host
      ? [`${percent(concentration.top_host.share)} on ${nameOf(concentration.top_host.host)}`]
      : []),
    ...(concentration.top_value
      ? [
          `${percent(concentration.top_value.share)} with ${plain(concentration.top_value.field)}=${brief(concentration.top_value.value, 80)}`,
        ]
      : []),
  ];
  return [
    `${paint(verdict)}: ${plain(reason)}`,
    '',
    row('asked', brief(document.asked, 200)),
    ...(document.log_source === null ? [] : [row('log source', plain(document.log_source))]),
    row(
      'history',
      `${window ? `${window.from} to ${window.to}, ${count(window.days, 'day')}, ` : ''}${number(document.scanned)} ${document.scanned === 1 ? 'event' : 'events'}, ${plain(document.engine)}`,
    ),
    row(
      'telemetry',
      `${number(document.telemetry)} ${document.telemetry === 1 ? 'event' : 'events'} of the log source on ${count(hosts.with_telemetry, 'host')}${coverage.hosts_without ? `; ${count(coverage.hosts_without, 'host')} without` : ''}`,
    ),
    row(
      'hits',
      `${number(document.hits)} on ${count(hosts.with_hits, 'host')}${hosts.share === null ? '' : ` (${percent(hosts.share)})`}`,
    ),
    ...(document.hits_per_day ? [row('a day', perDay(document.hits_per_day))] : []),
    ...(document.hits_after_exclusions === null
      ? []
      : [
          row(
            'excluded',
            `${number(document.hits_after_exclusions)} ${document.hits_after_exclusions === 1 ? 'hit' : 'hits'} left${document.after_exclusions ? `; a day ${perDay(document.after_exclusions)}` : ''}`,
          ),
        ]),
    ...(document.new_per_day
      ? [
          row(
            'new a day',
            `p50 ${document.new_per_day.p50}, p90 ${document.new_per_day.p90}, max ${document.new_per_day.max}`,
          ),
        ]
      : []),
    ...(document.next_week
      ? [
          row(
            'next week',
            `${document.next_week.expected} expected, ${document.next_week.low} to ${document.next_week.high} (90 %)`,
          ),
        ]
      : []),
    ...(document.forecast
      ? [
          row(
            'held out',
            `${document.forecast.from} to ${document.forecast.to}: ${document.forecast.low} to ${document.forecast.high} forecast, ${document.forecast.hits} came`,
          ),
        ]
      : []),
    ...(shares.length > 0 ? [row('most', shares.join(', '))] : []),
    ...document.fields.flatMap((field) => ['', ...fieldLines(field, style)]),
    ...(document.silent_hosts.length > 0
      ? ['', `Silent hosts (events, but none of the log source): ${some(document.silent_hosts)}`]
      : []),
    ...(document.notes.length > 0 ? ['', ...document.notes.map((note) => `Note: ${plain(note)}`)] : []),
  ];
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(11)} ${text}`;
}

function perDay({ p50, p90, max, days_with_none: none, interval }: HitsPerDay): string {
  return `p50 ${p50}, p90 ${p90} (${interval.p90[0]} to ${interval.p90[1]}), max ${max}, none on ${count(none, 'day')}`;
}

/** The rarest first. */
function fieldLines({ field, distinct, rare, frequent, complete }: FieldStack, style: Style): readonly string[] {
  const told =
    rare.length >= distinct
      ? rare
      : [...rare, ...frequent.filter(({ value }) => !rare.some((one) => one.value === value)).toReversed()];
  const left = distinct - told.length;
  const lines = told.map(
    ({ value, hits, hosts, first }) =>
      `  ${String(hosts).padStart(6)} ${number(hits).padStart(9)}  ${first ?? '-'.padEnd(10)}  ${brief(value, 120)}`,
  );
  const title = `${plain(field)} (${count(distinct, 'value')}, the rarest first${complete ? '' : ', then the most frequent'})`;
  return [
    style.heading(title),
    style.weak('   hosts      hits  first seen  value'),
    ...(left > 0
      ? [...lines.slice(0, rare.length), style.weak(`         ... ${left} more`), ...lines.slice(rare.length)]
      : lines),
  ];
}

function some(names: readonly string[]): string {
  const told = names.slice(0, MOST_TOLD).map(nameOf);
  return names.length > told.length ? `${told.join(', ')} and ${names.length - told.length} more` : listed(told);
}

function nameOf(host: string): string {
  return host === '' ? 'events without a host' : plain(host);
}

function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
