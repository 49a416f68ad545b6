// What a funnel and a ranking of gaps say in words: the steps with what each dropped and why, the primitives, the scope, and what would change it.

import { APPEARANCES } from '../design/appearance.ts';
import type { Colour, FunnelDocument, FunnelDocuments, PrimitiveState, QueryCost, StepId } from '../design/document.ts';
import { type Funnel, hitsWords, scopeCount, stepFigures } from '../design/figures.ts';
import { brief, count, listed, type Style } from './print.ts';

export interface TextOptions {
  readonly style: Style;
}

/** Names of one kind that a line shows. */
const MOST_SHOWN = 12;

/** Of one dossier or of several, one after the other; ends with a newline. */
export function funnelText(document: FunnelDocument | FunnelDocuments, { style }: TextOptions): string {
  const funnels: readonly Funnel[] = 'dossiers' in document ? document.dossiers : [document];
  return funnels.map((funnel) => `${funnelLines(funnel, style).join('\n')}\n`).join('\n');
}

function funnelLines(funnel: Funnel, style: Style): readonly string[] {
  const { technique, attack_version, environment, engine, window } = funnel;
  const attack =
    technique === null
      ? ''
      : `, ATT&CK ${brief(technique, 40)}${attack_version === null ? '' : ` ${brief(attack_version, 20)}`}`;
  const days = window
    ? `, ${brief(window.from, 40)} to ${brief(window.to, 40)}${window.excluded_days.length === 0 ? '' : ` without ${count(window.excluded_days.length, 'day')}`}`
    : '';
  const lines = [
    `${style.heading(brief(funnel.name ?? funnel.id, 120))}  ${style.weak(`${brief(funnel.id, 80)}${attack}`)}`,
    style.weak(`in ${brief(environment, 80)}, ${countedWords(engine)}${days}`),
  ];
  return [
    ...lines,
    '',
    ...stepLines(funnel, style),
    '',
    ...primitiveLines(funnel, style),
    ...scopeLines(funnel, style),
    ...exclusionLines(funnel, style),
    ...gapLines(funnel, style),
    ...sideLines(funnel, style),
    ...noteLines(funnel, style),
  ];
}

function countedWords(engine: string): string {
  if (engine === 'none') return 'nothing counted';
  return engine === 'fixtures' ? 'figures of an example, nothing counted' : `counted by ${brief(engine, 80)}`;
}

function stepLines(funnel: Funnel, style: Style): readonly string[] {
  const figures = stepFigures(funnel);
  const width = Math.max(...figures.map((one) => one.count.length));
  return figures.flatMap((step) => {
    const dropped = funnel.steps.find(({ id }) => id === step.id)?.dropped ?? [];
    return [
      `${style.strong(step.id)}  ${step.count.padStart(width)}  ${STEP_LINES[step.id]}`,
      ...dropped.map(({ id, reason }) => style.weak(`     ${' '.repeat(width)}- ${brief(id, 60)}: ${brief(reason)}`)),
    ];
  });
}

/** What the count of a step is of. */
const STEP_LINES: Readonly<Record<StepId, string>> = {
  A: 'primitives',
  B: 'necessary: in every procedure',
  C: 'fixed / attacker-controlled',
  D: 'visible / gaps',
  E: 'within budget, by the baseline',
  F: 'in the initial detection scope',
};

const STYLES: Readonly<Record<Colour, keyof Style>> = {
  green: 'sure',
  dark_green: 'sure',
  purple: 'secret',
  amber: 'doubt',
  grey: 'weak',
  red: 'alarm',
};

const STATES: Readonly<Record<PrimitiveState['state'], string>> = {
  scope: 'scope',
  gap: 'gap',
  over_budget: 'over budget',
  unknown: 'unknown',
  optional: 'optional',
  refuted: 'refuted',
};

