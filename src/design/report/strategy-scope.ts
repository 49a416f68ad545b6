// The first parts of the strategy document: what is to be found, where it stands in ATT&CK, how the funnel came to its scope, and what that scope asks.

import { appearanceOf } from '../appearance.ts';
import type { ScopeEntry } from '../document.ts';
import { hitsText, leavesAt, scopeCount, scopePrimitives } from '../figures.ts';
import { attackPage } from '../references.ts';
import { figure } from '../shown-text.ts';
import type { Column } from '../technique.ts';
import {
  type Block,
  bullets,
  code,
  heading,
  link,
  listing,
  numberWord,
  paragraph,
  type Sentence,
  say,
  strong,
  table,
  unended,
  words,
} from './blocks.ts';
import { codes, many, observableOf, primitiveName, primitiveNames, type Subject } from './subject.ts';

/** What the whole comes to, in one paragraph. */
export function summary(subject: Subject): readonly Block[] {
  const { funnel, environment } = subject;
  const kept = keptBy(subject);
  if (funnel.empty)
    return [
      paragraph(
        say`${strong('There is no detection scope for this technique today.')} Of ${many(funnel.primitives.length, 'primitive')}, none is left in the environment ${code(environment.id)}: step ${funnel.empty.step} emptied the scope${whyEmpty(subject)}. The smallest change that would give one: ${unended(funnel.empty.change)}.`,
      ),
      paragraph(
        say`What follows says what is known of the technique and what is missing to see it. There is no rule to deploy yet.`,
      ),
    ];
  return [
    paragraph(
      say`Of the ${many(funnel.primitives.length, 'primitive')} of this technique, ${many(kept.B.length, 'is', 'are')} needed by every known procedure (step B), and a data source that is collected in ${code(environment.id)} shows ${words(String(kept.D.length))} of these (step D). After the baseline ${many(kept.E.length, 'is', 'are')} left (step E): the initial detection scope is ${strong(scopeCount(funnel))}, ${primitiveNames(
        scopePrimitives(funnel).map(({ id }) => id),
        subject,
      )}.`,
    ),
  ];
}

/** What the step that emptied the scope dropped. */
function whyEmpty({ funnel: { empty, steps } }: Subject): Sentence {
  const dropped = steps.find(({ id }) => id === empty?.step)?.dropped ?? [];
  if (dropped.length === 0) return empty ? say` (${unended(empty.why)})` : [];
  return say`: it dropped ${listing(dropped.map(({ id, reason }) => say`${code(id)} (${unended(reason)})`))}`;
}

type Kept = Readonly<Record<'A' | 'B' | 'C' | 'D' | 'E' | 'F', readonly string[]>>;

function keptBy({ funnel }: Subject): Kept {
  const of = (id: keyof Kept): readonly string[] => funnel.steps.find((step) => step.id === id)?.kept ?? [];
  return { A: of('A'), B: of('B'), C: of('C'), D: of('D'), E: of('E'), F: of('F') };
}

export function goal({ funnel, technique, environment }: Subject): readonly Block[] {
  const procedures = technique.procedures.map(({ id, name }) =>
    name === undefined ? [code(id)] : say`${name} (${code(id)})`,
  );
  const way =
    procedures.length === 1
      ? say`by the one procedure that is known`
      : say`by ${words(procedures.length === 2 ? 'either' : 'any')} of the ${words(numberWord(procedures.length))} procedures that are known`;
  const rights = technique.attackerRights;
  return [
    heading(2, say`Goal`),
    paragraph(
      say`Find out when somebody carries out “${funnel.name ?? funnel.id}” in the environment ${code(environment.id)}, ${way}: ${listing(procedures)}.`,
    ),
    ...(technique.scopeNote === undefined
      ? []
      : [paragraph(say`The dossier draws its limits so: ${unended(technique.scopeNote)}.`)]),
    paragraph(
      rights === undefined
        ? say`Which rights an attacker has at this point is not known: the dossier does not say.`
        : say`The dossier takes it that an attacker who gets here has ${rights} rights already; this decides which exclusions count as guarded.`,
    ),
  ];
}

