// The last parts of the strategy document: how it was and can be tested, how urgent a hit is, what to do with one, and where all this comes from.

import type { PerDay } from '../document.ts';
import { baselineOf, perDayWords } from '../figures.ts';
import { priorityOf } from '../priority.ts';
import { attackPage, distinctAddresses } from '../references.ts';
import {
  type Block,
  bullets,
  code,
  heading,
  link,
  listing,
  numbered,
  paragraph,
  type Sentence,
  say,
  strong,
  table,
  words,
} from './blocks.ts';
import { codes, many, observableOf, primitiveName, type Subject } from './subject.ts';

export function validation(subject: Subject): readonly Block[] {
  const { funnel, technique } = subject;
  const attacks = technique.sessions.filter(({ label }) => label === 'attack');
  const tests = technique.procedures.map(({ id, atomic }) =>
    atomic.length === 0
      ? say`${code(id)}: no test of Atomic Red Team is named`
      : say`${code(id)}: run ${codes(atomic)} of Atomic Red Team`,
  );
  const rows = funnel.primitives
    .filter(({ evidence }) => evidence.sessions_total + evidence.cannot_tell.length > 0)
    .map(({ id, evidence }) => [
      [code(id)],
      say`${evidence.sessions_hit.length} of ${evidence.sessions_total}`,
      evidence.broken_by.length === 0 ? say`none` : codes(evidence.broken_by),
      evidence.cannot_tell.length === 0 ? say`none` : codes(evidence.cannot_tell),
    ]);
  return [
    heading(2, say`Validation`),
    paragraph(
      attacks.length === 0
        ? say`The dossier has no session labelled as an attack: nothing here has been held against a recorded one.`
        : say`The dossier has ${many(attacks.length, 'session')} labelled as an attack. A session counts for a primitive only where it has the telemetry:`,
    ),
    ...table(['Primitive', 'Seen in sessions', 'Not seen in', 'Cannot tell'], rows),
    ...resilience(subject),
    paragraph(say`To test it again, carry out each procedure and look for the hit:`),
    ...bullets(tests),
    ...(funnel.scope.some(({ predicate }) => predicate !== null)
      ? [
          paragraph(
            say`${code('winnow design rules --write DIR')} writes the rules with made-up events that they must and must not match, and ${code('winnow test DIR')} checks them.`,
          ),
        ]
      : []),
  ];
}

function resilience({ funnel }: Subject): readonly Block[] {
  const { resilience: own } = funnel;
  if (!own) return funnel.scope.length === 0 ? [] : [paragraph(say`How hard the scope is to evade was not computed.`)];
  const spanning =
    own.spanning_set.length === 0
      ? say`No set of its observables hits every procedure.`
      : say`${codes(own.spanning_set)} ${words(own.spanning_set.length === 1 ? 'alone hits' : 'together hit')} every procedure.`;
  return [
    paragraph(
      own.score === null
        ? say`How hard the scope is to evade is not known: an observable has no level. Sessions: ${own.sessions}. ${spanning}`
        : say`The scope as a whole scores ${strong(own.score)} in Summiting the Pyramid, with ${own.sessions} of the labelled sessions that could tell. ${spanning}`,
    ),
  ];
}

export function priority({ funnel, environment }: Subject): readonly Block[] {
  const rows = funnel.scope.map((entry) => {
    const { severity, act, why } = priorityOf(entry);
    return [[code(entry.observable)], say`${words(severity)}`, say`${words(act)}`, say`${why}`];
  });
  return [
    heading(2, say`Priority`),
    ...(rows.length === 0
      ? [paragraph(say`None: there is nothing to alert on until the scope is no longer empty.`)]
      : table(['Observable', 'Priority', 'What to do with a hit', 'Because'], rows)),
    paragraph(
      environment.alertsPerDay === undefined
        ? say`How many alerts an analyst can take in a day is not recorded.`
        : say`An analyst can take ${many(environment.alertsPerDay, 'alert')} a day.`,
    ),
    ...(funnel.side_rules.length === 0
      ? []
      : [
          paragraph(
            say`Besides the scope there ${words(funnel.side_rules.length === 1 ? 'is a signature of level 1, which finds' : 'are signatures of level 1, which find')} whoever leaves a default as it is:`,
          ),
          ...bullets(
            funnel.side_rules.map(
              ({ primitive, field, value }) => say`${code(field)} is ${code(value)} (${code(primitive)})`,
            ),
          ),
        ]),
  ];
}

