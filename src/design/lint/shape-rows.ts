// Findings about how a dossier is built: procedures, primitives and observables, what they leave open, and what they rest on.

import type { Observable, Primitive, Technique } from '../technique.ts';
import type { FindingRow, Hit } from './finding.ts';

const hit = (part: { readonly id: string; readonly at: Hit['at'] }, message: string): Hit => ({
  about: part.id,
  at: part.at,
  message,
});

/** All observables with their primitives. */
export function observablesOf(
  technique: Technique,
): readonly { readonly primitive: Primitive; readonly observable: Observable }[] {
  return technique.primitives.flatMap((primitive) =>
    primitive.observables.map((observable) => ({ primitive, observable })),
  );
}

function eachObservable(technique: Technique, lacks: (observable: Observable) => string | undefined): readonly Hit[] {
  return observablesOf(technique).flatMap(({ observable }) => {
    const message = lacks(observable);
    return message === undefined ? [] : [hit(observable, message)];
  });
}

export const SHAPE_ROWS: readonly FindingRow[] = [
  {
    kind: 'todo',
    what: 'a text still begins with TODO, as `winnow design new` wrote it',
    mend: 'decide it, and write what was decided',
    inTechnique: (technique) =>
      [
        { part: technique, texts: [technique.name, technique.scopeNote] },
        ...technique.procedures.map((procedure) => ({ part: procedure, texts: [procedure.name] })),
        ...technique.primitives.map((primitive) => ({ part: primitive, texts: [primitive.name] })),
        ...observablesOf(technique).map(({ observable }) => ({
          part: observable,
          texts: [...observable.forced.map(({ text }) => text), ...observable.free, ...observable.context.enrichment],
        })),
      ].flatMap(({ part, texts }) =>
        texts.flatMap((text) => (text !== undefined && /^\s*todo\b/i.test(text) ? [hit(part, text.trim())] : [])),
      ),
  },
  {
    kind: 'no-reference',
    what: 'nothing says where the dossier has its facts from',
    mend: 'add references: to the technique, or to its procedures',
    inTechnique: (technique) =>
      technique.references.length === 0 && technique.procedures.every(({ references }) => references.length === 0)
        ? [hit(technique, 'neither the technique nor one of its procedures names a reference')]
        : [],
  },
  {
    kind: 'one-procedure',
    what: 'with one procedure all its primitives are necessary, whether they are or not',
    mend: 'add the other ways to do it; what they share is necessary',
    inTechnique: ({ procedures }) =>
      procedures.length === 1
        ? [
            hit(
              procedures[0],
              procedures[0].primitives.length === 1
                ? 'the only procedure makes its one primitive necessary'
                : `the only procedure makes all of its ${procedures[0].primitives.length} primitives necessary`,
            ),
          ]
        : [],
  },
  {
    kind: 'empty-procedure',
    what: 'a procedure names no primitives, so that none is in every procedure',
    mend: 'name the primitives that it needs, or strike it out',
    inTechnique: ({ procedures }) =>
      procedures
        .filter(({ primitives }) => primitives.length === 0)
        .map((procedure) => hit(procedure, 'it names no primitives, which makes all of them optional')),
  },
  {
    kind: 'unused-primitive',
    what: 'a primitive is in no procedure, so it counts as optional',
    mend: 'name it in the procedures that need it, or strike it out',
    inTechnique: ({ procedures, primitives }) => {
      const used = new Set(procedures.flatMap((procedure) => procedure.primitives));
      return primitives
        .filter(({ id }) => !used.has(id))
        .map((primitive) => hit(primitive, 'no procedure names this primitive'));
    },
  },
  {
    kind: 'unobserved-primitive',
    what: 'a primitive has no observables: a gap that no data source closes',
    mend: 'add what some data source would record of it, also one that is not collected',
    inTechnique: ({ primitives }) =>
      primitives
        .filter(({ observables }) => observables.length === 0)
        .map((primitive) => hit(primitive, 'nothing is said to show this primitive')),
  },
  {
    kind: 'no-predicate',
    what: 'an observable does not say which of the events it is',
    mend: 'add predicate:, a Sigma selection',
    inTechnique: (technique) =>
      eachObservable(technique, ({ predicate }) => (predicate ? undefined : 'it has no predicate')),
  },
  {
    kind: 'no-log-source',
    what: 'an observable does not say which log shows it',
    mend: 'add log_source: {name, channel}, as ATT&CK names them',
    inTechnique: (technique) =>
      eachObservable(technique, ({ logSource }) => {
        if (logSource === undefined) return 'it has no log source';
        if (logSource.name === undefined) return 'its log source has no name';
        return logSource.channel === undefined ? 'its log source has no channel' : undefined;
      }),
  },
  {
    kind: 'no-level',
    what: 'an observable has no level, or no column, of Summiting the Pyramid',
    mend: 'add level: 1-5 and column: A, U, K, P or H',
    inTechnique: (technique) =>
      eachObservable(technique, ({ level, column }) => {
        if (level === undefined) return column === undefined ? 'it has no level and no column' : 'it has no level';
        return column === undefined ? 'it has no column' : undefined;
      }),
  },
  {
    kind: 'doubled-id',
    what: 'two dossiers that are read together have one id, or an observable of one id',
    mend: 'name one of them anew: figures are kept by the id',
    inTechnique: (technique, { owners }) =>
      [technique, ...observablesOf(technique).map(({ observable }) => observable)].flatMap((part) => {
        const what = part === technique ? 'dossier' : 'observable';
        const other = owners.get(`${what} ${part.id}`)?.find((owner) => owner !== technique);
        return other
          ? [
              hit(
                part,
                `the id '${part.id}' of ${what === 'dossier' ? 'a dossier' : 'an observable'} is in ${other.file} too, line ${other.at.line} on`,
              ),
            ]
          : [];
      }),
  },
  {
    kind: 'unmarked-session',
    what: 'a session of an attack does not say which of its events are the attack',
    mend: 'add attack_events:, by the tool and never by what is tested; without it no exclusion can be held against the session',
    inTechnique: ({ sessions }) =>
      sessions
        .filter(({ label, attackEvents }) => label === 'attack' && attackEvents === undefined)
        .map((session) => hit(session, 'it has no attack_events')),
  },
];