export function categorisation({ funnel, technique }: Subject): readonly Block[] {
  const { attack } = technique;
  if (!attack?.technique)
    return [heading(2, say`Categorisation`), paragraph(say`The dossier names no technique of MITRE ATT&CK.`)];
  const page = attackPage(attack.technique);
  const components = [...new Set(funnel.scope.flatMap(({ observable }) => componentOf(technique, observable)))].sort();
  const rows: (readonly Sentence[])[] = [
    [say`Technique`, page === undefined ? [code(attack.technique)] : [link(attack.technique, page)]],
    [say`Version of ATT&CK`, attack.version === undefined ? say`not pinned` : say`${attack.version}`],
    [
      say`Detection strategy`,
      attack.detectionStrategy === undefined ? say`none is named` : [code(attack.detectionStrategy)],
    ],
    [say`Analytics`, attack.analytics.length === 0 ? say`none is named` : codes(attack.analytics)],
    [say`Data components of the scope`, components.length === 0 ? say`none: the scope is empty` : codes(components)],
  ];
  return [
    heading(2, say`Categorisation`),
    paragraph(say`In the terms of MITRE ATT&CK; the dossier does not record a tactic.`),
    ...table(['What', 'In ATT&CK'], rows),
  ];
}

function componentOf({ primitives }: Subject['technique'], id: string): readonly string[] {
  return primitives.flatMap(({ observables }) =>
    observables.flatMap((one) => (one.id === id ? [one.dataComponent] : [])),
  );
}

export function strategyAbstract(subject: Subject): readonly Block[] {
  const { funnel, technique } = subject;
  const kept = keptBy(subject);
  const procedures = technique.procedures.length;
  const fixed = kept.C.filter((id) => funnel.primitives.find((one) => one.id === id)?.control === 'fixed');
  const steps: readonly Sentence[] = [
    say`${strong('A, all primitives.')} The dossier lists ${many(kept.A.length, 'primitive')}.`,
    say`${strong('B, necessary.')} ${kept.B.length} of them ${words(stands(kept.B))} in ${words(procedures === 1 ? 'the only procedure' : `every one of the ${numberWord(procedures)} procedures`)}${kept.B.length === 0 ? '' : say`: ${codes(kept.B)}`}. ${sessionSentence(subject)}${droppedSentence(subject, 'B')}`,
    say`${strong('C, control.')} ${fixed.length} of these ${words(fixed.length === 1 ? 'is' : 'are')} fixed and ${kept.C.length - fixed.length} attacker-controlled. This is a label and drops nothing.`,
    say`${strong('D, visible.')} A data source that is collected shows ${kept.D.length} of them.${droppedSentence(subject, 'D')}`,
    say`${strong('E, baseline.')} ${baselineSentence(subject)} ${kept.E.length} ${words(kept.E.length === 1 ? 'is' : 'are')} left.${droppedSentence(subject, 'E')}`,
    say`${strong('F, cost and context.')} Nothing is dropped here; the scope is ${scopeCount(funnel)}.`,
  ];
  return [
    heading(2, say`Strategy abstract`),
    paragraph(
      say`The detection rests on what an attacker cannot do without. Six steps lead from all that the technique does to what is worth a rule here:`,
    ),
    ...bullets(steps),
    { kind: 'diagram' },
    ...detects(subject),
  ];
}

function stands(ids: readonly string[]): string {
  return ids.length === 1 ? 'stands' : 'stand';
}

function sessionSentence({ funnel }: Subject): Sentence {
  const told = Math.max(0, ...funnel.primitives.map(({ evidence }) => evidence.sessions_total));
  if (told === 0) return say`No labelled session could be held against this.`;
  return say`Up to ${many(told, 'labelled session')} with the telemetry ${words(told === 1 ? 'was' : 'were')} held against this.`;
}

function droppedSentence({ funnel }: Subject, id: 'B' | 'D' | 'E'): Sentence {
  const dropped = funnel.steps.find((step) => step.id === id)?.dropped ?? [];
  if (dropped.length === 0) return [];
  return say` Left out: ${listing(
    dropped.map((one) => say`${code(one.id)} (${one.reason})`),
    'and',
    20,
  )}.`;
}

function baselineSentence({ funnel, environment }: Subject): Sentence {
  const budget = say`a budget of ${words(hitsText(environment.budget.maxHitsPerDay))} a day`;
  if (funnel.engine === 'none') return say`No history was counted, so nothing could be held against ${budget}.`;
  if (funnel.engine === 'fixtures')
    return say`Figures that the environment has written down for an example were held against ${budget}; no history was counted.`;
  const days = funnel.window ? say` from ${funnel.window.from} to ${funnel.window.to}` : [];
  return say`The history${days} was counted by ${funnel.engine} and held against ${budget}.`;
}