function primitiveLines({ primitives }: Funnel, style: Style): readonly string[] {
  if (primitives.length === 0) return [];
  const ids = primitives.map(({ id }) => brief(id, 60));
  const width = Math.min(24, Math.max(...ids.map((id) => id.length)));
  const nameWidth = Math.min(44, Math.max(...primitives.map(({ name }) => brief(name ?? '', 100).length)));
  const lines = primitives.map((primitive, at) => {
    const { colour, letter, state, name } = primitive;
    const control = `${primitive.control === 'fixed' ? 'fixed' : 'attacker-controlled'}${variesWords(primitive)}`;
    return `  ${style[STYLES[colour]](letter)}  ${ids[at].padEnd(width)}  ${STATES[state].padEnd(11)}  ${brief(name ?? '', 100).padEnd(nameWidth)}  ${control}${sessionWords(primitive)}`;
  });
  const used = APPEARANCES.filter(({ colour }) => primitives.some((primitive) => primitive.colour === colour));
  return [
    style.heading(`Primitives (${primitives.length})`),
    ...lines,
    style.weak(`  ${used.map(({ letter, meaning }) => `${letter} ${meaning}`).join('; ')}`),
  ];
}

function variesWords({ varies }: PrimitiveState): string {
  if (!varies) return '';
  const known =
    varies.known_values === null ? '' : `${count(varies.known_values, 'known value')}${varies.open_ended ? ', ' : ''}`;
  const field = varies.field === null ? '' : `${brief(varies.field, 60)}: `;
  const text = `${field}${known}${varies.open_ended ? 'open-ended' : ''}`;
  return text === '' ? '' : ` (${text.replace(/: $/, '')})`;
}

/** Only where sessions say something. */
function sessionWords({ evidence: { sessions_hit, sessions_total, broken_by, cannot_tell } }: PrimitiveState): string {
  if (sessions_total + cannot_tell.length === 0) return '';
  const hit = `in ${sessions_hit.length} of ${count(sessions_total, 'session')}`;
  const broken = broken_by.length === 0 ? '' : `, not in ${names(broken_by)}`;
  const silent = cannot_tell.length === 0 ? '' : `; ${cannot_tell.length} cannot tell`;
  return `, ${hit}${broken}${silent}`;
}

/** Of many the first, and how many more there are. */
export function names(all: readonly string[]): string {
  const shown = all.slice(0, MOST_SHOWN).map((one) => brief(one, 80));
  const more = all.length - shown.length;
  return listed(more > 0 ? [...shown, `${more} more`] : shown);
}

function scopeLines(funnel: Funnel, style: Style): readonly string[] {
  const { scope, empty, resilience } = funnel;
  if (empty)
    return [
      '',
      style.heading(`Scope ${scopeCount(funnel)}: empty`),
      `  step ${empty.step} emptied it: ${brief(empty.why)}`,
      `  smallest change: ${brief(empty.change)}`,
    ];
  if (!funnel.steps.some(({ id }) => id === 'F')) return [];
  const lines = scope.flatMap((entry) => {
    const score = entry.level === null ? '' : ` ${entry.level}${entry.column ?? ''}`;
    const source = entry.log_source === null ? '' : `, ${brief(entry.log_source, 100)}`;
    return [
      `  ${style.sure(brief(entry.observable, 60))} of ${brief(entry.primitive, 60)}${score}${source}: ${style.strong(entry.advice)}, ${brief(entry.advice_reason)}`,
      ...(entry.predicate === null ? [] : [style.weak(`      ${brief(entry.predicate)}`)]),
      style.weak(`      ${hitsWords(funnel, entry.observable, entry.hits_per_day)}${costWords(entry.cost)}`),
      ...planLines(entry.cost, style),
      ...(entry.enrichment.length === 0 ? [] : [style.weak(`      look at: ${names(entry.enrichment)}`)]),
      ...contextLines(entry.context, style),
    ];
  });
  return ['', style.heading(`Scope ${scopeCount(funnel)}`), ...lines, ...resilienceLines(resilience, style)];
}

