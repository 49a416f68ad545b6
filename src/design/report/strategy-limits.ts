// The middle parts of the strategy document: what the detection does not see, what it takes for granted, and what it finds that is no attack.

import type { DataSource } from '../environment.ts';
import { baselineOf, hitsText, perDayWords } from '../figures.ts';
import { figure } from '../shown-text.ts';
import {
  type Block,
  bullets,
  code,
  heading,
  listing,
  paragraph,
  type Sentence,
  say,
  table,
  unended,
  words,
} from './blocks.ts';
import { leavingReason } from './strategy-scope.ts';
import {
  codes,
  many,
  observableOf,
  ofState,
  primitiveName,
  primitiveNames,
  type Subject,
  sourcesOf,
} from './subject.ts';

export function blindSpots(subject: Subject): readonly Block[] {
  return [
    heading(2, say`Blind spots and assumptions`),
    heading(3, say`Not seen`),
    ...bullets(notSeen(subject)),
    heading(3, say`Taken for granted`),
    ...bullets(assumptions(subject)),
  ];
}

function notSeen(subject: Subject): readonly Sentence[] {
  const { funnel, technique } = subject;
  const gaps = funnel.gaps.map(
    ({ data_component, blocked_primitives }) =>
      say`Nothing that is collected shows ${primitiveNames(blocked_primitives, subject)}; the data component ${code(data_component)} would (step D).`,
  );
  const named = new Set(funnel.gaps.flatMap(({ blocked_primitives }) => blocked_primitives));
  const bare = ofState(subject, 'gap')
    .filter(({ id }) => !named.has(id))
    .map(({ id }) => say`Nothing shows ${primitiveName(id, subject)}: ${leavingReason(subject, id)}.`);
  const left = ofState(subject, 'over_budget', 'unknown').map(
    ({ id }) => say`Visible but left out: ${primitiveName(id, subject)}, ${leavingReason(subject, id)}.`,
  );
  const chosen = ofState(subject, 'scope', 'over_budget', 'unknown', 'gap')
    .filter(({ control }) => control === 'attacker_controlled')
    .map(
      ({ id, varies }) => say`The attacker chooses how to do ${primitiveName(id, subject)}${variesSentence(varies)}.`,
    );
  const optional = ofState(subject, 'optional');
  return [
    ...gaps,
    ...bare,
    ...left,
    ...chosen,
    ...(optional.length === 0
      ? []
      : [
          say`An attacker may leave out ${listing(optional.map(({ id }) => primitiveName(id, subject)))}: nothing rests on ${words(optional.length === 1 ? 'it' : 'them')}.`,
        ]),
    ...ofState(subject, 'refuted').map(
      ({ id, evidence }) =>
        say`That ${primitiveName(id, subject)} is necessary is refuted: ${codes(evidence.broken_by)} ${words(evidence.broken_by.length === 1 ? 'has' : 'have')} the telemetry and ${words(evidence.broken_by.length === 1 ? 'does' : 'do')} not show it.`,
    ),
    say`A procedure that is not among the ${technique.procedures.length} of the dossier may do without any of this.`,
  ];
}

function variesSentence(varies: Subject['funnel']['primitives'][number]['varies']): Sentence {
  if (!varies) return say`; how many ways there are is not recorded`;
  const known =
    varies.known_values === null
      ? say`no value is listed`
      : say`${many(varies.known_values, 'value is', 'values are')} known`;
  const field = varies.field === null ? say`` : say` through ${code(varies.field)}`;
  return say`${field}: ${known}${varies.open_ended ? ', and the list is open-ended, so that a rule on values misses the rest' : ', and the list is closed'}`;
}

function assumptions(subject: Subject): readonly Sentence[] {
  const { funnel } = subject;
  const components = new Set(
    funnel.scope.flatMap(({ observable }) => observableOf(subject, observable)?.observable.dataComponent ?? []),
  );
  const sources = [...new Set([...components].flatMap((component) => sourcesOf(subject, component)))];
  return [
    ...sources.map(sourceSentence),
    ...(sources.length === 0 ? [say`No data source stands behind the scope, so nothing is assumed of one.`] : []),
    ...silentSentences(subject),
    ...evadableSentences(subject),
    ...(funnel.resilience?.notes ?? []).map((note) => say`${unended(note)}.`),
    ...funnel.notes.map((note) => say`${unended(note)}.`),
  ];
}

