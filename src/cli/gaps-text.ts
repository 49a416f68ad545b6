// What a ranking of gaps says in words: a table of data components, and of each its log sources, what switches them on, and how much they write.

import type {
  ComponentGap,
  Gain,
  GapSource,
  GapsDocument,
  SourceVolume,
  SumOfVolumes,
} from '../design/gaps-document.ts';
import { figure } from '../design/shown-text.ts';
import { names, type TextOptions } from './design-text.ts';
import { brief, count, type Style } from './print.ts';

/** Log sources of a component that are shown. */
const MOST_SOURCES = 4;

/** Ends with a newline. */
export function gapsText(document: GapsDocument, { style }: TextOptions): string {
  const { satisfied_now, scope_now, components, best, notes = [] } = document;
  const lines = [
    `now: ${count(satisfied_now.length, 'dossier')} fully seen${ofNames(satisfied_now)}, ${count(scope_now.length, 'dossier')} with a scope${ofNames(scope_now)}`,
  ];
  if (components.length === 0) return `${[...lines, 'no gap: every necessary primitive is seen'].join('\n')}\n`;
  lines.push('', style.heading('Data components that would close gaps, by what each alone would give'));
  lines.push(...componentTable(document, style));
  for (const one of components) lines.push('', ...componentLines(one, style));
  if (best.length > 0) lines.push('', style.heading('Best sets'));
  for (const { size, components: set, names: titles, satisfies, unlocks, enough, enable, volume } of best)
    lines.push(
      `  ${size}  ${style.secret(names(set.map((id, i) => titled(id, titles[i]))))}  fully sees ${satisfies.length}, gives a scope to ${unlocks.length}`,
      ...gainLines({ satisfies, unlocks }, style),
      ...(enough.length === 0 ? [] : [`      enough: ${names(enough)}`]),
      ...(enable.length === 0 ? [] : [`      enable: ${names(enable)}`]),
      `      volume: ${sumWords(volume)}`,
    );
  lines.push(...settingLines(components, style));
  lines.push(...notes.map((note) => style.weak(brief(note))));
  return `${lines.join('\n')}\n`;
}

function titled(id: string, name: string | null): string {
  return name === null ? id : `${id} ${name}`;
}

function ofNames(all: readonly string[]): string {
  return all.length === 0 ? '' : ` (${names(all)})`;
}

const HEADINGS = ['component', 'fully sees', 'gives a scope', 'in the way of', 'events a day'];

function componentTable({ components, floor }: GapsDocument, style: Style): readonly string[] {
  const rows = components.map((one) => [
    brief(titled(one.data_component, one.name), 60),
    String(one.satisfies.length),
    String(one.unlocks.length),
    `${count(one.blocked_primitives.length, 'primitive')} of ${count(one.blocked_techniques.length, 'dossier')}`,
    dayWords(one.volume),
  ]);
  const widths = HEADINGS.map((heading, i) => Math.max(heading.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]): string => cells.map((cell, i) => cell.padEnd(widths[i])).join('  ');
  return [
    style.weak(`  ${line(HEADINGS)}  floor of ${count(floor, 'dossier')}`),
    ...rows.map((row, i) => {
      const { justified } = components[i];
      return `  ${line(row)}  ${justified ? style.sure('justified') : 'below'}`;
    }),
  ];
}

function dayWords({ events_per_day, unknown }: SumOfVolumes): string {
  if (events_per_day === null) return 'unknown';
  return unknown.length === 0 ? figure(events_per_day) : `${figure(events_per_day)} and more`;
}

function sumWords(volume: SumOfVolumes): string {
  const { events_per_day, unknown } = volume;
  if (events_per_day === null) return 'no figure is known of any of the log sources';
  const sum = `${figure(events_per_day)} events a day`;
  return unknown.length === 0 ? sum : `${sum}, without ${names(unknown)}, of which no figure is known`;
}

function componentLines(one: ComponentGap, style: Style): readonly string[] {
  const shown = one.log_sources.slice(0, MOST_SOURCES);
  const left = one.log_sources.length - shown.length;
  return [
    style.secret(brief(titled(one.data_component, one.name), 80)),
    `  would show ${names(one.blocked_primitives.map(({ technique, primitive }) => `${primitive} of ${technique}`))}`,
    ...gainLines(one, style),
    ...one.collected.flatMap(({ data_source, log_source, observables }) => [
      `  ${style.doubt('is collected')} by ${brief(data_source, 80)} (${brief(log_source, 120)}), but not as it is needed:`,
      ...observables.map(({ observable, why }) => `      ${brief(observable, 80)} ${brief(why)}`),
    ]),
    ...shown.flatMap((source) => sourceLines(source, style)),
    ...(left === 0 ? [] : [style.weak(`  and ${count(left, 'more log source')}, which --json has`)]),
    ...(one.log_sources_reason === null ? [] : [`  log source unknown: ${brief(one.log_sources_reason)}`]),
    ...(one.other_log_sources.length === 0 ? [] : [style.weak(`  ATT&CK also names ${names(one.other_log_sources)}`)]),
  ];
}

function sourceLines(source: GapSource, style: Style): readonly string[] {
  const { name, channel, observables, analytics, enable, enable_reason, volume } = source;
  const by = [
    ...(observables.length === 0 ? [] : [`for ${names(observables)}`]),
    ...(analytics.length === 0 ? [] : [`ATT&CK's ${names(analytics)}`]),
  ];
  return [
    `  ${style.strong(brief([name, channel].filter((part) => part !== null).join(', '), 160))}${by.length === 0 ? '' : style.weak(` (${by.join('; ')})`)}`,
    `      enable  ${[...enable.map((setting) => brief(setting.name)), ...(enable_reason === null ? [] : [`unknown: ${brief(enable_reason)}`])].join('; ')}`,
    `      volume  ${volumeWords(volume)}`,
  ];
}

/** How each setting that was named is made, once. */
function settingLines(components: readonly ComponentGap[], style: Style): readonly string[] {
  const shown = components.flatMap(({ log_sources }) => log_sources.slice(0, MOST_SOURCES));
  const settings = new Map(shown.flatMap(({ enable }) => enable.map((setting) => [setting.name, setting] as const)));
  if (settings.size === 0) return [];
  return [
    '',
    style.heading('How each is enabled'),
    ...[...settings.values()].flatMap(({ name, command, policy, also, source }) => [
      `  ${style.strong(brief(name))}`,
      ...[command, policy, also].flatMap((part) => (part === null ? [] : [`      ${brief(part)}`])),
      style.weak(`      ${brief(source)}`),
    ]),
  ];
}

function volumeWords({ basis, events_per_day, events_per_host_day, told, reason }: SourceVolume): string {
  if (events_per_day === null) {
    const said = told === null ? '' : `; the publisher says of ${brief(told)}`;
    return `no figure: ${brief(reason ?? '')}${said}`;
  }
  const host = events_per_host_day === null ? '' : `, ${figure(events_per_host_day)} on a host's day`;
  const by = basis === 'history' ? `counted, ${brief(told ?? '')}` : brief(told ?? '');
  return `${figure(events_per_day)} events a day${host}; ${by}`;
}

function gainLines({ satisfies, unlocks }: Gain, style: Style): readonly string[] {
  return [
    ...(satisfies.length === 0 ? [] : [style.weak(`      fully sees: ${names(satisfies)}`)]),
    ...(unlocks.length === 0 ? [] : [style.weak(`      scope for: ${names(unlocks)}`)]),
  ];
}
