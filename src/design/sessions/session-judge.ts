// What recorded sessions say of a dossier: which observables each shows, which it had the telemetry for, and the attack's own events.

import type { Binding, Truth } from '../../rule/binding.ts';
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

/** Takes the events of one session after another; `binding` reaches their values. */
export class SessionJudge<E> {
  readonly #asked: readonly Asked<E>[];
  readonly #binding: Binding<E>;
  #session: Session | undefined;
  #isAttack: ((event: E) => Truth) | undefined;
  #isCut = false;

  /** Throws UnsupportedError for a predicate that cannot be evaluated. */
  constructor({ primitives }: Technique, binding: Binding<E>) {
    this.#binding = binding;
    this.#asked = primitives.flatMap(({ observables }) =>
      observables.flatMap((observable): Asked<E>[] => {
        const condition = observableCondition(observable);
        if (!condition) return [];
        const { hit, telemetry } = condition;
        return [
          {
            observable,
            hits: compileCondition(hit, binding),
            isTelemetry: telemetry && compileCondition(telemetry, binding),
            values: miningFields(observable).map((name) => [name, firstOf(binding.field(name))] as const),
            telemetry: new Set(),
            hit: new Set(),
            rows: [],
          },
        ];
      }),
    );
  }

  /** From now on events are this session's. */
  begin(session: Session): void {
    this.#session = session;
    this.#isAttack = session.attackEvents && compileCondition(session.attackEvents.condition, this.#binding);
  }

  take(event: E): void {
    const session = this.#session!;
    for (const one of this.#asked) {
      if (one.isTelemetry?.(event) === true) one.telemetry.add(session.id);
      if (one.hits(event) !== true) continue;
      one.hit.add(session.id);
      if (session.label !== 'attack' || this.#isAttack?.(event) !== true) continue;
      if (one.rows.length >= MOST_ROWS) this.#isCut = true;
      else
        one.rows.push({
          session: session.id,
          values: Object.fromEntries(one.values.map(([name, of]) => [name, of(event)])),
          count: 1,
        });
    }
  }

  /** By observable. */
  evidence(): SessionEvidence {
    return new Map(this.#asked.map(({ observable, telemetry, hit }) => [observable.id, { telemetry, hit }] as const));
  }

  /** Of an observable, the events that are labelled as the attack's. */
  attackRows(observable: string): readonly AttackRow[] {
    return this.#asked.find((one) => one.observable.id === observable)?.rows ?? [];
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