/** Sessions that tell nothing at all, and those that tell of some primitives only. */
function silentSentences(subject: Subject): readonly Sentence[] {
  const { primitives } = subject.funnel;
  const telling = new Set(primitives.flatMap(({ evidence }) => [...evidence.sessions_hit, ...evidence.broken_by]));
  const silent = [...new Set(primitives.flatMap(({ evidence }) => evidence.cannot_tell))].filter(
    (id) => !telling.has(id),
  );
  const partly = primitives.flatMap(({ id, evidence }) => {
    const own = evidence.cannot_tell.filter((session) => telling.has(session));
    return own.length === 0
      ? []
      : [say`Of ${primitiveName(id, subject)} ${codes(own)} cannot tell, for want of telemetry.`];
  });
  return [
    ...(silent.length === 0
      ? []
      : [
          say`${many(silent.length, 'labelled session')} cannot tell of any primitive, for want of telemetry or of the file itself: ${codes(silent)}.`,
        ]),
    ...partly,
  ];
}

function sourceSentence({ id, product, hosts, retentionDays, lagP95, checkedAt, fields }: DataSource): Sentence {
  const blind = hosts?.covered === undefined || hosts.total === undefined ? undefined : hosts.total - hosts.covered;
  const scope = hosts?.scope === undefined ? '' : ` (${hosts.scope})`;
  const covered =
    blind === undefined
      ? say`how many hosts it covers is not recorded`
      : say`it covers ${hosts?.covered ?? 0} of ${many(hosts?.total ?? 0, 'host')}${scope}${blind > 0 ? words(`, so ${blind === 1 ? '1 host is blind' : `${figure(blind)} hosts are blind`}`) : ''}`;
  const facts: readonly Sentence[] = [
    covered,
    ...(retentionDays === undefined ? [] : [say`it is kept for ${many(retentionDays, 'day')}`]),
    ...(lagP95 === undefined ? [] : [say`95 % of its events arrive within ${many(lagP95, 'second')}`]),
    ...(fields === undefined ? [say`which of its fields are filled is not recorded`] : []),
  ];
  const standing =
    checkedAt === undefined
      ? say`These figures are claims: ${code('winnow design probe')} has not measured them.`
      : say`Measured on ${checkedAt}.`;
  return say`The scope needs the data source ${code(id)}${product === undefined ? '' : say` (${product})`}: ${facts.flatMap((fact, at) => [...(at === 0 ? [] : [words('; ')]), ...fact])}. ${standing}`;
}

function evadableSentences({ funnel }: Subject): readonly Sentence[] {
  const { exclusions } = funnel;
  if (exclusions.length === 0) return [];
  const weak = exclusions.filter(({ proof }) => proof.evadable > 0);
  const known = Math.max(...exclusions.map(({ proof }) => proof.attack_events));
  if (known === 0)
    return [
      say`No labelled attack event stood against the ${many(exclusions.length, 'exclusion')}: whether an attacker can use ${words(exclusions.length === 1 ? 'it' : 'them')} was not tried.`,
    ];
  return weak.length === 0
    ? [
        say`None of the ${many(exclusions.length, 'exclusion')} can be satisfied by a rewritten one of ${many(known, 'labelled attack event')}; this holds for these events, and for the procedures that are listed.`,
      ]
    : [
        say`${many(weak.length, 'exclusion')} of ${exclusions.length} can be satisfied by an attacker who rewrites what is free: ${codes(weak.map(({ predicate }) => predicate))}.`,
      ];
}

