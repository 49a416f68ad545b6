// Findings about what predicates test: what the attacker must and may set, defaults of tools, and labels that assume what they are to prove.

import type { Condition, Match } from '../../rule/condition.ts';
import { fieldsOf } from '../../rule/condition.ts';
import { literalsOf } from '../../rule/pattern.ts';
import { testCovers } from '../../rule/test-overlap.ts';
import type { ValueTest } from '../../rule/value-test.ts';
import { nearest } from '../attack/nearest.ts';
import { sourceOfDefault, whyNever } from '../default-value.ts';
import { miningFields } from '../exclusions/mining-fields.ts';
import type { Observable, Predicate, Technique } from '../technique.ts';
import type { FindingRow, Hit } from './finding.ts';
import { observablesOf } from './shape-rows.ts';

/** What kind of event it is and where it comes from: every test of the events of one log asks that. */
const EVENT_FIELDS = new Set(
  [
    'EventID',
    'event.code',
    'winlog.event_id',
    'Channel',
    'winlog.channel',
    'LogName',
    'Provider_Name',
    'winlog.provider_name',
    'SourceName',
  ].map((field) => field.toLowerCase()),
);

/** Letters by which the name of a field is another's, written wrong. */
const MOST_MISSPELT = 2;

/** The matches that have to hold, or one of which has to: those that are not denied. */
function wantedMatches(condition: Condition): readonly Match[] {
  switch (condition.kind) {
    case 'match':
      return [condition];
    case 'and':
    case 'or':
      return condition.of.flatMap(wantedMatches);
    case 'named':
      return wantedMatches(condition.of);
    default:
      return [];
  }
}

/**
 * Fields by which a label of attack events and a predicate ask for the same values, or one for some of the other's: events that
 * are labelled by them prove nothing of the predicate. Fields that only say which kind of event it is do not count.
 */
export function circularFields(label: Predicate, predicate: Predicate): readonly string[] {
  const wanted = wantedMatches(predicate.condition);
  const shared = wantedMatches(label.condition).filter(
    ({ field, values }) =>
      !EVENT_FIELDS.has(field.toLowerCase()) &&
      wanted.some(
        (other) =>
          other.field.toLowerCase() === field.toLowerCase() &&
          values.some((one) => other.values.some((test) => testCovers(one, test) || testCovers(test, one))),
      ),
  );
  return [...new Set(shared.map(({ field }) => field))];
}

/** The field that an entry of `free` names; undefined where only a part of it is free. */
function wholeField(entry: string): string | undefined {
  const words = entry.trim().split(/\s+/);
  return words.length === 1 ? words[0].toLowerCase() : undefined;
}

/** The last part of a path; of what is none, all of it. */
function lastPart(text: string): string {
  return text.toLowerCase().split(/[\\/]/).at(-1)!;
}

/** The test asks for the default itself, by its last part or with more of the path. */
function asksFor(test: ValueTest, value: string): boolean {
  const last = lastPart(value);
  if (last === '') return false;
  if (test.kind === 'like') return literalsOf(test.pattern).some((text) => lastPart(text) === last);
  return test.kind === 'number' && test.op === 'eq' && String(test.than) === value;
}

const hit = (observable: Observable, message: string): Hit => ({ about: observable.id, at: observable.at, message });

/** Pairs of a session and an observable that are held against one another in one dossier; what is left is told. */
const MOST_PAIRS = 200_000;

function circularLabels(technique: Technique): readonly Hit[] {
  const hits: Hit[] = [];
  const observables = observablesOf(technique).filter(({ observable }) => observable.predicate !== undefined);
  let pairs = 0;
  for (const { id, attackEvents } of technique.sessions) {
    if (!attackEvents) continue;
    pairs += observables.length;
    if (pairs > MOST_PAIRS) {
      const message = `so many sessions and observables that those from ${id} on were not held against one another`;
      return [...hits, { about: technique.id, at: attackEvents.at, message }];
    }
    const circular = observables.flatMap(({ observable }) => {
      const fields = circularFields(attackEvents, observable.predicate!);
      return fields.length === 0 ? [] : [{ observable: observable.id, fields }];
    });
    if (circular.length === 0) continue;
    const fields = [...new Set(circular.flatMap((one) => one.fields))].join(', ');
    const observed = circular.map((one) => one.observable).join(', ');
    hits.push({
      about: id,
      at: attackEvents.at,
      message: `its attack_events ask ${fields} for what is asked by ${observed}`,
    });
  }
  return hits;
}