export function response(subject: Subject): readonly Block[] {
  const { funnel } = subject;
  const steps = funnel.scope.length === 0 ? [] : responseSteps(subject);
  return [
    heading(2, say`Response`),
    ...(steps.length === 0 ? [paragraph(say`No hit can come of an empty scope.`)] : numbered(steps)),
    paragraph(
      say`Who is called, and how a host is contained, is not in the dossier: it has to be agreed on before the first alert.`,
    ),
  ];
}

function responseSteps(subject: Subject): readonly Sentence[] {
  const { funnel } = subject;
  const usual = usualIn(subject);
  const inScope = new Set(funnel.scope.map(({ primitive }) => primitive));
  const others = funnel.primitives.filter(({ id }) => !inScope.has(id));
  const seen = others.filter(({ state }) => state !== 'gap');
  const unseen = others.filter(({ state }) => state === 'gap');
  const free = [
    ...new Set(funnel.scope.flatMap(({ observable }) => observableOf(subject, observable)?.observable.free ?? [])),
  ];
  return [
    ...funnel.scope.map(({ observable, enrichment, hits_per_day }) =>
      enrichment.length === 0
        ? say`For a hit of ${code(observable)}, find out which program and user it was. Usual here: ${usual(observable, hits_per_day)}.`
        : say`For a hit of ${code(observable)}, look at ${listing(enrichment.map((one) => say`${one}`))} first. Usual here: ${usual(observable, hits_per_day)}.`,
    ),
    ...(seen.length === 0
      ? []
      : [
          say`On the same host and about the same time, look for what the technique does besides: ${listing(seen.map(({ id }) => primitiveName(id, subject)))}.`,
        ]),
    ...(unseen.length === 0
      ? []
      : [
          say`Do not expect to find ${listing(unseen.map(({ id }) => primitiveName(id, subject)))} in the logs: nothing collects ${words(unseen.length === 1 ? 'it' : 'them')}. The host itself has to be examined.`,
        ]),
    ...(free.length === 0
      ? []
      : [say`Do not close a hit for the value of ${codes(free, 'or')} alone: the attacker sets that.`]),
  ];
}

/** As often as it comes, and with the exclusions where there are such. */
function usualIn({ funnel }: Subject): (observable: string, hits: PerDay | null) => Sentence {
  return (observable, hits) => {
    const after = baselineOf(funnel, observable)?.after_exclusions ?? null;
    return after
      ? say`${words(perDayWords(after))} once exclusions are applied, ${words(perDayWords(hits))} without`
      : say`${words(perDayWords(hits))}`;
  };
}

export function provenance({ funnel, technique }: Subject): readonly Block[] {
  const page = attackPage(technique.attack?.technique);
  const addresses = distinctAddresses([
    ...(page === undefined ? [] : [page]),
    ...technique.references,
    ...technique.procedures.flatMap(({ references }) => references),
  ]);
  return [
    heading(2, say`Where this comes from`),
    paragraph(
      say`Written by Winnow from the funnel of the dossier ${code(funnel.id)} in the environment ${code(funnel.environment)}, and from nothing else. The two together have the SHA-256 ${code(funnel.inputs_sha256)}; the same inputs and the same history give the same document.`,
    ),
    ...bullets(addresses.map((one) => [link(one, one)])),
  ];
}