function costWords(cost: QueryCost): string {
  const { shape, seconds, rewrite, rewrite_seconds: less, sample_events: events = 0 } = cost;
  const time = seconds === null ? '' : `, ${secondsText(seconds)} on ${count(events, 'event')}`;
  const cheaper = rewrite === undefined ? '' : `; cheaper: ${brief(rewrite)}`;
  return `; ${brief(shape, 120)}${time}${cheaper}${less === undefined ? '' : `, ${secondsText(less)}`}`;
}

/** What is the same in several stores stands once. */
function planLines({ plan }: QueryCost, style: Style): readonly string[] {
  const stores = new Map<string, string[]>();
  for (const { store, cost } of plan) stores.set(cost, [...(stores.get(cost) ?? []), store]);
  return [...stores].map(([cost, own]) => style.weak(`      in ${listed(own)} ${brief(cost)}`));
}

/** Of a measurement: no more digits than it has. */
function secondsText(seconds: number): string {
  return `${seconds} s`;
}

function contextLines({ dossiers, techniques }: Funnel['scope'][number]['context'], style: Style): readonly string[] {
  const shared = [
    ...(dossiers.length === 0 ? [] : [`${count(dossiers.length, 'dossier')} (${names(dossiers)})`]),
    ...(techniques.length === 0 ? [] : [`${count(techniques.length, 'technique')} (${names(techniques)})`]),
  ];
  return shared.length === 0 ? [] : [style.weak(`      shared with ${shared.join(' and ')}`)];
}

function resilienceLines(resilience: Funnel['resilience'], style: Style): readonly string[] {
  if (!resilience) return [];
  const { score, spanning_set, sessions, notes } = resilience;
  const spanning =
    spanning_set.length === 0
      ? ''
      : `; ${names(spanning_set)} ${spanning_set.length === 1 ? 'alone hits' : 'together hit'} every procedure`;
  return [
    `  resilience ${score === null ? 'not known: no level is given' : brief(score, 20)}, sessions ${brief(sessions, 40)}${spanning}`,
    ...notes.map((note) => style.weak(`      ${brief(note)}`)),
  ];
}

function exclusionLines({ exclusions }: Funnel, style: Style): readonly string[] {
  if (exclusions.length === 0) return [];
  return [
    '',
    style.heading(`Exclusions (${exclusions.length})`),
    ...exclusions.flatMap((one) => {
      const { attack_events, attack_events_hidden, evadable, why } = one.proof;
      const kind = one.class === 'free' ? style.doubt(one.class) : one.class;
      return [
        `  ${kind} on ${brief(one.observable, 60)}: ${brief(one.predicate)}`,
        style.weak(
          `      covers ${count(one.covers, 'event')}; hides ${attack_events_hidden} and lets ${evadable} of ${count(attack_events, 'attack event')} be rewritten to pass; ${brief(why)}`,
        ),
        ...(one.class === 'free'
          ? [
              style.weak(
                `      owner ${brief(one.owner ?? 'none', 80)}, until ${brief(one.expiry ?? 'no day', 40)}; abuse: ${brief(one.abuse ?? 'not said')}`,
              ),
            ]
          : []),
      ];
    }),
  ];
}

function gapLines({ gaps }: Funnel, style: Style): readonly string[] {
  if (gaps.length === 0) return [];
  return [
    '',
    style.heading(`Gaps (${gaps.length})`),
    ...gaps.map(
      ({ data_component, blocked_primitives }) =>
        `  ${style.secret(brief(data_component, 80))} would show ${names(blocked_primitives)}`,
    ),
  ];
}

function sideLines({ side_rules }: Funnel, style: Style): readonly string[] {
  if (side_rules.length === 0) return [];
  return [
    '',
    style.heading(`Default names (${side_rules.length}), signatures outside the scope`),
    ...side_rules.map(
      ({ primitive, field, value }) => `  ${brief(primitive, 60)}: ${brief(field, 60)} is ${brief(value, 120)}`,
    ),
  ];
}

function noteLines({ notes }: Funnel, style: Style): readonly string[] {
  return notes.length === 0 ? [] : ['', style.heading('Notes'), ...notes.map((note) => `  ${brief(note)}`)];
}
