// What recorded sessions say of a dossier: which observables each shows, which it had the telemetry for, and the attack's own events.

import type { Binding, Truth } from '../../rule/binding.ts';
import { fieldsOf } from '../../rule/condition.ts';
import { compileCondition } from '../../rule/evaluate.ts';
import type { AttackRow } from '../exclusions/mining.ts';
import { miningFields } from '../exclusions/mining-fields.ts';
import type { SessionEvidence } from '../funnel/necessity.ts';
import { observableCondition } from '../observable-condition.ts';
import type { Observable, Session, Technique } from '../technique.ts';

/** Rows of one observable that are kept: labelled events are few, and a log that says otherwise is cut, which is told. */
const MOST_ROWS = 10_000;

interface Asked<E> {
  readonly observable: Observable;
  readonly hits: (event: E) => Truth;
  readonly isTelemetry: ((event: E) => Truth) | undefined;
  readonly values: readonly (readonly [name: string, of: (event: E) => string | null])[];
  readonly telemetry: Set<string>;
  readonly hit: Set<string>;
  readonly rows: AttackRow[];
}

/** Log sources whose observables are kept; they begin again where there are more. */
const MOST_SOURCES = 10_000;

/** Takes the events of sessions, in any order; `binding` reaches their values. */
export class SessionJudge<E> {
  readonly #asked: readonly Asked<E>[];
  readonly #binding: Binding<E>;
  /** The sessions' places in the dossier: rows are told in its order, whichever was read first. */
  readonly #order: ReadonlyMap<string, number>;
  /** What the fields hold that say which log source an event is of, and the observables that such an event can tell of. */
  readonly #sourceFields: readonly ((event: E) => readonly unknown[])[];
  readonly #bySource = new Map<string, readonly Asked<E>[]>();
  #isCut = false;

  /** Throws UnsupportedError for a predicate that cannot be evaluated. */
  constructor({ primitives, sessions }: Technique, binding: Binding<E>) {
    this.#binding = binding;
    this.#order = new Map(sessions.map(({ id }, i) => [id, i]));
    const conditions = primitives.flatMap(({ observables }) =>
      observables.flatMap((observable) => {
        const condition = observableCondition(observable);
        return condition ? [{ observable, ...condition }] : [];
      }),
    );
    this.#asked = conditions.map(({ observable, hit, telemetry }) => ({
      observable,
      hits: compileCondition(hit, binding),
      isTelemetry: telemetry && compileCondition(telemetry, binding),
      values: miningFields(observable).map((name) => [name, firstOf(binding.field(name))] as const),
      telemetry: new Set(),
      hit: new Set(),
      rows: [],
    }));
    const named = conditions.flatMap(({ telemetry }) => (telemetry ? fieldsOf(telemetry) : []));
    this.#sourceFields = [...new Set(named)].map((name) => binding.field(name));
  }

  /** Takes the events of one session. */
  taker(session: Session): (event: E) => void {
    const isAttack = session.attackEvents && compileCondition(session.attackEvents.condition, this.#binding);
    return (event) => {
      for (const one of this.#tellable(event)) {
        if (one.isTelemetry) one.telemetry.add(session.id);
        if (one.hits(event) !== true) continue;
        one.hit.add(session.id);
        if (session.label !== 'attack' || isAttack?.(event) !== true) continue;
        if (one.rows.length >= MOST_ROWS) this.#isCut = true;
        else
          one.rows.push({
            session: session.id,
            values: Object.fromEntries(one.values.map(([name, of]) => [name, of(event)])),
            count: 1,
          });
      }
    };
  }

  /** Those that an event is telemetry of, and those that name no log source. */
  #tellable(event: E): readonly Asked<E>[] {
    const key = JSON.stringify(this.#sourceFields.map((of) => of(event)));
    let found = this.#bySource.get(key);
    if (!found) {
      found = this.#asked.filter(({ isTelemetry }) => !isTelemetry || isTelemetry(event) === true);
      if (this.#bySource.size >= MOST_SOURCES) this.#bySource.clear();
      this.#bySource.set(key, found);
    }
    return found;
  }

  /** By observable. */
  evidence(): SessionEvidence {
    return new Map(this.#asked.map(({ observable, telemetry, hit }) => [observable.id, { telemetry, hit }] as const));
  }

  /** Of an observable, the events that are labelled as the attack's. */
  attackRows(observable: string): readonly AttackRow[] {
    const rows = this.#asked.find((one) => one.observable.id === observable)?.rows ?? [];
    const place = ({ session }: AttackRow): number => this.#order.get(session) ?? -1;
    return rows.toSorted((a, b) => place(a) - place(b));
  }

  /** Whether an observable has more labelled events than are kept. */
  get isCut(): boolean {
    return this.#isCut;
  }
}

function firstOf<E>(values: (event: E) => readonly unknown[]): (event: E) => string | null {
  return (event) => {
    const [first] = values(event);
    return first === undefined || first === null ? null : String(first);
  };
}