function detects(subject: Subject): readonly Block[] {
  const { scope } = subject.funnel;
  if (scope.length === 0) return [];
  return [
    paragraph(say`So the detection looks for:`),
    ...bullets(
      scope.map(
        ({ observable, primitive, log_source }) =>
          say`${primitiveName(primitive, subject)}, seen by ${code(observable)}${log_source === null ? '' : say` in ${log_source}`}`,
      ),
    ),
  ];
}

const COLUMN_WORDS: Readonly<Record<Column, string>> = {
  A: 'recorded by the application itself',
  U: 'recorded in user mode',
  K: 'recorded by the kernel',
  P: "seen in the traffic's payload",
  H: "seen in the traffic's headers",
};

export function technicalContext(subject: Subject): readonly Block[] {
  const { funnel, technique } = subject;
  const procedures = technique.procedures.length;
  const rows = funnel.primitives.map((primitive) => {
    const { id, name, control, evidence } = primitive;
    const { letter, meaning } = appearanceOf(primitive);
    return [
      [code(id)],
      say`${name ?? 'no name is given'}`,
      say`${words(`${letter} (${meaning})`)}`,
      say`${words(control === 'fixed' ? 'fixed' : 'attacker-controlled')}`,
      say`${evidence.procedures.length} of ${procedures}`,
    ];
  });
  return [
    heading(2, say`Technical context`),
    paragraph(say`What the technique is made of, and what became of each part in the funnel:`),
    ...table(['Primitive', 'What it does', 'State', 'Control', 'Procedures'], rows),
    paragraph(say`The procedures that the dossier knows:`),
    ...bullets(
      technique.procedures.map(
        ({ id, name, primitives }) =>
          say`${name === undefined ? [code(id)] : say`${name} (${code(id)})`}: ${primitives.length === 0 ? words('no primitive') : codes(primitives)}`,
      ),
    ),
    ...funnel.scope.flatMap((entry) => observableBlocks(entry, subject)),
  ];
}

function observableBlocks(entry: ScopeEntry, subject: Subject): readonly Block[] {
  const { observable: id, primitive, predicate, log_source, level, column, cost } = entry;
  const found = observableOf(subject, id);
  const forced = found?.observable.forced ?? [];
  const free = found?.observable.free ?? [];
  const component = found?.observable.dataComponent;
  return [
    heading(3, say`${code(id)}: ${primitiveName(primitive, subject)}`),
    paragraph(
      say`${log_source === null ? say`The dossier names no log source` : say`It stands in ${log_source}`}${component === undefined ? '' : say`, data component ${code(component)}`}. ${
        level === null
          ? say`No level of Summiting the Pyramid is given for it.`
          : say`In Summiting the Pyramid it is of level ${level} of 5${column === null ? '' : words(`, ${COLUMN_WORDS[column]} (column ${column})`)}.`
      }`,
    ),
    ...(predicate === null
      ? [
          paragraph(
            say`The dossier gives no predicate: every event of the log source counts, and no rule can be written.`,
          ),
        ]
      : [{ kind: 'code', text: predicate } as const]),
    ...bullets([
      ...(forced.length === 0
        ? [say`What of it an attacker has to make true is not recorded, so no exclusion can be called forced.`]
        : [
            say`An attacker has to make true: ${listing(forced.map(({ field, text }) => say`${code(field)}: ${text}`))}.`,
          ]),
      ...(free.length === 0 ? [] : [say`An attacker sets at will: ${codes(free)}.`]),
      say`What costs most in its query is ${cost.shape}; ${cost.seconds === null ? 'what a run costs was not measured' : words(`a run took ${figure(cost.seconds)} ${cost.seconds === 1 ? 'second' : 'seconds'} on ${figure(cost.sample_events ?? 0)} events of its log source`)}${cost.rewrite === undefined ? '' : say`. Cheaper: ${cost.rewrite}`}.`,
      ...cost.plan.map(
        ({ store, cost: own, source }) => say`In ${store} ${own} (${link('its documentation', source)}).`,
      ),
    ]),
  ];
}

/** Reasons by which primitives left, for a reader who looks one up. */
export function leavingReason({ funnel }: Subject, id: string): Sentence {
  const leaves = leavesAt(funnel, id);
  return leaves ? say`${leaves.reason} (step ${leaves.step})` : [];
}