export const PREDICATE_ROWS: readonly FindingRow[] = [
  {
    kind: 'circular-label',
    what: "a session's `attack_events` ask for what an observable's predicate asks for, so that the session proves nothing of it",
    mend: 'mark the events by the tool that made them: its image, its process id, its time',
    inTechnique: circularLabels,
  },
  {
    kind: 'forced-not-tested',
    what: 'a field is said to be forced, and the predicate does not test it',
    mend: 'test it: what is forced is what the predicate can rest on',
    inTechnique: (technique) =>
      observablesOf(technique).flatMap(({ observable }) => {
        if (!observable.predicate) return [];
        const tested = new Set(fieldsOf(observable.predicate.condition).map((field) => field.toLowerCase()));
        return observable.forced
          .filter(({ field }) => !tested.has(field.toLowerCase()))
          .map(({ field, at }): Hit => ({ about: observable.id, at, message: `the predicate does not test ${field}` }));
      }),
  },
  {
    kind: 'free-and-forced',
    what: 'a field is said to be forced and to be free, as a whole',
    mend: 'strike one out, or say which part of the field is free ("GrantedAccess other bits")',
    inTechnique: (technique) =>
      observablesOf(technique).flatMap(({ observable }) => {
        const free = new Set(observable.free.map(wholeField));
        return observable.forced
          .filter(({ field }) => free.has(field.toLowerCase()))
          .map(({ field, at }): Hit => ({ about: observable.id, at, message: `${field} is both forced and free` }));
      }),
  },
  {
    kind: 'misspelt-free',
    what: 'a field that is said to be free is called nearly as one that the events have',
    mend: 'write it as the events do: of a field that they do not have nothing is known to be free',
    inTechnique: (technique, { effort }) =>
      observablesOf(technique).flatMap(({ observable }) => {
        const others = miningFields({ ...observable, free: [] });
        const known = new Set(others.map((field) => field.toLowerCase()));
        return observable.free.flatMap((text): Hit[] => {
          const [field] = text.trim().split(/[\s|]/);
          if (field === '' || known.has(field.toLowerCase()) || effort.left-- <= 0) return [];
          const near = nearest(field, others, MOST_MISSPELT);
          return near === undefined
            ? []
            : [hit(observable, `it is said to be free in ${field}; its events have ${near}`)];
        });
      }),
  },
  {
    kind: 'free-predicate',
    what: 'a predicate tests nothing but fields that the attacker sets, and its level is 4 or 5: what nobody can do otherwise',
    mend: 'test what is forced as well, or lower the level',
    inTechnique: (technique) =>
      observablesOf(technique).flatMap(({ observable }) => {
        const { predicate, level } = observable;
        if (!predicate || level === undefined || level < 4) return [];
        const free = new Set(observable.free.map(wholeField));
        const fields = fieldsOf(predicate.condition).filter((field) => !EVENT_FIELDS.has(field.toLowerCase()));
        if (fields.length === 0 || !fields.every((field) => free.has(field.toLowerCase()))) return [];
        return [hit(observable, `level ${level}, and the attacker sets all that it tests: ${fields.join(', ')}`)];
      }),
  },
  {
    kind: 'counted-default',
    what: "an observable rests on the tool's default value: a signature, which is no part of the scope",
    mend: 'leave the default to varies.default, from which a side rule is made, and test what does not depend on it',
    inTechnique: (technique) =>
      observablesOf(technique).flatMap(({ primitive, observable }) => {
        const { varies } = primitive;
        if (!observable.predicate || varies?.default === undefined) return [];
        const { field, default: value } = varies;
        const matches = wantedMatches(observable.predicate.condition).filter(
          (match) => field === undefined || match.field.toLowerCase() === field.toLowerCase(),
        );
        // A list with other values beside it does not rest on the default.
        const isAsked = matches.some(({ values }) => values.some((test) => asksFor(test, value)));
        const isOther =
          field !== undefined && matches.some(({ values }) => !values.every((test) => asksFor(test, value)));
        return isAsked && !isOther ? [hit(observable, `it asks ${field ?? 'a field'} for the default, ${value}`)] : [];
      }),
  },
  {
    kind: 'default-never-met',
    what: "a default (`varies.default`) is one word of a command line or a script, or a part of a path: no event's field is ever just that, and the signature finds nothing",
    mend: 'write the whole value as the log has it, name the field that holds the name alone, such as Image, or strike the default out',
    inTechnique: ({ primitives }) =>
      primitives.flatMap((primitive): Hit[] => {
        const { field, default: value, at } = primitive.varies ?? {};
        const source = sourceOfDefault(primitive);
        if (field === undefined || value === undefined || at === undefined || !source) return [];
        const why = whyNever(field, value, source.logSource);
        return why === undefined ? [] : [{ about: primitive.id, at, message: why }];
      }),
  },
];