export function falsePositives(subject: Subject): readonly Block[] {
  const { funnel, environment } = subject;
  const rows = funnel.scope.map(({ observable, verdict, hits_per_day }) => {
    const after = baselineOf(funnel, observable)?.after_exclusions ?? null;
    return [
      [code(observable)],
      say`${words(perDayWords(hits_per_day))}`,
      say`${words(after ? perDayWords(after) : 'no exclusion was applied')}`,
      say`${words(verdict)}`,
    ];
  });
  return [
    heading(2, say`False positives`),
    paragraph(origin(subject)),
    ...(rows.length === 0
      ? [paragraph(say`There is no scope, so there is nothing that could raise a false alarm.`)]
      : [
          paragraph(
            say`Up to ${words(hitsText(environment.budget.maxHitsPerDay))} a day ${words(environment.budget.maxHitsPerDay === 1 ? 'is' : 'are')} bearable (the budget of ${code(environment.id)}). The verdict is taken from the ninetieth percentile of the days:`,
          ),
          ...table(['Observable', 'Hits', 'After exclusions', 'Verdict'], rows),
        ]),
    ...contextBlocks(subject),
    ...exclusionBlocks(subject),
  ];
}

/** Figures after exclusions that the funnel does not have: those of an example. */
function unlisted({ funnel }: Subject): readonly Sentence[] {
  return funnel.scope
    .filter(
      ({ observable }) =>
        baselineOf(funnel, observable)?.after_exclusions &&
        !funnel.exclusions.some((one) => one.observable === observable),
    )
    .map(
      ({ observable }) =>
        say`The exclusions behind the second figure of ${code(observable)} are not part of the funnel, so its rule does not have them.`,
    );
}

function origin({ funnel }: Subject): Sentence {
  const { engine, window } = funnel;
  if (engine === 'none') return say`No history was counted, so how often a hit is no attack is not known.`;
  if (engine === 'fixtures')
    return say`The figures below were written down in the environment for an example; no history was counted.`;
  const without =
    window && window.excluded_days.length > 0
      ? say` Days with a known incident are cut: ${codes(window.excluded_days)}.`
      : [];
  return window
    ? say`Counted by ${engine} on the days from ${window.from} to ${window.to}.${without}`
    : say`Counted by ${engine}.`;
}

function contextBlocks(subject: Subject): readonly Block[] {
  const sentences = subject.funnel.scope.flatMap(({ observable, context: { techniques, dossiers }, enrichment }) => [
    ...(techniques.length === 0
      ? []
      : [
          say`${code(observable)} is not of this technique alone: ${codes(techniques)} ${words(techniques.length === 1 ? 'shows' : 'show')} the same${dossiers.length === 0 ? '' : say` (dossiers ${codes(dossiers)})`}.`,
        ]),
    enrichment.length === 0
      ? say`What tells an attack from a harmless hit of ${code(observable)} is not recorded.`
      : say`What tells an attack from a harmless hit of ${code(observable)}: ${listing(enrichment.map((one) => say`${one}`))}.`,
  ]);
  return bullets([...sentences, ...unlisted(subject)]);
}

function exclusionBlocks({ funnel }: Subject): readonly Block[] {
  const { exclusions } = funnel;
  if (exclusions.length === 0) return [];
  const rows = exclusions.map(({ observable, predicate, class: kind, covers, proof }) => [
    [code(observable)],
    [code(predicate)],
    say`${words(kind)}`,
    say`${words(figure(covers))}`,
    say`${proof.attack_events_hidden} of ${proof.attack_events} hidden, ${proof.evadable} evadable`,
  ]);
  const free = exclusions.filter((one) => one.class === 'free');
  return [
    heading(3, say`Exclusions`),
    paragraph(say`Let pass, each with its proof against the labelled attack events:`),
    ...table(['Observable', 'Let pass', 'Class', 'Events covered', 'Attack events'], rows),
    ...bullets([
      ...exclusions.map(({ predicate, proof }) => say`${code(predicate)}: ${unended(proof.why)}.`),
      ...free.map(
        ({ predicate, owner, expiry, abuse, reason, ticket }) =>
          say`${code(predicate)} is free: ${owner ?? 'nobody'} answers for it until ${expiry ?? 'no day'}${reason === undefined ? '' : say`, since ${unended(reason)}`}${ticket === undefined ? '' : say` (${ticket})`}. How to abuse it: ${unended(abuse ?? 'not said')}.`,
      ),
    ]),
  ];
}
